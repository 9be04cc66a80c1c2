// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/restore_aside.h"

#include <optional>

#include "runglass/store/aside_log.h"
#include "runglass/store/catalog_takeover.h"
#include "runglass/store/change_writer.h"
#include "runglass/store/patience.h"

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
    SeriesBook series(writer, reader, tracked);
    ChangeWriter changes(database, series);
    std::optional<AsideLeftovers> leftovers;
    const auto restored = writer.transaction([&]() -> Result<void> {
        RUNGLASS_TRY(catalog.begin(changes, false, kPatienceMs));
        // Not before the database is had: an endpoint that gets it first would pass them over.
        leftovers.emplace(database.project());
        return leftovers->forEach([&](std::string_view record) { return changes.restore(record); });
    });
    catalog.end(restored.ok());
    RUNGLASS_TRY(restored);
    leftovers->remove();
    return {};
}

Result<void> restoreAside(const std::filesystem::path& project) {
    if (AsideLeftovers(project).empty() && CatalogLog(project).empty()) {
        return {};
    }
    const auto database = Database::open(project, OpenMode::ReadWrite);
    return database.ok() ? Result<void>() : database.error();
}

}  // namespace runglass::store
