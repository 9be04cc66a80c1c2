// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>

#include "runglass/model/run.h"

namespace runglass::ui {

/// Whether the points of `is` can be those of `was` with more behind them. They are others where a file was
/// written anew, or where points were taken back.
inline bool mayHaveGrown(const model::MetricSummary& was, const model::MetricSummary& is) {
    const bool sameFirst = was.first == is.first || (std::isnan(was.first) && std::isnan(is.first));
    const bool inRange = !(was.min < is.min) && !(was.max > is.max);
    const bool sameLast = was.last == is.last || (std::isnan(was.last) && std::isnan(is.last));
    if (was.count == is.count &&
        !(sameLast && was.lastStep == is.lastStep && was.lastTimeMs == is.lastTimeMs)) {
        return false;
    }
    return was.count <= is.count && was.nanCount <= is.nanCount && was.infiniteCount <= is.infiniteCount &&
           sameFirst && was.firstStep == is.firstStep && inRange;
}

/// The same of one metric of two records of a run; true where one of them does not have it.
inline bool mayHaveGrown(const model::RunRecord& was, const model::RunRecord& is, Symbol key) {
    const auto* before = was.metric(key);
    const auto* now = is.metric(key);
    return before == nullptr || now == nullptr || mayHaveGrown(*before, *now);
}

}  // namespace runglass::ui
