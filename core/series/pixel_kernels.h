// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace runglass::series {

/// Coverage that changes evenly from row to row: of the first row `from` + `slope`, of the next once more.
struct CoverageRamp {
    float from = 0;
    float slope = 0;
};

/// The inner loops of the rasteriser, for one instruction set. All give the same pixels.
struct PixelKernels {
    const char* name;
    /// Puts a premultiplied colour under pixels.
    void (*fillUnder)(std::uint32_t* pixels, int count, std::uint32_t color);
    /// Puts a premultiplied colour under pixels, in parts that are limited to 0 … 1.
    void (*rampUnder)(std::uint32_t* pixels, int count, CoverageRamp ramp, std::uint32_t color);
    /// Puts premultiplied pixels over others.
    void (*blendOver)(std::uint32_t* to, const std::uint32_t* from, int count);
};

/// For processors of any kind.
const PixelKernels& portablePixelKernels();
/// Null where this processor has no AVX2.
const PixelKernels* avx2PixelKernels();
/// The fastest that this processor can run.
const PixelKernels& pixelKernels();

}  // namespace runglass::series
