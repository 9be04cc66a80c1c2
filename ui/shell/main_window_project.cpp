// SPDX-License-Identifier: GPL-3.0-or-later
// How MainWindow opens, closes, makes and rescues projects.
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QMenu>
#include <QStackedWidget>

#include "endpoint.h"
#include "header_bar.h"
#include "navigation_rail.h"
#include "place.h"
#include "project_banner.h"
#include "runglass/demo/demo.h"
#include "runglass/store/integrity.h"
#include "runglass/store/layout.h"
#include "runglass/ui/session/app_settings.h"
#include "runglass/ui/session/project_folder.h"
#include "runglass/ui/shell/main_window.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/toast.h"
#include "start_page.h"
#include "status_bar.h"
#include "walk_watch.h"
#include "window_actions.h"
#include "window_job.h"

namespace runglass::ui {
namespace {

std::filesystem::path toPath(const QString& text) {
    return QFile::encodeName(text).toStdString();
}

QString toText(const std::filesystem::path& path) {
    return QFile::decodeName(QByteArray::fromStdString(path.string()));
}

/// Reports to the job how far it is.
auto reportTo(jobs::JobContext& context, std::string what) {
    context.progress.setText(std::move(what));
    return [&context](std::uint64_t done, std::uint64_t total) { context.progress.set(done, total); };
}

}  // namespace

Result<void> MainWindow::openProject(const std::filesystem::path& folder) {
    RUNGLASS_TRY(checkProjectFolder(folder));
    std::error_code code;
    const auto whole = std::filesystem::weakly_canonical(folder, code);
    const auto project = store::findProject(code ? folder : whole);
    auto session = std::make_unique<ProjectSession>(project);
    for (View* page : m_pages) {
        page->setSession(session.get());
    }
    m_endpoint->setSession(session.get());
    m_session = std::move(session);
    m_copyFindings.clear();
    connectSession();
    m_session->start();
    m_walk->setSession(m_session.get());
    AppSettings::instance().addRecentProject(toText(project));
    setWindowTitle(m_session->projectName() + QStringLiteral(" - Runglass"));
    m_rail->setPlacesEnabled(true);
    m_trail.clear();
    m_trailAt = -1;
    QString place = QString::fromUtf8(AppSettings::instance().state(QStringLiteral("place")));
    goTo(findPlace(place) != nullptr ? place : QString::fromLatin1(places().front().name));
    return {};
}

void MainWindow::connectSession() {
    ProjectSession* session = m_session.get();
    const auto show = [this] {
        m_header->showSession(m_session.get());
        m_banner->showSession(m_session.get());
        m_rail->setBadge(QStringLiteral("launch"), m_session->runningCount());
        showStatus();
        noteEndpoint();
    };
    connect(session, &ProjectSession::loadedChanged, this, show);
    connect(session, &ProjectSession::runsChanged, this, show);
    connect(session, &ProjectSession::gitChanged, this, show);
    connect(session, &ProjectSession::waitingChanged, this, &MainWindow::showStatus);
    connect(session, &ProjectSession::problemRaised, this,
            [this](const QString& message, const QString& detail) {
                m_toasts->show(Tone::Danger, message, detail);
                showStatus();
            });
    connect(session, &ProjectSession::unreadableChanged, this, &MainWindow::showUnreadable);
    QAction* undo = session->undoStack()->createUndoAction(this, tr("Undo"));
    QAction* redo = session->undoStack()->createRedoAction(this, tr("Redo"));
    undo->setShortcut(QKeySequence::Undo);
    redo->setShortcuts({QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z), QKeySequence(Qt::CTRL | Qt::Key_Y)});
    addActions({undo, redo});
    connect(session, &QObject::destroyed, undo, &QObject::deleteLater);
    connect(session, &QObject::destroyed, redo, &QObject::deleteLater);
    m_actions->setUndoActions(undo, redo);
    show();
}

