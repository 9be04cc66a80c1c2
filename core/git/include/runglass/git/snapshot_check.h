// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/base/run_id.h"

namespace runglass::git {

/// What the run database says of a run's source.
struct RecordedSnapshot {
    RunId run;
    std::string commit;  ///< full hex name of the snapshot's commit
};

struct SnapshotFault {
    RunId run;
    std::string message;  ///< for people
};

/// Looks whether each snapshot is still there as it was recorded: the reference under refs/runglass/runs
/// points to the commit, and every tree and file below it is in the repository. Contents are not read again:
/// git names them by their digest, and `git fsck` checks those. Changes nothing. NotFound without a
/// repository.
Result<std::vector<SnapshotFault>> checkSnapshots(const std::filesystem::path& folder,
                                                  std::span<const RecordedSnapshot> snapshots,
                                                  std::stop_token stop = {});

}  // namespace runglass::git
