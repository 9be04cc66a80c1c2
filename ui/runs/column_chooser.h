// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <vector>

#include "runglass/ui/runs/run_column.h"

class QListView;
class QStandardItem;
class QStandardItemModel;

namespace runglass::ui {

/// Pop-up with everything that can be a column: search, tick, done. Ticked ones stay in their order; new ones
/// join at the end.
class ColumnChooser final : public QFrame {
    Q_OBJECT
public:
    ColumnChooser(const model::RunTable& table, std::vector<RunColumn> chosen, QWidget* parent);

Q_SIGNALS:
    void columnsChanged(const std::vector<runglass::ui::RunColumn>& columns);
    void proposalRequested();

private:
    void addSection(const QString& title, const std::vector<RunColumn>& columns);
    void search(const QString& text);
    void onItemChanged(QStandardItem* item);

    std::vector<RunColumn> m_chosen;
    std::vector<RunColumn> m_offered;  ///< by the number that an item carries
    QStandardItemModel* m_items;
    QListView* m_list;
};

}  // namespace runglass::ui
