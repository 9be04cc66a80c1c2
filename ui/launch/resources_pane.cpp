// SPDX-License-Identifier: GPL-3.0-or-later
#include "resources_pane.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

#include "runglass/base/clock.h"
#include "runglass/launch/resources.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

constexpr int kHeaderHeight = 32;
constexpr int kRowHeight = 53;
constexpr int kTextWidth = 148;
constexpr int kMargin = 12;
constexpr std::int64_t kWindowMs = 4 * 60'000;

}  // namespace

ResourcesPane::ResourcesPane(QWidget* parent)
    : QWidget(parent) {
    setObjectName(QStringLiteral("resources"));
    setAccessibleName(tr("Resources"));
    announce();
    setMinimumHeight(kHeaderHeight + kRowHeight);
    connect(&Theme::current(), &Theme::changed, this, [this] { update(); });
}

void ResourcesPane::setSession(ProjectSession* session) {
    m_session = session;
    setRun(std::nullopt);
}

void ResourcesPane::setRun(std::optional<RunId> run) {
    if (run && run == m_run) {
        return;
    }
    m_run = run;
    m_startedElsewhere = false;
    m_rows.clear();
    refresh();
}

void ResourcesPane::setStartedElsewhere() {
    m_startedElsewhere = true;
    showChange();
}

void ResourcesPane::chooseRows(const model::RunRecord& record) {
    using Unit = Row::Unit;
    struct Known {
        std::string key;
        QString name;
        Unit unit;
        int color;
    };
    std::vector<Known> known;
    for (int device = 0; device < 16; ++device) {
        const std::string prefix = "system/gpu." + std::to_string(device) + ".";
        const auto name = device == 0 ? tr("GPU") : tr("GPU %1").arg(device);
        known.push_back({prefix + "percent", name, Unit::Percent, 0});
        known.push_back({prefix + "memory_bytes", tr("%1 mem").arg(name), Unit::Bytes, 0});
    }
    known.push_back({launch::kCpuPercent, tr("CPU"), Unit::Percent, 1});
    known.push_back({launch::kMemoryBytes, tr("Memory"), Unit::Bytes, 1});
    known.push_back({launch::kReadBytesPerSecond, tr("Disk read"), Unit::BytesPerSecond, 2});
    known.push_back({launch::kWriteBytesPerSecond, tr("Disk write"), Unit::BytesPerSecond, 2});
    for (const auto& entry : known) {
        const Symbol key = Symbol::find(entry.key);
        const bool isNew =
            std::none_of(m_rows.begin(), m_rows.end(), [&](const Row& row) { return row.key == key; });
        if (!key.empty() && record.metric(key) && isNew) {
            m_rows.push_back({key, entry.name, entry.unit, entry.color, nullptr});
        }
    }
}

void ResourcesPane::refresh() {
    const auto record = m_run && m_session ? m_session->run(*m_run) : nullptr;
    if (record) {
        chooseRows(*record);
        for (const auto& row : m_rows) {
            m_session->requestSeries(
                *m_run, row.key, this,
                [this, run = *m_run, key = row.key](Result<model::SharedSeries> series) {
                    for (auto& target : m_rows) {
                        if (run == m_run && target.key == key && series.ok() && *series) {
                            target.series = *series;
                        }
                    }
                    showChange();
                });
        }
    }
    showChange();
}

void ResourcesPane::showChange() {
    ++m_revision;
    update();
}

int ResourcesPane::textLines() const {
    return std::max(1, static_cast<int>(m_rows.size()));
}

QString ResourcesPane::lineText(int line) const {
    if (m_rows.empty()) {
        return emptyText();
    }
    const auto& row = m_rows.at(static_cast<std::size_t>(line));
    const bool known = row.series && !row.series->empty();
    return known ? QStringLiteral("%1 %2, %3")
                       .arg(row.name, valueText(row.unit, row.series->values.back()), remarkOf(row))
                 : row.name;
}

QRect ResourcesPane::textLineRect(int line) const {
    return {0, kHeaderHeight + line * kRowHeight, width(), kRowHeight};
}

QString ResourcesPane::valueText(Row::Unit unit, double value) {
    switch (unit) {
        case Row::Unit::Percent:
            return QStringLiteral("%1 %").arg(value, 0, 'f', 0);
        case Row::Unit::Bytes:
            return formatBytes(static_cast<std::int64_t>(value));
        case Row::Unit::BytesPerSecond:
            return formatBytes(static_cast<std::int64_t>(value)) + QStringLiteral("/s");
        case Row::Unit::Watts:
            return QStringLiteral("%1 W").arg(value, 0, 'f', 0);
    }
    return {};
}

/// The peak, and for CPU what 100 means.
QString ResourcesPane::remarkOf(const Row& row) const {
    if (row.unit == Row::Unit::Percent && row.key.text() == launch::kCpuPercent) {
        return tr("100 % is one core");
    }
    const auto record = m_run && m_session ? m_session->run(*m_run) : nullptr;
    const auto* summary = record ? record->metric(row.key) : nullptr;
    return summary ? tr("peak %1").arg(valueText(row.unit, summary->max)) : QString();
}

