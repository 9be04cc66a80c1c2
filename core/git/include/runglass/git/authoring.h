// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/git/values.h"

namespace runglass::git {

/// Makes a new repository with a work tree in `folder`, on the unborn branch `branch`.
Result<void> initRepository(const std::filesystem::path& folder, std::string_view branch);

struct NewCommit {
    std::string message;
    std::string branch;             ///< short name; made or moved to the new commit, and checked out
    std::vector<ObjectId> parents;  ///< in order; none for a root commit
};

/// Commits the work tree as it is (what git ignores left out), like `git add -A && git commit`, with the
/// user's identity or a neutral one. Index and HEAD follow. Only for repositories that Runglass itself has
/// made: it asks nothing and runs no hooks.
Result<ObjectId> commitWorkTree(const std::filesystem::path& folder, const NewCommit& commit);

/// A lightweight tag. Exists when the name is taken.
Result<void> createTag(const std::filesystem::path& folder, std::string_view name, const ObjectId& target);

}  // namespace runglass::git
