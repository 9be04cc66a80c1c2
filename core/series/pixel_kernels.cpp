// SPDX-License-Identifier: GPL-3.0-or-later
#include "pixel_kernels.h"

#include "pixel_arithmetic.h"
#include "pixel_fours.h"

namespace runglass::series {

namespace {

void fillUnder(std::uint32_t* pixels, int count, std::uint32_t color) {
    int i = 0;
#ifdef __SSE2__
    const __m128i four = _mm_set1_epi32(static_cast<int>(color));
    for (; i + kFour <= count; i += kFour) {
        storeFour(pixels + i, underFour(loadFour(pixels + i), four));
    }
#endif
    for (; i < count; ++i) {
        pixels[i] = under(pixels[i], color, 256);
    }
}

void rampUnder(std::uint32_t* pixels, int count, CoverageRamp ramp, std::uint32_t color) {
    int i = 0;
#ifdef __SSE2__
    const __m128 steps = _mm_mul_ps(_mm_set1_ps(ramp.slope), _mm_setr_ps(1, 2, 3, 4));
    for (; i + kFour <= count; i += kFour) {
        const float start = ramp.from + ramp.slope * static_cast<float>(i);
        blendFour(pixels + i, color, _mm_add_ps(_mm_set1_ps(start), steps));
    }
#endif
    for (; i < count; ++i) {
        const float coverage = ramp.from + ramp.slope * static_cast<float>(i + 1);
        if (coverage > kLeastCoverage) {
            pixels[i] = under(pixels[i], color, wholeParts(coverage));
        }
    }
}

void blendOver(std::uint32_t* to, const std::uint32_t* from, int count) {
    int i = 0;
#ifdef __SSE2__
    for (; i + kFour <= count; i += kFour) {
        const __m128i four = loadFour(from + i);
        if (_mm_movemask_epi8(_mm_cmpeq_epi32(four, _mm_setzero_si128())) != 0xffff) {
            storeFour(to + i, overFour(loadFour(to + i), four));
        }
    }
#endif
    for (; i < count; ++i) {
        to[i] = over(to[i], from[i]);
    }
}

}  // namespace

const PixelKernels& portablePixelKernels() {
    static constexpr PixelKernels kernels{"portable", fillUnder, rampUnder, blendOver};
    return kernels;
}

const PixelKernels& pixelKernels() {
    static const auto* const avx2 = avx2PixelKernels();
    return avx2 != nullptr ? *avx2 : portablePixelKernels();
}

}  // namespace runglass::series
