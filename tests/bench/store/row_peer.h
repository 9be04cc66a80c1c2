// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <string>
#include <vector>

#include "support.h"

namespace runglass::bench {

/// One SQLite row a point, set up as well as the run database is: no mutexes, the same page size, log,
/// durability and checkpoints, every statement prepared once.
class RowPeer {
public:
    enum class Kind { RowsAndIndex, WithoutRowId };

    RowPeer(const std::filesystem::path& file, Kind kind);
    RowPeer(const RowPeer&) = delete;
    RowPeer& operator=(const RowPeer&) = delete;
    ~RowPeer();

    /// kBatch points a transaction; point i is of key i % keys.
    void append(const std::vector<store::MetricPoint>& points, std::size_t keys);
    [[nodiscard]] model::Series read(int key);

private:
    sqlite3_stmt* prepare(const char* sql);
    void execute(const char* sql);
    void run(sqlite3_stmt* statement);

    sqlite3* m_db = nullptr;
    std::vector<sqlite3_stmt*> m_statements;
};

}  // namespace runglass::bench
