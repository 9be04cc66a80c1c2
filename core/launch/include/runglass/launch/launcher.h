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

namespace runglass::launch {

/// Makes the run (database entry, snapshot, capture), starts its supervisor as a process of its own session
/// and returns when the supervisor has taken over. The caller may die at any time afterwards. A project
/// without git or with nothing to snapshot is not an error; the run's `problems` say it.
Result<RunId> launch(const LaunchSpec& spec);

struct WaitOutcome {
    int exitCode = 0;  ///< the command's own, or 128+N for signal N
    bool lost = false;
};
/// Blocks until the run has ended. `onOutput` gets what the command prints, as it comes (fd 1 or 2).
Result<WaitOutcome> waitForEnd(const std::filesystem::path& project, const RunId& id,
                               const std::function<void(int fd, std::string_view bytes)>& onOutput = {});

/// Asks the supervisor to stop the run: SIGTERM to its process group, SIGKILL after the grace time. Returns
/// at once.
Result<void> requestStop(const std::filesystem::path& project, const RunId& id);

/// Brings the database up to date after crashes: runs whose supervisor is gone become `lost` (or get the end
/// that their folder still tells), and spools that were not taken in are. Called on opening a project for
/// writing; cheap when there is nothing to do. Returns the runs that changed.
Result<std::vector<RunId>> recover(const std::filesystem::path& project);

/// The program that supervises: `runglass` beside the running program, or in PATH.
std::filesystem::path supervisorProgram();

/// Body of `runglass supervise RUN_FOLDER`.
int superviseMain(const std::filesystem::path& runFolder);

}  // namespace runglass::launch
