// SPDX-License-Identifier: GPL-3.0-or-later
//
// What only the page of a single run shows: tables detail, content, config_file, dataset, artifact, problem.
#pragma once

#include <string_view>

#include "runglass/base/bytes.h"
#include "runglass/base/result.h"
#include "runglass/base/run_id.h"
#include "runglass/model/run_detail.h"
#include "runglass/store/database.h"

namespace runglass::store {

Result<model::RunDetail> readDetail(Database::Impl& database, const RunId& id);
/// Everything of `detail` but its record.
Result<void> writeDetail(Database::Impl& database, std::int64_t run, const model::RunDetail& detail);

Result<void> addDatasetRow(Database::Impl& database, std::int64_t run, const model::Dataset& dataset);
Result<void> addProblemRow(Database::Impl& database, std::int64_t run, std::string_view message);
/// Invalid: see fileInTheWay().
Result<void> putArtifactRow(Database::Impl& database, std::int64_t run, const model::Artifact& artifact);
/// Deletes contents that only this run uses; call before the run is deleted.
Result<void> dropContents(Database::Impl& database, std::int64_t run);

}  // namespace runglass::store
