// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "runglass/model/run.h"

namespace runglass::model {

/// Whether the source code of a run had changes that its commit does not have. Nothing where nobody has told:
/// without a commit, and for tools that note the commit alone.
std::optional<bool> hadUncommittedChanges(const RunRecord& run);

}  // namespace runglass::model
