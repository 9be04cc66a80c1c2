// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sqlite3.h>

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/sources/folder.h"
#include "runglass/sources/format.h"
#include "runglass/sources/growing_file.h"
#include "runglass/sources/reader.h"
#include "sqlite_table.h"

namespace runglass::sources {

/// A row of a query; text is valid until the next one.
class ForeignRow {
public:
    explicit ForeignRow(sqlite3_stmt* statement)
        : m_statement(statement) {}
    [[nodiscard]] bool isNull(int column) const {
        return sqlite3_column_type(m_statement, column) == SQLITE_NULL;
    }
    [[nodiscard]] std::int64_t integer(int column) const { return sqlite3_column_int64(m_statement, column); }
    [[nodiscard]] double real(int column) const { return sqlite3_column_double(m_statement, column); }
    [[nodiscard]] std::optional<std::int64_t> optionalInteger(int column) const {
        return isNull(column) ? std::nullopt : std::optional(integer(column));
    }
    /// Nothing where text or bytes stand in the place of a number: SQLite would make a zero of them.
    [[nodiscard]] std::optional<double> number(int column) const {
        return isNumeric(column) ? std::optional(real(column)) : std::nullopt;
    }
    [[nodiscard]] bool isNumeric(int column) const {
        const int type = sqlite3_column_type(m_statement, column);
        return type == SQLITE_INTEGER || type == SQLITE_FLOAT;
    }
    [[nodiscard]] std::string_view text(int column) const {
        const auto* bytes = sqlite3_column_text(m_statement, column);
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column));
        return {reinterpret_cast<const char*>(bytes), bytes == nullptr ? 0 : size};
    }

private:
    sqlite3_stmt* m_statement;
};

/// The SQLite database of another tool, which that tool may be writing to at this moment. Nothing is written,
/// neither to it nor beside it, and it is kept open only for a short look, so that a writer waits for
/// milliseconds at most (and, in WAL mode, not at all). How that is done depends on what lies there
/// (https://sqlite.org/wal.html, https://sqlite.org/lockingv3.html):
///
/// - Rollback journal: read under SQLite's shared lock. A journal that a crashed writer left ("hot") would
///   have to be rolled back first, which writes.
/// - WAL with its -shm file: the index in there is used, opened for reading only (`readonly_shm`); when
///   nobody has it open, SQLite makes a private one in memory.
/// - WAL mode without a -wal file: all is in the database file, and opening it as usual would create -wal and
///   -shm. It is opened as immutable; `unchanged()` tells whether that was true to the end.
/// - WAL without -shm, and hot journals: SQLite works on a private temporary copy.
class ForeignDatabase {
public:
    /// Waits two seconds for a writer, and then fails (Busy).
    static Result<ForeignDatabase> open(const std::filesystem::path& file, std::stop_token stop = {});

    ForeignDatabase(ForeignDatabase&&) noexcept = default;
    ForeignDatabase& operator=(ForeignDatabase&&) = delete;
    ~ForeignDatabase();

    /// The files as they were when it was opened.
    [[nodiscard]] const std::vector<FileStamp>& stamps() const { return m_stamps; }
    /// Whether the files are still what they were when it was opened.
    [[nodiscard]] bool unchanged() const;

    /// Names of the columns of a table; none when there is no table (views are not looked at).
    [[nodiscard]] std::vector<std::string> columns(std::string_view table) const;
    [[nodiscard]] bool hasTable(std::string_view table) const { return !columns(table).empty(); }

    /// Runs `sql` with `arguments` (integers and text) and calls `take(ForeignRow)` with each row.
    template <typename Take, typename... Arguments>
    Result<void> each(const std::string& sql, Take&& take, const Arguments&... arguments) const {
        RUNGLASS_ASSIGN(const auto statement, prepare(sql));
        int index = 0;
        (bind(statement.get(), ++index, arguments), ...);
        for (;;) {
            const int code = sqlite3_step(statement.get());
            if (code == SQLITE_DONE) {
                return {};
            }
            if (code != SQLITE_ROW) {
                return error(code, sql);
            }
            take(ForeignRow(statement.get()));
        }
    }

    /// Calls `take(rowid, record)` for the rows of a table whose rowid is greater than `after`, in their
    /// order, without the way through SQL (see SqliteTable). False when that is not possible here; some rows
    /// may have been taken then.
    bool eachRecord(std::string_view table, std::int64_t after,
                    const std::function<bool(std::int64_t, const SqliteRecord&)>& take) const;

