// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/shell/main_window.h"

#include <QApplication>
#include <QBoxLayout>
#include <QMenu>
#include <QMenuBar>
#include <QStackedWidget>
#include <QTimer>
#include <QToolButton>

#include "appearance.h"
#include "command_palette.h"
#include "endpoint.h"
#include "endpoint_item.h"
#include "gpu_monitor.h"
#include "header_bar.h"
#include "navigation_rail.h"
#include "place.h"
#include "project_banner.h"
#include "runglass/ui/session/app_settings.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/bar.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/toast.h"
#include "settings_dialog.h"
#include "start_page.h"
#include "status_bar.h"
#include "walk_watch.h"
#include "window_actions.h"
#include "window_job.h"
#include "workspace_page.h"

namespace runglass::ui {

MainWindow::MainWindow(bool themeForced, QWidget* parent)
    : QMainWindow(parent)
    , m_actions(new WindowActions(this))
    , m_header(new HeaderBar)
    , m_rail(new NavigationRail)
    , m_stack(new QStackedWidget)
    , m_status(new StatusBar)
    , m_recentMenu(new QMenu(tr("Recent projects"), this))
    , m_toasts(new ToastStack(this, m_status->height()))
    , m_banner(new ProjectBanner)
    , m_job(new WindowJob(this))
    , m_walk(new WalkWatch(this))
    , m_endpoint(new Endpoint(this))
    , m_gpus(new GpuMonitor(this))
    , m_appearance(new Appearance(themeForced, this)) {
    setWindowTitle(QStringLiteral("Runglass"));
    setMinimumSize(1024, 640);
    setAcceptDrops(true);
    arrange();
    connectActions();
    applySettings();
    closeProject();
    const QByteArray geometry = AppSettings::instance().state(QStringLiteral("window"));
    if (geometry.isEmpty() || !restoreGeometry(geometry)) {
        resize(1440, 900);
    }
}

MainWindow::~MainWindow() {
    for (View* page : m_pages) {
        page->setSession(nullptr);
    }
}

void MainWindow::arrange() {
    setMenuWidget(m_header);
    m_actions->makeMenus(m_header->menuBar());
    m_actions->setRecentMenu(m_recentMenu);
    m_header->setProjectMenu(m_recentMenu);
    auto* central = new QWidget;
    auto* column = new QVBoxLayout(central);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* row = new QHBoxLayout;
    row->setSpacing(0);
    row->addWidget(m_rail);
    auto* page = new QVBoxLayout;
    page->setSpacing(0);
    page->addWidget(m_banner);
    page->addWidget(m_stack, 1);
    row->addLayout(page, 1);
    column->addLayout(row, 1);
    column->addWidget(m_status);
    auto* endpoint = new EndpointItem(m_endpoint);
    m_status->addItem(endpoint);
    connect(endpoint, &QAbstractButton::clicked, this, &MainWindow::showEndpoint);
    // Until there is a page.
    m_stack->addWidget(new Surface(Token::SurfaceBase));
    setCentralWidget(central);
}

void MainWindow::connectActions() {
    const auto on = [this](const char* name, auto call) {
        connect(m_actions->action(name), &QAction::triggered, this, call);
    };
    on("file.open", [this] { chooseFolder(); });
    on("file.recent", [this] { showPalette(QStringLiteral("~")); });
    on("file.demo", [this] { makeDemo(); });
    on("file.settings", [this] { SettingsDialog(this).exec(); });
    on("file.close", [this] { closeProject(); });
    on("file.quit", [] { QApplication::closeAllWindows(); });
    on("view.back", [this] { goBack(-1); });
    on("view.forward", [this] { goBack(1); });
    on("view.inspector", [this](bool shown) { setPanel(View::Panel::Inspector, shown); });
    on("view.bottom", [this](bool shown) { setPanel(View::Panel::Bottom, shown); });
    on("view.nextPane", [this] { movePane(1); });
    on("view.previousPane", [this] { movePane(-1); });
    on("view.fullScreen", [this](bool full) {
        setWindowState(full ? windowState() | Qt::WindowFullScreen : windowState() & ~Qt::WindowFullScreen);
    });
    on("view.refresh", [this] { readAgain(); });
    on("file.sources", [this] { showSources(); });
    on("file.table", [this] { chooseTable(this); });
    on("edit.find", [this] { currentView() != nullptr ? currentView()->startFind() : void(); });
    on("run.stop", [this] { stopSelectedRuns(); });
    on("run.console", [this] { showConsole(); });
    on("run.endpoint", [this] { showEndpoint(); });
    on("run.startEndpoint", [this] { startEndpoint(); });
    on("run.stopEndpoint", [this] { m_endpoint->stop(); });
    connect(m_endpoint, &Endpoint::changed, this, &MainWindow::noteEndpoint);
    on("help.view", [this] { showHelp(); });
    on("help.palette", [this] { showPalette(); });
    on("help.shortcuts", [this] { showShortcuts(); });
    on("help.problems", [this] { showProblems(); });
    on("help.about", [this] { showAbout(); });
    if (findPlace(QStringLiteral("launch")) != nullptr) {
        on("run.new", [this] { goTo(QStringLiteral("launch")); });
    }
    connect(m_actions, &WindowActions::placeRequested, this, &MainWindow::goTo);
    connect(m_rail, &NavigationRail::placeRequested, this, &MainWindow::goTo);
    connect(m_rail, &NavigationRail::settingsRequested, m_actions->action("file.settings"),
            &QAction::trigger);
    connect(m_header, &HeaderBar::commandRequested, this, [this] { showPalette(); });
    connect(m_header, &HeaderBar::launchRequested, this, [this] { goTo(QStringLiteral("launch")); });
    connect(m_header->inspectorToggle(), &QToolButton::clicked, m_actions->action("view.inspector"),
            &QAction::trigger);
    connect(m_header->bottomToggle(), &QToolButton::clicked, m_actions->action("view.bottom"),
            &QAction::trigger);
    connect(m_status, &StatusBar::warningClicked, this, &MainWindow::showProblems);
    connect(m_banner, &ProjectBanner::copyRequested, this, &MainWindow::chooseCopyFolder);
    connect(m_banner, &ProjectBanner::openCopyRequested, this, &MainWindow::openFromPerson);
    m_header->showGpus(m_gpus);
    connectJobs();
    connect(m_recentMenu, &QMenu::aboutToShow, this, &MainWindow::fillRecentMenu);
    connect(&AppSettings::instance(), &AppSettings::changed, this, &MainWindow::applySettings);
}

/// The status bar has room for one: what a person has started goes before the search that starts by itself.
void MainWindow::connectJobs() {
    connect(m_job, &WindowJob::progressed, m_status, &StatusBar::showJob);
    connect(m_job, &WindowJob::ended, m_status, &StatusBar::hideJob);
    connect(m_walk, &WalkWatch::progressed, m_status, [this](const QString& what, int done, int total) {
        if (!m_job->running()) {
            m_status->showJob(what, done, total);
        }
    });
    connect(m_walk, &WalkWatch::ended, this, [this] {
        if (!m_job->running()) {
            m_status->hideJob();
        }
        showStatus();
    });
    connect(m_status, &StatusBar::cancelRequested, this,
            [this] { m_job->running() ? m_job->cancel() : m_walk->cancel(); });
}

void MainWindow::applySettings() {
    const AppSettings& settings = AppSettings::instance();
    m_header->setMenuBarRow(settings.menuBarRow());
    if (m_start != nullptr) {
        m_start->setRecentProjects(settings.recentProjects());
    }
}

ThemeChoice MainWindow::themeChoice(const QString& name) {
    return name == QLatin1String("dark")    ? ThemeChoice::Dark
           : name == QLatin1String("light") ? ThemeChoice::Light
                                            : ThemeChoice::System;
}

void MainWindow::showEvent(QShowEvent* event) {
    QMainWindow::showEvent(event);
    if (!m_session) {
        showStartPage();
    }
}

bool MainWindow::event(QEvent* event) {
    const bool handled = QMainWindow::event(event);
    if (event->type() == QEvent::UpdateRequest && !m_painted) {
        // The frame is on the screen and the runs are being read meanwhile.
        m_painted = true;
        QTimer::singleShot(0, this, [this] {
            m_gpus->start();
            m_appearance->followDesktop(SystemAppearance::sessionBus());
            if (m_session && !m_place.isEmpty()) {
                enter(m_place);
            }
        });
    }
    return handled;
}

View* MainWindow::currentView() const {
    return qobject_cast<View*>(m_stack->currentWidget());
}

QStringList MainWindow::placeNames() {
    QStringList names;
    for (const Place& place : places()) {
        names.push_back(QLatin1String(place.name));
    }
    return names;
}

View* MainWindow::pageFor(const QString& pageName) {
    if (View* page = m_pages.value(pageName)) {
        return page;
    }
    for (const Page& entry : pages()) {
        if (pageName == QLatin1String(entry.name)) {
            View* page = entry.make(m_stack);
            m_pages.insert(pageName, page);
            m_stack->addWidget(page);
            if (auto* workspace = qobject_cast<WorkspacePage*>(page)) {
                workspace->setEmptyActions({m_actions->action("run.new"), m_actions->action("file.sources"),
                                            m_actions->action("run.endpoint")});
            }
            page->setSession(m_session.get());
            connect(page, &View::statusTextChanged, this, &MainWindow::showStatus);
            connect(page, &View::panelsChanged, this, &MainWindow::showPanels);
            connect(page, &View::viewRequested, this, &MainWindow::goTo);
            connect(page, &View::stopRequested, this, &MainWindow::stopSelectedRuns);
            return page;
        }
    }
    return nullptr;
}

bool MainWindow::goTo(const QString& place) {
    if (findPlace(place) == nullptr || !m_session) {
        return false;
    }
    if (place != m_place) {
        m_trail.resize(m_trailAt + 1);
        m_trail.push_back(place);
        m_trailAt = m_trail.size() - 1;
        if (m_painted) {
            enter(place);
        } else {
            m_place = place;
            m_rail->setCurrent(place);
        }
    }
    return true;
}

void MainWindow::goBack(int step) {
    const qsizetype at = m_trailAt + step;
    if (at >= 0 && at < m_trail.size()) {
        m_trailAt = at;
        enter(m_trail[at]);
    }
}

void MainWindow::enter(const QString& place) {
    View* page = pageFor(QString::fromLatin1(findPlace(place)->page));
    m_place = place;
    page->enterPlace(place);
    m_stack->setCurrentWidget(page);
    page->setFocus();
    m_rail->setCurrent(place);
    m_actions->setPageActions(page->viewActions());
    m_actions->action("view.back")->setEnabled(m_trailAt > 0);
    m_actions->action("view.forward")->setEnabled(m_trailAt + 1 < m_trail.size());
    AppSettings::instance().setState(QStringLiteral("place"), place.toUtf8());
    showPanels();
    showStatus();
}

}  // namespace runglass::ui
