// SPDX-License-Identifier: GPL-3.0-or-later
#include "field_frame.h"

#include <QEvent>
#include <QPainter>
#include <QVBoxLayout>

#include "runglass/ui/theme/theme.h"

namespace runglass::ui {

FieldFrame::FieldFrame(QWidget* field, QWidget* parent)
    : QWidget(parent)
    , m_field(field) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2, 2, 2, 2);
    column->addWidget(field);
    field->installEventFilter(this);
}

void FieldFrame::setMistaken(bool mistaken) {
    if (m_mistaken != mistaken) {
        m_mistaken = mistaken;
        update();
    }
}

bool FieldFrame::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut) {
        update();
    }
    return QWidget::eventFilter(watched, event);
}

void FieldFrame::paintEvent(QPaintEvent*) {
    const auto& theme = Theme::current();
    const bool focused = m_field->hasFocus();
    const qreal width = focused ? 2 : 1;
    const Token border = m_mistaken ? Token::SemanticDanger
                         : focused  ? Token::AccentFocus
                                    : Token::BorderStrong;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.color(border), width));
    painter.setBrush(theme.color(Token::SurfaceBase));
    painter.drawRoundedRect(QRectF(rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2), 4, 4);
}

}  // namespace runglass::ui
