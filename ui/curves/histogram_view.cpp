// SPDX-License-Identifier: GPL-3.0-or-later
#include "histogram_view.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "axis_ticker.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

constexpr std::size_t kCells = 96;
constexpr double kLeft = 44;
constexpr double kBottom = 18;
constexpr double kTop = 6;
constexpr double kRight = 8;
constexpr double kScaleBar = 8;  // beside a heat map, with its labels
constexpr double kScale = 56;
constexpr double kRidge = 0.35;  // of the height, at most, for one ridge

}  // namespace

std::vector<double> densities(const std::vector<model::HistogramBucket>& buckets, double lower, double upper,
                              std::size_t cells) {
    std::vector<double> result(cells, 0.0);
    double total = 0;
    for (const auto& bucket : buckets) {
        total += bucket.count;
    }
    const double width = (upper - lower) / static_cast<double>(cells);
    if (!(total > 0) || !(width > 0)) {
        return result;
    }
    const auto last = static_cast<double>(cells) - 1;
    for (const auto& bucket : buckets) {
        const double left = (bucket.left - lower) / width;
        const double right = (bucket.right - lower) / width;
        const auto first = static_cast<std::size_t>(std::clamp(std::floor(left), 0.0, last));
        if (!(right > left)) {
            result[first] += bucket.count / total;
            continue;
        }
        for (auto cell = first; cell < cells && static_cast<double>(cell) < right; ++cell) {
            const auto begin = static_cast<double>(cell);
            const double share = std::max(0.0, std::min(right, begin + 1) - std::max(left, begin));
            result[cell] += bucket.count / total * share / (right - left);
        }
    }
    return result;
}

