// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/series_book.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "database_impl.h"
#include "runglass/store/point_set.h"

namespace runglass::store {

namespace {

auto rankOf(const model::Point& point) {
    return std::tuple(point.step, point.timeMs, std::isnan(point.value) ? 0.0 : point.value);
}

}  // namespace

bool isGreater(const model::Point& a, const model::Point& b) {
    return rankOf(a) > rankOf(b);
}

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

Result<SeriesBook::Extent*> SeriesBook::extentOf(const RunId& run, Book& book, std::string_view key,
                                                 std::uint64_t stored) {
    auto it = book.series.find(key);
    if (it == book.series.end()) {
        it = book.series.emplace(std::string(key), Extent()).first;
        it->second.known = book.isNew;
    }
    auto& extent = it->second;
    if (!extent.known || extent.stored != stored) {
        extent = Extent();
        const auto series = m_reader->series(run, key);
        if (!series.ok() && series.error().code != ErrorCode::NotFound) {
            return series.error();
        }
        for (std::size_t i = 0; series.ok() && i < series->size(); ++i) {
            extent.add(series->at(i));
        }
        extent.lastDiffers = extent.count > 0 && !isSamePoint(extent.greatest, extent.last);
        extent.known = true;
        extent.stored = stored;
    }
    return &extent;
}

Result<void> SeriesBook::append(const RunId& run, std::span<const MetricPoint> points) {
    return appendTo(run, bookOf(run), points);
}

void SeriesBook::undo() {
    for (const auto& run : m_touched) {
        m_runs.erase(run);
    }
}

Result<void> SeriesBook::appendTo(const RunId& run, Book& book, std::span<const MetricPoint> points) {
    std::map<std::string_view, Extent*> touched;
    std::vector<Extent*> extents;
    extents.reserve(points.size());
    RUNGLASS_ASSIGN(const RunState* const state, m_database->impl().states.get(m_database->impl(), run));
    // Those that may be there already, by series, so that each series is read once.
    for (const auto& [key, point] : points) {
        auto& extent = touched[key];
        if (extent == nullptr) {
            RUNGLASS_ASSIGN(extent, extentOf(run, book, key, state->pointsOf(key)));
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
    std::vector<MetricPoint> fresh;
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
        ++extent.stored;
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
    const bool differs = extent.count > 0 && !isSamePoint(extent.greatest, extent.last);
    if (!differs && !extent.lastDiffers) {
        return {};
    }
    extent.lastDiffers = differs;
    return m_tracked->setLatestPoint(run, key, differs ? std::optional(extent.greatest) : std::nullopt);
}

}  // namespace runglass::store
