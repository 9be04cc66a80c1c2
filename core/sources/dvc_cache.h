// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runglass/sources/artifact_file.h"
#include "runglass/sources/reader.h"

namespace runglass::sources {

/// The cache of a DVC project, where outputs lie that git does not have: `files/md5/ab/cdef…` (3.x) or
/// `ab/cdef…` below `.dvc/cache` of the folder or one above it, or where `cache.dir` of `.dvc/config.local`
/// or
/// `.dvc/config` says. A configuration comes with the project, so that it leads nowhere that a person has not
/// opened: a folder outside of the repository has to be among those that `runglass sources add` has added.
class DvcCache {
public:
    explicit DvcCache(const std::filesystem::path& root);
    /// A file by its MD5; nothing where the cache does not have it, or it is too large for a table of
    /// metrics.
    [[nodiscard]] std::optional<std::string> read(std::string_view md5) const;
    [[nodiscard]] Result<ArtifactFile> open(std::string_view md5) const;
    /// The MD5 of a file within a folder that is one output, whose own digest ends in `.dir`.
    [[nodiscard]] std::optional<std::string> digestBelow(std::string_view folder,
                                                         std::string_view path) const;
    /// The files of such a folder with their digests, by path; a bounded number of them. Empty where the
    /// cache does not have it.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> filesOf(std::string_view folder) const;
    /// Where files were looked for and not found: a person may fetch them. A bounded number.
    [[nodiscard]] const std::set<std::filesystem::path>& missed() const { return m_missed; }
    /// Why the cache that is configured is not read; nothing where it is.
    [[nodiscard]] const std::optional<Damage>& refused() const { return m_refused; }

private:
    std::filesystem::path m_folder;  ///< empty where there is none
    std::optional<Damage> m_refused;
    mutable std::set<std::filesystem::path> m_missed;
};

/// `dir` in the section `cache` of a configuration of DVC.
std::optional<std::string> dvcCacheDir(std::string_view config);

}  // namespace runglass::sources
