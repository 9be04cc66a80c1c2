// SPDX-License-Identifier: GPL-3.0-or-later
//
// How points travel. An append becomes one batch at the end of the run's tail (tail.h), all of its metrics
// together. When the tail of a run is long enough to make chunks worth their name, it is folded: the points
// of each metric become chunks of their own. A metric that gets too few points for a full chunk leaves small
// ones behind; eight of a size are merged into one of the next (a log-structured merge tree of ratio 8), so
// that a point is rewritten a few times at most, whether a run has one metric or 5,000. The end of a run
// merges what is left.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runglass/base/bytes.h"
#include "runglass/base/run_id.h"
#include "runglass/model/series.h"
#include "runglass/store/database.h"
#include "runglass/store/run_writer.h"

namespace runglass::store {

/// A chunk with this many points is full: it is never read for merging again. At 9 bytes a point, which noise
/// with times takes, it fills four pages of the file. The largest has twice as many and more, so that there
/// is always a way to cut without leaving a small rest.
inline constexpr std::size_t kFullChunk = 3584;
inline constexpr std::size_t kLargestChunk = 8192;
/// A reader of one metric passes over the whole tail: it stays below these.
inline constexpr std::int64_t kMostTailBatches = 256;
inline constexpr std::size_t kMostTailBytes = std::size_t{4} << 20U;
inline constexpr std::int64_t kLeastTailPoints = 2 * kLargestChunk;
inline constexpr std::int64_t kMostTailPoints = 16 * kLargestChunk;

/// `run << 16 | index`: the ids in tables `summary` and `tail`.
constexpr std::int64_t firstRowOf(std::int64_t run) {
    return run << 16;
}
/// The highest run number for which such ids exist.
inline constexpr std::int64_t kLastRun = (std::int64_t{1} << 47U) - 1;
constexpr std::int64_t lastRowOf(std::int64_t run) {
    return firstRowOf(run) + 0xFFFF;
}

struct MetricState {
    std::uint64_t word = 0;
    std::string_view key;
    model::MetricSummary summary;
    /// Points that are not in chunks yet: those of the tail as far as RunState::tailInMemory says, then those
    /// of the append under way, from `fresh` on.
    model::Series points;
    std::size_t fresh = kNothingFresh;

    static constexpr std::size_t kNothingFresh = SIZE_MAX;
};

/// What a writer knows of a run between two appends; good for as long as the run's revision stands.
struct RunState {
    std::int64_t number = 0;
    std::int64_t revision = 0;
    bool live = false;                                          // its revision is in table `summary`
    std::vector<MetricState> metrics;                           // in the order of table `summary`
    std::unordered_map<std::string_view, std::uint32_t> slots;  // key to index in metrics
    std::vector<std::uint32_t> following;  // by metric, the one logged after it last time
    std::uint32_t latest = UINT32_MAX;     // the metric logged last

    bool tailInMemory = true;   // MetricState::points has the whole tail
    bool oldTail = false;       // the tail has rows of before the stream of tail.h
    std::size_t tailBytes = 0;  // of the stream, in use
    std::size_t tailRows = 0;   // that there are; all of them full, but perhaps the last
    Bytes tailEnd;              // what is in use of the row at the end of the stream
    std::int64_t tailPoints = 0;
    std::int64_t tailBatches = 0;

    [[nodiscard]] std::uint64_t pointsOf(std::string_view key) const {
        const auto slot = slots.find(key);
        return slot != slots.end() ? static_cast<std::uint64_t>(metrics[slot->second].summary.count) : 0;
    }
};

/// The states of the runs that this connection writes.
class RunStates {
public:
    /// The state of a run as the current transaction sees it. NotFound when there is no such run.
    Result<RunState*> get(Database::Impl& database, const RunId& id);
    void clear() { m_states.clear(); }
    void forget(const RunId& id) { m_states.erase(id); }

private:
    static constexpr std::size_t kMostStates = 16;  // each may hold a tail of 3 MB
    std::unordered_map<RunId, std::unique_ptr<RunState>> m_states;
};

/// Appends and gives the run the next revision.
Result<void> appendPoints(Database::Impl& database, RunState& state, std::span<const MetricPoint> points);
/// Makes `point` the last one in the summary of a metric, and gives the run the next revision. NotFound when
/// the run has no such metric.
Result<void> setLatest(Database::Impl& database, RunState& state, std::string_view key,
                       const model::Point& point);
/// Moves the whole tail into chunks and leaves at most one small chunk a metric.
Result<void> compact(Database::Impl& database, RunState& state);

}  // namespace runglass::store
