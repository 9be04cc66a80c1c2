// SPDX-License-Identifier: GPL-3.0-or-later
// Menu bar and menus.
#include <QPainter>
#include <QStyleOption>

#include "runglass/ui/theme/icons.h"
#include "runglass/ui/theme/paint.h"
#include "style_parts.h"

namespace runglass::ui::style {
namespace {

constexpr int kIconColumn = 34;
constexpr int kSeparator = 9;

void drawMenuBarItem(const QStyleOptionMenuItem* item, QPainter* painter) {
    const bool open = item->state & QStyle::State_Sunken;
    if (item->state & QStyle::State_Selected) {
        const QRect r = item->rect;
        paintBox(painter, QRectF(r.left(), r.center().y() - 12, r.width(), 26),
                 themeColor(open ? Token::SurfacePressed : Token::SurfaceHover), QColor(), 4);
    }
    painter->setPen(themeColor(!(item->state & QStyle::State_Enabled) ? Token::TextDisabled
                               : item->state & QStyle::State_Selected ? Token::TextPrimary
                                                                      : Token::TextSecondary));
    painter->drawText(item->rect, Qt::AlignCenter | Qt::TextShowMnemonic | Qt::TextHideMnemonic, item->text);
}

void drawMark(const QStyleOptionMenuItem* item, QPainter* painter) {
    const QRectF place(item->rect.left(), item->rect.top(), kIconColumn, item->rect.height());
    const bool enabled = item->state & QStyle::State_Enabled;
    if (item->checkType != QStyleOptionMenuItem::NotCheckable && item->checked) {
        paintIcon(painter, place, QStringLiteral("check"),
                  themeColor(enabled ? Token::AccentBase : Token::TextDisabled), 14);
    } else if (!item->icon.isNull()) {
        const QIcon::Mode mode = !enabled                                 ? QIcon::Disabled
                                 : (item->state & QStyle::State_Selected) ? QIcon::Active
                                                                          : QIcon::Normal;
        const QRect box(qRound(place.center().x()) - 8, qRound(place.center().y()) - 8, 16, 16);
        item->icon.paint(painter, box, Qt::AlignCenter, mode);
    }
}

QFont headingFont() {
    return Theme::current().font(TextRole::Caption, 500);
}

// A line, and below it what the items that follow have in common, where that is said.
void drawSeparator(const QStyleOptionMenuItem* item, QPainter* painter) {
    const QRect r = item->rect;
    const int y = item->text.isEmpty() ? r.center().y() : r.top() + kSeparator / 2;
    painter->fillRect(QRect(r.left(), y, r.width(), 1), themeColor(Token::BorderDefault));
    painter->setFont(headingFont());
    painter->setPen(themeColor(Token::TextTertiary));
    painter->drawText(QRect(QPoint(r.left() + kIconColumn, y), r.bottomRight()),
                      Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, item->text);
}

void drawMenuItem(const QStyleOptionMenuItem* item, QPainter* painter) {
    const QRect r = item->rect;
    if (item->menuItemType == QStyleOptionMenuItem::Separator) {
        drawSeparator(item, painter);
        return;
    }
    const bool enabled = item->state & QStyle::State_Enabled;
    if (enabled && (item->state & QStyle::State_Selected)) {
        painter->fillRect(r, themeColor(Token::SelectionBg));
    }
    drawMark(item, painter);
    const QRect textRect = r.adjusted(kIconColumn, 0, -12, 0);
    const QStringList parts = item->text.split(QLatin1Char('\t'));
    const int flags = Qt::AlignVCenter | Qt::TextSingleLine | Qt::TextHideMnemonic | Qt::TextShowMnemonic;
    painter->setFont(item->font);
    painter->setPen(themeColor(enabled ? Token::TextPrimary : Token::TextDisabled));
    painter->drawText(textRect, flags | Qt::AlignLeft, parts.first());
    if (parts.size() > 1) {
        painter->setFont(Theme::current().font(TextRole::Caption));
        painter->setPen(themeColor(enabled ? Token::TextTertiary : Token::TextDisabled));
        painter->drawText(textRect, flags | Qt::AlignRight, parts.at(1));
    }
    if (item->menuItemType == QStyleOptionMenuItem::SubMenu) {
        paintIcon(painter, QRectF(r.right() - 22, r.top(), 14, r.height()), QStringLiteral("chev-r"),
                  themeColor(Token::TextSecondary), 12);
    }
}

}  // namespace

QSize separatorSize(const QStyleOptionMenuItem& item) {
    if (item.text.isEmpty()) {
        return {0, kSeparator};
    }
    const QFontMetrics metrics(headingFont());
    return {kIconColumn + metrics.horizontalAdvance(item.text) + 12, kSeparator + metrics.height() + 4};
}

bool drawMenuControl(QStyle::ControlElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* /*widget*/) {
    const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option);
    switch (element) {
        case QStyle::CE_MenuBarItem:
            if (item != nullptr) {
                drawMenuBarItem(item, painter);
            }
            return true;
        case QStyle::CE_MenuBarEmptyArea:
            return true;
        case QStyle::CE_MenuItem:
            if (item != nullptr) {
                drawMenuItem(item, painter);
            }
            return true;
        case QStyle::CE_MenuEmptyArea:
            return true;
        default:
            return false;
    }
}

}  // namespace runglass::ui::style
