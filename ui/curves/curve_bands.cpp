// SPDX-License-Identifier: GPL-3.0-or-later
// What is drawn around the lines: the band of a group, and marks for values that have no place on the axis.
#include <array>
#include <cmath>

#include "curve_plottable.h"
#include "runglass/series/limits.h"
#include "runglass/ui/theme/theme.h"

namespace runglass::ui {

namespace {

constexpr double kBandShare = 0.16;  // VISUAL.md §7
constexpr double kMarkWidth = 7;
constexpr double kMarkHeight = 5;
constexpr double kMarkSpacing = 14;  // where every value is NaN, crosses that can be told apart

/// The edge of a band at one pixel column: extremes of all points that fall into it.
struct BandColumn {
    double x = 0;
    double lower = 0;
    double upper = 0;
};

QPolygonF triangle(double x, double base, double tip) {
    return QPolygonF({{x - kMarkWidth / 2, base}, {x + kMarkWidth / 2, base}, {x, tip}});
}

}  // namespace

// One polygon a stretch without gaps. Where several points share a pixel column the band covers them all, so
// that a wide group of long runs costs no more than the chart is wide.
void CurvePlottable::drawBand(QCPPainter* painter, const DrawnCurve& drawn) const {
    const auto& curve = *drawn.curve;
    if (!curve.band) {
        return;
    }
    auto fill = drawn.color;
    fill.setAlphaF(static_cast<float>(recedes(drawn) ? kBandShare * Theme::current().metric("alpha.dimmed")
                                                     : kBandShare));
    painter->setPen(Qt::NoPen);
    painter->setBrush(fill);
    std::vector<BandColumn> columns;
    const auto flush = [&] {
        QPolygonF outline;
        outline.reserve(2 * static_cast<qsizetype>(columns.size()));
        for (const auto& column : columns) {
            outline.append({column.x, column.upper});
        }
        for (auto column = columns.rbegin(); column != columns.rend(); ++column) {
            outline.append({column->x, column->lower});
        }
        if (columns.size() > 1) {
            painter->drawPolygon(outline);
        }
        columns.clear();
    };
    const bool logarithmic = mValueAxis->scaleType() == QCPAxis::stLogarithmic;
    const double floor = clipRect().bottom() + 1;
    const auto range = mKeyAxis->range();
    for (const auto& segment : curve.segments) {
        auto begin = curve.xs.lowerBound(segment, range.lower);
        auto end = curve.xs.upperBound(segment, range.upper);
        begin -= begin > segment.begin ? 1 : 0;
        end += end < segment.end ? 1 : 0;
        for (auto i = begin; i < end; ++i) {
            const double low = curve.band->lower.ys[i];
            const double high = curve.band->upper.ys[i];
            // A log axis has no place for 0: the band goes down to its lower end then.
            const bool endless = logarithmic && curve.n[i] > 1 && std::isnan(low);
            if ((!endless && !std::isfinite(low)) || !std::isfinite(high)) {
                flush();
                continue;
            }
            const BandColumn next{mKeyAxis->coordToPixel(curve.xs[i]), endless ? floor : pixelOf(low),
                                  pixelOf(high)};
            if (!columns.empty() && std::floor(columns.back().x) == std::floor(next.x)) {
                auto& column = columns.back();  // pixels grow downwards
                column.lower = std::max(column.lower, next.lower);
                column.upper = std::min(column.upper, next.upper);
            } else {
                columns.push_back(next);
            }
        }
        flush();
    }
}

// NaN is a cross on the x axis, an infinity a triangle that points out of the chart.
void CurvePlottable::drawMarks(QCPPainter* painter, const DrawnCurve& drawn) const {
    const auto& curve = *drawn.curve;
    const auto area = clipRect();
    const auto range = mKeyAxis->range();
    const auto columns = static_cast<std::size_t>(std::max(1.0, area.width() / kMarkSpacing));
    const auto color =
        recedes(drawn) ? faded(drawn.color, Theme::current().metric("alpha.dimmed")) : drawn.color;
    const bool ofMembers = drawn.group && curve.lost;
    const auto segments = drawn.group
                              ? (ofMembers ? curve.lost->xs.segments() : std::vector<series::IndexRange>())
                              : curve.segments;
    for (const auto& segment : segments) {
        const auto found =
            ofMembers ? series::nonFiniteMarks(curve.lost->xs, curve.lost->values, curve.lost->pyramid,
                                               segment, range.lower, range.upper, columns)
                      : series::nonFiniteMarks(curve.xs, curve.series->values, curve.raw.pyramid, segment,
                                               range.lower, range.upper, columns);
        for (const auto& mark : found.marks) {
            const double x = mKeyAxis->coordToPixel(mark.x);
            const double bottom = area.bottom() - 1;
            const double top = area.top() + 1;
            if (mark.kind == series::Mark::Kind::Nan) {
                painter->setPen(QPen(color, 1.5));
                const double half = kMarkHeight / 2;
                painter->drawLine(QLineF(x - half, bottom - kMarkHeight, x + half, bottom));
                painter->drawLine(QLineF(x - half, bottom, x + half, bottom - kMarkHeight));
                continue;
            }
            const bool up = mark.kind == series::Mark::Kind::PlusInfinity;
            painter->setPen(Qt::NoPen);
            painter->setBrush(color);
            painter->drawPolygon(up ? triangle(x, top + kMarkHeight, top)
                                    : triangle(x, bottom - kMarkHeight, bottom));
        }
    }
}

}  // namespace runglass::ui