void MainWindow::closeProject() {
    m_actions->setUndoActions(nullptr, nullptr);
    m_actions->setPageActions({});
    for (View* page : m_pages) {
        page->setSession(nullptr);
    }
    m_endpoint->setSession(nullptr);
    m_walk->setSession(nullptr);
    m_session.reset();
    showUnreadable();
    m_copyFindings.clear();
    m_place.clear();
    m_banner->showSession(nullptr);
    m_header->showSession(nullptr);
    m_rail->setCurrent({});
    m_rail->setPlacesEnabled(false);
    if (isVisible()) {
        showStartPage();
    }
    setWindowTitle(QStringLiteral("Runglass"));
    showPanels();
    showStatus();
}

void MainWindow::showStartPage() {
    if (m_start == nullptr) {
        m_start = new StartPage(m_actions->action("file.open"), m_actions->action("file.demo"));
        m_start->setRecentProjects(AppSettings::instance().recentProjects());
        connect(m_start, &StartPage::projectRequested, this, &MainWindow::openFromPerson);
        m_stack->addWidget(m_start);
    }
    m_stack->setCurrentWidget(m_start);
    m_start->takeFocus();
}

void MainWindow::openFromPerson(const QString& folder) {
    if (const auto opened = openProject(toPath(folder)); !opened) {
        AppSettings::instance().removeRecentProject(folder);
        showFailure(opened.error());
    }
}

void MainWindow::chooseFolder() {
    auto* dialog = new QFileDialog(this, tr("Open folder"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    if (m_session) {
        dialog->setDirectory(toText(m_session->project().parent_path()));
    }
    connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::openFromPerson);
    dialog->open();
}

void MainWindow::fillRecentMenu() {
    m_recentMenu->clear();
    for (const QString& folder : AppSettings::instance().recentProjects()) {
        QAction* action = m_recentMenu->addAction(
            projectText(folder.toStdString()).replace(QLatin1Char('&'), QStringLiteral("&&")));
        connect(action, &QAction::triggered, this, [this, folder] { openFromPerson(folder); });
    }
    m_recentMenu->addSeparator();
    m_recentMenu->addAction(m_actions->action("file.open"));
    m_recentMenu->addAction(m_actions->action("file.close"));
}

void MainWindow::makeDemo() {
    if (m_job->running()) {
        return;
    }
    const auto folder = toPath(QDir::home().filePath(QStringLiteral("runglass-demo")));
    m_job->start(
        [folder](jobs::JobContext& context) -> Result<QString> {
            RUNGLASS_TRY(demo::makeDemo(
                folder,
                [&context](int step, int steps, const std::string& what) {
                    reportTo(context, what)(static_cast<std::uint64_t>(step),
                                            static_cast<std::uint64_t>(steps));
                },
                context.stop));
            return toText(folder);
        },
        [this](const Result<QString>& made) {
            if (made) {
                openFromPerson(*made);
            } else {
                showFailure(made.error());
            }
        });
}

void MainWindow::chooseCopyFolder() {
    auto* dialog = new QFileDialog(this, tr("Save a copy in"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    dialog->setDirectory(toText(m_session->project().parent_path()));
    connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::saveCopy);
    dialog->open();
}

void MainWindow::saveCopy(const QString& parent) {
    if (!m_session || m_job->running()) {
        return;
    }
    const auto project = m_session->project();
    const auto folder = copyFolder(project, toPath(parent));
    const auto report = std::make_shared<store::IntegrityReport>();
    m_job->start(
        [project, folder, report,
         what = tr("Saving a copy").toStdString()](jobs::JobContext& context) -> Result<QString> {
            RUNGLASS_ASSIGN(*report, store::salvage(project, folder, reportTo(context, what), context.stop));
            return toText(folder);
        },
        [this, project, folder, report](const Result<QString>& saved) {
            if (!m_session || m_session->project() != project) {
                return;
            }
            if (!saved) {
                showFailure(saved.error());
                return;
            }
            m_copyFindings.clear();
            for (const store::IntegrityFinding& finding : report->findings) {
                m_copyFindings.push_back(projectText(finding.message));
            }
            m_banner->showCopy(folder, report->runs, m_copyFindings);
        });
}

void MainWindow::showFailure(const Error& error) {
    m_toasts->show(Tone::Danger, QString::fromStdString(error.message), QString::fromStdString(error.detail));
}

}  // namespace runglass::ui
