// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "run_folder.h"
#include "runglass/launch/launch_spec.h"
#include "runglass/store/database.h"

namespace runglass::launch {

/// Captures what a run is about to run in, takes the snapshot and makes the run in the database. What could
/// not be captured is in the run's problems; only a database that cannot be written is an error. Returns the
/// connection: while it is open, SQLite need not tidy up after the last one and set up again for the next.
///
/// While another program holds the database the run is kept in its folder instead (readEntry), and nothing is
/// returned: its supervisor makes it as soon as that can be, and a script need not wait for it.
Result<std::optional<store::Database>> createRunEntry(const RunFolder& folder, const LaunchSpec& spec,
                                                      model::RunStatus status,
                                                      std::optional<std::int64_t> startTimeMs = {});

}  // namespace runglass::launch
