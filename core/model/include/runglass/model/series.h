// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "runglass/model/column.h"
#include "runglass/model/growing_column.h"

namespace runglass::model {

/// One measured value of a metric. Any int64 step, any double (NaN payloads, −0.0, ±inf) is legal, in any
/// order.
struct Point {
    std::int64_t step = 0;
    std::int64_t timeMs = 0;  ///< Unix milliseconds
    double value = 0;

    friend bool operator==(const Point&, const Point&) = default;
};

struct SeriesView;
struct GrowingSeries;

/// The points of one metric of one run in order of arrival, as three columns of the same length: what readers
/// and writers put together.
struct Series {
    Column<std::int64_t> steps;
    Column<std::int64_t> timesMs;
    Column<double> values;

    [[nodiscard]] std::size_t size() const { return values.size(); }
    [[nodiscard]] bool empty() const { return values.empty(); }
    [[nodiscard]] Point at(std::size_t i) const { return {steps[i], timesMs[i], values[i]}; }
    void reserve(std::size_t count);
    void push(const Point& point) {
        steps.push_back(point.step);
        timesMs.push_back(point.timeMs);
        values.push_back(point.value);
    }
    void append(const SeriesView& points);
    void clear();
};

/// A non-owning view of consecutive points of a Series.
struct SeriesView {
    std::span<const std::int64_t> steps;
    std::span<const std::int64_t> timesMs;
    std::span<const double> values;

    SeriesView() = default;
    SeriesView(const Series& series)  // NOLINT(google-explicit-constructor)
        : steps(series.steps)
        , timesMs(series.timesMs)
        , values(series.values) {}
    SeriesView(const GrowingSeries& series);  // NOLINT(google-explicit-constructor)
    [[nodiscard]] std::size_t size() const { return values.size(); }
    [[nodiscard]] SeriesView sub(std::size_t offset, std::size_t count) const;
};

/// A series as it is published: one state of columns that only grow. Immutable; shares its points with the
/// states before and after it, so that new points cost what they cost and not what was there before.
struct GrowingSeries {
    GrowingColumn<std::int64_t> steps;
    GrowingColumn<std::int64_t> timesMs;
    GrowingColumn<double> values;

    GrowingSeries() = default;
    /// Takes the columns over.
    explicit GrowingSeries(Series series)
        : steps(std::move(series.steps))
        , timesMs(std::move(series.timesMs))
        , values(std::move(series.values)) {}

    [[nodiscard]] std::size_t size() const { return values.size(); }
    [[nodiscard]] bool empty() const { return values.empty(); }
    [[nodiscard]] Point at(std::size_t i) const { return {steps[i], timesMs[i], values[i]}; }
    [[nodiscard]] GrowingSeries appended(const SeriesView& points) const;
    /// True when this came from `older` by appending; see GrowingColumn.
    [[nodiscard]] bool extends(const GrowingSeries& older) const;
};

using SharedSeries = std::shared_ptr<const GrowingSeries>;

/// Publishes a series, without a copy.
SharedSeries share(Series series);

/// What the run table shows of a series without reading its points. `min` and `max` are over the values that
/// are not NaN (and NaN when there are none); infinities count as values.
struct MetricSummary {
    std::uint64_t count = 0;
    std::uint64_t nanCount = 0;
    std::uint64_t infiniteCount = 0;  ///< of either sign
    double first = 0;
    double last = 0;  ///< the value that arrived last
    double min = 0;   ///< of the finite values; NaN where there is none
    double max = 0;   ///< likewise
    std::int64_t firstStep = 0;
    std::int64_t lastStep = 0;
    std::int64_t lastTimeMs = 0;

    /// Takes in one more point, in order of arrival.
    void add(const Point& point);
};

}  // namespace runglass::model
