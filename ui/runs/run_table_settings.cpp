// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_table_settings.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>

#include "runglass/ui/session/app_settings.h"

namespace runglass::ui {

namespace {

constexpr QLatin1String kTable("runTable");

QString textOf(const std::optional<RunColumn>& column) {
    return column ? column->toText() : QString();
}

QJsonObject toObject(const QHash<QString, int>& numbers) {
    QJsonObject object;
    for (auto it = numbers.begin(); it != numbers.end(); ++it) {
        object[it.key()] = it.value();
    }
    return object;
}

QHash<QString, int> numbersOf(const QJsonObject& object, int least, int most) {
    QHash<QString, int> numbers;
    for (auto it = object.begin(); it != object.end(); ++it) {
        numbers[it.key()] = std::clamp(it.value().toInt(), least, most);
    }
    return numbers;
}

}  // namespace

QJsonObject RunTableSettings::toJson() const {
    QJsonArray texts;
    for (const auto& column : columns) {
        texts.append(column.toText());
    }
    return {{QStringLiteral("columns"), texts},           {QStringLiteral("group_by"), textOf(groupBy)},
            {QStringLiteral("sort_by"), textOf(sortBy)},  {QStringLiteral("descending"), descending},
            {QStringLiteral("widths"), toObject(widths)}, {QStringLiteral("decimals"), toObject(decimals)}};
}

RunTableSettings RunTableSettings::fromJson(const QJsonObject& json) {
    RunTableSettings settings;
    for (const auto& text : json[QLatin1String("columns")].toArray()) {
        if (const auto column = RunColumn::fromText(text.toString())) {
            settings.columns.push_back(*column);
        }
    }
    const auto column = [&json](QLatin1String name, QLatin1String earlier) {
        return RunColumn::fromText(json[json.contains(name) ? name : earlier].toString());
    };
    settings.groupBy = column(QLatin1String("group_by"), QLatin1String("groupBy"));
    settings.sortBy = column(QLatin1String("sort_by"), QLatin1String("sortBy"));
    settings.descending = json[QLatin1String("descending")].toBool();
    settings.widths = numbersOf(json[QLatin1String("widths")].toObject(), 22, 2000);
    settings.decimals = numbersOf(json[QLatin1String("decimals")].toObject(), 0, 12);
    return settings;
}

std::optional<RunTableSettings> RunTableSettings::load(const std::filesystem::path& project) {
    const auto json = QJsonDocument::fromJson(AppSettings::instance().projectState(project, kTable)).object();
    return json.isEmpty() ? std::nullopt : std::optional(fromJson(json));
}

void RunTableSettings::save(const std::filesystem::path& project) const {
    AppSettings::instance().setProjectState(project, kTable,
                                            QJsonDocument(toJson()).toJson(QJsonDocument::Compact));
}

}  // namespace runglass::ui
