// SPDX-License-Identifier: GPL-3.0-or-later
#include "commit_changes.h"

#include <algorithm>

namespace runglass::ui {

namespace {

constexpr std::int64_t kMostBytes = 48 << 20;  // of both sides of all files that are compared line by line
constexpr int kAllLines = 1 << 24;

/// Asks for names and sizes first, then for the lines of what is small enough.
template <typename Diff>
Result<SharedDiffDocument> withinBudget(const Diff& diff) {
    git::DiffOptions names;
    names.withLines = false;
    RUNGLASS_ASSIGN(const auto files, diff(names));
    git::DiffOptions lines;
    lines.contextLines = kAllLines;
    lines.maxFileBytes = fileLimitFor(files, kMostBytes);
    RUNGLASS_ASSIGN(auto full, diff(lines));
    return SharedDiffDocument(std::make_shared<const DiffDocument>(std::move(full)));
}

}  // namespace

std::int64_t fileLimitFor(const std::vector<git::FileDiff>& files, std::int64_t budget) {
    std::vector<std::int64_t> sizes;
    sizes.reserve(files.size());
    for (const auto& file : files) {
        sizes.push_back(std::max(file.oldSize, file.newSize));
    }
    std::sort(sizes.begin(), sizes.end());
    std::int64_t sum = 0;
    std::int64_t limit = git::DiffOptions{}.maxFileBytes;
    for (const auto size : sizes) {
        sum += 2 * size;
        if (sum > budget) {
            return std::min(limit, std::max<std::int64_t>(size - 1, 0));
        }
    }
    return limit;
}

Result<CommitChanges> readCommitChanges(const std::filesystem::path& project, const git::Commit& commit,
                                        std::stop_token stop) {
    RUNGLASS_ASSIGN(const auto repository, git::Repository::open(project));
    CommitChanges changes;
    RUNGLASS_ASSIGN(changes.message, repository.message(commit.id));
    const git::ObjectId parent = commit.parents.empty() ? git::ObjectId{} : commit.parents.front();
    RUNGLASS_ASSIGN(changes.difference, withinBudget([&](const git::DiffOptions& options) {
                        return repository.diff(parent, commit.id, options, stop);
                    }));
    return changes;
}

Result<CommitChanges> readUncommittedChanges(const std::filesystem::path& project, std::stop_token stop) {
    RUNGLASS_ASSIGN(const auto repository, git::Repository::open(project));
    CommitChanges changes;
    RUNGLASS_ASSIGN(changes.difference, withinBudget([&](const git::DiffOptions& options) {
                        return repository.diffToWorkTree(options, stop);
                    }));
    return changes;
}

}  // namespace runglass::ui
