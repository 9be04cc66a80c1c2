// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/catalog_log.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>

#include "aside_records.h"
#include "runglass/base/clock.h"
#include "runglass/base/translate.h"

namespace runglass::store {

namespace fs = std::filesystem;

namespace {

constexpr int kFlags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
constexpr auto kPause = std::chrono::microseconds(200);

/// False when another has it for longer; what cannot be locked at all counts as locked.
bool lock(int file, std::int64_t patienceMs) {
    const auto end = monotonicMs() + patienceMs;
    while (::flock(file, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            return true;
        }
        if (monotonicMs() >= end) {
            return false;
        }
        std::this_thread::sleep_for(kPause);
    }
    return true;
}

}  // namespace

CatalogLog::CatalogLog(const fs::path& project)
    : m_folder(asideFolder(project))
    , m_path(m_folder / kCatalogLogName) {}

bool CatalogLog::empty() const {
    struct stat status {};
    return ::lstat(m_path.c_str(), &status) != 0 || status.st_size == 0;
}

Result<CatalogLog::Turn> CatalogLog::turn(std::int64_t patienceMs) {
    std::error_code error;
    fs::create_directories(m_folder, error);
    FileDescriptor folder(::open(m_folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.valid() && !lock(folder.get(), patienceMs)) {
        return Error{ErrorCode::Busy, tr("Another process is deciding about experiments and models."), {}};
    }
    const bool goesOn = look();
    return Turn(*this, std::move(folder), goesOn);
}

/// Whether the file is the one of the turn before; else it is opened, where there is one.
bool CatalogLog::look() {
    struct stat status {};
    if (m_file.valid() && ::fstat(m_file.get(), &status) == 0 && status.st_nlink > 0) {
        return true;
    }
    const bool goesOn = m_read == 0;  // nothing was read
    m_read = 0;
    m_file.reset(::open(m_path.c_str(), O_RDWR | kFlags));
    if (!m_file.valid()) {  // perhaps nothing may be written here
        m_file.reset(::open(m_path.c_str(), O_RDONLY | kFlags));
    }
    return goesOn;
}

bool CatalogLog::open() {
    if (!m_file.valid()) {
        m_file.reset(::open(m_path.c_str(), O_RDWR | O_CREAT | O_EXCL | kFlags, 0600));
        m_read = 0;
    }
    return m_file.valid();
}

Result<void> CatalogLog::Turn::readOn(const Take& take) {
    if (m_log->m_file.valid()) {
        RUNGLASS_ASSIGN(m_log->m_read, readRecords(m_log->m_file.get(), m_log->m_read, take));
    }
    return {};
}

bool CatalogLog::Turn::add(std::string_view record) {
    if (!m_log->open()) {
        return false;
    }
    const int file = m_log->m_file.get();
    // What a process that was killed has written half is not to be taken for the record after this one.
    if (sizeOfFile(file) > m_log->m_read && ::ftruncate(file, static_cast<off_t>(m_log->m_read)) != 0) {
        return false;
    }
    const auto end = writeRecord(file, m_log->m_read, record);
    m_log->m_read = end.value_or(m_log->m_read);
    return end.has_value();
}

void CatalogLog::Turn::clear() {
    if (m_log->m_file.valid()) {
        ::unlink(m_log->m_path.c_str());
        m_log->m_file.reset();
    }
    m_log->m_read = 0;
}

}  // namespace runglass::store
