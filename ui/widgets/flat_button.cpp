// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/widgets/flat_button.h"

#include <QKeyEvent>

#include "runglass/ui/widgets/focus.h"

namespace runglass::ui {

FlatButton::FlatButton(QWidget* parent)
    : QAbstractButton(parent) {
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
}

void FlatButton::focusInEvent(QFocusEvent* event) {
    m_showsFocus = isKeyboardFocus(event->reason());
    QAbstractButton::focusInEvent(event);
    update();
}

void FlatButton::focusOutEvent(QFocusEvent* event) {
    m_showsFocus = false;
    QAbstractButton::focusOutEvent(event);
    update();
}

void FlatButton::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        click();
        return;
    }
    QAbstractButton::keyPressEvent(event);
}

}  // namespace runglass::ui
