// SPDX-License-Identifier: GPL-3.0-or-later
#include "gpu_item.h"

#include <QPainter>
#include <cmath>

#include "gpu_monitor.h"
#include "runglass/ui/theme/paint.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/sparkline.h"

namespace runglass::ui {
namespace {

constexpr int kPadding = 6;
constexpr int kGap = 7;
constexpr QSize kSparkline(46, 14);

QFontMetrics metrics() {
    return QFontMetrics(Theme::current().font(TextRole::Body));
}

QString lineFor(const launch::GpuLoad& load) {
    QStringList parts{QString::fromStdString(load.name)};
    if (load.utilisationPercent) {
        parts.push_back(GpuItem::tr("%1 %").arg(qRound(*load.utilisationPercent)));
    }
    if (load.memoryUsedBytes && load.memoryTotalBytes) {
        parts.push_back(GpuItem::tr("%1 of %2 in use")
                            .arg(formatBytes(static_cast<qint64>(*load.memoryUsedBytes)),
                                 formatBytes(static_cast<qint64>(*load.memoryTotalBytes))));
    }
    return parts.join(QStringLiteral(", "));
}

}  // namespace

GpuItem::GpuItem(QWidget* parent)
    : QWidget(parent) {
    setObjectName(QStringLiteral("gpuItem"));
    hide();
}

void GpuItem::follow(const GpuMonitor* monitor) {
    m_monitor = monitor;
    connect(monitor, &GpuMonitor::changed, this, &GpuItem::showLoads);
}

void GpuItem::showLoads() {
    const auto& history = m_monitor->history();
    const double now = history.empty() ? std::nan("") : history.back();
    m_text = std::isfinite(now) ? tr("GPU %1 %").arg(qRound(now)) : QString();
    QStringList lines;
    for (const auto& load : m_monitor->loads()) {
        lines.push_back(lineFor(load));
    }
    setToolTip(
        lines.join(QLatin1Char('\n')).toHtmlEscaped().replace(QLatin1Char('\n'), QLatin1String("<br>")));
    setAccessibleName(m_text);
    setAccessibleDescription(lines.join(QStringLiteral("; ")));
    setVisible(!m_text.isEmpty());
    updateGeometry();
    update();
}

QSize GpuItem::sizeHint() const {
    // The place of three digits, so that the header does not move with each sample.
    return {2 * kPadding + metrics().horizontalAdvance(tr("GPU %1 %").arg(100)) + kGap + kSparkline.width(),
            26};
}

void GpuItem::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    painter.setFont(Theme::current().font(TextRole::Body));
    painter.setPen(themeColor(Token::TextSecondary));
    const QRect line(width() - kPadding - kSparkline.width(), (height() - kSparkline.height()) / 2,
                     kSparkline.width(), kSparkline.height());
    painter.drawText(QRect(kPadding, 0, line.left() - kGap - kPadding, height()),
                     Qt::AlignRight | Qt::AlignVCenter, m_text);
    const auto& history = m_monitor->history();
    // A minute is as wide as the picture, also while there is less of it.
    std::vector<double> values(GpuMonitor::kHistory - history.size(), std::nan(""));
    values.insert(values.end(), history.begin(), history.end());
    paintSparkline(&painter, line, values, themeColor(Token::AccentBase), SparklineRange{0, 100});
}

}  // namespace runglass::ui
