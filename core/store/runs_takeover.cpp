// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/runs_takeover.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "aside_records.h"
#include "runglass/base/clock.h"
#include "runglass/store/kept_run.h"
#include "runglass/store/run_change.h"
#include "runglass/store/tracked_runs.h"

namespace runglass::store {

namespace fs = std::filesystem;

namespace {

/// Another has it between the end of its transaction and its mark.
constexpr std::int64_t kPatienceMs = 100;
constexpr auto kPause = std::chrono::microseconds(200);

FileDescriptor openToTake(const fs::path& path) {
    return FileDescriptor(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
}

/// The lock of AsideLog (flock) is its endpoint's for life; this one is of another kind.
bool lockToTake(int file) {
    struct flock whole {};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    const auto end = monotonicMs() + kPatienceMs;
    while (::fcntl(file, F_OFD_SETLK, &whole) != 0) {
        if (monotonicMs() >= end) {
            return false;
        }
        std::this_thread::sleep_for(kPause);
    }
    return true;
}

bool isOfTheDead(int file) {
    return ::flock(file, LOCK_EX | LOCK_NB) == 0;
}

}  // namespace

bool RunsTakeover::anything() const {
    const auto logs = logsIn(asideFolder(m_project));
    return std::any_of(logs.begin(), logs.end(), [&](const fs::path& path) {
        const auto file = openToTake(path);
        if (!file.valid()) {
            return false;  // it is for its endpoint to take
        }
        const auto size = sizeOfFile(file.get());
        const auto seen = m_seen.find(path);
        return size > beginOfRecords(file.get()) && (seen == m_seen.end() || seen->second != size);
    });
}

Result<void> RunsTakeover::take(Database& database, const fs::path& own, const Step& catalog,
                                const Restore& restore) {
    m_logs.clear();
    m_known.clear();
    if (!own.empty()) {
        open(own, true);  // first: what it builds on in the others is there when these are looked at
    }
    for (const auto& path : logsIn(asideFolder(m_project))) {
        if (path != own) {
            open(path, false);
        }
    }
    RUNGLASS_TRY(catalog());  // after the logs: it has all that they refer to
    std::for_each(m_logs.begin(), m_logs.end(), readOn);
    while (auto* const log = following(database)) {
        RUNGLASS_TRY(restore(log->record));
        log->taken = log->next;
        readOn(*log);
    }
    return {};
}

void RunsTakeover::open(const fs::path& path, bool isOwn) {
    Log log;
    log.path = path;
    log.file = openToTake(path);
    if (!log.file.valid()) {
        return;
    }
    log.end = std::min(sizeOfFile(log.file.get()), kLargestAside);
    if (!lockToTake(log.file.get()) && !isOwn) {
        m_seen[path] = log.end;  // where locks exclude each other: for its endpoint to take
        return;
    }
    log.taken = beginOfRecords(log.file.get());
    m_logs.push_back(std::move(log));
}

void RunsTakeover::readOn(Log& log) {
    log.next = readRecord(log.file.get(), log.taken, log.end, log.record).value_or(0);
    log.run = {};
    if (log.next == 0) {
        return;
    }
    const ByteView bytes(reinterpret_cast<const std::uint8_t*>(log.record.data()), log.record.size());
    if (const auto change = decodeChange(bytes)) {
        log.timeMs = std::max(log.timeMs, change->timeMs);  // a log keeps its order
        log.run = change->isNew ? RunId() : change->run;
    }
}

/// The log whose record comes next; null after the last.
RunsTakeover::Log* RunsTakeover::following(Database& database) {
    Log* earliest = nullptr;
    Log* orphaned = nullptr;
    for (auto& log : m_logs) {
        if (log.next == 0 || (earliest != nullptr && earliest->timeMs <= log.timeMs)) {
            continue;
        }
        if (isReady(log, database)) {
            earliest = &log;
        } else if (orphaned == nullptr && !mayStillBegin(log)) {
            orphaned = &log;
        }
    }
    return earliest != nullptr ? earliest : orphaned;
}

bool RunsTakeover::isReady(const Log& log, Database& database) {
    if (log.run.isNull() || m_known.contains(log.run)) {
        return true;
    }
    const bool isThere = TrackedRuns(database).get(log.run).ok();
    if (isThere) {
        m_known.insert(log.run);
    }
    return isThere;
}

/// Whether the run of its record may have been begun after the end of another log was taken for its end: then
/// it waits for the next time.
bool RunsTakeover::mayStillBegin(const Log& waiting) const {
    return std::any_of(m_logs.data(), &waiting,
                       [](const Log& log) { return sizeOfFile(log.file.get()) > log.end; });
}

void RunsTakeover::end(bool committed) {
    for (auto& log : m_logs) {
        if (!committed) {
            continue;
        }
        markTaken(log.file.get(), log.taken);
        if (log.next != 0) {
            continue;
        }
        m_seen[log.path] = log.end;
        // Its endpoint may have acknowledged more before it died; nobody adds to it once the lock is ours.
        if (isOfTheDead(log.file.get()) && sizeOfFile(log.file.get()) == log.end) {
            ::unlink(log.path.c_str());
            m_seen.erase(log.path);
        }
    }
    m_logs.clear();
}

}  // namespace runglass::store
