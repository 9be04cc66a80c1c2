// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <string>

#include "support/test.h"

namespace runglass::test {

/// The database of another tool, as that tool would write it.
class ForeignSqlite {
public:
    explicit ForeignSqlite(const std::filesystem::path& file) {
        if (sqlite3_open(file.c_str(), &m_connection) != SQLITE_OK) {
            QTest::qFail("cannot make a database", __FILE__, __LINE__);
        }
    }
    ForeignSqlite(const ForeignSqlite&) = delete;
    ForeignSqlite& operator=(const ForeignSqlite&) = delete;
    ~ForeignSqlite() { sqlite3_close_v2(m_connection); }

    void run(const std::string& sql) const {
        char* message = nullptr;
        if (sqlite3_exec(m_connection, sql.c_str(), nullptr, nullptr, &message) != SQLITE_OK) {
            QTest::qFail(message, __FILE__, __LINE__);
            sqlite3_free(message);
        }
    }
    [[nodiscard]] sqlite3* connection() const { return m_connection; }

private:
    sqlite3* m_connection = nullptr;
};

}  // namespace runglass::test
