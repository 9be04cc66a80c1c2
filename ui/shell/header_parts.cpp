// SPDX-License-Identifier: GPL-3.0-or-later
#include "header_parts.h"

#include "runglass/ui/theme/icons.h"
#include "runglass/ui/widgets/key_cap.h"

namespace runglass::ui {

CommandField::CommandField(QWidget* parent)
    : FlatButton(parent) {
    setObjectName(QStringLiteral("commandField"));
    setText(tr("Search or run a command"));
    setAccessibleName(text());
}

void CommandField::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    paintBox(&painter, rect(), themeColor(underMouse() ? Token::SurfaceHover : Token::SurfacePanel),
             themeColor(Token::BorderDefault), 4);
    paintIcon(&painter, QRectF(8, 0, 16, height()), QStringLiteral("search"),
              themeColor(Token::TextSecondary), 14);
    const QStringList keys{QKeySequence(Qt::CTRL | Qt::Key_K)
                               .toString(QKeySequence::NativeText)
                               .replace(QLatin1Char('+'), QLatin1Char(' '))};
    const int caps = static_cast<int>(keyCapsWidth(keys));
    paintKeyCaps(&painter, QRectF(0, 0, width() - 5, height()), keys);
    const QFont font = Theme::current().font(TextRole::Body);
    painter.setFont(font);
    painter.setPen(themeColor(Token::TextTertiary));
    const QRect place(29, 0, width() - 29 - caps - 12, height());
    painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter,
                     QFontMetrics(font).elidedText(text(), Qt::ElideRight, place.width()));
    if (showsFocus()) {
        paintFocusRing(&painter, rect(), 4);
    }
}

LiveState::LiveState(StatusGlyph glyph, QWidget* parent)
    : FlatButton(parent)
    , m_glyph(glyph) {
    hide();
}

void LiveState::setCount(int count, const QString& text) {
    setVisible(count > 0);
    setText(text);
    setAccessibleName(text);
    resize(sizeHint());
    update();
}

QSize LiveState::sizeHint() const {
    return {QFontMetrics(Theme::current().font(TextRole::Body)).horizontalAdvance(text()) + 30, 26};
}

void LiveState::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    if (underMouse()) {
        paintBox(&painter, rect(), themeColor(Token::SurfaceHover), QColor(), 4);
    }
    paintStatus(&painter, QRectF(6, 0, 10, height()), m_glyph, 9);
    painter.setFont(Theme::current().font(TextRole::Body));
    painter.setPen(themeColor(Token::TextPrimary));
    painter.drawText(QRect(22, 0, width() - 22, height()), Qt::AlignLeft | Qt::AlignVCenter, text());
    if (showsFocus()) {
        paintFocusRing(&painter, rect(), 4);
    }
}

IconLabel::IconLabel(QString icon, Token color, int size, QWidget* parent)
    : QWidget(parent)
    , m_icon(std::move(icon))
    , m_color(color)
    , m_size(size) {
    setAttribute(Qt::WA_TransparentForMouseEvents);
}

void IconLabel::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    paintIcon(&painter, rect(), m_icon, themeColor(m_color), m_size);
}

}  // namespace runglass::ui
