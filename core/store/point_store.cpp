// SPDX-License-Identifier: GPL-3.0-or-later
#include "point_store.h"

#include <algorithm>

#include "database_impl.h"
#include "fold.h"
#include "run_codec.h"
#include "runglass/base/translate.h"
#include "runglass/series/chunk_codec.h"
#include "tail.h"

namespace runglass::store {

namespace {

constexpr std::size_t kMostMetrics = kSummariesPerPage << 16U;

/// An append sorted by metric; within a metric the order of arrival stands.
struct Grouped {
    std::vector<std::uint32_t> slots;  // metrics that occur, in order of first occurrence
    std::vector<std::size_t> ends;     // where the points of slots[i] end
    model::Series points;

    [[nodiscard]] model::SeriesView group(std::size_t i) const {
        const std::size_t start = i == 0 ? 0 : ends[i - 1];
        return model::SeriesView(points).sub(start, ends[i] - start);
    }
};

/// Finds the slot of each key. Metrics are mostly logged in the same order again and again, so the key that
/// followed last time is tried first.
class SlotFinder {
public:
    SlotFinder(Database::Impl& database, RunState& state)
        : m_database(&database)
        , m_state(&state)
        , m_next(state.metrics.size(), 0) {}

    Result<std::uint32_t> find(std::string_view key) {
        if (m_previous < m_next.size()) {
            const auto guess = m_next[m_previous];
            if (guess < m_state->metrics.size() && m_state->metrics[guess].key.text() == key) {
                m_previous = guess;
                return guess;
            }
        }
        RUNGLASS_ASSIGN(const std::uint32_t slot, lookUp(key));
        if (m_previous < m_next.size()) {
            m_next[m_previous] = slot;
        }
        m_previous = slot;
        return slot;
    }

private:
    Result<std::uint32_t> lookUp(std::string_view key) {
        auto& metrics = m_state->metrics;
        if (const auto it = m_state->slots.find(key); it != m_state->slots.end()) {
            return it->second;
        }
        if (metrics.size() >= kMostMetrics) {
            return Error{ErrorCode::TooLarge, tr("A run can have {} metrics at most.", kMostMetrics), {}};
        }
        RUNGLASS_ASSIGN(const std::int64_t word, m_database->words.idOf(m_database->statements, key));
        const auto slot = static_cast<std::uint32_t>(metrics.size());
        metrics.push_back({static_cast<std::uint64_t>(word), Symbol(key), {}});
        m_state->slots.emplace(metrics.back().key.text(), slot);
        m_next.resize(metrics.size(), 0);
        return slot;
    }

