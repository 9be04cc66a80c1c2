// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/base/run_id.h"
#include "runglass/model/logged_model.h"
#include "runglass/model/run_detail.h"

namespace runglass::store {

/// readRunModels() with what lies aside (kept_changes.h), of a run that may itself lie there: what scripts
/// say of models while another program holds the run database, for those that only look. Copies the catalog;
/// NotFound when there is no such run.
[[nodiscard]] Result<model::RunModels> readKeptModels(const std::filesystem::path& project, const RunId& id);

/// All files of the run, as RunReader::detail has them, with what lies aside: the run's own, and those of the
/// models that it makes. As above.
[[nodiscard]] Result<std::vector<model::Artifact>> readKeptFiles(const std::filesystem::path& project,
                                                                 const RunId& id);

}  // namespace runglass::store
