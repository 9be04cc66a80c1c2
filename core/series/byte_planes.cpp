// SPDX-License-Identifier: GPL-3.0-or-later
#include "byte_planes.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace runglass::series {

namespace {

template <typename Word>
void joinOneByOne(const std::uint8_t* const* planes, std::size_t from, std::size_t count, Word* words) {
    for (std::size_t i = from; i < count; ++i) {
        Word word = 0;
        for (std::size_t p = 0; p < sizeof(Word); ++p) {
            word |= static_cast<Word>(Word{planes[p][i]} << (8 * p));
        }
        words[i] = word;
    }
}

#ifdef __SSE2__
__m128i load(const std::uint8_t* from) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}

template <typename Word>
void store(Word* to, __m128i value) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), value);
}

/// 16 words of 4 bytes, four to a register, from 16 bytes of each of four planes.
struct Quads {
    __m128i part[4];
};

Quads joinQuads(const std::uint8_t* const* planes, std::size_t i) {
    const __m128i a = load(planes[0] + i);
    const __m128i b = load(planes[1] + i);
    const __m128i c = load(planes[2] + i);
    const __m128i d = load(planes[3] + i);
    const __m128i abLow = _mm_unpacklo_epi8(a, b);
    const __m128i abHigh = _mm_unpackhi_epi8(a, b);
    const __m128i cdLow = _mm_unpacklo_epi8(c, d);
    const __m128i cdHigh = _mm_unpackhi_epi8(c, d);
    return {{_mm_unpacklo_epi16(abLow, cdLow), _mm_unpackhi_epi16(abLow, cdLow),
             _mm_unpacklo_epi16(abHigh, cdHigh), _mm_unpackhi_epi16(abHigh, cdHigh)}};
}
#endif

}  // namespace

void joinPlanes(const std::uint8_t* const* planes, std::size_t count, std::uint64_t* words) {
    std::size_t i = 0;
#ifdef __SSE2__
    for (; i + 16 <= count; i += 16) {
        const Quads low = joinQuads(planes, i);
        const Quads high = joinQuads(planes + 4, i);
        for (std::size_t q = 0; q < 4; ++q) {
            store(words + i + 4 * q, _mm_unpacklo_epi32(low.part[q], high.part[q]));
            store(words + i + 4 * q + 2, _mm_unpackhi_epi32(low.part[q], high.part[q]));
        }
    }
#endif
    joinOneByOne(planes, i, count, words);
}

void joinPlanes(const std::uint8_t* const* planes, std::size_t count, std::uint32_t* words) {
    std::size_t i = 0;
#ifdef __SSE2__
    for (; i + 16 <= count; i += 16) {
        const Quads quads = joinQuads(planes, i);
        for (std::size_t q = 0; q < 4; ++q) {
            store(words + i + 4 * q, quads.part[q]);
        }
    }
#endif
    joinOneByOne(planes, i, count, words);
}

}  // namespace runglass::series
