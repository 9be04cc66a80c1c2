// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <memory>
#include <optional>

#include "runglass/jobs/job.h"
#include "runglass/ui/session/view.h"

namespace runglass::ui {

class ConsolePane;
class LaunchForm;
class LaunchRunsModel;
class LaunchRunsView;
class ResourcesPane;
class SnapshotPane;

/// Start a command as a tracked run and watch it: command with its flags, the git state that will be
/// captured, recent runs, the live console and resources of the selected one.
class LaunchView final : public View {
    Q_OBJECT
public:
    explicit LaunchView(QWidget* parent = nullptr);
    ~LaunchView() override;

    void setSession(ProjectSession* session) override;
    [[nodiscard]] QList<QAction*> viewActions() const override;
    void startFind() override;
    [[nodiscard]] QString statusText() const override;
    [[nodiscard]] QString helpPage() const override { return QStringLiteral("launch"); }

    [[nodiscard]] bool isSettled() const override;

    /// Puts a command into the editor, for other views ("run again").
    void setCommand(const QString& command);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void build();
    void buildActions();
    QAction* addViewAction(const QString& name, const QString& text, const QKeySequence& keys,
                           void (LaunchView::*slot)());
    void launchNow();
    void focusCommand();
    void focusConsole();
    void runAgain();
    void launchOrAsk(const model::RunDetail& detail);
    void findNext();
    void findPrevious();
    void onRunsChanged(const RunsDelta& delta);
    void onSelectionChanged();
    void showRun(const std::optional<RunId>& id);

    ProjectSession* m_session = nullptr;
    LaunchForm* m_form = nullptr;
    SnapshotPane* m_snapshot = nullptr;
    LaunchRunsModel* m_runs = nullptr;
    LaunchRunsView* m_runsView = nullptr;
    ConsolePane* m_console = nullptr;
    ResourcesPane* m_resources = nullptr;
    QList<QAction*> m_actions;
    jobs::Job m_launchJob;
    QTimer m_clock;  ///< durations of running runs
    bool m_syncing = false;
};

}  // namespace runglass::ui
