// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/launch/launch_view.h"

#include <QItemSelectionModel>
#include <QVBoxLayout>

#include "launch_form.h"
#include "launch_runs.h"
#include "resources_pane.h"
#include "runglass/launch/launcher.h"
#include "runglass/ui/launch/command_edit.h"
#include "runglass/ui/launch/console_pane.h"
#include "runglass/ui/launch/console_view.h"
#include "runglass/ui/widgets/bar.h"
#include "runglass/ui/widgets/command_question.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/label.h"
#include "runglass/ui/widgets/splitter.h"
#include "snapshot_pane.h"

namespace runglass::ui {

namespace {

constexpr int kRightWidth = 470;
constexpr int kBottomHeight = 338;
constexpr int kClockMs = 1'000;

}  // namespace

LaunchView::LaunchView(QWidget* parent)
    : View(parent) {
    build();
    buildActions();
    connect(m_form, &LaunchForm::launchRequested, this, &LaunchView::launchNow);
    connect(m_console, &ConsolePane::stopRequested, this,
            [this](const RunId& run) { m_session->stopRun(run); });
    connect(m_console, &ConsolePane::endRequested, this, &View::stopRequested);
    connect(m_console, &ConsolePane::foundStartedElsewhere, m_resources, &ResourcesPane::setStartedElsewhere);
    connect(m_console, &ConsolePane::statusTextChanged, this, &View::statusTextChanged);
    connect(m_runsView->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& current) {
                const auto* run = m_runs->run(current.row());
                if (run && m_session && !m_syncing) {
                    m_session->select({run->id});
                }
            });
    connect(&m_clock, &QTimer::timeout, this, [this] {
        if (isVisible() && m_session && m_session->runningCount() > 0) {
            m_runs->reload();
            m_resources->refresh();
        }
    });
    m_clock.start(kClockMs);
}

LaunchView::~LaunchView() = default;

void LaunchView::build() {
    m_form = new LaunchForm;
    m_snapshot = new SnapshotPane;
    m_runs = new LaunchRunsModel(this);
    m_runsView = new LaunchRunsView(m_runs);
    m_console = new ConsolePane;
    m_resources = new ResourcesPane;

    auto* side = new Surface(Token::SurfaceBase);
    auto* sideColumn = new QVBoxLayout(side);
    sideColumn->setContentsMargins({});
    sideColumn->setSpacing(0);
    sideColumn->addWidget(m_snapshot);
    auto* runsBar = new Bar(nullptr, 32);
    runsBar->row()->setContentsMargins(12, 0, 12, 0);
    runsBar->row()->addWidget(new Label(tr("Recent runs"), TextRole::Body, 600));
    sideColumn->addWidget(new Hairline(Qt::Horizontal));
    sideColumn->addWidget(runsBar);
    sideColumn->addWidget(m_runsView, 1);

    auto* top = new Splitter(Qt::Horizontal);
    top->addWidget(m_form);
    top->addWidget(side);
    top->setStretchFactor(0, 1);
    auto* bottom = new Splitter(Qt::Horizontal);
    bottom->addWidget(m_console);
    bottom->addWidget(m_resources);
    bottom->setStretchFactor(0, 1);
    auto* whole = new Splitter(Qt::Vertical);
    whole->addWidget(top);
    whole->addWidget(bottom);
    whole->setStretchFactor(0, 1);
    m_form->setMinimumWidth(420);
    side->setMinimumWidth(264);
    m_console->setMinimumSize(360, 120);
    m_resources->setMinimumWidth(264);
    top->setSizes({2 * kRightWidth, kRightWidth});
    bottom->setSizes({2 * kRightWidth, kRightWidth});
    whole->setSizes({2 * kBottomHeight, kBottomHeight});
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->addWidget(whole);
}

QAction* LaunchView::addViewAction(const QString& name, const QString& text, const QKeySequence& keys,
                                   void (LaunchView::*slot)()) {
    auto* action = new QAction(text, this);
    action->setObjectName(name);
    action->setShortcut(keys);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(action, &QAction::triggered, this, slot);
    addAction(action);
    m_actions << action;
    return action;
}

void LaunchView::buildActions() {
    addViewAction(QStringLiteral("launch.start"), tr("Launch"), QKeySequence(QStringLiteral("Ctrl+Return")),
                  &LaunchView::launchNow);
    addViewAction(QStringLiteral("launch.command"), tr("Edit the command"), {}, &LaunchView::focusCommand);
    addViewAction(QStringLiteral("launch.again"), tr("Run again with the same command"),
                  QKeySequence(QStringLiteral("Ctrl+R")), &LaunchView::runAgain);
    // Its key is the window's, because the selected run may be that of another page.
    addViewAction(QStringLiteral("launch.console"), tr("Go to the console"), {}, &LaunchView::focusConsole);
    addViewAction(QStringLiteral("launch.findNext"), tr("Next hit"), QKeySequence(Qt::Key_F3),
                  &LaunchView::findNext);
    addViewAction(QStringLiteral("launch.findPrevious"), tr("Previous hit"),
                  QKeySequence(QStringLiteral("Shift+F3")), &LaunchView::findPrevious);
}

