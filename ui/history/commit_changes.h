// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>

#include "runglass/base/result.h"
#include "runglass/git/repository.h"
#include "runglass/ui/widgets/diff_document.h"

namespace runglass::ui {

/// What a commit changed against its first parent, and its message.
struct CommitChanges {
    std::string message;
    SharedDiffDocument difference;
};

/// Reads it from the repository. Differences are read whole, so that folded lines can be opened, as long as
/// all files together stay below git::DiffOptions::maxTotalBytes. Call on a worker.
Result<CommitChanges> readCommitChanges(const std::filesystem::path& project, const git::Commit& commit,
                                        std::stop_token stop);

/// The same for the work tree against HEAD; there is no message.
Result<CommitChanges> readUncommittedChanges(const std::filesystem::path& project, std::stop_token stop);

}  // namespace runglass::ui
