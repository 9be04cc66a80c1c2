// SPDX-License-Identifier: GPL-3.0-or-later
#include "database_impl.h"
#include "model_rows.h"
#include "revision.h"

namespace runglass::store {

namespace {

constexpr char kRunsOfVersions[] =
    "SELECT DISTINCT coalesce(nullif(version.run, ''), source_run) FROM model_version AS version LEFT JOIN "
    "logged_model ON logged_model.id = version.logged_model WHERE version.model = ?1 AND (?2 = 0 OR "
    "version.version = ?2)";

/// Of the runs whose ids `query` has.
Result<void> touchRuns(Database::Impl& database, Result<Query> query) {
    std::vector<std::string> ids;
    RUNGLASS_TRY(forEachRow(std::move(query), [&](const Query& row) { ids.push_back(row.string(0)); }));
    for (const auto& hex : ids) {
        const auto id = RunId::fromHex(hex);
        if (!id) {
            continue;
        }
        RUNGLASS_ASSIGN(auto number, database.statements.query("SELECT number FROM run WHERE id = ?", *id));
        RUNGLASS_ASSIGN(const bool found, number.step());
        const std::int64_t run = found ? number.integer(0) : 0;
        RUNGLASS_TRY(number.run());
        if (found) {
            RUNGLASS_TRY(touch(database, run));
        }
    }
    return {};
}

}  // namespace

Result<void> touchMakerOf(Database::Impl& database, std::string_view loggedModel) {
    return touchRuns(
        database, database.statements.query("SELECT source_run FROM logged_model WHERE id = ?", loggedModel));
}

Result<void> touchMakersOf(Database::Impl& database, std::string_view registeredModel) {
    return touchRuns(database, database.statements.query(kRunsOfVersions, registeredModel, 0));
}

Result<void> touchMakerOf(Database::Impl& database, std::string_view registeredModel, std::int64_t version) {
    return touchRuns(database, database.statements.query(kRunsOfVersions, registeredModel, version));
}

Result<void> touchMakerOfFile(Database::Impl& database, std::string_view path) {
    constexpr std::string_view kModels = "/models/";
    const auto at = path.find(kModels);
    if (at == std::string_view::npos) {
        return {};
    }
    const auto rest = path.substr(at + kModels.size());
    return touchMakerOf(database, rest.substr(0, rest.find('/')));
}

}  // namespace runglass::store
