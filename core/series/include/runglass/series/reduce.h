// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "runglass/series/abscissa.h"
#include "runglass/series/index_range.h"
#include "runglass/series/pyramid.h"

namespace runglass::series {

/// A piece of a curve that falls into one pixel column. Drawing the line first–min–max–last in each column,
/// and from the last of one to the first of the next, covers exactly the pixels that drawing every point
/// would: no spike is lost, whatever the zoom.
struct Column {
    std::int32_t pixel = 0;
    double first = 0;
    double min = 0;
    double max = 0;
    double last = 0;
    bool joinsPrevious = false;  ///< whether a line leads here from the entry before

    friend bool operator==(const Column&, const Column&) = default;
};

/// Of one segment, the points with lower ≤ x ≤ upper and one neighbour on either side, so that the lines
/// which cross the edges of the window are there.
IndexRange visibleRange(const Abscissa& xs, IndexRange segment, double lower, double upper);

/// Reduces one monotone segment to pixel columns. Column k covers edges[k] ≤ x < edges[k + 1]; points outside
/// are ignored. Values that are not finite end the line: an entry never spans one, so that a column which
/// contains some becomes several entries. Appends to `out`.
void reduceToColumns(const Abscissa& xs, std::span<const double> ys, const Pyramid& pyramid,
                     IndexRange segment, std::span<const double> edges, std::vector<Column>& out);

}  // namespace runglass::series
