// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>
#include <QPixmap>
#include <QString>

#include "runglass/ui/theme/theme.h"

namespace runglass::ui {

/// Icon `name` of resources/icons in text.secondary (hovered text.primary, checked accent.base, disabled
/// text.disabled). Follows the theme by itself. Nothing is read before it is painted.
QIcon themedIcon(const QString& name);
/// The same in one token's colour, whatever the state; disabled stays text.disabled.
QIcon themedIcon(const QString& name, Token color);
/// One rendering in one colour, cached by name, size, device pixel ratio and colour. `size` in
/// device-independent pixels; strokes stay 1.5 px above 16.
QPixmap iconPixmap(const QString& name, int size, const QColor& color, qreal devicePixelRatio);
/// Paints an icon centred in `rect`.
void paintIcon(QPainter* painter, const QRectF& rect, const QString& name, const QColor& color,
               int size = 16);

}  // namespace runglass::ui
