// SPDX-License-Identifier: GPL-3.0-or-later
//
// Curves with more points than pixels. Smooth stretches are slanted bands as thick as the pen, which need a
// neighbour that goes on like them. Everything else is a bar from minimum to maximum, widened by the pen.
#include <algorithm>
#include <cmath>

#include "raster_scratch.h"
#include "runglass/series/curve_raster.h"

namespace runglass::series {

namespace {

constexpr float kLevel = 1.0F;      // slopes up to this are drawn slanted whatever comes next to them
constexpr float kBulge = 0.25F;     // pixels by which a column may exceed its slanted line
constexpr float kNoWidth = 0.05F;   // pixels on either side that are not worth widening a bar for
constexpr float kAllowance = 1.0F;  // pixels that a line may reach beyond its curve and half its width
constexpr float kAbsent = 1e30F;
constexpr float kPresent = 1e20F;

/// What a pen makes of a bar.
struct Stroke {
    float radius;
    float opacity;
    float widening;  ///< of a bar to either side

    Stroke(const RasterPen& pen, bool fine)
        : radius(std::max(pen.width, 1.0F) / 2)
        , opacity(std::min(pen.width, 1.0F))
        , widening(fine || pen.width >= 1.5F ? radius - 0.5F : 0) {
        widening = widening < kNoWidth ? 0 : widening;
    }
};

struct Rows {
    float top = kAbsent;
    float bottom = -kAbsent;
    void add(const Rows& other) {
        top = std::min(top, other.top);
        bottom = std::max(bottom, other.bottom);
    }
};

/// The columns of a curve, as neighbours.
class Neighbourhood {
public:
    explicit Neighbourhood(const std::vector<Span>& spans)
        : m_spans(spans) {}

