// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every committed change of a run (and every mark, marks.h) gives it a number above all numbers before, so
// that a reader can ask what is new. The number of a run is in table `change`, but for the few runs in
// `live`: an append would dirty two pages more for it, so theirs is on page 0 of their summaries, which an
// append changes anyway.
#pragma once

#include <cstdint>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/store/database.h"

namespace runglass::store {

/// At most so many runs are live, as each costs every question for the current revision a look.
inline constexpr int kMostLive = 16;

Result<std::int64_t> currentRevision(Database::Impl& database);
/// The revision for a change under way.
Result<std::int64_t> nextRevision(Database::Impl& database);
/// The runs whose last change came after `revision`, by number.
Result<std::vector<std::int64_t>> changedRuns(Database::Impl& database, std::int64_t revision);
/// Gives a run the next revision.
Result<std::int64_t> touch(Database::Impl& database, std::int64_t run);

/// The revision of a run, 0 when it is gone.
struct RunRevision {
    std::int64_t number = 0;
    bool live = false;
};
Result<RunRevision> revisionOf(Database::Impl& database, std::int64_t run);

/// Makes a run live whose page 0 has its revision; that which has been untouched for longest gives way.
Result<void> enterLive(Database::Impl& database, std::int64_t run);
/// The opposite; the revision stays.
Result<void> leaveLive(Database::Impl& database, std::int64_t run);

}  // namespace runglass::store
