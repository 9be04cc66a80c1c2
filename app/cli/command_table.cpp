// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_table.h"

#include <algorithm>

namespace runglass::cli {

const std::vector<Command>& commandTable() {
    // clang-format off
    static const std::vector<Command> table{
        openCommand(),
        runCommand(),
        runsCommand(),
        showCommand(),
        logCommand(),
        metricsCommand(),
        artifactsCommand(),
        diffCommand(),
        historyCommand(),
        plotCommand(),
        serveCommand(),
        stopCommand(),
        sourcesCommand(),
        importCommand(),
        exportCommand(),
        checkCommand(),
        demoCommand(),
        helpCommand(),
        superviseCommand(),
        completeCommand(),
        generateCommand(),
    };
    // clang-format on
    return table;
}

const Command* findCommand(std::string_view name) {
    const auto it = std::ranges::find(commandTable(), name, &Command::name);
    return it == commandTable().end() ? nullptr : &*it;
}

const std::vector<Option>& globalOptions() {
    static const std::vector<Option> options{
        {.name = "--project",
         .value = "DIR",
         .help = "The project's folder. Without it: the nearest folder at or above the current one that has "
                 ".runglass or .git.",
         .completes = Completes::Folder},
        {.name = "--format",
         .value = "table|json|csv",
         .help = "How data is printed. JSON and CSV hold every digit and are stable between versions.",
         .choices = {"table", "json", "csv"}},
        {.name = "--source",
         .value = "DIR",
         .help = "A folder outside of the project that other tools left runs in; may be given several times. "
                 "Lasting ones: runglass sources add DIR.",
         .repeated = true,
         .completes = Completes::Folder},
        {.name = "--help", .value = "", .help = "Shows this help.", .letter = 'h'},
        {.name = "--version", .value = "", .help = "Shows the version of Runglass."},
    };
    return options;
}

std::vector<const Option*> optionsOf(const Command& command) {
    std::vector<const Option*> options;
    for (const auto& option : command.options) {
        options.push_back(&option);
    }
    for (const auto& option : globalOptions()) {
        const std::string_view name = option.name;
        const bool ofData = name == "--format" || name == "--source";
        if (name != "--version" && (command.data || !ofData)) {
            options.push_back(&option);
        }
    }
    return options;
}

}  // namespace runglass::cli
