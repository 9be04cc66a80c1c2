// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/model/series.h"

#include <cmath>
#include <limits>

namespace runglass::model {

void Series::reserve(std::size_t count) {
    steps.reserve(count);
    timesMs.reserve(count);
    values.reserve(count);
}

void Series::append(const SeriesView& points) {
    steps.insert(steps.end(), points.steps.begin(), points.steps.end());
    timesMs.insert(timesMs.end(), points.timesMs.begin(), points.timesMs.end());
    values.insert(values.end(), points.values.begin(), points.values.end());
}

void Series::clear() {
    steps.clear();
    timesMs.clear();
    values.clear();
}

GrowingSeries GrowingSeries::appended(const SeriesView& points) const {
    GrowingSeries longer;
    longer.steps = steps.appended(points.steps);
    longer.timesMs = timesMs.appended(points.timesMs);
    longer.values = values.appended(points.values);
    return longer;
}

bool GrowingSeries::extends(const GrowingSeries& older) const {
    return steps.extends(older.steps) && timesMs.extends(older.timesMs) && values.extends(older.values);
}

SharedSeries share(Series series) {
    return std::make_shared<const GrowingSeries>(std::move(series));
}

SeriesView::SeriesView(const GrowingSeries& series)
    : steps(series.steps)
    , timesMs(series.timesMs)
    , values(series.values) {}

SeriesView SeriesView::sub(std::size_t offset, std::size_t count) const {
    SeriesView view;
    view.steps = steps.subspan(offset, count);
    view.timesMs = timesMs.subspan(offset, count);
    view.values = values.subspan(offset, count);
    return view;
}

void MetricSummary::add(const Point& point) {
    if (count == 0) {
        first = point.value;
        min = max = std::numeric_limits<double>::quiet_NaN();
        firstStep = point.step;
    }
    if (std::isfinite(point.value)) {
        // Negated comparisons, so that a NaN from earlier points gives way.
        if (!(min <= point.value)) {
            min = point.value;
        }
        if (!(max >= point.value)) {
            max = point.value;
        }
    }
    ++count;
    nanCount += std::isnan(point.value) ? 1 : 0;
    infiniteCount += std::isinf(point.value) ? 1 : 0;
    last = point.value;
    lastStep = point.step;
    lastTimeMs = point.timeMs;
}

}  // namespace runglass::model
