// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_table.h"
#include "invocation.h"
#include "runglass/launch/launcher.h"

namespace runglass::cli {

Command superviseCommand() {
    return {
        .name = "supervise",
        .summary = "own one launched run",
        .description = "Started by runglass run and by the desktop, never by hand.",
        .arguments = {{.name = "RUN_FOLDER", .help = "The run's folder.", .completes = Completes::Folder}},
        .options = {},
        .examples = {},
        .hidden = true,
        .run = [](const Invocation& invocation) -> Result<int> {
            return launch::superviseMain(invocation.arguments().front());
        }};
}

}  // namespace runglass::cli
