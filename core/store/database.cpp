// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/database.h"

#include <system_error>

#include "database_impl.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/store/layout.h"
#include "runglass/store/restore_aside.h"
#include "schema.h"

namespace runglass::store {

namespace fs = std::filesystem;

namespace {

std::uint64_t sizeOf(const fs::path& file) {
    std::error_code error;
    const auto size = fs::file_size(file, error);
    return error ? 0 : size;
}

struct LookedAt {
    Connection connection;
    bool damaged = false;
};

/// Opens for reading whatever can be. The file is touched through SQLite only: POSIX drops all locks that a
/// process has on a file when it closes any descriptor of it, so a look of our own at the header would take
/// the locks from the connections of other threads, and two processes would write over each other
/// (sqlite.org/howtocorrupt.html §2.2).
Result<LookedAt> openToLook(const fs::path& file) {
    auto opened = openFile(file, FileAccess::Read);
    if (opened.ok()) {
        return LookedAt{std::move(opened).value(), false};
    }
    if (opened.error().code == ErrorCode::Damaged) {
        // Most often its end is missing: SQLite refuses a file that is shorter than its header says.
        auto damaged = openFile(file, FileAccess::ReadDamaged);
        return damaged.ok() ? Result<LookedAt>(LookedAt{std::move(damaged).value(), true}) : damaged.error();
    }
    // A folder in which SQLite cannot make its shared-memory file.
    RUNGLASS_ASSIGN(auto connection,
                    openFile(file, sizeOf(file.native() + "-wal") > 0 ? FileAccess::ReadUnlocked
                                                                      : FileAccess::ReadImmutable));
    return LookedAt{std::move(connection), false};
}

/// Makes a readable connection fit for writing: write-ahead log, schema.
Result<void> prepareForWriting(sqlite3* connection) {
    RUNGLASS_TRY(execute(connection,
                         "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
                         "PRAGMA journal_size_limit = 67108864"));
    return migrate(connection);
}

std::string readOnlyMessage(const fs::path& project) {
    return tr(
        "Runs cannot be recorded here. {} is read-only. Copy the project, or change the permission of the "
        "folder.",
        toValidUtf8(project.native()));
}

Error damagedMessage(const fs::path& file, const Error& cause) {
    return {ErrorCode::Damaged,
            tr("{} is damaged and cannot be opened. The file stays as it is; restore it from a backup, or "
               "move it "
               "away to start anew.",
               toValidUtf8(file.native())),
            cause.detail};
}

/// Refuses files of other programs; fills in version and tooNew.
Result<void> identify(sqlite3* connection, const fs::path& file, OpenReport& report) {
    // The id last: another process may be making the database just now, and what has a version has an id.
    RUNGLASS_ASSIGN(const std::int64_t version, pragma(connection, "user_version"));
    RUNGLASS_ASSIGN(const std::int64_t changes, pragma(connection, "schema_version"));
    RUNGLASS_ASSIGN(const std::int64_t application, pragma(connection, "application_id"));
    if (application != kApplicationId && (application != 0 || version != 0 || changes != 0)) {
        return Error{ErrorCode::Invalid,
                     tr("{} was not made by Runglass. Move it away, and a run database is made in its place.",
                        toValidUtf8(file.native())),
                     {}};
    }
    report.schemaVersion = static_cast<int>(version);
    report.tooNew = version > currentSchemaVersion();
    return {};
}

struct Opened {
    Connection connection;
    OpenReport report;
};

Result<Opened> openForReading(const Layout& layout, std::string whyNotWritable) {
    Opened opened;
    auto looked = openToLook(layout.database());
    if (!looked.ok()) {
        return looked.error().code == ErrorCode::Damaged ? damagedMessage(layout.database(), looked.error())
                                                         : looked.error();
    }
    opened.connection = std::move(looked->connection);
    opened.report.damaged = looked->damaged;
    RUNGLASS_TRY(identify(opened.connection.get(), layout.database(), opened.report));
    opened.report.whyNotWritable = std::move(whyNotWritable);
    if (opened.report.schemaVersion == 0) {
        return Error{ErrorCode::NotFound, tr("No runs have been recorded here yet."), {}};
    }
    if (opened.report.tooNew) {
        opened.report.whyNotWritable =
            tr("Runs cannot be recorded here. A newer Runglass wrote the run database (version {}; this one "
               "knows "
               "{}). Update Runglass.",
               opened.report.schemaVersion, currentSchemaVersion());
    }
    return Result<Opened>(std::move(opened));
}

Result<Opened> openForWriting(const Layout& layout) {
    Opened opened;
    RUNGLASS_ASSIGN(opened.connection, openFile(layout.database(), FileAccess::ReadWrite));
    auto* const connection = opened.connection.get();
    RUNGLASS_TRY(identify(connection, layout.database(), opened.report));
    if (opened.report.tooNew) {
        return openForReading(layout, {});
    }
    if (sqlite3_db_readonly(connection, "main") != 0) {
        return Error{ErrorCode::ReadOnly, readOnlyMessage(layout.project()), {}};
    }
    RUNGLASS_TRY(prepareForWriting(connection));
    opened.report.schemaVersion = currentSchemaVersion();
    opened.report.writable = true;
    return Result<Opened>(std::move(opened));
}

bool meansReadOnly(ErrorCode code) {
    return code == ErrorCode::ReadOnly || code == ErrorCode::Permission || code == ErrorCode::Io ||
           code == ErrorCode::Full;
}

Result<Opened> openWithFallback(const Layout& layout) {
    const auto ensured = layout.ensure();
    auto opened = ensured.ok() ? openForWriting(layout) : Result<Opened>(ensured.error());
    std::error_code ignored;
    const bool exists = fs::exists(layout.database(), ignored);
    if (opened.ok() || !exists) {
        return opened;
    }
    if (opened.error().code == ErrorCode::Damaged) {
        return openForReading(layout,
                              tr("runs.db is damaged. It is open to look; save a copy of what can be read."));
    }
    if (!meansReadOnly(opened.error().code)) {
        return opened;
    }
    const auto why =
        opened.error().code == ErrorCode::Full ? opened.error().message : readOnlyMessage(layout.project());
    return openForReading(layout, why);
}

}  // namespace

Result<Database> Database::open(const fs::path& project, OpenMode mode) {
    const Layout layout(project);
    std::error_code error;
    if (!fs::is_directory(project, error)) {
        return Error{ErrorCode::NotFound,
                     tr("The project cannot be opened. {} is not a folder.", toValidUtf8(project.native())),
                     error.message()};
    }
    if (mode == OpenMode::ReadOnly && !fs::exists(layout.database(), error)) {
        if (error) {
            return Error{ErrorCode::Permission,
                         tr("The project cannot be read. {} may not be entered: {}.",
                            toValidUtf8(layout.root().native()), error.message()),
                         {}};
        }
        return Error{ErrorCode::NotFound, tr("No runs have been recorded here yet."), {}};
    }
    auto opened = mode == OpenMode::ReadWrite
                      ? openWithFallback(layout)
                      : openForReading(layout, tr("The run database was opened to look."));
    if (!opened.ok()) {
        return std::move(opened).error();
    }
    Database database(std::make_unique<Impl>(project, std::move(opened.value().connection),
                                             std::move(opened.value().report)));
    if (database.report().writable) {
        (void)restoreAside(database).ok();  // what cannot be written now stays where it is
    }
    return Result<Database>(std::move(database));
}

Database::Database(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

const OpenReport& Database::report() const {
    return m_impl->report;
}

const fs::path& Database::project() const {
    return m_impl->project;
}

}  // namespace runglass::store
