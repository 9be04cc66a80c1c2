// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_table_settings.h"

#include <QSettings>
#include <QVariantHash>

namespace runglass::ui {

namespace {

QString groupOf(const std::filesystem::path& project) {
    // A path holds the separator of setting groups; its hex does not.
    return QStringLiteral("runTable/%1")
        .arg(QString::fromLatin1(QByteArray::fromStdString(project.string()).toHex()));
}

QString textOf(const std::optional<RunColumn>& column) {
    return column ? column->toText() : QString();
}

}  // namespace

std::optional<RunTableSettings> RunTableSettings::load(const std::filesystem::path& project) {
    QSettings store;
    store.beginGroup(groupOf(project));
    if (!store.contains(QStringLiteral("columns"))) {
        return std::nullopt;
    }
    RunTableSettings settings;
    for (const auto& text : store.value(QStringLiteral("columns")).toStringList()) {
        if (const auto column = RunColumn::fromText(text)) {
            settings.columns.push_back(*column);
        }
    }
    settings.groupBy = RunColumn::fromText(store.value(QStringLiteral("groupBy")).toString());
    settings.sortBy = RunColumn::fromText(store.value(QStringLiteral("sortBy")).toString());
    settings.descending = store.value(QStringLiteral("descending")).toBool();
    const auto widths = store.value(QStringLiteral("widths")).toHash();
    for (auto it = widths.begin(); it != widths.end(); ++it) {
        settings.widths[it.key()] = std::clamp(it.value().toInt(), 22, 2000);
    }
    return settings;
}

void RunTableSettings::save(const std::filesystem::path& project) const {
    QSettings store;
    store.beginGroup(groupOf(project));
    QStringList texts;
    for (const auto& column : columns) {
        texts << column.toText();
    }
    QVariantHash widthValues;
    for (auto it = widths.begin(); it != widths.end(); ++it) {
        widthValues[it.key()] = it.value();
    }
    store.setValue(QStringLiteral("columns"), texts);
    store.setValue(QStringLiteral("groupBy"), textOf(groupBy));
    store.setValue(QStringLiteral("sortBy"), textOf(sortBy));
    store.setValue(QStringLiteral("descending"), descending);
    store.setValue(QStringLiteral("widths"), widthValues);
}

}  // namespace runglass::ui
