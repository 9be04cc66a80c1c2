// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "runglass/exchange/copy_run.h"
#include "runglass/model/run.h"

namespace runglass::cli {

/// Says on standard error which runs were left out and why, by the names that `table` has for them: the
/// first few, and how many more.
void sayFailures(const std::vector<exchange::RunFailure>& failures, const model::RunTable& table);

/// The same with everything else that a copy lacks.
void sayLeftOut(const exchange::CopyTally& tally, const model::RunTable& table);

}  // namespace runglass::cli
