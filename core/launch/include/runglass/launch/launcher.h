// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/base/run_id.h"
#include "runglass/launch/launch_spec.h"
#include "runglass/launch/script_endpoint.h"

namespace runglass::launch {

/// Makes the run (database entry, snapshot, capture), starts its supervisor as a process of its own session
/// and returns when the supervisor has taken over. The caller may die at any time afterwards. A project
/// without git or with nothing to snapshot is not an error; the run's `problems` say it. While another
/// program holds the run database the run starts all the same, and is made there once that is free.
Result<RunId> launch(const LaunchSpec& spec);

struct WaitOutcome {
    int exitCode = 0;  ///< the command's own, or 128+N for signal N
    bool lost = false;
};
/// What was not recorded of the run as it started: no snapshot, files left out, configurations that cannot be
/// read. Also of a run that is not in the run database yet.
std::vector<std::string> startProblems(const std::filesystem::path& project, const RunId& id);

/// Blocks until the run has ended. `onOutput` gets what the command prints, as it comes (fd 1 or 2).
Result<WaitOutcome> waitForEnd(const std::filesystem::path& project, const RunId& id,
                               const std::function<void(int fd, std::string_view bytes)>& onOutput = {});

/// waitForEnd for `runglass run`: output goes to stdout and stderr of this process. Ctrl+C interrupts the
/// command as it would without Runglass (SIGINT), a second one kills it; all other signals concern this
/// process alone, and the run goes on. Blocks SIGINT for the calling thread while it waits.
Result<WaitOutcome> followInForeground(const std::filesystem::path& project, const RunId& id);

enum class StopKind {
    Terminate,  ///< SIGTERM, then SIGKILL after the grace time
    Interrupt,  ///< SIGINT, and nothing more
    Kill,       ///< SIGKILL at once
};
/// Asks the supervisor to stop the run, with all the processes that came of it. Returns at once. Where the
/// supervisor is gone but its command still runs, that is signalled directly.
Result<void> requestStop(const std::filesystem::path& project, const RunId& id,
                         StopKind kind = StopKind::Terminate);

/// Whether the run was launched, so that requestStop() has somebody to ask. Others have logged from
/// elsewhere, and where their script died without a word, nobody ends them but a person
/// (store/end_by_hand.h).
bool wasLaunched(const std::filesystem::path& project, const RunId& id);
/// Whether its command is one that was given here, however long ago, and none that came with the run from
/// elsewhere.
bool hasCommandFromHere(const std::filesystem::path& project, const RunId& id);

/// What keeps a running run from being recorded right now (a full disk, a database that cannot be written), a
/// message for people; empty when all is well.
std::string recordingTrouble(const std::filesystem::path& project, const RunId& id);

/// Brings the database up to date after crashes: runs whose supervisor is gone become `lost` (or get the end
/// that their folder still tells); spools that were not taken in are, and so is what killed endpoints have
/// acknowledged. Called on opening a project for writing; cheap when there is nothing to do. Does not wait
/// for another program that holds the database: then all of it is left for the next time. Returns the runs
/// that were lost or ended.
Result<std::vector<RunId>> recover(const std::filesystem::path& project);

/// Whether there is any run whose end is not in the run database yet, or that is not there itself.
bool isAnyUnsettled(const std::filesystem::path& project);

/// The program that supervises: `runglass` beside the running program, or in PATH.
std::filesystem::path supervisorProgram();

/// What the program that supervises does after the end of a run has been recorded and nobody waits any more.
using AfterRun = std::function<void(const std::filesystem::path& project, const RunId& run)>;

/// Body of `runglass supervise RUN_FOLDER`, the process that launch() starts. Both functions may be empty.
int superviseMain(const std::filesystem::path& runFolder, const MakeScriptEndpoint& makeEndpoint,
                  const AfterRun& afterRun = {});
/// Body of `runglass supervise --attach PID RUN_FOLDER`: watches a process that was not started by Runglass
/// and logs to the spool of that folder (runglass.py does so). The process must be the caller's own.
int superviseAttached(int pid, const std::filesystem::path& runFolder, const AfterRun& afterRun = {});

}  // namespace runglass::launch
