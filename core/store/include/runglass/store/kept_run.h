// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "runglass/base/bytes.h"
#include "runglass/base/result.h"
#include "runglass/base/run_id.h"
#include "runglass/model/run_detail.h"
#include "runglass/store/run_writer.h"

namespace runglass::store {

/// A run with all that was captured of it, as bytes for as long as another program holds the run database:
/// a file in the run's folder, and a record of an AsideLog. Artifacts and metrics are not in it: a new run
/// has none.
Bytes encodeRun(const model::RunDetail& detail);
/// Of bytes that may be anything; nothing when they are no run.
std::optional<model::RunDetail> decodeRun(ByteView bytes);

/// Makes the run, unless it is there already.
Result<void> makeKeptRun(RunWriter& writer, Database& database, const model::RunDetail& detail);

}  // namespace runglass::store
