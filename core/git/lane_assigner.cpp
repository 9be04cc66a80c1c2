// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <limits>

#include "runglass/git/history.h"

namespace runglass::git {

namespace {

constexpr std::size_t kMostLanes = std::numeric_limits<std::uint16_t>::max();

std::uint16_t laneNumber(std::size_t lane) {
    return static_cast<std::uint16_t>(std::min(lane, kMostLanes));
}

}  // namespace

LaneAssigner::LaneAssigner(const ObjectId& mainTip)
    : m_keepFirst(!mainTip.isNull()) {
    if (m_keepFirst) {
        m_lanes.push_back({mainTip, false});
    }
}

std::uint16_t LaneAssigner::freeLane() {
    const auto start = m_lanes.begin() + (m_keepFirst ? 1 : 0);
    auto lane = std::find_if(start, m_lanes.end(), [](const Lane& each) { return each.awaits.isNull(); });
    if (lane == m_lanes.end()) {
        if (m_lanes.size() > kMostLanes) {
            return laneNumber(kMostLanes);  // 65,536 lines at once: the rest share the last lane
        }
        lane = m_lanes.insert(m_lanes.end(), Lane{});
    }
    return laneNumber(static_cast<std::size_t>(lane - m_lanes.begin()));
}

HistoryRow LaneAssigner::next(Commit commit) {
    HistoryRow row;
    // Several lines may end here (the children's); the leftmost gives the commit its lane.
    const auto awaited = std::find_if(m_lanes.begin(), m_lanes.end(),
                                      [&](const Lane& lane) { return lane.awaits == commit.id; });
    row.lane = awaited == m_lanes.end() ? freeLane()
                                        : laneNumber(static_cast<std::size_t>(awaited - m_lanes.begin()));
    for (std::size_t i = 0; i < m_lanes.size(); ++i) {
        auto& lane = m_lanes[i];
        if (lane.awaits.isNull()) {
            continue;
        }
        const auto number = laneNumber(i);
        const bool ends = lane.awaits == commit.id;
        if (lane.drawn) {
            row.above.push_back({number, ends ? row.lane : number, number});
            if (!ends) {
                row.below.push_back({number, number, number});
            }
        }
        if (ends) {
            lane = {};
        }
    }
    for (std::size_t i = 0; i < commit.parents.size(); ++i) {
        const auto& parent = commit.parents[i];
        std::uint16_t lane = row.lane;
        if (i > 0) {
            const auto open = std::find_if(m_lanes.begin(), m_lanes.end(),
                                           [&](const Lane& each) { return each.awaits == parent; });
            lane = open == m_lanes.end() ? freeLane()
                                         : laneNumber(static_cast<std::size_t>(open - m_lanes.begin()));
        }
        m_lanes[lane] = {parent, true};
        row.below.push_back({row.lane, lane, lane});
    }
    while (!m_lanes.empty() && m_lanes.back().awaits.isNull() && !(m_keepFirst && m_lanes.size() == 1)) {
        m_lanes.pop_back();
    }
    row.commit = std::move(commit);
    return row;
}

}  // namespace runglass::git
