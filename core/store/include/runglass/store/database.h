// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/base/run_id.h"

namespace runglass::store {

enum class OpenMode {
    ReadWrite,  ///< makes or migrates the database; falls back to reading where nothing can be written
    ReadOnly,   ///< never writes, not even a journal where that can be avoided
};

/// A run that cannot be read, or only in part.
struct DamagedRun {
    std::int64_t number = 0;
    RunId id;          ///< null where it is not known
    std::string name;  ///< empty where it is not known

    friend bool operator==(const DamagedRun&, const DamagedRun&) = default;
};

/// What a person must know about how the database was opened.
struct OpenReport {
    bool writable = false;
    std::string whyNotWritable;  ///< one message for people; empty when writable
    int schemaVersion = 0;
    bool tooNew = false;   ///< a newer Runglass wrote it; opened for reading
    bool damaged = false;  ///< something cannot be read; see integrity.h for what
    /// Runs that the last reading of the run table could not read, or only in part.
    std::uint64_t damagedRuns = 0;
    /// The first of them, to be named.
    static constexpr std::size_t kMostNamed = 16;
    std::vector<DamagedRun> namedDamage;
};

/// One SQLite connection to a project's run database: WAL, busy handling, schema and migrations. Not
/// thread-safe: each thread or job opens its own (well under a millisecond), so nothing of SQLite ever
/// crosses a thread.
class Database {
public:
    /// `project` is the project's folder. NotFound when opened ReadOnly and there is no database yet.
    static Result<Database> open(const std::filesystem::path& project, OpenMode mode);

    Database(Database&&) noexcept;
    Database& operator=(Database&&) noexcept;
    ~Database();

    [[nodiscard]] const OpenReport& report() const;
    [[nodiscard]] const std::filesystem::path& project() const;

    /// The connection for the other files of this folder; defined in a private header.
    class Impl;
    [[nodiscard]] Impl& impl() const { return *m_impl; }

private:
    friend class CatalogCopy;  // makes one of its own, in memory
    explicit Database(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace runglass::store
