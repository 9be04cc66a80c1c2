// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialog_parts.h"

#include <QLabel>

namespace runglass::ui {

QLabel* makeRemark(const QString& text, Token color) {
    auto* label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setWordWrap(true);
    label->setFont(Theme::current().font(TextRole::Caption));
    QPalette palette = label->palette();
    palette.setColor(QPalette::WindowText, themeColor(color));
    label->setPalette(palette);
    return label;
}

}  // namespace runglass::ui
