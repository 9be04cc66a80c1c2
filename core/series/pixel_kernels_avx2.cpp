// SPDX-License-Identifier: GPL-3.0-or-later
//
// Eight pixels at once; see pixel_fours.h for the same of four, and extent_kernels_avx2.cpp for why each
// function names its instruction set.
#include "pixel_kernels.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define RUNGLASS_AVX2 __attribute__((target("avx2")))
#include <immintrin.h>
#endif

namespace runglass::series {

#ifdef RUNGLASS_AVX2

namespace {

constexpr int kEight = 8;
constexpr float kLeast = 1.0F / 512;

RUNGLASS_AVX2 inline __m256i load(const std::uint32_t* eight) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(eight));
}

RUNGLASS_AVX2 inline void store(std::uint32_t* eight, __m256i value) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(eight), value);
}

/// All ones in the first `count` lanes.
RUNGLASS_AVX2 inline __m256i firstLanes(int count) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

RUNGLASS_AVX2 inline __m256i loadSome(const std::uint32_t* pixels, __m256i lanes) {
    return _mm256_maskload_epi32(reinterpret_cast<const int*>(pixels), lanes);
}

RUNGLASS_AVX2 inline void storeSome(std::uint32_t* pixels, __m256i lanes, __m256i value) {
    _mm256_maskstore_epi32(reinterpret_cast<int*>(pixels), lanes, value);
}

RUNGLASS_AVX2 inline __m256i bothHalves(__m256i parts) {
    return _mm256_or_si256(parts, _mm256_slli_epi32(parts, 16));
}

RUNGLASS_AVX2 inline __m256i share(__m256i colors, __m256i parts) {
    const __m256i both = bothHalves(parts);
    const __m256i low = _mm256_set1_epi32(0x00ff00ff);
    const __m256i even = _mm256_srli_epi16(_mm256_mullo_epi16(_mm256_and_si256(colors, low), both), 8);
    const __m256i odd = _mm256_mullo_epi16(_mm256_srli_epi16(colors, 8), both);
    return _mm256_or_si256(even, _mm256_andnot_si256(low, odd));
}

RUNGLASS_AVX2 inline __m256i under(__m256i there, __m256i color) {
    const __m256i alpha = _mm256_srli_epi32(there, 24);
    const __m256i room =
        _mm256_sub_epi32(_mm256_sub_epi32(_mm256_set1_epi32(256), alpha), _mm256_srli_epi32(alpha, 7));
    return _mm256_add_epi32(there, share(color, room));
}

RUNGLASS_AVX2 inline __m256i over(__m256i to, __m256i from) {
    const __m256i low = _mm256_set1_epi32(0x00ff00ff);
    const __m256i rest = bothHalves(_mm256_sub_epi32(_mm256_set1_epi32(255), _mm256_srli_epi32(from, 24)));
    const __m256i half = _mm256_set1_epi16(0x80);
    __m256i even = _mm256_add_epi16(_mm256_mullo_epi16(_mm256_and_si256(to, low), rest), half);
    __m256i odd = _mm256_add_epi16(_mm256_mullo_epi16(_mm256_srli_epi16(to, 8), rest), half);
    even = _mm256_srli_epi16(_mm256_add_epi16(even, _mm256_srli_epi16(even, 8)), 8);
    odd = _mm256_add_epi16(odd, _mm256_srli_epi16(odd, 8));
    return _mm256_add_epi32(from, _mm256_or_si256(even, _mm256_andnot_si256(low, odd)));
}

RUNGLASS_AVX2 void fillUnder(std::uint32_t* pixels, int count, std::uint32_t color) {
    const __m256i colors = _mm256_set1_epi32(static_cast<int>(color));
    int i = 0;
    for (; i + kEight <= count; i += kEight) {
        store(pixels + i, under(load(pixels + i), colors));
    }
    if (i < count) {
        const __m256i lanes = firstLanes(count - i);
        storeSome(pixels + i, lanes, under(loadSome(pixels + i, lanes), colors));
    }
}

/// What comes of the colour at eight coverages.
RUNGLASS_AVX2 inline __m256i parts(__m256i colors, __m256 coverage) {
    coverage = _mm256_min_ps(_mm256_max_ps(coverage, _mm256_setzero_ps()), _mm256_set1_ps(1));
    coverage = _mm256_and_ps(coverage, _mm256_cmp_ps(coverage, _mm256_set1_ps(kLeast), _CMP_GT_OQ));
    __m256i parts = _mm256_cvttps_epi32(
        _mm256_add_ps(_mm256_mul_ps(coverage, _mm256_set1_ps(256)), _mm256_set1_ps(0.5F)));
    const __m256i whole = _mm256_cmpgt_epi32(parts, _mm256_set1_epi32(254));
    parts = _mm256_blendv_epi8(parts, _mm256_set1_epi32(256), whole);
    return share(colors, parts);
}

RUNGLASS_AVX2 inline __m256 coverages(const CoverageRamp& ramp, int row) {
    const __m256 steps = _mm256_setr_ps(1, 2, 3, 4, 5, 6, 7, 8);
    const __m256 start = _mm256_set1_ps(ramp.from + ramp.slope * static_cast<float>(row));
    return _mm256_add_ps(start, _mm256_mul_ps(_mm256_set1_ps(ramp.slope), steps));
}

RUNGLASS_AVX2 void rampUnder(std::uint32_t* pixels, int count, CoverageRamp ramp, std::uint32_t color) {
    const __m256i colors = _mm256_set1_epi32(static_cast<int>(color));
    int i = 0;
    for (; i + kEight <= count; i += kEight) {
        store(pixels + i, under(load(pixels + i), parts(colors, coverages(ramp, i))));
    }
    if (i < count) {
        const __m256i lanes = firstLanes(count - i);
        storeSome(pixels + i, lanes, under(loadSome(pixels + i, lanes), parts(colors, coverages(ramp, i))));
    }
}

RUNGLASS_AVX2 void blendOver(std::uint32_t* to, const std::uint32_t* from, int count) {
    int i = 0;
    for (; i + kEight <= count; i += kEight) {
        const __m256i eight = load(from + i);
        if (_mm256_testz_si256(eight, eight) == 0) {
            store(to + i, over(load(to + i), eight));
        }
    }
    if (i < count) {
        const __m256i lanes = firstLanes(count - i);
        storeSome(to + i, lanes, over(loadSome(to + i, lanes), loadSome(from + i, lanes)));
    }
}

}  // namespace

const PixelKernels* avx2PixelKernels() {
    static constexpr PixelKernels kernels{"AVX2", fillUnder, rampUnder, blendOver};
    return __builtin_cpu_supports("avx2") ? &kernels : nullptr;
}

#else

const PixelKernels* avx2PixelKernels() {
    return nullptr;
}

#endif

}  // namespace runglass::series
