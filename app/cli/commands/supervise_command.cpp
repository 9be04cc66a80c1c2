// SPDX-License-Identifier: GPL-3.0-or-later
#include <unistd.h>

#include <cstdint>
#include <filesystem>

#include "command_table.h"
#include "invocation.h"
#include "run_endpoint.h"
#include "runglass/launch/launcher.h"
#include "runglass/sources/settle.h"

namespace runglass::cli {

namespace {

/// Nobody waits for it, and the next run of a sweep may have begun.
void settle(const std::filesystem::path& project, const RunId& run) {
    [[maybe_unused]] const int priority = ::nice(10);
    sources::settleWrittenFiles(project, run);
}

Result<int> supervise(const Invocation& invocation) {
    const auto& folder = invocation.arguments().front();
    RUNGLASS_ASSIGN(const auto attached, invocation.integer("--attach", 1, INT32_MAX));
    return attached ? launch::superviseAttached(static_cast<int>(*attached), folder, settle)
                    : launch::superviseMain(folder, makeRunEndpoint, settle);
}

}  // namespace

Command superviseCommand() {
    return {
        .name = "supervise",
        .summary = "own one launched run",
        .description = "Started by runglass run, by the desktop and by runglass.py, never by hand.",
        .arguments = {{.name = "RUN_FOLDER", .help = "The run's folder.", .completes = Completes::Folder}},
        .options = {{.name = "--attach", .value = "PID", .help = "Watches a process that runs already."}},
        .examples = {},
        .hidden = true,
        .run = supervise};
}

}  // namespace runglass::cli
