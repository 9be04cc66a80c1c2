// SPDX-License-Identifier: GPL-3.0-or-later
// What MainWindow shows around its pages: panels, status, palette, dialogs, drops.
#include <QApplication>
#include <QCloseEvent>
#include <QLabel>
#include <QMessageBox>
#include <QMimeData>
#include <QStackedWidget>
#include <QToolButton>
#include <algorithm>

#include "command_palette.h"
#include "header_bar.h"
#include "help_dialog.h"
#include "runglass/ui/session/app_settings.h"
#include "runglass/ui/shell/main_window.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/toast.h"
#include "status_bar.h"
#include "walk_watch.h"
#include "window_actions.h"

namespace runglass::ui {

namespace {

constexpr int kQuestionWidth = 360;

}  // namespace

void MainWindow::showPanels() {
    const View* view = currentView();
    const auto show = [&](View::Panel panel, QToolButton* toggle, QAction* action) {
        const bool available = view != nullptr && view->hasPanel(panel);
        const bool shown = available && view->isPanelShown(panel);
        m_header->showPanel(toggle, available, shown);
        action->setEnabled(available);
        action->setChecked(shown);
    };
    show(View::Panel::Inspector, m_header->inspectorToggle(), m_actions->action("view.inspector"));
    show(View::Panel::Bottom, m_header->bottomToggle(), m_actions->action("view.bottom"));
}

void MainWindow::setPanel(View::Panel panel, bool shown) {
    if (View* view = currentView()) {
        view->setPanelShown(panel, shown);
    }
    showPanels();
}

void MainWindow::showPalette(const QString& prefix) {
    if (m_palette == nullptr) {
        m_palette = new CommandPalette(this);
    }
    CommandPalette::Content content;
    content.actions = m_actions->all();
    content.projects = AppSettings::instance().recentProjects();
    content.session = m_session.get();
    content.openProject = [this](const QString& folder) { openFromPerson(folder); };
    content.openRun = [this](const RunId& run) {
        if (m_place != QLatin1String("curves")) {
            goTo(QStringLiteral("runs"));
        }
        m_session->select({run});
        m_session->setHighlighted(run);
    };
    m_palette->open(std::move(content), prefix);
}

void MainWindow::showStatus() {
    if (!m_session) {
        m_status->setText(tr("No project open"));
        m_status->setWarning({});
        m_status->setRightText(QStringLiteral("Runglass ") + QApplication::applicationVersion());
        m_status->setLive(false);
        return;
    }
    const View* view = currentView();
    m_status->setText(!m_session->loaded() ? tr("Reading runs")
                      : view != nullptr    ? view->statusText()
                                           : QString());
    const auto problems =
        static_cast<int>(m_session->problems().size()) + static_cast<int>(m_session->unreadable().size());
    if (!m_session->waiting().isEmpty()) {
        m_status->setWarning(m_session->waiting());
    } else if (problems > 0) {
        m_status->setWarning(tr("%n problem(s)", nullptr, problems));
    } else if (m_walk->cancelled()) {
        m_status->setWarning(tr("Not all folders were searched"));
    } else if (m_session->loaded() && !m_session->writable()) {
        m_status->setWarning(tr("Read only"));
    } else {
        m_status->setWarning({});
    }
    m_status->setRightText({});
    m_status->setLive(m_session->loaded());
}

void MainWindow::showProblems() {
    QStringList lines;
    if (m_session) {
        if (!m_session->writable()) {
            lines.push_back(m_session->whyNotWritable());
        }
        for (const ProjectSession::Problem& problem : m_session->problems()) {
            lines.push_back(problem.message +
                            (problem.detail.isEmpty() ? QString() : QLatin1Char('\n') + problem.detail));
        }
        lines += m_session->unreadable();
        if (m_walk->cancelled()) {
            lines.push_back(
                tr("The search for runs of other tools was cancelled by you, so that some may be "
                   "missing. F5 searches again."));
        }
        lines += m_copyFindings;
    }
    auto* box = new QMessageBox(this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setWindowTitle(tr("What went wrong"));
    box->setTextFormat(Qt::PlainText);
    box->setText(lines.isEmpty() ? tr("Nothing went wrong since the project was opened.")
                                 : lines.join(QStringLiteral("\n\n")));
    box->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    box->open();
}

/// One message at a time, which says how things are now: it goes when what it is about goes, and one that
/// was closed comes again only with something new in it.
void MainWindow::showUnreadable() {
    const auto now = m_session ? m_session->unreadable() : QStringList();
    const bool news = std::any_of(now.begin(), now.end(),
                                  [this](const QString& one) { return !m_unreadable.contains(one); });
    const bool shown = !m_unreadableToast.isNull();
    m_unreadable = now;
    delete m_unreadableToast.data();
    showStatus();
    if (now.isEmpty() || !(news || shown)) {
        return;
    }
    constexpr int kNamed = 3;
    auto text = now.first();
    if (now.size() > 1) {
        text = tr("%n file(s) or folder(s) of other tools cannot be read:", nullptr,
                  static_cast<int>(now.size()));
        for (const auto& sentence : now.first(std::min<qsizetype>(now.size(), kNamed))) {
            text += QLatin1Char('\n') + sentence.section(QStringLiteral(": "), 0, 0);
        }
        text += now.size() > kNamed ? QStringLiteral("\n…") : QString();
    }
    const bool more = now.size() > 1;
    m_unreadableToast = m_toasts->show(Tone::Danger, text, more ? now.join(QLatin1Char('\n')) : QString(),
                                       more ? tr("Show all") : QString(),
                                       more ? std::function<void()>([this] { showProblems(); }) : nullptr);
}

void MainWindow::showHelp() {
    auto* help = findChild<HelpDialog*>();
    if (help == nullptr) {
        help = new HelpDialog(this);
    }
    help->showPage(currentView() != nullptr ? currentView()->helpPage() : QStringLiteral("start"));
    help->show();
    help->raise();
}

void MainWindow::showShortcuts() {
    QList<ShortcutsDialog::Group> groups;
    for (const WindowActions::Group& group : m_actions->groups()) {
        groups.push_back({group.title, group.actions});
    }
    auto* dialog = new ShortcutsDialog(groups, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::showAbout() {
    auto* box = new QMessageBox(this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setWindowTitle(tr("About Runglass"));
    box->setTextFormat(Qt::PlainText);
    box->setText(
        tr("Runglass %1\nThe desktop workbench for machine-learning experiments.\n\nGPL-3.0-or-later. Built "
           "with Qt %2, SQLite, libgit2 and QCustomPlot.")
            .arg(QApplication::applicationVersion(), QLatin1String(qVersion())));
    box->open();
}

void MainWindow::stopSelectedRuns() {
    if (!m_session || m_session->selection().empty()) {
        return;
    }
    std::vector<RunId> running;
    bool anyForeign = false;
    QString name;
    for (const RunId& id : m_session->selection()) {
        const auto run = m_session->run(id);
        if (!run || model::isTerminal(run->status)) {
            continue;
        }
        if (run->source.text() != "runglass") {
            anyForeign = true;
            continue;
        }
        running.push_back(id);
        name = projectText(run->name);
    }
    if (!running.empty()) {
        m_session->requestLaunched(running, this, [this, running, name](const std::vector<RunId>& launched) {
            const auto what =
                running.size() == 1 ? name : tr("%n run(s)", nullptr, static_cast<int>(running.size()));
            launched.empty() ? askToMarkEnded(running, what) : askToStop(launched, running, what);
        });
    } else if (anyForeign) {
        m_toasts->show(Tone::Info,
                       tr("The selected run was not launched by Runglass. Stop it where it was started."));
    } else {
        m_toasts->show(Tone::Info, tr("The selected run has ended already."));
    }
}

QMessageBox* MainWindow::question(const QString& title, const QString& text, const QString& more) {
    auto* box = new QMessageBox(this);
    box->setObjectName(QStringLiteral("askToStop"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setWindowTitle(title);
    box->setTextFormat(Qt::PlainText);
    box->setText(text);
    box->setInformativeText(more);
    // Without its own idea of a width it breaks the sentences into a narrow column.
    if (auto* label = box->findChild<QLabel*>(QStringLiteral("qt_msgbox_informativelabel"))) {
        label->setMinimumWidth(kQuestionWidth);
    }
    if (auto* label = box->findChild<QLabel*>(QStringLiteral("qt_msgbox_label"))) {
        auto font = label->font();
        font.setWeight(QFont::DemiBold);
        label->setFont(font);
    }
    return box;
}

void MainWindow::askToStop(const std::vector<RunId>& launched, const std::vector<RunId>& all,
                           const QString& what) {
    auto more = tr("It gets SIGTERM, and SIGKILL after the grace time. What it logged stays.");
    const auto others = all.size() - launched.size();
    if (others > 0) {
        more += QLatin1Char(' ') + tr("%n run(s) of them have no process, and are marked as killed.", nullptr,
                                      static_cast<int>(others));
    }
    auto* box = question(tr("Stop run"), tr("Stop %1?").arg(what), more);
    box->addButton(all.size() == 1 ? tr("Stop run") : tr("Stop runs"), QMessageBox::AcceptRole);
    box->addButton(tr("Let it run"), QMessageBox::RejectRole);
    connect(box, &QDialog::accepted, this, [this, launched, rest = all]() mutable {
        if (!m_session) {
            return;
        }
        for (const RunId& id : launched) {
            m_session->stopRun(id);
            std::erase(rest, id);
        }
        if (!rest.empty()) {
            m_session->endByHand(rest);
        }
    });
    box->open();
}

/// For runs that were logged by scripts started elsewhere, which may have died without a word.
void MainWindow::askToMarkEnded(const std::vector<RunId>& runs, const QString& what) {
    auto* box = question(tr("Mark as ended"), tr("Mark %1 as ended?").arg(what),
                         tr("Runglass knows no process to stop: the script logs from elsewhere. The status "
                            "becomes killed, and what was logged stays. A script that still runs goes on."));
    box->addButton(tr("Mark as ended"), QMessageBox::AcceptRole);
    box->addButton(tr("Cancel"), QMessageBox::RejectRole);
    connect(box, &QDialog::accepted, this, [this, runs] {
        if (m_session) {
            m_session->endByHand(runs);
        }
    });
    box->open();
}

void MainWindow::showConsole() {
    if (goTo(QStringLiteral("launch")) && currentView() != nullptr) {
        for (QAction* action : currentView()->viewActions()) {
            if (action->objectName() == QLatin1String("launch.console")) {
                action->trigger();
            }
        }
    }
}

void MainWindow::movePane(int step) {
    // Panes are the tab order's groups: rail, then what the page has; Tab itself goes through all of it.
    QWidget* focus = QApplication::focusWidget();
    const QWidget* pane = focus != nullptr ? focus->parentWidget() : nullptr;
    for (QWidget* next = focus; next != nullptr;) {
        next = step > 0 ? next->nextInFocusChain() : next->previousInFocusChain();
        if (next == focus) {
            return;
        }
        if (next->isVisible() && next->isEnabled() && (next->focusPolicy() & Qt::TabFocus) != 0 &&
            next->window() == this && next->parentWidget() != pane) {
            next->setFocus(step > 0 ? Qt::TabFocusReason : Qt::BacktabFocusReason);
            return;
        }
    }
}

void MainWindow::closeEvent(QCloseEvent* event) {
    AppSettings::instance().setState(QStringLiteral("window"), saveGeometry());
    event->accept();
}

void MainWindow::changeEvent(QEvent* event) {
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::WindowStateChange && m_actions != nullptr) {
        m_actions->action("view.fullScreen")->setChecked(isFullScreen());
    }
}

// What has the focus, and views in which there is something to close, come first.
void MainWindow::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape && isFullScreen()) {
        setWindowState(windowState() & ~Qt::WindowFullScreen);
    } else {
        QMainWindow::keyPressEvent(event);
    }
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    const QList<QUrl> urls = event->mimeData()->urls();
    if (urls.size() == 1 && urls.first().isLocalFile()) {
        event->acceptProposedAction();
    }
}

void MainWindow::dropEvent(QDropEvent* event) {
    event->acceptProposedAction();
    const QString path = event->mimeData()->urls().first().toLocalFile();
    m_session&& isTable(path) ? readTable(path, this) : openFromPerson(path);
}

}  // namespace runglass::ui
