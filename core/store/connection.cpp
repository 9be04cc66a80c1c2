// SPDX-License-Identifier: GPL-3.0-or-later
#include "connection.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <random>
#include <thread>
#include <utility>

#include "runglass/base/clock.h"
#include "runglass/store/patience.h"
#include "statement.h"

namespace runglass::store {

namespace {

using std::chrono::microseconds;

/// A connection belongs to one thread, and a thread waits for one thing at a time.
thread_local std::int64_t longestWaitMs = 60'000;

/// Waits 0.2 ms, then longer, up to 20 ms: a write transaction of Runglass takes milliseconds. Half of each
/// wait is random, so that writers that met once do not meet again.
void pauseBefore(int attempt) {
    thread_local std::minstd_rand random{std::random_device{}()};
    const int longest = std::min(200 << std::min(attempt, 7), 20'000);
    std::this_thread::sleep_for(
        microseconds(longest / 2 + static_cast<int>(random() % static_cast<unsigned>(longest / 2))));
}

/// SQLite's busy handler.
int waitWhileBusy(void* /*unused*/, int attempt) {
    thread_local std::int64_t start = 0;
    const auto now = monotonicMs();
    if (attempt == 0) {
        start = now;
    }
    if (now - start > longestWaitMs) {
        return 0;
    }
    pauseBefore(attempt);
    return 1;
}

bool isBusy(int code) {
    return (code & 0xFF) == SQLITE_BUSY || (code & 0xFF) == SQLITE_LOCKED;
}

/// Some locks are refused without asking the busy handler: switching to WAL while another process does,
/// recovery after a crash. So every one-shot statement is retried here too.
int executeWaiting(sqlite3* connection, const char* sql) {
    const auto start = monotonicMs();
    for (int attempt = 0;; ++attempt) {
        errno = 0;
        const int code = sqlite3_exec(connection, sql, nullptr, nullptr, nullptr);
        if (!isBusy(code) || monotonicMs() - start > longestWaitMs) {
            return code;
        }
        pauseBefore(attempt);
    }
}

/// Path as a URI: everything but plain characters in percent notation.
std::string uriOf(const std::filesystem::path& file, const char* parameters) {
    constexpr const char* digits = "0123456789ABCDEF";
    std::string uri = "file:";
    for (const char c : file.native()) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
                           (byte >= 'A' && byte <= 'Z') || byte == '/' || byte == '.' || byte == '-' ||
                           byte == '_';
        if (plain) {
            uri += c;
        } else {
            uri += {'%', digits[byte >> 4U], digits[byte & 0xFU]};
        }
    }
    return uri + parameters;
}

const char* parametersOf(FileAccess access) {
    switch (access) {
        case FileAccess::ReadWrite:
            return "?mode=rwc";
        case FileAccess::Read:
        case FileAccess::ReadDamaged:
            return "?mode=ro";
        case FileAccess::ReadUnlocked:
            return "?mode=ro&vfs=unix-none";  // nolock=1 would rule out the log
        case FileAccess::ReadImmutable:
            return "?mode=ro&immutable=1";
    }
    return "";
}

}  // namespace

Patience::Patience(std::int64_t ms)
    : m_before(std::exchange(longestWaitMs, ms)) {}
Patience::~Patience() {
    longestWaitMs = m_before;
}

std::int64_t patienceMs() {
    return longestWaitMs;
}

namespace {

/// `place` is a file as a URI, or `:memory:`.
Result<Connection> openAt(const std::string& place, FileAccess access) {
    sqlite3* raw = nullptr;
    const int flags = (access == FileAccess::ReadWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                                       : SQLITE_OPEN_READONLY) |
                      SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
    const int code = sqlite3_open_v2(place.c_str(), &raw, flags, nullptr);
    Connection connection(raw);
    if (code != SQLITE_OK) {
        return sqliteError(raw, code);
    }
    sqlite3_extended_result_codes(raw, 1);
    sqlite3_busy_handler(raw, &waitWhileBusy, nullptr);
    if (access == FileAccess::ReadUnlocked) {
        // With the exclusive mode the index of the write-ahead log lives in memory, not in a shared file.
        RUNGLASS_TRY(execute(raw, "PRAGMA locking_mode = EXCLUSIVE"));
    }
    // Nothing in a project's database is a program: no functions or triggers of others with side effects.
    sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    if (access == FileAccess::ReadDamaged) {
        RUNGLASS_TRY(execute(raw, "PRAGMA writable_schema = ON"));
    } else {
        sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    }
    RUNGLASS_TRY(execute(
        raw, "PRAGMA foreign_keys = ON; PRAGMA secure_delete = OFF; SELECT count(*) FROM sqlite_schema"));
    return Result<Connection>(std::move(connection));
}

}  // namespace

Result<Connection> openFile(const std::filesystem::path& file, FileAccess access) {
    return openAt(uriOf(std::filesystem::absolute(file), parametersOf(access)), access);
}

Result<Connection> openMemory() {
    return openAt(":memory:", FileAccess::ReadWrite);
}

Result<void> attachToRead(sqlite3* connection, const std::filesystem::path& file, const std::string& name) {
    // A URI has no quotes in it.
    return execute(
        connection,
        "ATTACH '" + uriOf(std::filesystem::absolute(file), parametersOf(FileAccess::Read)) + "' AS " + name);
}

Result<void> execute(sqlite3* connection, const std::string& sql) {
    if (const int code = executeWaiting(connection, sql.c_str()); code != SQLITE_OK) {
        return sqliteError(connection, code, sql);
    }
    return {};
}

Result<std::int64_t> pragma(sqlite3* connection, const std::string& name) {
    sqlite3_stmt* statement = nullptr;
    const std::string sql = "PRAGMA " + name;
    if (const int code = sqlite3_prepare_v2(connection, sql.c_str(), -1, &statement, nullptr);
        code != SQLITE_OK) {
        return sqliteError(connection, code, sql);
    }
    const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> owner(statement, &sqlite3_finalize);
    Query query(statement);
    RUNGLASS_ASSIGN(const bool row, query.step());
    return row ? query.integer(0) : 0;
}

Result<void> beginImmediate(sqlite3* connection) {
    return execute(connection, "BEGIN IMMEDIATE");
}

void rollback(sqlite3* connection) {
    if (sqlite3_get_autocommit(connection) == 0) {
        sqlite3_exec(connection, "ROLLBACK", nullptr, nullptr, nullptr);
    }
}

}  // namespace runglass::store
