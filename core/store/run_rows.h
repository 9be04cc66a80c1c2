// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include "database_impl.h"
#include "run_codec.h"
#include "runglass/model/run.h"

namespace runglass::store {

using RunSink = std::function<void(std::shared_ptr<model::RunRecord>)>;

/// Reads the records of the runs numbered `first` … `last`, in order, without a point. What is damaged is
/// passed over and told in `damaged` (the run itself, or its params, tags or metrics).
Result<void> readRuns(Database::Impl& database, std::int64_t first, std::int64_t last, const RunSink& sink,
                      std::vector<DamagedRun>& damaged, const std::stop_token& stop = {});
/// The same with the number of such runs only.
Result<void> readRuns(Database::Impl& database, std::int64_t first, std::int64_t last, const RunSink& sink,
                      std::uint64_t& damaged, const std::stop_token& stop = {});

Error noSuchRun(const RunId& id);
Result<std::int64_t> numberOf(Database::Impl& database, const RunId& id);

}  // namespace runglass::store
