// SPDX-License-Identifier: GPL-3.0-or-later
#include "curve_frame.h"

#include <QPaintEngine>
#include <algorithm>
#include <cmath>
#include <thread>

#include "runglass/jobs/crew.h"
#include "runglass/series/visible_columns.h"

namespace runglass::ui {

namespace {

// Above this many points a pixel column, columns are drawn instead of points.
constexpr double kDense = 2.0;
// As many columns as fit the second-level cache at the height of a screen.
constexpr int kStrip = 64;
// With more lines than this, the widths of single spikes cannot be told apart.
constexpr std::size_t kFineLines = 50;
// Pixel columns of sparse lines that are drawn as smooth as can be: 25 lines across a wide screen. Where
// there are more, all are drawn from columns, at a third of the cost: spikes begin and end at whole pixels.
constexpr double kSmoothColumns = 40'000;
// Up to this many, spikes are as wide as the pen then, which doubles the cost.
constexpr double kFineColumns = 100'000;

/// For all charts: they paint one after the other, on the GUI thread.
jobs::Crew& crew() {
    static jobs::Crew instance(std::clamp(std::thread::hardware_concurrency(), 1U, 8U) - 1);
    return instance;
}

std::uint32_t premultiplied(const QColor& color) {
    return qPremultiply(color.rgba());
}

/// In device pixels from `origin`; exact inverse of what the axis does, without its calls.
series::PixelScale scaleOf(const QCPAxis* axis, double ratio, double shift, const AxisUnit& unit) {
    const auto range = axis->range();
    const bool logarithmic = axis->scaleType() == QCPAxis::stLogarithmic;
    const double from = axis->coordToPixel(range.lower) * ratio + shift;
    const double to = axis->coordToPixel(range.upper) * ratio + shift;
    const double span = logarithmic ? std::log(range.upper / range.lower) : range.upper - range.lower;
    const double scale = (to - from) / span;
    // The quotient of the largest double and the smallest is none: from 1, then.
    return logarithmic && unit.power != 1
               ? series::PixelScale{1, from - std::log(range.lower) * scale, scale * unit.power, true}
               : series::PixelScale{range.lower, from, scale, logarithmic, unit.factor};
}

double coordAt(const series::PixelScale& scale, double pixel) {
    const double moved = (pixel - scale.offset) / scale.scale;
    return scale.logarithmic ? scale.origin * std::exp(moved) : scale.origin + moved;
}

}  // namespace

std::pair<double, double> dashLengths(Qt::PenStyle style) {
    switch (style) {
        case Qt::SolidLine:
            return {0, 0};
        case Qt::DotLine:
            return {1, 3};
        default:
            break;
    }
    return {5, 3};
}

CurveFrame::CurveFrame() = default;
CurveFrame::~CurveFrame() = default;

bool CurveFrame::begin(QCPPainter* painter, const QRect& area, const QCPAxis* x, const QCPAxis* y,
                       const AxisUnit& unit) {
    const auto transform = painter->deviceTransform();
    const bool upright = transform.type() <= QTransform::TxScale && transform.m11() > 0 &&
                         std::abs(transform.m11() - transform.m22()) < 1e-9;
    m_active = upright && painter->paintEngine() != nullptr &&
               painter->paintEngine()->type() == QPaintEngine::Raster && x->orientation() == Qt::Horizontal;
    if (!m_active) {
        return false;
    }
    m_ratio = transform.m11();
    m_area = transform.mapRect(QRectF(area)).toAlignedRect();
    m_x = scaleOf(x, m_ratio, transform.dx() - m_area.left(), {});
    m_y = scaleOf(y, m_ratio, transform.dy() - m_area.top(), unit);
    m_edges.resize(static_cast<std::size_t>(std::max(0, m_area.width())) + 1);
    for (std::size_t k = 0; k < m_edges.size(); ++k) {
        m_edges[k] = coordAt(m_x, static_cast<double>(k));
    }
    m_lines.clear();
    m_indexed.clear();
    m_usedIndices = 0;
    return true;
}

// Curves with the same steps follow each other; one that differs gets an index of its own, which finds its
// memory from the frame before.
void CurveFrame::placeColumns(Line& line) {
    const auto& curve = *line.curve;
    if (m_usedIndices == 0 || !curve.xs.sameAs(m_indexed.back()->curve->xs) ||
        !(line.segment == m_indexed.back()->segment)) {
        if (m_usedIndices == m_indices.size()) {
            m_indices.push_back(std::make_unique<series::ColumnIndex>());
        }
        ++m_usedIndices;
        m_indexed.push_back(&line);
    }
    line.columns = m_indices[m_usedIndices - 1].get();
}

void CurveFrame::add(const Curve& curve, const CurveLine& line, const CurvePen& pen) {
    const auto [on, off] = dashLengths(pen.style);
    for (const auto& segment : curve.segments) {
        const auto range = series::visibleRange(curve.xs, segment, m_edges.front(), m_edges.back());
        if (range.empty() || curve.xs[range.begin] > m_edges.back() ||
            curve.xs[range.end - 1] < m_edges.front()) {
            continue;
        }
        Line one;
        one.curve = &curve;
        one.line = &line;
        one.segment = segment;
        one.visible = range;
        one.pen.color = premultiplied(pen.color);
        one.pen.width = static_cast<float>(pen.width * m_ratio);
        one.pen.dashOn = static_cast<float>(on * m_ratio);
        one.pen.dashOff = static_cast<float>(off * m_ratio);
        // Modulo the pattern, since what is far away has no digits left for it.
        const double start =
            m_x.offset + m_x.scale * (m_x.logarithmic ? 0 : curve.xs[segment.begin] - m_x.origin);
        one.pen.dashOrigin = on > 0 ? static_cast<float>(std::fmod(start, (on + off) * m_ratio)) : 0;
        const double from = std::max(0.0F, m_x(curve.xs[range.begin]));
        const double to = std::min(static_cast<float>(m_area.width()), m_x(curve.xs[range.end - 1]));
        one.width = std::max(to - from, 0.0) + 1;
        one.dense = line.ys.empty() || static_cast<double>(range.size()) > kDense * one.width;
        m_lines.push_back(one);
    }
}

void CurveFrame::chooseDrawing() {
    double smooth = 0;
    for (const auto& line : m_lines) {
        smooth += line.dense ? 0 : line.width;
    }
    for (auto& line : m_lines) {
        if (line.dense || smooth > kSmoothColumns) {
            placeColumns(line);
        }
        line.fine = m_lines.size() <= kFineLines || (!line.dense && smooth <= kFineColumns);
    }
    crew().run(m_indexed.size(), [this](std::size_t i, std::size_t) {
        m_indices[i]->update(m_indexed[i]->curve->xs, m_indexed[i]->segment, m_edges);
    });
}

void CurveFrame::finish(QCPPainter* painter) {
    if (!std::exchange(m_active, false) || m_area.isEmpty() || m_lines.empty()) {
        return;
    }
    chooseDrawing();
    m_workers.resize(crew().workers());
    auto* const direct = pixelsOf(painter->device());
    auto& image = direct != nullptr ? *direct : blankImage();
    const auto origin = direct != nullptr ? m_area.topLeft() : QPoint();
    const auto stride = image.bytesPerLine() / 4;
    auto* const pixels = reinterpret_cast<std::uint32_t*>(const_cast<uchar*>(image.constBits())) +
                         origin.y() * stride + origin.x();
    const auto strips = static_cast<std::size_t>((m_area.width() + kStrip - 1) / kStrip);
    crew().run(strips, [&](std::size_t strip, std::size_t index) {
        auto& worker = m_workers[index];
        const int left = static_cast<int>(strip) * kStrip;
        worker.raster.begin(left, std::min(kStrip, m_area.width() - left), m_area.height());
        paintStrip(worker);
        worker.raster.paintOnto(pixels, stride);
    });
    if (direct == nullptr) {
        const double ratio = painter->device()->devicePixelRatioF();
        image.setDevicePixelRatio(ratio);
        painter->save();
        painter->resetTransform();
        painter->drawImage(QPointF(m_area.topLeft()) / ratio, image);
        painter->restore();
    }
}

// An image whose pixels can be written as they are, with all of the area within.
QImage* CurveFrame::pixelsOf(QPaintDevice* device) const {
    if (device->devType() != QInternal::Image) {
        return nullptr;
    }
    auto* image = static_cast<QImage*>(device);
    const bool fits = image->rect().contains(m_area);
    const bool plain =
        image->format() == QImage::Format_RGB32 || image->format() == QImage::Format_ARGB32_Premultiplied;
    return fits && plain ? image : nullptr;
}

QImage& CurveFrame::blankImage() {
    if (m_image.size() != m_area.size()) {
        m_image = QImage(m_area.size(), QImage::Format_ARGB32_Premultiplied);
    }
    m_image.fill(Qt::transparent);
    return m_image;
}

void CurveFrame::paintStrip(Worker& worker) const {
    for (auto line = m_lines.rbegin(); line != m_lines.rend(); ++line) {  // from the topmost down
        if (line->columns != nullptr) {
            paintColumns(worker, *line);
        } else {
            paintPoints(worker, *line);
        }
    }
}

void CurveFrame::paintColumns(Worker& worker, const Line& line) const {
    const auto& values = *line.line;
    series::visibleColumns({*line.columns, values.ys, values.pyramid, m_y, line.pen, line.fine},
                           worker.raster, worker.visible);
    for (const auto& range : worker.visible) {
        reduce(worker, line, range);
        worker.raster.drawColumns(worker.columns, m_y, line.pen, line.fine);
    }
}

void CurveFrame::reduce(Worker& worker, const Line& line, series::IndexRange range) const {
    worker.columns.clear();
    const auto& values = *line.line;
    if (values.ys.empty()) {
        series::reduceToColumns(*line.columns, values.pyramid, worker.columns, range.begin, range.end);
    } else {
        const auto bounds = line.columns->bounds();
        if (bounds[range.begin] == bounds.front()) {
            addBeyond(worker, line, true);
        }
        const auto beyond = worker.columns.size();
        series::reduceToColumns(*line.columns, values.ys, values.pyramid, worker.columns, range.begin,
                                range.end);
        if (beyond > 0 && worker.columns.size() > beyond) {
            worker.columns[beyond].joinsPrevious = true;
        }
        if (bounds[range.end] == bounds.back()) {
            addBeyond(worker, line, false);
        }
    }
}

// The line that leads into the window from the last point before it, or out of it: as a column just outside.
void CurveFrame::addBeyond(Worker& worker, const Line& line, bool before) const {
    const auto points = line.columns->points(0, line.columns->columns());
    const bool there = before ? line.visible.begin < points.begin : line.visible.end > points.end;
    if (!there || (!before && points.end == line.visible.begin)) {
        return;
    }
    const auto outside = before ? points.begin - 1 : points.end;
    const auto inside = before ? outside + 1 : outside - 1;
    const auto& ys = line.line->ys;
    if (inside >= ys.size() || !std::isfinite(ys[outside]) || !std::isfinite(ys[inside])) {
        return;
    }
    const auto& xs = line.curve->xs;
    const double place = before ? -1 : m_area.width();  // the column beside the window
    const double x0 = m_x(xs[outside]);
    const double x1 = m_x(xs[inside]);
    const double t = x1 == x0 ? 0 : std::clamp((place + 0.5 - x0) / (x1 - x0), 0.0, 1.0);
    const double pixel = m_y(ys[outside]) * (1 - t) + m_y(ys[inside]) * t;
    const double y = coordAt(m_y, pixel);
    if (std::isfinite(y)) {
        worker.columns.push_back({static_cast<std::int32_t>(place), !before, y, y, y, y});
    }
}

void CurveFrame::paintPoints(Worker& worker, const Line& line) const {
    const auto& pen = line.pen;
    const auto& xs = line.curve->xs;
    const auto& ys = line.line->ys;
    const int margin = series::CurveRaster::margin(series::kDotWidths * pen.width);
    const int left = worker.raster.left() - margin;
    const int right = worker.raster.left() + worker.raster.width() + margin;
    const auto range = series::visibleRange(xs, line.segment, coordAt(m_x, left), coordAt(m_x, right));
    worker.points.clear();
    const auto flush = [&] {
        if (!worker.points.empty()) {
            worker.raster.drawPoints(worker.points, pen);
        }
        worker.points.clear();
    };
    for (auto i = range.begin; i < range.end; ++i) {
        if (std::isfinite(ys[i])) {
            worker.points.push_back({m_x(xs[i]), m_y(ys[i])});
        } else {
            flush();
        }
    }
    flush();
}

}  // namespace runglass::ui
