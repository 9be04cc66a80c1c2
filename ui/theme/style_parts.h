// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyle>

class QPainter;
class QStyleOption;
class QStyleOptionComplex;
class QStyleOptionMenuItem;
class QWidget;

// The paint code of RunglassStyle by what it paints. Each function answers whether the element was its own;
// what nobody paints is left to Fusion.

namespace runglass::ui::style {

bool drawControlPrimitive(QStyle::PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                          const QWidget* widget);
bool drawViewPrimitive(QStyle::PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget);
bool drawButtonLabel(QStyle::ControlElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget);
bool drawViewControl(QStyle::ControlElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget);
bool drawMenuControl(QStyle::ControlElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget);
/// Of a line between items of a menu, or a heading above those that follow.
QSize separatorSize(const QStyleOptionMenuItem& item);
bool drawComplex(QStyle::ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                 const QWidget* widget);

/// Keyboard focus, as against focus that a click gave.
bool hasKeyboardFocus(const QStyleOption* option);
/// Whether a button was given this look with setButtonKind().
bool isKind(const QWidget* widget, const char* kind);
/// Border and ground of anything that takes input.
void drawInputPanel(const QStyleOption* option, QPainter* painter, const QWidget* widget);

}  // namespace runglass::ui::style
