// SPDX-License-Identifier: GPL-3.0-or-later
//
// What people say of runs that other tools made (marks.h). A migration like those of schema.cpp.
#pragma once

#include <string_view>

namespace runglass::store {

inline constexpr std::string_view kMarkTables = R"sql(
-- Keyed by the id that the run has in this project; the run itself lies elsewhere. NULL: as its tool says. The
-- revision is of the same sequence as those of `change` and `deletion`.
CREATE TABLE mark(
    id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16),
    revision INTEGER NOT NULL UNIQUE,
    name TEXT,
    starred INTEGER NOT NULL DEFAULT 0,
    archived INTEGER,
    color INTEGER,
    note TEXT
) WITHOUT ROWID;
-- A tag without a value is one of the tool's that was taken away.
CREATE TABLE mark_tag(
    id BLOB NOT NULL REFERENCES mark ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT,
    PRIMARY KEY(id, key)
) WITHOUT ROWID;
)sql";

/// The first schema version that has marks.
inline constexpr int kMarksVersion = 4;

}  // namespace runglass::store
