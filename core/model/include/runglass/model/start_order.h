// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "runglass/model/run.h"

namespace runglass::model {

/// Where a run stands in time: the start in ms since 1970. What has none is still to start, after all others,
/// or ended without a word of when, before them. A run table is in order of arrival, which is another one for
/// runs that were imported or whose tool says by itself when they started.
inline std::int64_t startOrder(const RunRecord& run) {
    using Limits = std::numeric_limits<std::int64_t>;
    return run.startTimeMs.value_or(isTerminal(run.status) ? Limits::min() : Limits::max());
}

/// Puts runs, given in order of arrival and told by `recordOf`, with the newest first; of equal starts the
/// last to arrive.
template <typename Runs, typename RecordOf>
void sortNewestFirst(Runs& runs, RecordOf recordOf) {
    std::ranges::reverse(runs);
    const auto newer = [&](const auto& a, const auto& b) {
        return startOrder(recordOf(a)) > startOrder(recordOf(b));
    };
    if (!std::ranges::is_sorted(runs, newer)) {
        std::ranges::stable_sort(runs, newer);
    }
}

}  // namespace runglass::model
