// SPDX-License-Identifier: GPL-3.0-or-later
//
// Each function carries its instruction set as an attribute, so that nothing else of this file (an inline
// function of the standard library, say) is compiled for it and then shared with processors that lack it.
#include "extent_kernels.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define RUNGLASS_AVX2 __attribute__((target("avx2")))
#include <immintrin.h>
#endif

namespace runglass::series {

#ifdef RUNGLASS_AVX2

namespace {

constexpr double kInfinity = __builtin_inf();

/// Two bounds side by side become one.
RUNGLASS_AVX2 inline Bounds narrowed(__m256d pairs) {
    const __m128d one = _mm_max_pd(_mm256_castpd256_pd128(pairs), _mm256_extractf128_pd(pairs, 1));
    Bounds bounds;
    _mm_storeu_pd(&bounds.negatedMin, one);
    return bounds;
}

/// {−smallest, largest} of four lanes each.
RUNGLASS_AVX2 inline Bounds narrowed(__m256d low, __m256d high) {
    const __m256d negated = _mm256_xor_pd(low, _mm256_set1_pd(-0.0));
    // (n0|n1, h0|h1, n2|n3, h2|h3)
    const __m256d pairs = _mm256_max_pd(_mm256_unpacklo_pd(negated, high), _mm256_unpackhi_pd(negated, high));
    return narrowed(pairs);
}

RUNGLASS_AVX2 inline __m256d isNotFinite(__m256d y) {
    return _mm256_cmp_pd(_mm256_andnot_pd(_mm256_set1_pd(-0.0), y), _mm256_set1_pd(kInfinity), _CMP_NLT_UQ);
}

/// For ranges that are known to hold some value that is not finite.
RUNGLASS_AVX2 Bounds scanBroken(const double* values, std::size_t count) {
    Bounds bounds{-kInfinity, -kInfinity};
    for (std::size_t i = 0; i < count; ++i) {
        const double y = values[i];
        if (__builtin_isfinite(y)) {
            bounds.negatedMin = -y > bounds.negatedMin ? -y : bounds.negatedMin;
            bounds.max = y > bounds.max ? y : bounds.max;
        }
    }
    return bounds;
}

RUNGLASS_AVX2 Bounds scan(const double* values, std::size_t count, bool& allFinite) {
    __m256d low = _mm256_set1_pd(kInfinity);
    __m256d high = _mm256_set1_pd(-kInfinity);
    __m256d bad = _mm256_setzero_pd();
    std::size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        const __m256d y = _mm256_loadu_pd(values + i);
        low = _mm256_min_pd(y, low);  // the second operand when one is NaN
        high = _mm256_max_pd(y, high);
        bad = _mm256_or_pd(bad, isNotFinite(y));
    }
    if (i < count) {
        alignas(32) static constexpr std::int64_t kMasks[8] = {-1, -1, -1, -1, 0, 0, 0, 0};
        const __m256i mask = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(kMasks + 4 - (count - i)));
        const __m256d y = _mm256_maskload_pd(values + i, mask);
        const __m256d keep = _mm256_castsi256_pd(mask);
        low = _mm256_min_pd(_mm256_blendv_pd(_mm256_set1_pd(kInfinity), y, keep), low);
        high = _mm256_max_pd(_mm256_blendv_pd(_mm256_set1_pd(-kInfinity), y, keep), high);
        bad = _mm256_or_pd(bad, isNotFinite(y));  // what the mask leaves out is 0
    }
    if (_mm256_movemask_pd(bad) != 0) {
        allFinite = false;
        return scanBroken(values, count);
    }
    return narrowed(low, high);
}

RUNGLASS_AVX2 void scanBlocks(const double* values, std::size_t blocks, Bounds* out, std::uint64_t* broken) {
    std::uint64_t word = 0;
    for (std::size_t b = 0; b < blocks; ++b) {
        const double* block = values + b * kBlock;
        __m256d lowA = _mm256_set1_pd(kInfinity);
        __m256d lowB = lowA;
        __m256d highA = _mm256_set1_pd(-kInfinity);
        __m256d highB = highA;
        __m256d unordered = _mm256_setzero_pd();
        for (std::size_t i = 0; i < kBlock; i += 8) {
            const __m256d a = _mm256_loadu_pd(block + i);
            const __m256d c = _mm256_loadu_pd(block + i + 4);
            lowA = _mm256_min_pd(a, lowA);
            lowB = _mm256_min_pd(c, lowB);
            highA = _mm256_max_pd(a, highA);
            highB = _mm256_max_pd(c, highB);
            unordered = _mm256_or_pd(unordered, _mm256_cmp_pd(a, c, _CMP_UNORD_Q));
        }
        out[b] = narrowed(_mm256_min_pd(lowA, lowB), _mm256_max_pd(highA, highB));
        // An infinity is an extreme, and so shows there.
        const bool infinite = out[b].negatedMin == kInfinity || out[b].max == kInfinity;
        if (infinite || _mm256_movemask_pd(unordered) != 0) {
            word |= std::uint64_t{1} << (b % 64);
            out[b] = scanBroken(block, kBlock);
        }
        if (b % 64 == 63 || b + 1 == blocks) {
            broken[b / 64] = word;
            word = 0;
        }
    }
}

RUNGLASS_AVX2 Bounds merge(const Bounds* bounds, std::size_t count) {
    __m256d all = _mm256_set1_pd(-kInfinity);
    std::size_t i = 0;
    for (; i + 2 <= count; i += 2) {
        all = _mm256_max_pd(all, _mm256_loadu_pd(&bounds[i].negatedMin));
    }
    if (i < count) {
        all = _mm256_max_pd(all, _mm256_broadcast_pd(reinterpret_cast<const __m128d*>(bounds + i)));
    }
    return narrowed(all);
}

RUNGLASS_AVX2 void mergeGroups(const Bounds* bounds, std::size_t groups, Bounds* out) {
    static_assert(kFanOut == 4);
    for (std::size_t g = 0; g < groups; ++g) {
        const double* four = &bounds[g * kFanOut].negatedMin;
        out[g] = narrowed(_mm256_max_pd(_mm256_loadu_pd(four), _mm256_loadu_pd(four + 4)));
    }
}

}  // namespace

const ExtentKernels* avx2ExtentKernels() {
    static constexpr ExtentKernels kernels{"AVX2", scan, scanBlocks, merge, mergeGroups};
    return __builtin_cpu_supports("avx2") ? &kernels : nullptr;
}

#else

const ExtentKernels* avx2ExtentKernels() {
    return nullptr;
}

#endif

}  // namespace runglass::series
