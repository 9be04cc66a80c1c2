// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "commit_runs.h"

namespace runglass::ui {

/// The runs of one commit: state and name, the number under the chosen metric, the state of the source.
class CommitRunsModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, Value, Snapshot, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    /// Keeps rows where only records changed, so that the selection stays.
    void setRuns(std::vector<model::SharedRun> runs, const MetricChoice& choice);
    [[nodiscard]] const model::RunRecord& run(int row) const {
        return *m_runs[static_cast<std::size_t>(row)];
    }
    [[nodiscard]] const std::vector<model::SharedRun>& runs() const { return m_runs; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<model::SharedRun> m_runs;
    MetricChoice m_choice;
};

}  // namespace runglass::ui
