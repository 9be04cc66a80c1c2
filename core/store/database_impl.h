// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include "connection.h"
#include "point_store.h"
#include "runglass/store/database.h"
#include "runglass/store/durability.h"
#include "statement.h"
#include "words.h"

namespace runglass::store {

/// The prepared statements of a connection, each prepared at its first use.
class Statements {
public:
    explicit Statements(sqlite3* connection)
        : m_connection(connection) {}

    /// `sql` must be a string literal: statements are kept by its address. Arguments are bound in order and
    /// must outlive the Query; temporaries of the full expression may not be used.
    template <std::size_t N, typename... Args>
    Result<Query> query(const char (&sql)[N], const Args&... args) {
        RUNGLASS_ASSIGN(sqlite3_stmt * statement, prepare(sql, static_cast<int>(N - 1)));
        return Query(statement, args...);
    }
    /// Runs a statement that gives no rows.
    template <std::size_t N, typename... Args>
    Result<void> run(const char (&sql)[N], const Args&... args) {
        RUNGLASS_ASSIGN(Query prepared, query(sql, args...));
        return prepared.run();
    }

private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };

    Result<sqlite3_stmt*> prepare(const char* sql, int length);

    sqlite3* m_connection;
    std::unordered_map<const char*, std::unique_ptr<sqlite3_stmt, Finalize>> m_prepared;
};

class Database::Impl {
public:
    Impl(std::filesystem::path folder, Connection opened, OpenReport opening)
        : project(std::move(folder))
        , report(std::move(opening))
        , connection(std::move(opened))
        , statements(connection.get()) {}

    /// Runs `body` in one read transaction (or within the transaction that is open): all of its reads see the
    /// same state.
    template <typename Body>
    std::invoke_result_t<Body> read(Body&& body) {
        const bool outermost = m_depth == 0;
        if (outermost) {
            RUNGLASS_TRY(statements.run("BEGIN"));
        }
        ++m_depth;
        auto result = body();
        --m_depth;
        if (outermost) {
            rollback(connection.get());
        }
        note(result);
        return result;
    }

    /// Runs `body` in one write transaction, or as one step of the transaction that is open: when it fails,
    /// nothing of it stays.
    template <typename Body>
    std::invoke_result_t<Body> write(Durability durability, Body&& body) {
        RUNGLASS_TRY(beginWrite(durability));
        auto result = body();
        if (!result.ok()) {
            abandonWrite();
            note(result);
            return result;
        }
        RUNGLASS_TRY(commitWrite());
        return result;
    }

    std::filesystem::path project;
    OpenReport report;
    Connection connection;
    Statements statements;
    Words words;
    RunStates states;
    /// Contents of artifacts that the transaction under way may leave without a reference; removed once it is
    /// on the disk.
    std::vector<std::string> dropped;

private:
    Result<void> beginWrite(Durability durability);
    Result<void> commitWrite();
    void abandonWrite();
    Result<void> setDurability(Durability durability);
    void forgetCached();
    void removeDropped();

    template <typename T>
    void note(const Result<T>& result) {
        if (!result.ok() && result.error().code == ErrorCode::Damaged) {
            report.damaged = true;
        }
    }

    int m_depth = 0;
    bool m_lost = false;  // SQLite rolled the whole transaction back by itself (full disk)
    Durability m_durability = Durability::Points;
};

}  // namespace runglass::store
