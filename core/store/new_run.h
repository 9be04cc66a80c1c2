// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "runglass/base/result.h"
#include "runglass/model/run_detail.h"
#include "runglass/store/database.h"

namespace runglass::store {

/// Stores a run within the transaction of the caller; see RunWriter::createRun. It gets the next number
/// unless one is given. Returns the number.
Result<std::int64_t> addRun(Database::Impl& database, const model::RunDetail& detail,
                            std::optional<std::int64_t> number = {});

}  // namespace runglass::store
