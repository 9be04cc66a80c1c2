// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "runglass/base/bytes.h"
#include "runglass/series/chunk_codec.h"

namespace runglass::series {

/// Appends a column of at least one double, bit for bit.
void encodeValues(std::span<const double> values, Effort effort, Bytes& out);
/// Fills `out` from what encodeValues wrote for that many values; false when `in` is not such a column.
bool decodeValues(ByteReader& in, std::span<double> out);

}  // namespace runglass::series
