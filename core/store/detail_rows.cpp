// SPDX-License-Identifier: GPL-3.0-or-later
#include "detail_rows.h"

#include "content.h"
#include "database_impl.h"
#include "file_names.h"
#include "model_rows.h"
#include "run_codec.h"
#include "run_rows.h"
#include "runglass/base/translate.h"
#include "schema_origins.h"

namespace runglass::store {

namespace {

/// Damage to a part is told among the problems of the run; the rest is shown.
void noteDamage(model::RunDetail& detail, std::string message) {
    detail.problems.push_back(std::move(message));
}

void readMain(const Query& row, model::RunDetail& detail) {
    if (!decodeTexts(row.blob(0), detail.command)) {
        detail.command.clear();
        noteDamage(detail, tr("The command of this run is damaged in the run database."));
    }
    detail.workingDirectory = row.text(1);
    if (!decodeLeftOut(row.blob(2), detail.leftOut)) {
        detail.leftOut.clear();
        noteDamage(detail, tr("The list of files left out of the snapshot is damaged in the run database."));
    }
    detail.note = row.text(3);
    detail.userSeconds = row.optionalReal(4);
    detail.systemSeconds = row.optionalReal(5);
    detail.peakMemoryBytes = row.optionalInteger<std::int64_t>(6);
    if (row.isNull(7)) {
        return;
    }
    if (const auto content = unpackContent(row.blob(7)); content.ok()) {
        detail.environment =
            decodeEnvironment({reinterpret_cast<const std::uint8_t*>(content->data()), content->size()});
    }
    if (!detail.environment) {
        noteDamage(detail, tr("The environment of this run is damaged in the run database."));
    }
}

Result<void> readLists(Database::Impl& database, std::int64_t run, model::RunDetail& detail) {
    auto& sql = database.statements;
    RUNGLASS_TRY(forEachRow(
        sql.query("SELECT path, sha256, data FROM config_file JOIN content ON content.id = "
                  "config_file.content WHERE "
                  "run = ? ORDER BY position",
                  run),
        [&](const Query& row) {
            auto content = unpackContent(row.blob(2));
            if (!content.ok()) {
                noteDamage(detail, tr("The content of {} is damaged in the run database.", row.text(0)));
            }
            detail.configFiles.push_back({row.string(0), row.string(1), std::move(content).valueOr({})});
        }));
    RUNGLASS_TRY(forEachRow(
        sql.query("SELECT path, sha256, size, time_ms FROM artifact WHERE run = ? ORDER BY path", run),
        [&](const Query& row) {
            detail.artifacts.push_back({row.string(0), row.string(1), row.integer(2), row.integer(3)});
        }));
    RUNGLASS_TRY(forEachRow(
        sql.query("SELECT name, digest, location, profile FROM dataset WHERE run = ? ORDER BY position", run),
        [&](const Query& row) {
            detail.datasets.push_back({row.string(0), row.string(1), row.string(2), row.string(3)});
        }));
    if (database.report.schemaVersion >= kOriginsVersion) {
        RUNGLASS_TRY(forEachRow(
            sql.query("SELECT source, location, key, here FROM origin WHERE run = ? ORDER BY position", run),
            [&](const Query& row) {
                detail.origins.push_back(
                    {Symbol(row.string(0)), row.string(1), row.string(2), row.integer(3) != 0});
            }));
    }
    return forEachRow(sql.query("SELECT message FROM problem WHERE run = ? ORDER BY position", run),
                      [&](const Query& row) { detail.problems.push_back(row.string(0)); });
}

}  // namespace

Result<model::RunDetail> readDetail(Database::Impl& database, const RunId& id) {
    model::RunDetail detail;
    RUNGLASS_ASSIGN(const std::int64_t run, numberOf(database, id));
    std::uint64_t damaged = 0;
    const auto sink = [&](std::shared_ptr<model::RunRecord> record) { detail.record = std::move(*record); };
    RUNGLASS_TRY(readRuns(database, run, run, sink, damaged));
    if (damaged > 0) {
        database.report.damaged = true;
        noteDamage(detail, tr("Params, tags or metrics of this run are damaged in the run database."));
    }
    RUNGLASS_TRY(
        forEachRow(database.statements.query(
                       "SELECT command, working_directory, left_out, note, user_seconds, system_seconds, "
                       "peak_memory, data FROM detail LEFT JOIN content ON content.id = environment WHERE "
                       "run = ?",
                       run),
                   [&](const Query& row) { readMain(row, detail); }));
    RUNGLASS_TRY(readLists(database, run, detail));
    RUNGLASS_TRY(addModelFiles(database, run, detail));
    return detail;
}

Result<void> writeDetail(Database::Impl& database, std::int64_t run, const model::RunDetail& detail) {
    std::optional<std::int64_t> environment;
    if (detail.environment) {
        const auto bytes = encodeEnvironment(*detail.environment);
        RUNGLASS_ASSIGN(environment,
                        putContent(database, {reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
    }
    const auto command = encodeTexts(detail.command);
    const auto leftOut = encodeLeftOut(detail.leftOut);
    RUNGLASS_TRY(database.statements.run(
        "INSERT INTO detail(run, command, working_directory, environment, left_out, note, user_seconds, "
        "system_seconds, peak_memory) VALUES(?,?,?,?,?,?,?,?,?)",
        run, command, std::string_view(detail.workingDirectory), environment, leftOut,
        std::string_view(detail.note), detail.userSeconds, detail.systemSeconds, detail.peakMemoryBytes));
    for (std::size_t i = 0; i < detail.configFiles.size(); ++i) {
        const auto& file = detail.configFiles[i];
        RUNGLASS_ASSIGN(const std::int64_t content, putContent(database, file.content));
        RUNGLASS_TRY(database.statements.run(
            "INSERT INTO config_file(run, position, path, sha256, content) VALUES(?,?,?,?,?)", run, i,
            std::string_view(file.path), std::string_view(file.sha256), content));
    }
    for (const auto& dataset : detail.datasets) {
        RUNGLASS_TRY(addDatasetRow(database, run, dataset));
    }
    for (const auto& artifact : detail.artifacts) {
        auto put = putArtifactRow(database, run, artifact);
        if (!put.ok() && put.error().code == ErrorCode::Invalid) {
            RUNGLASS_TRY(addProblemRow(database, run, put.error().message));
        } else if (!put.ok()) {
            return put;
        }
    }
    for (const auto& problem : detail.problems) {
        RUNGLASS_TRY(addProblemRow(database, run, problem));
    }
    for (std::size_t i = 0; i < detail.origins.size(); ++i) {
        const auto& origin = detail.origins[i];
        RUNGLASS_TRY(database.statements.run(
            "INSERT INTO origin(run, position, source, location, key, here) VALUES(?,?,?,?,?,?)", run, i,
            origin.source.text(), std::string_view(origin.location), std::string_view(origin.key),
            origin.isHere));
    }
    return {};
}

Result<void> addDatasetRow(Database::Impl& database, std::int64_t run, const model::Dataset& dataset) {
    return database.statements.run(
        "INSERT INTO dataset(run, position, name, digest, location, profile) VALUES(?1, (SELECT "
        "coalesce(max(position), -1) + 1 FROM dataset WHERE run = ?1), ?2, ?3, ?4, ?5)",
        run, std::string_view(dataset.name), std::string_view(dataset.digest),
        std::string_view(dataset.location), std::string_view(dataset.profile));
}

Result<void> addProblemRow(Database::Impl& database, std::int64_t run, std::string_view message) {
    return database.statements.run(
        "INSERT INTO problem(run, position, message) VALUES(?1, (SELECT "
        "coalesce(max(position), -1) + 1 FROM problem WHERE run = ?1), ?2)",
        run, message);
}

Result<void> putArtifactRow(Database::Impl& database, std::int64_t run, const model::Artifact& artifact) {
    RUNGLASS_TRY(refuseInTheWay(artifact.path, [&](std::string_view first, std::string_view end) {
        return database.statements.query(
            "SELECT path FROM artifact WHERE run = ?1 AND path >= ?2 AND path < "
            "?3 LIMIT 1",
            run, first, end);
    }));
    RUNGLASS_TRY(forEachRow(
        database.statements.query("SELECT sha256 FROM artifact WHERE run = ?1 AND path = ?2 AND sha256 <> ?3",
                                  run, std::string_view(artifact.path), std::string_view(artifact.sha256)),
        [&](const Query& row) { database.dropped.push_back(row.string(0)); }));
    return database.statements.run(
        "REPLACE INTO artifact(run, path, sha256, size, time_ms) VALUES(?,?,?,?,?)", run,
        std::string_view(artifact.path), std::string_view(artifact.sha256), artifact.size, artifact.timeMs);
}

Result<void> dropContents(Database::Impl& database, std::int64_t run) {
    std::vector<std::int64_t> contents;
    RUNGLASS_TRY(
        forEachRow(database.statements.query("SELECT environment FROM detail WHERE run = ?1 AND environment "
                                             "IS NOT NULL UNION SELECT content FROM config_file WHERE run = "
                                             "?1",
                                             run),
                   [&](const Query& row) { contents.push_back(row.integer(0)); }));
    RUNGLASS_TRY(database.statements.run("DELETE FROM config_file WHERE run = ?", run));
    RUNGLASS_TRY(database.statements.run("DELETE FROM detail WHERE run = ?", run));
    for (const auto content : contents) {
        RUNGLASS_TRY(
            database.statements.run("DELETE FROM content WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM detail "
                                    "WHERE environment = ?1) AND NOT "
                                    "EXISTS (SELECT 1 FROM config_file WHERE content = ?1)",
                                    content));
    }
    return {};
}

}  // namespace runglass::store
