// SPDX-License-Identifier: GPL-3.0-or-later
//
// What pixel_arithmetic.h does, for four pixels at once.
#pragma once

#ifdef __SSE2__
#include <emmintrin.h>

#include <cstdint>

#include "pixel_arithmetic.h"

namespace runglass::series {

inline constexpr int kFour = 4;

inline __m128i loadFour(const std::uint32_t* four) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(four));
}

inline void storeFour(std::uint32_t* four, __m128i value) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(four), value);
}

inline __m128i bothHalves(__m128i parts) {
    return _mm_or_si128(parts, _mm_slli_epi32(parts, 16));
}

inline __m128i shareOfFour(__m128i colors, __m128i parts) {
    const __m128i both = bothHalves(parts);
    const __m128i low = _mm_set1_epi32(0x00ff00ff);
    const __m128i even = _mm_srli_epi16(_mm_mullo_epi16(_mm_and_si128(colors, low), both), 8);
    const __m128i odd = _mm_mullo_epi16(_mm_srli_epi16(colors, 8), both);
    return _mm_or_si128(even, _mm_andnot_si128(low, odd));
}

inline __m128i underFour(__m128i there, __m128i color) {
    const __m128i alpha = _mm_srli_epi32(there, 24);
    const __m128i room = _mm_sub_epi32(_mm_sub_epi32(_mm_set1_epi32(256), alpha), _mm_srli_epi32(alpha, 7));
    return _mm_add_epi32(there, shareOfFour(color, room));
}

inline __m128i overFour(__m128i to, __m128i from) {
    const __m128i rest = bothHalves(_mm_sub_epi32(_mm_set1_epi32(255), _mm_srli_epi32(from, 24)));
    const auto scaled = [rest](__m128i channels) {
        const __m128i product = _mm_add_epi16(_mm_mullo_epi16(channels, rest), _mm_set1_epi16(0x80));
        return _mm_srli_epi16(_mm_add_epi16(product, _mm_srli_epi16(product, 8)), 8);
    };
    const __m128i even = scaled(_mm_and_si128(to, _mm_set1_epi32(0x00ff00ff)));
    const __m128i odd = scaled(_mm_srli_epi16(to, 8));
    return _mm_add_epi32(from, _mm_or_si128(even, _mm_slli_epi16(odd, 8)));
}

/// A colour under four pixels, in wholeParts() of a coverage each.
inline void blendFour(std::uint32_t* pixels, std::uint32_t color, __m128 coverage) {
    coverage = _mm_min_ps(_mm_max_ps(coverage, _mm_setzero_ps()), _mm_set1_ps(1));
    coverage = _mm_and_ps(coverage, _mm_cmpgt_ps(coverage, _mm_set1_ps(kLeastCoverage)));
    __m128i parts = _mm_cvttps_epi32(_mm_add_ps(_mm_mul_ps(coverage, _mm_set1_ps(256)), _mm_set1_ps(0.5F)));
    const __m128i whole = _mm_cmpgt_epi32(parts, _mm_set1_epi32(254));
    parts = _mm_or_si128(_mm_andnot_si128(whole, parts), _mm_and_si128(whole, _mm_set1_epi32(256)));
    const __m128i part = shareOfFour(_mm_set1_epi32(static_cast<int>(color)), parts);
    storeFour(pixels, underFour(loadFour(pixels), part));
}

}  // namespace runglass::series

#endif