HistogramView::HistogramView(QWidget* parent)
    : QWidget(parent) {
    setMinimumSize(200, 150);
    connect(&Theme::current(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void HistogramView::setSteps(std::vector<HistogramStep> steps, const QColor& color) {
    m_steps = std::move(steps);
    m_color = color;
    setRange(valueRange().value_or(Range()));
}

void HistogramView::setForm(Form form) {
    m_form = form;
    update();
}

void HistogramView::setCurrent(std::int64_t step) {
    m_current = step;
    update();
}

std::optional<HistogramView::Range> HistogramView::valueRange() const {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    Range range{kInfinity, -kInfinity};
    for (const auto& step : m_steps) {
        for (const auto& bucket : step.buckets) {
            if (bucket.count > 0) {  // TensorBoard's outermost buckets reach to 1e308
                range.lower = std::min(range.lower, bucket.left);
                range.upper = std::max(range.upper, bucket.right);
            }
        }
    }
    return range.lower <= range.upper ? std::optional(range) : std::nullopt;
}

void HistogramView::setRange(const Range& range) {
    m_range = range.lower < range.upper ? range : Range{range.lower - 0.5, range.upper + 0.5};
    prepare();
    update();
}

void HistogramView::prepare() {
    m_densities.clear();
    m_most = 0;
    for (const auto& step : m_steps) {
        m_densities.push_back(densities(step.buckets, m_range.lower, m_range.upper, kCells));
        m_most = std::max(m_most, *std::max_element(m_densities.back().begin(), m_densities.back().end()));
    }
    setAccessibleDescription(m_steps.empty()
                                 ? tr("No histograms")
                                 : tr("Histograms of %1 steps, values %2 to %3")
                                       .arg(m_steps.size())
                                       .arg(formatMetric(m_range.lower), formatMetric(m_range.upper)));
}

QRectF HistogramView::plotArea() const {
    return QRectF(rect()).adjusted(kLeft, kTop, m_form == Form::HeatMap ? -kScale : -kRight, -kBottom);
}

std::optional<std::size_t> HistogramView::current() const {
    const auto after =
        std::upper_bound(m_steps.begin(), m_steps.end(), m_current,
                         [](std::int64_t at, const HistogramStep& step) { return at < step.step; });
    return after == m_steps.begin() ? std::nullopt
                                    : std::optional(static_cast<std::size_t>(after - m_steps.begin() - 1));
}

// The oldest at the top and behind.
void HistogramView::paintRidges(QPainter* painter, const QRectF& area) const {
    const auto count = static_cast<double>(m_steps.size());
    const double ridge = m_steps.size() == 1 ? area.height() : area.height() * kRidge;
    const double stride = m_steps.size() == 1 ? 0 : (area.height() - ridge) / (count - 1);
    const auto ground = themeColor(Token::ChartBg);
    for (std::size_t i = 0; i < m_steps.size(); ++i) {
        const double base = area.top() + ridge + stride * static_cast<double>(i);
        QPolygonF line;
        for (std::size_t cell = 0; cell < kCells; ++cell) {
            const double x = area.left() + area.width() * (static_cast<double>(cell) + 0.5) / kCells;
            line.append({x, base - ridge * m_densities[i][cell] / m_most});
        }
        auto outline = line;
        outline.append({area.right(), base});
        outline.prepend({area.left(), base});
        auto fill = m_color;
        const double age = count > 1 ? static_cast<double>(i) / (count - 1) : 1;
        fill.setAlphaF(static_cast<float>(0.15 + 0.35 * age));
        painter->setPen(Qt::NoPen);
        painter->setBrush(ground);
        painter->drawPolygon(outline);
        painter->setBrush(fill);
        painter->drawPolygon(outline);
        painter->setPen(
            QPen(current() == i ? themeColor(Token::TextPrimary) : m_color, current() == i ? 2 : 1));
        painter->setBrush(Qt::NoBrush);
        painter->drawPolyline(line);
    }
}

void HistogramView::paintHeatMap(QPainter* painter, const QRectF& area) const {
    auto& theme = Theme::current();
    QImage image(static_cast<int>(m_steps.size()), static_cast<int>(kCells), QImage::Format_RGB32);
    for (std::size_t i = 0; i < m_steps.size(); ++i) {
        for (std::size_t cell = 0; cell < kCells; ++cell) {
            const double share = m_densities[i][cell] / m_most;
            image.setPixelColor(static_cast<int>(i), static_cast<int>(kCells - 1 - cell),
                                share > 0 ? theme.sequential(std::sqrt(share)) : theme.color(Token::ChartBg));
        }
    }
    painter->drawImage(area, image);
    if (const auto at = current()) {
        const double width = area.width() / static_cast<double>(m_steps.size());
        painter->setPen(QPen(theme.color(Token::ChartCrosshair), 1));
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(
            QRectF(area.left() + width * static_cast<double>(*at), area.top(), width, area.height()));
    }
}

// What a colour means: the share of a step's values that lies in one of the cells of its column.
void HistogramView::paintScale(QPainter* painter, const QRectF& area) const {
    auto& theme = Theme::current();
    const QRectF bar(area.right() + 8, area.top(), kScaleBar, area.height());
    const auto colorAt = [&](double share) { return theme.sequential(std::sqrt(share)); };
    for (double y = 0; y < bar.height(); ++y) {
        painter->fillRect(QRectF(bar.left(), bar.bottom() - y - 1, bar.width(), 1),
                          colorAt((y + 0.5) / bar.height()));
    }
    painter->setPen(theme.color(Token::ChartTick));
    const auto label = [&](double y, double share) {
        painter->drawText(QRectF(bar.right() + 4, y - 8, kScale, 16), Qt::AlignLeft | Qt::AlignVCenter,
                          QStringLiteral("%1 %").arg(100 * share, 0, 'g', 2));
    };
    label(bar.top() + 6, m_most);
    label(bar.center().y(), m_most / 2);
    label(bar.bottom() - 6, 0);
}

// Values run to the right of ridges, and upwards in a heat map; steps the other way.
void HistogramView::paintAxes(QPainter* painter, const QRectF& area) const {
    painter->setFont(Theme::current().font(TextRole::Caption));
    painter->setPen(themeColor(Token::ChartTick));
    const double span = m_range.upper - m_range.lower;
    const auto first = formatCount(m_steps.front().step);
    const auto last = formatCount(m_steps.back().step);
    if (m_form == Form::Ridge) {
        for (const auto& tick :
             makeTicks(AxisScale::Linear, m_range.lower, m_range.upper, area.width(), 70)) {
            const double x = area.left() + area.width() * (tick.value - m_range.lower) / span;
            painter->drawText(QRectF(x - 40, area.bottom() + 2, 80, kBottom), Qt::AlignCenter, tick.label);
        }
        painter->drawText(QRectF(0, area.bottom() - 8, kLeft - 6, 16), Qt::AlignRight | Qt::AlignVCenter,
                          last);
        if (m_steps.size() > 1) {
            painter->drawText(QRectF(0, area.top() + area.height() * kRidge - 8, kLeft - 6, 16),
                              Qt::AlignRight | Qt::AlignVCenter, first);
        }
        return;
    }
    for (const auto& tick : makeTicks(AxisScale::Linear, m_range.lower, m_range.upper, area.height(), 36)) {
        const double y = area.bottom() - area.height() * (tick.value - m_range.lower) / span;
        painter->drawText(QRectF(0, y - 8, kLeft - 6, 16), Qt::AlignRight | Qt::AlignVCenter, tick.label);
    }
    const QRectF below(area.left(), area.bottom() + 2, area.width(), kBottom);
    painter->drawText(below, Qt::AlignLeft | Qt::AlignVCenter, first);
    painter->drawText(below, Qt::AlignRight | Qt::AlignVCenter, last);
    paintScale(painter, area);
}

void HistogramView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), themeColor(Token::ChartBg));
    const auto area = plotArea();
    if (m_steps.empty() || !(m_most > 0) || area.width() < 1) {
        return;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    m_form == Form::Ridge ? paintRidges(&painter, area) : paintHeatMap(&painter, area);
    paintAxes(&painter, area);
}

bool HistogramView::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip && current()) {
        const auto& step = m_steps[*current()];
        double total = 0;
        for (const auto& bucket : step.buckets) {
            total += bucket.count;
        }
        const auto values = total == 1 ? tr("1 value") : tr("%1 values").arg(formatMetric(total, 0));
        const auto buckets =
            step.buckets.size() == 1 ? tr("1 bucket") : tr("%1 buckets").arg(step.buckets.size());
        QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(),
                           tr("step %1, %2 in %3").arg(formatCount(step.step), values, buckets), this);
        return true;
    }
    return QWidget::event(event);
}

}  // namespace runglass::ui
