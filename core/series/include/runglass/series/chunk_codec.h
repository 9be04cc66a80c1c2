// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/model/series.h"

namespace runglass::series {

/// Most points that one chunk may hold; a decoder refuses more, which bounds its memory.
inline constexpr std::size_t kMaxChunkPoints = 1U << 16U;

/// Encodes the points of `view` (1 … kMaxChunkPoints) losslessly into one self-contained block.
/// The format is documented in chunk_codec.cpp.
std::vector<std::uint8_t> encodeChunk(const model::SeriesView& view);

/// Appends the points of `bytes` to `out`. Any input is safe: what is not a valid chunk is Damaged, and `out`
/// is as before.
Result<void> decodeChunk(std::span<const std::uint8_t> bytes, model::Series& out);

}  // namespace runglass::series
