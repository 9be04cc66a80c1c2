// SPDX-License-Identifier: GPL-3.0-or-later
// Controls of several parts: scroll bar, combo box, slider.
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QPainter>
#include <QStyleOption>

#include "runglass/ui/theme/icons.h"
#include "runglass/ui/theme/paint.h"
#include "style_parts.h"

namespace runglass::ui::style {
namespace {

void drawScrollBar(const QStyleOptionSlider* bar, QPainter* painter, const QWidget* widget) {
    if (bar->maximum <= bar->minimum) {
        return;
    }
    QRectF thumb =
        widget->style()->subControlRect(QStyle::CC_ScrollBar, bar, QStyle::SC_ScrollBarSlider, widget);
    thumb = bar->orientation == Qt::Horizontal ? thumb.adjusted(2, 2, -2, -2) : thumb.adjusted(2, 2, -2, -2);
    const bool active =
        (bar->state & QStyle::State_Sunken) ||
        ((bar->state & QStyle::State_MouseOver) && bar->activeSubControls == QStyle::SC_ScrollBarSlider);
    paintBox(painter, thumb, themeColor(active ? Token::BorderStrong : Token::Scroll), QColor(), 3);
}

void drawComboBox(const QStyleOptionComboBox* combo, QPainter* painter, const QWidget* widget) {
    if (combo->editable) {
        drawInputPanel(combo, painter, nullptr);
    } else {
        const bool enabled = combo->state & QStyle::State_Enabled;
        const bool hover = enabled && (combo->state & QStyle::State_MouseOver);
        if (!isKind(widget, "quiet") || hover) {
            const bool form = isKind(widget, "form");
            paintBox(painter, combo->rect,
                     !enabled ? QColor()
                              : themeColor(hover  ? Token::SurfaceHover
                                           : form ? Token::SurfaceBase
                                                  : Token::SurfaceRaised),
                     themeColor(form && enabled ? Token::BorderStrong : Token::BorderDefault), 4);
        }
        if (hasKeyboardFocus(combo)) {
            paintFocusRing(painter, combo->rect, 4);
        }
    }
    const QRect arrow = widget == nullptr ? QRect()
                                          : widget->style()->subControlRect(QStyle::CC_ComboBox, combo,
                                                                            QStyle::SC_ComboBoxArrow, widget);
    paintIcon(painter, arrow, QStringLiteral("chev-d"),
              themeColor(combo->state & QStyle::State_Enabled ? Token::TextSecondary : Token::TextDisabled),
              12);
}

/// The two that a tab bar shows when its tabs do not fit.
void drawArrowButton(const QStyleOptionToolButton* button, QPainter* painter) {
    const double angle = button->arrowType == Qt::LeftArrow   ? 180
                         : button->arrowType == Qt::DownArrow ? 90
                         : button->arrowType == Qt::UpArrow   ? 270
                                                              : 0;
    painter->save();
    painter->fillRect(button->rect, button->palette.window());  // tabs go on below
    painter->translate(QRectF(button->rect).center());
    painter->rotate(angle);
    paintIcon(painter, QRectF(-8, -8, 16, 16), QStringLiteral("chev-r"),
              themeColor(!(button->state & QStyle::State_Enabled)  ? Token::TextDisabled
                         : button->state & QStyle::State_MouseOver ? Token::TextPrimary
                                                                   : Token::TextSecondary),
              12);
    painter->restore();
}

void drawToolButton(const QStyleOptionToolButton* button, QPainter* painter, const QWidget* widget) {
    if ((button->features & QStyleOptionToolButton::Arrow) && button->arrowType != Qt::NoArrow) {
        drawArrowButton(button, painter);
        return;
    }
    widget->style()->drawPrimitive(QStyle::PE_PanelButtonTool, button, painter, widget);
    const bool enabled = button->state & QStyle::State_Enabled;
    const bool hover = enabled && (button->state & QStyle::State_MouseOver);
    const bool iconOnly = button->toolButtonStyle == Qt::ToolButtonIconOnly || button->text.isEmpty();
    const bool menu = (button->features & QStyleOptionToolButton::HasMenu) && !iconOnly;
    const bool icon = button->toolButtonStyle != Qt::ToolButtonTextOnly && !button->icon.isNull();
    const QIcon::State on = button->state & QStyle::State_On ? QIcon::On : QIcon::Off;
    const QIcon::Mode mode = !enabled ? QIcon::Disabled : hover ? QIcon::Active : QIcon::Normal;
    QRect r = button->rect;
    if (icon) {
        const QSize size = button->iconSize;
        const int x = iconOnly ? r.left() + (r.width() - size.width()) / 2 : r.left() + 6;
        button->icon.paint(painter, QRect(QPoint(x, r.top() + (r.height() - size.height()) / 2), size),
                           Qt::AlignCenter, mode, on);
        r.setLeft(x + size.width() + 6);
    } else {
        r.setLeft(r.left() + 6);
    }
    if (iconOnly) {
        return;
    }
    painter->setFont(button->font);
    painter->setPen(themeColor(enabled ? Token::TextPrimary : Token::TextDisabled));
    painter->drawText(r, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine | Qt::TextHideMnemonic,
                      button->text);
    if (menu) {
        paintIcon(painter, QRectF(button->rect.right() - 19, r.top(), 14, r.height()),
                  QStringLiteral("chev-d"), themeColor(Token::TextSecondary), 12);
    }
}

void drawSlider(const QStyleOptionSlider* slider, QPainter* painter, const QWidget* widget) {
    const QStyle* style = widget->style();
    const QRectF handle = style->subControlRect(QStyle::CC_Slider, slider, QStyle::SC_SliderHandle, widget);
    const QPointF centre = handle.center();
    const bool enabled = slider->state & QStyle::State_Enabled;
    const QColor done = themeColor(enabled ? Token::AccentBase : Token::TextDisabled);
    const bool horizontal = slider->orientation == Qt::Horizontal;
    const QRectF all(slider->rect);
    QRectF track = horizontal ? QRectF(all.left() + 1, centre.y() - 1, all.width() - 2, 2)
                              : QRectF(centre.x() - 1, all.top() + 1, 2, all.height() - 2);
    painter->fillRect(track, themeColor(Token::BorderDefault));
    if (horizontal) {
        slider->upsideDown ? track.setLeft(centre.x()) : track.setRight(centre.x());
    } else {
        slider->upsideDown ? track.setTop(centre.y()) : track.setBottom(centre.y());
    }
    painter->fillRect(track, done);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(done, 2));
    painter->setBrush(themeColor(Token::SurfaceRaised));
    painter->drawEllipse(centre, 5, 5);
    painter->restore();
    if (hasKeyboardFocus(slider)) {
        paintFocusRing(painter, QRectF(centre.x() - 8, centre.y() - 8, 16, 16), 8);
    }
}

void drawSpinBox(const QStyleOptionSpinBox* box, QPainter* painter, const QWidget* widget) {
    drawInputPanel(box, painter, nullptr);
    const auto arrow = [&](QStyle::SubControl part, QAbstractSpinBox::StepEnabledFlag step, bool up) {
        const QRectF r = widget->style()->subControlRect(QStyle::CC_SpinBox, box, part, widget);
        const bool enabled = (box->state & QStyle::State_Enabled) && box->stepEnabled.testFlag(step);
        painter->save();
        painter->translate(r.center());
        painter->rotate(up ? 180 : 0);
        paintIcon(painter, QRectF(-5, -5, 10, 10), QStringLiteral("chev-d"),
                  themeColor(enabled ? Token::TextSecondary : Token::TextDisabled), 10);
        painter->restore();
    };
    arrow(QStyle::SC_SpinBoxUp, QAbstractSpinBox::StepUpEnabled, true);
    arrow(QStyle::SC_SpinBoxDown, QAbstractSpinBox::StepDownEnabled, false);
}

}  // namespace

bool drawComplex(QStyle::ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                 const QWidget* widget) {
    if (control == QStyle::CC_ScrollBar && widget != nullptr) {
        if (const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option)) {
            drawScrollBar(bar, painter, widget);
            return true;
        }
    }
    if (control == QStyle::CC_ComboBox) {
        if (const auto* combo = qstyleoption_cast<const QStyleOptionComboBox*>(option)) {
            drawComboBox(combo, painter, widget);
            return true;
        }
    }
    if (control == QStyle::CC_SpinBox && widget != nullptr) {
        if (const auto* box = qstyleoption_cast<const QStyleOptionSpinBox*>(option)) {
            drawSpinBox(box, painter, widget);
            return true;
        }
    }
    if (control == QStyle::CC_ToolButton && widget != nullptr) {
        if (const auto* button = qstyleoption_cast<const QStyleOptionToolButton*>(option)) {
            drawToolButton(button, painter, widget);
            return true;
        }
    }
    if (control == QStyle::CC_Slider && widget != nullptr) {
        if (const auto* slider = qstyleoption_cast<const QStyleOptionSlider*>(option)) {
            drawSlider(slider, painter, widget);
            return true;
        }
    }
    return false;
}

}  // namespace runglass::ui::style
