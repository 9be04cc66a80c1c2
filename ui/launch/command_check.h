// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <filesystem>
#include <string>
#include <vector>

#include "runglass/launch/script_flags.h"

namespace runglass::ui {

/// What can be said of a command before it is started, from files only.
struct CommandCheck {
    std::string script;  ///< as on the command line; empty: none
    bool scriptFound = false;
    launch::ScriptFlags flags;  ///< that the script declares
    QString mistake;            ///< why the command would not start; empty: nothing known against it
    QString interpreter;        ///< `.venv/bin/python, Python 3.11.2, 64 packages`; empty: no Python
    int withheld = 0;           ///< variables whose values look like secrets
};

/// Reads the script, the interpreter's metadata and the environment. On a worker thread.
CommandCheck checkCommand(const std::string& line, const std::filesystem::path& workingDirectory);

}  // namespace runglass::ui
