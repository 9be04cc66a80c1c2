// SPDX-License-Identifier: GPL-3.0-or-later
#include "statement.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include "runglass/base/translate.h"

namespace runglass::store {

namespace {

bool isNoRoom(int systemError) {
    return systemError == ENOSPC || systemError == EDQUOT || systemError == EFBIG;
}

ErrorCode codeOf(sqlite3* connection, int code, int systemError) {
    switch (code & 0xFF) {
        case SQLITE_ERROR:
            // Our statements fit our schema: what is missing was on a page that cannot be read.
            return std::string_view(sqlite3_errmsg(connection)).starts_with("no such ") ? ErrorCode::Damaged
                                                                                        : ErrorCode::Internal;
        case SQLITE_FULL:
            return ErrorCode::Full;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return ErrorCode::Busy;
        case SQLITE_READONLY:
            return ErrorCode::ReadOnly;
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return ErrorCode::Permission;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return ErrorCode::Damaged;
        case SQLITE_TOOBIG:
            return ErrorCode::TooLarge;
        case SQLITE_INTERRUPT:
            return ErrorCode::Cancelled;
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN: {
            // Growing the shared-memory file on a full disk is reported as an I/O error, and so are a quota
            // and a limit on the size of files. SQLite does not tell the reason why a commit failed.
            const int reason = systemError != 0 ? systemError : sqlite3_system_errno(connection);
            return isNoRoom(reason) ? ErrorCode::Full : ErrorCode::Io;
        }
        default:
            return ErrorCode::Internal;
    }
}

std::string messageFor(ErrorCode code) {
    switch (code) {
        case ErrorCode::Full:
            return tr(
                "The disk of .runglass is full. Free some room and try again; nothing of this was stored.");
        case ErrorCode::Busy:
            return tr("Another program holds the run database. Close it or try again later.");
        case ErrorCode::ReadOnly:
        case ErrorCode::Permission:
            return tr(
                "The run database cannot be written. Change the permission of .runglass and its files.");
        case ErrorCode::Damaged:
            return tr("The run database is damaged. Run `runglass check` to see what can still be read.");
        case ErrorCode::TooLarge:
            return tr("A value is too large for the run database (1 GB at most).");
        case ErrorCode::Cancelled:
            return tr("Stopped.");
        case ErrorCode::Io:
            return tr("The run database cannot be read or written. Check the disk of .runglass.");
        default:
            return tr("The run database gave an unexpected answer. The details say more.");
    }
}

}  // namespace

Error sqliteError(sqlite3* connection, int code, std::string_view sql) {
    const auto kind = codeOf(connection, code, errno);
    std::string detail = connection != nullptr ? sqlite3_errmsg(connection) : sqlite3_errstr(code);
    detail += " (SQLite " + std::to_string(code) + ")";
    if (!sql.empty()) {
        detail += ": ";
        detail += sql;
    }
    return {kind, messageFor(kind), std::move(detail)};
}

Query::~Query() {
    if (m_statement != nullptr) {
        sqlite3_reset(m_statement);
        sqlite3_clear_bindings(m_statement);
    }
}

Result<bool> Query::step() {
    errno = 0;
    const int code = sqlite3_step(m_statement);
    if (code == SQLITE_ROW || code == SQLITE_DONE) {
        return code == SQLITE_ROW;
    }
    auto* const connection = sqlite3_db_handle(m_statement);
    return sqliteError(connection, sqlite3_extended_errcode(connection), sqlite3_sql(m_statement));
}

Result<void> Query::run() {
    for (;;) {
        RUNGLASS_ASSIGN(const bool row, step());
        if (!row) {
            return {};
        }
    }
}

bool Query::isNull(int column) const {
    return sqlite3_column_type(m_statement, column) == SQLITE_NULL;
}

std::int64_t Query::integer(int column) const {
    return sqlite3_column_int64(m_statement, column);
}

double Query::real(int column) const {
    return sqlite3_column_double(m_statement, column);
}

std::string_view Query::text(int column) const {
    const auto* const text = reinterpret_cast<const char*>(sqlite3_column_text(m_statement, column));
    return {text, static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column))};
}

ByteView Query::blob(int column) const {
    const auto* const bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(m_statement, column));
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column))};
}

RunId Query::runId(int column) const {
    std::array<std::uint8_t, 16> bytes{};
    if (const auto stored = blob(column); stored.size() == bytes.size()) {
        std::copy(stored.begin(), stored.end(), bytes.begin());
    }
    return RunId(bytes);
}

void Query::bind(int index, double value) {
    sqlite3_bind_double(m_statement, index, value);
}

// A null pointer would bind NULL, also where the text or blob is merely empty.
void Query::bind(int index, std::string_view value) {
    sqlite3_bind_text64(m_statement, index, value.data() != nullptr ? value.data() : "", value.size(),
                        SQLITE_STATIC, SQLITE_UTF8);
}

void Query::bind(int index, ByteView value) {
    if (value.empty()) {
        sqlite3_bind_zeroblob(m_statement, index, 0);
    } else {
        sqlite3_bind_blob64(m_statement, index, value.data(), value.size(), SQLITE_STATIC);
    }
}

void Query::bindInteger(int index, std::int64_t value) {
    sqlite3_bind_int64(m_statement, index, value);
}

}  // namespace runglass::store
