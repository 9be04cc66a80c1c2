// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "runglass/base/file_descriptor.h"
#include "runglass/base/result.h"

namespace runglass::store {

/// What an endpoint acknowledged of runs while another program held the run database, in a file below
/// `.runglass/aside`: a script does not wait until somebody's VACUUM is done. As durable as the database: it
/// survives the death of every process, and whoever gets the database first takes over what all have kept
/// (RunsTakeover). What all endpoints have to agree on is in another (catalog_log.h). Not
/// thread-safe.
class AsideLog {
public:
    explicit AsideLog(const std::filesystem::path& project);
    AsideLog(const AsideLog&) = delete;
    AsideLog& operator=(const AsideLog&) = delete;
    /// A file without records goes with it.
    ~AsideLog();

    /// False when it could not be kept, or when there is too much already: the caller has to wait then.
    [[nodiscard]] bool add(std::string_view record);
    [[nodiscard]] bool empty() const { return m_size == 0; }
    /// Of its file; empty while there is none.
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

    using Take = std::function<Result<void>(std::string_view record)>;
    /// In the order in which they were added.
    [[nodiscard]] Result<void> forEach(const Take& take) const;
    /// All of them are in the database.
    void clear();

private:
    bool open();

    std::filesystem::path m_folder;
    std::filesystem::path m_path;
    FileDescriptor m_file;  ///< locked as long as it is ours
    std::uint64_t m_size = 0;
};

/// Whether any endpoint, alive or dead, has kept something that is not in the database yet.
bool isAnythingAside(const std::filesystem::path& project);

/// The logs of endpoints that are no more, the oldest first. Nobody else finds them as long as this object
/// lives.
class AsideLeftovers {
public:
    explicit AsideLeftovers(const std::filesystem::path& project);

    [[nodiscard]] bool empty() const { return m_files.empty(); }
    [[nodiscard]] std::size_t files() const { return m_files.size(); }
    [[nodiscard]] Result<void> forEach(const AsideLog::Take& take) const;

private:
    std::vector<std::pair<std::filesystem::path, FileDescriptor>> m_files;
};

}  // namespace runglass::store
