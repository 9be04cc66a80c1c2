// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/model/run.h"
#include "runglass/query/field.h"

namespace runglass::cli {

/// The fields of `a,metrics.loss,params.lr`, each as a filter would write it.
Result<std::vector<query::Field>> parseColumns(const std::string& text);

/// What a person wants to see of these runs: params that differ between them, and their metrics.
std::vector<query::Field> usualColumns(const std::vector<model::SharedRun>& runs);

/// Every field that any of the runs has: the columns of CSV.
std::vector<query::Field> allColumns(const std::vector<model::SharedRun>& runs);

/// For a table: short numbers, local times, durations in words, ids of 8 and commits of 7 digits.
std::string shortCell(const query::Field& field, const model::RunRecord& run, std::int64_t nowMs);
/// For programs: every digit; times and durations in milliseconds.
std::string exactCell(const query::Field& field, const model::RunRecord& run, std::int64_t nowMs);

}  // namespace runglass::cli
