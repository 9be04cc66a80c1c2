// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "runglass/model/growing_column.h"
#include "runglass/model/series.h"
#include "runglass/series/abscissa.h"
#include "runglass/series/limits.h"
#include "runglass/series/pyramid.h"
#include "runglass/series/reduce.h"
#include "runglass/series/smoothing.h"
#include "runglass/ui/curves/chart_settings.h"

namespace runglass::ui {

/// One line of values over the x of its curve, with what it takes to reduce it to pixels.
struct CurveLine {
    model::GrowingColumn<double> ys;  ///< NaN where the axis cannot show the value
    series::Pyramid pyramid;
};

/// What surrounds the line of a group.
struct CurveBand {
    CurveLine lower;
    CurveLine upper;
};

/// Values that are not finite, by x, to be marked where they happened.
struct LostValues {
    series::Abscissa xs;
    std::vector<double> values;
    series::Pyramid pyramid;
};

/// A series of one run, and what x needs of the run.
struct CurveInput {
    model::SharedSeries series;
    std::optional<std::int64_t> startMs;  ///< the zero of relative time; without it, the first point is
    model::SharedSeries xSeries;          ///< of XAxis::Metric
};

struct GroupOrigin;

/// What a curve was made of, from which one of more points goes on.
struct CurveOrigin {
    CurveInput input;
    ChartSettings settings;
    series::SmoothingState smoothing;
    std::shared_ptr<const GroupOrigin> group;  ///< of a group instead of `input`
};

/// A series made ready for drawing with certain settings, or the line of a group of them. Immutable; built in
/// a job.
struct Curve {
    /// The points that are drawn, in order; of a group its line (with steps only where x is the step).
    model::SharedSeries series;
    series::Abscissa xs;
    std::vector<series::IndexRange> segments;  ///< x never decreases within one
    CurveLine raw;
    std::optional<CurveLine> smoothed;  ///< nothing while smoothing is off
    std::optional<CurveBand> band;
    std::vector<std::uint32_t> n;            ///< of a group: runs with a value at this x
    std::shared_ptr<const LostValues> lost;  ///< of a group: those of its members; null without any
    series::Unshowable notShown;             ///< on a log axis; of a group those of its members
    std::size_t withoutX = 0;  ///< points that have no time, or no value of the x metric at their step
    CurveOrigin origin;

    [[nodiscard]] const CurveLine& main() const { return smoothed ? *smoothed : raw; }
    [[nodiscard]] bool empty() const { return segments.empty(); }
    /// Smallest and largest x; nothing for no points.
    [[nodiscard]] std::optional<std::pair<double, double>> xRange() const;
    /// Extent of raw and smoothed values and of the band between two x.
    [[nodiscard]] series::Extent extent(double lowerX, double upperX) const;
    /// The same with the points before and behind, to which lines lead.
    [[nodiscard]] series::Extent extentAcross(double lowerX, double upperX) const;
    /// The point whose x is nearest; nothing beyond both ends of every segment.
    [[nodiscard]] std::optional<std::size_t> nearest(double x) const;
    /// The points of each segment between two x.
    [[nodiscard]] std::vector<series::IndexRange> between(double lowerX, double upperX) const;

private:
    [[nodiscard]] series::Extent extentOf(const std::vector<series::IndexRange>& ranges) const;
};

using SharedCurve = std::shared_ptr<const Curve>;

/// Null when stopped. `former` is a curve of the same run, or null: where it was made in the same way from
/// earlier points of the series, only what is new is worked on, and what there was is shared with it. What
/// comes out is the same, to the last bit.
SharedCurve makeCurve(const CurveInput& input, const ChartSettings& settings,
                      const SharedCurve& former = nullptr, const std::stop_token& stop = {});
SharedCurve makeCurve(model::SharedSeries series, const ChartSettings& settings,
                      std::optional<std::int64_t> startMs);

/// The line of a group and its band, aggregated from the values as they were logged and smoothed after. Null
/// when stopped. `former` as above: where members have only grown, only what is new is aggregated.
SharedCurve makeGroupCurve(const std::vector<CurveInput>& members, const ChartSettings& settings,
                           const SharedCurve& former = nullptr, const std::stop_token& stop = {});

/// Limits of y that leave the outer 5 % out, over what the curves show between two x.
series::Extent robustExtent(std::span<const SharedCurve> curves, double lowerX, double upperX,
                            const std::stop_token& stop = {});

}  // namespace runglass::ui
