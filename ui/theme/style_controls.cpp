// SPDX-License-Identifier: GPL-3.0-or-later
// Buttons, inputs, check marks, focus rings.
#include <QAbstractButton>
#include <QPainter>
#include <QPainterPath>
#include <QStyleOption>
#include <QVariant>

#include "runglass/ui/theme/icons.h"
#include "runglass/ui/theme/paint.h"
#include "style_parts.h"

namespace runglass::ui::style {
namespace {

struct ButtonLook {
    QColor fill;
    QColor border;
};

ButtonLook lookOf(const QStyleOption* option, const QWidget* widget, bool toolButton) {
    const bool enabled = option->state & QStyle::State_Enabled;
    const bool hover = enabled && (option->state & QStyle::State_MouseOver);
    const bool down = option->state & QStyle::State_Sunken;
    const bool on = option->state & QStyle::State_On;
    if (isKind(widget, "primary")) {
        if (!enabled) {
            return {QColor(), themeColor(Token::BorderDefault)};
        }
        return {themeColor(down    ? Token::AccentPressed
                           : hover ? Token::AccentHover
                                   : Token::AccentBase),
                QColor()};
    }
    const bool bare = isKind(widget, "quiet") || (toolButton && !isKind(widget, "framed"));
    ButtonLook look;
    if (!bare) {
        look.border = themeColor(Token::BorderDefault);
        look.fill = enabled ? themeColor(Token::SurfaceRaised) : QColor();
    }
    if (down || on) {
        look.fill = themeColor(Token::SurfacePressed);
    } else if (hover) {
        look.fill = themeColor(Token::SurfaceHover);
    }
    return look;
}

void drawButton(const QStyleOption* option, QPainter* painter, const QWidget* widget, bool toolButton) {
    const ButtonLook look = lookOf(option, widget, toolButton);
    paintBox(painter, option->rect, look.fill, look.border, 4);
    if (hasKeyboardFocus(option)) {
        paintFocusRing(painter, option->rect, 4);
    }
}

void drawCheckBox(const QStyleOption* option, QPainter* painter, bool radio) {
    const bool enabled = option->state & QStyle::State_Enabled;
    const bool on = option->state & (QStyle::State_On | QStyle::State_NoChange);
    const qreal radius = radio ? 7 : 3;
    QRectF box(0, 0, 14, 14);
    box.moveCenter(QRectF(option->rect).center());
    box.moveTo(std::floor(box.x()), std::floor(box.y()));
    const QColor accent = themeColor(enabled ? Token::AccentBase : Token::TextDisabled);
    const QColor border = themeColor(enabled ? Token::BorderStrong : Token::BorderDefault);
    paintBox(painter, box, on ? accent : themeColor(Token::SurfaceBase), on ? accent : border, radius);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(themeColor(Token::TextOnAccent), 1.7, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    if (option->state & QStyle::State_NoChange) {
        painter->drawLine(box.topLeft() + QPointF(4, 7), box.topLeft() + QPointF(10, 7));
    } else if (on && radio) {
        painter->setBrush(themeColor(Token::TextOnAccent));
        painter->setPen(Qt::NoPen);
        painter->drawEllipse(box.center(), 2.5, 2.5);
    } else if (on) {
        painter->drawPolyline(QPolygonF({box.topLeft() + QPointF(3.6, 7.4), box.topLeft() + QPointF(6, 9.8),
                                         box.topLeft() + QPointF(10.4, 4.6)}));
    }
    painter->restore();
}

}  // namespace

bool hasKeyboardFocus(const QStyleOption* option) {
    return (option->state & QStyle::State_HasFocus) && (option->state & QStyle::State_KeyboardFocusChange);
}

bool isKind(const QWidget* widget, const char* kind) {
    return widget != nullptr && widget->property("runglassKind").toStringList().contains(QLatin1String(kind));
}

void drawInputPanel(const QStyleOption* option, QPainter* painter, const QWidget* widget) {
    const bool enabled = option->state & QStyle::State_Enabled;
    const bool bad = widget != nullptr && widget->property("runglassError").toBool();
    const QColor border = themeColor(!enabled ? Token::BorderDefault
                                     : bad    ? Token::SemanticDanger
                                              : Token::BorderStrong);
    paintBox(painter, option->rect, themeColor(enabled ? Token::SurfaceBase : Token::SurfacePanel), border,
             4);
    if ((option->state & QStyle::State_HasFocus) && !bad) {
        paintFocusRing(painter, option->rect, 4);
    }
}

bool drawControlPrimitive(QStyle::PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                          const QWidget* widget) {
    switch (element) {
        case QStyle::PE_PanelButtonCommand:
            drawButton(option, painter, widget, false);
            return true;
        case QStyle::PE_PanelButtonTool:
            drawButton(option, painter, widget, true);
            return true;
        case QStyle::PE_FrameButtonTool:
        case QStyle::PE_FrameDefaultButton:
            return true;
        case QStyle::PE_IndicatorCheckBox:
        case QStyle::PE_IndicatorItemViewItemCheck:
            drawCheckBox(option, painter, false);
            return true;
        case QStyle::PE_IndicatorRadioButton:
            drawCheckBox(option, painter, true);
            return true;
        case QStyle::PE_PanelLineEdit:
            if (const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
                frame != nullptr && frame->lineWidth > 0) {
                drawInputPanel(option, painter, widget);
            }
            return true;
        case QStyle::PE_FrameLineEdit:
            return true;
        case QStyle::PE_FrameFocusRect:
            // Buttons and inputs draw theirs with their panel; this one is for check boxes, tabs and cells.
            if (hasKeyboardFocus(option) && qobject_cast<const QAbstractButton*>(widget) == nullptr) {
                paintFocusRing(painter, option->rect, 3);
            } else if (hasKeyboardFocus(option)) {
                paintFocusRing(painter, QRectF(option->rect).adjusted(-2, -1, 2, 1), 3);
            }
            return true;
        case QStyle::PE_IndicatorArrowDown:
            paintIcon(painter, option->rect, QStringLiteral("chev-d"),
                      themeColor(option->state & QStyle::State_Enabled ? Token::TextSecondary
                                                                       : Token::TextDisabled),
                      12);
            return true;
        case QStyle::PE_IndicatorArrowRight:
            paintIcon(painter, option->rect, QStringLiteral("chev-r"),
                      themeColor(option->state & QStyle::State_Enabled ? Token::TextSecondary
                                                                       : Token::TextDisabled),
                      12);
            return true;
        default:
            return false;
    }
}

bool drawButtonLabel(QStyle::ControlElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget) {
    const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
    if (button == nullptr) {
        return false;
    }
    if (element == QStyle::CE_PushButtonBevel && (button->features & QStyleOptionButton::HasMenu)) {
        // The chevron belongs to the label below; the common style would add an arrow of its own.
        QStyleOptionButton plain(*button);
        plain.features &= ~QStyleOptionButton::ButtonFeatures(QStyleOptionButton::HasMenu);
        widget->style()->drawControl(element, &plain, painter, widget);
        return true;
    }
    if (element != QStyle::CE_PushButtonLabel) {
        return false;
    }
    const bool enabled = button->state & QStyle::State_Enabled;
    const bool primary = isKind(widget, "primary");
    const Token token = !enabled                   ? Token::TextDisabled
                        : primary                  ? Token::TextOnAccent
                        : isKind(widget, "danger") ? Token::SemanticDanger
                                                   : Token::TextPrimary;
    const int textWidth = button->fontMetrics.horizontalAdvance(button->text);
    const int icon = button->icon.isNull() ? 0 : 16;
    const int gap = icon > 0 && !button->text.isEmpty() ? 6 : 0;
    const bool menu = button->features & QStyleOptionButton::HasMenu;
    int x = button->rect.x() + (button->rect.width() - textWidth - icon - gap - (menu ? 14 : 0)) / 2;
    x = qMax(x, button->rect.x() + 6);
    if (icon > 0) {
        const QRect place(x, button->rect.center().y() - 7, 16, 16);
        const QPixmap pixmap = button->icon.pixmap(QSize(16, 16), painter->device()->devicePixelRatioF(),
                                                   enabled ? QIcon::Normal : QIcon::Disabled);
        painter->drawPixmap(place, pixmap);
        x += icon + gap;
    }
    painter->setPen(themeColor(token));
    const QRect textRect(x, button->rect.top(), button->rect.right() - x - (menu ? 14 : 0),
                         button->rect.height());
    painter->drawText(textRect,
                      Qt::AlignLeft | Qt::AlignVCenter | Qt::TextShowMnemonic | Qt::TextHideMnemonic,
                      button->text);
    if (menu) {
        paintIcon(painter,
                  QRectF(textRect.left() + textWidth + 3, button->rect.top(), 14, button->rect.height()),
                  QStringLiteral("chev-d"), themeColor(Token::TextSecondary), 12);
    }
    return true;
}

}  // namespace runglass::ui::style
