// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command.h"

// One maker a command, each in commands/<name>_command.cpp, and one line in command_table.cpp.
namespace runglass::cli {

Command openCommand();
Command runCommand();
Command runsCommand();
Command showCommand();
Command logCommand();
Command metricsCommand();
Command artifactsCommand();
Command diffCommand();
Command historyCommand();
Command plotCommand();
Command serveCommand();
Command stopCommand();
Command sourcesCommand();
Command importCommand();
Command exportCommand();
Command checkCommand();
Command demoCommand();
Command helpCommand();
Command superviseCommand();
Command completeCommand();
Command generateCommand();

}  // namespace runglass::cli
