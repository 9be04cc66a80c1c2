// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where imported runs come from. A migration like those of schema.cpp.
#pragma once

#include <string_view>

namespace runglass::store {

inline constexpr std::string_view kOriginTable = R"sql(
-- The places that an imported run was read from, the one that names it first; locations are bytes, relative to the
-- project. here: 0 where the run came in an export, whose places are another computer's.
CREATE TABLE origin(
    run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    position INTEGER NOT NULL,
    source TEXT NOT NULL,
    location TEXT NOT NULL,
    key TEXT NOT NULL,
    here INTEGER NOT NULL,
    PRIMARY KEY(run, position)
) WITHOUT ROWID;
)sql";

/// The first schema version that has origins.
inline constexpr int kOriginsVersion = 6;

}  // namespace runglass::store
