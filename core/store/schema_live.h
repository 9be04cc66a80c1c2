// SPDX-License-Identifier: GPL-3.0-or-later
//
// What makes an append cheap: it changes few pages, since the write-ahead log is most of its cost. A
// migration like those of schema.cpp.
#pragma once

#include <string_view>

namespace runglass::store {

inline constexpr std::string_view kLivePoints = R"sql(
-- Page 0 of the summaries of a run also says what else an append changes: the revision of the run (instead of its row
-- in `change`, for the runs in `live`), and how many bytes of its tail are in use.
ALTER TABLE summary ADD COLUMN revision INTEGER;
ALTER TABLE summary ADD COLUMN tail INTEGER NOT NULL DEFAULT 0;
-- The runs that points arrived for lately, a few.
CREATE TABLE live(
    run INTEGER PRIMARY KEY REFERENCES run ON DELETE CASCADE
);
-- From here on the rows of a run's tail are one stream of bytes, see tail.h, and tail.points is 0. A row with points
-- is one append of before; the next append of the run folds it.
)sql";

/// The first schema version that has these.
inline constexpr int kLiveVersion = 5;

}  // namespace runglass::store
