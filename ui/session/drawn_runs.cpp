// SPDX-License-Identifier: GPL-3.0-or-later
#include "drawn_runs.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "runglass/model/start_order.h"

namespace runglass::ui {
namespace {

constexpr std::size_t kAtFirst = 24;

}  // namespace

bool DrawnRuns::choose(const std::vector<RunId>& runs, bool drawn) {
    bool changed = false;
    for (const RunId& id : runs) {
        changed = (drawn ? m_drawn.insert(id).second : m_drawn.erase(id) > 0) || changed;
    }
    m_chosen = m_chosen || changed;
    return changed;
}

bool DrawnRuns::chooseOnly(const std::vector<RunId>& runs) {
    std::unordered_set<RunId> drawn(runs.begin(), runs.end());
    if (drawn == m_drawn) {
        return false;
    }
    m_drawn = std::move(drawn);
    m_chosen = true;
    return true;
}

// As long as nobody has chosen which curves to draw, a filter is a wish to see those that pass it.
bool DrawnRuns::followShown(const model::RunTable& table, const std::vector<RunId>& shown) {
    const bool filtered = shown.size() < table.runs.size();
    if (m_chosen || (!m_fromShown && (!filtered || hasEnoughOf(shown)))) {
        return false;
    }
    m_fromShown = filtered;
    if (filtered) {
        std::vector<std::size_t> places;
        places.reserve(shown.size());
        for (const RunId& id : shown) {
            if (const auto place = table.runs.find(id)) {
                places.push_back(*place);
            }
        }
        drawNewestOf(table, std::move(places));
    } else {
        drawNewest(table);
    }
    m_drawn.insert(m_startedSince.begin(), m_startedSince.end());
    return true;
}

void DrawnRuns::drawNewest(const model::RunTable& table) {
    std::vector<std::size_t> all(table.runs.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    drawNewestOf(table, std::move(all));
}

void DrawnRuns::addStarted(const std::vector<RunId>& runs) {
    m_drawn.insert(runs.begin(), runs.end());
    m_startedSince.insert(m_startedSince.end(), runs.begin(), runs.end());
}

void DrawnRuns::drawNewestOf(const model::RunTable& table, std::vector<std::size_t> places) {
    m_drawn.clear();
    const auto end = places.begin() + static_cast<std::ptrdiff_t>(std::min(places.size(), kAtFirst));
    const auto age = [&table](std::size_t i) { return std::pair(model::startOrder(*table.runs[i]), i); };
    std::ranges::partial_sort(places, end, std::greater(), age);
    for (auto i = places.begin(); i != end; ++i) {
        m_drawn.insert(table.runs[*i]->id);
    }
}

bool DrawnRuns::hasEnoughOf(const std::vector<RunId>& shown) const {
    std::size_t missing = std::min(kAtFirst, shown.size());
    for (auto id = shown.begin(); missing > 0 && id != shown.end(); ++id) {
        missing -= m_drawn.contains(*id) ? 1 : 0;
    }
    return missing == 0;
}

}  // namespace runglass::ui
