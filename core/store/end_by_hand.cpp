// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/end_by_hand.h"

#include <algorithm>

#include "database_impl.h"
#include "revision.h"
#include "run_rows.h"
#include "runglass/base/clock.h"
#include "runglass/store/run_writer.h"
#include "runglass/store/tracked_runs.h"

namespace runglass::store {

namespace {

std::int64_t lastSignMs(const model::RunRecord& run) {
    std::int64_t last = run.startTimeMs.value_or(0);
    for (const auto& metric : run.metrics) {
        last = std::max(last, metric.summary.lastTimeMs);
    }
    return last > 0 ? last : nowMs();
}

}  // namespace

Result<void> endByHand(Database& database, std::span<const RunId> runs) {
    RunWriter writer(database);
    return writer.transaction(
        [&]() -> Result<void> {
            for (const auto& id : runs) {
                RUNGLASS_ASSIGN(const auto run, TrackedRuns(database).record(id));
                if (model::isTerminal(run->status)) {
                    continue;
                }
                RunEnd end;
                end.status = model::RunStatus::Killed;
                end.timeMs = lastSignMs(*run);
                RUNGLASS_TRY(writer.endRun(id, end));
            }
            return {};
        },
        Durability::Decision);
}

Result<void> takeBackEnd(Database& database, std::span<const RunId> runs) {
    auto& impl = database.impl();
    return impl.write(Durability::Decision, [&]() -> Result<void> {
        for (const auto& id : runs) {
            RUNGLASS_ASSIGN(const std::int64_t number, numberOf(impl, id));
            RUNGLASS_TRY(impl.statements.run(
                "UPDATE run SET status = ?2, exit_code = NULL, signal = NULL, end_ms = NULL WHERE number = "
                "?1",
                number, static_cast<int>(model::RunStatus::Running)));
            const auto touched = touch(impl, number);
            RUNGLASS_TRY(touched);
        }
        return {};
    });
}

}  // namespace runglass::store
