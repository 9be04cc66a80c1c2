// SPDX-License-Identifier: GPL-3.0-or-later
#include "commit_walk.h"

#include <algorithm>
#include <utility>

#include "commit_parser.h"
#include "runglass/base/file.h"

namespace runglass::git {

namespace {

constexpr std::int64_t kTrustedClocks = std::int64_t{24} * 60 * 60;  // seconds

}  // namespace

CommitWalk::CommitWalk(const Repository& repository, bool firstParentOnly)
    : m_repository(repository)
    , m_firstParentOnly(firstParentOnly) {
    readShallowBorder(repository);
}

void CommitWalk::readShallowBorder(const Repository& repository) {
    constexpr std::uint64_t kMostBytes = 64U << 20U;
    if (!repository.isShallow()) {
        return;
    }
    const auto file = readFile(repository.commonFolder() / "shallow", kMostBytes);
    std::string_view rest = file.ok() ? std::string_view(*file) : std::string_view();
    while (!rest.empty()) {
        const auto end = std::min(rest.find('\n'), rest.size());
        if (const auto id = ObjectId::fromHex(rest.substr(0, end))) {
            m_shallow.insert(*id);
        }
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
}

void CommitWalk::addTip(const ObjectId& id) {
    const auto tip = discover(id);
    if (tip != kMissing && m_nodes[tip].children == 0) {
        m_ready.push({m_nodes[tip].time, tip});
    }
}

CommitWalk::Number CommitWalk::discover(const ObjectId& id) {
    const auto [place, isNew] = m_numbers.try_emplace(id, kMissing);
    if (!isNew) {
        return place->second;
    }
    const auto object = m_repository.impl().read(id, GIT_OBJECT_COMMIT);
    if (!object.ok()) {
        return kMissing;
    }
    auto parsed = parseCommit(id, bytesOf(*object));
    if (m_shallow.contains(id)) {
        parsed.commit.parents.clear();
    }
    const auto number = static_cast<Number>(m_nodes.size());
    place->second = number;
    Node node;
    node.commit = std::move(parsed.commit);
    node.time = parsed.committerTime;
    m_frontier.push({node.time, number});
    m_nodes.push_back(std::move(node));
    return number;
}

void CommitWalk::expand(Number commit) {
    for (const auto& id : std::exchange(m_nodes[commit].commit.parents, {})) {
        const auto parent = discover(id);
        auto& parents = m_nodes[commit].parents;
        if (parent != kMissing && std::find(parents.begin(), parents.end(), parent) == parents.end()) {
            parents.push_back(parent);
            ++m_nodes[parent].children;
            m_contradicted = m_contradicted || m_nodes[parent].given;
        }
        if (m_firstParentOnly) {
            break;
        }
    }
}

void CommitWalk::explore(std::size_t most, const std::stop_token& stop) {
    for (std::size_t count = 0; count < most && !m_frontier.empty() && !stop.stop_requested(); ++count) {
        const auto commit = m_frontier.top().commit;
        m_frontier.pop();
        expand(commit);
    }
}

std::optional<CommitWalk::Number> CommitWalk::next() {
    while (!m_ready.empty()) {
        const auto [time, commit] = m_ready.top();
        if (!m_frontier.empty() && time <= m_frontier.top().time + kTrustedClocks) {
            return std::nullopt;
        }
        m_ready.pop();
        auto& node = m_nodes[commit];
        if (node.given || node.children > 0) {
            continue;  // a tip with children: comes back after the last of them
        }
        node.given = true;
        for (const auto parent : node.parents) {
            if (--m_nodes[parent].children == 0) {
                m_ready.push({m_nodes[parent].time, parent});
            }
        }
        return commit;
    }
    return std::nullopt;
}

void CommitWalk::rewind() {
    m_contradicted = false;
    m_ready = {};
    for (auto& node : m_nodes) {
        node.given = false;
        node.children = 0;
    }
    for (const auto& node : m_nodes) {
        for (const auto parent : node.parents) {
            ++m_nodes[parent].children;
        }
    }
    for (Number commit = 0; commit < m_nodes.size(); ++commit) {
        if (m_nodes[commit].children == 0) {
            m_ready.push({m_nodes[commit].time, commit});
        }
    }
}

Result<Commit> CommitWalk::take(Number number) {
    auto& node = m_nodes[number];
    if (std::exchange(node.taken, true)) {  // after rewind()
        RUNGLASS_ASSIGN(node.commit, m_repository.commit(node.commit.id));
    }
    const auto id = node.commit.id;
    Commit commit = std::exchange(node.commit, {});
    node.commit.id = id;
    commit.parents.clear();
    for (const auto parent : node.parents) {
        commit.parents.push_back(m_nodes[parent].commit.id);
    }
    return commit;
}

}  // namespace runglass::git
