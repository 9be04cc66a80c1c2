// SPDX-License-Identifier: GPL-3.0-or-later
#include "attach.h"

#include <algorithm>
#include <map>
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

/// Whether two of them have a metric of the same name: folds or trials then, and not parts of one run.
bool repeatMetrics(std::span<const Group> groups, const std::vector<std::size_t>& among,
                   std::span<const Member> members) {
    std::unordered_map<Symbol, std::size_t> seen;
    for (const auto group : among) {
        for (const auto member : groups[group].members) {
            for (const auto& metric : members[member].part->record.metrics) {
                if (seen.try_emplace(metric.key, group).first->second != group) {
                    return true;
                }
            }
        }
    }
    return false;
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
        const auto take = [&, launched = owner](const std::vector<std::size_t>& runs, bool areOne) {
            joined.insert(joined.begin(), runs.begin(), areOne ? runs.end() : runs.begin());
            for (const auto i : runs) {
                groups[i].launchedBy = areOne ? groups[i].launchedBy : std::optional(launched);
            }
        };
        take(frameworks, !repeatMetrics(groups, frameworks, members));
        take(tracked, tracked.size() == 1);
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
