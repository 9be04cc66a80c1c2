// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/widgets/remark.h"

namespace runglass::ui {

Remark::Remark(const QString& text, Token color, QWidget* parent)
    : QLabel(text, parent)
    , m_color(color) {
    setTextFormat(Qt::PlainText);
    setTextInteractionFlags(Qt::TextSelectableByMouse);
    setWordWrap(true);
    takeLook();
    connect(&Theme::current(), &Theme::changed, this, &Remark::takeLook);
}

void Remark::setColor(Token color) {
    m_color = color;
    takeLook();
}

void Remark::takeLook() {
    setFont(Theme::current().font(TextRole::Caption));
    QPalette look = palette();
    look.setColor(QPalette::WindowText, themeColor(m_color));
    setPalette(look);
}

}  // namespace runglass::ui
