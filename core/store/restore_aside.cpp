// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/restore_aside.h"

#include "runglass/store/aside_log.h"
#include "runglass/store/change_writer.h"

namespace runglass::store {

Result<void> restoreAside(const std::filesystem::path& project) {
    AsideLeftovers leftovers(project);
    if (leftovers.empty()) {
        return {};
    }
    RUNGLASS_ASSIGN(auto database, Database::open(project, OpenMode::ReadWrite));
    RunWriter writer(database);
    RunReader reader(database);
    TrackedRuns tracked(database);
    SeriesBook series(writer, reader, tracked);
    ChangeWriter changes(database, series);
    RUNGLASS_TRY(writer.transaction(
        [&] { return leftovers.forEach([&](std::string_view record) { return changes.restore(record); }); }));
    leftovers.remove();
    return {};
}

}  // namespace runglass::store
