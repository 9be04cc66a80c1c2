// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>

#include "runglass/base/bytes.h"

namespace runglass::series {

/// Appends a column of at least one integer. Any values: differences wrap around.
void encodeIntegers(std::span<const std::int64_t> values, Bytes& out);
/// Fills `out` from what encodeIntegers wrote for that many values; false when `in` is not such a column.
bool decodeIntegers(ByteReader& in, std::span<std::int64_t> out);

}  // namespace runglass::series
