// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "runglass/base/result.h"
#include "runglass/store/aside_log.h"
#include "runglass/store/database.h"
#include "unanswered_calls.h"
#include "write_session.h"

namespace runglass::tracking {

/// The one writer of an endpoint. Requests that come at the same time are committed together: whoever finds
/// nobody writing writes its own and everybody else's that waits, so that a single client never waits for
/// another thread, and many share a commit. What run() has returned without an error is in the database, or
/// in a log from which it gets there, and survives the death of any process. Thread-safe.
class WriteQueue {
public:
    using Job = std::function<Result<void>(WriteSession&)>;
    /// Keeps a record. Busy when the database has become free meanwhile, or nothing more can be kept.
    using Keep = std::function<Result<void>(std::string_view record)>;
    /// What of a job is to be kept while another program holds the database. An error of it is the answer,
    /// Busy means that the job has to wait.
    using Aside = std::function<Result<void>(const Keep& keep)>;

    /// What a job writes of the catalog is decided by no other endpoint of the project meanwhile.
    enum class About { Run, Catalog };

    struct Hooks {
        /// Writes what was kept.
        std::function<Result<void>(WriteSession&, std::string_view record)> restore;
        /// All that was kept is in the database. Called by a thread of the queue.
        std::function<void()> restored;
    };

    /// Takes over what endpoints have kept, and waits for that, but not for long.
    WriteQueue(std::filesystem::path project, Hooks hooks);
    WriteQueue(const WriteQueue&) = delete;
    WriteQueue& operator=(const WriteQueue&) = delete;
    /// What is kept then still, because the database is held, the next endpoint takes over.
    ~WriteQueue();

    /// Runs `job` in a transaction with others; when it fails, nothing of it stays, and the others are none
    /// the worse. Blocks until it is committed, or, while another program holds the database, until
    /// `aside` has kept what it brings. With Durability::Decision it is on the disk then.
    Result<void> run(const Job& job, const Aside& aside = {},
                     store::Durability durability = store::Durability::Points, About about = About::Run);

    /// Counts a call that nothing answers. Does not wait for the database while another program holds it:
    /// then it is counted with what is written next, if this process lives that long.
    void countUnanswered(store::UnansweredCall call);

    /// For an Aside that keeps something elsewhere: calls `keep` before anybody can write it. Busy as Keep,
    /// or when `keep` could not.
    Result<void> whileHeld(const std::function<bool()>& keep);

private:
    struct Entry {
        const Job* job = nullptr;
        store::Durability durability = store::Durability::Points;
        About about = About::Run;
        Result<void> result;
        bool done = false;
        std::condition_variable wake;
    };
    using Group = std::deque<Entry*>;

    Result<void> keepAside(std::unique_lock<std::mutex>& lock, Entry& entry, const Aside& aside);
    Result<void> keep(std::string_view record);
    void writeGroup(std::unique_lock<std::mutex>& lock);
    void stall(const Group& group, const Result<void>& busy);
    void catchUp();
    Result<void> catchUpOnce(Group& group);
    Result<void> takeCatalog(const Group& group);
    Result<void> takeOver();
    Result<void> takeRuns(bool decides);
    template <typename Body>
    Result<void> transaction(Body&& body, store::Durability durability = store::Durability::Points);
    Group takeGroup();
    static store::Durability durabilityOf(const Group& group);
    static bool decides(const Group& group);
    static void answer(const Group& group, const Result<void>& done);
    void endGroup(const Group& group, const Result<void>& done);
    Result<void> runJobs(const Group& group);
    Result<void> runJob(const Entry& entry);
    Result<void> restore(std::string_view record);
    Result<void> step(const Job& job);
    Result<void> openDatabase();

    std::filesystem::path m_project;
    Hooks m_hooks;
    std::mutex m_mutex;
    std::condition_variable m_caughtUp;
    Group m_waiting;
    bool m_writing = false;
    bool m_stalled = false;  ///< another program holds the database; m_thread waits for it, and is writing
    bool m_ending = false;
    bool m_tried = false;     ///< to take over what others have kept
    store::AsideLog m_aside;  ///< added to while stalled, read by m_thread while not
    std::thread m_thread;
    UnansweredCalls m_unanswered;
    // Of whoever is writing:
    std::unique_ptr<WriteSession> m_session;
};

}  // namespace runglass::tracking