void LaunchView::setSession(ProjectSession* session) {
    if (m_session) {
        m_session->disconnect(this);
        m_session->disconnect(m_form);
        m_session->disconnect(m_snapshot);
    }
    m_session = session;
    m_launchJob.cancel();
    m_form->setBusy(false);
    m_form->setSession(session);
    m_snapshot->setSession(session);
    m_runs->setSession(session);
    m_console->setSession(session);
    m_resources->setSession(session);
    if (session) {
        connect(session, &ProjectSession::runsChanged, this, &LaunchView::onRunsChanged);
        connect(session, &ProjectSession::selectionChanged, this, &LaunchView::onSelectionChanged);
        connect(session, &ProjectSession::loadedChanged, this, [this] { onRunsChanged({true, {}, {}, {}}); });
        onRunsChanged({true, {}, {}, {}});
    }
}

QList<QAction*> LaunchView::viewActions() const {
    return m_actions;
}

void LaunchView::showEvent(QShowEvent* event) {
    View::showEvent(event);
    m_snapshot->refresh();
}

void LaunchView::setCommand(const QString& command) {
    m_form->setCommand(command);
}

void LaunchView::launchNow() {
    if (!m_form->canLaunch()) {
        return;
    }
    m_form->showError({});
    m_form->setBusy(true);
    m_form->rememberCommand();
    m_launchJob = jobs::start(
        m_session->pool(), m_session->guiExecutor(),
        [spec = m_form->spec()](jobs::JobContext&) { return launch::launch(spec); },
        [this](Result<RunId> run) {
            m_form->setBusy(false);
            if (!run.ok()) {
                m_form->showError(tr("The run did not start. %1").arg(projectText(run.error().message)));
                return;
            }
            m_session->select({*run});
            showRun(*run);
            m_snapshot->refresh();
        });
}

void LaunchView::focusCommand() {
    m_form->commandEdit()->setFocus(Qt::ShortcutFocusReason);
}

void LaunchView::focusConsole() {
    m_console->view()->setFocus(Qt::ShortcutFocusReason);
}

/// The command of the selected run goes into the editor and is launched from there: at once if it was before,
/// else when the person has looked at it.
void LaunchView::runAgain() {
    if (!m_session || m_session->selection().empty()) {
        return;
    }
    m_session->requestDetail(m_session->selection().front(), this, [this](Result<model::RunDetail> detail) {
        if (detail.ok() && !detail->command.empty()) {
            launchOrAsk(*detail);
        }
    });
}

void LaunchView::launchOrAsk(const model::RunDetail& detail) {
    const auto command = launch::joinCommand(detail.command);
    const auto start = [this, command, session = m_session] {
        if (session == m_session) {
            m_form->setCommand(QString::fromStdString(command));
            launchNow();
        }
    };
    m_launchJob = jobs::start(
        m_session->pool(), m_session->guiExecutor(),
        [project = m_session->project(), id = detail.record.id](jobs::JobContext&) {
            return Result<bool>(launch::hasCommandFromHere(project, id));
        },
        [=, this, name = detail.record.name](const Result<bool>& isFromHere) {
            if (isFromHere.valueOr(false)) {
                start();
                return;
            }
            auto* question = new CommandQuestion(name, command, {}, window());
            connect(question, &QDialog::accepted, this, start);
            question->open();
        });
}

void LaunchView::startFind() {
    m_console->startFind();
}

void LaunchView::findNext() {
    m_console->findNext(false);
}

void LaunchView::findPrevious() {
    m_console->findNext(true);
}

void LaunchView::onRunsChanged(const RunsDelta&) {
    m_syncing = true;
    m_runs->reload();
    m_syncing = false;
    m_form->offerExperiments();
    onSelectionChanged();
    m_console->refresh();
    m_resources->refresh();
    Q_EMIT statusTextChanged();
}

void LaunchView::onSelectionChanged() {
    if (!m_session) {
        return;
    }
    const auto& selection = m_session->selection();
    if (!selection.empty()) {
        showRun(selection.front());
    } else if (!m_console->run() && m_runs->rowCount() > 0) {
        showRun(m_runs->run(0)->id);  // a first look shows the newest run, without selecting it elsewhere
    } else {
        showRun(m_console->run());
    }
}

void LaunchView::showRun(const std::optional<RunId>& id) {
    m_console->setRun(id);
    m_resources->setRun(id);
    const int row = id ? m_runs->rowOf(*id) : -1;
    m_syncing = true;
    if (row >= 0) {
        m_runsView->setCurrentIndex(m_runs->index(row, 0));
    } else {
        m_runsView->clearSelection();
    }
    m_syncing = false;
}

bool LaunchView::isSettled() const {
    return !m_launchJob.running() && m_form->isSettled() && m_snapshot->isSettled() && m_console->isSettled();
}

QString LaunchView::statusText() const {
    if (!m_session) {
        return {};
    }
    QStringList parts;
    parts << tr("%1 running").arg(m_session->runningCount());
    if (m_session->scheduledCount() > 0) {
        parts << tr("%1 scheduled").arg(m_session->scheduledCount());
    }
    if (const auto console = m_console->statusText(); !console.isEmpty()) {
        parts << console;
    }
    return parts.join(QLatin1String(", "));
}

}  // namespace runglass::ui
