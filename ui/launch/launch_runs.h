// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QTreeView>
#include <vector>

#include "runglass/model/run.h"

namespace runglass::ui {

class ProjectSession;

/// The runs of this project that are of interest to somebody who launches: those that go on first, then the
/// newest.
class LaunchRunsModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Glyph, Name, State, Duration, ColumnCount };
    static constexpr std::size_t kMaxRuns = 100;

    using QAbstractTableModel::QAbstractTableModel;
    void setSession(ProjectSession* session);
    /// Takes the table anew; rows keep their identity, so that a selection stays.
    void reload();
    [[nodiscard]] const model::RunRecord* run(int row) const;
    [[nodiscard]] int rowOf(const RunId& id) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    ProjectSession* m_session = nullptr;
    std::vector<model::SharedRun> m_runs;
};

/// Their list: status glyph and name, state, duration.
class LaunchRunsView final : public QTreeView {
    Q_OBJECT
public:
    explicit LaunchRunsView(LaunchRunsModel* model, QWidget* parent = nullptr);
};

}  // namespace runglass::ui
