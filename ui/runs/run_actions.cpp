// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_actions.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QInputDialog>
#include <QMenu>
#include <algorithm>

#include "run_table_view.h"
#include "runglass/base/clock.h"
#include "runglass/launch/launcher.h"
#include "runglass/launch/script_flags.h"
#include "runglass/ui/session/app_settings.h"
#include "runglass/ui/session/letter_keys.h"
#include "runglass/ui/session/project_session.h"
#include "runglass/ui/theme/icons.h"
#include "runglass/ui/widgets/command_question.h"
#include "runglass/ui/widgets/format.h"
#include "table_copy.h"

namespace runglass::ui {

namespace {

/// Those of other tools are not ours to stop.
bool canStop(const model::RunRecord& run) {
    return run.source.text() == "runglass" && !model::isTerminal(run.status);
}

}  // namespace

RunActions::RunActions(RunTableView* view, QObject* parent)
    : QObject(parent)
    , m_view(view) {
    addViewing();
    addEditing();
    addCopying();
    update();
}

QAction* RunActions::add(const Spec& spec, std::function<void()> run) {
    auto* action = new QAction(tr(spec.text), this);
    action->setObjectName(QLatin1String(spec.name));
    action->setShortcut(spec.keys);
    action->setShortcutContext(Qt::WidgetShortcut);
    followLetterKeys(action);
    if (*spec.icon != '\0') {
        action->setIcon(themedIcon(QLatin1String(spec.icon)));
    }
    connect(action, &QAction::triggered, this, std::move(run));
    m_view->addAction(action);
    m_all.append(action);
    if (spec.writes) {
        m_writing.append(action);
    }
    return action;
}

void RunActions::addViewing() {
    add({"runs.toggleVisible", QT_TR_NOOP("Show or hide in charts"), Qt::Key_Space, "eye", false},
        [this] { toggleVisible(); });
    add({"runs.showOnly", QT_TR_NOOP("Show only in charts"), Qt::SHIFT | Qt::Key_Space, "eye", false},
        [this] { m_session->showOnly(targets()); });
    add({"runs.compare", QT_TR_NOOP("Compare selected"), Qt::CTRL | Qt::Key_D, "compare", false},
        [this] { Q_EMIT compareRequested(); });
    m_filter = add({"runs.filter", QT_TR_NOOP("Filter runs…"), Qt::Key_Slash, "filter", false}, [] {});
    m_compareBest = add({"runs.compareBest", QT_TR_NOOP("Compare with best"),
                         Qt::CTRL | Qt::SHIFT | Qt::Key_B, "compare", false},
                        [this] { compareWithBest(); });
    m_group = add({"runs.groupBy", QT_TR_NOOP("Group by…"), Qt::CTRL | Qt::Key_G, "group", false}, [] {});
    m_columns = add({"runs.columns", QT_TR_NOOP("Columns…"), {}, "columns", false}, [] {});
    add({"runs.foldAll", QT_TR_NOOP("Fold all groups"), {}, "", false},
        [this] { m_view->runs().setAllFolded(true); });
    add({"runs.unfoldAll", QT_TR_NOOP("Unfold all groups"), {}, "", false},
        [this] { m_view->runs().setAllFolded(false); });
}

void RunActions::addEditing() {
    add({"runs.rename", QT_TR_NOOP("Rename"), Qt::Key_F2, "", true}, [this] {
        const int column = m_view->runs().columnOf(RunColumn::Kind::Name);
        if (m_view->currentRun() && column >= 0) {
            m_view->edit(m_view->currentIndex().siblingAtColumn(column));
        }
    });
    add({"runs.tag", QT_TR_NOOP("Add tag…"), Qt::Key_T, "tag", true}, [this] { askTag(); });
    add({"runs.note", QT_TR_NOOP("Edit note…"), Qt::Key_N, "note", true}, [this] { askNote(); });
    add({"runs.star", QT_TR_NOOP("Star"), Qt::Key_S, "star", true}, [this] { toggleStar(); });
    add({"runs.again", QT_TR_NOOP("Run again with the same command"), Qt::CTRL | Qt::Key_R, "retry", true},
        [this] { runAgain(); });
    // The window has the keys and the menu entry, since a run can be stopped from every page.
    m_stop =
        add({"runs.stop", QT_TR_NOOP("Stop run…"), {}, "stop", true}, [this] { Q_EMIT stopRequested(); });
    add({"runs.archive", QT_TR_NOOP("Archive"), Qt::Key_Delete, "trash", true}, [this] { archive(); });
}

void RunActions::addCopying() {
    struct Format {
        const char* name;
        const char* text;
        QKeySequence keys;
        TableFormat format;
    };
    const Format formats[] = {
        {"runs.copy", QT_TR_NOOP("Copy as table"), QKeySequence::Copy, TableFormat::TabSeparated},
        {"runs.copyMarkdown", QT_TR_NOOP("Copy as Markdown"), {}, TableFormat::Markdown},
        {"runs.copyLatex", QT_TR_NOOP("Copy as LaTeX"), {}, TableFormat::Latex},
        {"runs.copyCsv", QT_TR_NOOP("Copy as CSV"), {}, TableFormat::Csv},
    };
    for (const auto& entry : formats) {
        add({entry.name, entry.text, entry.keys, "copy", false}, [this, format = entry.format] {
            std::vector<const model::RunRecord*> runs;
            std::vector<model::SharedRun> owners;
            for (const auto& id : targets()) {
                owners.push_back(m_session->run(id));
                if (owners.back()) {
                    runs.push_back(owners.back().get());
                }
            }
            QGuiApplication::clipboard()->setText(
                tableText(runs, m_view->shownColumns(), format, {nowMs(), m_session->runs().get()}));
        });
    }
    add({"runs.copyId", QT_TR_NOOP("Copy id"), {}, "copy", false}, [this] {
        QStringList ids;
        for (const auto& id : targets()) {
            ids << QString::fromStdString(id.hex());
        }
        QGuiApplication::clipboard()->setText(ids.join(QLatin1Char('\n')));
    });
    auto* copyAs =
        add({"runs.copyAs", QT_TR_NOOP("Copy as…"), Qt::CTRL | Qt::SHIFT | Qt::Key_C, "copy", false}, [this] {
            QMenu menu(m_view);
            for (auto* action : m_all) {
                if (action->objectName().startsWith(QLatin1String("runs.copy")) &&
                    action->objectName() != QLatin1String("runs.copyAs")) {
                    menu.addAction(action);
                }
            }
            menu.exec(
                m_view->viewport()->mapToGlobal(m_view->visualRect(m_view->currentIndex()).bottomLeft()));
        });
    Q_UNUSED(copyAs);
}

void RunActions::setSession(ProjectSession* session) {
    m_launchJob.cancel();  // what is being launched goes on; only nobody waits for it any more
    m_session = session;
    update();
}

void RunActions::update() {
    const bool any = m_session && !m_view->selectionModel()->selection().isEmpty();
    const bool writable = any && m_session->writable();
    for (auto* action : m_all) {
        action->setEnabled(m_writing.contains(action) ? writable : any);
    }
    m_compareBest->setEnabled(bestToCompare().has_value());
    const bool anyOpen = writable && m_session->runningCount() + m_session->scheduledCount() > 0;
    m_stop->setEnabled(anyOpen && mayStop());
    for (auto* action : {m_group, m_columns}) {
        action->setEnabled(m_session != nullptr);
    }
}

// Looking at each of very many would hold the window; asked to stop, the window looks again.
bool RunActions::mayStop() const {
    constexpr std::size_t kMostLookedAt = 1000;
    if (m_session->selection().size() > kMostLookedAt) {
        return true;
    }
    const auto runs = targets();
    return std::any_of(runs.begin(), runs.end(), [this](const RunId& id) {
        const auto run = m_session->run(id);
        return run && canStop(*run);
    });
}

QList<QAction*> RunActions::ofPage() const {
    auto actions = m_all;
    actions.removeOne(m_stop);
    return actions;
}

void RunActions::fillContextMenu(QMenu* menu) const {
    static constexpr const char* kSeparatorsBefore[] = {"runs.groupBy", "runs.rename", "runs.again",
                                                        "runs.copy"};
    for (auto* action : m_all) {
        const auto name = action->objectName();
        if (std::any_of(std::begin(kSeparatorsBefore), std::end(kSeparatorsBefore),
                        [&](const char* wanted) { return name == QLatin1String(wanted); })) {
            menu->addSeparator();
        }
        if (name != QLatin1String("runs.copyAs")) {
            menu->addAction(action);
        }
    }
}

std::vector<RunId> RunActions::targets() const {
    return m_session ? m_view->selectedRuns() : std::vector<RunId>{};
}

void RunActions::toggleVisible() {
    const auto ids = targets();
    const bool allVisible =
        std::all_of(ids.begin(), ids.end(), [this](const RunId& id) { return m_session->isVisible(id); });
    m_session->setVisible(ids, !allVisible);
}

void RunActions::toggleStar() {
    const auto ids = targets();
    const bool allStarred = std::all_of(ids.begin(), ids.end(), [this](const RunId& id) {
        const auto run = m_session->run(id);
        return run && run->starred;
    });
    m_session->setStarred(ids, !allStarred);
}

void RunActions::askTag() {
    bool accepted = false;
    const auto text = QInputDialog::getText(m_view->window(), tr("Add tag"), tr("Tag, or key=value:"),
                                            QLineEdit::Normal, {}, &accepted)
                          .trimmed();
    if (accepted && !text.isEmpty() && m_session) {
        const auto equals = text.indexOf(QLatin1Char('='));
        m_session->setTag(targets(), equals < 0 ? text : text.left(equals).trimmed(),
                          equals < 0 ? QString() : text.mid(equals + 1).trimmed());
    }
}

void RunActions::askNote() {
    const auto* run = m_view->currentRun();
    if (!run) {
        return;
    }
    m_session->requestDetail(run->id, this, [this, id = run->id](const Result<model::RunDetail>& detail) {
        if (!detail) {
            return;
        }
        bool accepted = false;
        const auto note = QInputDialog::getMultiLineText(m_view->window(), tr("Note"), tr("Markdown:"),
                                                         QString::fromStdString(detail->note), &accepted);
        if (accepted && m_session) {
            m_session->setNote(id, note);
        }
    });
}

void RunActions::archive() {
    const auto ids = targets();
    const bool allArchived = std::all_of(ids.begin(), ids.end(), [this](const RunId& id) {
        const auto run = m_session->run(id);
        return run && run->archived;
    });
    m_session->setArchived(ids, !allArchived);
}

// The best run beside the first selected one, if there is anything to set against it.
std::optional<RunId> RunActions::bestToCompare() const {
    const auto runs = targets();
    const auto best = runs.empty() ? std::nullopt : m_view->runs().bestBeside(runs.front());
    return best && runs != std::vector{*best} ? best : std::nullopt;
}

void RunActions::compareWithBest() {
    const auto best = bestToCompare();
    if (!best) {
        return;
    }
    auto runs = targets();
    runs.erase(std::remove(runs.begin(), runs.end(), *best), runs.end());
    runs.insert(runs.begin(), *best);  // the first one is the baseline
    m_session->select(std::move(runs));
    Q_EMIT compareRequested();
}

void RunActions::runAgain() {
    const auto runs = targets();
    if (runs.empty()) {
        return;
    }
    m_session->requestDetail(
        runs.front(), this, [this, session = m_session](const Result<model::RunDetail>& detail) {
            if (session != m_session) {
                return;
            }
            if (!detail) {
                m_session->raiseProblem(QString::fromStdString(detail.error().message),
                                        QString::fromStdString(detail.error().detail));
            } else if (detail->command.empty()) {
                m_session->raiseProblem(tr("%1 cannot run again: no command was recorded with it.")
                                            .arg(projectText(detail->record.name)));
            } else {
                launchOrAsk(*detail);
            }
        });
}

/// What files of others name as a run's command is looked at by the person before it runs.
void RunActions::launchOrAsk(const model::RunDetail& detail) {
    const auto start = [this, detail, session = m_session] {
        if (session == m_session) {
            launchAgain(detail);
        }
    };
    m_launchJob = jobs::start(
        m_session->pool(), m_session->guiExecutor(),
        [project = m_session->project(), id = detail.record.id](jobs::JobContext&) {
            return Result<bool>(launch::hasCommandFromHere(project, id));
        },
        [=, this](const Result<bool>& isFromHere) {
            if (isFromHere.valueOr(false)) {
                start();
                return;
            }
            auto* question = new CommandQuestion(detail.record.name, launch::joinCommand(detail.command),
                                                 detail.workingDirectory, m_view->window());
            connect(question, &QDialog::accepted, this, start);
            question->open();
        });
}

void RunActions::launchAgain(const model::RunDetail& detail) {
    launch::LaunchSpec spec;
    spec.project = m_session->project();
    spec.workingDirectory = detail.workingDirectory;
    spec.command = detail.command;
    spec.name = detail.record.name;
    spec.experiment = detail.record.experiment.str();
    spec.graceMs = AppSettings::instance().graceMs();
    spec.maxUntrackedBytes = AppSettings::instance().maxUntrackedBytes();
    m_launchJob = jobs::start(
        m_session->pool(), m_session->guiExecutor(),
        [spec](jobs::JobContext&) { return launch::launch(spec); },
        [this](const Result<RunId>& run) {
            if (run) {
                m_session->select({*run});
            } else {
                m_session->raiseProblem(tr("The run did not start. %1").arg(projectText(run.error().message)),
                                        QString::fromStdString(run.error().detail));
            }
        });
}

}  // namespace runglass::ui
