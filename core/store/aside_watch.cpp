// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/aside_watch.h"

#include <sys/stat.h>

#include <ctime>
#include <system_error>

#include "aside_records.h"

namespace runglass::store {

namespace fs = std::filesystem;

namespace {

/// File systems keep the time of the last tick: what has just been changed may be changed again unseen.
constexpr std::int64_t kCoarseNs = 100'000'000;

std::int64_t nsOf(const timespec& time) {
    return std::int64_t{1'000'000'000} * time.tv_sec + time.tv_nsec;
}

std::int64_t nowNs() {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    return nsOf(now);
}

bool isEmptyFile(const fs::directory_entry& entry) {
    std::error_code error;
    return entry.file_size(error) == 0 && !error;
}

}  // namespace

AsideWatch::AsideWatch(const fs::path& project)
    : m_folder(asideFolder(project)) {}

bool AsideWatch::isEmpty() const {
    struct stat status {};
    if (::stat(m_folder.c_str(), &status) != 0) {
        return true;
    }
    const auto changed = nsOf(status.st_mtim);
    if (changed == m_emptySince.load(std::memory_order_relaxed)) {
        return true;
    }
    bool hasFiles = false;
    const auto before = nowNs();
    std::error_code error;
    for (fs::directory_iterator it(m_folder, error), end; !error && it != end; it.increment(error)) {
        const auto& path = it->path();
        const bool isLog = path.extension() == ".log" || path.filename() == kCatalogLogName;
        if (isLog && !isEmptyFile(*it)) {
            return false;
        }
        hasFiles = hasFiles || isLog;  // an empty one gets its records without a word of the folder
    }
    if (!hasFiles && changed + kCoarseNs < before) {
        m_emptySince.store(changed, std::memory_order_relaxed);
    }
    return true;
}

}  // namespace runglass::store
