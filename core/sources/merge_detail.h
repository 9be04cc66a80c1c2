// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "join.h"
#include "runglass/base/result.h"
#include "runglass/model/run_detail.h"

namespace runglass::sources {

/// Asks every origin of the run and puts the answers together: what the first does not say comes from the
/// next. An origin that cannot answer any more is among the problems; an error when none can.
Result<model::RunDetail> mergeDetails(const JoinedRun& run, const std::filesystem::path& project);

std::vector<model::Origin> originsOf(const JoinedRun& run, const std::filesystem::path& project);

}  // namespace runglass::sources
