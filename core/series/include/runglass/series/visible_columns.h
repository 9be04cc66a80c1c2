// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

#include "runglass/series/curve_raster.h"
#include "runglass/series/index_range.h"
#include "runglass/series/pyramid.h"
#include "runglass/series/reduce.h"

namespace runglass::series {

/// A curve that is about to be drawn from columns.
struct ColumnCurve {
    const ColumnIndex& index;
    std::span<const double> ys;  ///< empty where only the pyramid is at hand
    const Pyramid& pyramid;
    PixelScale y;
    RasterPen pen;
    bool fine = true;
};

/// Finds the columns of a strip in which a curve may show, as ranges of the columns that it takes to draw
/// them, in order; the picture is the same as from all columns. What lies below curves that are drawn already
/// is found out from a few blocks of the pyramid for many columns at once (an occlusion test as in N. Greene,
/// M. Kass, G. Miller: Hierarchical Z-buffer visibility, SIGGRAPH 1993).
void visibleColumns(const ColumnCurve& curve, const CurveRaster& strip, std::vector<IndexRange>& out);

}  // namespace runglass::series
