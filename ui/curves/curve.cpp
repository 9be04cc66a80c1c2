// SPDX-License-Identifier: GPL-3.0-or-later
#include "curve.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "curve_parts.h"

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
    return {model::share(std::move(points)), series::Abscissa(joined.xs), joined.withoutPartner};
}

// Unix milliseconds of a point of a file that has no times.
constexpr std::int64_t kNoTime = 0;

bool allHaveTimes(std::span<const std::int64_t> timesMs) {
    return std::find(timesMs.begin(), timesMs.end(), kNoTime) == timesMs.end();
}

model::Series withTimes(const model::SeriesView& series) {
    model::Series points;
    points.reserve(series.size());
    for (std::size_t i = 0; i < series.size(); ++i) {
        if (series.timesMs[i] != kNoTime) {
            points.push({series.steps[i], series.timesMs[i], series.values[i]});
        }
    }
    return points;
}

bool overTime(XAxis x) {
    return x == XAxis::Relative || x == XAxis::Wall;
}

std::int64_t zeroOf(const CurveInput& input, const model::GrowingSeries& series) {
    return input.startMs ? *input.startMs : series.empty() ? 0 : series.timesMs.front();
}

Placed placed(const CurveInput& input, const ChartSettings& settings) {
    auto series =
        settings.overlap == series::Overlap::LaterOverwrites ? overwritten(input.series) : input.series;
    if (settings.x == XAxis::Metric) {
        return overMetric(series, input.xSeries);
    }
    if (settings.x == XAxis::Step) {
        auto xs = series::Abscissa::ofSteps(series->steps);
        return {std::move(series), std::move(xs), 0};
    }
    const auto count = series->size();
    if (!allHaveTimes(series->timesMs)) {
        series = model::share(withTimes(*series));
    }
    auto xs = series::Abscissa::ofTimes(series->timesMs,
                                        settings.x == XAxis::Relative ? zeroOf(input, *series) : 0);
    const auto withoutTime = count - series->size();
    return {std::move(series), std::move(xs), withoutTime};
}

Placed placedAfter(const Curve& former, const CurveInput& input, const ChartSettings& settings) {
    const auto& before = *former.origin.input.series;
    const auto fresh = input.series->size() - before.size();
    if (fresh == 0) {
        return {former.series, former.xs, former.withoutX};
    }
    const auto more = model::SeriesView(*input.series).sub(before.size(), fresh);
    const bool placeable = !overTime(settings.x) || allHaveTimes(more.timesMs);
    const bool all = placeable && former.series == former.origin.input.series;
    auto series =
        all ? input.series
            : std::make_shared<const model::GrowingSeries>(
                  placeable ? former.series->appended(more) : former.series->appended(withTimes(more)));
    auto xs = former.xs.extended(settings.x == XAxis::Step ? series->steps : series->timesMs);
    const auto withoutX = former.withoutX + fresh - (series->size() - former.series->size());
    return {std::move(series), std::move(xs), withoutX};
}

// A log axis has no place for x ≤ 0, and no line leads there.
void dropNonPositiveX(const series::Abscissa& xs, std::vector<series::IndexRange>* segments) {
    for (auto& segment : *segments) {
        segment.begin = xs.upperBound(segment, 0);
    }
    std::erase_if(*segments, [](const series::IndexRange& segment) { return segment.empty(); });
}

}  // namespace

bool goesOn(const Curve& former, const CurveInput& input, const ChartSettings& settings) {
    const auto& before = former.origin.settings;
    const auto& series = former.origin.input.series;
    if (!series || former.series->empty() || !input.series->extends(*series) || before.x != settings.x ||
        before.logX != settings.logX || before.logY != settings.logY || before.overlap != settings.overlap) {
        return false;
    }
    if (settings.x == XAxis::Metric) {
        return before.xMetric == settings.xMetric && input.xSeries == former.origin.input.xSeries &&
               input.series->size() == series->size();
    }
    if (settings.x == XAxis::Relative &&
        zeroOf(input, *former.series) != zeroOf(former.origin.input, *former.series)) {
        return false;
    }
    const auto last = input.series->steps.begin() + static_cast<std::ptrdiff_t>(series->size()) - 1;
    return settings.overlap == series::Overlap::KeepAll || std::is_sorted(last, input.series->steps.end());
}

