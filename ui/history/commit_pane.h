// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QPushButton>
#include <QTableView>

#include "commit_changes.h"
#include "commit_environment.h"
#include "commit_runs_model.h"
#include "history_model.h"
#include "runglass/ui/widgets/banner.h"
#include "runglass/ui/widgets/diff_view.h"
#include "runglass/ui/widgets/label.h"
#include "runglass/ui/widgets/section_header.h"

namespace runglass::ui {

/// Everything about the selected commit: message, runs, changes.
class CommitPane final : public QWidget {
    Q_OBJECT
public:
    explicit CommitPane(HistoryModel* model, QWidget* parent = nullptr);

    /// A row of the model, or −1.
    void showRow(int row);
    void focusRuns();
    [[nodiscard]] QTableView* runsTable() const { return m_runsTable; }
    [[nodiscard]] DiffView* diff() const { return m_diff; }
    [[nodiscard]] CommitEnvironment* environment() const { return m_environment; }
    [[nodiscard]] bool hasRuns() const { return m_runs->rowCount() > 0; }
    /// What the commit changes has been read.
    [[nodiscard]] bool isSettled() const { return !m_job.running() && m_environment->isSettled(); }
    [[nodiscard]] bool canCompare() const { return m_runs->rowCount() > 1; }
    void copyHash();
    /// Asks for the runs of this commit, or those selected in its table, in Compare.
    void compareRuns();

Q_SIGNALS:
    void parentRequested(const runglass::git::ObjectId& commit);
    void compareRequested(const std::vector<runglass::RunId>& runs);
    /// canCompare() or the shown commit changed.
    void commitChanged();

private:
    void buildRuns();
    void updateNumbers();
    void updateRuns();
    void updateEnvironment();
    void showUncommitted();
    void showCommit(const git::HistoryRow& row);
    void showChanges(Result<CommitChanges> changes);
    void selectRuns();
    [[nodiscard]] QString metaText(const git::Commit& commit) const;

    HistoryModel* m_model;
    CommitRunsModel* m_runs;
    git::ObjectId m_commit;
    bool m_uncommitted = false;
    jobs::Job m_job;
    Label* m_title;
    QLabel* m_meta;
    QLabel* m_message;
    QWidget* m_head;
    QPushButton* m_copy;
    QPushButton* m_compare;
    Banner* m_regression;
    SectionHeader* m_runsHeader;
    QTableView* m_runsTable;
    SectionHeader* m_changesHeader;
    Label* m_changesNote;
    DiffView* m_diff;
    CommitEnvironment* m_environment;
    bool m_updating = false;
};

}  // namespace runglass::ui
