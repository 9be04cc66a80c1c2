// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/artifact_files.h"

#include "artifact_sweep.h"
#include "database_impl.h"
#include "detail_rows.h"
#include "file_names.h"
#include "model_rows.h"
#include "revision.h"
#include "run_rows.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/store/experiments.h"

namespace runglass::store {

namespace {

/// A path that begins with another number of an experiment, with its own (Experiments::ownNumber).
std::string ownPath(Database& database, std::string_view path) {
    const auto first = path.substr(0, path.find('/'));
    const auto number = parseInt(first);
    const auto own = number ? Experiments(database).ownNumber(*number) : Result<std::int64_t>(0);
    return number && own.ok() && *own != *number
               ? std::to_string(*own) + std::string(path.substr(first.size()))
               : std::string(path);
}

/// Another process may have removed the content again, with the last run that had it: it is to be sent once
/// more.
Result<void> requireContent(const Database::Impl& database, const model::Artifact& artifact) {
    if (!hasContent(database, artifact.sha256)) {
        return Error{ErrorCode::Busy,
                     tr("The content of {} was removed meanwhile. Store it again.", artifact.path),
                     {}};
    }
    return {};
}

/// Each row is a content that loses a reference.
template <typename Rows>
Result<void> drop(Database::Impl& database, Rows&& rows) {
    return forEachRow(std::forward<Rows>(rows),
                      [&](const Query& row) { database.dropped.push_back(row.string(0)); });
}

model::Artifact artifactOf(const Query& row) {
    return {row.string(0), row.string(1), row.integer(2), row.integer(3)};
}

}  // namespace

std::optional<Error> fileInTheWay(std::string_view path, std::string_view other) {
    if (path == other) {
        return std::nullopt;
    }
    if (isAtOrBelow(other, path)) {
        return Error{ErrorCode::Invalid,
                     tr("{} is a folder already. Give the file another name, or remove the folder.", path),
                     {}};
    }
    if (isAtOrBelow(path, other)) {
        return Error{ErrorCode::Invalid,
                     tr("{} is a file already, and nothing can lie below it. Give {} another name, or remove "
                        "the file.",
                        other, path),
                     {}};
    }
    return std::nullopt;
}

Result<std::vector<model::Artifact>> ArtifactFiles::ofRun(const RunId& run) {
    auto& database = m_database->impl();
    return database.read([&]() -> Result<std::vector<model::Artifact>> {
        RUNGLASS_ASSIGN(const std::int64_t number, numberOf(database, run));
        std::vector<model::Artifact> artifacts;
        RUNGLASS_TRY(forEachRow(
            database.statements.query(
                "SELECT path, sha256, size, time_ms FROM artifact WHERE run = ? ORDER BY path", number),
            [&](const Query& row) { artifacts.push_back(artifactOf(row)); }));
        return Result<std::vector<model::Artifact>>(std::move(artifacts));
    });
}

Result<void> ArtifactFiles::put(const RunId& run, const model::Artifact& artifact) {
    auto& database = m_database->impl();
    return database.write(Durability::Decision, [&]() -> Result<void> {
        RUNGLASS_ASSIGN(const std::int64_t number, numberOf(database, run));
        if (!artifact.sha256.empty()) {
            RUNGLASS_TRY(requireContent(database, artifact));
        }
        RUNGLASS_TRY(putArtifactRow(database, number, artifact));
        const auto touched = touch(database, number);
        return touched.ok() ? Result<void>() : Result<void>(touched.error());
    });
}

Result<void> ArtifactFiles::remove(const RunId& run, std::string_view path) {
    auto& database = m_database->impl();
    const Below below(path);
    return database.write(Durability::Decision, [&]() -> Result<void> {
        RUNGLASS_ASSIGN(const std::int64_t number, numberOf(database, run));
        RUNGLASS_TRY(
            drop(database, database.statements.query(
                               "DELETE FROM artifact WHERE run = ?1 AND (?2 = '' OR path = ?2 OR "
                               "(path >= ?3 AND path < ?4)) RETURNING sha256",
                               number, path, std::string_view(below.first), std::string_view(below.end))));
        const auto touched = touch(database, number);
        return touched.ok() ? Result<void>() : Result<void>(touched.error());
    });
}

Result<std::vector<model::Artifact>> ArtifactFiles::loose(std::string_view path) {
    const auto own = ownPath(*m_database, path);
    const Below below(own);
    std::vector<model::Artifact> artifacts;
    RUNGLASS_TRY(
        forEachRow(m_database->impl().statements.query(
                       "SELECT path, sha256, size, time_ms FROM loose_artifact WHERE ?1 = '' OR "
                       "path = ?1 OR (path >= ?2 AND path < ?3) ORDER BY path",
                       std::string_view(own), std::string_view(below.first), std::string_view(below.end)),
                   [&](const Query& row) {
                       artifacts.push_back(artifactOf(row));
                       artifacts.back().path.replace(0, own.size(), path);
                   }));
    return artifacts;
}

bool ArtifactFiles::isThere(const model::Artifact& artifact) const {
    return artifact.sha256.empty() || hasContent(m_database->impl(), artifact.sha256);
}

Result<void> ArtifactFiles::putLoose(const model::Artifact& given) {
    auto& database = m_database->impl();
    return database.write(Durability::Decision, [&]() -> Result<void> {
        auto artifact = given;
        artifact.path = ownPath(*m_database, given.path);
        RUNGLASS_TRY(requireContent(database, artifact));
        RUNGLASS_TRY(refuseInTheWay(artifact.path, [&](std::string_view first, std::string_view end) {
            return database.statements.query(
                "SELECT path FROM loose_artifact WHERE path >= ?1 AND path < ?2 LIMIT 1", first, end);
        }));
        RUNGLASS_TRY(touchMakerOfFile(database, artifact.path));
        RUNGLASS_TRY(drop(database, database.statements.query(
                                        "SELECT sha256 FROM loose_artifact WHERE path = ?1 AND sha256 <> ?2",
                                        std::string_view(artifact.path), std::string_view(artifact.sha256))));
        return database.statements.run(
            "REPLACE INTO loose_artifact(path, sha256, size, time_ms) VALUES(?,?,?,?)",
            std::string_view(artifact.path), std::string_view(artifact.sha256), artifact.size,
            artifact.timeMs);
    });
}

Result<void> ArtifactFiles::removeLoose(std::string_view given) {
    auto& database = m_database->impl();
    return database.write(Durability::Decision, [&]() -> Result<void> {
        const auto path = ownPath(*m_database, given);
        const Below below(path);
        RUNGLASS_TRY(touchMakerOfFile(database, path));
        return drop(database, database.statements.query("DELETE FROM loose_artifact WHERE path = ?1 OR (path "
                                                        ">= ?2 AND path < ?3) RETURNING sha256",
                                                        std::string_view(path), std::string_view(below.first),
                                                        std::string_view(below.end)));
    });
}

}  // namespace runglass::store
