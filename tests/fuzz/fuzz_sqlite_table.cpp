// SPDX-License-Identifier: GPL-3.0-or-later
// The b-tree of a table in a SQLite file, read without SQLite.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "sqlite_table.h"

using namespace runglass::sources;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    SqliteTable table([&](std::uint8_t* bytes, std::size_t count, std::uint64_t offset) {
        if (offset > size || count > size - offset) {
            return false;
        }
        std::memcpy(bytes, data + offset, count);
        return true;
    });
    std::size_t rows = 0;
    table.forEachRow(2, 3, [&](std::int64_t row, const SqliteRecord& record) {
        if (row <= 3) {
            std::abort();
        }
        for (std::size_t column = 0; column <= SqliteRecord::kMaxColumns; ++column) {
            if (const auto text = record.text(column)) {
                static_cast<void>(std::count(text->begin(), text->end(), 'x'));
            }
            static_cast<void>(record.integer(column));
            static_cast<void>(record.real(column));
        }
        return ++rows < 1'000'000;
    });
    return 0;
}