    /// Without the wait: whether another program holds it at this moment.
    [[nodiscard]] static bool isHeld(const std::filesystem::path& file);

private:
    friend DatabaseLook lookAtSchema(const std::filesystem::path& file);

    struct Close {
        void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
    };
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

    ForeignDatabase(std::filesystem::path file, std::stop_token stop);
    static Result<ForeignDatabase> openWithin(const std::filesystem::path& file, int busyMs,
                                              std::stop_token stop);
    Result<void> connect(const std::filesystem::path& file, const char* parameters);
    Result<void> connectToCopy();
    [[nodiscard]] Result<Statement> prepare(const std::string& sql) const;
    static void bind(sqlite3_stmt* statement, int index, std::string_view text) {
        // A null pointer would be NULL, which equals nothing.
        sqlite3_bind_text64(statement, index, text.empty() ? "" : text.data(), text.size(), SQLITE_STATIC,
                            SQLITE_UTF8);
    }
    static void bind(sqlite3_stmt* statement, int index, std::integral auto value) {
        sqlite3_bind_int64(statement, index, static_cast<std::int64_t>(value));
    }
    [[nodiscard]] Error error(int code, std::string_view sql) const;

    std::filesystem::path m_file;
    std::vector<FileStamp> m_stamps;
    int m_busyMs = 0;
    bool m_allInFile = false;                 ///< nothing of it lies in a log
    std::filesystem::path m_copy;             ///< folder of the private copy; empty without one
    std::unique_ptr<std::stop_token> m_stop;  ///< at an address that SQLite can keep
    std::unique_ptr<sqlite3, Close> m_connection;
};

/// Rows of one table that were left out for one reason.
struct BadRows {
    std::uint64_t count = 0;
    std::int64_t first = 0;  ///< its rowid

    void add(std::int64_t row) { first = count++ == 0 ? row : first; }
};
/// By table.
using BadRowsByTable = std::map<std::string, BadRows, std::less<>>;

/// A row of these has a value that is not a number.
std::vector<Damage> notNumbers(const std::filesystem::path& file, const BadRowsByTable& rows);
/// A row of these has a value that is not JSON.
std::vector<Damage> notJson(const std::filesystem::path& file, const BadRowsByTable& rows);

/// Rows of these tables were left out because a page of the database is damaged.
std::vector<Damage> damagedTables(const std::filesystem::path& file, const std::vector<std::string>& tables);

/// Lets what was read of a table up to a damaged page stand, and remembers the table; other errors stay.
Result<void> upToDamage(Result<void> read, const char* table, std::vector<std::string>& damaged);

/// Calls `read(hint)`, where `hint` belongs behind the name of a table: empty at first, and anew past the
/// indices where one of them is damaged. What it fills it empties first.
template <typename Read>
Result<void> pastDamagedIndices(Read&& read) {
    auto done = read("");
    return done.ok() || done.error().code != ErrorCode::Damaged ? done : read(" NOT INDEXED");
}

/// What read() and the cache need to know of a database: itself, its log and its journal.
std::vector<FileStamp> databaseStamps(const std::filesystem::path& file);

/// The tables of one database by which formats recognise theirs.
struct DatabaseLook {
    std::filesystem::path file;
    bool opened = false;
    bool held = false;  ///< another program writes to it
    bool damaged = false;
    std::map<std::string, std::vector<std::string>, std::less<>> columns = {};  ///< by table

    [[nodiscard]] bool has(std::string_view table) const { return columns.contains(table); }
    [[nodiscard]] bool has(std::string_view table, std::string_view column) const;
};

/// The files of a folder that are SQLite databases: by name, then by their first bytes. `mlflow.db` is among
/// them too when it has not been fetched or is empty; Runglass's own is not. Each is opened once for all
/// formats; those that another program holds become findings.held, and damaged ones findings.problems.
const std::vector<DatabaseLook>& databasesIn(const Folder& folder, Findings& findings);

/// Opens `file` and runs `look(database)`, again (a few times) when somebody has written meanwhile.
template <typename Look>
auto lookAtDatabase(const std::filesystem::path& file, const std::stop_token& stop, Look&& look)
    -> decltype(look(std::declval<ForeignDatabase&>())) {
    for (int attempt = 0;; ++attempt) {
        RUNGLASS_ASSIGN(auto database, ForeignDatabase::open(file, stop));
        auto result = look(database);
        if (attempt == 3 || stop.stop_requested() || database.unchanged()) {
            return result;
        }
    }
}

}  // namespace runglass::sources