    Database::Impl* m_database;
    RunState* m_state;
    std::vector<std::uint32_t> m_next;
    std::size_t m_previous = SIZE_MAX;
};

Result<Grouped> groupByMetric(Database::Impl& database, RunState& state,
                              std::span<const MetricPoint> points) {
    SlotFinder finder(database, state);
    std::vector<std::uint32_t> slotOf(points.size());
    std::vector<std::uint32_t> groupOf(state.metrics.size(), UINT32_MAX);
    Grouped grouped;
    for (std::size_t i = 0; i < points.size(); ++i) {
        RUNGLASS_ASSIGN(const std::uint32_t slot, finder.find(points[i].key));
        if (slot >= groupOf.size()) {
            groupOf.resize(state.metrics.size(), UINT32_MAX);
        }
        if (groupOf[slot] == UINT32_MAX) {
            groupOf[slot] = static_cast<std::uint32_t>(grouped.slots.size());
            grouped.slots.push_back(slot);
            grouped.ends.push_back(0);
        }
        slotOf[i] = groupOf[slot];
        ++grouped.ends[groupOf[slot]];
    }
    std::size_t start = 0;
    for (auto& end : grouped.ends) {
        start += std::exchange(end, start);
    }
    grouped.points.steps.resize(points.size());
    grouped.points.timesMs.resize(points.size());
    grouped.points.values.resize(points.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
        const std::size_t at = grouped.ends[slotOf[i]]++;  // ends as the group's start, and moves to its end
        grouped.points.steps[at] = points[i].point.step;
        grouped.points.timesMs[at] = points[i].point.timeMs;
        grouped.points.values[at] = points[i].point.value;
    }
    return grouped;
}

void addToSummaries(RunState& state, const Grouped& grouped) {
    for (std::size_t i = 0; i < grouped.slots.size(); ++i) {
        auto& summary = state.metrics[grouped.slots[i]].summary;
        const auto view = grouped.group(i);
        for (std::size_t j = 0; j < view.size(); ++j) {
            summary.add({view.steps[j], view.timesMs[j], view.values[j]});
        }
    }
}

/// Writes the pages of the summaries that `touched` lie on.
Result<void> writeSummaries(Database::Impl& database, const RunState& state,
                            std::vector<std::uint32_t> touched) {
    for (auto& slot : touched) {
        slot = static_cast<std::uint32_t>(slot / kSummariesPerPage);
    }
    std::sort(touched.begin(), touched.end());
    touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
    std::vector<StoredSummary> entries;
    for (const auto page : touched) {
        entries.clear();
        const std::size_t end = std::min(state.metrics.size(), (page + 1) * kSummariesPerPage);
        for (std::size_t slot = page * kSummariesPerPage; slot < end; ++slot) {
            entries.push_back({state.metrics[slot].word, state.metrics[slot].summary});
        }
        const auto data = encodeSummaries(entries);
        const auto id = firstRowOf(state.number) + page;
        RUNGLASS_TRY(database.statements.run("REPLACE INTO summary(id, data) VALUES(?, ?)", id, data));
    }
    return {};
}

Result<void> appendToTail(Database::Impl& database, RunState& state, const Grouped& grouped) {
    TailBatchWriter batch;
    for (std::size_t i = 0; i < grouped.slots.size(); ++i) {
        batch.add(state.metrics[grouped.slots[i]].word, grouped.group(i));
    }
    const auto data = batch.finish();
    const auto points = grouped.points.size();
    RUNGLASS_TRY(database.statements.run("INSERT INTO tail(id, points, data) VALUES(?, ?, ?)",
                                         state.nextTailRow, points, data));
    ++state.nextTailRow;
    ++state.tailRows;
    state.tailPoints += static_cast<std::int64_t>(points);
    return {};
}

/// Moves the tail and `added` into chunks.
Result<void> fold(Database::Impl& database, RunState& state, const Grouped& added) {
    PointsByMetric points;
    RUNGLASS_TRY(readTail(database, state, points));
    for (std::size_t i = 0; i < added.slots.size(); ++i) {
        auto& series = points[state.metrics[added.slots[i]].word];
        const auto view = added.group(i);
        series.steps.insert(series.steps.end(), view.steps.begin(), view.steps.end());
        series.timesMs.insert(series.timesMs.end(), view.timesMs.begin(), view.timesMs.end());
        series.values.insert(series.values.end(), view.values.begin(), view.values.end());
    }
    for (const auto& metric :
         state.metrics) {  // in the order of the table, so that its pages are met in turn
        if (const auto it = points.find(metric.word); it != points.end()) {
            RUNGLASS_TRY(
                addToChunks(database, state.number, metric.word, std::move(it->second), Merge::Tiered));
        }
    }
    return clearTail(database, state);
}

/// Long enough for one full chunk a metric, as far as a reader can be asked to pass over it.
std::int64_t tailLimit(const RunState& state) {
    return std::clamp(static_cast<std::int64_t>(state.metrics.size() * kFullChunk), kLeastTailPoints,
                      kMostTailPoints);
}

Result<void> appendSlice(Database::Impl& database, RunState& state, std::span<const MetricPoint> points) {
    RUNGLASS_ASSIGN(const Grouped grouped, groupByMetric(database, state, points));
    addToSummaries(state, grouped);
    RUNGLASS_TRY(writeSummaries(database, state, grouped.slots));
    const auto count = static_cast<std::int64_t>(points.size());
    if (state.tailPoints + count >= tailLimit(state) || state.tailRows + 1 >= kMaxTailRows) {
        return fold(database, state, grouped);
    }
    return appendToTail(database, state, grouped);
}

}  // namespace

Result<void> appendPoints(Database::Impl& database, RunState& state, std::span<const MetricPoint> points) {
    while (!points.empty()) {
        const auto slice = points.first(std::min(points.size(), series::kMaxChunkPoints));
        RUNGLASS_TRY(appendSlice(database, state, slice));
        points = points.subspan(slice.size());
    }
    return {};
}

Result<void> compact(Database::Impl& database, RunState& state) {
    PointsByMetric points;
    RUNGLASS_TRY(readTail(database, state, points));
    for (const auto& metric : state.metrics) {
        RUNGLASS_TRY(addToChunks(database, state.number, metric.word, std::move(points[metric.word]),
                                 Merge::Everything));
    }
    return clearTail(database, state);
}

}  // namespace runglass::store
