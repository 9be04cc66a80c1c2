// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <set>
#include <span>

#include "runglass/store/written_files.h"

namespace runglass::launch {

/// Notes which files below the project and the working directory the processes of a run have open for
/// writing (/proc/<pid>/fd), for those who tell its event files and tables from those of other runs
/// (store/written_files.h). A process is looked at each time; a file is noted once.
class OpenFiles {
public:
    OpenFiles(store::WrittenFilesLog log, const std::filesystem::path& project,
              const std::filesystem::path& workingDirectory);

    void look(std::span<const int> processes);

private:
    void lookAt(int pid);
    [[nodiscard]] bool concerns(const std::filesystem::path& path) const;

    store::WrittenFilesLog m_log;
    std::filesystem::path m_project;  ///< without links, as the kernel tells paths
    std::filesystem::path m_workingDirectory;
    std::set<int> m_processes;
    std::set<std::filesystem::path> m_seen;
};

}  // namespace runglass::launch
