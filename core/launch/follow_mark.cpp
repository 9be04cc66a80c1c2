// SPDX-License-Identifier: GPL-3.0-or-later
#include "follow_mark.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "runglass/base/file.h"
#include "runglass/base/translate.h"

namespace runglass::launch {

namespace {

constexpr std::uint64_t kAnnounced = ~std::uint64_t{0};  ///< in place of the offset, until the follower comes

/// Locks of an open file description: no other descriptor of this process can drop them, unlike POSIX locks.
struct flock wholeFile(short type) {
    struct flock lock {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    return lock;
}

}  // namespace

Result<void> FollowMark::announce(const RunFolder& folder) {
    const FileDescriptor file(
        ::open(folder.follower().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
    // The room is taken now, so that a disk that fills up later cannot keep the mark from moving.
    if (!file.valid() || ::write(file.get(), &kAnnounced, sizeof kAnnounced) != ssize_t{sizeof kAnnounced}) {
        return errorFromErrno(errno, tr("The run cannot be recorded."), folder.follower());
    }
    return {};
}

FollowMark::FollowMark(const RunFolder& folder)
    : m_file(::open(folder.follower().c_str(), O_RDWR | O_CLOEXEC)) {
    auto lock = wholeFile(F_WRLCK);
    if (m_file.valid() && ::fcntl(m_file.get(), F_OFD_SETLK, &lock) != 0) {
        m_file.reset();
    }
    moveTo(0);
}

void FollowMark::moveTo(std::uint64_t offset) {
    if (m_file.valid()) {
        [[maybe_unused]] const auto written = ::pwrite(m_file.get(), &offset, sizeof offset, 0);
    }
}

std::optional<std::uint64_t> followedTo(const RunFolder& folder) {
    const FileDescriptor file(::open(folder.follower().c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.valid()) {
        return std::nullopt;
    }
    std::uint64_t offset = 0;
    if (::pread(file.get(), &offset, sizeof offset, 0) != ssize_t{sizeof offset}) {
        return std::nullopt;
    }
    auto lock = wholeFile(F_WRLCK);
    if (::fcntl(file.get(), F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK) {
        return offset == kAnnounced ? 0 : offset;
    }
    const auto launcher = offset == kAnnounced ? readProcesses(folder).launcher : std::nullopt;
    return launcher && launcher->isAlive() ? std::optional<std::uint64_t>(0) : std::nullopt;
}

}  // namespace runglass::launch
