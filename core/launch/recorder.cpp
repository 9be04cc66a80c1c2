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
/// How long a try waits for another program that holds the database before what there is goes aside. Other
/// writers of Runglass take milliseconds; people are told after kTellAfterMs.
constexpr std::int64_t kBusyPatienceMs = 100;
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
    , m_aside(m_folder.project())
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

void Recorder::tell(store::RunChange change) {
    change.run = m_folder.id();
    {
        const std::lock_guard lock(m_mutex);
        m_told.push_back(std::move(change));
        m_woken = true;
    }
    m_condition.notify_all();
}

void Recorder::noteStart(std::int64_t timeMs) {
    store::RunChange change;
    change.status = model::RunStatus::Running;
    change.startMs = timeMs;
    tell(std::move(change));
}

void Recorder::addProblem(std::string message) {
    store::RunChange change;
    change.supervised.emplace().problems.push_back(std::move(message));
    tell(std::move(change));
}

void Recorder::addSample(ResourceSample sample) {
    const std::lock_guard lock(m_mutex);
    if (m_samples.size() < kMaxSamples) {
        m_samples.push_back(std::move(sample));
    }
    m_woken = true;
    m_condition.notify_all();
}

void Recorder::beginEnd(MakeEnd makeEnd, std::int64_t patienceMs) {
    {
        const std::lock_guard lock(m_mutex);
        m_makeEnd = std::move(makeEnd);
        m_deadlineMs = monotonicMs() + patienceMs;
    }
    m_condition.notify_all();
}

bool Recorder::waitForEnd() {
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
        const auto done = writeAll(ending);
        m_isBusy = !done.ok() && done.error().code == ErrorCode::Busy;
        if (done.ok()) {
            backoffMs = 0;
            if (ending) {
                clearTrouble();
                return;
            }
            continue;
        }
        if (m_isBusy) {
            keepAside(ending);
        }
        tellTrouble(done.error());
        backoffMs = m_isBusy ? kBatchMs  // the try itself has waited
                             : std::clamp<std::int64_t>(backoffMs * 2, 100, kMaxBackoffMs);
        if (ending && givesUp(done.error())) {
            return;
        }
    }
}

Result<void> Recorder::writeAll(bool ending) {
    RUNGLASS_TRY(openDatabase());
    if (ending) {  // what its endpoint had to leave comes before its end
        RUNGLASS_TRY(store::restoreAside(*m_database));
    }
    RUNGLASS_TRY(makeRun());
    DatabaseSink sink(*m_database);
    RUNGLASS_TRY(workOnce(sink));
    if (!(ending && m_isBusy)) {  // with nothing to write nobody knows whether it still is
        clearTrouble();
    }
    if (ending) {
        RUNGLASS_TRY(recordEnd(sink));
        m_endRecorded = true;
    }
    return {};
}

/// What cannot be kept waits.
void Recorder::keepAside(bool ending) {
    if (!m_database || !keepRun()) {
        return;
    }
    AsideSink sink(*m_database, m_aside);
    if (workOnce(sink).ok() && ending) {
        (void)recordEnd(sink).ok();
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

Result<void> Recorder::workOnce(RunSink& sink) {
    RUNGLASS_TRY(tellChanges(sink));
    RUNGLASS_TRY(m_spool.takeIn(sink));
    m_scriptEnded = m_spool.end().has_value();
    searchLines();
    return writeScalars(sink);
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

/// With what has been put aside of it. The launcher has left it in the folder when another program held the
/// database.
Result<void> Recorder::makeRun() {
    if (!m_runMade) {
        if (const auto entry = readEntry(m_folder)) {
            store::RunWriter writer(*m_database);
            RUNGLASS_TRY(store::makeKeptRun(writer, *m_database, *entry));
            removeEntry(m_folder);
        }
        m_runMade = m_runKept = true;
    }
    return m_aside.restore(*m_database);
}

bool Recorder::keepRun() {
    if (!m_runKept) {
        const auto entry = readEntry(m_folder);
        m_runKept = !entry || m_aside.addRun(*entry);
    }
    return m_runKept;
}

void Recorder::readConsoleSettings() {
    auto console = readProjectConsole(m_folder.project(), m_scalars);
    m_consolePolicy = console.policy;
    for (auto& problem : console.problems) {
        addProblem(std::move(problem));
    }
}

Result<void> Recorder::tellChanges(RunSink& sink) {
    for (;;) {
        store::RunChange next;
        {
            const std::lock_guard lock(m_mutex);
            if (m_told.empty()) {
                return {};
            }
            next = m_told.front();
        }
        const auto done = sink.write(std::move(next));
        if (!done.ok() && !isPermanent(done.error())) {
            return done.error();
        }
        const std::lock_guard lock(m_mutex);
        m_told.pop_front();
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

Result<void> Recorder::writeScalars(RunSink& sink) {
    while (!m_points.empty()) {
        const std::size_t count = std::min(m_points.size(), kMaxRows);
        store::RunChange change;
        change.run = m_folder.id();
        change.points.reserve(count);
        for (std::size_t i = 0; i < count; ++i) {
            change.points.push_back({m_points[i].key, m_points[i].point});
        }
        const auto written = sink.write(std::move(change));
        if (!written.ok() && !isPermanent(written.error())) {
            return written.error();
        }
        m_points.erase(m_points.begin(), m_points.begin() + static_cast<std::ptrdiff_t>(count));
    }
    return {};
}

Result<void> Recorder::recordEnd(RunSink& sink) {
    if (m_endKept) {
        return {};
    }
    RUNGLASS_TRY(m_spool.finish(sink));
    RUNGLASS_TRY(tellChanges(sink));
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
    store::RunChange change;
    change.run = m_folder.id();
    change.supervised.emplace().end = makeEnd(m_spool.end());
    const auto written = sink.write(std::move(change));
    m_endKept = written.ok();
    return written.ok() ? Result<void>() : written.error();
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
        addProblem(tr("Logging had to wait for {} s: {}", (monotonicMs() - m_troubleSinceMs) / 1000,
                      std::exchange(m_firstTrouble, {})));
    }
    m_troubleSinceMs = 0;
}

}  // namespace runglass::launch
