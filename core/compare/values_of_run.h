// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include "runglass/compare/comparison.h"

namespace runglass::compare {

/// What one run says of one subject, by key; alphabetical.
using Values = std::map<std::string, std::string>;

/// The values of each run for a section of this kind. All runs at once, because how a config file's keys are
/// named depends on how many files there are.
std::vector<Values> valuesOf(Section::Kind kind, const std::vector<model::RunDetail>& runs);

/// A command line by flag and position: `--lr 3e-3` → `--lr`: `3e-3`, `opt=adam` → `opt`, `--verbose` →
/// `true`, the rest `argument 0`, `argument 1` …
Values commandValues(const std::vector<std::string>& command);

}  // namespace runglass::compare
