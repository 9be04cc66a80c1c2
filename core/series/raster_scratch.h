// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "column_coverage.h"
#include "runglass/series/curve_raster.h"

namespace runglass::series {

inline constexpr float kSteep = 3.0F;  ///< pixels in a column; dashes do not cut what is steeper

/// A curve within one pixel column.
struct Span {
    int pixel = 0;
    float top = 0;
    float bottom = 0;
    float left = 0;  ///< where it enters
    float right = 0;
    bool joinsPrevious = false;
    bool known = false;  ///< left and right are
    bool band = false;   ///< drawn as a slanted line instead of a bar

    [[nodiscard]] float slope() const { return right - left; }
    void include(float y) {
        top = std::min(top, y);
        bottom = std::max(bottom, y);
    }
};

struct RowRange {
    int begin = 0;
    int end = 0;
    void include(const RowRange& other) {
        begin = std::min(begin, other.begin);
        end = std::max(end, other.end);
    }
};

/// Memory that is kept from curve to curve.
struct CurveRaster::Scratch {
    CoveredRows covered;
    std::vector<RowRange> touched;  ///< of each column: all rows that may have some colour
    std::vector<RowRange> blocks;   ///< the same of columns side by side
    ColumnCoverage coverage;
    std::vector<Span> spans;
    // Of a sparse curve, at each sample: the curve itself, and the outline of its line.
    std::vector<float> curveTop;
    std::vector<float> curveBottom;
    std::vector<float> top;
    std::vector<float> bottom;
};

/// The part of pixel column k that lies in a dash.
float dashShare(const RasterPen& pen, int k);

}  // namespace runglass::series
