// SPDX-License-Identifier: GPL-3.0-or-later
// Item views, headers, tabs, splitters, progress, frames, tool tips.
#include <QAbstractItemView>
#include <QElapsedTimer>
#include <QPainter>
#include <QStyleOption>
#include <QTreeView>

#include "runglass/ui/theme/icons.h"
#include "runglass/ui/theme/paint.h"
#include "style_parts.h"

namespace runglass::ui::style {
namespace {

void fillRow(const QStyleOptionViewItem* item, QPainter* painter) {
    if (item->state & QStyle::State_Selected) {
        const bool active = item->state & QStyle::State_Active;
        painter->fillRect(item->rect, themeColor(active ? Token::SelectionBg : Token::SelectionInactive));
    } else if (item->state & QStyle::State_MouseOver) {
        painter->fillRect(item->rect, themeColor(Token::SurfaceHover));
    }
}

/// The 2 px bar at the left of the current row.
void drawCurrentBar(const QStyleOptionViewItem* item, QPainter* painter, const QWidget* widget) {
    const auto* view = qobject_cast<const QAbstractItemView*>(widget);
    if (view == nullptr || !item->index.isValid() || !(item->state & QStyle::State_Selected)) {
        return;
    }
    const QModelIndex current = view->currentIndex();
    const bool first = item->viewItemPosition == QStyleOptionViewItem::Beginning ||
                       item->viewItemPosition == QStyleOptionViewItem::OnlyOne;
    if (first && current.row() == item->index.row() && current.parent() == item->index.parent()) {
        painter->fillRect(QRect(0, item->rect.top(), 2, item->rect.height()), themeColor(Token::AccentBase));
    }
}

void drawHeaderSection(const QStyleOption* option, QPainter* painter) {
    const QRect r = option->rect;
    const bool hover = (option->state & QStyle::State_MouseOver) && (option->state & QStyle::State_Enabled);
    painter->fillRect(r, themeColor(hover ? Token::SurfaceHover : Token::SurfaceHeader));
    painter->fillRect(QRect(r.right(), r.top(), 1, r.height()), themeColor(Token::BorderDefault));
    painter->fillRect(QRect(r.left(), r.bottom(), r.width(), 1), themeColor(Token::BorderDefault));
}

void drawHeaderLabel(const QStyleOptionHeader* header, QPainter* painter, const QWidget* widget) {
    const bool sorted = header->sortIndicator != QStyleOptionHeader::None;
    // The style's margin is meant for the sides; above and below it would cut letters off.
    const int margin = 6;
    QRect r = header->rect.adjusted(0, -margin, 0, margin - 1);
    if (header->section == 0 && isKind(widget, "panel")) {
        r.setLeft(r.left() + margin);  // a cell's 6 px and 6 more: the margin of a panel's text
    }
    if (!header->icon.isNull()) {
        const QSize size(14, 14);
        const QPixmap pixmap = header->icon.pixmap(size, painter->device()->devicePixelRatioF());
        const QRect place =
            QStyle::alignedRect(header->direction, header->textAlignment | Qt::AlignVCenter, size, r);
        painter->drawPixmap(place, pixmap);
        r.setLeft(place.right() + 4);
    }
    painter->setPen(themeColor(sorted ? Token::TextPrimary : Token::TextSecondary));
    constexpr int kChevron = 12;
    const QString text =
        header->fontMetrics.elidedText(header->text, Qt::ElideMiddle, r.width() - (sorted ? kChevron : 0));
    const int width = header->fontMetrics.horizontalAdvance(text) + (sorted ? kChevron : 0);
    const QRect place = QStyle::alignedRect(header->direction, header->textAlignment | Qt::AlignVCenter,
                                            QSize(width, r.height()), r);
    // The label's rectangle leaves a margin above and below; descenders may reach into it.
    painter->drawText(place, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, text);
    if (sorted) {
        painter->save();
        painter->translate(place.right() - kChevron / 2 + 2, place.center().y() + 1);
        if (header->sortIndicator == QStyleOptionHeader::SortUp) {
            painter->rotate(180);
        }
        paintIcon(painter, QRectF(-5, -5, 10, 10), QStringLiteral("chev-d"), themeColor(Token::TextPrimary),
                  10);
        painter->restore();
    }
}

constexpr int kTabButtonGap = 4;  // what QTabBar leaves between a tab's text and its button

void drawTabLabel(const QStyleOptionTab* tab, QPainter* painter) {
    const bool selected = tab->state & QStyle::State_Selected;
    const bool hover = tab->state & QStyle::State_MouseOver;
    painter->setFont(Theme::current().font(TextRole::Body, selected ? 500 : 400));
    painter->setPen(themeColor(!(tab->state & QStyle::State_Enabled) ? Token::TextDisabled
                               : selected || hover                   ? Token::TextPrimary
                                                                     : Token::TextSecondary));
    const auto beside = [](const QSize& button) {
        return button.isEmpty() ? 0 : button.width() + kTabButtonGap;
    };
    const QRect text = tab->rect.adjusted(beside(tab->leftButtonSize), 0, -beside(tab->rightButtonSize), 0);
    painter->drawText(text, Qt::AlignCenter | Qt::TextHideMnemonic, tab->text);
    if (hasKeyboardFocus(tab)) {
        paintFocusRing(painter, QRectF(tab->rect).adjusted(2, 2, -2, -2), 3);
    }
}

void drawProgress(const QStyleOptionProgressBar* bar, QPainter* painter) {
    const QRectF r(bar->rect);
    const double range = static_cast<double>(bar->maximum) - bar->minimum;
    QRectF part = r;
    if (range > 0) {
        part.setWidth(r.width() * qBound(0.0, (bar->progress - bar->minimum) / range, 1.0));
    } else {
        // Unknown length: a quarter that moves with the time of the repaint.
        static QElapsedTimer clock = [] {
            QElapsedTimer timer;
            timer.start();
            return timer;
        }();
        const double phase = static_cast<double>(clock.elapsed() % 1800) / 1800;
        part.setWidth(r.width() / 4);
        part.moveLeft(r.left() + (r.width() * 0.75) * (phase < 0.5 ? 2 * phase : 2 - 2 * phase));
    }
    if (part.width() > 0) {
        paintBox(painter, part, themeColor(Token::AccentBase), QColor(), 2);
    }
}

}  // namespace

bool drawViewPrimitive(QStyle::PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) {
    switch (element) {
        case QStyle::PE_PanelItemViewRow:
            if (const auto* item = qstyleoption_cast<const QStyleOptionViewItem*>(option)) {
                fillRow(item, painter);
            }
            return true;
        case QStyle::PE_PanelItemViewItem:
            if (const auto* item = qstyleoption_cast<const QStyleOptionViewItem*>(option)) {
                if (item->backgroundBrush.style() != Qt::NoBrush && !(item->state & QStyle::State_Selected)) {
                    painter->fillRect(item->rect, item->backgroundBrush);
                } else if (qobject_cast<const QTreeView*>(widget) == nullptr) {
                    fillRow(item, painter);  // a tree has painted the whole row already
                }
                drawCurrentBar(item, painter, widget);
            }
            return true;
        case QStyle::PE_IndicatorBranch:
            if (option->state & QStyle::State_Children) {
                paintIcon(
                    painter, option->rect,
                    option->state & QStyle::State_Open ? QStringLiteral("chev-d") : QStringLiteral("chev-r"),
                    themeColor(Token::TextSecondary), 12);
            }
            return true;
        case QStyle::PE_IndicatorHeaderArrow:  // drawn with the label
        case QStyle::PE_IndicatorTabTearLeft:  // the arrows say that there is more
        case QStyle::PE_IndicatorTabTearRight:
        case QStyle::PE_FrameStatusBarItem:
        case QStyle::PE_FrameTabWidget:
        case QStyle::PE_PanelStatusBar:
        case QStyle::PE_PanelScrollAreaCorner:  // Fusion draws two lines there
            return true;
        case QStyle::PE_FrameTabBarBase:
            painter->fillRect(QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
                              themeColor(Token::BorderDefault));
            return true;
        case QStyle::PE_Frame:
        case QStyle::PE_FrameGroupBox:
            paintBox(painter, option->rect, QColor(), themeColor(Token::BorderDefault), 0);
            return true;
        case QStyle::PE_PanelMenu:
        case QStyle::PE_FrameMenu:
            paintBox(painter, option->rect,
                     element == QStyle::PE_PanelMenu ? themeColor(Token::SurfaceRaised) : QColor(),
                     themeColor(Token::BorderStrong), 0);
            return true;
        case QStyle::PE_PanelMenuBar:
            return true;
        case QStyle::PE_PanelTipLabel:
            paintBox(painter, option->rect, themeColor(Token::ChartTooltipBg),
                     themeColor(Token::ChartTooltipBorder), 0);
            return true;
        default:
            return false;
    }
}

bool drawViewControl(QStyle::ControlElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget) {
    switch (element) {
        case QStyle::CE_Splitter:
            painter->fillRect(option->rect, themeColor(Token::BorderDefault));
            return true;
        case QStyle::CE_HeaderSection:
            drawHeaderSection(option, painter);
            return true;
        case QStyle::CE_HeaderEmptyArea:
            painter->fillRect(option->rect, themeColor(Token::SurfaceHeader));
            painter->fillRect(QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
                              themeColor(Token::BorderDefault));
            return true;
        case QStyle::CE_HeaderLabel:
            if (const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option)) {
                drawHeaderLabel(header, painter, widget);
            }
            return true;
        case QStyle::CE_TabBarTabShape:
            if (option->state & QStyle::State_Selected) {
                painter->fillRect(
                    QRect(option->rect.left(), option->rect.bottom() - 1, option->rect.width(), 2),
                    themeColor(Token::AccentBase));
            }
            return true;
        case QStyle::CE_TabBarTabLabel:
            if (const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option)) {
                drawTabLabel(tab, painter);
            }
            return true;
        case QStyle::CE_ProgressBarGroove:
            paintBox(painter, option->rect, themeColor(Token::BorderDefault), QColor(), 2);
            return true;
        case QStyle::CE_ProgressBarContents:
            if (const auto* bar = qstyleoption_cast<const QStyleOptionProgressBar*>(option)) {
                drawProgress(bar, painter);
            }
            return true;
        case QStyle::CE_ProgressBarLabel:
            return true;
        default:
            return false;
    }
}

}  // namespace runglass::ui::style
