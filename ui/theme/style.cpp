// SPDX-License-Identifier: GPL-3.0-or-later
#include "style.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QComboBox>
#include <QHeaderView>
#include <QMenu>
#include <QScrollBar>
#include <QStyleFactory>
#include <QStyleOption>

#include "runglass/ui/theme/icons.h"
#include "runglass/ui/theme/theme.h"
#include "style_parts.h"

namespace runglass::ui {
namespace {

int controlHeight(const QWidget* widget) {
    const char* path = style::isKind(widget, "small") ? "size.buttonSmall" : "size.button";
    return qRound(Theme::current().metric(path));
}

/// The fixed height, or more when the desktop's text is larger than the design's.
int fitted(int height, const QStyleOption* option, int padding) {
    return qMax(height, option->fontMetrics.height() + padding);
}

QRect scrollBarPart(const QStyleOptionSlider* bar, QStyle::SubControl sub) {
    const bool horizontal = bar->orientation == Qt::Horizontal;
    const int length = horizontal ? bar->rect.width() : bar->rect.height();
    const int range = bar->maximum - bar->minimum;
    constexpr int kMinThumb = 24;
    int thumb = length;
    if (range > 0) {
        const qint64 total = static_cast<qint64>(range) + bar->pageStep;
        thumb = static_cast<int>(static_cast<qint64>(length) * bar->pageStep / qMax<qint64>(total, 1));
        thumb = qBound(qMin(kMinThumb, length), thumb, length);
    }
    const int start = QStyle::sliderPositionFromValue(bar->minimum, bar->maximum, bar->sliderPosition,
                                                      length - thumb, bar->upsideDown);
    int from = 0;
    int size = length;
    switch (sub) {
        case QStyle::SC_ScrollBarGroove:
            break;
        case QStyle::SC_ScrollBarSlider:
            from = start;
            size = thumb;
            break;
        case QStyle::SC_ScrollBarSubPage:
            size = start;
            break;
        case QStyle::SC_ScrollBarAddPage:
            from = start + thumb;
            size = length - from;
            break;
        default:
            return {};
    }
    const QRect r =
        horizontal ? QRect(from, 0, size, bar->rect.height()) : QRect(0, from, bar->rect.width(), size);
    return QStyle::visualRect(bar->direction, bar->rect, r.translated(bar->rect.topLeft()));
}

}  // namespace

RunglassStyle::RunglassStyle()
    : QProxyStyle(QStringLiteral("fusion")) {}

QPalette RunglassStyle::standardPalette() const {
    return QApplication::palette();
}

void RunglassStyle::polish(QWidget* widget) {
    QProxyStyle::polish(widget);
    if (qobject_cast<QScrollBar*>(widget) != nullptr || qobject_cast<QHeaderView*>(widget) != nullptr) {
        widget->setAttribute(Qt::WA_Hover);
    }
}

int RunglassStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const {
    switch (metric) {
        case PM_SplitterWidth:
            return 1;
        case PM_ScrollBarExtent:
            return qRound(Theme::current().metric("size.scrollbar"));
        case PM_ScrollBarSliderMin:
            return 24;
        case PM_ScrollView_ScrollBarSpacing:
        case PM_ScrollView_ScrollBarOverlap:
        case PM_MenuBarPanelWidth:
        case PM_MenuBarHMargin:
        case PM_MenuBarVMargin:
        case PM_MenuBarItemSpacing:
        case PM_MenuHMargin:
        case PM_ButtonShiftHorizontal:
        case PM_ButtonShiftVertical:
        case PM_TabBarTabShiftVertical:
        case PM_TabBarTabShiftHorizontal:
        case PM_TabBarTabOverlap:
        case PM_TabBarBaseOverlap:
        case PM_ToolBarFrameWidth:
            return 0;
        case PM_MenuPanelWidth:
        case PM_DefaultFrameWidth:
            return 1;
        case PM_MenuVMargin:
            return 4;
        case PM_ComboBoxFrameWidth:
        case PM_SpinBoxFrameWidth:
            return 1;
        case PM_IndicatorWidth:
        case PM_IndicatorHeight:
        case PM_ExclusiveIndicatorWidth:
        case PM_ExclusiveIndicatorHeight:
            return qRound(Theme::current().metric("size.checkbox"));
        case PM_CheckBoxLabelSpacing:
        case PM_RadioButtonLabelSpacing:
            return 8;
        case PM_SliderThickness:
        case PM_MenuButtonIndicator:
            return 16;
        case PM_SliderLength:
        case PM_SliderControlThickness:
            return 12;
        case PM_SmallIconSize:
        case PM_ButtonIconSize:
        case PM_ToolBarIconSize:
        case PM_ListViewIconSize:
        case PM_TabBarIconSize:
            return 16;
        case PM_HeaderMargin:
            return 6;
        case PM_HeaderMarkSize:
            return 10;
        case PM_HeaderGripMargin:
            return 4;
        case PM_FocusFrameHMargin:
            return 5;  // the item views add 1: cell padding 6
        case PM_TabBarTabHSpace:
            return 20;
        case PM_TabBarTabVSpace:
            return 12;
        case PM_LayoutLeftMargin:
        case PM_LayoutTopMargin:
        case PM_LayoutRightMargin:
        case PM_LayoutBottomMargin:
            return 12;
        case PM_LayoutHorizontalSpacing:
        case PM_LayoutVerticalSpacing:
            return 6;
        case PM_ToolTipLabelFrameWidth:
            return 7;
        case PM_ProgressBarChunkWidth:
            return 1;
        case PM_TreeViewIndentation:
            return 16;
        default:
            return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int RunglassStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                             QStyleHintReturn* returnData) const {
    switch (hint) {
        case SH_ToolTip_WakeUpDelay:
            return 400;
        case SH_ItemView_ShowDecorationSelected:
        case SH_Menu_MouseTracking:
        case SH_MenuBar_MouseTracking:
        case SH_MenuBar_AltKeyNavigation:
        case SH_Slider_SnapToValue:
        case SH_Menu_SupportsSections:
        case SH_ItemView_PaintAlternatingRowColorsForEmptyArea:
            return hint == SH_ItemView_PaintAlternatingRowColorsForEmptyArea ? 0 : 1;
        case SH_Widget_Animate:
        case SH_Widget_Animation_Duration:
        case SH_ScrollBar_Transient:
        case SH_EtchDisabledText:
        case SH_DialogButtonBox_ButtonsHaveIcons:
        case SH_UnderlineShortcut:
        case SH_ComboBox_Popup:
        case SH_ItemView_ActivateItemOnSingleClick:
        case SH_TabBar_ElideMode:
            return 0;
        case SH_ItemView_ChangeHighlightOnFocus:
            return 1;
        case SH_FormLayoutLabelAlignment:
            return Qt::AlignLeft | Qt::AlignVCenter;
        case SH_Header_ArrowAlignment:
            return Qt::AlignRight | Qt::AlignVCenter;
        default:
            return QProxyStyle::styleHint(hint, option, widget, returnData);
    }
}

QSize RunglassStyle::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& contents,
                                      const QWidget* widget) const {
    switch (type) {
        case CT_PushButton: {
            const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
            const int padding = button != nullptr && !button->icon.isNull() ? 8 : 9;
            const int height = fitted(controlHeight(widget), option, 8);
            return {qMax(contents.width() + 2 * padding, height), height};
        }
        case CT_ToolButton: {
            const auto* button = qstyleoption_cast<const QStyleOptionToolButton*>(option);
            const int height = qMax(controlHeight(widget), contents.height());
            if (button == nullptr || button->text.isEmpty() ||
                button->toolButtonStyle == Qt::ToolButtonIconOnly) {
                return {qMax(contents.width(), height), height};
            }
            const bool icon = button->toolButtonStyle != Qt::ToolButtonTextOnly && !button->icon.isNull();
            const bool menu = button->features & QStyleOptionToolButton::HasMenu;
            const int text = QFontMetrics(button->font).horizontalAdvance(button->text);
            return {12 + text + (icon ? button->iconSize.width() + 6 : 0) + (menu ? 18 : 0), height};
        }
        case CT_ComboBox:
            return {contents.width() + 7 + 24, fitted(controlHeight(widget), option, 8)};
        case CT_LineEdit:
            return {contents.width() + 8, fitted(qRound(Theme::current().metric("size.input")), option, 8)};
        case CT_SpinBox:
            return {contents.width() + 28, fitted(qRound(Theme::current().metric("size.input")), option, 8)};
        case CT_MenuBarItem:
            return {contents.width() + 20, fitted(26, option, 8)};
        case CT_MenuItem: {
            const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option);
            if (item != nullptr && item->menuItemType == QStyleOptionMenuItem::Separator) {
                return style::separatorSize(*item);
            }
            const bool shortcut = item != nullptr && item->text.contains(QLatin1Char('\t'));
            const bool submenu = item != nullptr && item->menuItemType == QStyleOptionMenuItem::SubMenu;
            return {contents.width() + 34 + 12 + (shortcut ? 24 : 0) + (submenu ? 20 : 0),
                    fitted(26, option, 8)};
        }
        case CT_TabBarTab:
            return {contents.width(), fitted(qRound(Theme::current().metric("size.tab")), option, 8)};
        case CT_HeaderSection: {
            const QSize base = QProxyStyle::sizeFromContents(type, option, contents, widget);
            return {base.width(), fitted(qRound(Theme::current().metric("size.tableHeader")), option, 8)};
        }
        case CT_ItemViewItem: {
            const QSize base = QProxyStyle::sizeFromContents(type, option, contents, widget);
            return {base.width(), fitted(Theme::current().rowHeight(), option, 4)};
        }
        case CT_ProgressBar:
            return {qMax(contents.width(), 40), 4};
        default:
            return QProxyStyle::sizeFromContents(type, option, contents, widget);
    }
}

