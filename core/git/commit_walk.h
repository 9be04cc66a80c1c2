// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <queue>
#include <stop_token>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "repository_impl.h"

namespace runglass::git {

/// The commits of some tips, newest first, each after all its children. Commits are explored (their parents
/// read) by commit time. When all are explored the order is exact. Before that, next() gives out what is a
/// day newer than anything unexplored: right unless clocks were set wrong by more than that, which
/// contradicted() tells as soon as it shows.
class CommitWalk {
public:
    using Number = std::uint32_t;  ///< of a commit, in the order of discovery

    CommitWalk(const Repository& repository, bool firstParentOnly);

    /// Commits that the repository does not have are passed over.
    void addTip(const ObjectId& id);
    /// Explores up to `most` commits; returns early when asked to stop.
    void explore(std::size_t most, const std::stop_token& stop);
    [[nodiscard]] bool complete() const { return m_frontier.empty(); }

    /// The next commit, or nothing: at the end, and where more must be explored first.
    std::optional<Number> next();
    /// A commit was given out before one of its children.
    [[nodiscard]] bool contradicted() const { return m_contradicted; }
    /// Starts the order again, from the first commit; only when complete.
    void rewind();

    /// The values of a commit that next() gave. Its parents are those that the repository has (a shallow
    /// clone ends somewhere).
    Result<Commit> take(Number commit);

private:
    struct Node {
        Commit commit;  ///< parsed when discovered, so that each object is read once; gone when taken
        std::int64_t time = 0;
        std::uint32_t children = 0;  ///< known ones that were not given out
        bool given = false;
        bool taken = false;
        std::vector<Number> parents;
    };
    struct Waiting {
        std::int64_t time;
        Number commit;
        /// Newest first; of the same second, the one discovered first.
        bool operator<(const Waiting& other) const {
            return time != other.time ? time < other.time : commit > other.commit;
        }
    };
    static constexpr Number kMissing = std::numeric_limits<Number>::max();

    Number discover(const ObjectId& id);
    void expand(Number commit);
    void readShallowBorder(const Repository& repository);

    const Repository& m_repository;
    bool m_firstParentOnly;
    bool m_contradicted = false;
    std::unordered_set<ObjectId> m_shallow;  ///< their parents are not part of this clone
    std::unordered_map<ObjectId, Number> m_numbers;
    std::vector<Node> m_nodes;
    std::priority_queue<Waiting> m_frontier;
    std::priority_queue<Waiting> m_ready;
};

}  // namespace runglass::git
