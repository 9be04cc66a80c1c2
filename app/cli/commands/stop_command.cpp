// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_table.h"
#include "output.h"
#include "project_data.h"
#include "runglass/base/translate.h"
#include "runglass/launch/launcher.h"

namespace runglass::cli {

namespace {

/// 0 when the run was asked to stop, 1 when there was nothing to stop.
Result<int> stopOne(ProjectData& project, const model::RunTable& table, const RunId& id) {
    const auto* run = table.find(id);
    // The command of a lost run may still go on, unwatched.
    const bool lost = run != nullptr && run->status == model::RunStatus::Lost;
    if (lost && launch::requestStop(project.folder, id).ok()) {
        return 0;
    }
    if (run == nullptr || model::isTerminal(run->status)) {
        const auto status = run == nullptr ? std::string_view("lost") : model::statusName(run->status);
        complain(tr("Run {} does not run: it is {}.", id.shortHex(), status));
        return 1;
    }
    RUNGLASS_TRY(launch::requestStop(project.folder, id));
    return 0;
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
        RUNGLASS_ASSIGN(const int code, stopOne(project, *table, id));
        exitCode = std::max(exitCode, code);
        if (code == 0) {
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
                "becomes killed. Exit code 1 when one of the runs was not running.",
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
