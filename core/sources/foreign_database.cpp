// SPDX-License-Identifier: GPL-3.0-or-later
#include "foreign_database.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <system_error>

#include "runglass/base/file.h"
#include "runglass/base/file_descriptor.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "stand_in.h"

namespace runglass::sources {
namespace {

constexpr std::string_view kMagic{"SQLite format 3\0", 16};
constexpr int kBusyMs = 2'000;
constexpr int kLookMs = 500;  ///< of a database of which nobody knows yet whether it holds runs
constexpr int kLongestValue = 64 << 20;
constexpr std::uint64_t kLargestCopy = std::uint64_t{4} << 30U;

std::filesystem::path beside(std::filesystem::path file, const char* suffix) {
    return file += suffix;
}

/// The first bytes of a file; fewer when it is shorter or cannot be read. SQLite's own lock on the same file
/// in this process goes with the descriptor (a flaw of POSIX locks), which is one more reason for
/// unchanged().
std::string headOf(const std::filesystem::path& file) {
    const FileDescriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW));
    std::string head(200, '\0');
    const auto got = descriptor.valid() ? ::pread(descriptor.get(), head.data(), head.size(), 0) : 0;
    head.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return head;
}

/// Bytes 18 and 19 of the header say how the file is written and read: 1 rollback journal, 2 WAL.
bool isWal(std::string_view head) {
    return head.size() > 19 && head[18] == 2 && head[19] == 2;
}

std::string uriOf(const std::filesystem::path& file, const char* parameters) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string uri = "file:";
    const auto path = std::filesystem::absolute(file);
    for (const char c : path.native()) {
        if (c == '%' || c == '?' || c == '#') {
            const auto byte = static_cast<unsigned char>(c);
            uri += '%';
            uri += kDigits[byte >> 4U];
            uri += kDigits[byte & 15U];
        } else {
            uri += c;
        }
    }
    return uri + parameters;
}

/// SQLite calls it every few thousand steps; anything but 0 interrupts.
int stopRequested(void* token) {
    return static_cast<const std::stop_token*>(token)->stop_requested() ? 1 : 0;
}

bool maybeDatabase(std::string_view name) {
    static constexpr std::array<std::string_view, 10> kSuffixes{
        ".db", ".sqlite", ".sqlite3", ".db3", ".s3db", ".sl3", ".sql", ".bak", ".old", ".backup"};
    if (name.ends_with("-wal") || name.ends_with("-shm") || name.ends_with("-journal")) {
        return false;
    }
    return name.find('.') == std::string_view::npos ||
           std::any_of(kSuffixes.begin(), kSuffixes.end(),
                       [&](std::string_view suffix) { return name.ends_with(suffix); });
}

}  // namespace

std::vector<FileStamp> databaseStamps(const std::filesystem::path& file) {
    return {FileStamp::of(file), FileStamp::of(beside(file, "-wal")),
            FileStamp::of(beside(file, "-journal"))};
}

std::vector<Damage> notNumbers(const std::filesystem::path& file, const BadRowsByTable& rows) {
    std::vector<Damage> damage;
    for (const auto& [table, bad] : rows) {
        damage.push_back(
            {file, 0, bad.count, tr("A value in the table {} is not a number: row {}.", table, bad.first)});
    }
    return damage;
}

std::vector<Damage> notJson(const std::filesystem::path& file, const BadRowsByTable& rows) {
    std::vector<Damage> damage;
    for (const auto& [table, bad] : rows) {
        damage.push_back(
            {file, 0, bad.count, tr("A row of the table {} is not JSON: row {}.", table, bad.first)});
    }
    return damage;
}

std::vector<Damage> damagedTables(const std::filesystem::path& file, const std::vector<std::string>& tables) {
    std::vector<Damage> damage;
    for (const auto& table : tables) {
        damage.push_back(
            {file, 0, 1, tr("A page of the database is damaged: rows of the table {} are left out.", table)});
    }
    return damage;
}

Result<void> upToDamage(Result<void> read, const char* table, std::vector<std::string>& damaged) {
    if (read.ok() || read.error().code != ErrorCode::Damaged) {
        return read;
    }
    damaged.emplace_back(table);
    return {};
}

bool DatabaseLook::has(std::string_view table, std::string_view column) const {
    const auto found = columns.find(table);
    return found != columns.end() &&
           std::find(found->second.begin(), found->second.end(), column) != found->second.end();
}

DatabaseLook lookAtSchema(const std::filesystem::path& file) {
    DatabaseLook look{file};
    const auto database = ForeignDatabase::openWithin(file, kLookMs, {});
    if (!database.ok()) {
        look.held = database.error().code == ErrorCode::Busy;
        look.damaged = database.error().code == ErrorCode::Damaged;
        return look;
    }
    // No others: reading the columns of a virtual table would load what implements it.
    const auto read = database->each(
        "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' AND "
        "t.name IN ('runs', 'experiments', 'metrics', 'params', 'studies', 'trials', 'trial_params')",
        [&](const ForeignRow& row) { look.columns[std::string(row.text(0))].emplace_back(row.text(1)); });
    look.opened = read.ok();
    look.damaged = !read.ok() && read.error().code == ErrorCode::Damaged;
    return look;
}

