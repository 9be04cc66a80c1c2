// SPDX-License-Identifier: GPL-3.0-or-later
#include "extent_kernels.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace runglass::series {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Bounds scan(const double* values, std::size_t count, bool& allFinite) {
    // Four lanes, which compilers turn into vector code for the base instruction set. A comparison with NaN
    // is false, so that NaN never gets in.
    double low[4] = {kInfinity, kInfinity, kInfinity, kInfinity};
    double high[4] = {-kInfinity, -kInfinity, -kInfinity, -kInfinity};
    double poison[4] = {};  // 0·y is NaN for what is not finite
    const double* const end = values + count;
    const double* at = values;
    for (; end - at >= 4; at += 4) {
        for (std::size_t lane = 0; lane < 4; ++lane) {
            const double y = at[lane];
            low[lane] = y < low[lane] ? y : low[lane];
            high[lane] = y > high[lane] ? y : high[lane];
            poison[lane] += 0 * y;
        }
    }
    for (; at != end; ++at) {
        low[0] = *at < low[0] ? *at : low[0];
        high[0] = *at > high[0] ? *at : high[0];
        poison[0] += 0 * *at;
    }
    if (!std::isnan(poison[0] + poison[1] + poison[2] + poison[3])) {
        return {-std::min({low[0], low[1], low[2], low[3]}), std::max({high[0], high[1], high[2], high[3]})};
    }
    allFinite = false;
    Bounds bounds{-kInfinity, -kInfinity};
    for (at = values; at != end; ++at) {
        if (std::isfinite(*at)) {
            bounds.negatedMin = std::max(bounds.negatedMin, -*at);
            bounds.max = std::max(bounds.max, *at);
        }
    }
    return bounds;
}

void scanBlocks(const double* values, std::size_t blocks, Bounds* out, std::uint64_t* broken) {
    for (std::size_t b = 0; b < blocks; ++b) {
        if (b % 64 == 0) {
            broken[b / 64] = 0;
        }
        bool allFinite = true;
        out[b] = scan(values + b * kBlock, kBlock, allFinite);
        broken[b / 64] |= std::uint64_t{allFinite ? 0U : 1U} << (b % 64);
    }
}

Bounds merge(const Bounds* bounds, std::size_t count) {
    Bounds all{-kInfinity, -kInfinity};
    for (std::size_t i = 0; i < count; ++i) {
        all.negatedMin = std::max(all.negatedMin, bounds[i].negatedMin);
        all.max = std::max(all.max, bounds[i].max);
    }
    return all;
}

void mergeGroups(const Bounds* bounds, std::size_t groups, Bounds* out) {
    for (std::size_t g = 0; g < groups; ++g) {
        out[g] = merge(bounds + g * kFanOut, kFanOut);
    }
}

}  // namespace

const ExtentKernels& portableExtentKernels() {
    static constexpr ExtentKernels kernels{"portable", scan, scanBlocks, merge, mergeGroups};
    return kernels;
}

const ExtentKernels& extentKernels() {
    static const auto* const avx2 = avx2ExtentKernels();
    return avx2 != nullptr ? *avx2 : portableExtentKernels();
}

}  // namespace runglass::series
