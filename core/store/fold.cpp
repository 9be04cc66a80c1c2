// SPDX-License-Identifier: GPL-3.0-or-later
#include "fold.h"

#include <algorithm>
#include <bit>

#include "database_impl.h"
#include "runglass/base/translate.h"
#include "runglass/series/chunk_codec.h"
#include "sealed.h"
#include "tail.h"

namespace runglass::store {

namespace {

constexpr std::size_t kMergeRatio = 8;

struct SmallChunk {
    std::int64_t first = 0;
    std::size_t count = 0;
};

/// The chunks at the end of a series that are not full, the newest first, and the number of all points.
struct SeriesEnd {
    std::vector<SmallChunk> small;
    std::int64_t points = 0;
};

Result<SeriesEnd> findEnd(Database::Impl& database, std::int64_t run, std::uint64_t metric) {
    RUNGLASS_ASSIGN(auto query,
                    database.statements.query("SELECT first, count FROM chunk WHERE run = ? AND metric = "
                                              "? ORDER BY first DESC",
                                              run, metric));
    SeriesEnd end;
    for (;;) {
        RUNGLASS_ASSIGN(const bool row, query.step());
        if (!row) {
            return end;
        }
        const SmallChunk chunk{query.integer(0), static_cast<std::size_t>(query.integer(1))};
        if (end.small.empty()) {
            end.points = chunk.first + static_cast<std::int64_t>(chunk.count);
        }
        if (chunk.count >= kFullChunk) {
            return end;
        }
        end.small.push_back(chunk);
    }
}

/// 0 for 1 … 7 points, 1 for 8 … 63, 2 for 64 … 511, 3 above.
int sizeClass(std::size_t count) {
    return static_cast<int>(std::bit_width(count) - 1) / 3;
}

/// How many of the small chunks to merge with `count` new points.
std::size_t chunksToMerge(const std::vector<SmallChunk>& small, std::size_t count, Merge merge) {
    std::size_t total = count;
    for (const auto& chunk : small) {
        total += chunk.count;
    }
    if (merge == Merge::Everything || total >= kFullChunk) {
        return small.size();
    }
    for (int limit = sizeClass(kFullChunk - 1); limit >= sizeClass(count); --limit) {
        const auto larger = std::find_if(small.begin(), small.end(), [&](const SmallChunk& chunk) {
            return sizeClass(chunk.count) > limit;
        });
        const auto members = static_cast<std::size_t>(larger - small.begin());
        if (members + 1 >= kMergeRatio) {
            return members;
        }
    }
    return 0;
}

/// Reads chunks from `first` on into `points`, and deletes them.
Result<void> takeOut(Database::Impl& database, std::int64_t run, std::uint64_t metric, std::int64_t first,
                     model::Series& points) {
    RUNGLASS_TRY(
        forEachRow(database.statements.query(
                       "SELECT data FROM chunk WHERE run = ? AND metric = ? AND first >= ? ORDER BY first",
                       run, metric, first),
                   [&](const Query& row) -> Result<void> {
                       const auto content = unseal(row.blob(0));
                       if (!content) {
                           return Error{ErrorCode::Damaged, tr("A block of points is damaged."), "checksum"};
                       }
                       return series::decodeChunk(*content, points);
                   }));
    return database.statements.run("DELETE FROM chunk WHERE run = ? AND metric = ? AND first >= ?", run,
                                   metric, first);
}

Result<void> writeChunks(Database::Impl& database, std::int64_t run, std::uint64_t metric, std::int64_t first,
                         const model::SeriesView& points) {
    for (std::size_t at = 0; at < points.size();) {
        const std::size_t count = std::min(points.size() - at, kLargestChunk);
        auto data = series::encodeChunk(points.sub(at, count));
        seal(data);
        const auto index = first + static_cast<std::int64_t>(at);
        RUNGLASS_TRY(
            database.statements.run("INSERT INTO chunk(run, metric, first, count, data) VALUES(?,?,?,?,?)",
                                    run, metric, index, count, data));
        at += count;
    }
    return {};
}

}  // namespace

Result<void> readTail(Database::Impl& database, std::int64_t run, PointsByMetric& points) {
    return forEachTailGroup(database, run, [&](const TailGroup& group) {
        return series::decodeChunk(group.chunk, points[group.word]);
    });
}

Result<void> emptyTail(Database::Impl& database, RunState& state, TailRows rows) {
    if (rows == TailRows::Drop) {
        const auto first = firstRowOf(state.number);
        const auto last = lastRowOf(state.number);
        RUNGLASS_TRY(database.statements.run("DELETE FROM tail WHERE id BETWEEN ? AND ?", first, last));
        state.tailRows = 0;
        state.oldTail = false;
    }
    state.tailInMemory = true;
    state.tailBytes = 0;
    state.tailEnd.clear();
    state.tailPoints = 0;
    state.tailBatches = 0;
    return {};
}

Result<void> addToChunks(Database::Impl& database, std::int64_t run, std::uint64_t metric,
                         const model::SeriesView& points, Merge merge) {
    RUNGLASS_ASSIGN(SeriesEnd end, findEnd(database, run, metric));
    const std::size_t merged = chunksToMerge(end.small, points.size(), merge);
    if (merged == 0 || (merged == 1 && points.size() == 0)) {
        return writeChunks(database, run, metric, end.points, points);
    }
    const auto first = end.small[merged - 1].first;
    model::Series all;
    RUNGLASS_TRY(takeOut(database, run, metric, first, all));
    all.append(points);
    return writeChunks(database, run, metric, first, all);
}

}  // namespace runglass::store
