// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "runglass/base/result.h"

namespace runglass::store {

struct CloseConnection {
    void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
};
using Connection = std::unique_ptr<sqlite3, CloseConnection>;

enum class FileAccess {
    ReadWrite,  ///< makes the file when it is missing
    Read,
    /// For folders where SQLite cannot keep its shared-memory file: no locks, the write-ahead log is read
    /// into memory. Nobody may be writing.
    ReadUnlocked,
    ReadImmutable,  ///< the same where there is no write-ahead log
    /// For a file whose end is missing: SQLite opens it only when told not to mind (writable_schema; nothing
    /// is written all the same).
    ReadDamaged,
};

/// Opens a database file and makes sure that it can be read. Busy databases are waited for from here on.
Result<Connection> openFile(const std::filesystem::path& file, FileAccess access);

/// A database of its own, without a file.
Result<Connection> openMemory();
/// Makes a database file readable as `name` beside that of the connection.
Result<void> attachToRead(sqlite3* connection, const std::filesystem::path& file, const std::string& name);

/// Runs statements that give no rows.
Result<void> execute(sqlite3* connection, const std::string& sql);
/// The value of `PRAGMA name`.
Result<std::int64_t> pragma(sqlite3* connection, const std::string& name);

/// How long this thread waits for another writer (patience.h).
std::int64_t patienceMs();
/// Takes the write lock, waiting for patienceMs().
Result<void> beginImmediate(sqlite3* connection);
void rollback(sqlite3* connection);

}  // namespace runglass::store
