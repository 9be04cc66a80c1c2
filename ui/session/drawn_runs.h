// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <unordered_set>
#include <vector>

#include "runglass/model/run.h"

namespace runglass::ui {

/// Which runs have curves. Until the person chooses: the newest few, or the newest of those that pass the
/// filter where it hides too many of these, and every run that starts meanwhile.
class DrawnRuns {
public:
    [[nodiscard]] bool contains(const RunId& id) const { return m_drawn.contains(id); }
    [[nodiscard]] bool empty() const { return m_drawn.empty(); }
    /// Kept as it is from then on.
    [[nodiscard]] bool chosenByHand() const { return m_chosen; }

    /// By the person. Says whether anything changed, as all of these do.
    bool choose(const std::vector<RunId>& runs, bool drawn);
    bool chooseOnly(const std::vector<RunId>& runs);
    /// After `shown`, the runs of `table` that pass the filter, has changed.
    bool followShown(const model::RunTable& table, const std::vector<RunId>& shown);

    void drawNewest(const model::RunTable& table);
    void addStarted(const std::vector<RunId>& runs);
    void forget(const RunId& id) { m_drawn.erase(id); }
    template <typename Gone>
    void forgetIf(Gone gone) {
        std::erase_if(m_drawn, gone);
    }

private:
    /// Of these places in `table`.
    void drawNewestOf(const model::RunTable& table, std::vector<std::size_t> places);
    [[nodiscard]] bool hasEnoughOf(const std::vector<RunId>& shown) const;

    std::unordered_set<RunId> m_drawn;
    bool m_chosen = false;
    bool m_fromShown = false;           ///< too few of the newest pass the filter
    std::vector<RunId> m_startedSince;  ///< the project was opened
};

}  // namespace runglass::ui
