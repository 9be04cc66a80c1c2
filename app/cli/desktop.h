// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runglass/base/result.h"

namespace runglass::cli {

/// `runglass-desktop`: beside this program, else in PATH. NotFound when it is not installed.
Result<std::filesystem::path> desktopProgram();

/// Replaces this process by the desktop with these arguments; returns only when that failed.
Error becomeDesktop(const std::vector<std::string>& arguments);

/// Runs the desktop to its end; its exit code.
Result<int> callDesktop(const std::vector<std::string>& arguments);

}  // namespace runglass::cli
