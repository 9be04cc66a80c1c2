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
/// bottom. Lanes count from 0 at the left; lane 0 is the first-parent line of the current branch (of the
/// first of HistoryOptions::from).
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
    /// Set: the first rows come at once, before the whole graph is known; see walkHistory. Called, on the
    /// walk's thread, when all rows handed out so far are void because the order comes again from the start.
    std::function<void()> takeBack;
};

/// Walks commits in topological order (children before parents, newest first among equals; runs' snapshots
/// under refs/runglass are not part of it) and hands them out in batches, the first one of at most 200 rows.
/// `batch` returns false to stop; Cancelled when stopped by `stop`. Call on a worker thread. No commit: no
/// batch.
///
/// That no child of a commit is still to come is certain only when every commit was read, which takes
/// a fraction of a second for 100,000. Without `takeBack` the walk does that before its first batch, and the
/// order is final. With it, the first batch is made after some thousand of the newest commits, trusting that
/// clocks were right to a day (as git does, without the certainty); should the rest of the graph show
/// otherwise, `takeBack` is called and the final order follows. What is not taken back never has a parent
/// before its child. Replace refs and grafts are not applied; a shallow clone ends where its commits end.
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
