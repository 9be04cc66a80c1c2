// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/base/file_descriptor.h"
#include "runglass/base/result.h"
#include "runglass/store/layout.h"

namespace runglass::tracking {

/// What was acknowledged while another program held the run database, in a file below `.runglass/aside`: a
/// script does not wait until somebody's VACUUM is done. As durable as the database: it survives the death of
/// every process, and the next endpoint of the project takes over what a dead one has left. A record is its
/// length, its CRC-32C and its bytes; a last one that was cut off counts for nothing, since nobody was told
/// that it is there. Not
/// thread-safe but where it says so.
class AsideLog {
public:
    explicit AsideLog(const std::filesystem::path& project)
        : m_folder(store::Layout(project).root() / "aside") {}
    AsideLog(const AsideLog&) = delete;
    AsideLog& operator=(const AsideLog&) = delete;
    /// A file without records goes with it.
    ~AsideLog();

    /// False when it could not be kept, or when there is too much already: the caller has to wait then.
    [[nodiscard]] bool add(std::string_view record);
    [[nodiscard]] bool empty() const { return m_size == 0; }

    using Take = std::function<Result<void>(std::string_view record)>;
    /// In the order in which they were added.
    [[nodiscard]] Result<void> forEach(const Take& take) const;
    /// All of them are in the database.
    void clear();

    /// Whether there may be files of others; costs a look into a folder.
    [[nodiscard]] bool hasLeftovers() const;
    /// The records of endpoints that are no more, a file after the other. A file goes when `commit` has been
    /// called for it and all was well. Touches nothing of this one: may run beside add().
    [[nodiscard]] Result<void> takeLeftovers(
        const std::function<Result<void>(const std::vector<std::string>& records)>& commit);

private:
    bool open();

    std::filesystem::path m_folder;
    std::filesystem::path m_path;
    FileDescriptor m_file;  ///< locked as long as it is ours
    std::uint64_t m_size = 0;
};

}  // namespace runglass::tracking
