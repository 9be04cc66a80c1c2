// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "runglass/model/series.h"
#include "runglass/series/abscissa.h"
#include "runglass/series/pyramid.h"
#include "runglass/series/reduce.h"
#include "runglass/ui/curves/chart_settings.h"

namespace runglass::ui {

/// One line of values over the x of its curve, with what it takes to reduce it to pixels.
struct CurveLine {
    std::shared_ptr<const std::vector<double>>
        own;                     ///< what `ys` looks into, unless that is the series itself
    std::span<const double> ys;  ///< NaN where the axis cannot show the value
    series::Pyramid pyramid;

    /// A line over values that somebody else keeps.
    static CurveLine over(std::span<const double> ys);
    /// A line that keeps its values.
    static CurveLine of(std::vector<double> ys);
};

/// A series made ready for drawing with certain settings. Immutable; built in a job.
struct Curve {
    model::SharedSeries series;
    series::Abscissa xs;
    std::vector<series::IndexRange> segments;  ///< x never decreases within one
    CurveLine raw;
    std::optional<CurveLine> smoothed;  ///< nothing while smoothing is off
    std::size_t notShown = 0;           ///< values ≤ 0 on a log axis

    [[nodiscard]] const CurveLine& main() const { return smoothed ? *smoothed : raw; }
    [[nodiscard]] bool empty() const { return xs.empty(); }
    /// Smallest and largest x; nothing for no points.
    [[nodiscard]] std::optional<std::pair<double, double>> xRange() const;
    /// Extent of raw and smoothed values between two x.
    [[nodiscard]] series::Extent extent(double lowerX, double upperX) const;
    /// The point whose x is nearest; nothing beyond both ends of every segment.
    [[nodiscard]] std::optional<std::size_t> nearest(double x) const;
};

using SharedCurve = std::shared_ptr<const Curve>;

/// `startMs` is the zero of relative time; without it, the first point is.
SharedCurve makeCurve(model::SharedSeries series, const ChartSettings& settings,
                      std::optional<std::int64_t> startMs);

/// TensorBoard's "ignore outliers": of all finite values, sorted, those at ⌈5 %⌉ and ⌊95 %⌋ of the way
/// (METHODS.md §2.1). Empty when there are none.
series::Extent robustExtent(std::span<const SharedCurve> curves, double lowerX, double upperX);

}  // namespace runglass::ui
