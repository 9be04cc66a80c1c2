// SPDX-License-Identifier: GPL-3.0-or-later
#include "curve.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace runglass::ui {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// The series with the points that count, and their x.
struct Placed {
    model::SharedSeries series;
    series::Abscissa xs;
    std::size_t withoutX = 0;
};

model::SharedSeries overwritten(const model::SharedSeries& series) {
    const auto kept = series::laterOverwrites(series->steps);
    const bool all = kept.empty() || kept.front().size() == series->size();
    return all ? series : model::share(series::gather(*series, kept));
}

Placed overMetric(const model::SharedSeries& series, const model::SharedSeries& xSeries) {
    if (!xSeries) {
        return {model::share({}), {}, series->size()};
    }
    auto joined = series::joinByStep(*series, *xSeries);
    model::Series points;
    points.reserve(joined.indices.size());
    for (const auto i : joined.indices) {
        points.push(series->at(i));
    }
    return {model::share(std::move(points)), series::Abscissa(std::move(joined.xs)), joined.withoutPartner};
}

Placed placed(const CurveInput& input, const ChartSettings& settings) {
    auto series =
        settings.overlap == series::Overlap::LaterOverwrites ? overwritten(input.series) : input.series;
    switch (settings.x) {
        case XAxis::Step:
            break;
        case XAxis::Relative: {
            const auto zero = input.startMs ? *input.startMs : series->empty() ? 0 : series->timesMs.front();
            auto xs = series::Abscissa::ofTimes(series->timesMs, zero);
            return {std::move(series), std::move(xs), 0};
        }
        case XAxis::Wall: {
            auto xs = series::Abscissa::ofTimes(series->timesMs, 0);
            return {std::move(series), std::move(xs), 0};
        }
        case XAxis::Metric:
            return overMetric(series, input.xSeries);
    }
    auto xs = series::Abscissa::ofSteps(series->steps);
    return {std::move(series), std::move(xs), 0};
}

// A log axis has no place for x ≤ 0, and no line leads there.
void dropNonPositiveX(const series::Abscissa& xs, std::vector<series::IndexRange>* segments) {
    for (auto& segment : *segments) {
        segment.begin = xs.upperBound(segment, 0);
    }
    std::erase_if(*segments, [](const series::IndexRange& segment) { return segment.empty(); });
}

CurveLine smoothedLine(const Curve& curve, std::span<const double> values, const ChartSettings& settings,
                       const std::stop_token& stop) {
    auto ys = series::smoothed(curve.xs, values, curve.segments, settings.smoothingOf(), stop);
    return CurveLine::of(settings.logY ? series::showableOnLogAxis(ys) : std::move(ys));
}

// The lines through the curve's own series, which keeps the values.
void makeLines(Curve* curve, const ChartSettings& settings, const std::stop_token& stop) {
    const std::span<const double> values = curve->series->values;
    if (settings.smooths()) {
        curve->smoothed = smoothedLine(*curve, values, settings, stop);
    }
    curve->raw = settings.logY ? CurveLine::of(series::showableOnLogAxis(values)) : CurveLine::over(values);
}

CurveLine bandLine(const Curve& curve, std::vector<double> values, const ChartSettings& settings,
                   const std::stop_token& stop) {
    if (settings.smooths()) {
        return smoothedLine(curve, values, settings, stop);
    }
    return CurveLine::of(settings.logY ? series::showableOnLogAxis(values) : std::move(values));
}

std::shared_ptr<const LostValues> lostOf(const std::vector<Placed>& members) {
    std::vector<std::pair<double, double>> found;
    for (const auto& member : members) {
        const auto& values = member.series->values;
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (!std::isfinite(values[i]) && std::isfinite(member.xs[i])) {
                found.emplace_back(member.xs[i], values[i]);
            }
        }
    }
    if (found.empty()) {
        return nullptr;
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    auto lost = std::make_shared<LostValues>();
    std::vector<double> xs;
    for (const auto& [x, value] : found) {
        xs.push_back(x);
        lost->values.push_back(value);
    }
    lost->xs = series::Abscissa(std::move(xs));
    lost->pyramid = series::Pyramid(lost->values);
    return lost;
}

