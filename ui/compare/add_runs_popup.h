// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractListModel>
#include <QFrame>
#include <QListView>
#include <QPointer>

#include "runglass/ui/session/project_session.h"
#include "runglass/ui/widgets/search_field.h"

namespace runglass::ui {

/// Runs that can be added, newest first, narrowed by what is typed (name, id, experiment).
class AddRunsModel final : public QAbstractListModel {
    Q_OBJECT
public:
    using QAbstractListModel::QAbstractListModel;
    void setRuns(const ProjectSession& session, const QString& typed);
    [[nodiscard]] const model::RunRecord& run(int row) const {
        return *m_runs[static_cast<std::size_t>(row)];
    }
    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    std::vector<model::SharedRun> m_runs;
};

/// Search over all runs below the "Add runs" button. Enter or a click adds one and leaves the popup open.
class AddRunsPopup final : public QFrame {
    Q_OBJECT
public:
    explicit AddRunsPopup(QWidget* parent);
    void open(ProjectSession* session, const QPoint& at);

Q_SIGNALS:
    void chosen(const runglass::RunId& run);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void refresh();
    void choose(const QModelIndex& index);

    QPointer<ProjectSession> m_session;
    AddRunsModel* m_model;
    SearchField* m_search;
    QListView* m_list;
};

}  // namespace runglass::ui
