// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/aside_log.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>

#include <fmt/format.h>

#include "aside_records.h"
#include "runglass/base/run_id.h"
#include "runglass/base/text.h"
#include "runglass/store/catalog_log.h"

namespace runglass::store {

namespace fs = std::filesystem;

namespace {

constexpr int kDigits = 12;
constexpr int kAttempts = 100;

/// Where nothing may be written a log can be looked at all the same.
FileDescriptor openLeftover(const fs::path& path) {
    constexpr int kFlags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    FileDescriptor file(::open(path.c_str(), O_RDWR | kFlags));
    if (!file.valid()) {
        file.reset(::open(path.c_str(), O_RDONLY | kFlags));
    }
    return file;
}

Result<void> recordsOf(int file, const AsideLog::Take& take) {
    const auto read = readRecords(file, 0, take);
    return read.ok() ? Result<void>() : read.error();
}

}  // namespace

bool isAnythingAside(const fs::path& project) {
    if (!CatalogLog(project).empty()) {
        return true;
    }
    const auto logs = logsIn(asideFolder(project));
    return std::any_of(logs.begin(), logs.end(), [](const fs::path& log) {
        std::error_code error;
        return fs::file_size(log, error) > 0 && !error;
    });
}

AsideLog::AsideLog(const fs::path& project)
    : m_folder(asideFolder(project)) {}

AsideLog::~AsideLog() {
    if (m_size == 0) {
        clear();
    }
}

bool AsideLog::open() {
    std::error_code error;
    fs::create_directories(m_folder, error);
    for (int attempt = 0; attempt < kAttempts && !m_file.valid(); ++attempt) {
        // After those that are there: what one has left may be about a run that another has left before.
        const auto logs = logsIn(m_folder);
        const auto last =
            logs.empty() ? 0 : parseInt(logs.back().stem().native().substr(0, kDigits)).value_or(0);
        m_path = m_folder / fmt::format("{:0{}}-{}.log", last + 1, kDigits, RunId::generate().hex());
        m_file.reset(::open(m_path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
        struct stat status {};
        if (m_file.valid() && (::flock(m_file.get(), LOCK_EX | LOCK_NB) != 0 ||
                               ::fstat(m_file.get(), &status) != 0 || status.st_nlink == 0)) {
            m_file.reset();  // another endpoint took it for a leftover in between
        }
    }
    return m_file.valid();
}

bool AsideLog::add(std::string_view record) {
    const auto end = m_file.valid() || open() ? writeRecord(m_file.get(), m_size, record) : std::nullopt;
    m_size = end.value_or(m_size);
    return end.has_value();
}

Result<void> AsideLog::forEach(const Take& take) const {
    return m_file.valid() ? recordsOf(m_file.get(), take) : Result<void>();
}

/// The file goes, so that a look at the folder tells that nothing lies there (AsideWatch).
void AsideLog::clear() {
    m_size = 0;
    if (m_file.valid()) {
        ::unlink(m_path.c_str());
        m_file.reset();
    }
    m_path.clear();
}

AsideLeftovers::AsideLeftovers(const fs::path& project) {
    for (const auto& path : logsIn(asideFolder(project))) {
        auto file = openLeftover(path);
        if (file.valid() && ::flock(file.get(), LOCK_EX | LOCK_NB) == 0) {  // else its endpoint lives
            m_files.emplace_back(path, std::move(file));
        }
    }
}

Result<void> AsideLeftovers::forEach(const AsideLog::Take& take) const {
    for (const auto& [path, file] : m_files) {
        RUNGLASS_TRY(recordsOf(file.get(), take));
    }
    return {};
}

}  // namespace runglass::store
