// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_table_settings.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "runglass/ui/session/app_settings.h"

namespace runglass::ui {

namespace {

constexpr auto kView = "runTable";

QString textOf(const std::optional<RunColumn>& column) {
    return column ? column->toText() : QString();
}

}  // namespace

std::optional<RunTableSettings> RunTableSettings::load(const std::filesystem::path& project) {
    const auto json =
        QJsonDocument::fromJson(AppSettings::instance().projectState(project, QLatin1String(kView))).object();
    if (json.isEmpty()) {
        return std::nullopt;
    }
    RunTableSettings settings;
    for (const auto& text : json[QLatin1String("columns")].toArray()) {
        if (const auto column = RunColumn::fromText(text.toString())) {
            settings.columns.push_back(*column);
        }
    }
    settings.groupBy = RunColumn::fromText(json[QLatin1String("groupBy")].toString());
    settings.sortBy = RunColumn::fromText(json[QLatin1String("sortBy")].toString());
    settings.descending = json[QLatin1String("descending")].toBool();
    const auto widths = json[QLatin1String("widths")].toObject();
    for (auto it = widths.begin(); it != widths.end(); ++it) {
        settings.widths[it.key()] = std::clamp(it.value().toInt(), 22, 2000);
    }
    return settings;
}

void RunTableSettings::save(const std::filesystem::path& project) const {
    QJsonArray texts;
    for (const auto& column : columns) {
        texts.append(column.toText());
    }
    QJsonObject widthValues;
    for (auto it = widths.begin(); it != widths.end(); ++it) {
        widthValues[it.key()] = it.value();
    }
    const QJsonObject json{{QStringLiteral("columns"), texts},
                           {QStringLiteral("groupBy"), textOf(groupBy)},
                           {QStringLiteral("sortBy"), textOf(sortBy)},
                           {QStringLiteral("descending"), descending},
                           {QStringLiteral("widths"), widthValues}};
    AppSettings::instance().setProjectState(project, QLatin1String(kView),
                                            QJsonDocument(json).toJson(QJsonDocument::Compact));
}

}  // namespace runglass::ui
