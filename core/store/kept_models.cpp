// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/kept_models.h"

#include "runglass/store/artifact_files.h"
#include "runglass/store/aside_follower.h"
#include "runglass/store/catalog_copy.h"
#include "runglass/store/change_writer.h"
#include "runglass/store/run_models.h"

namespace runglass::store {

namespace {

/// The run as the run database has it, as far as models and files are concerned; nothing where it has none of
/// that id.
Result<void> copyRun(const std::filesystem::path& project, RunWriter& writer, TrackedRuns& copy,
                     const RunId& id) {
    RUNGLASS_ASSIGN(auto database, Database::open(project, OpenMode::ReadOnly));
    TrackedRuns stored(database);
    RUNGLASS_ASSIGN(const bool isThere, RunReader(database).contains(id));
    if (!isThere) {
        return {};
    }
    model::RunDetail detail;
    detail.record.id = id;
    RUNGLASS_ASSIGN(detail.artifacts, ArtifactFiles(database).ofRun(id));
    RUNGLASS_TRY(writer.createRun(detail));
    for (const bool output : {true, false}) {
        RUNGLASS_ASSIGN(const auto models, stored.models(id, output));
        for (const auto& model : models) {
            RUNGLASS_TRY(copy.addModel(id, output, model));
        }
    }
    return {};
}

Result<void> restoreInto(Database& copy, const std::filesystem::path& project, const RunId& id) {
    RunWriter writer(copy);
    RunReader reader(copy);
    TrackedRuns tracked(copy);
    SeriesBook series(copy, writer, reader, tracked);
    ChangeWriter changes(copy, series);
    return writer.transaction([&]() -> Result<void> {
        RUNGLASS_TRY(copyRun(project, writer, tracked, id));
        AsideFollower(project).poll([] {}, [&](std::string_view record) { return changes.restore(record); });
        return {};
    });
}

/// The catalog and the run, with what lies aside of them.
Result<CatalogCopy> copyWithKept(const std::filesystem::path& project, const RunId& id) {
    RUNGLASS_ASSIGN(auto catalog, CatalogCopy::of(project));
    RUNGLASS_TRY(restoreInto(catalog.database(), project, id));
    return Result<CatalogCopy>(std::move(catalog));
}

}  // namespace

Result<model::RunModels> readKeptModels(const std::filesystem::path& project, const RunId& id) {
    RUNGLASS_ASSIGN(auto copy, copyWithKept(project, id));
    return readRunModels(copy.database(), id);
}

Result<std::vector<model::Artifact>> readKeptFiles(const std::filesystem::path& project, const RunId& id) {
    RUNGLASS_ASSIGN(auto copy, copyWithKept(project, id));
    RUNGLASS_ASSIGN(auto detail, RunReader(copy.database()).detail(id));
    return Result<std::vector<model::Artifact>>(std::move(detail.artifacts));
}

}  // namespace runglass::store
