// SPDX-License-Identifier: GPL-3.0-or-later
#include "open_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <cstdlib>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "proc_stat.h"

namespace runglass::launch {

namespace {

constexpr std::size_t kMostFiles = 100'000;  // remembered; a run that opens more writes no few logs

std::filesystem::path withoutLinks(const std::filesystem::path& folder) {
    std::error_code failed;
    auto canonical = std::filesystem::canonical(folder, failed);
    return failed ? folder : canonical;
}

bool liesIn(const std::filesystem::path& path, const std::filesystem::path& folder) {
    const auto& whole = path.native();
    const auto& top = folder.native();
    return whole.size() > top.size() && whole.starts_with(top) &&
           (top.ends_with('/') || whole[top.size()] == '/');
}

/// The open(2) flags of a descriptor: an octal number in its fdinfo.
std::optional<unsigned long> flagsOf(int pid, const char* descriptor) {
    const auto info = readProcFile(fmt::format("/proc/{}/fdinfo/{}", pid, descriptor).c_str());
    const auto at = info.find("flags:");
    return at == std::string::npos ? std::nullopt
                                   : std::optional(std::strtoul(info.c_str() + at + 6, nullptr, 8));
}

}  // namespace

OpenFiles::OpenFiles(store::WrittenFilesLog log, const std::filesystem::path& project,
                     const std::filesystem::path& workingDirectory)
    : m_log(std::move(log))
    , m_project(withoutLinks(project))
    , m_workingDirectory(withoutLinks(workingDirectory)) {}

void OpenFiles::look(std::span<const int> processes) {
    for (const int pid : processes) {
        if (m_processes.size() < kMostFiles && m_processes.insert(pid).second) {
            m_log.addProcess(pid);
        }
        lookAt(pid);
    }
}

void OpenFiles::lookAt(int pid) {
    const auto folder = fmt::format("/proc/{}/fd", pid);
    const std::unique_ptr<DIR, int (*)(DIR*)> listing(::opendir(folder.c_str()), &::closedir);
    if (!listing) {
        return;  // gone, or of another user
    }
    std::array<char, PATH_MAX> target{};
    while (const dirent* entry = ::readdir(listing.get())) {  // NOLINT(concurrency-mt-unsafe): own stream
        const auto size = ::readlinkat(::dirfd(listing.get()), entry->d_name, target.data(), target.size());
        if (size <= 0 || target[0] != '/') {
            continue;  // a pipe, a socket
        }
        std::filesystem::path path(std::string(target.data(), static_cast<std::size_t>(size)));
        if (!concerns(path) || m_seen.contains(path) || m_seen.size() >= kMostFiles) {
            continue;
        }
        const auto flags = flagsOf(pid, entry->d_name);
        struct stat status {};
        if (!flags || (*flags & O_ACCMODE) == O_RDONLY || ::stat(path.c_str(), &status) != 0 ||
            !S_ISREG(status.st_mode)) {
            continue;  // reading; a folder; a file that has been deleted
        }
        m_log.addOpened({path, (*flags & O_APPEND) != 0});
        m_seen.insert(std::move(path));
    }
}

bool OpenFiles::concerns(const std::filesystem::path& path) const {
    return (liesIn(path, m_project) && !liesIn(path, m_project / ".runglass") &&
            !liesIn(path, m_project / ".git")) ||
           liesIn(path, m_workingDirectory);
}

}  // namespace runglass::launch
