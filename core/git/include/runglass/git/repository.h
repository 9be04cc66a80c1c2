// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/git/values.h"

namespace runglass::git {

struct DiffOptions {
    int contextLines = 3;
    bool ignoreWhitespace = false;
    std::int64_t maxFileBytes = 4 << 20;  ///< larger files are reported, not diffed
    /// Of both sides of all files that are compared line by line; beyond it the largest are only reported.
    std::int64_t maxTotalBytes = 64 << 20;
    bool withLines = true;  ///< false: only names and counts
};

/// An open git repository behind libgit2. Not thread-safe: each thread or job opens its own. Never runs hooks
/// or filters of the project other than git's built-in line-ending conversion.
class Repository {
public:
    /// The repository that `folder` belongs to (work tree, linked worktree, submodule or bare). NotFound
    /// without one.
    static Result<Repository> open(const std::filesystem::path& folder);

    Repository(Repository&&) noexcept;
    Repository& operator=(Repository&&) noexcept;
    ~Repository();

    [[nodiscard]] bool isBare() const;
    [[nodiscard]] bool isShallow() const;
    [[nodiscard]] std::filesystem::path workTree() const;   ///< empty when bare
    [[nodiscard]] std::filesystem::path gitFolder() const;  ///< of this work tree
    [[nodiscard]] std::filesystem::path commonFolder() const;

    [[nodiscard]] Result<Head> head() const;
    [[nodiscard]] Result<std::vector<Reference>> references() const;
    /// URL of the remote that the current branch follows (else `origin`), credentials removed; empty without
    /// one.
    [[nodiscard]] std::string remoteUrl() const;

    /// Full or unique abbreviated object name, branch, tag, `HEAD~2` …, peeled to the commit.
    [[nodiscard]] Result<ObjectId> resolveCommit(std::string_view revision) const;
    [[nodiscard]] Result<Commit> commit(const ObjectId& id) const;
    /// The whole message, valid UTF-8.
    [[nodiscard]] Result<std::string> message(const ObjectId& id) const;

    /// The work tree against HEAD, ignored files left out. `countLines` fills added/removedLines.
    [[nodiscard]] Result<std::vector<StatusEntry>> status(bool countLines = false,
                                                          std::stop_token stop = {}) const;

    /// From the tree of commit `from` to the tree of commit `to`; a null id stands for the empty tree.
    [[nodiscard]] Result<std::vector<FileDiff>> diff(const ObjectId& from, const ObjectId& to,
                                                     const DiffOptions& options = {},
                                                     std::stop_token stop = {}) const;
    /// From HEAD to the work tree, staged and untracked files included, ignored ones left out.
    [[nodiscard]] Result<std::vector<FileDiff>> diffToWorkTree(const DiffOptions& options = {},
                                                               std::stop_token stop = {}) const;
    /// Content of `path` at a commit, or TooLarge.
    [[nodiscard]] Result<std::string> fileAt(const ObjectId& commit, std::string_view path,
                                             std::uint64_t limit = 16U << 20U) const;

    /// Files and folders directly in `folder` (empty: the top) at a commit; links and submodules left out.
    /// NotFound when there is no such folder.
    [[nodiscard]] Result<std::vector<TreeFile>> filesAt(const ObjectId& commit,
                                                        std::string_view folder) const;
    /// The commits that references outside of branches and tags point to, by full name: `refs/exps/` …
    [[nodiscard]] Result<std::vector<NamedCommit>> commitsBelow(std::string_view prefix) const;

    class Impl;
    [[nodiscard]] Impl& impl() const { return *m_impl; }

private:
    explicit Repository(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// `url` without user name and password.
std::string withoutCredentials(std::string_view url);

}  // namespace runglass::git