QRect RunglassStyle::subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl sub,
                                    const QWidget* widget) const {
    if (control == CC_ScrollBar) {
        if (const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option)) {
            return scrollBarPart(bar, sub);
        }
    }
    if (control == CC_ComboBox) {
        const QRect r = option->rect;
        switch (sub) {
            case SC_ComboBoxArrow:
                return visualRect(option->direction, r, QRect(r.right() - 23, r.top(), 24, r.height()));
            case SC_ComboBoxEditField:
                return visualRect(option->direction, r, r.adjusted(5, 2, -24, -2));
            case SC_ComboBoxFrame:
            case SC_ComboBoxListBoxPopup:
                return r;
            default:
                break;
        }
    }
    return QProxyStyle::subControlRect(control, option, sub, widget);
}

QRect RunglassStyle::subElementRect(SubElement element, const QStyleOption* option,
                                    const QWidget* widget) const {
    switch (element) {
        case SE_ProgressBarGroove:
        case SE_ProgressBarContents: {
            QRect r(option->rect.left(), 0, option->rect.width(), 4);
            r.moveTop(option->rect.top() + (option->rect.height() - 4) / 2);
            return r;
        }
        case SE_LineEditContents: {
            const QRect r = QProxyStyle::subElementRect(element, option, widget);
            const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
            return frame != nullptr && frame->lineWidth > 0 ? r.adjusted(3, 0, -3, 0) : r;
        }
        default:
            return QProxyStyle::subElementRect(element, option, widget);
    }
}

