// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runglass/launch/console_scalars.h"

namespace runglass::launch {

/// When the lines that a script prints are searched for scalars.
enum class ConsolePolicy {
    UntilLogged,  ///< until the script logs a metric itself: what it prints then is the same again
    Always,
    Never,
};

struct ProjectConsole {
    ConsolePolicy policy = ConsolePolicy::UntilLogged;
    std::vector<std::string> problems;  ///< what is wrong with the settings, for people
};

/// Reads how a project wants its consoles read, from `.runglass/settings.json`, and adds its patterns to
/// `scalars`:
///   {"console": {"scalars": "until_logged", "patterns": ["^(?<key>\\w+) is (?<value>\\S+) at
///   (?<step>\\d+)$"]}}
/// `scalars` is `until_logged`, `always` or `never`; without it a project with patterns of its own means
/// `always`.
ProjectConsole readProjectConsole(const std::filesystem::path& project, ConsoleScalars& scalars);

}  // namespace runglass::launch
