// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "runglass/base/run_id.h"
#include "runglass/git/repository.h"
#include "runglass/git/values.h"

namespace runglass::git {

struct SnapshotOptions {
    std::int64_t maxUntrackedBytes = 10 << 20;  ///< larger untracked files are left out and reported
};

struct LeftOut {
    std::string path;  ///< bytes
    std::int64_t size = 0;
    std::string reason;
};

/// The exact source state of a work tree, recorded in its own repository (DESIGN §7).
struct Snapshot {
    ObjectId commit;  ///< what refs/runglass/runs/<id> points to: a new commit, or HEAD itself when nothing
                      ///< differs
    ObjectId tree;
    Head head;  ///< at that moment
    std::string remote;
    bool dirty = false;
    std::vector<StatusEntry> changes;  ///< against HEAD
    std::vector<LeftOut> leftOut;
};

/// Writes HEAD + staged + unstaged + deleted + untracked non-ignored files as a commit under
/// refs/runglass/runs/<id>. Index, work tree, HEAD, reflogs and stash stay as they are, byte for byte. Does
/// nothing to `.runglass`.
Result<Snapshot> takeSnapshot(const std::filesystem::path& folder, const RunId& run,
                              const SnapshotOptions& options = {}, std::stop_token stop = {});

/// What takeSnapshot would record, without writing anything: for the Launch view.
Result<Snapshot> previewSnapshot(const std::filesystem::path& folder, const SnapshotOptions& options = {},
                                 std::stop_token stop = {});

/// Removes the reference of a deleted run. Not an error when there is none.
Result<void> dropSnapshot(const std::filesystem::path& folder, const RunId& run);

}  // namespace runglass::git
