// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/session/project_session.h"

#include <QFile>
#include <QPointer>
#include <algorithm>
#include <functional>
#include <thread>

#include "gui_executor.h"
#include "runglass/jobs/let_go.h"
#include "runglass/launch/launcher.h"
#include "runglass/sources/project_runs.h"
#include "runglass/ui/session/palette_slot.h"
#include "runglass/ui/theme/theme.h"
#include "session_private.h"

namespace runglass::ui {
namespace {

constexpr std::size_t kMostProblems = 100;
constexpr int kDropRetiredMs = 500;

std::size_t workerCount() {
    return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 2, 4);
}

}  // namespace

ProjectSession::Private::Private(ProjectSession* session, std::filesystem::path folder)
    : q(session)
    , project(std::move(folder))
    , pool(workerCount())
    , gui(makeGuiExecutor())
    , catalogue(std::make_shared<sources::Catalogue>(sources::CatalogueOptions{.project = project}))
    , series(project, catalogue, &pool, gui)
    , git(new GitWatcher(project, &pool, gui, session)) {
    dropTimer.setSingleShot(true);
    dropTimer.setInterval(kDropRetiredMs);
    QObject::connect(&dropTimer, &QTimer::timeout, session, [this] { dropRetired(); });
    edits =
        std::make_shared<EditQueue>(project, gui,
                                    EditQueue::Callbacks{[this] { follower->wake(); },
                                                         [this](const Error& error) { takeProblem(error); }});
}

void ProjectSession::Private::takeOpenState(OpenState state) {
    writable = state.writable;
    whyNotWritable = QString::fromStdString(state.whyNotWritable);
    damaged = state.damaged;
    damagedRuns = state.damagedRuns;
    namedDamage = state.namedDamage;
    if (loaded) {
        Q_EMIT q->loadedChanged();
    }
}

void ProjectSession::Private::noteDamage() {
    if (!damaged) {
        damaged = true;
        Q_EMIT q->loadedChanged();
    }
}

void ProjectSession::Private::takeUpdate(RunsUpdate update) {
    const auto before = runs;
    retired.push_back(std::exchange(runs, std::move(update.table)));
    dropRetired();
    running = update.running;
    scheduled = update.scheduled;
    const bool first = !loaded;
    const bool stillFinding = std::exchange(loading, update.loading) && !visible.chosenByHand();
    loaded = true;
    if (update.delta.reset) {
        series.clear();
        // What was launched a moment ago may be selected before any table has it.
        const auto gone = [&](const RunId& id) {
            return runs->find(id) == nullptr && before && before->find(id) != nullptr;
        };
        std::erase_if(selection, gone);
        visible.forgetIf(gone);
    }
    if (before) {
        series.forgetRewritten(update.delta.changed, *before, *runs);
    }
    forget(update.delta.removed);
    if (first || (update.delta.reset && (visible.empty() || stillFinding))) {
        visible.drawNewest(*runs);
    }
    if (!update.delta.added.empty()) {
        visible.addStarted(update.delta.added);
        announceVisibility();
    }
    if (first) {
        Q_EMIT q->loadedChanged();
    }
    const bool setShown = update.shownMayDiffer && !shownByView;
    if (setShown) {
        shown = std::move(update.notArchived);
    }
    plotted.reset();
    Q_EMIT q->runsChanged(update.delta);
    if (setShown) {
        announceShown();
    }
}

void ProjectSession::Private::dropRetired() {
    const auto unused = std::partition(retired.begin(), retired.end(),
                                       [](const auto& table) { return table.use_count() > 1; });
    std::for_each(unused, retired.end(), [](auto& table) { jobs::letGo(std::move(table)); });
    retired.erase(unused, retired.end());
    if (!retired.empty() && !dropTimer.isActive()) {
        dropTimer.start();
    }
}

void ProjectSession::Private::announceVisibility() {
    plotted.reset();
    Q_EMIT q->visibilityChanged();
}

void ProjectSession::Private::announceShown() {
    plotted.reset();
    Q_EMIT q->shownChanged();
}

void ProjectSession::Private::forget(const std::vector<RunId>& removed) {
    for (const RunId& id : removed) {
        visible.forget(id);
        std::erase(shown, id);
        if (std::erase(selection, id) > 0) {
            Q_EMIT q->selectionChanged();
        }
        if (highlighted == id) {
            highlighted.reset();
            Q_EMIT q->highlightChanged();
        }
    }
}

