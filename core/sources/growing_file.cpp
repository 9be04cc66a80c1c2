// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/sources/growing_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::sources {
namespace {

constexpr std::uint64_t kWitnessBytes = 64;

FileStamp stampFrom(const std::filesystem::path& path, const struct stat& status) {
    FileStamp stamp;
    stamp.path = path;
    stamp.device = status.st_dev;
    stamp.inode = status.st_ino;
    stamp.size = static_cast<std::uint64_t>(status.st_size);
    stamp.modifiedNs = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
    stamp.exists = true;
    return stamp;
}

Error notRegular(const std::filesystem::path& path) {
    return {ErrorCode::Invalid, tr("{} is not a regular file.", toValidUtf8(path.native())), {}};
}

Result<std::string> readFrom(const FileDescriptor& file, const std::filesystem::path& path,
                             std::uint64_t offset, std::size_t most) {
    std::string bytes(most, '\0');
    std::size_t filled = 0;
    while (filled < most) {
        const auto got =
            ::pread(file.get(), bytes.data() + filled, most - filled, static_cast<off_t>(offset + filled));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return errorFromErrno(errno, tr("The file cannot be read."), path);
        }
        if (got == 0) {
            break;
        }
        filled += static_cast<std::size_t>(got);
    }
    bytes.resize(filled);
    return bytes;
}

}  // namespace

FileStamp FileStamp::of(const std::filesystem::path& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        FileStamp missing;
        missing.path = path;
        return missing;
    }
    return stampFrom(path, status);
}

Result<FileDescriptor> GrowingFile::open() const {
    // Non-blocking, so that a FIFO without a writer does not hang before it is refused.
    FileDescriptor file(::open(m_path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file.valid()) {
        return errorFromErrno(errno, tr("The file cannot be read."), m_path);
    }
    return file;
}

Result<GrowingFile::Change> GrowingFile::refresh() {
    struct stat status {};
    if (::stat(m_path.c_str(), &status) != 0) {
        m_stamp = {};
        m_stamp.path = m_path;
        startAgain();
        return Change::Gone;
    }
    if (!S_ISREG(status.st_mode)) {
        return notRegular(m_path);
    }
    const FileStamp now = stampFrom(m_path, status);
    if (now == m_stamp) {
        return Change::None;
    }
    const bool first = !m_stamp.exists;
    // Whoever appends makes the file longer: another time with the same size is a change in place.
    const bool inPlace = now.size == m_stamp.size && now.size > 0;
    const bool same =
        now.device == m_stamp.device && now.inode == m_stamp.inode && now.size >= m_consumed && !inPlace;
    m_stamp = now;
    if (first) {
        return now.size > 0 ? Change::Grown : Change::None;
    }
    bool holds = false;
    if (same) {
        RUNGLASS_ASSIGN(holds, witnessHolds());
    }
    if (!holds) {
        startAgain();
        return Change::Rewritten;
    }
    return now.size > m_consumed ? Change::Grown : Change::None;
}

void GrowingFile::startAgain() {
    m_consumed = 0;
    m_witness.clear();
}

Result<bool> GrowingFile::witnessHolds() const {
    RUNGLASS_ASSIGN(const auto bytes, readAt(m_consumed - m_witness.size(), m_witness.size()));
    return bytes == m_witness;
}

Result<std::string> GrowingFile::read(std::size_t most) const {
    return readAt(m_consumed, most);
}

Result<std::string> GrowingFile::readAt(std::uint64_t offset, std::size_t most) const {
    if (offset >= m_stamp.size || most == 0) {
        return std::string();
    }
    RUNGLASS_ASSIGN(const auto file, open());
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) {
        return errorFromErrno(errno, tr("The file cannot be read."), m_path);
    }
    if (!S_ISREG(status.st_mode)) {
        return notRegular(m_path);
    }
    const auto left = std::min<std::uint64_t>(m_stamp.size - offset, most);
    return readFrom(file, m_path, offset, static_cast<std::size_t>(left));
}

Result<void> GrowingFile::consume(std::uint64_t count) {
    const auto end = std::min(m_consumed + count, m_stamp.size);
    const auto witness = std::min(end, kWitnessBytes);
    RUNGLASS_ASSIGN(m_witness, readAt(end - witness, static_cast<std::size_t>(witness)));
    m_consumed = end;
    return {};
}

}  // namespace runglass::sources