QString ResourcesPane::emptyText() const {
    const auto record = m_run && m_session ? m_session->run(*m_run) : nullptr;
    if (!record) {
        return tr("Appear here while a run goes on");
    }
    constexpr std::int64_t kFirstSampleMs = 5'000;  // at the latest
    if (m_startedElsewhere || record->durationMs(nowMs()).value_or(0) > kFirstSampleMs) {
        return tr("None: only runs that are launched are sampled");
    }
    return model::isTerminal(record->status) ? tr("None: the run was over before the first sample")
                                             : tr("No samples yet");
}

void ResourcesPane::paintEvent(QPaintEvent*) {
    const auto& theme = Theme::current();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Token::SurfaceBase));
    painter.fillRect(QRect(0, 0, width(), kHeaderHeight), theme.color(Token::SurfacePanel));
    painter.fillRect(QRect(0, kHeaderHeight - 1, width(), 1), theme.color(Token::BorderDefault));
    painter.setPen(theme.color(Token::TextPrimary));
    const QFont strong = theme.font(TextRole::Body, 600);
    painter.setFont(strong);
    const QRectF header(kMargin, 0, width() - 2 * kMargin, kHeaderHeight - 1);
    painter.drawText(header, Qt::AlignLeft | Qt::AlignVCenter, tr("Resources"));
    painter.setFont(theme.font(TextRole::Caption));
    painter.setPen(theme.color(Token::TextTertiary));
    painter.drawText(header.adjusted(QFontMetricsF(strong).horizontalAdvance(tr("Resources")) + 8, 0, 0, 0),
                     Qt::AlignLeft | Qt::AlignVCenter,
                     m_rows.empty() ? QString() : tr("process tree, last 4 min"));
    if (m_rows.empty()) {
        painter.drawText(QRectF(kMargin, kHeaderHeight, width() - 2 * kMargin, kRowHeight),
                         Qt::AlignLeft | Qt::AlignVCenter, emptyText());
    }
    qreal top = kHeaderHeight;
    for (const auto& row : m_rows) {
        paintRow(painter, QRectF(0, top, width(), kRowHeight), row);
        top += kRowHeight;
    }
}

void ResourcesPane::paintRow(QPainter& painter, const QRectF& rect, const Row& row) const {
    const auto& theme = Theme::current();
    const QRectF text = rect.adjusted(kMargin, 8, 0, -8);
    painter.setFont(theme.font(TextRole::Body));
    painter.setPen(theme.color(Token::TextPrimary));
    painter.drawText(QRectF(text.left(), text.top(), 72, 16), Qt::AlignLeft | Qt::AlignVCenter, row.name);
    if (row.series && !row.series->empty()) {
        painter.setFont(theme.font(TextRole::Body, 600));
        painter.drawText(QRectF(text.left() + 72, text.top(), kTextWidth - 72, 16),
                         Qt::AlignLeft | Qt::AlignVCenter, valueText(row.unit, row.series->values.back()));
        painter.setFont(theme.font(TextRole::Caption));
        painter.setPen(theme.color(Token::TextTertiary));
        painter.drawText(QRectF(text.left(), text.top() + 17, kTextWidth, 14),
                         Qt::AlignLeft | Qt::AlignVCenter, remarkOf(row));
        paintCurve(painter,
                   QRectF(kMargin + kTextWidth + 8, rect.top() + 8,
                          rect.width() - 2 * kMargin - kTextWidth - 8, rect.height() - 17),
                   row);
    }
    painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1),
                     theme.color(Token::BorderSubtle));
}

/// The last minutes before the newest sample, from zero up, filled lightly.
void ResourcesPane::paintCurve(QPainter& painter, const QRectF& rect, const Row& row) const {
    const auto& series = *row.series;
    const std::int64_t end = series.timesMs.back();
    const auto start = static_cast<std::size_t>(
        std::lower_bound(series.timesMs.begin(), series.timesMs.end(), end - kWindowMs) -
        series.timesMs.begin());
    double top = row.unit == Row::Unit::Percent ? 100 : 1;
    for (std::size_t i = start; i < series.size(); ++i) {
        // A little room above, so that a level value does not look like a full one.
        top = std::isfinite(series.values[i]) ? std::max(top, 1.25 * series.values[i]) : top;
    }
    const auto span = static_cast<double>(std::max<std::int64_t>(end - series.timesMs[start], 1'000));
    QPolygonF line;
    for (std::size_t i = start; i < series.size(); ++i) {
        if (std::isfinite(series.values[i])) {
            const double x = static_cast<double>(series.timesMs[i] - series.timesMs[start]) / span;
            line << QPointF(rect.left() + x * rect.width(),
                            rect.bottom() - std::max(series.values[i], 0.0) / top * (rect.height() - 2));
        }
    }
    const auto& theme = Theme::current();
    QColor color = theme.seriesColor(row.color);
    painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), 1), theme.color(Token::ChartGrid));
    painter.fillRect(QRectF(rect.left(), rect.bottom(), rect.width(), 1), theme.color(Token::ChartGrid));
    if (line.size() < 2) {
        return;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(color, 1.25));
    painter.drawPolyline(line);
    QPolygonF area = line;
    area << QPointF(line.last().x(), rect.bottom()) << QPointF(line.first().x(), rect.bottom());
    color.setAlphaF(0.16F);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawPolygon(area);
    painter.setRenderHint(QPainter::Antialiasing, false);
}

}  // namespace runglass::ui
