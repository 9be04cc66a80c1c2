// SPDX-License-Identifier: GPL-3.0-or-later
//
// Models as runs see them: what a run shows of them, and which runs have to be looked at again when a model
// changes.
#pragma once

#include <cstdint>
#include <string_view>

#include "runglass/base/result.h"
#include "runglass/model/logged_model.h"
#include "runglass/model/run_detail.h"
#include "runglass/store/database.h"

namespace runglass::store {

/// Of each metric, run and dataset the greatest by step and time.
Result<std::vector<model::ModelMetric>> readLatestMetrics(Database::Impl& database, std::string_view model);
Result<model::RunModels> readModels(Database::Impl& database, std::int64_t run, const RunId& id);
/// Adds the files of the models that the run made to its artifacts, named by artifactPrefix().
Result<void> addModelFiles(Database::Impl& database, std::int64_t run, model::RunDetail& detail);

/// These give the runs that show something the next revision; call within a transaction. A model or run that
/// is not there is none.
Result<void> touchMakerOf(Database::Impl& database, std::string_view loggedModel);
Result<void> touchMakersOf(Database::Impl& database, std::string_view registeredModel);
Result<void> touchMakerOf(Database::Impl& database, std::string_view registeredModel, std::int64_t version);
/// `path` is that of an artifact that belongs to no run.
Result<void> touchMakerOfFile(Database::Impl& database, std::string_view path);

}  // namespace runglass::store
