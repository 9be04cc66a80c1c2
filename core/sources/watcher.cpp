// SPDX-License-Identifier: GPL-3.0-or-later
#include "watcher.h"

#include <sys/inotify.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::sources {
namespace {

constexpr std::uint32_t kEvents = IN_CREATE | IN_DELETE | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_FROM |
                                  IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_DONT_FOLLOW;
constexpr std::size_t kMostWatches = 65'536;
constexpr std::size_t kUsualLimit = 8'192;  // of old kernels, where the limit cannot be read

/// statfs(2), and the magic numbers of linux/magic.h and of the file systems themselves.
constexpr auto kNetwork = std::to_array<std::uint32_t>({
    0x6969,      // NFS
    0x517B,      // SMB
    0xFF534D42,  // CIFS
    0xFE534D42,  // SMB2
    0x01021997,  // 9P
    0x65735546,  // FUSE: sshfs, s3fs, rclone …
    0x0BD00BD0,  // Lustre
    0x00C36400,  // Ceph
    0x47504653,  // GPFS
    0x5346414F,  // AFS
    0x19830326,  // BeeGFS
});

}  // namespace

bool isOnNetwork(const std::filesystem::path& folder) {
    struct statfs info {};
    return ::statfs(folder.c_str(), &info) == 0 &&
           std::ranges::find(kNetwork, static_cast<std::uint32_t>(info.f_type)) != kNetwork.end();
}

std::size_t Watcher::defaultLimit() {
    const auto text = readFile("/proc/sys/fs/inotify/max_user_watches", 64);
    const auto most = text ? parseInt(trimmed(*text)) : std::nullopt;
    return most && *most > 0 ? std::min(static_cast<std::size_t>(*most) / 2, kMostWatches) : kUsualLimit;
}

Watcher::Watcher(std::size_t limit)
    : m_queue(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC))
    , m_limit(limit) {
    if (!m_queue.valid()) {
        m_gap = tr("The system watches no more files for this user (fs.inotify.max_user_instances).");
    }
}

bool Watcher::watch(const std::string& folder) {
    if (!m_queue.valid() || m_watches.contains(folder) || m_files.contains(folder)) {
        return false;
    }
    if (m_watches.empty() && isOnNetwork(folder)) {
        m_gap = tr("{} lies on a network file system, which does not announce what other machines write.",
                   toValidUtf8(folder));
    }
    if (m_watches.size() >= m_limit) {
        m_gap = tr("There are more than {} folders to watch.", m_limit);
        return false;
    }
    const int number = ::inotify_add_watch(m_queue.get(), folder.c_str(), kEvents);
    if (number < 0) {
        if (errno == ENOSPC || errno == ENOMEM) {
            m_gap = tr("The system watches no more folders for this user (fs.inotify.max_user_watches).");
        }
        if (errno == ENOTDIR) {
            m_files.insert(folder);
        }
        return false;  // gone, or not to be read: a walk over the project says so
    }
    m_watches.emplace(folder, number);
    m_folders.insert_or_assign(number, folder);
    return true;
}

Watcher::Changes Watcher::take() {
    Changes changes;
    alignas(inotify_event) std::array<char, 65'536> buffer;  // NOLINT: filled by read()
    for (;;) {
        const auto got = m_queue.valid() ? ::read(m_queue.get(), buffer.data(), buffer.size()) : 0;
        if (got <= 0) {
            break;
        }
        takeEvents({buffer.data(), static_cast<std::size_t>(got)}, changes);
    }
    std::ranges::sort(changes.folders);
    changes.folders.erase(std::unique(changes.folders.begin(), changes.folders.end()), changes.folders.end());
    return changes;
}

void Watcher::takeEvents(std::string_view events, Changes& changes) {
    while (events.size() >= sizeof(inotify_event)) {
        inotify_event event{};
        std::memcpy(&event, events.data(), sizeof event);
        events.remove_prefix(std::min(events.size(), sizeof event + event.len));
        if ((event.mask & IN_Q_OVERFLOW) != 0) {
            changes.everything = true;
            continue;
        }
        const auto found = m_folders.find(event.wd);
        if (found == m_folders.end()) {
            continue;
        }
        changes.folders.push_back(found->second);
        if ((event.mask & IN_MOVE_SELF) != 0) {
            ::inotify_rm_watch(m_queue.get(), event.wd);  // the folder is elsewhere now; IN_IGNORED follows
        }
        if ((event.mask & IN_IGNORED) != 0) {
            m_watches.erase(found->second);
            m_folders.erase(found);
        }
    }
}

}  // namespace runglass::sources
