// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runglass/launch/console_scalars.h"

namespace runglass::launch {

/// Adds the project's own patterns for console lines, from `.runglass/settings.json`:
///   {"console": {"patterns": ["^(?<key>\\w+) is (?<value>\\S+) at (?<step>\\d+)$"]}}
/// Returns what is wrong with them, for people.
std::vector<std::string> addProjectPatterns(const std::filesystem::path& project, ConsoleScalars& scalars);

}  // namespace runglass::launch
