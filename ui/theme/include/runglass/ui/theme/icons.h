// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>
#include <QPixmap>
#include <QString>

#include "runglass/ui/theme/theme.h"

namespace runglass::ui {

/// Icon `name` of resources/icons in text.secondary (hover and active by QIcon mode: text.primary,
/// accent.base, text.disabled). Follows the theme by itself.
QIcon themedIcon(const QString& name);
/// One rendering in one colour, cached by name, size, device pixel ratio and colour.
QPixmap iconPixmap(const QString& name, int size, const QColor& color, qreal devicePixelRatio);

}  // namespace runglass::ui
