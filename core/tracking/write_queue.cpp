// SPDX-License-Identifier: GPL-3.0-or-later
#include "write_queue.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include "runglass/base/clock.h"
#include "runglass/base/translate.h"
#include "runglass/store/patience.h"

namespace runglass::tracking {

namespace {

/// A group larger than this keeps other processes from the database for too long.
constexpr std::size_t kMostTogether = 64;
/// Another Runglass is mostly done in less, and keeping a record costs less than waiting longer.
constexpr std::int64_t kPatienceMs = 2;
/// How often the thread that waits for the database looks whether it shall end.
constexpr std::int64_t kWaitStepMs = 200;
constexpr std::int64_t kLongestWaitMs = 60'000;
constexpr auto kStartPatience = std::chrono::seconds(1);
/// How long one that may go on without it waits for its turn at what lies aside of the catalog.
constexpr std::int64_t kTurnPatienceMs = 100;
/// One that may not.
constexpr std::int64_t kLongTurnPatienceMs = 1000;

}  // namespace

WriteQueue::WriteQueue(std::filesystem::path project, Hooks hooks)
    : m_project(std::move(project))
    , m_hooks(std::move(hooks))
    , m_aside(m_project) {
    if (store::RunsTakeover(m_project).anything() || !store::CatalogLog(m_project).empty()) {
        std::unique_lock lock(m_mutex);
        m_writing = m_stalled = true;
        m_thread = std::thread([this] { catchUp(); });
        // While another program holds the database nothing is gained by waiting: a script is to start.
        m_caughtUp.wait_for(lock, kStartPatience, [&] { return !m_writing || m_tried; });
    }
}

WriteQueue::~WriteQueue() {
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

Result<void> WriteQueue::run(const Job& job, const Aside& aside, store::Durability durability, About about) {
    Entry entry;
    entry.job = &job;
    entry.durability = durability;
    entry.about = about;
    bool mayKeep = static_cast<bool>(aside);
    std::unique_lock lock(m_mutex);
    m_waiting.push_back(&entry);
    while (!entry.done) {
        if (!m_writing) {
            writeGroup(lock);
        } else if (m_stalled && mayKeep) {
            // The entry waits: nobody takes a group while stalled.
            const auto kept = keepAside(lock, entry, aside);
            if (kept.ok() || kept.error().code != ErrorCode::Busy) {
                return kept;
            }
            mayKeep = false;
        } else {
            entry.wake.wait(lock);
        }
    }
    return entry.result;
}

void WriteQueue::countUnanswered(store::UnansweredCall call) {
    m_unanswered.add(std::move(call));
    // Every group takes along what waits to be counted. Not being able to is no reason to answer otherwise.
    [[maybe_unused]] const auto counted = run([](WriteSession& /*session*/) -> Result<void> { return {}; },
                                              [](const Keep& /*keep*/) -> Result<void> {
                                                  return Error{ErrorCode::Cancelled, {}, {}};
                                              });
}

/// Busy when it has to wait as the others do.
Result<void> WriteQueue::keepAside(std::unique_lock<std::mutex>& lock, Entry& entry, const Aside& aside) {
    std::erase(m_waiting, &entry);
    lock.unlock();
    auto kept = aside([this](std::string_view record) { return keep(record); });
    lock.lock();
    if (!kept.ok() && kept.error().code == ErrorCode::Busy) {
        m_waiting.push_back(&entry);
    }
    return kept;
}

Result<void> WriteQueue::keep(std::string_view record) {
    bool isFull = false;
    auto kept = whileHeld([&] {
        errno = 0;
        const bool added = m_aside.add(record);
        isFull = !added && (errno == ENOSPC || errno == EDQUOT || errno == EFBIG);
        return added;
    });
    if (isFull) {  // to wait for the database makes no room
        return Error{ErrorCode::Full, tr("The disk of .runglass is full. Nothing of this was stored."), {}};
    }
    return kept;
}

Result<void> WriteQueue::whileHeld(const std::function<bool()>& keep) {
    const std::lock_guard lock(m_mutex);
    return m_stalled && keep() ? Result<void>() : Error{ErrorCode::Busy, {}, {}};
}

WriteQueue::Group WriteQueue::takeGroup() {
    Group group;
    while (!m_waiting.empty() && group.size() < kMostTogether) {
        group.push_back(m_waiting.front());
        m_waiting.pop_front();
    }
    return group;
}

store::Durability WriteQueue::durabilityOf(const Group& group) {
    const bool anyDecides = std::any_of(group.begin(), group.end(), [](const Entry* entry) {
        return entry->durability == store::Durability::Decision;
    });
    return anyDecides ? store::Durability::Decision : store::Durability::Points;
}

bool WriteQueue::decides(const Group& group) {
    return std::any_of(group.begin(), group.end(),
                       [](const Entry* entry) { return entry->about == About::Catalog; });
}

/// What a body takes over leaves the logs when it is committed.
template <typename Body>
Result<void> WriteQueue::transaction(Body&& body, store::Durability durability) {
    auto done = m_session->writer.transaction(body, durability);
    m_session->runs.end(done.ok());
    m_session->takeover.end(done.ok());
    m_unanswered.end(done.ok());
    return done;
}

void WriteQueue::writeGroup(std::unique_lock<std::mutex>& lock) {
    m_writing = true;
    auto group = takeGroup();
    lock.unlock();
    bool begun = false;
    auto done = [&]() -> Result<void> {
        const store::Patience patience(kPatienceMs);
        RUNGLASS_TRY(openDatabase());
        return transaction(
            [&]() -> Result<void> {
                const bool isAnythingAside = !m_session->watch.isEmpty();
                if (isAnythingAside && m_session->runs.anything()) {
                    // It was acknowledged before, by others. It may be much: m_thread takes it in.
                    return Error{ErrorCode::Busy, {}, {}};
                }
                begun = true;
                if (isAnythingAside || decides(group)) {
                    RUNGLASS_TRY(takeCatalog(group));
                }
                return runJobs(group);
            },
            durabilityOf(group));
    }();
    lock.lock();
    if (!done.ok() && done.error().code == ErrorCode::Busy && !begun) {
        stall(group, done);
    } else {
        endGroup(group, done);
    }
}

/// A process that has been stopped in its turn stops decisions (runJob), and nothing else.
Result<void> WriteQueue::takeCatalog(const Group& group) {
    auto taken = m_session->takeover.begin(m_session->changes, decides(group), kTurnPatienceMs);
    return !taken.ok() && taken.error().code == ErrorCode::Busy ? Result<void>() : taken;
}

/// Somebody else holds the database: a thread waits for it, the requests get to know.
void WriteQueue::stall(const Group& group, const Result<void>& busy) {
    m_waiting.insert(m_waiting.begin(), group.begin(), group.end());
    if (m_thread.joinable()) {
        m_thread.join();  // it has ended, or m_writing would not have been ours
    }
    try {
        m_thread = std::thread([this] { catchUp(); });
    } catch (const std::system_error&) {
        endGroup(std::exchange(m_waiting, {}), busy);
        return;
    }
    m_stalled = true;
    for (auto* entry : m_waiting) {
        entry->wake.notify_one();
    }
}

void WriteQueue::endGroup(const Group& group, const Result<void>& done) {
    m_stalled = m_writing = false;
    if (!done.ok() && m_session) {
        m_session->book.clear();
    }
    answer(group, done);
    if (!m_waiting.empty()) {
        m_waiting.front()->wake.notify_one();  // the next to write
    }
    m_caughtUp.notify_all();
}

void WriteQueue::answer(const Group& group, const Result<void>& done) {
    for (auto* entry : group) {
        if (!done.ok()) {
            entry->result = done;
        }
        entry->done = true;
        entry->wake.notify_one();
    }
}

void WriteQueue::catchUp() {
    const store::Patience patience(kWaitStepMs);
    auto since = monotonicMs();
    bool isLast = false;
    for (;;) {
        Group group;
        const auto done = catchUpOnce(group);
        std::unique_lock lock(m_mutex);
        m_tried = true;
        m_caughtUp.notify_all();
        const auto now = monotonicMs();
        const auto code = done.ok() ? ErrorCode::Internal : done.error().code;
        if ((code != ErrorCode::Busy && code != ErrorCode::Full) || isLast) {
            endGroup(group, done);
            return;
        }
        isLast = m_ending;  // somebody waits for the end, and what lies aside lies well
        if (m_session) {
            m_session->book.clear();
        }
        m_stalled = true;
        answer(group, done);  // they were let in, and then there was no room
        if (now - since > kLongestWaitMs) {
            answer(std::exchange(m_waiting, {}), done);
            since = now;
        }
        if (code == ErrorCode::Full) {
            lock.unlock();
            std::this_thread::sleep_for(std::chrono::milliseconds(kWaitStepMs));
        }
    }
}

/// What was kept goes in before those who wait now: most of it while requests are kept on, and the rest in
/// one transaction with them.
Result<void> WriteQueue::catchUpOnce(Group& group) {
    RUNGLASS_TRY(openDatabase());
    RUNGLASS_TRY(takeOver());
    const auto done = transaction([&]() -> Result<void> {
        {
            const std::lock_guard lock(m_mutex);
            m_stalled = false;
            group = takeGroup();
        }
        RUNGLASS_TRY(takeRuns(decides(group)));
        return runJobs(group);
    });
    if (done.ok()) {
        m_aside.clear();
        m_hooks.restored();
    }
    return done;
}

/// The catalog first, in a transaction of its own, so that other endpoints do not wait for their turns until
/// all points are written.
Result<void> WriteQueue::takeOver() {
    if (!m_session->takeover.empty()) {
        RUNGLASS_TRY(transaction(
            [this] { return m_session->takeover.begin(m_session->changes, false, kLongTurnPatienceMs); }));
    }
    return m_session->runs.anything() ? transaction([this] { return takeRuns(false); }) : Result<void>();
}

Result<void> WriteQueue::takeRuns(bool decides) {
    const auto own = [this] {
        const std::lock_guard lock(m_mutex);
        return m_aside.path();
    }();
    return m_session->runs.take(
        m_session->database, own,
        [&] { return m_session->takeover.begin(m_session->changes, decides, kLongTurnPatienceMs); },
        [this](std::string_view record) { return restore(record); });
}

Result<void> WriteQueue::restore(std::string_view record) {
    return step([&](WriteSession& session) { return m_hooks.restore(session, record); });
}

/// A job within the transaction of its group: when it fails, nothing of it stays.
Result<void> WriteQueue::step(const Job& job) {
    m_session->book.begin();
    auto done = m_session->writer.transaction([&] { return job(*m_session); });
    if (!done.ok()) {
        m_session->book.undo();
    }
    return done;
}

Result<void> WriteQueue::runJobs(const Group& group) {
    for (auto* entry : group) {
        entry->result = runJob(*entry);
        if (!entry->result.ok() && entry->result.error().code == ErrorCode::Full) {
            return entry->result;
        }
    }
    return m_unanswered.write(m_session->tracked);
}

Result<void> WriteQueue::runJob(const Entry& entry) {
    if (entry.about == About::Catalog && !m_session->takeover.hasTurn()) {
        return Error{ErrorCode::Busy,
                     tr("Another process of this project is deciding about experiments and models."),
                     {}};
    }
    return step(*entry.job);
}

Result<void> WriteQueue::openDatabase() {
    if (m_session) {
        return {};
    }
    RUNGLASS_ASSIGN(auto database, store::Database::open(m_project, store::OpenMode::ReadWrite));
    if (!database.report().writable) {
        return Error{ErrorCode::ReadOnly, database.report().whyNotWritable, {}};
    }
    m_session = std::make_unique<WriteSession>(std::move(database));
    return {};
}

}  // namespace runglass::tracking
