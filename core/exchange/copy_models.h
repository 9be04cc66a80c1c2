// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/base/run_id.h"
#include "runglass/sources/project_runs.h"
#include "runglass/store/database.h"

namespace runglass::exchange {

/// Copies `all` that is known of models at a run that `to` has already: those that it made or read, with
/// params, tags, metrics and files, and the versions that are registered of them. Models that are there are
/// brought up to date, and what somebody has edited stays; a version whose number is taken by another gets
/// the next one, as `problems` says. The content of the files has been copied with the run. Returns whether
/// anything is new.
Result<bool> copyModels(const sources::ProjectRuns& from, const model::RunModels& all,
                        const model::RunRecord& run, store::Database& to, std::vector<std::string>& problems);

}  // namespace runglass::exchange
