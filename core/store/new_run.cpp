// SPDX-License-Identifier: GPL-3.0-or-later
#include "new_run.h"

#include "database_impl.h"
#include "detail_rows.h"
#include "revision.h"
#include "run_codec.h"
#include "runglass/base/clock.h"
#include "runglass/base/translate.h"

namespace runglass::store {

namespace {

/// Params and tags of a new run: keys become words.
Result<Bytes> encodeKeyValues(Database::Impl& database, const std::vector<model::KeyValue>& entries) {
    std::vector<StoredPair> pairs;
    pairs.reserve(entries.size());
    for (const auto& entry : entries) {
        RUNGLASS_ASSIGN(const std::int64_t word, database.words.idOf(database.statements, entry.key.text()));
        pairs.push_back({static_cast<std::uint64_t>(word), entry.value.text()});
    }
    return encodePairs(pairs);
}

Result<void> refuseTaken(Database::Impl& database, const RunId& id) {
    RUNGLASS_ASSIGN(auto query, database.statements.query("SELECT 1 FROM run WHERE id = ?", id));
    RUNGLASS_ASSIGN(const bool taken, query.step());
    if (taken) {
        return Error{ErrorCode::Exists, tr("There is a run {} already.", id.shortHex()), id.hex()};
    }
    return {};
}

/// An experiment has its number from its first run on: whoever asks for it later only reads. (Ignoring one
/// that is there already would use up a number.)
Result<void> numberExperiment(Database::Impl& database, std::int64_t word, std::int64_t timeMs) {
    return database.statements.run(
        "INSERT INTO experiment(word, artifact_location, created_ms, updated_ms) SELECT ?1, '', ?2, ?2 "
        "WHERE NOT EXISTS (SELECT 1 FROM experiment WHERE word = ?1)",
        word, timeMs);
}

Result<std::int64_t> insertRun(Database::Impl& database, const model::RunDetail& detail,
                               std::optional<std::int64_t> wanted) {
    const auto& record = detail.record;
    auto& words = database.words;
    RUNGLASS_ASSIGN(const std::int64_t experiment, words.idOf(database.statements, record.experiment.text()));
    RUNGLASS_TRY(numberExperiment(database, experiment, record.startTimeMs.value_or(nowMs())));
    const auto source = record.source.empty() ? std::string_view("runglass") : record.source.text();
    RUNGLASS_ASSIGN(const std::int64_t sourceWord, words.idOf(database.statements, source));
    RUNGLASS_ASSIGN(const Bytes params, encodeKeyValues(database, record.params));
    RUNGLASS_ASSIGN(const Bytes tags, encodeKeyValues(database, record.tags));
    // What its tool says of a foreign run: whether to believe it is decided anew each time it is read.
    const auto status = record.toldStatus.value_or(record.status);
    const auto endMs = record.toldStatus ? std::nullopt : record.endTimeMs;
    RUNGLASS_ASSIGN(
        auto insert,
        database.statements.query(
            "INSERT INTO run(number, id, name, experiment, source, location, status, exit_code, signal, "
            "start_ms, "
            "end_ms, "
            "git_commit, git_branch, git_snapshot, git_remote, git_dirty, parent, archived, starred, "
            "has_note, color, "
            "params, tags, left_out) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) RETURNING "
            "number",
            wanted, record.id, std::string_view(record.name), experiment, sourceWord,
            std::string_view(record.location), static_cast<int>(status), record.exitCode, record.signal,
            record.startTimeMs, endMs, std::string_view(record.git.commit),
            std::string_view(record.git.branch), std::string_view(record.git.snapshot),
            std::string_view(record.git.remote), record.git.dirty, record.parent, record.archived,
            record.starred, !detail.note.empty(), record.color, params, tags,
            static_cast<std::int64_t>(record.leftOut)));
    RUNGLASS_TRY(insert.step());
    const auto number = insert.integer(0);
    RUNGLASS_TRY(insert.run());
    return number;
}

}  // namespace

Result<std::int64_t> addRun(Database::Impl& database, const model::RunDetail& detail,
                            std::optional<std::int64_t> number) {
    if (detail.record.id.isNull()) {
        return Error{ErrorCode::Invalid, tr("A run needs an id."), {}};
    }
    RUNGLASS_TRY(refuseTaken(database, detail.record.id));
    RUNGLASS_ASSIGN(const std::int64_t given, insertRun(database, detail, number));
    RUNGLASS_TRY(writeDetail(database, given, detail));
    RUNGLASS_TRY(touch(database, given));
    return given;
}

}  // namespace runglass::store
