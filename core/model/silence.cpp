// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/model/silence.h"

#include <algorithm>
#include <limits>

namespace runglass::model {

std::int64_t lastSignMs(const RunRecord& run) {
    return lastSignMs(run, std::numeric_limits<std::int64_t>::max());
}

std::int64_t lastSignMs(const RunRecord& run, std::int64_t nowMs) {
    std::int64_t last = run.startTimeMs.value_or(0);
    for (const auto& metric : run.metrics) {
        if (metric.summary.lastTimeMs <= nowMs) {
            last = std::max(last, metric.summary.lastTimeMs);
        }
    }
    return last;
}

std::optional<std::int64_t> quietForMs(const RunRecord& run, std::int64_t nowMs) {
    constexpr std::int64_t kShortestMs = 60'000;
    const auto last = lastSignMs(run, nowMs);
    const bool isQuiet = run.status == RunStatus::Running && last > 0 && nowMs - last >= kShortestMs;
    return isQuiet ? std::optional(nowMs - last) : std::nullopt;
}

void loseSilent(RunRecord& run, std::int64_t lastSignMs, std::int64_t nowMs) {
    if (run.status == RunStatus::Running && nowMs - lastSignMs > kSilentMs) {
        run.toldStatus = run.status;
        run.status = RunStatus::Lost;
        run.endTimeMs = lastSignMs > run.startTimeMs.value_or(0) ? std::optional(lastSignMs) : std::nullopt;
    }
}

}  // namespace runglass::model
