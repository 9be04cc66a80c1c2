// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "command_table.h"
#include "output.h"
#include "project_data.h"
#include "runglass/base/translate.h"
#include "runglass/launch/launcher.h"
#include "runglass/store/database_holder.h"
#include "runglass/store/end_by_hand.h"
#include "runglass/store/patience.h"

namespace runglass::cli {

namespace {

/// For another program that holds the run database: until people are told, and after that.
constexpr std::int64_t kQuietPatienceMs = 500;
constexpr std::int64_t kToldPatienceMs = 2'000;

Result<void> end(const ProjectData& project, const RunId& run, std::int64_t patienceMs) {
    const store::Patience patience(patienceMs);
    RUNGLASS_ASSIGN(auto database, store::Database::open(project.folder, store::OpenMode::ReadWrite));
    return store::endByHand(database, std::array{run});
}

bool isBusy(const Result<void>& done) {
    return !done.ok() && done.error().code == ErrorCode::Busy;
}

Result<void> endSaying(const ProjectData& project, const RunId& run) {
    auto done = end(project, run, kQuietPatienceMs);
    if (!isBusy(done)) {
        return done;
    }
    complain(
        tr("Waiting for {}, which holds the run database.", store::databaseHolderOrUnknown(project.folder)));
    done = end(project, run, kToldPatienceMs);
    if (!isBusy(done)) {
        return done;
    }
    return Error{ErrorCode::Busy,
                 tr("Run {} is not marked as killed, because {} holds the run database. Try again when that "
                    "is done.",
                    run.shortHex(), store::databaseHolderOrUnknown(project.folder)),
                 {}};
}

/// Whoever has logged it may be on another machine, or be dead.
Result<int> markEnded(const ProjectData& project, const model::RunRecord& run) {
    if (run.source.text() != "runglass") {
        complain(tr("Run {} was not launched by Runglass. Stop it where it was started.", run.id.shortHex()));
        return 1;
    }
    RUNGLASS_TRY(endSaying(project, run.id));
    complain(
        tr("Run {} has no process that Runglass knows: its script logs from elsewhere. It is marked as "
           "killed; a script that still runs goes on.",
           run.id.shortHex()));
    return 0;
}

enum class Stopped { Asked, Marked, Not };

Result<Stopped> stopOne(ProjectData& project, const model::RunTable& table, const RunId& id) {
    const auto* run = table.find(id);
    // The command of a lost run may still go on, unwatched.
    const bool lost = run != nullptr && run->status == model::RunStatus::Lost;
    if (lost && launch::requestStop(project.folder, id).ok()) {
        return Stopped::Asked;
    }
    if (run == nullptr || model::isTerminal(run->status)) {
        const auto status = run == nullptr ? std::string_view("lost") : model::statusName(run->status);
        complain(tr("Run {} does not run: it is {}.", id.shortHex(), status));
        return Stopped::Not;
    }
    if (!launch::wasLaunched(project.folder, id)) {
        RUNGLASS_ASSIGN(const int code, markEnded(project, *run));
        return code == 0 ? Stopped::Marked : Stopped::Not;
    }
    RUNGLASS_TRY(launch::requestStop(project.folder, id));
    return Stopped::Asked;
}

Result<int> stop(const Invocation& invocation) {
    RUNGLASS_ASSIGN(auto project, openProject(invocation));
    RUNGLASS_ASSIGN(const auto table, loadRuns(project));
    std::vector<RunId> ids;  // all are looked up before any is stopped
    for (const auto& name : invocation.arguments()) {
        RUNGLASS_ASSIGN(const auto id, resolveRun(project, name));
        ids.push_back(id);
    }
    int exitCode = 0;
    std::vector<RunId> stopped;
    for (const auto& id : ids) {
        RUNGLASS_ASSIGN(const auto done, stopOne(project, *table, id));
        exitCode = done == Stopped::Not ? 1 : exitCode;
        if (done == Stopped::Asked) {
            stopped.push_back(id);
        }
    }
    if (invocation.has("--wait")) {
        for (const auto& id : stopped) {
            RUNGLASS_ASSIGN(const auto outcome, launch::waitForEnd(project.folder, id));
            (void)outcome;
        }
    }
    return exitCode;
}

}  // namespace

Command stopCommand() {
    return {.name = "stop",
            .summary = "stop runs",
            .description =
                "Sends SIGTERM to the processes of a run, and SIGKILL when its grace time is over. The run's "
                "status "
                "becomes killed. A run whose script logs from elsewhere (runglass serve) has no process to "
                "stop: it is marked as killed, so that one that died without a word does not run for ever. "
                "Exit code 1 when one of the runs was not running.",
            .arguments = {{.name = "RUN",
                           .help = "Ids, the beginnings of ids, or names.",
                           .completes = Completes::Run,
                           .many = true}},
            .options =
                {{.name = "--wait", .value = "", .help = "Returns when the runs have ended.", .letter = 'w'}},
            .examples = {{"runglass stop 8f3a1c20", "Stops a run."},
                         {"runglass stop $(runglass runs -q --filter \"status = 'running'\")",
                          "Stops all of them."}},
            .run = stop};
}

}  // namespace runglass::cli
