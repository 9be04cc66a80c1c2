// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_header.h"

#include <QMouseEvent>
#include <QPainter>

#include "runglass/ui/runs/run_table_model.h"
#include "runglass/ui/theme/icons.h"
#include "runglass/ui/theme/theme.h"

namespace runglass::ui {

RunHeader::RunHeader(QWidget* parent)
    : QHeaderView(Qt::Horizontal, parent) {
    setSectionsClickable(true);
    setSectionsMovable(true);
    setHighlightSections(false);
    setSortIndicatorShown(true);
    setSortIndicatorClearable(true);
    setStretchLastSection(false);
    setMinimumSectionSize(22);
    setFont(Theme::current().font(TextRole::Caption, 500));
}

void RunHeader::setPinnedCount(int count) {
    m_pinned = count;
    viewport()->update();
}

int RunHeader::pinnedWidth() const {
    int width = 0;
    for (int visual = 0; visual < std::min(m_pinned, count()); ++visual) {
        width += sectionSize(logicalIndex(visual));
    }
    return width;
}

int RunHeader::sectionLeft(int logicalIndex) const {
    const int position = sectionPosition(logicalIndex);
    return visualIndex(logicalIndex) < m_pinned ? position : position - offset();
}

int RunHeader::sectionAt(int x) const {
    return logicalIndexAt(x < pinnedWidth() ? x - offset() : x);
}

QSize RunHeader::sizeHint() const {
    return {QHeaderView::sizeHint().width(), static_cast<int>(Theme::current().metric("size.tableHeader"))};
}

void RunHeader::paintEvent(QPaintEvent* event) {
    QHeaderView::paintEvent(event);
    QPainter painter(viewport());
    const int right = count() > 0 ? sectionPosition(logicalIndex(count() - 1)) +
                                        sectionSize(logicalIndex(count() - 1)) - offset()
                                  : 0;
    const QRect rest(right, 0, width() - right, height());
    if (rest.width() > 0) {
        painter.fillRect(rest, themeColor(Token::SurfaceHeader));
        painter.fillRect(QRect(rest.left(), height() - 1, rest.width(), 1), themeColor(Token::BorderDefault));
    }
    if (offset() > 0 && m_pinned > 0) {
        for (int visual = 0; visual < std::min(m_pinned, count()); ++visual) {
            const int section = logicalIndex(visual);
            const QRect rect(sectionPosition(section), 0, sectionSize(section), height());
            painter.save();
            painter.setClipRect(rect);
            paintSection(&painter, rect, section);
            painter.restore();
        }
    }
    if (m_pinned > 0 && offset() > 0) {
        painter.fillRect(QRect(pinnedWidth() - 1, 0, 1, height()), themeColor(Token::BorderStrong));
    }
}

void RunHeader::paintSection(QPainter* painter, const QRect& rect, int logicalIndex) const {
    painter->save();  // the style leaves an empty clip behind
    QHeaderView::paintSection(painter, rect, logicalIndex);
    painter->restore();
    const auto icon = model()->headerData(logicalIndex, Qt::Horizontal, Qt::UserRole).toString();
    if (!icon.isEmpty()) {
        paintIcon(painter, QRectF(rect), icon, themeColor(Token::TextSecondary), 14);
    }
    const auto statistic =
        model()->headerData(logicalIndex, Qt::Horizontal, RunTableModel::StatisticRole).toString();
    const auto title = model()->headerData(logicalIndex, Qt::Horizontal).toString();
    constexpr int kPadding = 6;
    const int needed = fontMetrics().horizontalAdvance(statistic) + fontMetrics().horizontalAdvance(title);
    if (!statistic.isEmpty() && needed + 3 * kPadding <= rect.width()) {
        painter->setFont(font());
        painter->setPen(themeColor(Token::TextTertiary));
        painter->drawText(rect.adjusted(kPadding, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, statistic);
    }
}

QMouseEvent RunHeader::translated(QMouseEvent* event) const {
    auto position = event->position();
    if (position.x() < pinnedWidth()) {
        position.rx() -= offset();
    }
    return {event->type(),   position,         event->globalPosition(),
            event->button(), event->buttons(), event->modifiers()};
}

void RunHeader::mousePressEvent(QMouseEvent* event) {
    auto moved = translated(event);
    QHeaderView::mousePressEvent(&moved);
}

void RunHeader::mouseMoveEvent(QMouseEvent* event) {
    auto moved = translated(event);
    QHeaderView::mouseMoveEvent(&moved);
}

void RunHeader::mouseReleaseEvent(QMouseEvent* event) {
    auto moved = translated(event);
    QHeaderView::mouseReleaseEvent(&moved);
}

void RunHeader::mouseDoubleClickEvent(QMouseEvent* event) {
    auto moved = translated(event);
    QHeaderView::mouseDoubleClickEvent(&moved);
}

}  // namespace runglass::ui
