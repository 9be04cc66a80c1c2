// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "runglass/base/bytes.h"

namespace runglass::sources {

/// The columns of one row in SQLite's record format (https://sqlite.org/fileformat2.html#record_format).
class SqliteRecord {
public:
    static constexpr std::size_t kMaxColumns = 16;

    /// False when it is malformed or has more columns than kMaxColumns.
    bool parse(ByteView payload);

    /// A row that is older than a column does not have it: 0.
    [[nodiscard]] std::optional<std::int64_t> integer(std::size_t column) const;
    /// Whole numbers are stored as integers even in columns of reals.
    [[nodiscard]] std::optional<double> real(std::size_t column) const;
    [[nodiscard]] std::optional<std::string_view> text(std::size_t column) const;

private:
    struct Column {
        std::uint64_t type = 0;
        const std::uint8_t* at = nullptr;
    };
    std::size_t m_count = 0;
    std::array<Column, kMaxColumns> m_columns;
};

/// Walks over the b-tree of a table, in the order of rowids, several times faster than through SQL: for
/// tables of millions of short rows. Reads only what it knows: rows within one page, UTF-8; anything else
/// makes it give up, and SQL is the way then. Whoever calls holds SQLite's lock on the file, and sees to it
/// that everything is in the file and not in a log.
class SqliteTable {
public:
    /// Reads `size` bytes at `offset`; false when there are not as many.
    using ReadAt = std::function<bool(std::uint8_t* bytes, std::size_t size, std::uint64_t offset)>;

    explicit SqliteTable(ReadAt readAt)
        : m_readAt(std::move(readAt)) {}

    /// Calls `take(rowid, record)` for the rows after `after`. False when it gave up, or `take` said so.
    bool forEachRow(std::uint32_t rootPage, std::int64_t after,
                    const std::function<bool(std::int64_t, const SqliteRecord&)>& take);

private:
    struct Level {
        Bytes page;
        std::size_t next = 0;  ///< cell; one past the last is the right-most child
    };

    bool readHeader();
    bool readPage(std::uint32_t number, Bytes& page);
    bool readLeaf(ByteView page, std::int64_t after,
                  const std::function<bool(std::int64_t, const SqliteRecord&)>& take) const;

    ReadAt m_readAt;
    std::size_t m_pageSize = 0;
    std::size_t m_usable = 0;
    std::uint32_t m_pageCount = 0;
    std::uint32_t m_visited = 0;
};

}  // namespace runglass::sources
