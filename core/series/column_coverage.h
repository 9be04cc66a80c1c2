// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "covered_rows.h"

namespace runglass::series {

/// One column of the pixels of a strip, and what is covered of it.
struct PixelColumn {
    std::uint32_t* pixels;
    int height;
    int index;  ///< in the strip
    CoveredRows& covered;

    /// Colours rows [from, to) under what is there, `parts` of 256 of each.
    void blend(int from, int to, std::uint32_t color, std::uint32_t parts);
    /// Colours from y0 to y1, with `weight` of the coverage, under what is there.
    void fill(float y0, float y1, float weight, std::uint32_t color);
};

/// The coverage of one column of pixels as differences between rows, to which an edge of any length adds a
/// few numbers only. After draw() it is empty again.
class ColumnCoverage {
public:
    void setHeight(int height);
    /// Everything below an edge that goes from y0 to y1 across `weight` of the column's width. Negative
    /// weight takes it away again.
    void addBelow(float y0, float y1, float weight);
    void addInterval(float y0, float y1, float weight) {
        addBelow(y0, y0, weight);
        addBelow(y1, y1, -weight);
    }
    /// Blends `color` under the column, at `opacity` of the coverage.
    void draw(PixelColumn column, std::uint32_t color, float opacity);
    /// Rows that have some coverage; none when the end is not beyond the first.
    [[nodiscard]] int firstRow() const { return m_begin; }
    [[nodiscard]] int endRow() const { return m_end; }

private:
    void touch(int from, int to);
    [[nodiscard]] int nextChange(int row, int end) const;

    int m_height = 0;
    int m_begin = 0;
    int m_end = 0;
    std::vector<float> m_first;            ///< coverage of a row less that of the row above
    std::vector<float> m_second;           ///< the same of the differences themselves
    std::vector<std::uint64_t> m_changes;  ///< a bit for each row that has either
};

}  // namespace runglass::series
