// SPDX-License-Identifier: GPL-3.0-or-later
#include "grouping.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include "paths.h"

namespace runglass::sources {
namespace {

using Index = std::size_t;

class Grouper {
public:
    explicit Grouper(std::span<const Member> members)
        : m_members(members)
        , m_leader(members.size())
        , m_above(members.size()) {
        std::iota(m_leader.begin(), m_leader.end(), Index{0});
        for (Index i = 0; i < members.size(); ++i) {
            if (part(i).ownsFolder && !part(i).folder.empty()) {
                m_owners[part(i).folder.native()].push_back(i);
            }
        }
    }

    std::vector<Group> run() {
        uniteResumed();
        attachToOwners();
        attachLaunchers();
        auto groups = collect();
        linkParents(groups);
        return groups;
    }

private:
    using Inside = std::unordered_map<Index, std::vector<Index>>;

    [[nodiscard]] const Part& part(Index i) const { return *m_members[i].part; }

    /// The owner of the nearest folder at or above that of `i` for which `fits`; the lowest rank of several.
    template <typename Fits>
    [[nodiscard]] std::optional<Index> nearestOwner(Index i, Fits fits) const {
        for (std::string_view folder = part(i).folder.native(); !folder.empty(); folder = above(folder)) {
            const auto found = m_owners.find(folder);
            if (found == m_owners.end()) {
                continue;
            }
            std::optional<Index> best;
            for (const Index owner : found->second) {
                if (owner != i && fits(owner) && (!best || part(owner).rank < part(*best).rank)) {
                    best = owner;
                }
            }
            if (best) {
                return best;
            }
        }
        return std::nullopt;
    }

    void uniteResumed() {
        std::map<std::tuple<std::string_view, std::string_view, RunId>, Index> first;
        for (Index i = 0; i < m_members.size(); ++i) {
            if (part(i).id && part(i).ownsFolder && !part(i).folder.empty()) {
                const auto place = above(part(i).folder.native());
                const auto [known, isNew] =
                    first.try_emplace({m_members[i].origin->format().name(), place, *part(i).id}, i);
                if (!isNew) {
                    unite(i, known->second);
                }
            }
        }
    }

    void attachToOwners() {
        Inside inside;
        for (Index i = 0; i < m_members.size(); ++i) {
            const auto owner =
                nearestOwner(i, [&](Index candidate) { return part(candidate).rank > part(i).rank; });
            if (owner && part(i).rank == Rank::Log) {
                unite(i, *owner);
            } else if (owner) {
                inside[*owner].push_back(i);
            }
        }
        settle(inside);
    }

    void attachLaunchers() {
        Inside inside;
        for (Index i = 0; i < m_members.size(); ++i) {
            if (part(i).rank == Rank::Tracker && !part(i).folder.empty()) {
                const auto launcher =
                    nearestOwner(i, [&](Index candidate) { return part(candidate).rank == Rank::Launcher; });
                if (launcher) {
                    inside[*launcher].push_back(i);
                }
            }
        }
        settle(inside);
    }

    void settle(const Inside& inside) {
        for (const auto& [owner, parts] : inside) {
            const bool areOne = std::ranges::all_of(
                parts, [&, leader = leaderOf(parts.front())](Index one) { return leaderOf(one) == leader; });
            if (areOne) {
                unite(parts.front(), owner);
                continue;
            }
            for (const Index i : parts) {
                m_above[i] = owner;
            }
        }
    }

    Index leaderOf(Index i) {
        while (m_leader[i] != i) {
            i = m_leader[i] = m_leader[m_leader[i]];
        }
        return i;
    }
    void unite(Index a, Index b) { m_leader[leaderOf(a)] = leaderOf(b); }

    std::vector<Group> collect() {
        std::vector<Group> groups;
        std::unordered_map<Index, Index> groupOfLeader;
        m_groupOf.resize(m_members.size());
        for (Index i = 0; i < m_members.size(); ++i) {
            const auto [place, isNew] = groupOfLeader.try_emplace(leaderOf(i), groups.size());
            if (isNew) {
                groups.emplace_back();
            }
            groups[place->second].members.push_back(i);
            m_groupOf[i] = place->second;
        }
        for (Group& group : groups) {
            std::ranges::sort(group.members, [this](Index a, Index b) { return order(a) < order(b); });
        }
        return groups;
    }

    /// High ranks first, then outer folders; the rest only makes it definite.
    [[nodiscard]] std::tuple<int, std::size_t, std::string_view, std::string_view> order(Index i) const {
        return {-static_cast<int>(part(i).rank), part(i).folder.native().size(),
                m_members[i].origin->path().native(), part(i).key};
    }

    void linkParents(std::vector<Group>& groups) {
        std::unordered_map<const Origin*, std::unordered_map<std::string_view, Index>> byKey;
        for (Index i = 0; i < m_members.size(); ++i) {
            byKey[m_members[i].origin.get()].emplace(part(i).key, i);
        }
        for (Index number = 0; number < groups.size(); ++number) {
            for (const Index i : groups[number].members) {
                std::optional<Index> parent = m_above[i];
                if (!part(i).parentKey.empty()) {
                    const auto& siblings = byKey[m_members[i].origin.get()];
                    const auto found = siblings.find(part(i).parentKey);
                    parent = found == siblings.end() ? parent : std::optional(found->second);
                }
                if (parent && m_groupOf[*parent] != number) {
                    groups[number].parent = m_groupOf[*parent];
                    break;
                }
            }
        }
    }

    std::span<const Member> m_members;
    std::unordered_map<std::string_view, std::vector<Index>> m_owners;  // by folder
    std::vector<Index> m_leader;                                        // union-find
    std::vector<std::optional<Index>> m_above;  // whose folder a run of its own lies in
    std::vector<Index> m_groupOf;
};

}  // namespace

std::vector<Group> groupMembers(std::span<const Member> members) {
    return Grouper(members).run();
}

}  // namespace runglass::sources
