// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "handles.h"
#include "repository_impl.h"
#include "runglass/git/snapshot.h"

namespace runglass::git {

/// One path where HEAD, index and work tree are not the same.
struct WorkChange {
    StatusEntry entry;
    std::uint16_t mode = 0;  ///< of the file in the work tree, as git stores it; 0: not there
    ObjectId submoduleHead;  ///< of a submodule's work tree
};

/// A look at a work tree. The index is a private copy in memory: changing it changes no file.
struct WorkTreeScan {
    IndexHandle index;
    std::vector<WorkChange> changes;
    std::vector<LeftOut> leftOut;  ///< what cannot be part of a snapshot of this repository
};

/// Compares HEAD, index and work tree as `git status` does: files whose size and times are those in the
/// index are not read again, those that changed within the index's own time stamp are. Ignored files and
/// everything in `.runglass` are not listed. `renames` looks for renamed files between HEAD and index.
Result<WorkTreeScan> scanWorkTree(const Repository& repository, bool renames, std::stop_token stop);

}  // namespace runglass::git