void ProjectSession::Private::takeWaiting(const std::string& holder) {
    waiting = holder.empty() ? QString()
                             : ProjectSession::tr(
                                   "The run database is held by %1. New values are kept, shown, "
                                   "and written when it is free.")
                                   .arg(QString::fromStdString(holder));
    Q_EMIT q->waitingChanged();
}

void ProjectSession::Private::takeProblem(const Error& error) {
    const Problem problem{QString::fromStdString(error.message), QString::fromStdString(error.detail)};
    if (problems.size() == kMostProblems) {
        problems.erase(problems.begin());
    }
    problems.push_back(problem);
    Q_EMIT q->problemRaised(problem.message, problem.detail);
}

ProjectSession::ProjectSession(std::filesystem::path project, QObject* parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this, std::move(project))) {
    connect(d->git, &GitWatcher::changed, this, &ProjectSession::gitChanged);
}

ProjectSession::~ProjectSession() {
    d->stop.request_stop();
    d->follower.reset();
    delete d->git;  // before the pool, which waits for jobs that nobody told to stop
    jobs::letGo(std::move(d->runs));
    for (auto& table : d->retired) {
        jobs::letGo(std::move(table));
    }
}

void ProjectSession::start() {
    if (d->follower) {
        return;
    }
    d->follower = std::make_unique<RunFollower>(
        d->project, d->catalogue, d->gui,
        RunFollower::Callbacks{[this](OpenState state) { d->takeOpenState(std::move(state)); },
                               [this](RunsUpdate update) { d->takeUpdate(std::move(update)); },
                               [this](const std::string& message, const std::string& detail) {
                                   d->takeProblem({ErrorCode::Internal, message, detail});
                               },
                               [this](const std::string& holder) { d->takeWaiting(holder); },
                               [this](const QStringList& sentences) { d->takeUnreadable(sentences); }});
    d->git->refresh();
}

void ProjectSession::refresh() {
    if (d->follower) {
        d->follower->wake(true);
        d->git->refresh();
    }
}

ProjectSession::Walk ProjectSession::walk() const {
    return d->follower ? d->follower->walk() : Walk();
}

void ProjectSession::cancelWalk() {
    if (d->follower) {
        d->follower->cancelWalk();
    }
}

const std::filesystem::path& ProjectSession::project() const {
    return d->project;
}

QString ProjectSession::projectName() const {
    const auto path = d->project.lexically_normal();
    const auto name = path.has_filename() ? path.filename() : path.parent_path().filename();
    return name.empty() ? QStringLiteral("/") : QFile::decodeName(QByteArray::fromStdString(name.string()));
}

bool ProjectSession::writable() const {
    return d->writable;
}

QString ProjectSession::whyNotWritable() const {
    return d->whyNotWritable;
}

bool ProjectSession::damaged() const {
    return d->damaged;
}

std::uint64_t ProjectSession::damagedRuns() const {
    return d->damagedRuns;
}

const std::vector<store::DamagedRun>& ProjectSession::namedDamage() const {
    return d->namedDamage;
}

bool ProjectSession::loaded() const {
    return d->loaded;
}

const model::SharedRunTable& ProjectSession::runs() const {
    return d->runs;
}

model::SharedRun ProjectSession::run(const RunId& id) const {
    const auto position = d->runs->runs.find(id);
    return position ? d->runs->runs[*position] : nullptr;
}

int ProjectSession::runningCount() const {
    return d->running;
}

int ProjectSession::scheduledCount() const {
    return d->scheduled;
}

const std::vector<RunId>& ProjectSession::selection() const {
    return d->selection;
}

void ProjectSession::select(std::vector<RunId> runs) {
    if (runs != d->selection) {
        d->selection = std::move(runs);
        Q_EMIT selectionChanged();
    }
}

std::optional<RunId> ProjectSession::highlighted() const {
    return d->highlighted;
}

void ProjectSession::setHighlighted(std::optional<RunId> run) {
    if (run != d->highlighted) {
        d->highlighted = run;
        Q_EMIT highlightChanged();
    }
}

bool ProjectSession::isVisible(const RunId& id) const {
    return d->visible.contains(id);
}

void ProjectSession::setVisible(const std::vector<RunId>& runs, bool visible) {
    if (d->visible.choose(runs, visible)) {
        d->announceVisibility();
    }
}

void ProjectSession::showOnly(const std::vector<RunId>& runs) {
    if (d->visible.chooseOnly(runs)) {
        d->announceVisibility();
    }
}

