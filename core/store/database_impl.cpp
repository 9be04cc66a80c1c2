// SPDX-License-Identifier: GPL-3.0-or-later
#include "database_impl.h"

#include <utility>

#include "artifact_sweep.h"
#include "runglass/base/clock.h"
#include "runglass/base/translate.h"

namespace runglass::store {

Result<sqlite3_stmt*> Statements::prepare(const char* sql, int length) {
    auto& prepared = m_prepared[sql];
    if (!prepared) {
        sqlite3_stmt* statement = nullptr;
        const int code =
            sqlite3_prepare_v3(m_connection, sql, length, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
        if (code != SQLITE_OK) {
            return sqliteError(m_connection, code, sql);
        }
        prepared.reset(statement);
    }
    return prepared.get();
}

Result<void> Database::Impl::beginWrite(Durability durability) {
    if (!report.writable) {
        return Error{ErrorCode::ReadOnly, report.whyNotWritable, {}};
    }
    if (m_depth > 0) {
        if (m_lost) {
            return Error{
                ErrorCode::Full, tr("The disk of .runglass is full. Nothing of this was stored."), {}};
        }
        RUNGLASS_TRY(statements.run("SAVEPOINT step"));
    } else {
        RUNGLASS_TRY(setDurability(durability));
        const auto start = monotonicMs();
        if (const auto begun = statements.run("BEGIN IMMEDIATE"); !begun.ok()) {
            const bool hasWaited = monotonicMs() - start >= patienceMs();
            if (begun.error().code != ErrorCode::Busy || hasWaited) {
                return begun;
            }
            RUNGLASS_TRY(beginImmediate(connection.get()));  // it was refused without asking who waits
        }
        m_lost = false;
    }
    ++m_depth;
    return {};
}

Result<void> Database::Impl::commitWrite() {
    --m_depth;
    auto done =
        m_lost ? Result<void>(Error{
                     ErrorCode::Full, tr("The disk of .runglass is full. Nothing of this was stored."), {}})
               : (m_depth > 0 ? statements.run("RELEASE step") : statements.run("COMMIT"));
    if (!done.ok()) {
        ++m_depth;
        abandonWrite();
        note(done);
    } else if (m_depth == 0 && !dropped.empty()) {
        removeDropped();
    }
    return done;
}

void Database::Impl::abandonWrite() {
    --m_depth;
    forgetCached();
    if (m_depth == 0) {
        dropped.clear();
        rollback(connection.get());
        return;
    }
    if (sqlite3_get_autocommit(connection.get()) != 0 ||
        !execute(connection.get(), "ROLLBACK TO step; RELEASE step").ok()) {
        m_lost = true;
    }
}

void Database::Impl::removeDropped() {
    const auto contents = std::exchange(dropped, {});
    if (m_durability == Durability::Decision) {  // else the loss of power may bring the references back
        // What cannot be removed stays, harmless; the check tells of it.
        (void)removeUnreferenced(*this, contents).ok();
    }
}

Result<void> Database::Impl::setDurability(Durability durability) {
    if (durability == m_durability) {
        return {};
    }
    RUNGLASS_TRY(execute(connection.get(), durability == Durability::Points ? "PRAGMA synchronous = NORMAL"
                                                                            : "PRAGMA synchronous = FULL"));
    m_durability = durability;
    return {};
}

void Database::Impl::forgetCached() {
    words.clear();
    states.clear();
}

}  // namespace runglass::store
