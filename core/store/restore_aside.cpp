// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/restore_aside.h"

#include "runglass/store/aside_log.h"
#include "runglass/store/catalog_takeover.h"
#include "runglass/store/change_writer.h"
#include "runglass/store/patience.h"
#include "runglass/store/runs_takeover.h"

namespace runglass::store {

namespace {

constexpr std::int64_t kPatienceMs = 100;

}  // namespace

Result<void> restoreAside(Database& database) {
    CatalogTakeover catalog(database.project());
    if (AsideLeftovers(database.project()).empty() && catalog.empty()) {
        return {};
    }
    const Patience patience(kPatienceMs);
    RunWriter writer(database);
    RunReader reader(database);
    TrackedRuns tracked(database);
    SeriesBook series(database, writer, reader, tracked);
    ChangeWriter changes(database, series);
    RunsTakeover runs(database.project());
    auto restored = writer.transaction([&] {
        return runs.take(
            database, {}, [&] { return catalog.begin(changes, false, kPatienceMs); },
            [&](std::string_view record) { return changes.restore(record); });
    });
    runs.end(restored.ok());
    catalog.end(restored.ok());
    return restored;
}

Result<void> restoreAside(const std::filesystem::path& project) {
    if (AsideLeftovers(project).empty() && CatalogLog(project).empty()) {
        return {};
    }
    const auto database = Database::open(project, OpenMode::ReadWrite);
    return database.ok() ? Result<void>() : database.error();
}

}  // namespace runglass::store
