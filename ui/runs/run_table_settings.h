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

}  // namespace runglass::ui
