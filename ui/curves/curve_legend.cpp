// SPDX-License-Identifier: GPL-3.0-or-later
#include "curve_legend.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "runglass/ui/theme/paint.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

constexpr int kHeight = 24;
constexpr int kMargin = 10;
constexpr int kSwatch = 16;
constexpr int kGap = 14;
constexpr int kMostText = 220;

}  // namespace

CurveLegend::CurveLegend(QWidget* parent)
    : QWidget(parent) {
    setObjectName(QStringLiteral("curveLegend"));
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(&Theme::current(), &Theme::changed, this, qOverload<>(&QWidget::update));
    hide();
}

void CurveLegend::setContent(const QString& definition, std::vector<Entry> entries,
                             std::optional<NamedScale> scale) {
    m_definition = definition;
    m_entries = std::move(entries);
    m_scale = std::move(scale);
    setVisible(!m_definition.isEmpty() || !m_entries.empty() || m_scale);
    setAccessibleName(tr("Legend"));
    setAccessibleDescription(text());
    update();
}

QString CurveLegend::text() const {
    QStringList parts;
    if (!m_definition.isEmpty()) {
        parts << m_definition;
    }
    if (m_scale) {
        parts << m_scale->text();
    }
    for (const auto& entry : m_entries) {
        parts << (entry.remark.isEmpty() ? entry.text : entry.text + QLatin1Char(' ') + entry.remark);
    }
    return parts.join(QStringLiteral(", "));
}

QSize CurveLegend::sizeHint() const {
    return {200, kHeight};
}

int CurveLegend::widthOf(const Entry& entry) const {
    const QFontMetrics metrics(Theme::current().font(TextRole::Caption));
    const int text = std::min(kMostText, metrics.horizontalAdvance(entry.text));
    const int remark = entry.remark.isEmpty() ? 0 : 4 + metrics.horizontalAdvance(entry.remark);
    return kSwatch + 6 + text + remark;
}

void CurveLegend::paintEntry(QPainter* painter, const Entry& entry, const QRect& rect) const {
    auto& theme = Theme::current();
    const double middle = rect.center().y() + 0.5;
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(entry.color.isValid() ? entry.color : theme.color(Token::TextSecondary), 2,
                         entry.style, Qt::FlatCap));
    painter->drawLine(QPointF(rect.left(), middle), QPointF(rect.left() + kSwatch, middle));
    const auto metrics = painter->fontMetrics();
    const auto shown = metrics.elidedText(entry.text, Qt::ElideMiddle, kMostText);
    painter->setPen(theme.color(Token::TextPrimary));
    const int left = rect.left() + kSwatch + 6;
    painter->drawText(QRect(left, 0, rect.width(), kHeight), Qt::AlignVCenter, shown);
    painter->setPen(theme.color(Token::TextTertiary));
    painter->drawText(QRect(left + metrics.horizontalAdvance(shown) + 4, 0, rect.width(), kHeight),
                      Qt::AlignVCenter, entry.remark);
}

void CurveLegend::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    auto& theme = Theme::current();
    painter.fillRect(rect(), theme.color(Token::SurfacePanel));
    painter.fillRect(QRect(0, height() - 1, width(), 1), theme.color(Token::BorderDefault));
    painter.setFont(theme.font(TextRole::Caption));
    int x = kMargin;
    if (!m_definition.isEmpty()) {
        painter.setPen(theme.color(Token::TextSecondary));
        const int text = painter.fontMetrics().horizontalAdvance(m_definition);
        painter.drawText(QRect(x, 0, text, kHeight), Qt::AlignVCenter, m_definition);
        x += text + kGap;
    }
    if (m_scale) {
        x = paintScaleBar(&painter, *m_scale, x, 0, kHeight) + kGap;
    }
    layOut(x, painter.fontMetrics());
    for (const auto& place : m_places) {
        paintEntry(&painter, m_entries[place.entry], place.rect);
        x = place.rect.right() + 1 + kGap;
    }
    if (m_places.size() < m_entries.size()) {
        painter.setPen(theme.color(Token::TextTertiary));
        painter.drawText(QRect(x, 0, width(), kHeight), Qt::AlignVCenter,
                         tr("and %1 more").arg(m_entries.size() - m_places.size()));
    }
}

// All of them, or those that leave room for how many are left out: a long one does not hide the short ones
// behind it.
void CurveLegend::layOut(int left, const QFontMetrics& metrics) {
    for (const bool all : {true, false}) {
        const auto more = tr("and %1 more").arg(m_entries.size());
        const int end = width() - kMargin - (all ? 0 : metrics.horizontalAdvance(more) + kGap);
        int x = left;
        m_places.clear();
        for (std::size_t i = 0; i < m_entries.size(); ++i) {
            const int entryWidth = widthOf(m_entries[i]);
            if (x + entryWidth <= end) {
                m_places.push_back({i, QRect(x, 0, entryWidth, kHeight)});
                x += entryWidth + kGap;
            }
        }
        if (m_places.size() == m_entries.size()) {
            return;
        }
    }
}

const CurveLegend::Entry* CurveLegend::entryAt(const QPoint& position) const {
    const auto place = std::find_if(m_places.begin(), m_places.end(),
                                    [&](const Place& one) { return one.rect.contains(position); });
    return place == m_places.end() ? nullptr : &m_entries[place->entry];
}

void CurveLegend::mouseReleaseEvent(QMouseEvent* event) {
    if (const auto* entry = entryAt(event->pos()); entry && !entry->runs.empty()) {
        Q_EMIT clicked(entry->runs, event->modifiers());
    }
}

void CurveLegend::mouseMoveEvent(QMouseEvent* event) {
    const auto* entry = entryAt(event->pos());
    Q_EMIT hovered(entry ? entry->runs : std::vector<RunId>());
}

void CurveLegend::leaveEvent(QEvent* event) {
    QWidget::leaveEvent(event);
    Q_EMIT hovered({});
}

bool CurveLegend::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), text().toHtmlEscaped(), this);
        return true;
    }
    return QWidget::event(event);
}

}  // namespace runglass::ui
