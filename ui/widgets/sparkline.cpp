// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/widgets/sparkline.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

/// Upside down where nothing is finite.
SparklineRange rangeOf(const std::vector<double>& values) {
    SparklineRange range{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
    for (const double value : values) {
        if (std::isfinite(value)) {
            range.low = std::min(range.low, value);
            range.high = std::max(range.high, value);
        }
    }
    return range;
}

}  // namespace

void paintSparkline(QPainter* painter, const QRectF& rect, const std::vector<double>& values,
                    const QColor& color, std::optional<SparklineRange> wanted) {
    const auto [low, high] = wanted.value_or(rangeOf(values));
    if (values.size() < 2 || low > high) {
        return;
    }
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(color, 1.25));
    const QRectF area = rect.adjusted(1, 2, -1, -2);
    const double range = high > low ? high - low : 1;
    QPolygonF line;
    for (std::size_t i = 0; i <= values.size(); ++i) {
        if (i == values.size() || !std::isfinite(values[i])) {
            painter->drawPolyline(line);
            line.clear();
            continue;
        }
        const double x =
            area.left() + area.width() * static_cast<double>(i) / static_cast<double>(values.size() - 1);
        const double share = high > low ? (values[i] - low) / range : 0.5;
        line.push_back({x, area.bottom() - area.height() * share});
    }
    painter->restore();
}

Sparkline::Sparkline(QWidget* parent)
    : QWidget(parent) {
    setAttribute(Qt::WA_TransparentForMouseEvents);
}

void Sparkline::setValues(std::vector<double> values, const QColor& color) {
    m_values = std::move(values);
    m_color = color;
    setAccessibleName(m_values.size() < 2
                          ? QString()
                          : tr("From %1 to %2 over %3 values")
                                .arg(formatMetric(m_values.front()), formatMetric(m_values.back()))
                                .arg(m_values.size()));
    update();
}

void Sparkline::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    paintSparkline(&painter, rect(), m_values, m_color);
}

}  // namespace runglass::ui
