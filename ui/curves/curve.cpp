// SPDX-License-Identifier: GPL-3.0-or-later
#include "curve.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "runglass/series/smoothing.h"

namespace runglass::ui {

namespace {

std::vector<double> xsOf(const model::Series& series, const ChartSettings& settings,
                         std::optional<std::int64_t> startMs) {
    std::vector<double> xs(series.size());
    if (settings.x == XAxis::Step) {
        std::transform(series.steps.begin(), series.steps.end(), xs.begin(),
                       [](std::int64_t step) { return static_cast<double>(step); });
        return xs;
    }
    const auto zero = settings.x == XAxis::Wall ? 0
                      : startMs                 ? *startMs
                      : series.empty()          ? 0
                                                : series.timesMs.front();
    std::transform(series.timesMs.begin(), series.timesMs.end(), xs.begin(),
                   [zero](std::int64_t time) { return static_cast<double>(time - zero) / 1000; });
    return xs;
}

// On a log axis a value that is not positive has no place, and no line leads to it.
std::size_t hideNonPositive(std::vector<double>& values) {
    std::size_t hidden = 0;
    for (auto& value : values) {
        if (value <= 0) {
            hidden += std::isfinite(value) ? 1U : 0U;
            value = std::numeric_limits<double>::quiet_NaN();
        }
    }
    return hidden;
}

std::size_t firstAtOrAfter(const Curve& curve, const series::IndexRange& segment, double x) {
    const auto begin = curve.xs.begin() + static_cast<std::ptrdiff_t>(segment.begin);
    const auto end = curve.xs.begin() + static_cast<std::ptrdiff_t>(segment.end);
    return static_cast<std::size_t>(std::lower_bound(begin, end, x) - curve.xs.begin());
}

series::IndexRange within(const Curve& curve, const series::IndexRange& segment, double lower, double upper) {
    const auto begin = firstAtOrAfter(curve, segment, lower);
    const auto last =
        firstAtOrAfter(curve, segment, std::nextafter(upper, std::numeric_limits<double>::infinity()));
    return {begin, std::max(begin, last)};
}

}  // namespace

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
        auto i = firstAtOrAfter(*this, segment, x);
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
    curve->segments = series::monotoneSegments(curve->xs);
    curve->raw.ys = curve->series->values;
    if (settings.smoothing > 0) {
        curve->smoothed = CurveLine{series::smoothed(curve->raw.ys, settings.smoothing), {}};
    }
    if (settings.logY) {
        curve->notShown = hideNonPositive(curve->raw.ys);
        if (curve->smoothed) {
            hideNonPositive(curve->smoothed->ys);
        }
    }
    curve->raw.pyramid.append(curve->raw.ys);
    if (curve->smoothed) {
        curve->smoothed->pyramid.append(curve->smoothed->ys);
    }
    return curve;
}

series::Extent robustExtent(std::span<const SharedCurve> curves, double lowerX, double upperX) {
    std::vector<double> pool;
    for (const auto& curve : curves) {
        const auto& ys = curve->main().ys;
        for (const auto& segment : curve->segments) {
            const auto range = within(*curve, segment, lowerX, upperX);
            std::copy_if(ys.begin() + static_cast<std::ptrdiff_t>(range.begin),
                         ys.begin() + static_cast<std::ptrdiff_t>(range.end), std::back_inserter(pool),
                         [](double y) { return std::isfinite(y); });
        }
    }
    series::Extent extent;
    if (pool.empty()) {
        return extent;
    }
    const auto last = static_cast<double>(pool.size() - 1);
    const bool trims = pool.size() > 2;
    const auto low = pool.begin() + (trims ? static_cast<std::ptrdiff_t>(std::ceil(last * 0.05)) : 0);
    const auto high = pool.begin() + static_cast<std::ptrdiff_t>(trims ? std::floor(last * 0.95) : last);
    std::nth_element(pool.begin(), low, pool.end());
    extent.add(*low);
    std::nth_element(pool.begin(), high, pool.end());
    extent.add(*high);
    return extent;
}

}  // namespace runglass::ui
