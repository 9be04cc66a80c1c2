// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stop_token>
#include <vector>

#include "repository_impl.h"

namespace runglass::git {

/// Fills added/removedLines of each entry: its text in the work tree against HEAD.
Result<void> countChangedLines(const Repository& repository, std::vector<StatusEntry>& entries,
                               const std::stop_token& stop);

}  // namespace runglass::git