const std::vector<DatabaseLook>& databasesIn(const Folder& folder, Findings& findings) {
    if (findings.databases) {
        return *findings.databases;
    }
    std::vector<DatabaseLook> found;
    for (const auto& entry : folder.entries) {
        if (folder.path.filename() == ".runglass" || entry.kind != EntryKind::File ||
            !maybeDatabase(entry.name)) {
            continue;
        }
        const auto file = folder.path / entry.name;
        const auto head = headOf(file);
        if (head.starts_with(kMagic) || (entry.name == "mlflow.db" && standInFor(file, head))) {
            found.push_back(lookAtSchema(file));
            if (found.back().held) {
                findings.held.push_back(file);
            }
            // mlflow.db is somebody's by its name, who says more.
            if (found.back().damaged && entry.name != "mlflow.db") {
                findings.problems.push_back(
                    {file, 0, 1,
                     tr("This database is damaged or cut short: nobody can tell what it holds.")});
            }
        }
    }
    findings.databases = std::make_shared<const std::vector<DatabaseLook>>(std::move(found));
    return *findings.databases;
}

ForeignDatabase::ForeignDatabase(std::filesystem::path file, std::stop_token stop)
    : m_file(std::move(file))
    , m_stamps(databaseStamps(m_file))
    , m_stop(std::make_unique<std::stop_token>(std::move(stop))) {}

ForeignDatabase::~ForeignDatabase() {
    m_connection.reset();
    if (!m_copy.empty()) {
        std::error_code ignored;
        std::filesystem::remove_all(m_copy, ignored);
    }
}

bool ForeignDatabase::unchanged() const {
    return databaseStamps(m_file) == m_stamps;
}

bool ForeignDatabase::isHeld(const std::filesystem::path& file) {
    const auto database = openWithin(file, 0, {});
    return !database.ok() && database.error().code == ErrorCode::Busy;
}

Result<ForeignDatabase> ForeignDatabase::open(const std::filesystem::path& file, std::stop_token stop) {
    return openWithin(file, kBusyMs, std::move(stop));
}

Result<ForeignDatabase> ForeignDatabase::openWithin(const std::filesystem::path& file, int busyMs,
                                                    std::stop_token stop) {
    ForeignDatabase database(file, std::move(stop));
    database.m_busyMs = busyMs;
    const auto head = headOf(file);
    if (!head.starts_with(kMagic)) {
        if (!FileStamp::of(file).exists) {
            return errorFromErrno(ENOENT, tr("The database cannot be read."), file);
        }
        const auto reason = standInFor(file, head);
        return Error{
            ErrorCode::Damaged,
            toValidUtf8(file.native()) + ": " + reason.value_or(tr("This is not a SQLite database.")),
            {}};
    }
    const bool logged = database.m_stamps[1].exists && database.m_stamps[1].size > 0;
    const bool shared = FileStamp::of(beside(file, "-shm")).exists;
    Result<void> connected;
    if (!isWal(head)) {
        connected = database.connect(file, "?mode=ro");
        database.m_allInFile = connected.ok();
    } else if (database.m_stamps[1].exists && shared) {
        connected = database.connect(file, "?mode=ro&readonly_shm=1");
    } else if (!logged) {
        connected = database.connect(file, "?mode=ro&immutable=1");
        database.m_allInFile = connected.ok();
    } else {
        connected = database.connectToCopy();
    }
    if (!connected.ok() && connected.error().code == ErrorCode::ReadOnly) {
        connected = database.connectToCopy();  // a hot journal, or an index that nobody keeps
    }
    if (!connected.ok()) {
        return std::move(connected).error();
    }
    return database;
}

