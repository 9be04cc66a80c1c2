// SPDX-License-Identifier: GPL-3.0-or-later
#include "point_store.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "database_impl.h"
#include "fold.h"
#include "revision.h"
#include "run_codec.h"
#include "runglass/base/symbol.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/series/chunk_codec.h"
#include "tail.h"

namespace runglass::store {

namespace {

constexpr std::size_t kMostMetrics = kSummariesPerPage << 16U;

Result<std::uint32_t> lookUpMetric(Database::Impl& database, RunState& state, std::string_view key) {
    if (const auto it = state.slots.find(key); it != state.slots.end()) {
        return it->second;
    }
    if (state.metrics.size() >= kMostMetrics) {
        return Error{ErrorCode::TooLarge, tr("A run can have {} metrics at most.", kMostMetrics), {}};
    }
    RUNGLASS_ASSIGN(const std::int64_t word, database.words.idOf(database.statements, key));
    const auto slot = static_cast<std::uint32_t>(state.metrics.size());
    auto& metric = state.metrics.emplace_back();
    metric.word = static_cast<std::uint64_t>(word);
    metric.key = Symbol(key).text();
    state.slots.emplace(metric.key, slot);
    return slot;
}

/// Finds the metric of a key. Metrics are mostly logged in the same order again and again, so the one that
/// followed last time is tried first.
Result<std::uint32_t> findMetric(Database::Impl& database, RunState& state, std::string_view key) {
    const bool guessing = state.latest < state.following.size();
    if (guessing) {
        const auto guess = state.following[state.latest];
        if (guess < state.metrics.size() && state.metrics[guess].key == key) {
            state.latest = guess;
            return guess;
        }
    }
    RUNGLASS_ASSIGN(const std::uint32_t slot, lookUpMetric(database, state, key));
    state.following.resize(state.metrics.size(), UINT32_MAX);
    if (guessing) {
        state.following[state.latest] = slot;
    }
    state.latest = slot;
    return slot;
}

/// Sorts an append by metric: the points go to the end of MetricState::points. Within a metric the order of
/// arrival stands. Gives the metrics that occur, in order of first occurrence.
Result<std::vector<std::uint32_t>> distribute(Database::Impl& database, RunState& state,
                                              std::span<const MetricPoint> points) {
    std::vector<std::uint32_t> touched;
    for (const auto& [key, point] : points) {
        RUNGLASS_ASSIGN(const std::uint32_t slot, findMetric(database, state, key));
        auto& metric = state.metrics[slot];
        if (metric.fresh == MetricState::kNothingFresh) {
            metric.fresh = metric.points.size();
            touched.push_back(slot);
        }
        metric.points.push(point);
    }
    return touched;
}

model::SeriesView freshPoints(const MetricState& metric) {
    return model::SeriesView(metric.points).sub(metric.fresh, metric.points.size() - metric.fresh);
}

/// What summary.add() would do for each of the points.
void addToSummary(model::MetricSummary& summary, const model::SeriesView& points,
                  const series::ChunkHeader& header) {
    if (std::isinf(header.min) || std::isinf(header.max)) {
        // The header's extremes are those of all values: which of them are finite, only the points tell.
        for (std::size_t i = 0; i < points.size(); ++i) {
            summary.add({points.steps[i], points.timesMs[i], points.values[i]});
        }
        return;
    }
    if (summary.count == 0) {
        summary.first = points.values.front();
        summary.min = summary.max = std::numeric_limits<double>::quiet_NaN();
        summary.firstStep = header.firstStep;
    }
    if (header.nanCount < header.count) {
        // Negated comparisons, so that a NaN from earlier points gives way.
        summary.min = !(summary.min <= header.min) ? header.min : summary.min;
        summary.max = !(summary.max >= header.max) ? header.max : summary.max;
    }
    summary.count += header.count;
    summary.nanCount += header.nanCount;
    summary.last = points.values.back();
    summary.lastStep = header.lastStep;
    summary.lastTimeMs = points.timesMs.back();
}

/// Writes bytes at the end of the stream of the tail: grows its last row, writes over rows of earlier rounds,
/// adds new ones.
Result<void> writeToTail(Database::Impl& database, RunState& state, ByteView bytes) {
    while (!bytes.empty()) {
        const std::size_t row = state.tailBytes / kTailRow;
        const auto piece = bytes.first(std::min(bytes.size(), kTailRow - state.tailEnd.size()));
        state.tailEnd.insert(state.tailEnd.end(), piece.begin(), piece.end());
        state.tailBytes += piece.size();
        bytes = bytes.subspan(piece.size());
        const auto id = firstRowOf(state.number) + static_cast<std::int64_t>(row);
        const std::size_t inUse = state.tailEnd.size();
        if (row + 1 < state.tailRows) {
            state.tailEnd.resize(kTailRow);  // a full row stays full: written over where it is
        }
        if (row < state.tailRows) {
            RUNGLASS_TRY(
                database.statements.run("UPDATE tail SET data = ?2 WHERE id = ?1", id, state.tailEnd));
        } else {
            RUNGLASS_TRY(database.statements.run("INSERT INTO tail(id, points, data) VALUES(?, 0, ?)", id,
                                                 state.tailEnd));
            state.tailRows = row + 1;
        }
        state.tailEnd.resize(inUse == kTailRow ? 0 : inUse);
    }
    return {};
}

/// Moves the tail and the new points into chunks.
Result<void> fold(Database::Impl& database, RunState& state) {
    PointsByMetric stored;
    if (!state.tailInMemory) {
        RUNGLASS_TRY(readTail(database, state.number, stored));
    }
    for (auto& metric : state.metrics) {  // in the order of the table, so that its pages are met in turn
        model::SeriesView points(metric.points);
        if (const auto it = stored.find(metric.word); it != stored.end()) {
            it->second.append(points);
            points = it->second;
        }
        if (points.size() > 0) {
            RUNGLASS_TRY(addToChunks(database, state.number, metric.word, points, Merge::Tiered));
        }
        metric.points.clear();
    }
    return emptyTail(database, state, state.oldTail ? TailRows::Drop : TailRows::Keep);
}

/// Long enough for one full chunk a metric, as far as a reader can be asked to pass over it.
std::int64_t tailLimit(const RunState& state) {
    return std::clamp(static_cast<std::int64_t>(state.metrics.size() * kFullChunk), kLeastTailPoints,
                      kMostTailPoints);
}

/// Adds the new points to summaries and tail.
Result<void> appendToTail(Database::Impl& database, RunState& state, std::span<const std::uint32_t> touched,
                          std::size_t count) {
    TailBatchWriter batch;
    for (const auto slot : touched) {
        auto& metric = state.metrics[slot];
        const auto points = freshPoints(metric);
        const auto header = series::describe(points);
        addToSummary(metric.summary, points, header);
        batch.add(metric.word, points, header);
        metric.fresh = MetricState::kNothingFresh;
    }
    state.tailPoints += static_cast<std::int64_t>(count);
    ++state.tailBatches;
    const auto& bytes = batch.finish();
    if (state.oldTail || state.tailPoints >= tailLimit(state) || state.tailBatches >= kMostTailBatches ||
        state.tailBytes + bytes.size() > kMostTailBytes) {
        return fold(database, state);
    }
    if (!state.tailInMemory) {
        for (const auto slot : touched) {
            state.metrics[slot].points.clear();
        }
    }
    return writeToTail(database, state, bytes);
}

/// Writes the pages of the summaries that `touched` lie on, and page 0 in any case, which has the revision.
Result<void> writeSummaries(Database::Impl& database, const RunState& state,
                            std::vector<std::uint32_t> touched) {
    for (auto& slot : touched) {
        slot = static_cast<std::uint32_t>(slot / kSummariesPerPage);
    }
    touched.push_back(0);
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
        const auto tail = page == 0 ? state.tailBytes : 0;
        RUNGLASS_TRY(
            database.statements.run("INSERT INTO summary(id, data, revision, tail) VALUES(?, ?, ?, ?) ON "
                                    "CONFLICT(id) DO UPDATE SET data "
                                    "= excluded.data, revision = excluded.revision, tail = excluded.tail",
                                    id, data, state.revision, tail));
    }
    return {};
}

/// Writes what has changed in `state`, under the run's next revision.
Result<void> publish(Database::Impl& database, RunState& state, std::vector<std::uint32_t> touched) {
    RUNGLASS_ASSIGN(state.revision, nextRevision(database));
    RUNGLASS_TRY(writeSummaries(database, state, std::move(touched)));
    if (!state.live) {
        RUNGLASS_TRY(enterLive(database, state.number));
        state.live = true;
    }
    return {};
}

}  // namespace

