// SPDX-License-Identifier: GPL-3.0-or-later
#include "commit_changes.h"

namespace runglass::ui {

namespace {

constexpr int kAllLines = 1 << 24;  // equal lines come along, so that a fold can be opened

git::DiffOptions wholeFiles() {
    git::DiffOptions options;
    options.contextLines = kAllLines;
    return options;
}

}  // namespace

Result<CommitChanges> readCommitChanges(const std::filesystem::path& project, const git::Commit& commit,
                                        std::stop_token stop) {
    RUNGLASS_ASSIGN(const auto repository, git::Repository::open(project));
    CommitChanges changes;
    RUNGLASS_ASSIGN(changes.message, repository.message(commit.id));
    const git::ObjectId parent = commit.parents.empty() ? git::ObjectId{} : commit.parents.front();
    RUNGLASS_ASSIGN(auto files, repository.diff(parent, commit.id, wholeFiles(), stop));
    changes.difference = std::make_shared<const DiffDocument>(std::move(files));
    return changes;
}

Result<CommitChanges> readUncommittedChanges(const std::filesystem::path& project, std::stop_token stop) {
    RUNGLASS_ASSIGN(const auto repository, git::Repository::open(project));
    CommitChanges changes;
    RUNGLASS_ASSIGN(auto files, repository.diffToWorkTree(wholeFiles(), stop));
    changes.difference = std::make_shared<const DiffDocument>(std::move(files));
    return changes;
}

}  // namespace runglass::ui
