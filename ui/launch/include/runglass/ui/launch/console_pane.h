// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QTimer>
#include <QWidget>
#include <atomic>
#include <functional>
#include <memory>
#include <optional>

#include "runglass/base/run_id.h"
#include "runglass/jobs/job.h"
#include "runglass/launch/console_log.h"
#include "runglass/model/run.h"
#include "runglass/ui/launch/console_buffer.h"

class QPushButton;
class QStackedLayout;

namespace runglass::ui {

class ConsoleView;
class EmptyState;
class ForeignConsole;
class Label;
class ProjectSession;
class SearchField;
class StatusMark;

/// The live console of one run with its title, search, Follow and Stop; of a run of another tool what that
/// tool has kept of it. Reads the log in jobs.
class ConsolePane final : public QWidget {
    Q_OBJECT
public:
    explicit ConsolePane(QWidget* parent = nullptr);
    ~ConsolePane() override;

    void setSession(ProjectSession* session);
    void setRun(std::optional<RunId> run);
    [[nodiscard]] std::optional<RunId> run() const { return m_run; }
    /// Call when the record of the run may have changed.
    void refresh();
    void startFind();
    void findNext(bool backward);
    /// The first call asks, a second one within seconds stops the run. One without a process to stop is the
    /// shell's to end.
    void askToStop();
    [[nodiscard]] ConsoleView* view() const { return m_view; }
    [[nodiscard]] QString statusText() const;
    /// Whether all that was printed so far is shown.
    [[nodiscard]] bool isSettled() const { return !m_read || m_caughtUp; }

Q_SIGNALS:
    void stopRequested(const runglass::RunId& run);
    /// The script of the selected run was started elsewhere: a person may mark the run as ended.
    void endRequested();
    /// The script of the run that is shown was started elsewhere.
    void foundStartedElsewhere();
    void statusTextChanged();

private:
    /// The next piece of what was printed; called in jobs, one at a time.
    using Read = std::function<Result<std::vector<launch::ConsoleChunk>>(std::size_t maxBytes)>;
    void buildBar(class QVBoxLayout* column);
    void startReading();
    void poll();
    void take(std::vector<launch::ConsoleChunk> chunks);
    void updateStop();
    void updateEmpty(const model::RunRecord& run);
    [[nodiscard]] bool startedElsewhere() const { return m_hasFolder && !m_hasFolder->load(); }
    void updateSearchCount();

    ProjectSession* m_session = nullptr;
    std::optional<RunId> m_run;
    std::shared_ptr<launch::ConsoleReader> m_reader;  ///< null for a run of another tool
    Read m_read;                                      ///< null: nothing to read
    /// Of a run of ours: whether it has a folder, as those have that were launched. Written in jobs.
    std::shared_ptr<std::atomic<bool>> m_hasFolder;
    int m_pollMs = 0;
    ConsoleBuffer m_buffer;
    jobs::Job m_job;
    QTimer m_timer;
    bool m_caughtUp = false;  ///< the last look found nothing new
    bool m_askedToStop = false;
    QTimer m_stopTimer;  ///< the question "Stop?" goes away by itself

    StatusMark* m_mark = nullptr;
    Label* m_title = nullptr;
    Label* m_remark = nullptr;
    SearchField* m_search = nullptr;
    Label* m_count = nullptr;
    QPushButton* m_follow = nullptr;
    QPushButton* m_stop = nullptr;
    ConsoleView* m_view = nullptr;
    EmptyState* m_empty = nullptr;
    QStackedLayout* m_stack = nullptr;
};

}  // namespace runglass::ui
