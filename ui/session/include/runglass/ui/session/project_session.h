// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QHash>
#include <QObject>
#include <QSet>
#include <QString>
#include <QUndoStack>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/git/values.h"
#include "runglass/jobs/job.h"
#include "runglass/model/run.h"
#include "runglass/model/run_detail.h"
#include "runglass/store/database.h"

namespace runglass::sources {
class Catalogue;
}

namespace runglass::ui {

/// What changed in the run table since the last signal.
struct RunsDelta {
    bool reset = false;          ///< everything may differ
    std::vector<RunId> changed;  ///< records replaced in place
    std::vector<RunId> added;    ///< at the end
    std::vector<RunId> removed;
};

/// The open project as all views see it: the live run table, the git state, and the state that views share
/// (selection, which runs are drawn, the filter). Lives on the GUI thread; every file, database and git
/// access happens in its jobs, and results arrive as signals or callbacks on the GUI thread.
class ProjectSession final : public QObject {
    Q_OBJECT
public:
    explicit ProjectSession(std::filesystem::path project, QObject* parent = nullptr);
    ~ProjectSession() override;

    /// Starts loading and following. Signals tell the rest.
    void start();
    /// Reads runs and git state again from the ground up (F5).
    void refresh();

    /// The search for runs of other tools in the project's folders.
    struct Walk {
        bool running = false;
        bool cancelled = false;   ///< the last one was, so that not everything was looked at
        std::uint64_t done = 0;   ///< files and folders
        std::uint64_t total = 0;  ///< as far as known
        std::size_t runs = 0;     ///< found so far
    };
    /// To be polled: a walk looks at thousands of folders a second.
    [[nodiscard]] Walk walk() const;
    /// What was found until then stays; refresh() looks everywhere again.
    void cancelWalk();

    [[nodiscard]] const std::filesystem::path& project() const;
    [[nodiscard]] QString projectName() const;
    [[nodiscard]] bool writable() const;
    [[nodiscard]] QString whyNotWritable() const;
    /// Part of the run database cannot be read. Announced by loadedChanged.
    [[nodiscard]] bool damaged() const;
    /// Runs that cannot be read, or only in part, as far as known.
    [[nodiscard]] std::uint64_t damagedRuns() const;
    /// The first of them, as far as they can be named.
    [[nodiscard]] const std::vector<store::DamagedRun>& namedDamage() const;
    [[nodiscard]] bool loaded() const;

    // --- runs ---
    /// Never null.
    [[nodiscard]] const model::SharedRunTable& runs() const;
    [[nodiscard]] model::SharedRun run(const RunId& id) const;  ///< null when gone
    /// Of this project's own runs: what runs or waits with another tool cannot be stopped or started here.
    [[nodiscard]] int runningCount() const;
    [[nodiscard]] int scheduledCount() const;

    // --- shared state of the views ---
    /// Selected runs in the order of selection; the first is "the" run of the inspector and the baseline of
    /// Compare.
    [[nodiscard]] const std::vector<RunId>& selection() const;
    void select(std::vector<RunId> runs);
    /// The run that has the keyboard's attention (current row, hovered curve).
    [[nodiscard]] std::optional<RunId> highlighted() const;
    void setHighlighted(std::optional<RunId> run);
    /// Whether a run's curves are drawn. At first the newest 24 are; runs that start later are too.
    [[nodiscard]] bool isVisible(const RunId& id) const;
    void setVisible(const std::vector<RunId>& runs, bool visible);
    void showOnly(const std::vector<RunId>& runs);
    /// Runs that pass the filter and are not archived, in table order: what "all" means to the views. Kept by
    /// the session until a view sets it for the first time.
    [[nodiscard]] const std::vector<RunId>& shown() const;
    void setShown(std::vector<RunId> runs);
    /// Runs that are both shown and visible, in the order of shown().
    [[nodiscard]] const std::vector<RunId>& plotted() const;
    /// The colour that stands for a run wherever it is shown, as its curves have it: picked by hand, or by
    /// the value that tells curves apart, or its own of the palette. In the present theme.
    [[nodiscard]] QColor runColor(const model::RunRecord& run) const;
    using RunColors = std::function<QColor(const model::RunRecord&)>;
    /// For the view of curves: how it colours runs that have no colour picked by hand; nothing for their own.
    void setRunColors(RunColors colors);

    // --- requests; `done` runs on the GUI thread unless `owner` is destroyed first ---
    void requestDetail(const RunId& id, QObject* owner, std::function<void(Result<model::RunDetail>)> done);
    /// Points of one series, from a cache that grows with the run. `done` gets null when the run has no such
    /// metric.
    void requestSeries(const RunId& id, Symbol key, QObject* owner,
                       std::function<void(Result<model::SharedSeries>)> done);

    /// For jobs that read runs wherever they live, with sources::ProjectRuns.
    [[nodiscard]] std::shared_ptr<const sources::Catalogue> catalogue() const;

    // --- edits, undoable through undoStack() ---
    [[nodiscard]] QUndoStack* undoStack();
    void rename(const RunId& id, const QString& name);
    void setTag(const std::vector<RunId>& runs, const QString& key, const QString& value);
    void removeTag(const std::vector<RunId>& runs, const QString& key);
    void setNote(const RunId& id, const QString& markdown);
    void setStarred(const std::vector<RunId>& runs, bool starred);
    void setArchived(const std::vector<RunId>& runs, bool archived);
    /// 0xRRGGBB; nothing gives a run its colour of the palette again.
    void setColor(const std::vector<RunId>& runs, std::optional<std::uint32_t> rgb);
    /// Marks runs as killed whose script logged from elsewhere and will not end them any more.
    void endByHand(const std::vector<RunId>& runs);
    void stopRun(const RunId& id);
    /// Those of `runs` that were launched: stopRun() reaches them, and endByHand() is for the others.
    void requestLaunched(const std::vector<RunId>& runs, QObject* owner,
                         std::function<void(const std::vector<RunId>& launched)> done);

    // --- git ---
    struct GitState {
        bool isRepository = false;
        git::Head head;
        std::vector<git::StatusEntry> changes;  ///< of the work tree
        QString problem;
    };
    [[nodiscard]] const GitState& git() const;

    // --- what a person should know ---
    struct Problem {
        QString message;
        QString detail;
    };
    /// What keeps values that scripts have logged out of the run database, for the status bar: another
    /// program holds it. They are shown all the same. Empty when nothing does.
    [[nodiscard]] const QString& waiting() const;
    /// What went wrong since the project was opened, oldest first; the newest hundred.
    [[nodiscard]] const std::vector<Problem>& problems() const;
    /// What of other tools' files cannot be read at this moment, a sentence each.
    [[nodiscard]] const QStringList& unreadable() const;
    /// For what a view attempted in vain: shown and kept like those of the session itself.
    void raiseProblem(const QString& message, const QString& detail = {});

    // --- workers, for the jobs of views ---
    [[nodiscard]] jobs::ThreadPool& pool();
    [[nodiscard]] jobs::Executor guiExecutor() const;

Q_SIGNALS:
    void loadedChanged();
    void runsChanged(const runglass::ui::RunsDelta& delta);
    void selectionChanged();
    void highlightChanged();
    void visibilityChanged();
    void shownChanged();
    /// runColor() differs for runs that have not changed.
    void runColorsChanged();
    void gitChanged();
    void waitingChanged();
    /// Something went wrong that a person should see; also kept in problems().
    void problemRaised(const QString& message, const QString& detail);
    void unreadableChanged();

private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace runglass::ui
