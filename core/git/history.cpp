// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/git/history.h"

#include <algorithm>
#include <queue>
#include <unordered_map>

#include "commit_parser.h"
#include "repository_impl.h"
#include "runglass/base/translate.h"

namespace runglass::git {

namespace {

constexpr std::size_t kFirstBatch = 200;
constexpr std::size_t kBatch = 4000;

/// A commit of the graph. Numbers instead of names: a walk touches each edge twice.
struct Node {
    ObjectId id;
    std::int64_t time = 0;
    std::uint32_t children = 0;  ///< that are not handed out yet
    std::vector<std::uint32_t> parents;
};

class Graph {
public:
    Graph(const Repository& repository, bool firstParentOnly, std::stop_token stop)
        : m_repository(repository)
        , m_firstParentOnly(firstParentOnly)
        , m_stop(std::move(stop)) {}

    Result<void> load(const std::vector<ObjectId>& tips) {
        std::vector<std::uint32_t> open;
        for (const auto& tip : tips) {
            number(tip, open);
        }
        while (!open.empty()) {
            if (m_stop.stop_requested()) {
                return {};
            }
            const auto current = open.back();
            open.pop_back();
            RUNGLASS_TRY(expand(current, open));
        }
        return {};
    }

    std::vector<Node>& nodes() { return m_nodes; }

private:
    std::uint32_t number(const ObjectId& id, std::vector<std::uint32_t>& open) {
        const auto [place, isNew] = m_numbers.try_emplace(id, static_cast<std::uint32_t>(m_nodes.size()));
        if (isNew) {
            m_nodes.push_back({id, 0, 0, {}});
            open.push_back(place->second);
        }
        return place->second;
    }

    Result<void> expand(std::uint32_t current, std::vector<std::uint32_t>& open) {
        const auto object = m_repository.impl().read(m_nodes[current].id, GIT_OBJECT_COMMIT);
        if (!object.ok()) {
            return {};
        }
        const auto links = parseLinks({static_cast<const char*>(git_odb_object_data(object->get())),
                                       git_odb_object_size(object->get())});
        if (!links) {
            return {};
        }
        m_nodes[current].time = links->committerTime;
        for (const auto& parent : links->parents) {
            const auto next = number(parent, open);
            m_nodes[current].parents.push_back(next);
            ++m_nodes[next].children;
            if (m_firstParentOnly) {
                break;
            }
        }
        return {};
    }

    const Repository& m_repository;
    bool m_firstParentOnly;
    std::stop_token m_stop;
    std::unordered_map<ObjectId, std::uint32_t> m_numbers;
    std::vector<Node> m_nodes;
};

Result<std::vector<ObjectId>> tipsOf(const Repository& repository, const HistoryOptions& options,
                                     const Head& head) {
    std::vector<ObjectId> tips;
    for (const auto& revision : options.from) {
        RUNGLASS_ASSIGN(const auto tip, repository.resolveCommit(revision));
        tips.push_back(tip);
    }
    if (options.from.empty()) {
        if (head.commit) {
            tips.push_back(*head.commit);
        }
        RUNGLASS_ASSIGN(const auto references, repository.references());
        for (const auto& reference : references) {
            tips.push_back(reference.target);
        }
    }
    return tips;
}

}  // namespace

Result<void> walkHistory(const std::filesystem::path& folder, const HistoryOptions& options,
                         const std::function<bool(std::vector<HistoryRow>&&)>& batch, std::stop_token stop) {
    RUNGLASS_ASSIGN(const auto repository, Repository::open(folder));
    RUNGLASS_ASSIGN(const auto head, repository.head());
    RUNGLASS_ASSIGN(const auto tips, tipsOf(repository, options, head));
    Graph graph(repository, options.firstParentOnly, stop);
    RUNGLASS_TRY(graph.load(tips));
    auto& nodes = graph.nodes();
    const auto later = [&](std::uint32_t a, std::uint32_t b) {
        return nodes[a].time != nodes[b].time ? nodes[a].time < nodes[b].time : a > b;
    };
    std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, decltype(later)> ready(later);
    for (std::uint32_t i = 0; i < nodes.size(); ++i) {
        if (nodes[i].children == 0) {
            ready.push(i);
        }
    }
    LaneAssigner lanes(head.commit.value_or(ObjectId()));
    std::vector<HistoryRow> rows;
    std::size_t wanted = kFirstBatch;
    while (!ready.empty()) {
        if (stop.stop_requested()) {
            return Error{ErrorCode::Cancelled, tr("Reading the history was stopped."), {}};
        }
        const auto current = ready.top();
        ready.pop();
        for (const auto parent : nodes[current].parents) {
            if (--nodes[parent].children == 0) {
                ready.push(parent);
            }
        }
        if (auto commit = repository.commit(nodes[current].id); commit.ok()) {
            rows.push_back(lanes.next(std::move(commit).value()));
        }
        if (rows.size() == wanted) {
            wanted = kBatch;
            if (!batch(std::exchange(rows, {}))) {
                return {};
            }
        }
    }
    if (!rows.empty()) {
        batch(std::move(rows));
    }
    return {};
}

}  // namespace runglass::git
