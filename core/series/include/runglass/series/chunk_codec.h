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

/// What a chunk says about its points. `min` and `max` are over the values that are not NaN, and NaN when
/// there are none.
struct ChunkHeader {
    std::uint64_t count = 0;
    std::uint64_t nanCount = 0;
    std::int64_t firstStep = 0;
    std::int64_t lastStep = 0;
    double min = 0;
    double max = 0;
};

enum class Effort {
    Fast,   ///< for points that will be encoded again soon
    Small,  ///< for points that stay
};

/// Encodes the points of `view` (1 … kMaxChunkPoints) losslessly into one self-contained block.
/// The format is documented in chunk_codec.cpp.
std::vector<std::uint8_t> encodeChunk(const model::SeriesView& view, Effort effort = Effort::Small);
/// The same, appended to `out`; `header` is describe(view).
void encodeChunk(const model::SeriesView& view, const ChunkHeader& header, Effort effort,
                 std::vector<std::uint8_t>& out);

/// Appends the points of `bytes` to `out`. Any input is safe: what is not a valid chunk is Damaged, and `out`
/// is as before.
Result<void> decodeChunk(std::span<const std::uint8_t> bytes, model::Series& out);

/// The header alone, without its points.
Result<ChunkHeader> readChunkHeader(std::span<const std::uint8_t> bytes);
/// The header of a chunk of these points.
ChunkHeader describe(const model::SeriesView& view);

}  // namespace runglass::series
