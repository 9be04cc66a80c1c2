// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite_table.h"

#include <array>
#include <bit>

namespace runglass::sources {
namespace {

constexpr std::uint8_t kInterior = 0x05;
constexpr std::uint8_t kLeaf = 0x0D;
constexpr std::size_t kLeafHeader = 8;
constexpr std::size_t kInteriorHeader = 12;
constexpr std::size_t kMaxDepth = 20;

std::size_t word16(const std::uint8_t* at) {
    return static_cast<std::size_t>(at[0]) << 8U | at[1];
}

std::uint32_t word32(const std::uint8_t* at) {
    return static_cast<std::uint32_t>(word16(at) << 16U | word16(at + 2));
}

/// SQLite's integers: big-endian groups of seven bits, the ninth byte with all eight.
bool varint(const std::uint8_t*& at, const std::uint8_t* end, std::uint64_t& value) {
    value = 0;
    for (int i = 0; i < 9 && at != end; ++i) {
        const std::uint64_t byte = *at++;
        if (i == 8) {
            value = value << 8U | byte;
            return true;
        }
        value = value << 7U | (byte & 0x7FU);
        if (byte < 0x80) {
            return true;
        }
    }
    return false;
}

std::size_t sizeOf(std::uint64_t type) {
    constexpr std::array<std::size_t, 12> kSizes{0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};
    return type < kSizes.size() ? kSizes[type] : static_cast<std::size_t>((type - 12) / 2);
}

std::int64_t signedInteger(const std::uint8_t* at, std::size_t size) {
    auto value = static_cast<std::int64_t>(static_cast<std::int8_t>(at[0]));
    for (std::size_t i = 1; i < size; ++i) {
        value = static_cast<std::int64_t>(static_cast<std::uint64_t>(value) << 8U | at[i]);
    }
    return value;
}

}  // namespace

bool SqliteRecord::parse(ByteView payload) {
    const auto* at = payload.data();
    const auto* const end = at + payload.size();
    std::uint64_t headerSize = 0;
    if (!varint(at, end, headerSize) || headerSize > payload.size()) {
        return false;
    }
    const auto* const headerEnd = payload.data() + headerSize;
    const auto* body = headerEnd;
    m_count = 0;
    while (at < headerEnd) {
        std::uint64_t type = 0;
        if (m_count == kMaxColumns || !varint(at, headerEnd, type)) {
            return false;
        }
        const auto size = sizeOf(type);
        if (size > static_cast<std::size_t>(end - body)) {
            return false;
        }
        m_columns[m_count++] = {type, body};
        body += size;
    }
    return true;
}

std::optional<std::int64_t> SqliteRecord::integer(std::size_t column) const {
    if (column >= m_count) {
        return 0;
    }
    const auto& [type, at] = m_columns[column];
    if (type == 8 || type == 9) {
        return static_cast<std::int64_t>(type - 8);
    }
    return type >= 1 && type <= 6 ? std::optional(signedInteger(at, sizeOf(type))) : std::nullopt;
}

std::optional<double> SqliteRecord::real(std::size_t column) const {
    if (column < m_count && m_columns[column].type == 7) {
        return std::bit_cast<double>(signedInteger(m_columns[column].at, 8));
    }
    const auto whole = integer(column);
    return whole ? std::optional(static_cast<double>(*whole)) : std::nullopt;
}

std::optional<std::string_view> SqliteRecord::text(std::size_t column) const {
    if (column >= m_count || m_columns[column].type < 13 || m_columns[column].type % 2 == 0) {
        return std::nullopt;
    }
    const auto& [type, at] = m_columns[column];
    return std::string_view(reinterpret_cast<const char*>(at), sizeOf(type));
}

bool SqliteTable::readHeader() {
    std::array<std::uint8_t, 100> header{};
    if (!m_readAt(header.data(), header.size(), 0)) {
        return false;
    }
    const auto size = word16(header.data() + 16);
    m_pageSize = size == 1 ? 65536 : size;
    m_usable = m_pageSize - header[20];
    m_pageCount = word32(header.data() + 28);
    constexpr std::uint32_t kUtf8 = 1;
    return m_pageSize >= 512 && std::has_single_bit(m_pageSize) && m_usable >= 480 &&
           word32(header.data() + 56) == kUtf8;
}

bool SqliteTable::readPage(std::uint32_t number, Bytes& page) {
    page.resize(m_pageSize);
    // Each page belongs to one place of the tree: more visits than pages mean a circle.
    return number > 1 && number <= m_pageCount && ++m_visited <= m_pageCount &&
           m_readAt(page.data(), page.size(), std::uint64_t{number - 1} * m_pageSize);
}

bool SqliteTable::readLeaf(ByteView page, std::int64_t after,
                           const std::function<bool(std::int64_t, const SqliteRecord&)>& take) const {
    const auto cells = word16(page.data() + 3);
    if (kLeafHeader + cells * 2 > m_usable) {
        return false;
    }
    const auto* const end = page.data() + m_usable;
    SqliteRecord record;
    for (std::size_t cell = 0; cell < cells; ++cell) {
        const auto offset = word16(page.data() + kLeafHeader + cell * 2);
        if (offset >= m_usable) {
            return false;
        }
        const auto* at = page.data() + offset;
        std::uint64_t size = 0;
        std::uint64_t rowid = 0;
        if (!varint(at, end, size) || !varint(at, end, rowid) || size > m_usable - 35 ||
            size > static_cast<std::uint64_t>(end - at)) {
            return false;  // damaged, or continued on other pages
        }
        const auto id = static_cast<std::int64_t>(rowid);
        if (id > after && (!record.parse({at, static_cast<std::size_t>(size)}) || !take(id, record))) {
            return false;
        }
    }
    return true;
}

bool SqliteTable::forEachRow(std::uint32_t rootPage, std::int64_t after,
                             const std::function<bool(std::int64_t, const SqliteRecord&)>& take) {
    m_visited = 0;
    std::vector<Level> path(1);
    if (!readHeader() || !readPage(rootPage, path.front().page)) {
        return false;
    }
    Bytes leaf;
    if (path.front().page[0] == kLeaf) {
        return readLeaf(path.front().page, after, take);
    }
    while (!path.empty()) {
        auto& level = path.back();
        const auto* const page = level.page.data();
        const auto cells = word16(page + 3);
        if (page[0] != kInterior || kInteriorHeader + cells * 2 > m_usable) {
            return false;
        }
        if (level.next > cells) {
            path.pop_back();
            continue;
        }
        std::uint32_t child = word32(page + 8);
        if (level.next < cells) {
            const auto offset = word16(page + kInteriorHeader + level.next * 2);
            if (offset + 4 >= m_usable) {
                return false;
            }
            child = word32(page + offset);
            const auto* at = page + offset + 4;
            std::uint64_t greatest = 0;
            if (!varint(at, page + m_usable, greatest)) {
                return false;
            }
            if (static_cast<std::int64_t>(greatest) <= after) {
                ++level.next;
                continue;
            }
        }
        ++level.next;
        if (!readPage(child, leaf)) {
            return false;
        }
        if (leaf[0] == kInterior) {
            if (path.size() == kMaxDepth) {
                return false;
            }
            path.push_back({std::move(leaf), 0});
            leaf = {};
        } else if (leaf[0] != kLeaf || !readLeaf(leaf, after, take)) {
            return false;
        }
    }
    return true;
}

}  // namespace runglass::sources