const std::vector<RunId>& ProjectSession::shown() const {
    return d->shown;
}

void ProjectSession::setShown(std::vector<RunId> runs) {
    d->shownByView = true;
    if (runs != d->shown) {
        d->shown = std::move(runs);
        if (d->loaded && d->visible.followShown(*d->runs, d->shown)) {
            d->announceVisibility();
        }
        d->announceShown();
    }
}

const std::vector<RunId>& ProjectSession::plotted() const {
    if (!d->plotted) {
        d->plotted.emplace();
        std::copy_if(d->shown.begin(), d->shown.end(), std::back_inserter(*d->plotted),
                     [this](const RunId& id) { return d->visible.contains(id); });
    }
    return *d->plotted;
}

QColor ProjectSession::runColor(const model::RunRecord& run) const {
    if (run.color) {
        return QColor::fromRgb(*run.color);
    }
    return d->runColors ? d->runColors(run) : Theme::current().seriesColor(paletteSlot(run));
}

void ProjectSession::setRunColors(RunColors colors) {
    if (colors || d->runColors) {
        d->runColors = std::move(colors);
        Q_EMIT runColorsChanged();
    }
}

void ProjectSession::requestDetail(const RunId& id, QObject* owner,
                                   std::function<void(Result<model::RunDetail>)> done) {
    d->pool.post([project = d->project, catalogue = d->catalogue, id, gui = d->gui,
                  session = QPointer<ProjectSession>(this), owner = QPointer<QObject>(owner),
                  done = std::move(done)] {
        sources::ProjectRuns runs(project, catalogue);
        auto result = runs.detail(id);
        const bool damaged = runs.damaged();
        gui([session, owner, done, damaged, result = std::move(result)] {
            if (session.isNull()) {
                return;
            }
            if (damaged) {
                session->d->noteDamage();
            }
            if (!owner.isNull()) {
                done(result);
            }
        });
    });
}

void ProjectSession::requestSeries(const RunId& id, Symbol key, QObject* owner,
                                   std::function<void(Result<model::SharedSeries>)> done) {
    const auto* record = d->runs->find(id);
    const auto* summary = record == nullptr ? nullptr : record->metric(key);
    d->series.request({id, key}, summary == nullptr ? 0 : summary->count, owner,
                      [this, done = std::move(done)](Result<model::SharedSeries> result) {
                          if (!result && result.error().code == ErrorCode::Damaged) {
                              d->noteDamage();
                          }
                          done(std::move(result));
                      });
}

std::shared_ptr<const sources::Catalogue> ProjectSession::catalogue() const {
    return d->catalogue;
}

void ProjectSession::stopRun(const RunId& id) {
    d->pool.post([project = d->project, id, gui = d->gui, session = QPointer<ProjectSession>(this)] {
        const auto result = launch::requestStop(project, id);
        if (!result) {
            gui([session, error = result.error()] {
                if (!session.isNull()) {
                    session->d->takeProblem(error);
                }
            });
        }
    });
}

void ProjectSession::requestLaunched(const std::vector<RunId>& runs, QObject* owner,
                                     std::function<void(const std::vector<RunId>& launched)> done) {
    d->pool.post(
        [project = d->project, runs, gui = d->gui, owner = QPointer<QObject>(owner), done = std::move(done)] {
            std::vector<RunId> launched;
            std::copy_if(runs.begin(), runs.end(), std::back_inserter(launched),
                         [&](const RunId& id) { return launch::wasLaunched(project, id); });
            gui([owner, launched, done] {
                if (!owner.isNull()) {
                    done(launched);
                }
            });
        });
}

const ProjectSession::GitState& ProjectSession::git() const {
    return d->git->state();
}

const QString& ProjectSession::waiting() const {
    return d->waiting;
}

const std::vector<ProjectSession::Problem>& ProjectSession::problems() const {
    return d->problems;
}

const QStringList& ProjectSession::unreadable() const {
    return d->unreadable;
}

void ProjectSession::raiseProblem(const QString& message, const QString& detail) {
    d->takeProblem({ErrorCode::Internal, message.toStdString(), detail.toStdString()});
}

jobs::ThreadPool& ProjectSession::pool() {
    return d->pool;
}

jobs::Executor ProjectSession::guiExecutor() const {
    return d->gui;
}

QUndoStack* ProjectSession::undoStack() {
    return &d->undo;
}

}  // namespace runglass::ui
