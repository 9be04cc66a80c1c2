// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace runglass::ui {

enum class XAxis {
    Step,
    Relative,  ///< seconds since the run started
    Wall,      ///< seconds since 1970
};

/// How a chart is drawn.
struct ChartSettings {
    XAxis x = XAxis::Step;
    double smoothing = 0.6;  ///< weight of the debiased moving average; 0 is off
    bool logX = false;
    bool logY = false;
    bool robustY = false;  ///< the y axis leaves the outer 5 % at either end out

    friend bool operator==(const ChartSettings&, const ChartSettings&) = default;
};

}  // namespace runglass::ui
