// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <stop_token>
#include <vector>

#include "runglass/model/column.h"
#include "runglass/series/abscissa.h"
#include "runglass/series/pyramid.h"

namespace runglass::series {

/// TensorBoard's "ignore outliers" (line_chart_internal_utils.ts): of the N finite values of all ranges
/// together, sorted, those at ⌈0.05·(N−1)⌉ and ⌊0.95·(N−1)⌋; with 2 values and less the smallest and the
/// largest. Empty when there is no finite value, or when stopped. Exact, and without a copy of the values.
Extent robustLimits(std::span<const std::span<const double>> ranges, const std::stop_token& stop = {});

/// A value that has no place on the y axis.
struct Mark {
    enum class Kind { Nan, PlusInfinity, MinusInfinity };
    double x = 0;
    Kind kind = Kind::Nan;
    std::size_t index = 0;  ///< in the series
    friend bool operator==(const Mark&, const Mark&) = default;
};

struct Marks {
    std::vector<Mark> marks;
    std::size_t total = 0;  ///< of which `marks` has one a pixel column and kind at most
};

/// The values of one segment that are not finite, with lower ≤ x ≤ upper, for marking them on the axis where
/// they happened. At most one mark a kind in each of `columns` equal parts of the range, so that a series of
/// a million NaN costs no more to draw than one as wide as the chart. Skips what the pyramid knows to be
/// finite.
Marks nonFiniteMarks(const Abscissa& xs, std::span<const double> ys, const Pyramid& pyramid,
                     IndexRange segment, double lower, double upper, std::size_t columns);

/// Points that a log axis cannot show.
struct Unshowable {
    std::size_t byX = 0;  ///< x ≤ 0
    std::size_t byY = 0;  ///< value ≤ 0 and finite, where x can be shown
    [[nodiscard]] std::size_t total() const { return byX + byY; }
    Unshowable& operator+=(const Unshowable& other) {
        byX += other.byX;
        byY += other.byY;
        return *this;
    }
    friend bool operator==(const Unshowable&, const Unshowable&) = default;
};

/// Of the points from `from` on.
Unshowable countUnshowable(const Abscissa& xs, std::span<const double> ys, bool logX, bool logY,
                           std::size_t from = 0);

/// The values with NaN in place of those that a log axis cannot show, so that no line leads to them.
model::Column<double> showableOnLogAxis(std::span<const double> ys);

}  // namespace runglass::series
