// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <unordered_map>

#include "point_store.h"

namespace runglass::store {

/// New points by metric (word), in order of arrival.
using PointsByMetric = std::unordered_map<std::uint64_t, model::Series>;

enum class Merge {
    Tiered,      ///< eight small chunks of a size become one of the next
    Everything,  ///< all small chunks of a series become one
};

enum class TailRows {
    Keep,  ///< for the next round
    Drop,
};

/// Adds the whole tail of a run to `points`, which must be empty.
Result<void> readTail(Database::Impl& database, std::int64_t run, PointsByMetric& points);
/// Starts the tail anew. That it is empty is recorded with the next summaries.
Result<void> emptyTail(Database::Impl& database, RunState& state, TailRows rows);

/// Appends points to the chunks of one series. Merges only, when `points` is empty.
Result<void> addToChunks(Database::Impl& database, std::int64_t run, std::uint64_t metric,
                         const model::SeriesView& points, Merge merge);

}  // namespace runglass::store
