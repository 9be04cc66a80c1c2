// SPDX-License-Identifier: GPL-3.0-or-later
#include "pixel_blocks.h"

#include "pixel_fours.h"

namespace runglass::series {

namespace {

#ifdef __SSE2__

void transposeFour(const std::uint32_t* columns, std::ptrdiff_t stride, std::uint32_t* rows) {
    const __m128i a = loadFour(columns);
    const __m128i b = loadFour(columns + stride);
    const __m128i c = loadFour(columns + 2 * stride);
    const __m128i d = loadFour(columns + 3 * stride);
    const __m128i abLow = _mm_unpacklo_epi32(a, b);
    const __m128i cdLow = _mm_unpacklo_epi32(c, d);
    const __m128i abHigh = _mm_unpackhi_epi32(a, b);
    const __m128i cdHigh = _mm_unpackhi_epi32(c, d);
    storeFour(rows, _mm_unpacklo_epi64(abLow, cdLow));
    storeFour(rows + kPixelBlock, _mm_unpackhi_epi64(abLow, cdLow));
    storeFour(rows + 2 * kPixelBlock, _mm_unpacklo_epi64(abHigh, cdHigh));
    storeFour(rows + 3 * kPixelBlock, _mm_unpackhi_epi64(abHigh, cdHigh));
}

#else

constexpr int kFour = 4;

void transposeFour(const std::uint32_t* columns, std::ptrdiff_t stride, std::uint32_t* rows) {
    for (int row = 0; row < kFour; ++row) {
        for (int k = 0; k < kFour; ++k) {
            rows[row * kPixelBlock + k] = columns[k * stride + row];
        }
    }
}

#endif

}  // namespace

void transposeBlock(const std::uint32_t* columns, std::ptrdiff_t stride, int width, std::uint32_t* rows) {
    int k = 0;
    for (; k + kFour <= width; k += kFour) {
        for (int row = 0; row < kPixelBlock; row += kFour) {
            transposeFour(columns + k * stride + row, stride, rows + row * kPixelBlock + k);
        }
    }
    for (; k < width; ++k) {
        for (int row = 0; row < kPixelBlock; ++row) {
            rows[row * kPixelBlock + k] = columns[k * stride + row];
        }
    }
}

}  // namespace runglass::series
