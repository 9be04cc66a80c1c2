// SPDX-License-Identifier: GPL-3.0-or-later
#include "recorder.h"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "project_console.h"
#include "runglass/base/clock.h"
#include "runglass/base/file.h"
#include "runglass/base/translate.h"
#include "runglass/store/database.h"
#include "runglass/store/database_holder.h"
#include "runglass/store/kept_run.h"
#include "runglass/store/patience.h"
#include "runglass/store/restore_aside.h"

namespace runglass::launch {

namespace {

constexpr std::int64_t kBatchMs = 50;   // between two transactions, so that a fast logger is batched
constexpr std::int64_t kIdleMs = 1000;  // the spool is looked at this often even if nobody says so
constexpr std::int64_t kMaxBackoffMs = 2000;
constexpr std::int64_t kTellAfterMs = 1000;  // a short wait is nobody's concern
/// How long a try waits for another program that holds the database; people are told after kTellAfterMs.
constexpr std::int64_t kBusyPatienceMs = 500;
constexpr std::size_t kMaxSamples = 5000;
constexpr std::size_t kMaxRows = 500;

std::string megabytes(double bytes) {
    return fmt::format("{:.1f} MB", bytes / 1e6);
}

std::string describeFullDisk(const RunFolder& folder, std::uint64_t heldBytes) {
    struct statvfs disk {};
    ::statvfs(folder.path().c_str(), &disk);
    struct stat spool {};
    ::stat(folder.spool().c_str(), &spool);
    const double block = static_cast<double>(disk.f_frsize);
    auto text =
        tr("Logging waits: the disk of .runglass is full ({} of {} free). The run goes on, and {} are held. "
           "Free some room and logging resumes by itself.",
           megabytes(static_cast<double>(disk.f_bavail) * block),
           megabytes(static_cast<double>(disk.f_blocks) * block),
           megabytes(static_cast<double>(heldBytes) + static_cast<double>(spool.st_size)));
    return heldBytes == 0 ? text : text + " " + tr("What the command prints is shown then, too.");
}

/// What trying again cannot mend.
bool isPermanent(const Error& error) {
    return error.code == ErrorCode::Invalid || error.code == ErrorCode::TooLarge ||
           error.code == ErrorCode::Exists;
}

}  // namespace

Recorder::Recorder(RunFolder folder, SpoolIngest::Options options)
    : m_folder(std::move(folder))
    , m_spool(m_folder.spool(), m_folder.id(), std::move(options))
    , m_thread([this] { run(); }) {}

Recorder::~Recorder() {
    {
        const std::lock_guard lock(m_mutex);
        m_abandoned = true;
    }
    m_condition.notify_all();
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

void Recorder::followConsole(OutputPump& pump) {
    const std::lock_guard lock(m_mutex);
    m_pump = &pump;
}

void Recorder::followEndpoint(const ScriptEndpoint* endpoint) {
    const std::lock_guard lock(m_mutex);
    // A short script can be over, and its endpoint gone, before the first look at its console.
    m_endpointUsed = m_endpointUsed || (m_endpoint != nullptr && m_endpoint->hasMetrics());
    m_endpoint = endpoint;
}

bool Recorder::scriptLogs() {
    if (m_spool.hasMetrics()) {
        return true;
    }
    const std::lock_guard lock(m_mutex);
    m_endpointUsed = m_endpointUsed || (m_endpoint != nullptr && m_endpoint->hasMetrics());
    return m_endpointUsed;
}

void Recorder::wake() {
    {
        const std::lock_guard lock(m_mutex);
        m_woken = true;
    }
    m_condition.notify_all();
}

void Recorder::write(Write write) {
    {
        const std::lock_guard lock(m_mutex);
        m_writes.push_back(std::move(write));
        m_woken = true;
    }
    m_condition.notify_all();
}

void Recorder::addSample(ResourceSample sample) {
    const std::lock_guard lock(m_mutex);
    if (m_samples.size() < kMaxSamples) {
        m_samples.push_back(std::move(sample));
    }
    m_woken = true;
    m_condition.notify_all();
}

bool Recorder::finish(MakeEnd makeEnd, std::int64_t patienceMs) {
    {
        const std::lock_guard lock(m_mutex);
        m_makeEnd = std::move(makeEnd);
        m_deadlineMs = monotonicMs() + patienceMs;
    }
    m_condition.notify_all();
    m_thread.join();
    return m_endRecorded;
}

void Recorder::run() {
    const store::Patience patience(kBusyPatienceMs);
    [[maybe_unused]] const auto early =
        openDatabase();  // a failure is met again, and told, when there is work
    std::int64_t backoffMs = 0;
    for (;;) {
        const Next next = waitForWork(backoffMs);
        if (next == Next::Leave) {
            return;
        }
        const bool ending = next == Next::End;
        auto done = workOnce();
        if (done.ok() && !(ending && m_isBusy)) {  // with nothing to write nobody knows whether it still is
            clearTrouble();
        }
        if (done.ok() && ending) {
            done = recordEnd();
        }
        m_isBusy = !done.ok() && done.error().code == ErrorCode::Busy;
        if (done.ok()) {
            backoffMs = 0;
            if (ending) {
                clearTrouble();
                return;
            }
            continue;
        }
        tellTrouble(done.error());
        backoffMs = m_isBusy ? kBatchMs  // the try itself has waited
                             : std::clamp<std::int64_t>(backoffMs * 2, 100, kMaxBackoffMs);
        if (ending && givesUp(done.error())) {
            return;
        }
    }
}

bool Recorder::givesUp(const Error& error) {
    if (::access(m_folder.marker().c_str(), F_OK) != 0) {
        return true;  // somebody has removed the run, or all of the project
    }
    const std::lock_guard lock(m_mutex);
    return error.code != ErrorCode::Full && monotonicMs() >= m_deadlineMs;
}

Recorder::Next Recorder::waitForWork(std::int64_t backoffMs) {
    std::unique_lock lock(m_mutex);
    const auto isEnding = [&] { return m_abandoned || m_makeEnd; };
    const auto hasWork = [&] { return m_woken || isEnding(); };
    if (!m_begun) {
        m_condition.wait(lock, hasWork);
        m_begun = true;
    } else if (backoffMs > 0) {
        m_condition.wait_for(lock, std::chrono::milliseconds(backoffMs), [&] { return m_abandoned; });
    } else {
        m_condition.wait_until(lock, m_lastRound + std::chrono::milliseconds(kBatchMs), isEnding);
        m_condition.wait_for(lock, std::chrono::milliseconds(kIdleMs), hasWork);
    }
    m_lastRound = std::chrono::steady_clock::now();
    m_woken = false;
    if (m_abandoned) {
        return Next::Leave;
    }
    return m_makeEnd ? Next::End : Next::Work;
}

Result<void> Recorder::workOnce() {
    RUNGLASS_TRY(openDatabase());
    RUNGLASS_TRY(makeRun());
    RUNGLASS_TRY(doWrites());
    RUNGLASS_TRY(m_spool.takeIn(*m_database));
    m_scriptEnded = m_spool.end().has_value();
    searchLines();
    return writeScalars();
}

Result<void> Recorder::openDatabase() {
    if (m_database) {
        return {};
    }
    RUNGLASS_ASSIGN(auto database, store::Database::open(m_folder.project(), store::OpenMode::ReadWrite));
    if (!database.report().writable) {
        return Error{ErrorCode::ReadOnly, database.report().whyNotWritable, {}};
    }
    m_database = std::move(database);
    readConsoleSettings();
    return {};
}

/// The launcher has left it in the folder when another program held the database.
Result<void> Recorder::makeRun() {
    if (m_runMade) {
        return {};
    }
    if (const auto entry = readEntry(m_folder)) {
        store::RunWriter writer(*m_database);
        RUNGLASS_TRY(store::makeKeptRun(writer, *m_database, *entry));
        removeEntry(m_folder);
    }
    m_runMade = true;
    return {};
}

void Recorder::readConsoleSettings() {
    auto console = readProjectConsole(m_folder.project(), m_scalars);
    m_consolePolicy = console.policy;
    for (auto& problem : console.problems) {
        write([problem = std::move(problem)](store::RunWriter& writer, const RunId& id) {
            return writer.addProblem(id, problem);
        });
    }
}

Result<void> Recorder::doWrites() {
    for (;;) {
        Write next;
        {
            const std::lock_guard lock(m_mutex);
            if (m_writes.empty()) {
                return {};
            }
            next = m_writes.front();
        }
        store::RunWriter writer(*m_database);
        const auto done = next(writer, m_folder.id());
        if (!done.ok() && !isPermanent(done.error())) {
            return done;
        }
        const std::lock_guard lock(m_mutex);
        m_writes.pop_front();
    }
}

void Recorder::searchLines() {
    std::vector<ResourceSample> samples;
    OutputPump* pump = nullptr;
    {
        const std::lock_guard lock(m_mutex);
        samples.swap(m_samples);
        pump = m_pump;
    }
    for (const auto& sample : samples) {
        for (const auto& [key, value] : sample.values) {
            m_points.push_back({key, {m_sampleStep, sample.timeMs, value}});
        }
        ++m_sampleStep;
    }
    if (pump == nullptr) {
        return;
    }
    const auto lines = pump->takeLines();
    if (m_consolePolicy == ConsolePolicy::Never ||
        (m_consolePolicy == ConsolePolicy::UntilLogged && scriptLogs())) {
        return;
    }
    for (const auto& line : lines) {
        for (auto& scalar : m_scalars.parseLine(line.text)) {
            m_points.push_back({std::move(scalar.key), {scalar.step, line.timeMs, scalar.value}});
        }
    }
}

Result<void> Recorder::writeScalars() {
    store::RunWriter writer(*m_database);
    while (!m_points.empty()) {
        const std::size_t count = std::min(m_points.size(), kMaxRows);
        std::vector<store::MetricPoint> rows;
        rows.reserve(count);
        for (std::size_t i = 0; i < count; ++i) {
            rows.push_back({m_points[i].key, m_points[i].point});
        }
        const auto written = writer.appendPoints(m_folder.id(), rows);
        if (!written.ok() && !isPermanent(written.error())) {
            return written;
        }
        m_points.erase(m_points.begin(), m_points.begin() + static_cast<std::ptrdiff_t>(count));
    }
    return {};
}

Result<void> Recorder::recordEnd() {
    RUNGLASS_TRY(m_spool.finish(*m_database));
    RUNGLASS_TRY(doWrites());
    MakeEnd makeEnd;
    OutputPump* pump = nullptr;
    {
        const std::lock_guard lock(m_mutex);
        makeEnd = m_makeEnd;
        pump = m_pump;
    }
    if (pump != nullptr && !pump->flushHeld()) {
        return errorFromErrno(pump->trouble(), tr("The console cannot be written."), m_folder.path());
    }
    // What its endpoint had to leave comes before its end.
    RUNGLASS_TRY(store::restoreAside(*m_database));
    store::RunWriter writer(*m_database);
    RUNGLASS_TRY(writer.endRun(m_folder.id(), makeEnd(m_spool.end())));
    m_endRecorded = true;
    return {};
}

void Recorder::tellTrouble(const Error& error) {
    const std::int64_t now = monotonicMs();
    m_troubleSinceMs = m_troubleSinceMs == 0 ? now : m_troubleSinceMs;
    OutputPump* pump = nullptr;
    bool isEnding = false;
    {
        const std::lock_guard lock(m_mutex);
        pump = m_pump;
        isEnding = static_cast<bool>(m_makeEnd);
    }
    if (now - m_troubleSinceMs < kTellAfterMs && !(isEnding && m_isBusy)) {  // a terminal waits for the end
        return;
    }
    m_trouble = describe(error, pump == nullptr ? 0 : pump->heldBytes(), isEnding);
    if (error.code != ErrorCode::Busy) {  // that is nothing that people would have to know later
        m_firstTrouble = m_firstTrouble.empty() ? m_trouble : m_firstTrouble;
    }
    writeNotice(m_folder, m_trouble);
}

std::string Recorder::describe(const Error& error, std::uint64_t heldBytes, bool isEnding) const {
    switch (error.code) {
        case ErrorCode::Full:
            return describeFullDisk(m_folder, heldBytes);
        case ErrorCode::Busy: {
            const auto holder = store::databaseHolderOrUnknown(m_folder.project());
            return isEnding ? tr("The end is recorded as soon as {} frees the run database.", holder)
                            : tr("Logging waits until {} frees the run database. The run goes on, and what "
                                 "it logs is kept.",
                                 holder);
        }
        default:
            return tr("Logging waits: {} The run goes on, and what it logs is kept in its spool.",
                      error.message);
    }
}

void Recorder::clearTrouble() {
    OutputPump* pump = nullptr;
    {
        const std::lock_guard lock(m_mutex);
        pump = m_pump;
    }
    // The console has its own file, and can be in trouble while the database is not.
    if (pump != nullptr && pump->trouble() != 0) {
        tellTrouble(errorFromErrno(pump->trouble(), tr("The console cannot be written."), m_folder.path()));
        return;
    }
    if (!m_trouble.empty()) {
        writeNotice(m_folder, {});
        m_trouble.clear();
    }
    if (!m_firstTrouble.empty()) {
        write([seconds = (monotonicMs() - m_troubleSinceMs) / 1000,
               trouble = std::exchange(m_firstTrouble, {})](store::RunWriter& writer, const RunId& id) {
            return writer.addProblem(id, tr("Logging had to wait for {} s: {}", seconds, trouble));
        });
    }
    m_troubleSinceMs = 0;
}

}  // namespace runglass::launch
