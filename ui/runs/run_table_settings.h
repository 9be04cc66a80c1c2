// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QJsonObject>
#include <QString>
#include <filesystem>
#include <optional>
#include <vector>

#include "runglass/ui/runs/run_column.h"

namespace runglass::ui {

/// How the run table of a project was left, kept in the settings of the program.
struct RunTableSettings {
    std::vector<RunColumn> columns;  ///< empty: those that vary
    std::optional<RunColumn> groupBy;
    std::optional<RunColumn> sortBy;
    bool descending = false;
    QHash<QString, int> widths;    ///< by RunColumn::toText()
    QHash<QString, int> decimals;  ///< likewise, of metrics for which a person chose

    [[nodiscard]] QJsonObject toJson() const;
    static RunTableSettings fromJson(const QJsonObject& json);

    /// Nothing when this project was not open before.
    static std::optional<RunTableSettings> load(const std::filesystem::path& project);
    void save(const std::filesystem::path& project) const;
};

/// An arrangement of the run table under a name, to come back to.
struct SavedView {
    QString name;
    QString filter;
    RunTableSettings table;
};

/// The views of a project, in order of name.
class SavedViews {
public:
    static SavedViews load(const std::filesystem::path& project);

    [[nodiscard]] const std::vector<SavedView>& all() const { return m_views; }
    [[nodiscard]] const SavedView* find(const QString& name) const;
    /// In place of the view of the same name, if there is one.
    void put(SavedView view);
    void remove(const QString& name);
    void save(const std::filesystem::path& project) const;

private:
    std::vector<SavedView> m_views;
};

}  // namespace runglass::ui
