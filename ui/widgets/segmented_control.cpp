// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/widgets/segmented_control.h"

#include <QAccessible>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include "runglass/ui/theme/icons.h"
#include "runglass/ui/theme/paint.h"
#include "runglass/ui/widgets/focus.h"

namespace runglass::ui {

SegmentedControl::SegmentedControl(QWidget* parent)
    : QWidget(parent) {
    setFocusPolicy(Qt::TabFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void SegmentedControl::addPart(const QString& text, const QString& icon, const QString& tip) {
    m_parts.push_back({text, icon, tip});
    updateGeometry();
}

void SegmentedControl::setCurrentIndex(int index) {
    m_current = index;
    if (index >= 0 && index < m_parts.size()) {
        const Part& part = m_parts[index];
        setAccessibleDescription(part.text.isEmpty() ? part.tip : part.text);
    }
    update();
}

void SegmentedControl::choose(int index) {
    if (index >= 0 && index < m_parts.size() && index != m_current) {
        setCurrentIndex(index);
        Q_EMIT currentChanged(index);
    }
}

int SegmentedControl::partWidth(const Part& part) const {
    const QFontMetrics metrics(Theme::current().font(TextRole::Body, 500));
    const int text = part.text.isEmpty() ? 0 : metrics.horizontalAdvance(part.text);
    const int icon = part.icon.isEmpty() ? 0 : 16;
    return 16 + text + icon + (text > 0 && icon > 0 ? 6 : 0);
}

QRect SegmentedControl::partRect(int index) const {
    int x = 0;
    for (int i = 0; i < index; ++i) {
        x += partWidth(m_parts[i]);
    }
    return {x, 0, partWidth(m_parts[index]), height()};
}

int SegmentedControl::partAt(const QPoint& position) const {
    for (int i = 0; i < m_parts.size(); ++i) {
        if (partRect(i).contains(position)) {
            return i;
        }
    }
    return -1;
}

QSize SegmentedControl::sizeHint() const {
    int width = 0;
    for (const Part& part : m_parts) {
        width += partWidth(part);
    }
    return {width, 26};
}

void SegmentedControl::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintBox(&painter, rect(), themeColor(Token::SurfaceRaised), QColor(), 4);
    QPainterPath clip;
    clip.addRoundedRect(QRectF(rect()), 4, 4);
    painter.setClipPath(clip);
    for (int i = 0; i < m_parts.size(); ++i) {
        const Part& part = m_parts[i];
        const QRect r = partRect(i);
        const bool chosen = i == m_current;
        if (chosen || i == m_hovered) {
            painter.fillRect(r, themeColor(chosen ? Token::AccentTint : Token::SurfaceHover));
        }
        if (i > 0) {
            painter.fillRect(QRect(r.left(), 0, 1, height()), themeColor(Token::BorderDefault));
        }
        const QColor ink = themeColor(!isEnabled() ? Token::TextDisabled
                                      : chosen     ? Token::TextLink
                                                   : Token::TextPrimary);
        int x = r.left() + 8;
        if (!part.icon.isEmpty()) {
            paintIcon(&painter, QRectF(x, 0, 16, height()), part.icon, ink);
            x += 22;
        }
        painter.setFont(Theme::current().font(TextRole::Body, 500));
        painter.setPen(ink);
        painter.drawText(QRect(x, 0, r.right() - x, height()), Qt::AlignLeft | Qt::AlignVCenter, part.text);
    }
    painter.setClipping(false);
    paintBox(&painter, rect(), QColor(), themeColor(Token::BorderDefault), 4);
    if (m_keyboardFocus) {
        paintFocusRing(&painter, rect(), 4);
    }
}

void SegmentedControl::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) {
        choose(partAt(event->position().toPoint()));
    }
}

void SegmentedControl::mouseMoveEvent(QMouseEvent* event) {
    const int hovered = partAt(event->position().toPoint());
    if (hovered != m_hovered) {
        m_hovered = hovered;
        update();
    }
}

void SegmentedControl::leaveEvent(QEvent* /*event*/) {
    m_hovered = -1;
    update();
}

void SegmentedControl::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Left:
            choose(m_current - 1);
            break;
        case Qt::Key_Right:
            choose(m_current + 1);
            break;
        default:
            QWidget::keyPressEvent(event);
    }
}

void SegmentedControl::focusInEvent(QFocusEvent* event) {
    m_keyboardFocus = isKeyboardFocus(event->reason());
    update();
}

void SegmentedControl::focusOutEvent(QFocusEvent* /*event*/) {
    m_keyboardFocus = false;
    update();
}

bool SegmentedControl::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int part = partAt(help->pos());
        QToolTip::showText(help->globalPos(), part >= 0 ? m_parts[part].tip : QString(), this);
        return true;
    }
    return QWidget::event(event);
}

}  // namespace runglass::ui
