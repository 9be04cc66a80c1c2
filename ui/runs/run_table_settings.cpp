// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_table_settings.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>

#include "runglass/ui/session/app_settings.h"

namespace runglass::ui {

namespace {

constexpr auto kTable = "runTable";
constexpr auto kViews = "runViews";

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

QJsonDocument documentOf(const std::filesystem::path& project, const char* name) {
    return QJsonDocument::fromJson(AppSettings::instance().projectState(project, QLatin1String(name)));
}

void store(const std::filesystem::path& project, const char* name, const QJsonDocument& document) {
    AppSettings::instance().setProjectState(project, QLatin1String(name),
                                            document.toJson(QJsonDocument::Compact));
}

}  // namespace

QJsonObject RunTableSettings::toJson() const {
    QJsonArray texts;
    for (const auto& column : columns) {
        texts.append(column.toText());
    }
    return {{QStringLiteral("columns"), texts},           {QStringLiteral("groupBy"), textOf(groupBy)},
            {QStringLiteral("sortBy"), textOf(sortBy)},   {QStringLiteral("descending"), descending},
            {QStringLiteral("widths"), toObject(widths)}, {QStringLiteral("decimals"), toObject(decimals)}};
}

RunTableSettings RunTableSettings::fromJson(const QJsonObject& json) {
    RunTableSettings settings;
    for (const auto& text : json[QLatin1String("columns")].toArray()) {
        if (const auto column = RunColumn::fromText(text.toString())) {
            settings.columns.push_back(*column);
        }
    }
    settings.groupBy = RunColumn::fromText(json[QLatin1String("groupBy")].toString());
    settings.sortBy = RunColumn::fromText(json[QLatin1String("sortBy")].toString());
    settings.descending = json[QLatin1String("descending")].toBool();
    settings.widths = numbersOf(json[QLatin1String("widths")].toObject(), 22, 2000);
    settings.decimals = numbersOf(json[QLatin1String("decimals")].toObject(), 0, 12);
    return settings;
}

std::optional<RunTableSettings> RunTableSettings::load(const std::filesystem::path& project) {
    const auto json = documentOf(project, kTable).object();
    return json.isEmpty() ? std::nullopt : std::optional(fromJson(json));
}

void RunTableSettings::save(const std::filesystem::path& project) const {
    store(project, kTable, QJsonDocument(toJson()));
}

SavedViews SavedViews::load(const std::filesystem::path& project) {
    SavedViews views;
    for (const auto& entry : documentOf(project, kViews).array()) {
        const auto json = entry.toObject();
        const auto name = json[QLatin1String("name")].toString();
        if (!name.isEmpty()) {
            views.put({name, json[QLatin1String("filter")].toString(), RunTableSettings::fromJson(json)});
        }
    }
    return views;
}

const SavedView* SavedViews::find(const QString& name) const {
    const auto found = std::find_if(m_views.begin(), m_views.end(),
                                    [&](const SavedView& view) { return view.name == name; });
    return found == m_views.end() ? nullptr : &*found;
}

void SavedViews::put(SavedView view) {
    remove(view.name);
    const auto place =
        std::upper_bound(m_views.begin(), m_views.end(), view, [](const SavedView& a, const SavedView& b) {
            return QString::localeAwareCompare(a.name, b.name) < 0;
        });
    m_views.insert(place, std::move(view));
}

void SavedViews::remove(const QString& name) {
    std::erase_if(m_views, [&](const SavedView& view) { return view.name == name; });
}

void SavedViews::save(const std::filesystem::path& project) const {
    QJsonArray entries;
    for (const auto& view : m_views) {
        auto json = view.table.toJson();
        json[QStringLiteral("name")] = view.name;
        json[QStringLiteral("filter")] = view.filter;
        entries.append(json);
    }
    store(project, kViews, QJsonDocument(entries));
}

}  // namespace runglass::ui
