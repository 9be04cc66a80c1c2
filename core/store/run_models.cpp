// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/run_models.h"

#include <algorithm>
#include <bit>
#include <set>
#include <tuple>

#include "database_impl.h"
#include "model_rows.h"
#include "pair_codec.h"
#include "run_rows.h"
#include "runglass/store/logged_models.h"
#include "schema_tracking.h"

namespace runglass::store {

namespace {

using Models = std::vector<model::LoggedModel>;

/// Those that the run made, as the client told in either of two ways, before those that it read. Ids only.
Result<void> readLinks(Database::Impl& database, std::int64_t run, std::string_view hex, Models& models) {
    const auto add = [&](std::string id, bool output, std::optional<std::int64_t> step) {
        if (std::ranges::find(models, id, &model::LoggedModel::id) == models.end()) {
            auto& model = models.emplace_back();
            model.id = std::move(id);
            model.output = output;
            model.step = step;
        }
    };
    const auto edges = [&](bool output) {
        return forEachRow(
            database.statements.query(
                "SELECT model, step FROM run_model WHERE run = ? AND output = ? ORDER BY position", run,
                output),
            [&](const Query& row) {
                add(row.string(0), output, output ? std::optional(row.integer(1)) : std::nullopt);
            });
    };
    RUNGLASS_TRY(edges(true));
    RUNGLASS_TRY(forEachRow(
        database.statements.query(
            "SELECT id FROM logged_model WHERE source_run = ? AND deleted = 0 ORDER BY created_ms, rowid",
            hex),
        [&](const Query& row) { add(row.string(0), true, std::nullopt); }));
    return edges(false);
}

/// False when it has been deleted.
Result<bool> readModel(Database::Impl& database, model::LoggedModel& model) {
    const std::string_view id = model.id;
    RUNGLASS_ASSIGN(auto query, database.statements.query(
                                    "SELECT name, type, status, params, created_ms FROM logged_model "
                                    "WHERE id = ? AND deleted = 0",
                                    id));
    RUNGLASS_ASSIGN(const bool found, query.step());
    if (!found) {
        return false;
    }
    model.name = query.string(0);
    model.type = query.string(1);
    model.status = static_cast<model::ModelStatus>(query.integer(2));
    model.params = decodePairTexts(query.blob(3));
    model.createdMs = query.integer(4);
    RUNGLASS_TRY(query.run());
    RUNGLASS_TRY(forEachRow(
        database.statements.query("SELECT key, value FROM logged_model_tag WHERE model = ? ORDER BY key", id),
        [&](const Query& row) { model.tags.emplace_back(row.string(0), row.string(1)); }));
    RUNGLASS_ASSIGN(model.metrics, readLatestMetrics(database, id));
    return true;
}

Result<void> readFiles(Database::Impl& database, std::string_view folder, const std::string& prefix,
                       model::RunDetail& detail) {
    const auto first = std::string(folder) + '/';
    const auto end = std::string(folder) + '0';  // comes after the slash
    return forEachRow(
        database.statements.query("SELECT path, sha256, size, time_ms FROM loose_artifact WHERE path >= ? "
                                  "AND path < ? ORDER BY path",
                                  std::string_view(first), std::string_view(end)),
        [&](const Query& row) {
            auto path = prefix + std::string(row.text(0).substr(first.size()));
            if (std::ranges::find(detail.artifacts, path, &model::Artifact::path) == detail.artifacts.end()) {
                detail.artifacts.push_back({std::move(path), row.string(1), row.integer(2), row.integer(3)});
            }
        });
}

Result<void> readVersions(Database::Impl& database, std::string_view hex, model::RunModels& all) {
    std::set<std::pair<std::string, std::int64_t>> seen;
    const auto take = [&](const Query& row) {
        model::ModelVersion version;
        version.model = row.string(0);
        version.version = row.integer(1);
        version.stage = row.text(2) == "None" ? std::string() : row.string(2);
        version.source = row.string(3);
        version.loggedModel = row.string(4);
        if (seen.emplace(version.model, version.version).second) {
            all.versions.push_back(std::move(version));
        }
    };
    RUNGLASS_TRY(
        forEachRow(database.statements.query("SELECT model, version, stage, source, logged_model FROM "
                                             "model_version WHERE run = ? ORDER BY model, version",
                                             hex),
                   take));
    for (const auto& model : all.models) {
        RUNGLASS_TRY(forEachRow(
            database.statements.query("SELECT model, version, stage, source, logged_model FROM "
                                      "model_version WHERE logged_model = ? ORDER BY model, version",
                                      std::string_view(model.id)),
            take));
    }
    std::ranges::sort(all.versions, {},
                      [](const auto& version) { return std::tie(version.model, version.version); });
    for (auto& version : all.versions) {
        RUNGLASS_TRY(forEachRow(
            database.statements.query(
                "SELECT alias FROM registered_model_alias WHERE model = ? AND version = ? ORDER BY alias",
                std::string_view(version.model), version.version),
            [&](const Query& row) { version.aliases.push_back(row.string(0)); }));
    }
    return {};
}

}  // namespace

Result<std::vector<model::ModelMetric>> readLatestMetrics(Database::Impl& database, std::string_view model) {
    std::vector<model::ModelMetric> metrics;
    RUNGLASS_TRY(forEachRow(
        database.statements.query(
            "SELECT key, step, time_ms, value_bits, run, dataset, digest FROM logged_model_metric AS m WHERE "
            "model = ?1 AND NOT EXISTS (SELECT 1 FROM logged_model_metric AS later WHERE later.model = ?1 "
            "AND later.key = m.key AND later.run = m.run AND later.dataset = m.dataset AND later.digest = "
            "m.digest AND (later.step, later.time_ms, later.value_bits) > (m.step, m.time_ms, m.value_bits))",
            model),
        [&](const Query& row) {
            metrics.push_back({row.string(0),
                               {row.integer(1), row.integer(2), std::bit_cast<double>(row.integer(3))},
                               row.string(4),
                               row.string(5),
                               row.string(6)});
        }));
    return metrics;
}

Result<model::RunModels> readModels(Database::Impl& database, std::int64_t run, const RunId& id) {
    model::RunModels all;
    if (database.report.schemaVersion < kTrackingVersion) {
        return all;  // only read, and of an older version
    }
    const auto hex = id.hex();
    RUNGLASS_TRY(readLinks(database, run, hex, all.models));
    std::vector<model::LoggedModel> there;
    for (auto& model : all.models) {
        RUNGLASS_ASSIGN(const bool found, readModel(database, model));
        if (found) {
            there.push_back(std::move(model));
        }
    }
    all.models = std::move(there);
    RUNGLASS_TRY(readVersions(database, hex, all));
    return all;
}

Result<void> addModelFiles(Database::Impl& database, std::int64_t run, model::RunDetail& detail) {
    if (database.report.schemaVersion < kTrackingVersion) {
        return {};
    }
    std::vector<model::LoggedModel> models;
    RUNGLASS_TRY(readLinks(database, run, detail.record.id.hex(), models));
    std::erase_if(models, [](const auto& model) { return !model.output; });
    std::vector<std::string> folders;
    for (auto& model : models) {
        RUNGLASS_TRY(
            forEachRow(database.statements.query("SELECT name, experiment FROM logged_model WHERE id = "
                                                 "? AND deleted = 0",
                                                 std::string_view(model.id)),
                       [&](const Query& row) {
                           model.name = row.string(0);
                           folders.push_back(modelFolder(row.integer(1), model.id));
                       }));
        folders.resize(static_cast<std::size_t>(&model - models.data()) + 1);  // empty for a deleted one
    }
    for (std::size_t i = 0; i < models.size(); ++i) {
        if (!folders[i].empty()) {
            RUNGLASS_TRY(readFiles(database, folders[i], artifactPrefix(models[i], models), detail));
        }
    }
    return {};
}

Result<model::RunModels> readRunModels(Database& handle, const RunId& id) {
    auto& database = handle.impl();
    return database.read([&]() -> Result<model::RunModels> {
        RUNGLASS_ASSIGN(const std::int64_t run, numberOf(database, id));
        return readModels(database, run, id);
    });
}

}  // namespace runglass::store