Result<void> appendPoints(Database::Impl& database, RunState& state, std::span<const MetricPoint> points) {
    while (!points.empty()) {
        const auto slice = points.first(std::min(points.size(), series::kMaxChunkPoints));
        points = points.subspan(slice.size());
        RUNGLASS_ASSIGN(auto touched, distribute(database, state, slice));
        RUNGLASS_TRY(appendToTail(database, state, touched, slice.size()));
        RUNGLASS_TRY(publish(database, state, std::move(touched)));
    }
    return {};
}

Result<void> setLatest(Database::Impl& database, RunState& state, std::string_view key,
                       const model::Point& point) {
    const auto slot = state.slots.find(key);
    if (slot == state.slots.end()) {
        return Error{ErrorCode::NotFound, tr("The run has no metric {}.", toValidUtf8(key)), {}};
    }
    auto& summary = state.metrics[slot->second].summary;
    summary.last = point.value;
    summary.lastStep = point.step;
    summary.lastTimeMs = point.timeMs;
    return publish(database, state, {slot->second});
}

Result<void> compact(Database::Impl& database, RunState& state) {
    PointsByMetric points;
    RUNGLASS_TRY(readTail(database, state.number, points));
    for (auto& metric : state.metrics) {
        RUNGLASS_TRY(
            addToChunks(database, state.number, metric.word, points[metric.word], Merge::Everything));
        metric.points.clear();
    }
    RUNGLASS_TRY(emptyTail(database, state, TailRows::Drop));
    RUNGLASS_TRY(database.statements.run("UPDATE summary SET tail = 0 WHERE id = ?1 << 16", state.number));
    state.live = false;
    return leaveLive(database, state.number);
}

}  // namespace runglass::store
