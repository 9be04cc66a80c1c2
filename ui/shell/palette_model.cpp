// SPDX-License-Identifier: GPL-3.0-or-later
#include "palette_model.h"

namespace runglass::ui {

void PaletteModel::setItems(QList<PaletteItem> items) {
    beginResetModel();
    m_itemCount = static_cast<int>(items.size());
    m_rows.clear();
    QString group;
    for (PaletteItem& item : items) {
        if (item.group != group) {
            group = item.group;
            PaletteItem title;
            title.text = group;
            m_rows.push_back(std::move(title));
        }
        m_rows.push_back(std::move(item));
    }
    endResetModel();
}

const PaletteItem* PaletteModel::item(const QModelIndex& index) const {
    if (!index.isValid() || index.row() >= m_rows.size() || !m_rows[index.row()].run) {
        return nullptr;
    }
    return &m_rows[index.row()];
}

int PaletteModel::nextRow(int row, int step) const {
    const int count = static_cast<int>(m_rows.size());
    for (int tried = 0; tried < count; ++tried) {
        row = (row + step + count) % count;
        if (m_rows[row].run) {
            return row;
        }
    }
    return -1;
}

int PaletteModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant PaletteModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const PaletteItem& row = m_rows[index.row()];
    switch (role) {
        case Qt::DisplayRole:
            return row.text;
        case Qt::AccessibleDescriptionRole:
            return QString(row.hint + QLatin1Char(' ') + row.keys.join(QLatin1Char('+'))).trimmed();
        case IsTitleRole:
            return !row.run;
        default:
            return {};
    }
}

Qt::ItemFlags PaletteModel::flags(const QModelIndex& index) const {
    return item(index) != nullptr ? Qt::ItemIsEnabled | Qt::ItemIsSelectable : Qt::NoItemFlags;
}

}  // namespace runglass::ui
