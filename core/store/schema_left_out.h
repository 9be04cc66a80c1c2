// SPDX-License-Identifier: GPL-3.0-or-later
//
// How many records of an imported run could not be read. A migration like those of schema.cpp.
#pragma once

#include <string_view>

namespace runglass::store {

inline constexpr std::string_view kLeftOutColumn = R"sql(
-- RunRecord::leftOut; what was left out, and why, is in problem.
ALTER TABLE run ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0;
)sql";

/// The first schema version that has it.
inline constexpr int kLeftOutVersion = 7;

}  // namespace runglass::store
