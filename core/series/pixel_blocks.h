// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace runglass::series {

inline constexpr int kPixelBlock = 16;

/// Turns columns into rows: rows[r * kPixelBlock + k] = columns[k * stride + r], for k below `width` ≤
/// kPixelBlock and r below kPixelBlock. May read up to kPixelBlock rows of each column.
void transposeBlock(const std::uint32_t* columns, std::ptrdiff_t stride, int width, std::uint32_t* rows);

}  // namespace runglass::series
