// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <stop_token>
#include <string_view>

#include "runglass/base/result.h"
#include "runglass/model/series.h"
#include "runglass/store/database.h"

namespace runglass::store {

/// The points of a metric from the `from`-th on, within the transaction of the caller.
Result<model::Series> readSeries(Database::Impl& database, std::int64_t run, std::string_view key,
                                 std::size_t from, const std::stop_token& stop);

}  // namespace runglass::store
