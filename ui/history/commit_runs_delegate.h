// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace runglass::ui {

class CommitRunsModel;

/// Rows of the runs table of a commit: state glyph before the name, aligned numbers.
class CommitRunsDelegate final : public QStyledItemDelegate {
    Q_OBJECT
public:
    CommitRunsDelegate(const CommitRunsModel* model, QObject* parent);
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;

private:
    const CommitRunsModel* m_model;
};

}  // namespace runglass::ui
