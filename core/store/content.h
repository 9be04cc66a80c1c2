// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "runglass/base/bytes.h"
#include "runglass/base/result.h"
#include "runglass/store/database.h"

namespace runglass::store {

/// Stores a text or block once, however many runs have it (table `content`: digest, sealed zstd frame).
/// Returns its number.
Result<std::int64_t> putContent(Database::Impl& database, std::string_view content);
/// The content of a stored frame. Damaged when it is not one.
Result<std::string> unpackContent(ByteView stored);

}  // namespace runglass::store
