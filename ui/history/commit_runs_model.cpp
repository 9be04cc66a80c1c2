// SPDX-License-Identifier: GPL-3.0-or-later
#include "commit_runs_model.h"

#include <algorithm>

#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/run_status.h"

namespace runglass::ui {

void CommitRunsModel::setRuns(std::vector<model::SharedRun> runs, const MetricChoice& choice) {
    const bool sameRuns = std::equal(m_runs.begin(), m_runs.end(), runs.begin(), runs.end(),
                                     [](const auto& a, const auto& b) { return a->id == b->id; });
    const bool sameChoice = m_choice == choice;
    m_choice = choice;
    if (!sameRuns) {
        beginResetModel();
        m_runs = std::move(runs);
        endResetModel();
    } else {
        m_runs = std::move(runs);
        if (!m_runs.empty()) {
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
        }
    }
    if (!sameChoice) {
        Q_EMIT headerDataChanged(Qt::Horizontal, Value, Value);
    }
}

int CommitRunsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_runs.size());
}

int CommitRunsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant CommitRunsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) {
        return {};
    }
    const auto& record = run(index.row());
    const auto value = index.column() == Value ? valueOf(record, m_choice) : std::nullopt;
    switch (role) {
        case Qt::DisplayRole:
            if (index.column() == Name) {
                return projectText(record.name.empty() ? record.id.shortHex() : record.name);
            }
            if (index.column() == Value) {
                return value ? formatMetric(*value) : QString();
            }
            return record.git.dirty              ? tr("uncommitted")
                   : record.git.snapshot.empty() ? tr("none")
                                                 : tr("exact");
        case Qt::ToolTipRole:
            if (index.column() == Value) {
                return value ? formatExact(*value) : QString();
            }
            if (index.column() == Snapshot) {
                return record.git.snapshot.empty()
                           ? (record.git.dirty ? tr("Started with uncommitted changes, which are not kept.")
                                               : tr("No snapshot was taken."))
                       : record.git.dirty ? tr("Started with uncommitted changes, which the snapshot holds.")
                                          : tr("The source was exactly this commit.");
            }
            return data(index, Qt::DisplayRole);
        case Qt::AccessibleTextRole:
            return index.column() == Name ? QVariant(data(index, Qt::DisplayRole).toString() +
                                                     QStringLiteral(", ") + statusText(record.status))
                                          : data(index, Qt::DisplayRole);
        case Qt::TextAlignmentRole:
            return QVariant(Qt::AlignVCenter | (index.column() == Value ? Qt::AlignRight : Qt::AlignLeft));
        default:
            return {};
    }
}

QVariant CommitRunsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return QVariant(Qt::AlignVCenter | (section == Value ? Qt::AlignRight : Qt::AlignLeft));
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
        case Name:
            return tr("Name");
        case Value:
            return projectText(m_choice.key.text());
        default:
            return tr("Snapshot");
    }
}

}  // namespace runglass::ui
