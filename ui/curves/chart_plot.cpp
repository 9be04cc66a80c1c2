// SPDX-License-Identifier: GPL-3.0-or-later
#include "chart_plot.h"

#include <QMouseEvent>
#include <QWheelEvent>
#include <cmath>

#include "chart_accessible.h"
#include "chart_axis.h"
#include "chart_buffer.h"
#include "crosshair.h"
#include "runglass/ui/theme/paint.h"
#include "runglass/ui/theme/theme.h"

namespace runglass::ui {

namespace {

constexpr double kTickSpacingX = 62;
constexpr double kTickSpacingY = 22;
constexpr int kReach = 6;  // pixels around a curve that count as on it
constexpr int kDragDistance = 4;
constexpr int kFlatBox = 12;  // a box lower than this zooms x only
constexpr double kWheelFactor = 0.8;
constexpr double kLargestAsIs = 1e220;  // from there on the y axis counts in units
constexpr double kFactor = 1e-80;
constexpr double kRoot = 0.25;        // brings all 632 decades of the doubles to the middle of QCPRange
constexpr double kLeastSpan = 1e-15;  // of an axis, as a share of its values

AxisScale xScale(const ChartSettings& settings) {
    switch (settings.x) {
        case XAxis::Step:
            return settings.logX ? AxisScale::Log : AxisScale::Whole;
        case XAxis::Metric:
            break;
        case XAxis::Relative:
            return settings.logX ? AxisScale::Log : AxisScale::Duration;
        case XAxis::Wall:
            return AxisScale::Wall;
    }
    return settings.logX ? AxisScale::Log : AxisScale::Linear;
}

}  // namespace

ChartPlot::ChartPlot(QWidget* parent)
    : QCustomPlot(parent) {
    setObjectName(QStringLiteral("chartPlot"));
    installChartAccessibility();
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_OpaquePaintEvent);
    // QCustomPlot keeps what it does not use: the wheel shall scroll the page, the menu key open the menu.
    setAttribute(Qt::WA_NoMousePropagation, false);
    setPlottingHint(QCP::phFastPolylines);  // pens wider than 1 px cost a hundred times more without
    setPlottingHint(QCP::phImmediateRefresh, false);
    setAutoAddPlottableToLegend(false);
    ChartAxis::install(this);
    m_curves = new CurvePlottable(xAxis, yAxis);
    m_crosshair = std::make_unique<Crosshair>(m_curves);
    // One buffer for all layers: each costs a picture of the whole chart a frame.
    layer(QStringLiteral("overlay"))->setMode(QCPLayer::lmLogical);
    m_buffer = QSharedPointer<ChartBuffer>::create(viewport().size(), bufferDevicePixelRatio());
    mPaintBuffers = {m_buffer};
    axisRect()->setAutoMargins(QCP::msNone);
    axisRect()->setMinimumSize(20, 20);
    plotLayout()->setRowSpacing(0);
    for (auto* axis : {xAxis, yAxis}) {
        axis->setSubTicks(false);
        axis->setTickLengthIn(0);
        axis->setTickLengthOut(4);
        axis->grid()->setSubGridVisible(false);
    }
    connect(this, &QCustomPlot::beforeReplot, this, &ChartPlot::layOut);
    setSettings({});
    applyTheme();
}

ChartPlot::~ChartPlot() = default;

void ChartPlot::applyTheme() {
    auto& theme = Theme::current();
    setBackground(theme.color(Token::ChartBg));
    m_buffer->setGround(theme.color(Token::ChartBg));
    const auto font = theme.font(TextRole::Caption);
    for (auto* axis : {xAxis, yAxis}) {
        axis->setBasePen(QPen(theme.color(Token::ChartAxis), 1));
        axis->setTickPen(QPen(theme.color(Token::ChartAxis), 1));
        axis->setTickLabelColor(theme.color(Token::ChartTick));
        axis->setTickLabelFont(font);
        axis->grid()->setPen(QPen(theme.color(Token::ChartGrid), 1));
        axis->grid()->setZeroLinePen(QPen(theme.color(Token::ChartZeroLine), 1));
    }
    queueReplot();
}

