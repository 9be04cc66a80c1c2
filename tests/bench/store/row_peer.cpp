// SPDX-License-Identifier: GPL-3.0-or-later
#include "row_peer.h"

namespace runglass::bench {

namespace {

constexpr const char* kRowsAndIndex =
    "CREATE TABLE point(run INTEGER, key INTEGER, step INTEGER, time INTEGER, value REAL);"
    "CREATE INDEX point_key ON point(run, key, step)";
constexpr const char* kWithoutRowId =
    "CREATE TABLE point(run INTEGER, key INTEGER, step INTEGER, time INTEGER, value REAL,"
    "PRIMARY KEY(run, key, step)) WITHOUT ROWID";

void orAbort(bool ok, sqlite3* db) {
    if (!ok) {
        std::fprintf(stderr, "%s\n", sqlite3_errmsg(db));
        std::abort();
    }
}

}  // namespace

RowPeer::RowPeer(const std::filesystem::path& file, Kind kind) {
    constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    orAbort(sqlite3_open_v2(file.c_str(), &m_db, flags, nullptr) == SQLITE_OK, m_db);
    execute(
        "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=OFF;"
        "PRAGMA journal_size_limit=67108864");
    execute(kind == Kind::RowsAndIndex ? kRowsAndIndex : kWithoutRowId);
}

RowPeer::~RowPeer() {
    for (auto* statement : m_statements) {
        sqlite3_finalize(statement);
    }
    sqlite3_close(m_db);
}

void RowPeer::append(const std::vector<store::MetricPoint>& points, std::size_t keys) {
    auto* const begin = prepare("BEGIN IMMEDIATE");
    auto* const insert = prepare("INSERT INTO point VALUES(1,?,?,?,?)");
    auto* const commit = prepare("COMMIT");
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (i % kBatch == 0) {
            run(begin);
        }
        const auto& p = points[i].point;
        sqlite3_bind_int64(insert, 1, static_cast<sqlite3_int64>(i % keys));
        sqlite3_bind_int64(insert, 2, p.step);
        sqlite3_bind_int64(insert, 3, p.timeMs);
        sqlite3_bind_double(insert, 4, p.value);
        run(insert);
        if (i % kBatch == kBatch - 1 || i + 1 == points.size()) {
            run(commit);
        }
    }
}

model::Series RowPeer::read(int key) {
    auto* const select =
        prepare("SELECT step, time, value FROM point WHERE run = 1 AND key = ? ORDER BY step");
    sqlite3_bind_int(select, 1, key);
    model::Series series;
    while (sqlite3_step(select) == SQLITE_ROW) {
        series.push({sqlite3_column_int64(select, 0), sqlite3_column_int64(select, 1),
                     sqlite3_column_double(select, 2)});
    }
    return series;
}

sqlite3_stmt* RowPeer::prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    orAbort(sqlite3_prepare_v3(m_db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) == SQLITE_OK,
            m_db);
    m_statements.push_back(statement);
    return statement;
}

void RowPeer::execute(const char* sql) {
    orAbort(sqlite3_exec(m_db, sql, nullptr, nullptr, nullptr) == SQLITE_OK, m_db);
}

void RowPeer::run(sqlite3_stmt* statement) {
    orAbort(sqlite3_step(statement) == SQLITE_DONE, m_db);
    sqlite3_reset(statement);
}

}  // namespace runglass::bench
