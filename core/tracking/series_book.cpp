// SPDX-License-Identifier: GPL-3.0-or-later
#include "series_book.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <tuple>
#include <unordered_set>

namespace runglass::tracking {

namespace {

/// NaN counts as 0 in the order of points, as in MLflow.
auto rankOf(const model::Point& point) {
    return std::tuple(point.step, point.timeMs, std::isnan(point.value) ? 0.0 : point.value);
}

bool isSame(const model::Point& a, const model::Point& b) {
    return a.step == b.step && a.timeMs == b.timeMs &&
           (a.value == b.value || (std::isnan(a.value) && std::isnan(b.value)));
}

struct SamePoint {
    bool operator()(const model::Point& a, const model::Point& b) const { return isSame(a, b); }
};

struct HashPoint {
    std::size_t operator()(const model::Point& point) const {
        const double value = std::isnan(point.value) ? 0.5 : point.value + 0.0;  // −0 is 0
        std::uint64_t hash = static_cast<std::uint64_t>(point.step) * 0x9E3779B97F4A7C15U;
        hash ^= static_cast<std::uint64_t>(point.timeMs) + (hash << 6U) + (hash >> 2U);
        hash *= 0xFF51AFD7ED558CCDU;
        return hash ^ (std::bit_cast<std::uint64_t>(value) * 0xC4CEB9FE1A85EC53U);
    }
};
using PointSet = std::unordered_set<model::Point, HashPoint, SamePoint>;

/// Which of `wanted` the series has.
PointSet foundIn(const model::Series& series, const std::vector<model::Point>& wanted) {
    const PointSet sought(wanted.begin(), wanted.end());
    PointSet found;
    for (std::size_t i = 0; i < series.size() && found.size() < sought.size(); ++i) {
        if (const auto point = series.at(i); sought.contains(point)) {
            found.insert(point);
        }
    }
    return found;
}

}  // namespace

void SeriesBook::Extent::add(const model::Point& point) {
    greatest = count == 0 || rankOf(point) >= rankOf(greatest) ? point : greatest;
    maxStep = count == 0 ? point.step : std::max(maxStep, point.step);
    maxTimeMs = count == 0 ? point.timeMs : std::max(maxTimeMs, point.timeMs);
    last = point;
    ++count;
}

bool SeriesBook::Extent::isBeyond(const model::Point& point) const {
    return count == 0 || point.step > maxStep || point.timeMs > maxTimeMs;
}

void SeriesBook::addNew(const RunId& run) {
    bookOf(run).isNew = true;
}

SeriesBook::Book& SeriesBook::bookOf(const RunId& run) {
    if (m_runs.size() >= kMostRuns && !m_runs.contains(run)) {
        m_runs.erase(m_runs.begin());
    }
    m_touched.push_back(run);
    return m_runs[run];
}

Result<SeriesBook::Extent*> SeriesBook::extentOf(const RunId& run, Book& book, std::string_view key) {
    auto it = book.series.find(key);
    if (it == book.series.end()) {
        it = book.series.emplace(std::string(key), Extent()).first;
        it->second.known = book.isNew;
    }
    auto& extent = it->second;
    if (!extent.known) {
        const auto series = m_reader->series(run, key);
        if (!series.ok() && series.error().code != ErrorCode::NotFound) {
            return series.error();
        }
        for (std::size_t i = 0; series.ok() && i < series->size(); ++i) {
            extent.add(series->at(i));
        }
        extent.lastDiffers = extent.count > 0 && !isSame(extent.greatest, extent.last);
        extent.known = true;
    }
    return &extent;
}

Result<void> SeriesBook::append(const RunId& run, std::span<const store::MetricPoint> points) {
    return appendTo(run, bookOf(run), points);
}

void SeriesBook::undo() {
    for (const auto& run : m_touched) {
        m_runs.erase(run);
    }
}

Result<void> SeriesBook::appendTo(const RunId& run, Book& book, std::span<const store::MetricPoint> points) {
    std::map<std::string_view, Extent*> touched;
    std::vector<Extent*> extents;
    extents.reserve(points.size());
    // Those that may be there already, by series, so that each series is read once.
    for (const auto& [key, point] : points) {
        auto& extent = touched[key];
        if (extent == nullptr) {
            RUNGLASS_ASSIGN(extent, extentOf(run, book, key));
            extent->doubtful.clear();
        }
        if (!extent->isBeyond(point)) {
            extent->doubtful.push_back(point);
        }
        extents.push_back(extent);
    }
    std::map<const Extent*, PointSet> known;
    for (const auto& [key, extent] : touched) {
        if (!extent->doubtful.empty()) {
            RUNGLASS_ASSIGN(const auto series, m_reader->series(run, key));
            known[extent] = foundIn(series, extent->doubtful);
        }
    }
    // Then in order of arrival; a point may also repeat one of the same batch.
    std::vector<store::MetricPoint> fresh;
    fresh.reserve(points.size());
    std::map<const Extent*, PointSet> within;
    for (std::size_t i = 0; i < points.size(); ++i) {
        auto& extent = *extents[i];
        const auto& point = points[i].point;
        const bool beyond = extent.isBeyond(point);
        if (!beyond) {
            if (const auto it = known.find(&extent); it != known.end() && it->second.contains(point)) {
                continue;
            }
            auto& batch = within[&extent];
            if (batch.empty()) {
                for (const auto& earlier : fresh) {
                    if (earlier.key == points[i].key) {
                        batch.insert(earlier.point);
                    }
                }
            }
            if (batch.contains(point)) {
                continue;
            }
        }
        extent.add(point);
        fresh.push_back(points[i]);
        if (const auto it = within.find(&extent); it != within.end()) {
            it->second.insert(point);
        }
    }
    RUNGLASS_TRY(m_writer->appendPoints(run, fresh));
    for (const auto& [key, extent] : touched) {
        RUNGLASS_TRY(noteGreatest(run, key, *extent));
    }
    return {};
}

Result<void> SeriesBook::noteGreatest(const RunId& run, std::string_view key, Extent& extent) {
    const bool differs = extent.count > 0 && !isSame(extent.greatest, extent.last);
    if (!differs && !extent.lastDiffers) {
        return {};
    }
    extent.lastDiffers = differs;
    return m_tracked->setLatestPoint(run, key, differs ? std::optional(extent.greatest) : std::nullopt);
}

}  // namespace runglass::tracking
