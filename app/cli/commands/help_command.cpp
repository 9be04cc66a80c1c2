// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_table.h"
#include "help.h"
#include "invocation.h"
#include "output.h"
#include "runglass/base/translate.h"

namespace runglass::cli {

namespace {

Result<int> help(const Invocation& invocation) {
    if (invocation.arguments().empty()) {
        print(overviewHelp());
        return 0;
    }
    const auto& name = invocation.arguments().front();
    const Command* command = findCommand(name);
    if (command == nullptr) {
        return Error{ErrorCode::NotFound, tr("There is no command {}. See runglass --help.", name), {}};
    }
    print(commandHelp(*command));
    return 0;
}

}  // namespace

Command helpCommand() {
    return {.name = "help",
            .summary = "explain a command",
            .description = "Shows what a command does, with examples. The same as runglass COMMAND --help.",
            .arguments = {{.name = "COMMAND",
                           .help = "The command to explain; all of them without it.",
                           .completes = Completes::Command,
                           .required = false}},
            .options = {},
            .examples = {{"runglass help runs", "Explains the run table and its filter."}},
            .run = help};
}

}  // namespace runglass::cli
