// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "runglass/sources/table_preview.h"

namespace runglass::ui {

/// The first rows of a table that a run has left, as they are written.
class PreviewModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    PreviewModel(std::vector<sources::PreviewColumn> columns, QObject* parent);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<sources::PreviewColumn> m_columns;
};

}  // namespace runglass::ui
