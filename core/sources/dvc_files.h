// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/git/repository.h"
#include "runglass/sources/folder.h"
#include "runglass/sources/growing_file.h"

namespace runglass::sources {

/// The files of a DVC project at one moment: in the work tree, or in a commit. Paths are relative to the
/// folder of the project's dvc.yaml, and do not lead out of it.
class DvcFiles {
public:
    DvcFiles() = default;
    DvcFiles(const DvcFiles&) = delete;
    DvcFiles& operator=(const DvcFiles&) = delete;
    virtual ~DvcFiles() = default;

    /// Nothing where there is no such file, or it is too large to be a table of metrics.
    [[nodiscard]] virtual std::optional<std::string> read(std::string_view path) const = 0;
    /// Whether there is such a file; it is not read.
    [[nodiscard]] virtual bool has(std::string_view path) const;
    /// Empty where there is no such folder.
    [[nodiscard]] virtual std::vector<Entry> list(std::string_view folder) const = 0;
    /// Whether somebody may be writing it just now, so that its last line may be half of one.
    [[nodiscard]] virtual bool mayGrow(std::string_view /*path*/) const { return false; }

    static constexpr std::uint64_t kMaxFileBytes = 64U << 20U;
};

class DvcWorkTree : public DvcFiles {
public:
    explicit DvcWorkTree(std::filesystem::path root)
        : m_root(std::move(root)) {}
    [[nodiscard]] std::optional<std::string> read(std::string_view path) const override;
    [[nodiscard]] bool has(std::string_view path) const override;
    [[nodiscard]] std::vector<Entry> list(std::string_view folder) const override;
    [[nodiscard]] bool mayGrow(std::string_view path) const override;

    /// Of all files and folders that were asked for, each as it was before it was read: also of those that
    /// were not there.
    [[nodiscard]] std::vector<FileStamp> stamps() const;

private:
    void remember(std::string_view path) const;

    std::filesystem::path m_root;
    mutable std::map<std::string, FileStamp, std::less<>> m_stamps;
};

class DvcCommit : public DvcFiles {
public:
    /// `prefix` is the project's folder within the repository, empty or with a slash at its end.
    DvcCommit(const git::Repository& repository, const git::ObjectId& commit, std::string prefix)
        : m_repository(repository)
        , m_commit(commit)
        , m_prefix(std::move(prefix)) {}
    [[nodiscard]] std::optional<std::string> read(std::string_view path) const override;
    [[nodiscard]] std::vector<Entry> list(std::string_view folder) const override;

private:
    const git::Repository& m_repository;
    git::ObjectId m_commit;
    std::string m_prefix;
};

/// All files below `folder`, by path; a bounded number of them.
std::vector<std::string> dvcFilesBelow(const DvcFiles& files, const std::string& folder);

/// `path` relative to `folder`, both with slashes; nothing for absolute paths and those that lead out.
std::optional<std::string> dvcPath(std::string_view folder, std::string_view path);

}  // namespace runglass::sources
