// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/series/reduce.h"

#include <algorithm>
#include <cmath>

namespace runglass::series {

namespace {

std::size_t lowerBound(std::span<const double> xs, IndexRange range, double x) {
    const auto begin = xs.begin() + static_cast<std::ptrdiff_t>(range.begin);
    const auto end = xs.begin() + static_cast<std::ptrdiff_t>(range.end);
    return static_cast<std::size_t>(std::lower_bound(begin, end, x) - xs.begin());
}

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

std::vector<IndexRange> monotoneSegments(std::span<const double> xs) {
    std::vector<IndexRange> segments;
    std::size_t begin = 0;
    for (std::size_t i = 1; i < xs.size(); ++i) {
        if (xs[i] < xs[i - 1]) {
            segments.push_back({begin, i});
            begin = i;
        }
    }
    if (!xs.empty()) {
        segments.push_back({begin, xs.size()});
    }
    return segments;
}

IndexRange visibleRange(std::span<const double> xs, IndexRange segment, double lower, double upper) {
    auto begin = lowerBound(xs, segment, lower);
    auto end = begin;
    {
        const auto from = xs.begin() + static_cast<std::ptrdiff_t>(begin);
        const auto to = xs.begin() + static_cast<std::ptrdiff_t>(segment.end);
        end = static_cast<std::size_t>(std::upper_bound(from, to, upper) - xs.begin());
    }
    begin -= begin > segment.begin ? 1 : 0;
    end += end < segment.end ? 1 : 0;
    return {begin, end};
}

void reduceToColumns(std::span<const double> xs, std::span<const double> ys, const Pyramid& pyramid,
                     IndexRange segment, std::span<const double> edges, std::vector<Column>& out) {
    if (edges.size() < 2 || segment.size() == 0) {
        return;
    }
    IndexRange rest{lowerBound(xs, segment, edges.front()), segment.end};
    bool reachable = false;  // whether the point before `rest` is drawn and finite
    for (std::size_t k = 0; k + 1 < edges.size() && rest.size() > 0; ++k) {
        if (xs[rest.begin] >= edges[k + 1]) {
            continue;
        }
        const IndexRange range{rest.begin, lowerBound(xs, rest, edges[k + 1])};
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