    [[nodiscard]] const Span& at(std::ptrdiff_t i) const { return m_spans[static_cast<std::size_t>(i)]; }
    /// The next column in a direction when the line leads there.
    [[nodiscard]] const Span* next(std::ptrdiff_t i, int direction) const {
        const auto j = i + direction;
        if (j < 0 || j >= static_cast<std::ptrdiff_t>(m_spans.size())) {
            return nullptr;
        }
        return at(direction > 0 ? j : i).joinsPrevious ? &at(j) : nullptr;
    }
    [[nodiscard]] bool isBand(std::ptrdiff_t i) const {
        const auto& span = at(i);
        if (!isLine(span)) {
            return false;
        }
        const float slope = span.slope();
        const auto follows = [slope](const Span* other) {
            return other != nullptr && isLine(*other) && other->slope() * slope > 0 &&
                   std::abs(other->slope()) > 0.5F * std::abs(slope);
        };
        return std::abs(slope) <= kLevel || (follows(next(i, -1)) && follows(next(i, 1)));
    }
    /// Calls with each of the spans up to `left` columns before and `right` behind that the line leads to.
    template <typename Visit>
    void around(std::ptrdiff_t i, int left, int right, Visit&& visit) const {
        for (const int direction : {-1, 1}) {
            auto j = i;
            for (int step = direction < 0 ? left : right; step > 0 && next(j, direction) != nullptr; --step) {
                j += direction;
                visit(at(j));
            }
        }
    }

private:
    /// Whether the line from left to right says it all.
    static bool isLine(const Span& span) {
        return span.known && std::min(span.left, span.right) - span.top < kBulge &&
               span.bottom - std::max(span.left, span.right) < kBulge;
    }
    const std::vector<Span>& m_spans;
};

/// A slanted band. Beyond the curve around it, it reaches no further than a line of its width may.
void addBand(ColumnCoverage& coverage, const Neighbourhood& spans, std::ptrdiff_t i, const Stroke& stroke,
             int columns) {
    const auto& span = spans.at(i);
    const float slope = span.slope();
    const float half = stroke.radius * std::sqrt(1 + slope * slope);
    const float top = std::min(span.left, span.right);
    const float bottom = std::max(span.left, span.right);
    float up = half + 0.5F * (top - span.top);
    float down = half + 0.5F * (span.bottom - bottom);
    const float most = stroke.radius + kAllowance / 2;
    if (std::max(up, down) > most) {
        Rows hull{span.top, span.bottom};
        spans.around(i, columns, columns, [&](const Span& other) { hull.add({other.top, other.bottom}); });
        up = std::min(up, top - hull.top + most);
        down = std::min(down, hull.bottom - bottom + most);
    }
    coverage.addBelow(span.left - up, span.right - up, 1);
    coverage.addBelow(span.left + down, span.right + down, -1);
}

/// Bars wider than a column: those of the columns around reach into this one, from whole columns away into
/// all of it, from one further into its strip at that side.
void addBars(ColumnCoverage& coverage, const Neighbourhood& spans, std::ptrdiff_t i, const Stroke& stroke) {
    const auto& span = spans.at(i);
    const int reach = static_cast<int>(stroke.widening);
    const float strip = stroke.widening - static_cast<float>(reach);
    const auto hull = [&](int left, int right) {
        Rows rows = span.band ? Rows{} : Rows{span.top, span.bottom};
        spans.around(i, left, right, [&](const Span& other) {
            if (!other.band) {
                rows.add({other.top, other.bottom});
            }
        });
        return rows;
    };
    const auto add = [&](const Rows& rows, float weight) {
        if (rows.top < kPresent && weight > 0) {
            coverage.addInterval(rows.top - stroke.radius, rows.bottom + stroke.radius, weight);
        }
    };
    const Rows left = hull(reach + 1, reach);
    const Rows right = hull(reach, reach + 1);
    if (strip <= 0.5F) {
        add(left, strip);
        add(hull(reach, reach), 1 - 2 * strip);
        add(right, strip);
    } else {
        Rows both = left;
        both.add(right);
        add(left, 1 - strip);
        add(both, 2 * strip - 1);
        add(right, 1 - strip);
    }
}

}  // namespace

CurveRaster::Reach CurveRaster::reach(const RasterPen& pen, bool fine) {
    const Stroke stroke(pen, fine);
    return {stroke.widening > 0 ? margin(pen.width) : 1, stroke.radius + kAllowance};
}

// Where a column is entered and left follows from the columns beside it.
void CurveRaster::drawColumns(std::span<const Column> columns, const PixelScale& y, const RasterPen& pen,
                              bool fine) {
    auto& spans = m_scratch->spans;
    spans.clear();
    const int border = margin(pen.width);
    float previousLast = 0;
    for (const auto& column : columns) {
        const float a = y(column.min);
        const float b = column.min == column.max ? a : y(column.max);
        Span span{column.pixel, std::min(a, b), std::max(a, b), a, a, column.joinsPrevious, false, false};
        span.known = !std::isnan(column.first);
        if (span.known && column.min != column.max) {
            span.left = y(column.first);
            span.right = y(column.last);
        }
        const float last = span.right;
        if (span.joinsPrevious && !spans.empty()) {
            auto& before = spans.back();
            const int pixel = before.pixel;
            const float from = before.known ? previousLast : std::clamp(span.top, before.top, before.bottom);
            const float to = span.known ? span.left : std::clamp(from, span.top, span.bottom);
            const auto gap = static_cast<float>(span.pixel - pixel);
            const auto at = [=](float place) { return from + (to - from) * (place / gap); };
            const float leaves = at(0.5F);
            const float enters = at(gap - 0.5F);
            before.include(leaves);
            before.right = leaves;
            span.include(enters);
            span.left = enters;
            // Columns without a point, which the line crosses.
            for (int k = std::max(pixel + 1, m_left - border);
                 k < std::min(span.pixel, m_left + m_width + border); ++k) {
                const float in = at(static_cast<float>(k - pixel) - 0.5F);
                const float out = at(static_cast<float>(k - pixel) + 0.5F);
                spans.push_back({k, std::min(in, out), std::max(in, out), in, out, true, true, false});
            }
        }
        previousLast = last;
        spans.push_back(span);
    }
    drawSpans(pen, fine);
}

void CurveRaster::drawSpans(const RasterPen& pen, bool fine) {
    auto& spans = m_scratch->spans;
    const Stroke stroke(pen, fine);
    const int around = reach(pen, fine).columns;
    const Neighbourhood neighbours(spans);
    const auto count = static_cast<std::ptrdiff_t>(spans.size());
    for (std::ptrdiff_t i = 0; i < count; ++i) {
        spans[static_cast<std::size_t>(i)].band = neighbours.isBand(i);
    }
    auto& coverage = m_scratch->coverage;
    for (std::ptrdiff_t i = 0; i < count; ++i) {
        const auto& span = neighbours.at(i);
        const int k = span.pixel - m_left;
        const float visible =
            stroke.opacity * (span.bottom - span.top > kSteep ? 1 : dashShare(pen, span.pixel));
        if (k < 0 || k >= m_width || visible <= 0) {
            continue;
        }
        const float most = stroke.radius * (span.band ? 1 + std::abs(span.slope()) : 1) + kAllowance;
        const auto isHidden = [&](const Rows& rows) {
            return hides(span.pixel, span.pixel + 1, rows.top - most, rows.bottom + most);
        };
        Rows rows{span.top, span.bottom};
        if (isHidden(rows)) {
            if (stroke.widening > 0) {  // bars beside it reach into this column
                neighbours.around(i, around, around, [&](const Span& other) {
                    rows.add({other.top, other.bottom});
                });
            }
            if (stroke.widening == 0 || isHidden(rows)) {
                continue;
            }
        }
        PixelColumn column{columnPixels(k), m_height, k, m_scratch->covered};
        if (stroke.widening == 0 && !span.band) {
            const float top = span.top - stroke.radius;
            const float bottom = span.bottom + stroke.radius;
            touch(k, top, bottom);
            column.fill(top, bottom, visible, pen.color);
            continue;
        }
        if (span.band) {
            addBand(coverage, neighbours, i, stroke, around);
        }
        if (stroke.widening > 0) {
            addBars(coverage, neighbours, i, stroke);
        }
        touch(k, static_cast<float>(coverage.firstRow()), static_cast<float>(coverage.endRow()));
        coverage.draw(column, pen.color, visible);
    }
}

}  // namespace runglass::series
