// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/series/reduce.h"

#include <algorithm>
#include <cmath>

namespace runglass::series {

namespace {

Column columnOf(std::int32_t pixel, std::span<const double> ys, IndexRange range, const Extent& extent,
                bool joins) {
    return {pixel, ys[range.begin], extent.min, extent.max, ys[range.end - 1], joins};
}

// One entry for each stretch of finite values.
void addBroken(std::int32_t pixel, std::span<const double> ys, IndexRange range, bool joins,
               std::vector<Column>& out) {
    for (auto i = range.begin; i < range.end;) {
        if (!std::isfinite(ys[i])) {
            joins = false;
            ++i;
            continue;
        }
        auto end = i;
        Extent extent;
        while (end < range.end && std::isfinite(ys[end])) {
            extent.add(ys[end++]);
        }
        out.push_back(columnOf(pixel, ys, {i, end}, extent, joins));
        i = end;
    }
}

}  // namespace

IndexRange visibleRange(const Abscissa& xs, IndexRange segment, double lower, double upper) {
    auto begin = xs.lowerBound(segment, lower);
    auto end = std::max(begin, xs.upperBound(segment, upper));
    begin -= begin > segment.begin ? 1 : 0;
    end += end < segment.end ? 1 : 0;
    return {begin, end};
}

void reduceToColumns(const Abscissa& xs, std::span<const double> ys, const Pyramid& pyramid,
                     IndexRange segment, std::span<const double> edges, std::vector<Column>& out) {
    if (edges.size() < 2 || segment.size() == 0) {
        return;
    }
    IndexRange rest{xs.lowerBound(segment, edges.front()), segment.end};
    bool reachable = false;  // whether the point before `rest` is drawn and finite
    for (std::size_t k = 0; k + 1 < edges.size() && rest.size() > 0; ++k) {
        if (xs[rest.begin] >= edges[k + 1]) {
            continue;
        }
        const IndexRange range{rest.begin, xs.lowerBound(rest, edges[k + 1], rest.begin)};
        const auto pixel = static_cast<std::int32_t>(k);
        const auto extent = pyramid.extent(ys, range.begin, range.end);
        if (extent.allFinite) {
            out.push_back(columnOf(pixel, ys, range, extent, reachable));
        } else {
            addBroken(pixel, ys, range, reachable, out);
        }
        reachable = std::isfinite(ys[range.end - 1]);
        rest.begin = range.end;
    }
}

}  // namespace runglass::series
