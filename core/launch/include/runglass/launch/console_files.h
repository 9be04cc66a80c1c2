// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "runglass/base/result.h"

namespace runglass::launch {

/// The files of a run folder that hold its console, index before log: what an index speaks of is in its log
/// by then, also while the run goes on printing. Empty where there is none.
std::vector<std::filesystem::path> consoleFiles(const std::filesystem::path& runFolder);

/// Whether a file of that name in a run folder belongs to the console.
bool isConsoleFile(std::string_view name);

/// Makes the console in `to` the same as that in `from`, with times and streams; false where it was. Nothing
/// is changed where `from` has none.
Result<bool> copyConsole(const std::filesystem::path& from, const std::filesystem::path& to);

/// Makes `text` the console in `runFolder`, as standard output of which no time is known (0); false where it
/// was.
Result<bool> writeConsole(const std::filesystem::path& runFolder, std::string_view text);

}  // namespace runglass::launch
