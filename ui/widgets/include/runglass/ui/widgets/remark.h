// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

#include "runglass/ui/theme/theme.h"

namespace runglass::ui {

/// Small text that explains a part of a window, or says what is wrong with it: plain, wrapped, selectable, in
/// a colour of the theme, which it follows.
class Remark : public QLabel {
    Q_OBJECT
public:
    explicit Remark(const QString& text = {}, Token color = Token::TextTertiary, QWidget* parent = nullptr);

    void setColor(Token color);

private:
    void takeLook();

    Token m_color;
};

}  // namespace runglass::ui
