// SPDX-License-Identifier: GPL-3.0-or-later
#include "pixel_blocks.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace runglass::series {

namespace {

constexpr int kFour = 4;

std::uint32_t over(std::uint32_t to, std::uint32_t from) {
    const std::uint32_t rest = 255 - (from >> 24U);
    const auto scaled = [rest](std::uint32_t twoChannels) {
        const std::uint32_t product = twoChannels * rest + 0x00800080U;
        return ((product + ((product >> 8U) & 0x00ff00ffU)) >> 8U) & 0x00ff00ffU;
    };
    return from + (scaled(to & 0x00ff00ffU) | scaled((to >> 8U) & 0x00ff00ffU) << 8U);
}

#ifdef __SSE2__

// The same as over() for four pixels.
__m128i over(__m128i to, __m128i from) {
    const __m128i alpha = _mm_srli_epi32(from, 24);
    const __m128i rest32 = _mm_sub_epi32(_mm_set1_epi32(255), alpha);
    const __m128i rest = _mm_or_si128(rest32, _mm_slli_epi32(rest32, 16));
    const auto scaled = [rest](__m128i channels) {
        const __m128i product = _mm_add_epi16(_mm_mullo_epi16(channels, rest), _mm_set1_epi16(0x80));
        return _mm_srli_epi16(_mm_add_epi16(product, _mm_srli_epi16(product, 8)), 8);
    };
    const __m128i even = scaled(_mm_and_si128(to, _mm_set1_epi32(0x00ff00ff)));
    const __m128i odd = scaled(_mm_srli_epi16(to, 8));
    return _mm_add_epi32(from, _mm_or_si128(even, _mm_slli_epi16(odd, 8)));
}

__m128i load(const std::uint32_t* four) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(four));
}

void store(std::uint32_t* four, __m128i value) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(four), value);
}

void transposeFour(const std::uint32_t* columns, std::ptrdiff_t stride, std::uint32_t* rows) {
    const __m128i a = load(columns);
    const __m128i b = load(columns + stride);
    const __m128i c = load(columns + 2 * stride);
    const __m128i d = load(columns + 3 * stride);
    const __m128i abLow = _mm_unpacklo_epi32(a, b);
    const __m128i cdLow = _mm_unpacklo_epi32(c, d);
    const __m128i abHigh = _mm_unpackhi_epi32(a, b);
    const __m128i cdHigh = _mm_unpackhi_epi32(c, d);
    store(rows, _mm_unpacklo_epi64(abLow, cdLow));
    store(rows + kPixelBlock, _mm_unpackhi_epi64(abLow, cdLow));
    store(rows + 2 * kPixelBlock, _mm_unpacklo_epi64(abHigh, cdHigh));
    store(rows + 3 * kPixelBlock, _mm_unpackhi_epi64(abHigh, cdHigh));
}

#else

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

void blendOver(std::uint32_t* to, const std::uint32_t* from, int count) {
    int i = 0;
#ifdef __SSE2__
    for (; i + kFour <= count; i += kFour) {
        const __m128i four = load(from + i);
        if (_mm_movemask_epi8(_mm_cmpeq_epi32(four, _mm_setzero_si128())) != 0xffff) {
            store(to + i, over(load(to + i), four));
        }
    }
#endif
    for (; i < count; ++i) {
        to[i] = over(to[i], from[i]);
    }
}

}  // namespace runglass::series
