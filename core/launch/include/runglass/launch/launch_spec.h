// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "runglass/base/run_id.h"
#include "runglass/model/run_detail.h"

namespace runglass::launch {

/// What a person asks for: `runglass run` and the Launch view fill the same struct.
struct LaunchSpec {
    std::filesystem::path project;
    std::filesystem::path workingDirectory;  ///< empty: the project
    std::vector<std::string> command;        ///< argv; no shell ever sees it
    std::string name;                        ///< empty: made from the command
    std::string experiment;                  ///< empty: `default`
    std::vector<model::Variable> params;     ///< given by the person; win over captured ones
    std::vector<model::Variable> tags;
    std::vector<model::Variable> environment;  ///< additions to the environment of the command
    std::vector<model::Variable> datasets;     ///< name → path
    std::optional<RunId> parent;
    std::int64_t graceMs = 20'000;  ///< between SIGTERM and SIGKILL on stop
    std::int64_t maxUntrackedBytes = 10 << 20;
    bool takeSnapshot = true;
    /// Hands the caller's standard input to the command, unless it is a terminal (which stays with the shell
    /// that owns it). Otherwise the command reads an empty input.
    bool inheritInput = false;
    /// The caller will call followInForeground(): the command waits when it prints faster than that shows.
    bool follow = false;
};

}  // namespace runglass::launch
