// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QPointer>
#include <QTimer>
#include <unordered_map>

#include "commit_runs.h"
#include "history_loader.h"
#include "metric_strip.h"
#include "runglass/ui/session/project_session.h"

namespace runglass::ui {

/// The commits of a project joined with their runs: one row a commit, newest first, on top the uncommitted
/// changes where there are any. Reads git in jobs and follows the session. GUI thread.
class HistoryModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Graph, Message, Hash, Runs, Best, Strip, Author, Date, ColumnCount };
    enum class State { NoProject, Loading, NotGit, NoCommits, Ready, Failed };

    explicit HistoryModel(QObject* parent = nullptr);
    ~HistoryModel() override;

    void setSession(ProjectSession* session);
    [[nodiscard]] ProjectSession* session() const { return m_session; }
    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] QString problem() const { return m_problem; }

    /// Shows what matches; commits that do not are left out of the graph, which is joined over them.
    void setFilter(const QString& text, bool withRunsOnly);
    [[nodiscard]] bool filtered() const { return m_withRunsOnly || !m_text.trimmed().isEmpty(); }
    /// Short name of a branch; empty: all.
    void setBranch(const QString& branch);
    void setMetric(const MetricChoice& choice);
    [[nodiscard]] const MetricChoice& metric() const { return m_metric; }
    /// Looks whether references moved, and reads the history again when they did.
    void checkForChanges();

    // --- rows ---
    [[nodiscard]] bool isUncommitted(int row) const { return m_uncommitted && row == 0; }
    /// `3 files, +18 −3`.
    [[nodiscard]] QString uncommittedSummary() const;
    /// Null for the uncommitted changes.
    [[nodiscard]] const git::HistoryRow* historyRow(int row) const;
    [[nodiscard]] const std::vector<model::SharedRun>& runsOf(int row) const;
    [[nodiscard]] const CommitMetric* metricOf(int row) const;
    struct EarlierRuns {
        git::ObjectId commit;
        const std::vector<model::SharedRun>* runs = nullptr;
    };
    /// The runs of the nearest first-parent ancestor that has any.
    [[nodiscard]] std::optional<EarlierRuns> runsBefore(const git::ObjectId& commit) const;
    [[nodiscard]] int rowOf(const git::ObjectId& commit) const;  ///< −1 when not shown
    [[nodiscard]] const MetricStrip& strip() const { return m_strip; }
    [[nodiscard]] int decimals() const { return m_joined->decimals; }  ///< of the column of best values
    [[nodiscard]] bool isBestOfAll(int row) const;
    [[nodiscard]] int lastLane() const { return m_lastLane; }
    [[nodiscard]] const HistoryRefs& refs() const { return m_refs; }
    [[nodiscard]] const std::vector<git::Reference>* refsOf(const git::ObjectId& commit) const;
    /// The commit as git has it, also when the filter hides it.
    [[nodiscard]] const git::Commit* commit(const git::ObjectId& id) const;

    [[nodiscard]] int loadedCommits() const { return static_cast<int>(m_all.size()); }
    [[nodiscard]] int shownCommits() const { return static_cast<int>(m_shown.size()); }
    [[nodiscard]] int commitsWithRuns() const;
    [[nodiscard]] bool loading() const { return m_loading; }
    /// Nothing is being read or filtered.
    [[nodiscard]] bool isSettled() const {
        return m_state != State::Loading && !m_loading && !m_filterJob.running() && !m_joinJob.running() &&
               !m_joinTimer.isActive();
    }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void stateChanged();
    /// Rows are about to be replaced, or were: the view keeps its place by commit.
    void aboutToReplace();
    void replaced();
    void refsChanged();
    /// Runs, metric or strip changed; rows stayed.
    void numbersChanged();
    void countsChanged();

private:
    void setState(State state);
    void load();
    void takeRefs(HistoryRefs refs);
    void takeBatch(HistoryRows rows);
    void takeEnd(const Result<void>& result);
    void replaceShown(HistoryRows rows);
    void appendShown(const HistoryRows& rows, std::size_t from);
    void refilter();
    void runsChanged(const RunsDelta& delta);
    void join();
    void takeJoined(SharedJoinedRuns joined);
    void gitChanged();
    void updateUncommitted();
    void computeNumbers();
    void indexShown(std::size_t from);
    [[nodiscard]] QString describe(int row) const;
    [[nodiscard]] QString textOf(int row, int column) const;

    QPointer<ProjectSession> m_session;
    State m_state = State::NoProject;
    QString m_problem;
    HistoryLoader m_loader;
    jobs::Job m_filterJob;
    QTimer m_filterTimer;
    HistoryRefs m_refs;
    HistoryRows m_all;
    HistoryRows m_incoming;  ///< of a reload, until it is complete
    bool m_reloading = false;
    bool m_loading = false;
    HistoryRows m_shown;
    std::unordered_map<git::ObjectId, int> m_shownIndex;               ///< into m_shown
    std::unordered_map<git::ObjectId, const git::Commit*> m_allIndex;  ///< into m_all
    bool m_uncommitted = false;
    SharedJoinedRuns m_joined = std::make_shared<const JoinedRuns>();
    jobs::Job m_joinJob;
    QTimer m_joinTimer;
    MetricChoice m_metric;
    MetricStrip m_strip;
    int m_lastLane = 0;
    QString m_text;
    bool m_withRunsOnly = false;
    QString m_branch;
};

}  // namespace runglass::ui
