// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>

#include "drawn_runs.h"
#include "edit_queue.h"
#include "git_watcher.h"
#include "run_follower.h"
#include "runglass/ui/session/project_session.h"
#include "series_cache.h"

namespace runglass::ui {

class ProjectSession::Private {
public:
    Private(ProjectSession* session, std::filesystem::path folder);

    void takeOpenState(OpenState state);
    /// A reading said that something stored is damaged.
    void noteDamage();
    void takeUpdate(RunsUpdate update);
    void takeProblem(const Error& error);
    void takeWaiting(const std::string& holder);

    /// Keeps only runs that still exist in selection, highlight, visibility and shown.
    void forget(const std::vector<RunId>& removed);
    /// Lets go of tables that nobody else holds any more: see jobs::letGo().
    void dropRetired();
    /// Say that they changed, and forget what was computed from them.
    void announceVisibility();
    void announceShown();

    void takeUnreadable(const QStringList& sentences) {
        unreadable = sentences;
        Q_EMIT q->unreadableChanged();
    }

    /// Posts an edit with its inverse to the undo stack; refuses with a problem where nothing can be written.
    void edit(const QString& text, EditQueue::Edit forward, EditQueue::Edit backward);

    ProjectSession* q;
    std::filesystem::path project;
    jobs::ThreadPool pool;
    jobs::Executor gui;
    std::stop_source stop;
    std::shared_ptr<sources::Catalogue> catalogue;

    std::vector<model::SharedRunTable> retired;  ///< kept until the views have let go of them
    QTimer dropTimer;
    model::SharedRunTable runs = std::make_shared<const model::RunTable>();
    bool loaded = false;
    bool writable = false;
    QString whyNotWritable;
    bool damaged = false;
    std::uint64_t damagedRuns = 0;
    std::vector<store::DamagedRun> namedDamage;
    int running = 0;
    int scheduled = 0;

    bool loading = false;  ///< more runs of other tools are being found
    std::vector<RunId> selection;
    std::optional<RunId> highlighted;
    ProjectSession::RunColors runColors;
    DrawnRuns visible;
    std::vector<RunId> shown;
    bool shownByView = false;
    std::optional<std::vector<RunId>> plotted;  ///< until shown or visible changes

    QString waiting;
    std::vector<Problem> problems;
    QStringList unreadable;
    QUndoStack undo;
    std::shared_ptr<EditQueue> edits;
    SeriesCache series;
    GitWatcher* git;
    std::unique_ptr<RunFollower> follower;
};

}  // namespace runglass::ui
