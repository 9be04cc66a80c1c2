// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <iterator>
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

/// The first page of a table or index.
inline std::size_t rootOf(const ForeignSqlite& database, const std::string& name) {
    sqlite3_stmt* statement = nullptr;
    const auto sql = "SELECT rootpage FROM sqlite_schema WHERE name = '" + name + "'";
    sqlite3_prepare_v2(database.connection(), sql.c_str(), -1, &statement, nullptr);
    sqlite3_step(statement);
    const auto page = static_cast<std::size_t>(sqlite3_column_int64(statement, 0));
    sqlite3_finalize(statement);
    return page;
}

/// Writes over a page, from 1 on, of 4096 bytes, as a bad disk would.
inline void spoilPage(const std::filesystem::path& file, std::size_t number) {
    constexpr std::size_t kPage = 4096;
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(static_cast<std::streamoff>((number - 1) * kPage));
    stream << std::string(kPage, '\xFF');
}

/// The same with the last page that holds a text: former copies of rows lie in pages before it.
inline void spoilPageWith(const std::filesystem::path& file, const std::string& text) {
    std::ifstream stream(file, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    const auto place = bytes.rfind(text);
    QVERIFY(place != std::string::npos);
    spoilPage(file, place / 4096 + 1);
}

}  // namespace runglass::test
