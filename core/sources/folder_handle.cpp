// SPDX-License-Identifier: GPL-3.0-or-later
#include "folder_handle.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace runglass::sources {
namespace {

constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
// Non-blocking, so that a FIFO without a writer does not hang before it is refused.
constexpr int kFileFlags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

FileMark markFrom(const struct stat& status) {
    return {status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size),
            std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec};
}

EntryKind kindOf(const dirent64& entry, int folder) {
    switch (entry.d_type) {
        case DT_REG:
            return EntryKind::File;
        case DT_DIR:
            return EntryKind::Folder;
        case DT_LNK:
            return EntryKind::Link;
        case DT_UNKNOWN:
            break;
        default:
            return EntryKind::Other;
    }
    struct stat status {};  // some file systems do not tell the kind with the name
    if (::fstatat(folder, entry.d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        return EntryKind::Other;
    }
    return S_ISREG(status.st_mode)   ? EntryKind::File
           : S_ISDIR(status.st_mode) ? EntryKind::Folder
           : S_ISLNK(status.st_mode) ? EntryKind::Link
                                     : EntryKind::Other;
}

}  // namespace

FileStamp FileMark::stamp(std::filesystem::path path) const {
    FileStamp stamp;
    stamp.path = std::move(path);
    stamp.exists = exists();
    if (stamp.exists) {
        stamp.device = device;
        stamp.inode = inode;
        stamp.size = size;
        stamp.modifiedNs = modifiedNs;
    }
    return stamp;
}

bool isAsStamped(const FileStamp& stamp) {
    struct stat status {};
    if (::stat(stamp.path.c_str(), &status) != 0) {
        return !stamp.exists;
    }
    return stamp.exists &&
           markFrom(status) == FileMark{stamp.device, stamp.inode, stamp.size, stamp.modifiedNs};
}

FolderHandle FolderHandle::open(const std::filesystem::path& folder) {
    return FolderHandle(FileDescriptor(::open(folder.c_str(), kFolderFlags)));
}

FolderHandle FolderHandle::sub(std::string_view path) const {
    FileDescriptor current;
    int at = m_descriptor.get();
    while (!path.empty()) {
        const auto slash = path.find('/');
        const std::string name(path.substr(0, slash));
        path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
        if (name.empty() || name == "." || name == "..") {
            return FolderHandle(FileDescriptor());
        }
        current = FileDescriptor(::openat(at, name.c_str(), kFolderFlags));
        if (!current.valid()) {
            break;
        }
        at = current.get();
    }
    return FolderHandle(std::move(current));
}

FileMark FolderHandle::mark() const {
    struct stat status {};
    return ::fstat(m_descriptor.get(), &status) == 0 ? markFrom(status) : FileMark();
}

FileMark FolderHandle::markOf(const char* name) const {
    struct stat status {};
    const bool there = ::fstatat(m_descriptor.get(), name, &status, AT_SYMLINK_NOFOLLOW) == 0;
    return there ? markFrom(status) : FileMark();
}

bool FolderHandle::list(std::vector<Entry>& entries) const {
    entries.clear();
    alignas(dirent64) std::array<char, 16384> buffer;
    if (!valid() || ::lseek(m_descriptor.get(), 0, SEEK_SET) != 0) {
        return false;
    }
    for (;;) {
        const auto filled = ::getdents64(m_descriptor.get(), buffer.data(), buffer.size());
        if (filled <= 0) {
            return filled == 0;
        }
        for (ssize_t at = 0; at < filled;) {
            const auto* entry = reinterpret_cast<const dirent64*>(buffer.data() + at);
            const std::string_view name = entry->d_name;
            if (name != "." && name != "..") {
                entries.push_back({std::string(name), kindOf(*entry, m_descriptor.get())});
            }
            at += entry->d_reclen;
        }
    }
}

bool FolderHandle::openFile(const char* name, FileDescriptor& file, std::uint64_t& size) const {
    file.reset(::openat(m_descriptor.get(), name, kFileFlags));
    struct stat status {};
    if (!file.valid() || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
        file.reset();
        return false;
    }
    size = static_cast<std::uint64_t>(status.st_size);
    return true;
}

std::optional<FileMark> FolderHandle::read(const char* name, std::string& content, std::uint64_t limit,
                                           std::uint64_t offset) const {
    content.clear();
    const FileDescriptor file(::openat(m_descriptor.get(), name, kFileFlags));
    struct stat status {};
    if (!file.valid() || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
        return std::nullopt;
    }
    const auto mark = markFrom(status);
    const auto left = mark.size > offset ? std::min(mark.size - offset, limit) : 0;
    content.resize(static_cast<std::size_t>(left));
    std::size_t filled = 0;
    while (filled < content.size()) {
        const auto got = ::pread(file.get(), content.data() + filled, content.size() - filled,
                                 static_cast<off_t>(offset + filled));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return std::nullopt;
        }
        if (got == 0) {
            break;
        }
        filled += static_cast<std::size_t>(got);
    }
    content.resize(filled);
    return mark;
}

}  // namespace runglass::sources
