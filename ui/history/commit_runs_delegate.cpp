// SPDX-License-Identifier: GPL-3.0-or-later
#include "commit_runs_delegate.h"

#include <QPainter>

#include "commit_runs_model.h"
#include "runglass/ui/theme/paint.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/run_status.h"

namespace runglass::ui {

CommitRunsDelegate::CommitRunsDelegate(const CommitRunsModel* model, QObject* parent)
    : QStyledItemDelegate(parent)
    , m_model(model) {}

void CommitRunsDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                               const QModelIndex& index) const {
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const bool active =
        option.state.testFlag(QStyle::State_HasFocus) || option.state.testFlag(QStyle::State_Active);
    painter->save();
    painter->fillRect(option.rect, themeColor(!selected ? Token::SurfaceBase
                                              : active  ? Token::SelectionBg
                                                        : Token::SelectionInactive));
    painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1),
                      themeColor(Token::BorderSubtle));
    QRect rect = option.rect.adjusted(6, 0, -6, 0);
    if (index.column() == CommitRunsModel::Name) {
        rect.adjust(6, 0, 0, 0);
        paintStatus(painter, QRectF(rect.left(), rect.top(), 10, rect.height()),
                    statusGlyph(m_model->run(index.row()).status));
        rect.adjust(18, 0, 0, 0);
    }
    const QString text = index.data().toString();
    const QFont font = Theme::current().font(TextRole::Body);
    painter->setFont(index.column() == CommitRunsModel::Name ? Theme::verbatim(font, text) : font);
    painter->setPen(
        themeColor(index.column() == CommitRunsModel::Snapshot ? Token::TextTertiary : Token::TextPrimary));
    if (index.column() == CommitRunsModel::Value) {
        drawTabular(painter, rect, Qt::AlignRight | Qt::AlignVCenter, text);
    } else {
        painter->drawText(rect, Qt::AlignVCenter | Qt::AlignLeft,
                          painter->fontMetrics().elidedText(text, Qt::ElideMiddle, rect.width()));
    }
    painter->restore();
}

}  // namespace runglass::ui
