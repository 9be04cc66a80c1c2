// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

namespace runglass::ui {

/// A button that its subclass paints altogether. Knows whether it has the focus by keyboard, repaints on
/// hover and is pressed by Enter too.
class FlatButton : public QAbstractButton {
    Q_OBJECT
public:
    explicit FlatButton(QWidget* parent = nullptr);

protected:
    [[nodiscard]] bool showsFocus() const { return m_showsFocus; }
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    bool m_showsFocus = false;
};

}  // namespace runglass::ui
