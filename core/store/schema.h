// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <span>
#include <string_view>

#include "runglass/base/result.h"

namespace runglass::store {

/// `PRAGMA application_id` of a run database ("RGLS"), so that another program's file is not taken for one.
inline constexpr std::int64_t kApplicationId = 0x52474C53;

/// Migration i brings a database from version i to version i + 1. Only ever append.
std::span<const std::string_view> migrations();
int currentSchemaVersion();

/// Runs the missing migrations, each with the new version number in one transaction. Safe against other
/// processes that do the same at the same time.
Result<void> migrate(sqlite3* connection);

}  // namespace runglass::store
