// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "commit_runs.h"

namespace runglass::ui {

/// The metric of one commit in its row.
struct StripPoint {
    int row = 0;
    bool mainLine = false;  ///< on the first-parent line of the branch
    double mean = 0;
    double deviation = 0;
    int n = 0;
    std::optional<Regression> regression;  ///< against the nearest earlier commit of the main line with runs
};

/// The metric along the history: points in the order of rows, newest first.
class MetricStrip {
public:
    MetricStrip() = default;
    /// `points` sorted by row, without regressions; they are found here.
    MetricStrip(std::vector<StripPoint> points, bool smallerBetter);

    [[nodiscard]] const std::vector<StripPoint>& points() const { return m_points; }
    [[nodiscard]] bool empty() const { return m_points.empty(); }
    /// Points to paint for rows first … last: those in it, and of the main line also the next one beyond
    /// either end, to which its line leads.
    [[nodiscard]] std::vector<StripPoint> around(int first, int last) const;
    [[nodiscard]] const StripPoint* at(int row) const;

    /// Values at the left and right edge of the column. Robust: a few outliers do not squeeze the rest, they
    /// are drawn at the edge.
    [[nodiscard]] double low() const { return m_low; }
    [[nodiscard]] double high() const { return m_high; }
    /// 0 … 1 across the column; values outside are held at the edges.
    [[nodiscard]] double position(double value) const;

private:
    std::vector<StripPoint> m_points;
    double m_low = 0;
    double m_high = 1;
};

/// Round values within [low, high] (steps of 1, 2 or 5 times a power of ten), at most `most` of them.
std::vector<double> niceTicks(double low, double high, int most);
/// Decimals that tell ticks `step` apart.
int tickDecimals(double step);

}  // namespace runglass::ui