Result<void> ForeignDatabase::connect(const std::filesystem::path& file, const char* parameters) {
    m_connection.reset();
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(uriOf(file, parameters).c_str(), &raw,
                                     SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nullptr);
    m_connection.reset(raw);
    if (code != SQLITE_OK) {
        return error(code, {});
    }
    sqlite3_extended_result_codes(raw, 1);
    sqlite3_busy_timeout(raw, m_busyMs);
    sqlite3_limit(raw, SQLITE_LIMIT_LENGTH, kLongestValue);
    sqlite3_progress_handler(raw, 10'000, &stopRequested, m_stop.get());
    // Nothing in a project's database is a program.
    sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    RUNGLASS_TRY(each("PRAGMA query_only = ON", [](const ForeignRow&) {}));
    RUNGLASS_TRY(each("PRAGMA cell_size_check = ON", [](const ForeignRow&) {}));
    // One state of the database for all queries.
    RUNGLASS_TRY(each("BEGIN", [](const ForeignRow&) {}));
    return each("SELECT count(*) FROM sqlite_schema", [](const ForeignRow&) {});
}

Result<void> ForeignDatabase::connectToCopy() {
    m_connection.reset();
    std::uint64_t size = 0;
    for (const auto& stamp : m_stamps) {
        size += stamp.size;
    }
    if (size > kLargestCopy) {
        return Error{
            ErrorCode::TooLarge,
            tr("{} was left open by a program that ended, and is too large to be repaired in a copy. Open "
               "it once with the tool that wrote it.",
               toValidUtf8(m_file.native())),
            {}};
    }
    std::error_code failed;
    auto pattern = (std::filesystem::temp_directory_path(failed) / "runglass-XXXXXX").native();
    if (failed || ::mkdtemp(pattern.data()) == nullptr) {
        return errorFromErrno(errno, tr("No temporary folder can be made."), pattern);
    }
    m_copy = pattern;
    const auto copy = m_copy / "copy.db";
    for (const char* suffix : {"", "-wal", "-journal"}) {
        const auto from = beside(m_file, suffix);
        if (FileStamp::of(from).exists && !std::filesystem::copy_file(from, beside(copy, suffix), failed)) {
            return errorFromErrno(failed.value(), tr("The database cannot be copied."), from);
        }
    }
    sqlite3* raw = nullptr;  // once for writing, which recovers it
    sqlite3_open_v2(copy.c_str(), &raw, SQLITE_OPEN_READWRITE, nullptr);
    const std::unique_ptr<sqlite3, Close> recovering(raw);
    sqlite3_exec(raw, "SELECT count(*) FROM sqlite_schema", nullptr, nullptr, nullptr);
    return connect(copy, "?mode=ro");
}

std::vector<std::string> ForeignDatabase::columns(std::string_view table) const {
    std::vector<std::string> names;
    const auto looked = each(
        "SELECT c.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name = "
        "?",
        [&](const ForeignRow& row) { names.emplace_back(row.text(0)); }, table);
    return looked.ok() ? names : std::vector<std::string>();
}

bool ForeignDatabase::eachRecord(std::string_view table, std::int64_t after,
                                 const std::function<bool(std::int64_t, const SqliteRecord&)>& take) const {
    std::int64_t rootPage = 0;
    const auto looked = each(
        "SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND name = ? AND sql NOT LIKE "
        "'%WITHOUT%ROWID%'",
        [&](const ForeignRow& row) { rootPage = row.integer(0); }, table);
    sqlite3_file* file = nullptr;
    if (!m_allInFile || !looked.ok() || rootPage <= 1 || rootPage > UINT32_MAX ||
        sqlite3_file_control(m_connection.get(), "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK ||
        file == nullptr || file->pMethods == nullptr) {
        return false;
    }
    // Through SQLite's own descriptor: closing another one would drop its lock.
    SqliteTable pages([&](std::uint8_t* bytes, std::size_t size, std::uint64_t offset) {
        return !m_stop->stop_requested() &&
               file->pMethods->xRead(file, bytes, static_cast<int>(size),
                                     static_cast<sqlite3_int64>(offset)) == SQLITE_OK;
    });
    return pages.forEachRow(static_cast<std::uint32_t>(rootPage), after, take);
}

Result<ForeignDatabase::Statement> ForeignDatabase::prepare(const std::string& sql) const {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v2(m_connection.get(), sql.c_str(), static_cast<int>(sql.size()) + 1,
                                        &statement, nullptr);
    if (code != SQLITE_OK) {
        return error(code, sql);
    }
    return Statement(statement);
}

Error ForeignDatabase::error(int code, std::string_view sql) const {
    const auto name = toValidUtf8(m_file.native());
    auto detail = std::string(sqlite3_errmsg(m_connection.get())) + " " + std::string(sql);
    switch (code & 0xFF) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {ErrorCode::Busy, tr("Another program is writing to {}. It will be read again.", name),
                    std::move(detail)};
        case SQLITE_READONLY:
            return {ErrorCode::ReadOnly, tr("{} was left open by a program that ended.", name),
                    std::move(detail)};
        case SQLITE_INTERRUPT:
            return {ErrorCode::Cancelled, tr("Cancelled."), {}};
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return {ErrorCode::Permission, tr("{} may not be read. Change its permissions.", name),
                    std::move(detail)};
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return {ErrorCode::Damaged, tr("{} is damaged: {}.", name, sqlite3_errmsg(m_connection.get())),
                    std::move(detail)};
        default:
            return {ErrorCode::Io, tr("{} cannot be read: {}.", name, sqlite3_errmsg(m_connection.get())),
                    std::move(detail)};
    }
}

}  // namespace runglass::sources
