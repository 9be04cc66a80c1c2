// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "runglass/git/repository.h"
#include "runglass/git/values.h"

namespace runglass::git {

/// A line of the commit graph that crosses one row: from lane `from` at the row's top to lane `to` at its
/// bottom. Lanes count from 0 at the left; lane 0 is the first-parent line of the current branch.
struct LaneEdge {
    std::uint16_t from = 0;
    std::uint16_t to = 0;
    std::uint16_t color = 0;  ///< index of the lane whose colour it carries
};

/// One commit with its place in the graph. Edges above the node end in it, edges below start from it; lines
/// that pass by have both.
struct HistoryRow {
    Commit commit;
    std::uint16_t lane = 0;
    std::vector<LaneEdge> above;  ///< top edge of the row → node's middle (or through)
    std::vector<LaneEdge> below;  ///< node's middle → bottom edge
};

struct HistoryOptions {
    std::vector<std::string> from;  ///< references or revisions; empty: HEAD, all branches and tags
    bool firstParentOnly = false;
};

/// Walks commits in topological order (children before parents, newest first among equals; runs' snapshots
/// under refs/runglass are not part of it) and hands them out in batches, the first one small so that it is
/// on screen soon. `batch` returns false to stop. Call on a worker thread.
Result<void> walkHistory(const std::filesystem::path& folder, const HistoryOptions& options,
                         const std::function<bool(std::vector<HistoryRow>&&)>& batch,
                         std::stop_token stop = {});

/// Gives each commit of a topological order its lane and edges. Separate from git so that it can be tested
/// with drawings.
class LaneAssigner {
public:
    LaneAssigner() = default;
    /// Keeps lane 0 for the first-parent line of `mainTip`, which may come later than others.
    explicit LaneAssigner(const ObjectId& mainTip);

    /// `commit`'s row; call in order.
    HistoryRow next(Commit commit);

private:
    struct Lane {
        ObjectId awaits;     ///< the commit that ends the line; null: the lane is free
        bool drawn = false;  ///< a line reaches down to here (lane 0 is also held before its first commit)
    };
    std::uint16_t freeLane();

    std::vector<Lane> m_lanes;
    bool m_keepFirst = false;  ///< lane 0 belongs to the main line alone
};

}  // namespace runglass::git
