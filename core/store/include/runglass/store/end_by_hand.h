// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "runglass/base/result.h"
#include "runglass/base/run_id.h"
#include "runglass/store/database.h"

namespace runglass::store {

/// Ends runs that nobody else will end: their script logged from elsewhere and died. They become `killed`, at
/// their last point, or at their start where they have none. Those that have ended stay as they are.
Result<void> endByHand(Database& database, std::span<const RunId> runs);

/// They go on.
Result<void> takeBackEnd(Database& database, std::span<const RunId> runs);

}  // namespace runglass::store
