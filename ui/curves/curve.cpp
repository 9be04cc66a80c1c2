// SPDX-License-Identifier: GPL-3.0-or-later
#include "curve.h"

#include <algorithm>
#include <cmath>

#include "runglass/series/limits.h"
#include "runglass/series/smoothing.h"

namespace runglass::ui {

namespace {

series::Abscissa xsOf(const model::Series& series, const ChartSettings& settings,
                      std::optional<std::int64_t> startMs) {
    if (settings.x == XAxis::Step) {
        return series::Abscissa::ofSteps(series.steps);
    }
    const auto zero = settings.x == XAxis::Wall ? 0
                      : startMs                 ? *startMs
                      : series.empty()          ? 0
                                                : series.timesMs.front();
    return series::Abscissa::ofTimes(series.timesMs, zero);
}

series::IndexRange within(const Curve& curve, const series::IndexRange& segment, double lower, double upper) {
    const auto begin = curve.xs.lowerBound(segment, lower);
    return {begin, std::max(begin, curve.xs.upperBound(segment, upper))};
}

}  // namespace

CurveLine CurveLine::over(std::span<const double> ys) {
    return {nullptr, ys, series::Pyramid(ys)};
}

CurveLine CurveLine::of(std::vector<double> ys) {
    auto own = std::make_shared<const std::vector<double>>(std::move(ys));
    auto line = over(*own);
    line.own = std::move(own);
    return line;
}

std::optional<std::pair<double, double>> Curve::xRange() const {
    if (xs.empty()) {
        return std::nullopt;
    }
    double lower = xs[segments.front().begin];
    double upper = lower;
    for (const auto& segment : segments) {
        lower = std::min(lower, xs[segment.begin]);
        upper = std::max(upper, xs[segment.end - 1]);
    }
    return std::pair(lower, upper);
}

series::Extent Curve::extent(double lowerX, double upperX) const {
    series::Extent result;
    for (const auto& segment : segments) {
        const auto range = within(*this, segment, lowerX, upperX);
        result.add(raw.pyramid.extent(raw.ys, range.begin, range.end));
        if (smoothed) {
            result.add(smoothed->pyramid.extent(smoothed->ys, range.begin, range.end));
        }
    }
    return result;
}

std::optional<std::size_t> Curve::nearest(double x) const {
    std::optional<std::size_t> best;
    for (const auto& segment : segments) {
        if (x < xs[segment.begin] || x > xs[segment.end - 1]) {
            continue;
        }
        auto i = xs.lowerBound(segment, x);
        if (i > segment.begin && (i == segment.end || x - xs[i - 1] < xs[i] - x)) {
            --i;
        }
        // Of overlapping segments the later one counts: it is what the restarted run did.
        if (!best || std::abs(xs[i] - x) <= std::abs(xs[*best] - x)) {
            best = i;
        }
    }
    return best;
}

SharedCurve makeCurve(model::SharedSeries series, const ChartSettings& settings,
                      std::optional<std::int64_t> startMs) {
    auto curve = std::make_shared<Curve>();
    curve->series = std::move(series);
    curve->xs = xsOf(*curve->series, settings, startMs);
    curve->segments = curve->xs.segments();
    const std::span<const double> values = curve->series->values;
    if (settings.logY) {
        curve->notShown = series::countUnshowable(curve->xs, values, settings.logX, true).total();
        curve->raw = CurveLine::of(series::showableOnLogAxis(values));
    } else {
        curve->raw = CurveLine::over(values);
    }
    if (settings.smoothing > 0) {
        auto smoothed = series::smoothed(curve->xs, values, curve->segments,
                                         {series::SmoothingKind::Ema, settings.smoothing});
        curve->smoothed =
            CurveLine::of(settings.logY ? series::showableOnLogAxis(smoothed) : std::move(smoothed));
    }
    return curve;
}

series::Extent robustExtent(std::span<const SharedCurve> curves, double lowerX, double upperX) {
    std::vector<std::span<const double>> ranges;
    for (const auto& curve : curves) {
        for (const auto& segment : curve->segments) {
            const auto range = within(*curve, segment, lowerX, upperX);
            ranges.push_back(curve->main().ys.subspan(range.begin, range.size()));
        }
    }
    return series::robustLimits(ranges);
}

}  // namespace runglass::ui
