// SPDX-License-Identifier: GPL-3.0-or-later
#include "revision.h"

#include <algorithm>

#include "database_impl.h"
#include "schema_live.h"
#include "schema_marks.h"

namespace runglass::store {

namespace {

#define LATEST_CHANGE \
    "coalesce((SELECT max(revision) FROM change), 0), coalesce((SELECT max(revision) FROM deletion), 0)"
#define LATEST_MARK "coalesce((SELECT max(revision) FROM mark), 0)"
#define LATEST_LIVE \
    "coalesce((SELECT max(summary.revision) FROM live JOIN summary ON summary.id = live.run << 16), 0)"

/// A database that is only read may be of an older version.
bool hasLive(const Database::Impl& database) {
    return database.report.schemaVersion >= kLiveVersion;
}

/// Moves the revision of a live run to where those of the others are.
Result<void> retire(Database::Impl& database, std::int64_t run) {
    RUNGLASS_TRY(database.statements.run(
        "INSERT INTO change(revision, run) SELECT revision, ?1 FROM summary WHERE id = ?1 << 16", run));
    return database.statements.run("DELETE FROM live WHERE run = ?", run);
}

Result<std::int64_t> longestUntouched(Database::Impl& database) {
    RUNGLASS_ASSIGN(
        auto query,
        database.statements.query("SELECT run, count(*) OVER () FROM live LEFT JOIN summary ON summary.id = "
                                  "live.run << 16 ORDER BY revision LIMIT 1"));
    RUNGLASS_ASSIGN(const bool row, query.step());
    return row && query.integer(1) >= kMostLive ? query.integer(0) : 0;
}

}  // namespace

Result<std::int64_t> currentRevision(Database::Impl& database) {
    auto& statements = database.statements;
    auto query = hasLive(database)
                     ? statements.query("SELECT max(" LATEST_CHANGE ", " LATEST_MARK ", " LATEST_LIVE ")")
                 : database.report.schemaVersion >= kMarksVersion
                     ? statements.query("SELECT max(" LATEST_CHANGE ", " LATEST_MARK ")")
                     : statements.query("SELECT max(" LATEST_CHANGE ")");
    if (!query.ok()) {
        return std::move(query).error();
    }
    RUNGLASS_TRY(query->step());
    return query->integer(0);
}

Result<std::int64_t> nextRevision(Database::Impl& database) {
    RUNGLASS_ASSIGN(const std::int64_t current, currentRevision(database));
    return current + 1;
}

Result<std::vector<std::int64_t>> changedRuns(Database::Impl& database, std::int64_t revision) {
    std::vector<std::int64_t> runs;
    const auto take = [&](const Query& row) { runs.push_back(row.integer(0)); };
    auto& statements = database.statements;
    RUNGLASS_TRY(forEachRow(statements.query("SELECT run FROM change WHERE revision > ?", revision), take));
    if (hasLive(database)) {
        RUNGLASS_TRY(
            forEachRow(statements.query("SELECT run FROM live JOIN summary ON summary.id = run << 16 "
                                        "WHERE summary.revision > ?",
                                        revision),
                       take));
    }
    std::sort(runs.begin(), runs.end());
    return runs;
}

Result<std::int64_t> touch(Database::Impl& database, std::int64_t run) {
    RUNGLASS_ASSIGN(const RunRevision before, revisionOf(database, run));
    RUNGLASS_ASSIGN(const std::int64_t revision, nextRevision(database));
    if (before.live) {
        RUNGLASS_TRY(
            database.statements.run("UPDATE summary SET revision = ?2 WHERE id = ?1 << 16", run, revision));
    } else {
        RUNGLASS_TRY(
            database.statements.run("REPLACE INTO change(revision, run) VALUES(?, ?)", revision, run));
    }
    return revision;
}

Result<RunRevision> revisionOf(Database::Impl& database, std::int64_t run) {
    RUNGLASS_ASSIGN(
        auto query,
        database.statements.query(
            "SELECT (SELECT revision FROM live JOIN summary ON summary.id = run << 16 WHERE run = "
            "?1), (SELECT revision FROM change WHERE run = ?1)",
            run));
    RUNGLASS_TRY(query.step());
    return query.isNull(0) ? RunRevision{query.integer(1), false} : RunRevision{query.integer(0), true};
}

Result<void> enterLive(Database::Impl& database, std::int64_t run) {
    RUNGLASS_ASSIGN(const std::int64_t longest, longestUntouched(database));
    if (longest != 0) {
        RUNGLASS_TRY(retire(database, longest));
    }
    RUNGLASS_TRY(database.statements.run("DELETE FROM change WHERE run = ?", run));
    return database.statements.run("INSERT INTO live(run) VALUES(?)", run);
}

Result<void> leaveLive(Database::Impl& database, std::int64_t run) {
    RUNGLASS_ASSIGN(const RunRevision now, revisionOf(database, run));
    return now.live ? retire(database, run) : Result<void>();
}

}  // namespace runglass::store
