// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "catalogue_follower.h"
#include "runglass/jobs/executor.h"
#include "runglass/model/run.h"
#include "runglass/store/database.h"
#include "runglass/ui/session/project_session.h"

namespace runglass::ui {

/// What the follower found: a table, and how it differs from the one before.
struct RunsUpdate {
    model::SharedRunTable table;
    RunsDelta delta;
    int running = 0;
    int scheduled = 0;
    std::vector<RunId> notArchived;  ///< in table order
    bool loading = false;            ///< more runs of other tools are being found
    bool shownMayDiffer = false;     ///< whether `notArchived` differs from the last one
};

/// How the database could be opened.
struct OpenState {
    bool writable = false;
    std::string whyNotWritable;
    bool damaged = false;                             ///< it is open, and part of it cannot be read
    std::uint64_t damagedRuns = 0;                    ///< not read, or only in part, as far as known
    std::vector<store::DamagedRun> namedDamage = {};  ///< the first of them
    friend bool operator==(const OpenState&, const OpenState&) = default;
};

/// Follows the runs of a project: those of other tools (catalogue_follower.h), and the run database in a
/// thread of its own, which makes one table of both. Opens it as soon as it exists (opening a
/// project creates nothing), brings it up to date after crashes, then asks for its revision ten times a
/// second and hands out what changed. Callbacks run through the executor and never after the follower is
/// gone.
class RunFollower {
public:
    struct Callbacks {
        std::function<void(OpenState)> opened;
        std::function<void(RunsUpdate)> updated;
        std::function<void(std::string message, std::string detail)> problem;
        /// The program that has held the database for a while, so that what scripts log lies aside; empty
        /// when none does any more.
        std::function<void(std::string holder)> waiting;
        /// What of other tools' files cannot be read now, a sentence each; all of it each time it changes.
        std::function<void(const QStringList& sentences)> unreadable;
    };

    RunFollower(std::filesystem::path project, std::shared_ptr<sources::Catalogue> catalogue,
                jobs::Executor executor, Callbacks callbacks);
    RunFollower(const RunFollower&) = delete;
    RunFollower& operator=(const RunFollower&) = delete;
    /// Waits for the thread, which stops within one query.
    ~RunFollower();

    /// Looks at once rather than at the next tick; with `fromScratch`, reads everything again.
    void wake(bool fromScratch = false);
    /// Of the search for runs of other tools.
    [[nodiscard]] ProjectSession::Walk walk() const { return m_foreign->walk(); }
    void cancelWalk() { m_foreign->cancelWalk(); }

private:
    class Worker;
    std::shared_ptr<std::atomic<bool>> m_alive;
    std::shared_ptr<Worker> m_worker;
    std::jthread m_thread;
    std::unique_ptr<CatalogueFollower> m_foreign;
};

}  // namespace runglass::ui