CurveLine lineOf(model::GrowingColumn<double> ys, const CurveLine& former) {
    CurveLine line{std::move(ys), {}};
    if (line.ys.extends(former.ys)) {
        line.pyramid = former.pyramid;
    }
    line.pyramid.append(line.ys);
    return line;
}

CurveLine lineOf(const CurveLine& former, std::size_t kept, model::Column<double> fresh) {
    if (kept == 0) {
        return lineOf(model::GrowingColumn(std::move(fresh)), {});
    }
    return lineOf(former.ys.first(kept).appended(fresh), former);
}

void makeLines(Curve* curve, const Curve& former, const std::stop_token& stop) {
    const auto& settings = curve->origin.settings;
    const auto& values = curve->series->values;
    if (settings.smooths()) {
        const bool same = former.smoothed && former.origin.settings.smoothingOf() == settings.smoothingOf();
        auto tail = series::smoothedTail(same ? former.origin.smoothing : series::SmoothingState(), curve->xs,
                                         values, curve->segments, settings.smoothingOf(), stop);
        curve->smoothed =
            lineOf(same ? *former.smoothed : CurveLine(), tail.from,
                   settings.logY ? series::showableOnLogAxis(tail.values) : std::move(tail.values));
        curve->origin.smoothing = tail.state;
    }
    const auto known = former.raw.ys.size();
    curve->raw = settings.logY
                     ? lineOf(former.raw, known,
                              series::showableOnLogAxis(std::span<const double>(values).subspan(known)))
                     : lineOf(values, former.raw);
}

void prepareSegments(Curve* curve, const Curve& former) {
    curve->segments = former.segments;
    curve->xs.extendSegments(curve->segments, former.xs.size());
    std::erase_if(curve->segments,
                  [&](const series::IndexRange& segment) { return std::isnan(curve->xs[segment.begin]); });
    if (curve->origin.settings.logX) {
        dropNonPositiveX(curve->xs, &curve->segments);
    }
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
    return extentOf(between(lowerX, upperX));
}

series::Extent Curve::extentAcross(double lowerX, double upperX) const {
    std::vector<series::IndexRange> ranges;
    for (const auto& segment : segments) {
        const auto begin = xs.lowerBound(segment, lowerX);
        const auto end = xs.upperBound(segment, upperX);
        if (begin < segment.end && end > segment.begin) {
            ranges.push_back({begin > segment.begin ? begin - 1 : begin, end < segment.end ? end + 1 : end});
        }
    }
    return extentOf(ranges);
}

series::Extent Curve::extentOf(const std::vector<series::IndexRange>& ranges) const {
    series::Extent result;
    const auto add = [&result](const CurveLine& line, const series::IndexRange& range) {
        result.add(line.pyramid.extent(line.ys, range.begin, range.end));
    };
    for (const auto& range : ranges) {
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

SharedCurve makeCurve(const CurveInput& input, const ChartSettings& settings, const SharedCurve& former,
                      const std::stop_token& stop) {
    static const Curve kNothing;
    const bool more = former && goesOn(*former, input, settings);
    const Curve& known = more ? *former : kNothing;
    auto points = more ? placedAfter(known, input, settings) : placed(input, settings);
    auto curve = std::make_shared<Curve>();
    curve->origin = {input, settings, {}, nullptr};
    curve->series = std::move(points.series);
    curve->xs = std::move(points.xs);
    curve->withoutX = points.withoutX;
    curve->notShown = known.notShown;
    curve->notShown += series::countUnshowable(curve->xs, curve->series->values, settings.logX, settings.logY,
                                               known.xs.size());
    prepareSegments(curve.get(), known);
    makeLines(curve.get(), known, stop);
    return stop.stop_requested() ? nullptr : curve;
}

SharedCurve makeCurve(model::SharedSeries series, const ChartSettings& settings,
                      std::optional<std::int64_t> startMs) {
    return makeCurve(CurveInput{std::move(series), startMs, nullptr}, settings);
}

series::Extent robustExtent(std::span<const SharedCurve> curves, double lowerX, double upperX,
                            const std::stop_token& stop) {
    std::vector<std::span<const double>> ranges;
    for (const auto& curve : curves) {
        for (const auto& range : curve->between(lowerX, upperX)) {
            ranges.push_back(std::span<const double>(curve->main().ys).subspan(range.begin, range.size()));
        }
    }
    return series::robustLimits(ranges, stop);
}

}  // namespace runglass::ui
