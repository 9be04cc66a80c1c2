// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/widgets/bar.h"

#include <QPainter>

namespace runglass::ui {

Surface::Surface(Token color, Qt::Edges lines, QWidget* parent)
    : QWidget(parent)
    , m_color(color)
    , m_lines(lines) {
    setAttribute(Qt::WA_OpaquePaintEvent);
}

void Surface::setColor(Token color) {
    m_color = color;
    update();
}

void Surface::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    painter.fillRect(rect(), themeColor(m_color));
    const QColor line = themeColor(Token::BorderDefault);
    if (m_lines.testFlag(Qt::TopEdge)) {
        painter.fillRect(0, 0, width(), 1, line);
    }
    if (m_lines.testFlag(Qt::BottomEdge)) {
        painter.fillRect(0, height() - 1, width(), 1, line);
    }
    if (m_lines.testFlag(Qt::LeftEdge)) {
        painter.fillRect(0, 0, 1, height(), line);
    }
    if (m_lines.testFlag(Qt::RightEdge)) {
        painter.fillRect(width() - 1, 0, 1, height(), line);
    }
}

Bar::Bar(QWidget* parent, int height)
    : Surface(Token::SurfacePanel, Qt::BottomEdge, parent)
    , m_row(new QHBoxLayout(this)) {
    setFixedHeight(height);
    m_row->setContentsMargins(8, 0, 8, 1);
    m_row->setSpacing(6);
}

void Bar::addSeparator() {
    auto* line = new Hairline(Qt::Vertical, this);
    line->setFixedHeight(16);
    m_row->addWidget(line);
}

Hairline::Hairline(Qt::Orientation orientation, QWidget* parent, Token color)
    : QWidget(parent)
    , m_color(color) {
    if (orientation == Qt::Horizontal) {
        setFixedHeight(1);
    } else {
        setFixedWidth(1);
    }
}

void Hairline::paintEvent(QPaintEvent* /*event*/) {
    QPainter(this).fillRect(rect(), themeColor(m_color));
}

}  // namespace runglass::ui
