// SPDX-License-Identifier: GPL-3.0-or-later
#include "curve_plottable.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "runglass/series/curve_raster.h"
#include "runglass/ui/theme/theme.h"

namespace runglass::ui {

namespace {

// Above this many points a pixel column, columns are drawn instead of points.
constexpr double kDense = 2.0;
// QPainter strokes a long path with wide pen as one shape, at a cost that grows with its square; lines one by
// one do not (PLATFORM.md §3d).
constexpr int kLongPath = 400;

double distanceToSegment(const QPointF& p, const QPointF& a, const QPointF& b) {
    const auto ab = b - a;
    const double length2 = QPointF::dotProduct(ab, ab);
    const double t = length2 > 0 ? std::clamp(QPointF::dotProduct(p - a, ab) / length2, 0.0, 1.0) : 0.0;
    const auto d = p - (a + t * ab);
    return std::hypot(d.x(), d.y());
}

/// Collects lines to be drawn one by one, cut into dashes along their way. (A QPen with dashes takes the slow
/// road through the stroker, and starts anew at each line.)
class LineCollector {
public:
    explicit LineCollector(Qt::PenStyle style) { std::tie(m_on, m_off) = dashLengths(style); }
    void add(const QPointF& from, const QPointF& to) {
        if (m_off <= 0) {
            m_lines.append({from, to});
            return;
        }
        const QLineF line(from, to);
        const double length = line.length();
        const double period = m_on + m_off;
        for (double at = 0; at < length;) {
            const bool on = m_phase < m_on;
            const double end = std::min(length, at + (on ? m_on : period) - m_phase);
            if (on) {
                m_lines.append({line.pointAt(at / length), line.pointAt(end / length)});
            }
            m_phase += end - at;
            m_phase = m_phase >= period - 1e-9 ? 0 : m_phase;
            at = end;
        }
    }
    void draw(QCPPainter* painter) const { painter->drawLines(m_lines); }

private:
    QVector<QLineF> m_lines;
    double m_on = 0;
    double m_off = 0;
    double m_phase = 0;
};

}  // namespace

CurvePlottable::CurvePlottable(QCPAxis* xAxis, QCPAxis* yAxis)
    : QCPAbstractPlottable(xAxis, yAxis) {
    setSelectable(QCP::stNone);
}

void CurvePlottable::setCurves(std::vector<DrawnCurve> curves) {
    m_curves = std::move(curves);
    setHighlighted(m_highlighted);
}

bool CurvePlottable::setHighlighted(std::optional<RunId> run) {
    const bool before = m_anyHighlighted;
    const bool other = run != m_highlighted;
    m_highlighted = run;
    m_anyHighlighted = run && std::any_of(m_curves.begin(), m_curves.end(),
                                          [this](const DrawnCurve& drawn) { return isHighlighted(drawn); });
    return other && (before || m_anyHighlighted);
}

bool CurvePlottable::isSelected(const DrawnCurve& drawn) const {
    if (m_chosen.empty()) {
        m_chosen.insert(m_selected.begin(), m_selected.end());
    }
    const auto chosen = [this](const RunId& run) { return m_chosen.count(run) > 0; };
    return chosen(drawn.run) || std::any_of(drawn.members.begin(), drawn.members.end(), chosen);
}

bool CurvePlottable::recedes(const DrawnCurve& drawn) const {
    return m_anyHighlighted && !isHighlighted(drawn);
}

// Mixed with the background instead of translucent: lines that overlap themselves do not get darker.
QColor CurvePlottable::faded(const QColor& color, double share) const {
    const auto ground = themeColor(Token::ChartBg);
    const auto mix = [share](int a, int b) {
        return static_cast<int>(std::lround(a * share + b * (1 - share)));
    };
    return {mix(color.red(), ground.red()), mix(color.green(), ground.green()),
            mix(color.blue(), ground.blue())};
}

// Edges of the device's pixel columns, as x of the axis.
std::vector<double> CurvePlottable::columnEdges() const {
    const auto rect = clipRect();
    const double ratio = mParentPlot->bufferDevicePixelRatio();
    const auto columns = static_cast<int>(std::ceil(rect.width() * ratio));
    std::vector<double> edges;
    edges.reserve(static_cast<std::size_t>(columns) + 1);
    for (int k = 0; k <= columns; ++k) {
        edges.push_back(mKeyAxis->pixelToCoord(rect.left() + k / ratio));
    }
    return edges;
}

double CurvePlottable::pixelOf(double value) const {
    return mValueAxis->coordToPixel(m_unit.toAxis(value));
}

double CurvePlottable::valueAt(double pixel) const {
    return m_unit.toValue(mValueAxis->pixelToCoord(pixel));
}

void CurvePlottable::draw(QCPPainter* painter) {
    if (!mKeyAxis || !mValueAxis) {
        return;
    }
    auto& theme = Theme::current();
    const double rawShare = theme.metric("alpha.rawCurve");
    const double dimmedShare = theme.metric("alpha.dimmed");
    painter->setClipRect(clipRect());
    painter->setAntialiasing(true);
    const bool pixels = m_frame.begin(painter, clipRect(), mKeyAxis, mValueAxis, m_unit);
    const auto edges = pixels ? std::vector<double>() : columnEdges();
    for (const auto& drawn : m_curves) {
        drawBand(painter, drawn);
    }
    for (const auto& drawn : m_curves) {
        // The raw line of a group lies within its band and would only blur it; a faint line is nothing for
        // who asks for contrast.
        if (drawn.curve->smoothed && !drawn.group && !theme.isHighContrast()) {
            const double share = recedes(drawn) ? rawShare * dimmedShare : rawShare;
            drawLine(painter, *drawn.curve, drawn.curve->raw, {faded(drawn.color, share), 1, drawn.style},
                     edges);
        }
    }
    drawMainLines(painter, edges);
    m_frame.finish(painter);
    letMarksReachOut(painter);
    for (const auto& drawn : m_curves) {
        drawEnd(painter, drawn, recedes(drawn) ? faded(drawn.color, dimmedShare) : drawn.color);
        drawMarks(painter, drawn);
    }
}

// Selected ones on top of the others, and the highlighted one on top of all.
void CurvePlottable::drawMainLines(QCPPainter* painter, const std::vector<double>& edges) {
    auto& theme = Theme::current();
    const double dimmedShare = theme.metric("alpha.dimmed");
    const double thin = theme.metric("line.curve");
    const double thick = theme.metric("line.curveSelected");
    std::vector<int> layers;
    layers.reserve(m_curves.size());
    for (const auto& drawn : m_curves) {
        layers.push_back(isHighlighted(drawn) ? 2 : isSelected(drawn) ? 1 : 0);
    }
    for (const int layer : {0, 1, 2}) {
        for (std::size_t i = 0; i < m_curves.size(); ++i) {
            const auto& drawn = m_curves[i];
            if (layers[i] == layer) {
                const auto color = recedes(drawn) ? faded(drawn.color, dimmedShare) : drawn.color;
                drawLine(painter, *drawn.curve, drawn.curve->main(),
                         {color, layer > 0 ? thick : thin, drawn.style}, edges);
            }
        }
    }
}

void CurvePlottable::drawLine(QCPPainter* painter, const Curve& curve, const CurveLine& line,
                              const CurvePen& pen, const std::vector<double>& edges) {
    if (m_frame.active()) {
        m_frame.add(curve, line, pen);
        return;
    }
    const bool solid = pen.style == Qt::SolidLine;
    painter->setPen(
        QPen(pen.color, pen.width, Qt::SolidLine, solid ? Qt::RoundCap : Qt::FlatCap, Qt::RoundJoin));
    painter->setBrush(Qt::NoBrush);
    const double columns = static_cast<double>(edges.size());
    for (const auto& segment : curve.segments) {
        const auto range = series::visibleRange(curve.xs, segment, edges.front(), edges.back());
        if (range.size() > static_cast<std::size_t>(kLongPath) && pen.width < 2) {
            // QPainter has a fast road for lines of one pixel only: fifteen times faster than for 1.25.
            auto thin = painter->pen();
            thin.setWidthF(1);
            painter->setPen(thin);
        }
        if (static_cast<double>(range.size()) > kDense * columns) {
            drawColumns(painter, curve, line, segment, edges, pen.style);
        } else {
            drawPoints(painter, curve, line, range, pen.style);
        }
    }
}

// A value between two gaps.
void CurvePlottable::drawDot(QCPPainter* painter, QPointF at) {
    const auto line = painter->pen();
    painter->setPen(QPen(line.color(), series::kDotWidths * line.widthF(), Qt::SolidLine, Qt::RoundCap));
    painter->drawPoint(at);
    painter->setPen(line);
}

void CurvePlottable::drawPoints(QCPPainter* painter, const Curve& curve, const CurveLine& line,
                                series::IndexRange range, Qt::PenStyle style) const {
    QPolygonF stretch;
    const auto flush = [&] {
        const bool path =
            style == Qt::SolidLine && (stretch.size() <= kLongPath || painter->pen().widthF() <= 1);
        if (stretch.size() == 1) {
            drawDot(painter, stretch[0]);
        } else if (path && !stretch.isEmpty()) {
            painter->drawPolyline(stretch);
        } else {
            LineCollector lines(style);
            for (qsizetype i = 1; i < stretch.size(); ++i) {
                lines.add(stretch[i - 1], stretch[i]);
            }
            lines.draw(painter);
        }
        stretch.clear();
    };
    for (auto i = range.begin; i < range.end; ++i) {
        if (std::isfinite(line.ys[i])) {
            stretch.append({mKeyAxis->coordToPixel(curve.xs[i]), pixelOf(line.ys[i])});
        } else {
            flush();
        }
    }
    flush();
}

void CurvePlottable::drawColumns(QCPPainter* painter, const Curve& curve, const CurveLine& line,
                                 series::IndexRange segment, const std::vector<double>& edges,
                                 Qt::PenStyle style) const {
    std::vector<series::Column> columns;
    series::reduceToColumns(curve.xs, line.ys, line.pyramid, segment, edges, columns);
    const double ratio = mParentPlot->bufferDevicePixelRatio();
    const double left = clipRect().left() + 0.5 / ratio;
    LineCollector lines(style);
    QPointF previous;
    for (const auto& column : columns) {
        const double x = left + column.pixel / ratio;
        const auto y = [&](double value) { return pixelOf(value); };
        if (column.joinsPrevious) {
            lines.add(previous, {x, y(column.first)});
        }
        if (column.min < column.max || !column.joinsPrevious) {
            lines.add({x, y(column.min)}, {x, y(column.max)});
        }
        previous = {x, y(column.last)};
    }
    lines.draw(painter);
}

// The first and the last point lie on the edge of the plot, which would cut their marks in half.
void CurvePlottable::letMarksReachOut(QCPPainter* painter) const {
    constexpr int kReach = 4;
    painter->setClipRect(clipRect().adjusted(-kReach, -kReach, kReach, kReach));
}

void CurvePlottable::drawEnd(QCPPainter* painter, const DrawnCurve& drawn, const QColor& color) const {
    const auto& curve = *drawn.curve;
    if (!drawn.live || curve.empty()) {
        return;
    }
    const auto last = curve.segments.back().end - 1;
    const QPointF at(mKeyAxis->coordToPixel(curve.xs[last]), pixelOf(curve.main().ys[last]));
    const bool finite = std::isfinite(at.x()) && std::isfinite(at.y());  // a rectangle contains NaN, says Qt
    if (!finite || !QRectF(clipRect()).adjusted(-1, -1, 1, 1).contains(at)) {
        return;
    }
    painter->setPen(Qt::NoPen);
    painter->setBrush(color);
    painter->drawEllipse(at, 3, 3);
}

std::optional<std::size_t> CurvePlottable::curveAt(const QPointF& position, double reach) const {
    const double lower = mKeyAxis->pixelToCoord(position.x() - reach);
    const double upper = mKeyAxis->pixelToCoord(position.x() + reach);
    const double value = valueAt(position.y());
    std::optional<std::size_t> best;
    double bestDistance = reach;
    for (std::size_t i = 0; i < m_curves.size(); ++i) {
        const auto& curve = *m_curves[i].curve;
        const auto& line = curve.main();
        for (const auto& segment : curve.segments) {
            const auto range = series::visibleRange(curve.xs, segment, lower, upper);
            const auto extent = line.pyramid.extent(line.ys, range.begin, range.end);
            if (range.size() > 2 * static_cast<std::size_t>(reach) + 64) {
                // Dense: the curve fills its extent here.
                const double inside = value >= extent.min && value <= extent.max ? reach / 2 : reach;
                if (inside < bestDistance) {
                    bestDistance = inside;
                    best = i;
                }
                continue;
            }
            for (auto k = range.begin; k + 1 < range.end; ++k) {
                if (!std::isfinite(line.ys[k]) || !std::isfinite(line.ys[k + 1])) {
                    continue;
                }
                const QPointF a(mKeyAxis->coordToPixel(curve.xs[k]), pixelOf(line.ys[k]));
                const QPointF b(mKeyAxis->coordToPixel(curve.xs[k + 1]), pixelOf(line.ys[k + 1]));
                const double distance = distanceToSegment(position, a, b);
                if (distance < bestDistance) {
                    bestDistance = distance;
                    best = i;
                }
            }
        }
    }
    return best;
}

double CurvePlottable::selectTest(const QPointF& position, bool, QVariant*) const {
    return curveAt(position, 6) ? 1 : -1;
}

QCPRange CurvePlottable::getKeyRange(bool& found, QCP::SignDomain domain) const {
    QCPRange range;
    found = false;
    for (const auto& drawn : m_curves) {
        if (const auto xs = drawn.curve->xRange()) {
            if (domain == QCP::sdPositive && xs->second <= 0) {
                continue;
            }
            const QCPRange one(xs->first, xs->second);
            range =
                found ? QCPRange(std::min(range.lower, one.lower), std::max(range.upper, one.upper)) : one;
            found = true;
        }
    }
    return range;
}

QCPRange CurvePlottable::getValueRange(bool& found, QCP::SignDomain, const QCPRange& keys) const {
    series::Extent extent;
    const bool all = keys == QCPRange();
    for (const auto& drawn : m_curves) {
        const double infinity = std::numeric_limits<double>::infinity();
        extent.add(drawn.curve->extent(all ? -infinity : keys.lower, all ? infinity : keys.upper));
    }
    found = !extent.empty();
    return found ? QCPRange(extent.min, extent.max) : QCPRange();
}

void CurvePlottable::drawLegendIcon(QCPPainter*, const QRectF&) const {}

}  // namespace runglass::ui
