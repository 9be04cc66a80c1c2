// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace runglass::launch {

struct SpawnSpec {
    std::vector<std::string> command;
    std::filesystem::path workingDirectory;
    std::vector<std::string> environment;  ///< `NAME=value`
    std::vector<int> descriptors;          ///< become 0, 1, 2 …; everything else is closed
};

/// Starts a program in a session of its own, with no signal blocked or ignored. Uses posix_spawn, which is
/// as fast in a process with gigabytes as in a small one (PLATFORM: a plain fork costs 78 ms there). Returns
/// 0 and the pid, or the errno of what failed.
int spawnProcess(const SpawnSpec& spec, pid_t& pid);

/// Why a command could not be started, as a shell would number it and a person would want to read it.
struct SpawnFailure {
    int exitCode = 127;  ///< 127 not found, 126 found but not executable
    std::string message;
};
SpawnFailure explainSpawnFailure(int errorNumber, const SpawnSpec& spec);

}  // namespace runglass::launch
