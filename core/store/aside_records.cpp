// SPDX-License-Identifier: GPL-3.0-or-later
#include "aside_records.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

#include "runglass/base/bytes.h"
#include "runglass/base/crc32c.h"
#include "runglass/store/layout.h"

namespace runglass::store {

namespace {

constexpr std::size_t kHeader = 8;
/// With the length of a first record: the records up to there are taken.
constexpr std::uint32_t kTaken = 1U << 31U;
static_assert(kLargestAside < kTaken);

using Header = std::array<std::uint32_t, 2>;  // of this machine alone, so in its own order of bytes

std::uint32_t crcOf(std::string_view text) {
    return crc32c(ByteView(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

bool readAt(int file, char* into, std::size_t size, std::uint64_t offset) {
    while (size > 0) {
        const ssize_t count = ::pread(file, into, size, static_cast<off_t>(offset));
        if (count <= 0 && !(count < 0 && errno == EINTR)) {
            return false;
        }
        const auto done = static_cast<std::size_t>(std::max<ssize_t>(count, 0));
        into += done;
        size -= done;
        offset += done;
    }
    return true;
}

}  // namespace

std::filesystem::path asideFolder(const std::filesystem::path& project) {
    return Layout(project).root() / "aside";
}

std::vector<std::filesystem::path> logsIn(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> logs;
    std::error_code error;
    for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
         it.increment(error)) {
        if (it->path().extension() == ".log") {
            logs.push_back(it->path());
        }
    }
    std::sort(logs.begin(), logs.end());
    return logs;
}

std::uint64_t sizeOfFile(int file) {
    struct stat status {};
    return ::fstat(file, &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

std::uint64_t beginOfRecords(int file) {
    Header header{};
    const bool isTaken = readAt(file, reinterpret_cast<char*>(header.data()), kHeader, 0) &&
                         (header[0] & kTaken) != 0 && header[1] == 0;
    return isTaken ? kHeader + (header[0] & ~kTaken) : 0;
}

void markTaken(int file, std::uint64_t offset) {
    if (offset >= kHeader) {
        const Header header{kTaken | static_cast<std::uint32_t>(offset - kHeader), 0};
        // What cannot be marked is taken again, which changes next to nothing.
        [[maybe_unused]] const auto written = ::pwrite(file, header.data(), kHeader, 0);
    }
}

std::optional<std::uint64_t> readRecord(int file, std::uint64_t offset, std::uint64_t end,
                                        std::string& record) {
    Header header{};
    if (offset + kHeader > end || !readAt(file, reinterpret_cast<char*>(header.data()), kHeader, offset) ||
        header[0] > end - offset - kHeader) {
        return std::nullopt;
    }
    record.resize(header[0]);
    if (!readAt(file, record.data(), record.size(), offset + kHeader) || crcOf(record) != header[1]) {
        return std::nullopt;
    }
    return offset + kHeader + record.size();
}

Result<std::uint64_t> readRecords(int file, std::uint64_t offset,
                                  const std::function<Result<void>(std::string_view record)>& take) {
    const auto size = std::min(sizeOfFile(file), kLargestAside);
    offset = offset == 0 ? beginOfRecords(file) : offset;
    std::string record;
    while (const auto end = readRecord(file, offset, size, record)) {
        RUNGLASS_TRY(take(record));
        offset = *end;
    }
    return offset;
}

std::optional<std::uint64_t> writeRecord(int file, std::uint64_t offset, std::string_view record) {
    const std::uint64_t end = offset + kHeader + record.size();
    if (end > kLargestAside) {
        return std::nullopt;
    }
    const Header header{static_cast<std::uint32_t>(record.size()), crcOf(record)};
    std::string bytes(kHeader, '\0');
    std::memcpy(bytes.data(), header.data(), kHeader);
    bytes += record;
    const auto written = ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written >= 0 && written < static_cast<ssize_t>(bytes.size())) {
        errno = ENOSPC;  // a part had room
    }
    return written == static_cast<ssize_t>(bytes.size()) ? std::optional(end) : std::nullopt;
}

}  // namespace runglass::store
