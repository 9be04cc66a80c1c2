// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "runglass/series/pyramid.h"

namespace runglass::series {

inline constexpr std::size_t kBlock = Pyramid::kLeastBlock;
inline constexpr std::size_t kFanOut = 4;  ///< blocks in a block of the next level

/// The inner loops of the pyramid, for one instruction set.
struct ExtentKernels {
    const char* name;
    /// Bounds of `count` values. `allFinite` is cleared when one is not, and left alone otherwise.
    Bounds (*scan)(const double* values, std::size_t count, bool& allFinite);
    /// Bounds of `blocks` whole blocks; bit b of `broken` is set where block b has a value that is not
    /// finite. Whole words of `broken` are written.
    void (*scanBlocks)(const double* values, std::size_t blocks, Bounds* out, std::uint64_t* broken);
    /// Merges `count` bounds.
    Bounds (*merge)(const Bounds* bounds, std::size_t count);
    /// Merges groups of kFanOut; `groups` whole ones.
    void (*mergeGroups)(const Bounds* bounds, std::size_t groups, Bounds* out);
};

const ExtentKernels& portableExtentKernels();
/// Null where this processor has no AVX2.
const ExtentKernels* avx2ExtentKernels();
/// The fastest that this processor can run.
const ExtentKernels& extentKernels();

}  // namespace runglass::series
