// SPDX-License-Identifier: GPL-3.0-or-later
//
// What many runs share in kind but not in number (params, tags, metric summaries) lies in a few blobs a run:
// with a row a param and a row a summary, 100,000 runs are five million rows, seconds to read. The formats of
// the blobs are described in run_codec.h and tail.h; each carries a checksum (sealed.h).
#include "schema.h"

#include <array>

#include "connection.h"
#include "schema_left_out.h"
#include "schema_live.h"
#include "schema_marks.h"
#include "schema_origins.h"
#include "schema_tracking.h"

namespace runglass::store {

namespace {

constexpr std::string_view kVersion1 = R"sql(
-- Names that repeat: keys of params, tags and metrics, experiments, sources.
CREATE TABLE word(
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
);
-- One row a run: what the run table shows, besides metrics.
CREATE TABLE run(
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
    name TEXT NOT NULL,
    experiment INTEGER NOT NULL REFERENCES word,
    source INTEGER NOT NULL REFERENCES word,
    location TEXT NOT NULL,
    status INTEGER NOT NULL,
    exit_code INTEGER,
    signal INTEGER,
    start_ms INTEGER,
    end_ms INTEGER,
    git_commit TEXT NOT NULL,
    git_branch TEXT NOT NULL,
    git_snapshot TEXT NOT NULL,
    git_remote TEXT NOT NULL,
    git_dirty INTEGER NOT NULL,
    parent BLOB,
    archived INTEGER NOT NULL DEFAULT 0,
    starred INTEGER NOT NULL DEFAULT 0,
    has_note INTEGER NOT NULL DEFAULT 0,
    color INTEGER,
    params BLOB NOT NULL,
    tags BLOB NOT NULL
);
-- The last change of each run, and runs that are gone: one sequence of numbers over both.
CREATE TABLE change(
    revision INTEGER PRIMARY KEY,
    run INTEGER NOT NULL UNIQUE REFERENCES run ON DELETE CASCADE
);
CREATE TABLE deletion(
    revision INTEGER PRIMARY KEY,
    id BLOB NOT NULL
);
-- Summaries of metrics, 32 to a page, in the order in which the metrics first appeared.
-- id = run << 16 | page.
CREATE TABLE summary(
    id INTEGER PRIMARY KEY,
    data BLOB NOT NULL
);
-- Points that just arrived, all metrics of an append together. id = run << 16 | order of arrival.
CREATE TABLE tail(
    id INTEGER PRIMARY KEY,
    points INTEGER NOT NULL,
    data BLOB NOT NULL
);
-- Points by metric. `first` is the index of the first point within its series. Not WITHOUT ROWID: SQLite would read
-- each block a second time, as part of the key, to see whether a range ends.
CREATE TABLE chunk(
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    metric INTEGER NOT NULL REFERENCES word,
    first INTEGER NOT NULL,
    count INTEGER NOT NULL,
    data BLOB NOT NULL
);
CREATE UNIQUE INDEX chunk_place ON chunk(run, metric, first, count);
CREATE TRIGGER run_deleted AFTER DELETE ON run BEGIN
    DELETE FROM summary WHERE id BETWEEN old.number << 16 AND (old.number << 16) + 65535;
    DELETE FROM tail WHERE id BETWEEN old.number << 16 AND (old.number << 16) + 65535;
END;
-- Environments and config files, zstd; the same content is stored once.
CREATE TABLE content(
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    data BLOB NOT NULL
);
-- What only the page of a single run shows.
CREATE TABLE detail(
    run INTEGER PRIMARY KEY REFERENCES run ON DELETE CASCADE,
    command BLOB NOT NULL,
    working_directory TEXT NOT NULL,
    environment INTEGER REFERENCES content,
    left_out BLOB NOT NULL,
    note TEXT NOT NULL,
    user_seconds REAL,
    system_seconds REAL,
    peak_memory INTEGER
);
CREATE INDEX detail_environment ON detail(environment);
CREATE TABLE config_file(
    run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    position INTEGER NOT NULL,
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    content INTEGER NOT NULL REFERENCES content,
    PRIMARY KEY(run, position)
) WITHOUT ROWID;
CREATE INDEX config_file_content ON config_file(content);
CREATE TABLE dataset(
    run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    location TEXT NOT NULL,
    profile TEXT NOT NULL,
    PRIMARY KEY(run, position)
) WITHOUT ROWID;
CREATE TABLE artifact(
    run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    time_ms INTEGER NOT NULL,
    PRIMARY KEY(run, path)
) WITHOUT ROWID;
CREATE INDEX artifact_sha256 ON artifact(sha256);
CREATE TABLE problem(
    run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    position INTEGER NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY(run, position)
) WITHOUT ROWID;
CREATE TABLE spool(
    run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    name TEXT NOT NULL,
    offset INTEGER NOT NULL,
    PRIMARY KEY(run, name)
) WITHOUT ROWID;
)sql";

constexpr std::string_view kVersion2 = R"sql(
-- `runglass show NAME` looks runs up by name.
CREATE INDEX run_name ON run(name);
)sql";

constexpr std::array kMigrations{kVersion1,   kVersion2,    kTrackingTables, kMarkTables,
                                 kLivePoints, kOriginTable, kLeftOutColumn};
static_assert(kMigrations[kTrackingVersion - 1] == kTrackingTables);
static_assert(kMigrations[kMarksVersion - 1] == kMarkTables);
static_assert(kMigrations[kLiveVersion - 1] == kLivePoints);
static_assert(kMigrations[kOriginsVersion - 1] == kOriginTable);
static_assert(kMigrations[kLeftOutVersion - 1] == kLeftOutColumn);

Result<void> migrateOnce(sqlite3* connection, int version) {
    RUNGLASS_TRY(execute(connection, std::string(kMigrations[static_cast<std::size_t>(version)])));
    return execute(connection, "PRAGMA application_id = " + std::to_string(kApplicationId) +
                                   "; PRAGMA user_version = " + std::to_string(version + 1));
}

}  // namespace

std::span<const std::string_view> migrations() {
    return kMigrations;
}

int currentSchemaVersion() {
    return static_cast<int>(kMigrations.size());
}

Result<void> migrate(sqlite3* connection) {
    for (;;) {
        RUNGLASS_ASSIGN(std::int64_t version, pragma(connection, "user_version"));
        if (version >= currentSchemaVersion()) {
            return {};
        }
        RUNGLASS_TRY(beginImmediate(connection));
        // Another process may have come first while this one waited.
        const auto now = pragma(connection, "user_version");
        Result<void> done = now.ok() ? Result<void>() : Result<void>(now.error());
        if (now.ok() && *now == version) {
            done = migrateOnce(connection, static_cast<int>(version));
        }
        if (done.ok()) {
            done = execute(connection, "COMMIT");
        }
        if (!done.ok()) {
            rollback(connection);
            return done;
        }
    }
}

}  // namespace runglass::store