void ChartPlot::setSettings(const ChartSettings& settings) {
    m_settings = settings;
    const auto scale = xScale(settings);
    xAxis->setScaleType(scale == AxisScale::Log ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    yAxis->setScaleType(settings.logY ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    m_xTicker.reset(new AxisTicker(scale, kTickSpacingX));
    m_yTicker.reset(new AxisTicker(settings.logY ? AxisScale::Log : AxisScale::Linear, kTickSpacingY));
    xAxis->setTicker(m_xTicker);
    yAxis->setTicker(m_yTicker);
    queueReplot();
}

void ChartPlot::setCurves(std::vector<DrawnCurve> curves) {
    m_curves->setCurves(std::move(curves));
    queueReplot();
}

const std::vector<DrawnCurve>& ChartPlot::curves() const {
    return m_curves->curves();
}

void ChartPlot::setSelected(const std::vector<RunId>& runs) {
    m_curves->setSelected(runs);
    queueReplot();
}

void ChartPlot::setHighlighted(std::optional<RunId> run) {
    if (m_curves->setHighlighted(run)) {
        queueReplot();
    }
}

void ChartPlot::setXRange(std::optional<QCPRange> range) {
    m_xRange = range;
    if (m_xRange) {
        fitX();  // the next key or turn of the wheel may come before the next picture
    }
    queueReplot();
}

void ChartPlot::setYRange(std::optional<QCPRange> range) {
    m_yRange = range;
    if (m_yRange) {
        fitY();
    }
    queueReplot();
}

void ChartPlot::setRobustLimits(const series::Extent& limits) {
    m_robust = limits;
    queueReplot();
}

ChartPlot::Missed ChartPlot::missed() const {
    const auto x = xAxis->range();
    const auto y = yRange();
    auto missed = Missed::Nothing;
    for (const auto& drawn : m_curves->curves()) {
        const auto own = drawn.curve->xRange();
        const bool across = own && own->first <= x.upper && own->second >= x.lower;
        if (across && !m_yRange) {
            return Missed::Nothing;
        }
        const auto values = across ? drawn.curve->extentAcross(x.lower, x.upper) : series::Extent();
        if (!values.empty() && values.min <= y.upper && values.max >= y.lower) {
            return Missed::Nothing;
        }
        if (!values.empty()) {
            missed = Missed::Y;
        } else if (own && !across && missed == Missed::Nothing) {
            missed = Missed::X;
        }
    }
    return missed;
}

void ChartPlot::queueReplot() {
    replot(QCustomPlot::rpQueuedReplot);
}

void ChartPlot::fitX() {
    QCPRange range(0, 1);
    if (m_xRange) {
        range = *m_xRange;
    } else {
        bool found = false;
        const auto all = m_curves->getKeyRange(found, m_settings.logX ? QCP::sdPositive : QCP::sdBoth);
        range = found ? all : range;
    }
    const auto most = PlaceableX::upTo(range.upper, m_settings.logX);
    range = {std::max(range.lower, most.lower), most.upper};
    if (!(range.upper - range.lower > std::abs(range.upper) * kLeastSpan)) {
        // All points at one place. Steps beyond 2^53 have no room of ±0.5.
        const double room =
            m_settings.logX ? 0.1 * range.lower : std::max(0.5, std::abs(range.lower) * kLeastSpan * 100);
        range = {range.lower - room, range.lower + room};
    }
    xAxis->setRange(range);
}

QCPRange ChartPlot::yRange() const {
    const auto range = yAxis->range();
    return {m_unit.toValue(range.lower), m_unit.toValue(range.upper)};
}

double ChartPlot::valueAt(double pixel) const {
    return m_curves->valueAt(pixel);
}

// Not exact, since a power of ten is none of two: by less than a pixel. `least` and `most` are sizes.
void ChartPlot::chooseUnit(double least, double most) {
    const bool large = most > kLargestAsIs;
    if (m_settings.logY) {
        m_unit = {1, large || (least > 0 && least < 1 / kLargestAsIs) ? kRoot : 1};
    } else {
        m_unit = {large ? kFactor : most > 0 && most < 1 / kLargestAsIs ? 1 / kFactor : 1, 1};
    }
    m_curves->setUnit(m_unit);
    m_yTicker->setUnit(m_unit);
}

QCPRange ChartPlot::padded(series::Extent extent) const {
    if (extent.empty()) {
        return m_settings.logY ? QCPRange(0.1, 1) : QCPRange(0, 1);
    }
    extent.min = m_unit.toAxis(extent.min);
    extent.max = m_unit.toAxis(extent.max);
    if (m_settings.logY) {
        const double room = std::max(std::pow(extent.max / extent.min, 0.04), 1.01);
        return {extent.min / room, extent.max * room};
    }
    const double span = extent.max - extent.min;
    // Two values that differ in the last digits only must not fill the chart with their rounding.
    const double least = std::max(std::abs(extent.max), std::abs(extent.min)) * 1e-6;
    const double constant = extent.max != 0 ? 0.05 * std::abs(extent.max) : 1;
    const double room = span > least ? 0.04 * span : span > 0 ? 50 * least : constant;
    double lower = extent.min - room;
    if (extent.min >= 0 && lower < 0) {
        lower = 0;
    }
    return {lower, extent.max + room};
}

void ChartPlot::fitY() {
    if (m_yRange) {
        showY(*m_yRange);
        return;
    }
    series::Extent extent;
    if (m_settings.robustY && !m_robust.empty()) {
        extent = m_robust;
    } else {
        for (const auto& drawn : m_curves->curves()) {
            extent.add(drawn.curve->extent(xAxis->range().lower, xAxis->range().upper));
        }
    }
    chooseUnit(extent.empty() ? 1 : extent.min,
               extent.empty() ? 1 : std::max(std::abs(extent.min), std::abs(extent.max)));
    yAxis->setRange(padded(extent));
}

void ChartPlot::showY(QCPRange range) {
    constexpr double kShare = 1e-3;  // of the upper end, where a log axis has no place for the lower one
    if (m_settings.logY && !(range.lower > 0)) {
        range.lower = kShare * range.upper;
    }
    chooseUnit(range.lower, std::max(std::abs(range.lower), std::abs(range.upper)));
    yAxis->setRange(m_unit.toAxis(range.lower), m_unit.toAxis(range.upper));
}

// The left margin grows to the widest label; everything else is fixed, so that charts line up.
void ChartPlot::layOut() {
    auto& theme = Theme::current();
    fitX();
    fitY();
    const int bottom = static_cast<int>(theme.metric("size.chartMarginBottom"));
    const int top = static_cast<int>(theme.metric("size.chartMarginTop"));
    const int right = static_cast<int>(theme.metric("size.chartMarginRight"));
    const auto area = viewport();
    const double length = std::max(10, area.height() - top - bottom);
    m_yTicker->setLength(length);
    int left = static_cast<int>(theme.metric("size.chartMarginLeft"));
    for (const auto& tick : m_yTicker->ticks(yAxis->range())) {
        left = std::max(left, qCeil(tabularWidth(yAxis->tickLabelFont(), tick.label)) + 14);
    }
    axisRect()->setMargins(QMargins(left, top, right, bottom));
    m_xTicker->setRow(std::max(10, area.width() - left - right), left, right, xAxis->tickLabelFont());
}

void ChartPlot::paintEvent(QPaintEvent* event) {
    if (bufferDevicePixelRatio() != devicePixelRatioF()) {  // moved to another screen
        setBufferDevicePixelRatio(devicePixelRatioF());
        queueReplot();
    }
    QPainter painter(this);
    m_buffer->show(&painter, event->rect());
    m_crosshair->draw(&painter);
}

void ChartPlot::resizeEvent(QResizeEvent* event) {
    setViewport(rect());
    layOut();
    QCustomPlot::resizeEvent(event);
}

void ChartPlot::setCrosshair(std::optional<double> x) {
    if (m_crosshair->x() != x) {
        m_crosshair->setX(x);
        update();
    }
}

void ChartPlot::mousePressEvent(QMouseEvent* event) {
    setFocus(Qt::MouseFocusReason);
    if (!axisRect()->rect().contains(event->pos())) {
        return;
    }
    m_pressedAt = event->pos();
    const bool pan = event->button() == Qt::MiddleButton ||
                     (event->button() == Qt::LeftButton && (event->modifiers() & Qt::ShiftModifier));
    m_drag = pan ? Drag::Pan : event->button() == Qt::LeftButton ? Drag::Undecided : Drag::None;
}

void ChartPlot::mouseMoveEvent(QMouseEvent* event) {
    if (m_drag == Drag::Undecided && (event->pos() - m_pressedAt).manhattanLength() > kDragDistance) {
        m_drag = Drag::Box;
    }
    if (m_drag == Drag::Pan) {
        // y fits what is visible, until somebody has zoomed it.
        const auto y = m_yRange ? std::optional(pannedY(m_pressedAt.y() - event->pos().y())) : std::nullopt;
        Q_EMIT zoomed(pannedX(m_pressedAt.x() - event->pos().x()), y);
        m_pressedAt = event->pos();
        return;
    }
    if (m_drag == Drag::Box) {
        auto box = QRect(m_pressedAt, event->pos()).normalized();
        if (box.height() < kFlatBox) {
            box.setTop(axisRect()->rect().top());
            box.setBottom(axisRect()->rect().bottom());
        }
        m_crosshair->setBox(box);
        update();
        return;
    }
    moveCrosshair(event->pos());
}

void ChartPlot::moveCrosshair(const QPoint& position) {
    if (!axisRect()->rect().contains(position)) {
        Q_EMIT crosshairMoved(std::nullopt, position);
        Q_EMIT curveHovered(std::nullopt);
        return;
    }
    Q_EMIT crosshairMoved(xAxis->pixelToCoord(position.x()), position);
    const auto hovered = m_curves->curveAt(position, kReach);
    Q_EMIT curveHovered(hovered ? std::optional(m_curves->curves()[*hovered].run) : std::nullopt);
}

void ChartPlot::mouseReleaseEvent(QMouseEvent* event) {
    const auto drag = std::exchange(m_drag, Drag::None);
    if (drag == Drag::Box) {
        finishBox(event->pos());
    } else if (drag == Drag::Undecided) {
        if (const auto hit = m_curves->curveAt(event->pos(), kReach)) {
            Q_EMIT curveClicked(m_curves->curves()[*hit].members, event->modifiers());
        } else {
            Q_EMIT plotClicked(event->pos());
        }
    }
}

void ChartPlot::finishBox(const QPoint& position) {
    m_crosshair->setBox(std::nullopt);
    update();
    const auto box = QRect(m_pressedAt, position).normalized().intersected(axisRect()->rect());
    if (box.width() < kDragDistance) {
        return;
    }
    std::optional<QCPRange> y;
    if (box.height() >= kFlatBox) {
        y = QCPRange(valueAt(box.bottom()), valueAt(box.top()));
    }
    Q_EMIT zoomed(QCPRange(xAxis->pixelToCoord(box.left()), xAxis->pixelToCoord(box.right())), y);
}

void ChartPlot::mouseDoubleClickEvent(QMouseEvent* event) {
    if (axisRect()->rect().contains(event->pos())) {
        Q_EMIT zoomReset();
    }
}

// A plain wheel scrolls the page of charts; with Ctrl it zooms at the mouse, with Shift it pans.
void ChartPlot::wheelEvent(QWheelEvent* event) {
    const auto delta = event->angleDelta();
    const double turns = (delta.y() != 0 ? delta.y() : delta.x()) / 120.0;
    if (event->modifiers() & Qt::ControlModifier) {
        Q_EMIT zoomed(zoomedX(std::pow(kWheelFactor, turns), event->position().x()), std::nullopt);
    } else if (event->modifiers() & Qt::ShiftModifier) {
        Q_EMIT zoomed(pannedX(-turns * 0.1 * axisRect()->width()), std::nullopt);
    } else {
        event->ignore();
        return;
    }
    event->accept();
}

QCPRange ChartPlot::zoomedX(double factor, double pixel) const {
    const auto area = axisRect()->rect();
    const double left = pixel + (area.left() - pixel) * factor;
    const double right = pixel + (area.left() + area.width() - pixel) * factor;
    return {xAxis->pixelToCoord(left), xAxis->pixelToCoord(right)};
}

QCPRange ChartPlot::pannedX(double pixels) const {
    const auto area = axisRect()->rect();
    return {xAxis->pixelToCoord(area.left() + pixels),
            xAxis->pixelToCoord(area.left() + area.width() + pixels)};
}

QCPRange ChartPlot::pannedY(double pixels) const {
    const auto area = axisRect()->rect();
    // An axis begins at the middle of the lowest pixel and ends a height above it.
    return {valueAt(area.bottom() + pixels), valueAt(area.bottom() - area.height() + pixels)};
}

QCPRange ChartPlot::zoomedY(double factor) const {
    const auto area = axisRect()->rect();
    const double middle = area.bottom() - area.height() / 2.0;
    const double half = area.height() / 2.0 * factor;
    return {valueAt(middle + half), valueAt(middle - half)};
}

bool ChartPlot::hasCurveAt(const QPoint& position) const {
    return m_curves->curveAt(position, kReach).has_value();
}

void ChartPlot::setSummary(const QString& name, const QString& summary) {
    setAccessibleName(name);
    if (accessibleDescription() != summary) {
        setAccessibleDescription(summary);
    }
}

void ChartPlot::focusInEvent(QFocusEvent* event) {
    QCustomPlot::focusInEvent(event);
    Q_EMIT focused();
}

void ChartPlot::leaveEvent(QEvent* event) {
    QCustomPlot::leaveEvent(event);
    Q_EMIT crosshairMoved(std::nullopt, {});
    Q_EMIT curveHovered(std::nullopt);
}

}  // namespace runglass::ui
