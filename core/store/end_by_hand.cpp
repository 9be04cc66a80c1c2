// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/end_by_hand.h"

#include "database_impl.h"
#include "revision.h"
#include "run_rows.h"
#include "runglass/base/clock.h"
#include "runglass/model/silence.h"
#include "runglass/store/run_writer.h"
#include "runglass/store/tracked_runs.h"

namespace runglass::store {

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
                const auto now = nowMs();
                const auto lastSign = model::lastSignMs(*run, now);
                end.timeMs = lastSign > 0 ? lastSign : now;
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
