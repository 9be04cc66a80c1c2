// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace runglass::series {

/// Index range [begin, end).
struct IndexRange {
    std::size_t begin = 0;
    std::size_t end = 0;
    [[nodiscard]] std::size_t size() const { return end - begin; }
    [[nodiscard]] bool empty() const { return begin >= end; }
    friend bool operator==(const IndexRange&, const IndexRange&) = default;
};

}  // namespace runglass::series
