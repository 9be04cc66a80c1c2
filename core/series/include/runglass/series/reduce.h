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
    bool joinsPrevious = false;  ///< whether a line leads here from the entry before
    double first = 0;            ///< NaN where only the pyramid is at hand
    double min = 0;
    double max = 0;
    double last = 0;  ///< as `first`

    friend bool operator==(const Column&, const Column&) = default;
};

/// Of one segment, the points with lower ≤ x ≤ upper and one neighbour on either side, so that the lines
/// which cross the edges of the window are there.
IndexRange visibleRange(const Abscissa& xs, IndexRange segment, double lower, double upper);

/// Which points fall into which pixel column. Column k covers edges[k] ≤ x < edges[k + 1]. Runs that log the
/// same steps share one.
class ColumnIndex {
public:
    /// Does nothing when xs, segment and edges are what they were.
    void update(const Abscissa& xs, IndexRange segment, std::span<const double> edges);

    /// Whether it was made for these, with whatever edges.
    [[nodiscard]] bool isFor(const Abscissa& xs, IndexRange segment) const {
        return xs.sameAs(m_xs) && segment == m_segment;
    }
    [[nodiscard]] std::size_t columns() const { return m_bounds.empty() ? 0 : m_bounds.size() - 1; }
    /// Points of columns [first, last).
    [[nodiscard]] IndexRange points(std::size_t first, std::size_t last) const {
        return {m_bounds[first], m_bounds[last]};
    }
    /// Widens a range of columns to the nearest columns on either side that have points, from which a line
    /// may lead into the range.
    [[nodiscard]] IndexRange reaching(std::size_t first, std::size_t last) const;
    /// bounds()[k] is the first point of column k.
    [[nodiscard]] std::span<const std::size_t> bounds() const { return m_bounds; }
    [[nodiscard]] IndexRange segment() const { return m_segment; }

private:
    Abscissa m_xs;
    IndexRange m_segment;
    std::vector<double> m_edges;
    std::vector<std::size_t> m_bounds;
};

/// Reduces one monotone segment to pixel columns [firstColumn, lastColumn) of the index; points outside are
/// ignored. Values that are not finite end the line: an entry never spans one, so that a column which
/// contains some becomes several entries. Appends to `out`.
void reduceToColumns(const ColumnIndex& index, std::span<const double> ys, const Pyramid& pyramid,
                     std::vector<Column>& out, std::size_t firstColumn = 0,
                     std::size_t lastColumn = static_cast<std::size_t>(-1));

/// The same from the pyramid alone, for curves whose points are not in memory. Minimum and maximum are exact,
/// but a column begins and ends at blocks of the pyramid, at least four a column where there are as many: an
/// extreme may be drawn a quarter of a column from its place. What is not finite leaves no gap.
void reduceToColumns(const ColumnIndex& index, const Pyramid& pyramid, std::vector<Column>& out,
                     std::size_t firstColumn = 0, std::size_t lastColumn = static_cast<std::size_t>(-1));

/// Convenience: all columns of one segment.
void reduceToColumns(const Abscissa& xs, std::span<const double> ys, const Pyramid& pyramid,
                     IndexRange segment, std::span<const double> edges, std::vector<Column>& out);

}  // namespace runglass::series
