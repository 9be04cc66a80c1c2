// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "runglass/ui/theme/theme.h"

class QLabel;

namespace runglass::ui {

/// Small text that explains a part of a dialog, or says what is wrong with it. Plain, wrapped, selectable.
QLabel* makeRemark(const QString& text, Token color = Token::TextTertiary);

}  // namespace runglass::ui
