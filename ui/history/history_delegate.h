// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace runglass::ui {

class HistoryModel;
class HistoryTable;

/// Paints the text columns of the commit table: references as chips, message, hash, run dots, best value.
class HistoryDelegate final : public QStyledItemDelegate {
    Q_OBJECT
public:
    HistoryDelegate(HistoryTable* table, HistoryModel* model);
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;

private:
    void paintMessage(QPainter& painter, const QRect& rect, int row) const;
    void paintRuns(QPainter& painter, const QRect& rect, int row) const;
    void paintBest(QPainter& painter, const QRect& rect, int row) const;
    /// Chips from the left edge of `rect`; returns where they end.
    int paintReferences(QPainter& painter, const QRect& rect, int row) const;

    HistoryTable* m_table;
    HistoryModel* m_model;
};

}  // namespace runglass::ui
