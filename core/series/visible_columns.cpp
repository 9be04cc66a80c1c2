// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/series/visible_columns.h"

#include <algorithm>

namespace runglass::series {

namespace {

using Position = std::ptrdiff_t;

// Parts that a range of columns is divided into where it may show.
constexpr Position kParts = 4;
// Up to so many points are looked at themselves, since the blocks around them would have many more.
constexpr std::size_t kFew = 64;
// Columns that are not told apart.
constexpr Position kLeastColumns = 4;

class Search {
public:
    Search(const ColumnCurve& curve, const CurveRaster& strip, std::vector<IndexRange>& out)
        : m_curve(curve)
        , m_strip(strip)
        , m_out(out)
        , m_columns(static_cast<Position>(curve.index.columns()))
        , m_reach(CurveRaster::reach(curve.pen, curve.fine))
        // A column is drawn right when those that reach into it are, and each knows those beside it.
        , m_context(m_reach.columns + 1) {
        const auto points = curve.index.points(0, curve.index.columns()).size();
        m_least = points / std::max<std::size_t>(1, curve.index.columns()) < kEnough ? kLeastColumns : 1;
        if (curve.ys.empty() && m_columns > 0) {
            m_block = blockSize(curve, points);
        }
    }

    /// Where blocks are wider than a column, lines lead further than this search looks.
    [[nodiscard]] bool isCoarse() const {
        const auto columns = m_curve.index.columns();
        return m_curve.ys.empty() && 2 * m_block * columns > m_curve.index.points(0, columns).size();
    }

    void find(Position first, Position last) {
        if (isHidden(first, last)) {
            return;
        }
        if (last - first <= m_least) {
            take(first, last);
            return;
        }
        const auto step = std::max(m_least, (last - first + kParts - 1) / kParts);
        for (auto at = first; at < last; at += step) {
            find(at, std::min(at + step, last));
        }
    }

private:
    static constexpr std::size_t kEnough = 32;  // points a column

    static std::size_t blockSize(const ColumnCurve& curve, std::size_t points) {
        return curve.pyramid.blockSizeBelow(points / curve.index.columns() / 4);
    }

    // Points of some columns, and the next on either side, from where a line may lead in.
    [[nodiscard]] IndexRange pointsAround(Position first, Position last) const {
        const auto bounds = m_curve.index.bounds();
        const auto segment = m_curve.index.segment();
        auto begin = bounds[static_cast<std::size_t>(std::clamp(first, Position{0}, m_columns))];
        auto end = bounds[static_cast<std::size_t>(std::clamp(last, Position{0}, m_columns))];
        const auto more = 1 + m_block;
        begin -= std::min(more, begin - segment.begin);
        end += std::min(more, segment.end - end);
        return {begin, end};
    }

    [[nodiscard]] bool isHidden(Position first, Position last) const {
        const auto points = pointsAround(first - m_reach.columns, last + m_reach.columns);
        if (points.empty()) {
            return true;
        }
        const bool few = !m_curve.ys.empty() && points.size() <= kFew;
        if ((!few || last - first > m_least) &&
            isHiddenBetween(first, last, m_curve.pyramid.outerBounds(points.begin, points.end))) {
            return true;
        }
        if (!few) {
            return false;
        }
        const auto extent = m_curve.pyramid.extent(m_curve.ys, points.begin, points.end);
        return isHiddenBetween(first, last, {-extent.min, extent.max});
    }

    [[nodiscard]] bool isHiddenBetween(Position first, Position last, const Bounds& bounds) const {
        if (-bounds.negatedMin > bounds.max) {
            return true;  // no number
        }
        const float a = m_curve.y(-bounds.negatedMin);
        const float b = m_curve.y(bounds.max);
        return m_strip.hides(static_cast<int>(first), static_cast<int>(last), std::min(a, b) - m_reach.rows,
                             std::max(a, b) + m_reach.rows);
    }

    void take(Position first, Position last) {
        const auto begin = std::clamp(first - m_context, Position{0}, m_columns);
        const auto end = std::clamp(last + m_context, Position{0}, m_columns);
        const auto range =
            m_curve.index.reaching(static_cast<std::size_t>(begin), static_cast<std::size_t>(end));
        if (!m_out.empty() && range.begin <= m_out.back().end) {
            m_out.back().end = std::max(m_out.back().end, range.end);
        } else {
            m_out.push_back(range);
        }
    }

    const ColumnCurve& m_curve;
    const CurveRaster& m_strip;
    std::vector<IndexRange>& m_out;
    Position m_columns;
    CurveRaster::Reach m_reach;
    Position m_context;
    Position m_least = 1;
    std::size_t m_block = 0;  ///< points by which a column may be drawn from more than its own
};

}  // namespace

void visibleColumns(const ColumnCurve& curve, const CurveRaster& strip, std::vector<IndexRange>& out) {
    out.clear();
    const auto first = std::min<Position>(strip.left(), static_cast<Position>(curve.index.columns()));
    const auto last =
        std::min<Position>(strip.left() + strip.width(), static_cast<Position>(curve.index.columns()));
    if (first < last) {
        Search search(curve, strip, out);
        if (search.isCoarse()) {
            out.push_back({0, curve.index.columns()});
        } else {
            search.find(first, last);
        }
    }
}

}  // namespace runglass::series
