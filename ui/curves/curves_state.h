// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QSet>
#include <QString>
#include <filesystem>
#include <map>
#include <vector>

#include "chart_spec.h"
#include "curve_looks.h"
#include "grid_layout.h"
#include "runglass/base/symbol.h"
#include "runglass/ui/curves/chart_settings.h"
#include "tooltip_rows.h"

namespace runglass::ui {

/// How the charts of a project are arranged and drawn: what is kept when the project is closed, and what a
/// saved view holds.
struct CurvesState {
    ChartSettings settings;
    LooksChoice looks;
    bool linkedX = true;
    TooltipOrder tooltipOrder = TooltipOrder::Best;
    std::vector<Symbol> pinned;
    std::vector<Symbol> order;  ///< charts that were moved by hand, and their neighbours
    std::vector<ChartSpec> custom;
    std::map<Symbol, ChartOverrides> own;  ///< what single charts have of their own
    QSet<QString> folded{kSystemSection};  ///< titles of sections

    /// The member `curves` of a view file, described in the help page "Saved views". Reading takes what makes
    /// sense and leaves the rest as it is by default.
    [[nodiscard]] QJsonObject toJson() const;
    static CurvesState fromJson(const QJsonObject& json);

    /// From the settings of the program; the defaults when this project was not open before.
    static CurvesState load(const std::filesystem::path& project);
    void save(const std::filesystem::path& project) const;
};

}  // namespace runglass::ui
