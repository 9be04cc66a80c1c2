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
    /// So are new files beyond this sum, in the order of their paths: data that should have been ignored.
    std::int64_t maxUntrackedTotalBytes = 1 << 30;
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
    std::vector<StatusEntry> changes;  ///< what differs from HEAD in the snapshot
    std::vector<LeftOut> leftOut;
};

/// Writes HEAD + staged + unstaged + deleted + untracked non-ignored files as a commit under
/// refs/runglass/runs/<id>. Index, work tree, HEAD, reflogs and stash stay as they are, byte for byte. Does
/// nothing to `.runglass`. Contents are stored as `git add` would (line ends, $Id$), but no filter program of
/// the project is run: such files are stored as they are, and left out, thus as in HEAD, when larger than
/// maxUntrackedBytes. What is not recorded is in `leftOut`: too large, unreadable, repositories inside this
/// one, changes inside submodules. The commit is by the user's git identity, or by `Runglass` without one.
/// NotFound where there is no git, Unsupported in a bare repository. Several may run at once.
Result<Snapshot> takeSnapshot(const std::filesystem::path& folder, const RunId& run,
                              const SnapshotOptions& options = {}, std::stop_token stop = {});

/// What takeSnapshot would record, without writing anything: for the Launch view. `commit` and `tree` are
/// null.
Result<Snapshot> previewSnapshot(const std::filesystem::path& folder, const SnapshotOptions& options = {},
                                 std::stop_token stop = {});

/// Removes the reference of a deleted run. Not an error when there is none.
Result<void> dropSnapshot(const std::filesystem::path& folder, const RunId& run);

}  // namespace runglass::git
