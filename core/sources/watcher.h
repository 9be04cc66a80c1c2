// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "runglass/base/file_descriptor.h"

namespace runglass::sources {

/// Asks the kernel (inotify(7)) which folders change: names that come and go in them, and files in them that
/// are written. Not for network file systems, where nobody announces what other machines write. One thread.
class Watcher {
public:
    struct Changes {
        bool everything = false;  ///< some were lost: anything may have changed
        std::vector<std::string> folders;
    };

    /// Watches nothing yet. `limit`: of folders, so that other programs of the person can watch some too.
    explicit Watcher(std::size_t limit = defaultLimit());

    /// What is no folder is left alone. True when this is a new watch: what changed before it is not
    /// announced.
    bool watch(const std::string& folder);
    /// What has changed since the last call; does not wait.
    Changes take();

    /// Why changes have to be looked for all the same; empty when all are announced.
    [[nodiscard]] const std::string& gap() const { return m_gap; }

    static std::size_t defaultLimit();

private:
    void takeEvents(std::string_view events, Changes& changes);

    FileDescriptor m_queue;
    std::size_t m_limit;
    std::unordered_map<std::string, int> m_watches;
    std::unordered_map<int, std::string> m_folders;
    std::unordered_set<std::string> m_files;  ///< asked to be watched, and no folders
    std::string m_gap;
};

/// Whether the folder lies on a file system that other machines write to.
bool isOnNetwork(const std::filesystem::path& folder);

}  // namespace runglass::sources
