// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "custom_plot.h"

namespace runglass::ui {

/// An axis whose numbers have tabular figures (VISUAL.md §5). On a screen their glyphs are placed one by one:
/// QCustomPlot lays out each text anew, since it keeps sixteen a chart and a zoom changes them all.
class ChartAxis final : public QCPAxis {
public:
    ChartAxis(QCPAxisRect* parent, AxisType type);

    /// Puts such axes in the place of those that a plot has at its left and bottom.
    static void install(QCustomPlot* plot);
};

}  // namespace runglass::ui
