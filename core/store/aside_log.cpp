// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/aside_log.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <fmt/format.h>

#include "runglass/base/bytes.h"
#include "runglass/base/crc32c.h"
#include "runglass/base/file.h"
#include "runglass/base/run_id.h"
#include "runglass/base/text.h"
#include "runglass/store/layout.h"

namespace runglass::store {

namespace fs = std::filesystem;

namespace {

/// Minutes of a busy script, and no more than an endpoint can keep in memory to tell it.
constexpr std::uint64_t kLargest = 64U << 20U;
constexpr std::size_t kHeader = 8;
constexpr int kDigits = 12;

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

/// Ends at the first record that is not whole.
Result<void> readRecords(int file, std::uint64_t size, const AsideLog::Take& take) {
    std::string record;
    for (std::uint64_t offset = 0; offset + kHeader <= size;) {
        std::array<std::uint32_t, 2> header{};  // of this machine alone, so in its own order of bytes
        if (!readAt(file, reinterpret_cast<char*>(header.data()), kHeader, offset) ||
            header[0] > size - offset - kHeader) {
            break;
        }
        record.resize(header[0]);
        if (!readAt(file, record.data(), record.size(), offset + kHeader) || crcOf(record) != header[1]) {
            break;
        }
        RUNGLASS_TRY(take(record));
        offset += kHeader + record.size();
    }
    return {};
}

fs::path folderOf(const fs::path& project) {
    return Layout(project).root() / "aside";
}

/// The oldest first.
std::vector<fs::path> logsIn(const fs::path& folder) {
    std::vector<fs::path> logs;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        if (it->path().extension() == ".log") {
            logs.push_back(it->path());
        }
    }
    std::sort(logs.begin(), logs.end());
    return logs;
}

/// Where nothing may be written a log can be looked at all the same.
FileDescriptor openLeftover(const fs::path& path) {
    constexpr int kFlags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    FileDescriptor file(::open(path.c_str(), O_RDWR | kFlags));
    if (!file.valid()) {
        file.reset(::open(path.c_str(), O_RDONLY | kFlags));
    }
    return file;
}

std::uint64_t sizeOf(int file) {
    struct stat status {};
    return ::fstat(file, &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

}  // namespace

bool isAnythingAside(const fs::path& project) {
    const auto logs = logsIn(folderOf(project));
    return std::any_of(logs.begin(), logs.end(), [](const fs::path& log) {
        std::error_code error;
        return fs::file_size(log, error) > 0 && !error;
    });
}

AsideLog::AsideLog(const fs::path& project)
    : m_folder(folderOf(project)) {}

AsideLog::~AsideLog() {
    if (m_file.valid() && m_size == 0) {
        ::unlink(m_path.c_str());
    }
}

bool AsideLog::open() {
    std::error_code error;
    fs::create_directories(m_folder, error);
    // After those that are there: what one has left may be about a run that another has left before.
    const auto logs = logsIn(m_folder);
    const auto last = logs.empty() ? 0 : parseInt(logs.back().stem().native().substr(0, kDigits)).value_or(0);
    m_path = m_folder / fmt::format("{:0{}}-{}.log", last + 1, kDigits, RunId::generate().hex());
    m_file.reset(::open(m_path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (m_file.valid() && ::flock(m_file.get(), LOCK_EX | LOCK_NB) != 0) {
        m_file.reset();  // another endpoint took it for a leftover in between
    }
    return m_file.valid();
}

bool AsideLog::add(std::string_view record) {
    if (m_size + kHeader + record.size() > kLargest || (!m_file.valid() && !open())) {
        return false;
    }
    const std::array<std::uint32_t, 2> header{static_cast<std::uint32_t>(record.size()), crcOf(record)};
    std::string bytes(kHeader, '\0');
    std::memcpy(bytes.data(), header.data(), kHeader);
    bytes += record;
    const auto written = ::pwrite(m_file.get(), bytes.data(), bytes.size(), static_cast<off_t>(m_size));
    if (written != static_cast<ssize_t>(bytes.size())) {
        return false;  // what came of it is not counted, and overwritten by the next
    }
    m_size += bytes.size();
    return true;
}

Result<void> AsideLog::forEach(const Take& take) const {
    return m_file.valid() ? readRecords(m_file.get(), m_size, take) : Result<void>();
}

void AsideLog::clear() {
    m_size = 0;
    if (m_file.valid() && ::ftruncate(m_file.get(), 0) != 0) {
        m_file.reset();  // the next one is added to a new file; the points of this one are passed over
    }
}

AsideLeftovers::AsideLeftovers(const fs::path& project) {
    for (const auto& path : logsIn(folderOf(project))) {
        auto file = openLeftover(path);
        if (file.valid() && ::flock(file.get(), LOCK_EX | LOCK_NB) == 0) {  // else its endpoint lives
            m_files.emplace_back(path, std::move(file));
        }
    }
}

Result<void> AsideLeftovers::forEach(const AsideLog::Take& take, const std::function<void()>& begin) const {
    for (const auto& [path, file] : m_files) {
        begin();
        RUNGLASS_TRY(readRecords(file.get(), std::min(sizeOf(file.get()), kLargest), take));
    }
    return {};
}

void AsideLeftovers::remove() {
    for (const auto& [path, file] : m_files) {
        ::unlink(path.c_str());
    }
    m_files.clear();
}

}  // namespace runglass::store