void prepareSegments(Curve* curve, const ChartSettings& settings) {
    curve->segments = curve->xs.segments();
    std::erase_if(curve->segments,
                  [&](const series::IndexRange& segment) { return std::isnan(curve->xs[segment.begin]); });
    if (settings.logX) {
        dropNonPositiveX(curve->xs, &curve->segments);
    }
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
    if (segments.empty()) {
        return std::nullopt;
    }
    double lower = kInfinity;
    double upper = -kInfinity;
    for (const auto& segment : segments) {
        lower = std::min(lower, xs[segment.begin]);
        upper = std::max(upper, xs[segment.end - 1]);
    }
    return std::pair(lower, upper);
}

std::vector<series::IndexRange> Curve::between(double lowerX, double upperX) const {
    std::vector<series::IndexRange> ranges;
    for (const auto& segment : segments) {
        const auto begin = xs.lowerBound(segment, lowerX);
        const auto end = xs.upperBound(segment, upperX);
        if (begin < end) {
            ranges.push_back({begin, end});
        }
    }
    return ranges;
}

series::Extent Curve::extent(double lowerX, double upperX) const {
    series::Extent result;
    const auto add = [&result](const CurveLine& line, const series::IndexRange& range) {
        result.add(line.pyramid.extent(line.ys, range.begin, range.end));
    };
    for (const auto& range : between(lowerX, upperX)) {
        add(raw, range);
        if (smoothed) {
            add(*smoothed, range);
        }
        if (band) {
            add(band->lower, range);
            add(band->upper, range);
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

SharedCurve makeCurve(const CurveInput& input, const ChartSettings& settings, const std::stop_token& stop) {
    auto curve = std::make_shared<Curve>();
    auto points = placed(input, settings);
    curve->series = std::move(points.series);
    curve->xs = std::move(points.xs);
    curve->withoutX = points.withoutX;
    curve->notShown = series::countUnshowable(curve->xs, curve->series->values, settings.logX, settings.logY);
    prepareSegments(curve.get(), settings);
    makeLines(curve.get(), settings, stop);
    return stop.stop_requested() ? nullptr : curve;
}

SharedCurve makeCurve(model::SharedSeries series, const ChartSettings& settings,
                      std::optional<std::int64_t> startMs) {
    return makeCurve(CurveInput{std::move(series), startMs, nullptr}, settings);
}

SharedCurve makeGroupCurve(const std::vector<CurveInput>& members, const ChartSettings& settings,
                           const std::stop_token& stop) {
    std::vector<Placed> points;
    std::vector<series::GroupMember> group;
    points.reserve(members.size());
    for (const auto& member : members) {
        points.push_back(placed(member, settings));
        const auto& one = points.back();
        group.push_back({one.xs, one.xs.segments(), one.series->values});
    }
    series::Aggregation how;
    how.centre = settings.group.centre;
    how.band = settings.group.band;
    how.logX = settings.logX;
    how.logY = settings.logY;
    auto aggregate = series::aggregate(group, how, stop);
    auto curve = std::make_shared<Curve>();
    model::Series series;
    series.values.assign(aggregate.centre.begin(), aggregate.centre.end());
    series.steps.assign(series.values.size(), 0);
    series.timesMs.assign(series.values.size(), 0);
    for (std::size_t i = 0; settings.x == XAxis::Step && i < series.steps.size(); ++i) {
        series.steps[i] = static_cast<std::int64_t>(aggregate.xs[i]);
    }
    curve->series = model::share(std::move(series));
    curve->xs = series::Abscissa(std::move(aggregate.xs));
    curve->n = std::move(aggregate.n);
    curve->lost = lostOf(points);
    for (const auto& member : points) {
        const auto notShown =
            series::countUnshowable(member.xs, member.series->values, settings.logX, settings.logY);
        curve->notShown.byX += notShown.byX;
        curve->notShown.byY += notShown.byY;
        curve->withoutX += member.withoutX;
    }
    prepareSegments(curve.get(), settings);
    makeLines(curve.get(), settings, stop);
    if (!aggregate.lower.empty()) {
        curve->band = CurveBand{bandLine(*curve, std::move(aggregate.lower), settings, stop),
                                bandLine(*curve, std::move(aggregate.upper), settings, stop)};
    }
    return stop.stop_requested() ? nullptr : curve;
}

series::Extent robustExtent(std::span<const SharedCurve> curves, double lowerX, double upperX,
                            const std::stop_token& stop) {
    std::vector<std::span<const double>> ranges;
    for (const auto& curve : curves) {
        for (const auto& range : curve->between(lowerX, upperX)) {
            ranges.push_back(curve->main().ys.subspan(range.begin, range.size()));
        }
    }
    return series::robustLimits(ranges, stop);
}

}  // namespace runglass::ui