QIcon RunglassStyle::standardIcon(StandardPixmap icon, const QStyleOption* option,
                                  const QWidget* widget) const {
    // Each QMenuBar, QToolBar and QLineEdit asks for one of these when it is made. Qt's own answer looks for
    // an icon theme and loads every image plugin, which a start can do without.
    switch (icon) {
        case SP_ToolBarHorizontalExtensionButton:
        case SP_ToolBarVerticalExtensionButton:
            return themedIcon(QStringLiteral("more"));
        case SP_LineEditClearButton:
            return themedIcon(QStringLiteral("close"));
        default:
            return QProxyStyle::standardIcon(icon, option, widget);
    }
}

void RunglassStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                                  const QWidget* widget) const {
    if (!style::drawControlPrimitive(element, option, painter, widget) &&
        !style::drawViewPrimitive(element, option, painter, widget)) {
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void RunglassStyle::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                                const QWidget* widget) const {
    if (!style::drawButtonLabel(element, option, painter, widget) &&
        !style::drawViewControl(element, option, painter, widget) &&
        !style::drawMenuControl(element, option, painter, widget)) {
        QProxyStyle::drawControl(element, option, painter, widget);
    }
}

void RunglassStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option,
                                       QPainter* painter, const QWidget* widget) const {
    if (!style::drawComplex(control, option, painter, widget)) {
        QProxyStyle::drawComplexControl(control, option, painter, widget);
    }
}

}  // namespace runglass::ui
