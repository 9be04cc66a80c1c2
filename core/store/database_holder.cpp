// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/database_holder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <fstream>
#include <optional>
#include <sstream>

#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/store/layout.h"

namespace runglass::store {

namespace {

namespace fs = std::filesystem;

/// Bytes that a writer has locked (sqlite.org/walformat.html §2.3.1, os.h of SQLite).
struct LockedBytes {
    std::uint64_t file = 0;  ///< inode
    std::int64_t first = 0;
    std::int64_t last = 0;
};

constexpr std::int64_t kWriterOfLog = 120;     ///< WAL_WRITE_LOCK of the -shm file
constexpr std::int64_t kPending = 0x40000000;  ///< of the database itself: PENDING, RESERVED, SHARED …
constexpr std::int64_t kLastShared = kPending + 511;

std::uint64_t inodeOf(const fs::path& file) {
    struct stat status {};
    return ::stat(file.c_str(), &status) == 0 ? std::uint64_t{status.st_ino} : 0;
}

/// `1: POSIX  ADVISORY  WRITE 4711 08:01:131 120 120` of /proc/locks (proc(5)); the process that has one of
/// `wanted` for writing.
std::optional<int> writerIn(const std::string& line, const std::array<LockedBytes, 2>& wanted) {
    std::istringstream words(line);
    std::string number;
    std::string kind;
    std::string mode;
    std::string access;
    std::string pid;
    std::string file;
    std::string first;
    std::string last;
    if (!(words >> number >> kind >> mode >> access >> pid >> file >> first >> last) || access != "WRITE") {
        return std::nullopt;  // `->` after the number is one that waits, and has a word more
    }
    const auto inode = parseInt(file.substr(file.rfind(':') + 1));
    const auto from = parseInt(first);
    const auto to = last == "EOF" ? std::optional(INT64_MAX) : parseInt(last);
    const auto process = parseInt(pid);
    for (const auto& bytes : wanted) {
        if (inode && from && to && process && bytes.file != 0 &&
            static_cast<std::uint64_t>(*inode) == bytes.file && *from <= bytes.last && *to >= bytes.first) {
            return static_cast<int>(*process);
        }
    }
    return std::nullopt;
}

std::string nameOf(int pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/comm");
    std::string name;
    std::getline(file, name);
    return toValidUtf8(name);
}

}  // namespace

std::string databaseHolder(const fs::path& project) {
    const auto database = Layout(project).database();
    const std::array<LockedBytes, 2> wanted{
        {{inodeOf(database.native() + "-shm"), kWriterOfLog, kWriterOfLog},
         {inodeOf(database), kPending, kLastShared}}};
    std::ifstream locks("/proc/locks");
    for (std::string line; std::getline(locks, line);) {
        const auto pid = writerIn(line, wanted);
        if (!pid || *pid == ::getpid()) {
            continue;
        }
        const auto name = *pid > 0 ? nameOf(*pid) : std::string();
        return name.empty() ? std::string() : tr("{} (process {})", name, *pid);
    }
    return {};
}

std::string databaseHolderOrUnknown(const fs::path& project) {
    const auto holder = databaseHolder(project);
    return holder.empty() ? tr("another program") : holder;
}

}  // namespace runglass::store
