// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/git/history.h"

#include <limits>
#include <utility>

#include "commit_walk.h"
#include "runglass/base/translate.h"

namespace runglass::git {

namespace {

constexpr std::size_t kFirstBatch = 200;
constexpr std::size_t kBatch = 4000;
/// Explored before the first batch: enough that the newest 200 have all their children among them.
constexpr std::size_t kLookAhead = 2000;

Error stopped() {
    return {ErrorCode::Cancelled, tr("Reading the history was stopped."), {}};
}

/// The tips to walk from; the first one has lane 0.
Result<std::vector<ObjectId>> tipsOf(const Repository& repository, const HistoryOptions& options) {
    std::vector<ObjectId> tips;
    for (const auto& revision : options.from) {
        RUNGLASS_ASSIGN(const auto tip, repository.resolveCommit(revision));
        tips.push_back(tip);
    }
    if (options.from.empty()) {
        RUNGLASS_ASSIGN(const auto head, repository.head());
        tips.push_back(head.commit.value_or(ObjectId()));  // null on a branch without a commit
        RUNGLASS_ASSIGN(const auto references, repository.references());
        for (const auto& reference : references) {
            tips.push_back(reference.target);
        }
    }
    return tips;
}

/// Reads what is shown of each commit and hands it out in batches.
class Rows {
public:
    using Batch = std::function<bool(std::vector<HistoryRow>&&)>;

    Rows(CommitWalk& walk, const ObjectId& main, const Batch& batch)
        : m_walk(walk)
        , m_main(main)
        , m_batch(batch)
        , m_lanes(m_main) {}

    Result<void> add(CommitWalk::Number number) {
        RUNGLASS_ASSIGN(auto commit, m_walk.take(number));
        m_rows.push_back(m_lanes.next(std::move(commit)));
        if (m_rows.size() == m_wanted) {
            flush();
        }
        return {};
    }
    void flush() {
        m_wanted = kBatch;
        if (!m_rows.empty()) {
            m_more = m_batch(std::exchange(m_rows, {}));
        }
    }
    void startAgain() {
        m_rows.clear();
        m_lanes = LaneAssigner(m_main);
    }
    [[nodiscard]] bool moreWanted() const { return m_more; }

private:
    CommitWalk& m_walk;
    ObjectId m_main;
    const Batch& m_batch;
    LaneAssigner m_lanes;
    std::vector<HistoryRow> m_rows;
    std::size_t m_wanted = kFirstBatch;
    bool m_more = true;
};

Result<void> addAll(Rows& rows, CommitWalk& walk, std::size_t most, const std::stop_token& stop) {
    for (std::size_t count = 0; count < most && rows.moreWanted(); ++count) {
        if (stop.stop_requested()) {
            return stopped();
        }
        const auto next = walk.next();
        if (!next) {
            break;
        }
        RUNGLASS_TRY(rows.add(*next));
    }
    return {};
}

}  // namespace

Result<void> walkHistory(const std::filesystem::path& folder, const HistoryOptions& options,
                         const std::function<bool(std::vector<HistoryRow>&&)>& batch,
                         std::stop_token stop) {  // NOLINT(performance-unnecessary-value-param): as all jobs
    constexpr auto kAll = std::numeric_limits<std::size_t>::max();
    RUNGLASS_ASSIGN(const auto repository, Repository::open(folder));
    RUNGLASS_ASSIGN(const auto tips, tipsOf(repository, options));
    CommitWalk walk(repository, options.firstParentOnly);
    for (const auto& tip : tips) {
        walk.addTip(tip);
    }
    Rows rows(walk, tips.front(), batch);
    if (options.takeBack) {
        walk.explore(kLookAhead, stop);
        RUNGLASS_TRY(addAll(rows, walk, kFirstBatch, stop));
        rows.flush();
    }
    if (rows.moreWanted()) {
        walk.explore(kAll, stop);
        if (stop.stop_requested()) {
            return stopped();
        }
        if (walk.contradicted()) {
            options.takeBack();
            walk.rewind();
            rows.startAgain();
        }
        RUNGLASS_TRY(addAll(rows, walk, kAll, stop));
        rows.flush();
    }
    return {};
}

}  // namespace runglass::git
