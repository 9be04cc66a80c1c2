// SPDX-License-Identifier: GPL-3.0-or-later
#include "preview_model.h"

#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

PreviewModel::PreviewModel(std::vector<sources::PreviewColumn> columns, QObject* parent)
    : QAbstractTableModel(parent)
    , m_columns(std::move(columns)) {}

int PreviewModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || m_columns.empty() ? 0 : static_cast<int>(m_columns.front().values.size());
}

int PreviewModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

QVariant PreviewModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) {
        return {};
    }
    const auto& column = m_columns[static_cast<std::size_t>(index.column())];
    if (role == Qt::DisplayRole) {
        return projectText(column.values[static_cast<std::size_t>(index.row())]);
    }
    if (role == Qt::TextAlignmentRole && column.numbers) {
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    }
    return {};
}

QVariant PreviewModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (role != Qt::DisplayRole) {
        return QAbstractTableModel::headerData(section, orientation, role);
    }
    return orientation == Qt::Horizontal ? projectText(m_columns[static_cast<std::size_t>(section)].name)
                                         : QString::number(section + 1);
}

}  // namespace runglass::ui
