// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/series/reduce.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace runglass::series {

namespace {

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
        out.push_back({pixel, joins, ys[i], extent.min, extent.max, ys[end - 1]});
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

void ColumnIndex::update(const Abscissa& xs, IndexRange segment, std::span<const double> edges) {
    if (isFor(xs, segment) && std::equal(edges.begin(), edges.end(), m_edges.begin(), m_edges.end())) {
        return;
    }
    m_xs = xs;
    m_segment = segment;
    m_edges.assign(edges.begin(), edges.end());
    m_bounds.resize(edges.size());
    std::size_t hint = segment.begin;
    std::size_t previous = segment.begin;
    for (std::size_t k = 0; k < edges.size(); ++k) {
        const auto at = xs.lowerBound({previous, segment.end}, edges[k], hint);
        m_bounds[k] = at;
        hint = k == 0 ? at : at + (at - previous);  // columns hold about as many points as their neighbours
        previous = at;
    }
}

IndexRange ColumnIndex::reaching(std::size_t first, std::size_t last) const {
    last = std::min(last, columns());
    first = std::min(first, last);
    const auto columnOf = [this](std::size_t point) {
        return static_cast<std::size_t>(std::upper_bound(m_bounds.begin(), m_bounds.end(), point) -
                                        m_bounds.begin()) -
               1;
    };
    if (m_bounds[first] > m_bounds.front()) {
        first = m_bounds[first - 1] < m_bounds[first] ? first - 1 : columnOf(m_bounds[first] - 1);
    }
    if (m_bounds[last] < m_bounds.back()) {
        last = m_bounds[last] < m_bounds[last + 1] ? last + 1 : columnOf(m_bounds[last]) + 1;
    }
    return {first, last};
}

void reduceToColumns(const ColumnIndex& index, std::span<const double> ys, const Pyramid& pyramid,
                     std::vector<Column>& out, std::size_t firstColumn, std::size_t lastColumn) {
    constexpr std::size_t kAhead = 4;  // columns whose values are asked for before they are needed
    const auto bounds = index.bounds();
    lastColumn = std::min(lastColumn, index.columns());
    bool reachable = false;  // whether the point before is drawn and finite
    if (firstColumn > 0 && bounds[firstColumn] > bounds[0]) {
        reachable = std::isfinite(ys[bounds[firstColumn] - 1]);
    }
    for (std::size_t k = firstColumn; k < lastColumn; ++k) {
        const IndexRange range{bounds[k], bounds[k + 1]};
        if (range.empty()) {
            continue;
        }
        if (k + kAhead < lastColumn) {
            pyramid.prefetch(ys, bounds[k + kAhead]);
        }
        const auto pixel = static_cast<std::int32_t>(k);
        const auto extent = pyramid.extent(ys, range.begin, range.end);
        if (extent.allFinite) {
            out.push_back({pixel, reachable, ys[range.begin], extent.min, extent.max, ys[range.end - 1]});
            reachable = true;
        } else {
            addBroken(pixel, ys, range, reachable, out);
            reachable = std::isfinite(ys[range.end - 1]);
        }
    }
}

void reduceToColumns(const ColumnIndex& index, const Pyramid& pyramid, std::vector<Column>& out,
                     std::size_t firstColumn, std::size_t lastColumn) {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    const auto bounds = index.bounds();
    lastColumn = std::min(lastColumn, index.columns());
    if (firstColumn >= lastColumn) {
        return;
    }
    const auto points = index.points(0, index.columns());
    const auto size = pyramid.blockSizeBelow(points.size() / index.columns() / 4);
    const auto blocks = pyramid.blocks(size);
    // A block belongs to the column of its middle.
    const auto blockAt = [&](std::size_t point) {
        return std::min((point + size / 2) / size, blocks.size());
    };
    std::size_t begin = blockAt(bounds[firstColumn]);
    bool reachable = firstColumn > 0 && bounds[firstColumn] > bounds[0];
    for (std::size_t k = firstColumn; k < lastColumn; ++k) {
        const bool last = k + 1 == index.columns();
        const auto end =
            last ? std::min((bounds[k + 1] + size - 1) / size, blocks.size()) : blockAt(bounds[k + 1]);
        if (end <= begin) {
            continue;
        }
        const Bounds all = blocks.bounds(begin, end);
        begin = end;
        if (-all.negatedMin <= all.max) {
            out.push_back({static_cast<std::int32_t>(k), reachable, kNone, -all.negatedMin, all.max, kNone});
            reachable = true;
        }
    }
}

void reduceToColumns(const Abscissa& xs, std::span<const double> ys, const Pyramid& pyramid,
                     IndexRange segment, std::span<const double> edges, std::vector<Column>& out) {
    if (edges.size() < 2 || segment.empty()) {
        return;
    }
    ColumnIndex index;
    index.update(xs, segment, edges);
    reduceToColumns(index, ys, pyramid, out);
}

}  // namespace runglass::series
