// SPDX-License-Identifier: GPL-3.0-or-later
#include <QPainter>
#include <algorithm>

#include "compare_sheet.h"
#include "runglass/ui/theme/paint.h"
#include "runglass/ui/theme/theme.h"

namespace runglass::ui {

namespace {

constexpr int kPadding = 6;
constexpr int kMostChars = 400;  // of a value in a cell; the tool tip has the rest

}  // namespace

CompareHeader::CompareHeader(QWidget* parent)
    : QHeaderView(Qt::Horizontal, parent) {
    setHighlightSections(false);
    setMinimumSectionSize(60);
    setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    setStretchLastSection(false);
    setSectionsMovable(false);
}

void CompareHeader::setColors(QList<QColor> colors) {
    m_colors = std::move(colors);
    viewport()->update();
}

void CompareHeader::paintSection(QPainter* painter, const QRect& rect, int logicalIndex) const {
    const int run = logicalIndex - 1;
    const bool swatch = run >= 0 && run < m_colors.size();
    painter->save();  // QCommonStyle "restores" an empty clip on a painter that had none
    if (!swatch) {
        QHeaderView::paintSection(painter, rect, logicalIndex);
        painter->restore();
        return;
    }
    painter->fillRect(rect, themeColor(Token::SurfaceHeader));
    painter->fillRect(QRect(rect.right(), rect.top(), 1, rect.height()), themeColor(Token::BorderDefault));
    painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), themeColor(Token::BorderDefault));
    paintBox(painter, QRectF(rect.left() + kPadding, rect.center().y() - 5, 10, 10), m_colors[run], {}, 2);
    painter->setFont(Theme::current().font(TextRole::Caption, 500));
    painter->setPen(themeColor(Token::TextSecondary));
    const QRect text = rect.adjusted(kPadding + 16, 0, -kPadding, 0);
    painter->drawText(text, Qt::AlignVCenter,
                      painter->fontMetrics().elidedText(
                          model()->headerData(logicalIndex, Qt::Horizontal, Qt::DisplayRole).toString(),
                          Qt::ElideRight, text.width()));
    painter->restore();
}

CompareDelegate::CompareDelegate(const CompareModel* model, const CodePanel* code, QTreeView* view)
    : QStyledItemDelegate(view)
    , m_model(model)
    , m_code(code)
    , m_view(view) {}

int CompareDelegate::rowHeight() {
    return std::max(Theme::current().rowHeight(), Theme::current().lineHeight(TextRole::Body) + 8);
}

int CompareDelegate::partHeight() {
    return std::max(28, Theme::current().lineHeight(TextRole::Body) + 10);
}

QSize CompareDelegate::sizeHint(const QStyleOptionViewItem& /*option*/, const QModelIndex& index) const {
    if (m_model->isPart(index)) {
        return {100, partHeight()};
    }
    if (m_model->isCode(index)) {
        // Long code scrolls in itself, so that the rows after it stay within reach.
        return {100, m_code->preferredHeight(std::max(200, m_view->viewport()->height() * 3 / 4))};
    }
    return {100, rowHeight()};
}

void CompareDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const {
    const auto* row = m_model->rowOf(index);
    if (row == nullptr) {
        return;
    }
    painter->save();
    const bool current =
        index.row() == m_view->currentIndex().row() && index.parent() == m_view->currentIndex().parent();
    const bool hover = option.state.testFlag(QStyle::State_MouseOver);
    painter->fillRect(
        option.rect, themeColor(current ? (m_view->hasFocus() ? Token::SelectionBg : Token::SelectionInactive)
                                : hover ? Token::SurfaceHover
                                        : Token::SurfaceBase));
    painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1),
                      themeColor(Token::BorderSubtle));
    if (current && index.column() == 0) {
        painter->fillRect(QRect(option.rect.left(), option.rect.top(), 2, option.rect.height()),
                          themeColor(Token::AccentBase));
    }
    const QRect rect = option.rect.adjusted(kPadding, 0, -kPadding, -1);
    const int run = index.column() - 1;
    if (run >= 0 && run < static_cast<int>(row->values.size())) {
        paintValue(*painter, rect, *row, run);
    } else {
        const QString text = index.data().toString();
        painter->setFont(Theme::verbatim(Theme::current().font(TextRole::Body), text));
        painter->setPen(
            themeColor(index.column() == 0 && row->differs ? Token::TextPrimary : Token::TextSecondary));
        painter->drawText(rect, Qt::AlignVCenter,
                          painter->fontMetrics().elidedText(text, Qt::ElideMiddle, rect.width()));
    }
    painter->restore();
}

void CompareDelegate::paintValue(QPainter& painter, const QRect& rect, const compare::Row& row,
                                 int run) const {
    const auto& value = row.values[static_cast<std::size_t>(run)];
    const QString whole =
        m_model->index(0, 0).isValid() && value ? QString::fromStdString(*value).left(kMostChars) : QString();
    const QString shown =
        value ? QString(whole).replace(QLatin1Char('\n'), QChar(0x23CE)) : CompareModel::tr("not set");
    painter.setFont(Theme::verbatim(Theme::current().font(TextRole::Code), shown));
    const QString text = painter.fontMetrics().elidedText(shown, Qt::ElideMiddle, rect.width() - 8);
    const bool asBaseline = value == row.values.front();
    const bool marked = row.differs && value && (run == 0 || !asBaseline);
    if (marked) {
        const int width = painter.fontMetrics().horizontalAdvance(text) + 8;
        paintBox(&painter, QRectF(rect.left(), rect.center().y() - 8, width, 18),
                 themeColor(run == 0 ? Token::DiffRemovedWord : Token::DiffAddedWord), {}, 3);
    }
    painter.setPen(themeColor(!value        ? Token::TextTertiary
                              : row.differs ? Token::TextPrimary
                                            : Token::TextSecondary));
    painter.drawText(rect.adjusted(4, 0, 0, 0), Qt::AlignVCenter, text);
}

}  // namespace runglass::ui
