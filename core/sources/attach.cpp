// SPDX-License-Identifier: GPL-3.0-or-later
#include "attach.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <unordered_map>

namespace runglass::sources {
namespace {

std::optional<RunId> ownerOf(const Group& group, std::span<const Member> members) {
    std::optional<RunId> owner;
    for (const auto i : group.members) {
        if (owner && members[i].owner && *members[i].owner != *owner) {
            return std::nullopt;
        }
        owner = members[i].owner ? members[i].owner : owner;
    }
    return owner;
}

/// Those that have a metric of the same name as another one of the same tool: folds or trials then, and not
/// parts of one run. Two tools that log the same loss tell of one training.
std::set<std::size_t> trialsAmong(const std::vector<std::size_t>& among, std::span<const Group> groups,
                                  std::span<const Member> members) {
    std::unordered_map<const Format*, std::unordered_map<Symbol, std::size_t>> seen;
    std::set<std::size_t> trials;
    for (const auto group : among) {
        auto& ofTool = seen[&members[groups[group].members.front()].origin->format()];
        for (const auto member : groups[group].members) {
            for (const auto& metric : members[member].part->record.metrics) {
                const auto first = ofTool.try_emplace(metric.key, group).first->second;
                if (first != group) {
                    trials.insert({first, group});
                }
            }
        }
    }
    return trials;
}

/// High ranks first, then what was there first: what comes later takes no name from it.
std::pair<int, std::int64_t> order(const Group& group, std::span<const Member> members) {
    const auto rank = members[group.members.front()].part->rank;
    auto bornNs = std::numeric_limits<std::int64_t>::max();
    for (const auto i : group.members) {
        bornNs = members[i].part->rank == rank ? std::min(bornNs, members[i].bornNs) : bornNs;
    }
    return {-static_cast<int>(rank), bornNs};
}

/// The groups that are gone have no members any more: drops them, and follows the parents.
void dropEmpty(std::vector<Group>& groups, const std::map<std::size_t, std::size_t>& joinedTo) {
    std::vector<std::size_t> places(groups.size());
    std::size_t next = 0;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        places[i] = groups[i].members.empty() ? 0 : next++;
    }
    for (auto& group : groups) {
        if (group.parent) {
            const auto joined = joinedTo.find(*group.parent);
            group.parent = places[joined == joinedTo.end() ? *group.parent : joined->second];
        }
    }
    std::erase_if(groups, [](const Group& group) { return group.members.empty(); });
}

}  // namespace

void attachToLaunched(std::vector<Group>& groups, std::span<const Member> members) {
    std::map<RunId, std::vector<std::size_t>> byOwner;
    std::vector<std::optional<RunId>> owners;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        owners.push_back(ownerOf(groups[i], members));
        if (owners[i]) {
            byOwner[*owners[i]].push_back(i);
        }
    }
    std::map<std::size_t, std::size_t> joinedTo;
    for (const auto& [owner, own] : byOwner) {
        std::vector<std::size_t> tracked;
        std::vector<std::size_t> frameworks;
        std::vector<std::size_t> joined;
        for (const auto i : own) {
            const auto rank = members[groups[i].members.front()].part->rank;
            const bool below = groups[i].parent && owners[*groups[i].parent] == owner;
            if (rank == Rank::Log) {
                joined.push_back(i);
            } else if (!below) {
                (rank == Rank::Framework ? frameworks : tracked).push_back(i);
            }
        }
        auto children = trialsAmong(frameworks, groups, members);
        if (tracked.size() > 1) {
            children.insert(tracked.begin(), tracked.end());
        }
        frameworks.insert(frameworks.end(), tracked.begin(), tracked.end());
        for (const auto i : frameworks) {
            if (children.contains(i)) {
                groups[i].launchedBy = owner;
            } else {
                joined.push_back(i);
            }
        }
        std::ranges::stable_sort(joined, {}, [&](std::size_t i) { return order(groups[i], members); });
        for (std::size_t i = 0; i < joined.size(); ++i) {
            Group& into = groups[joined.front()];
            into.attachedTo = owner;
            if (i > 0) {
                auto& from = groups[joined[i]].members;
                into.members.insert(into.members.end(), from.begin(), from.end());
                from.clear();
                joinedTo[joined[i]] = joined.front();
            }
        }
    }
    dropEmpty(groups, joinedTo);
}

}  // namespace runglass::sources
