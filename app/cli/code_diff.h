// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "json_writer.h"
#include "runglass/git/values.h"

namespace runglass::cli {

/// One line a file: what happened to it, lines added and removed.
void printCodeSummary(const std::vector<git::FileDiff>& files);
/// As `git diff` prints it.
void printUnifiedDiff(const std::vector<git::FileDiff>& files);
void writeCodeSummary(JsonWriter& json, const std::vector<git::FileDiff>& files);

}  // namespace runglass::cli
