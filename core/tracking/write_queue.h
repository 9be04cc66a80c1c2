// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "runglass/base/result.h"
#include "runglass/store/database.h"
#include "write_session.h"

namespace runglass::tracking {

/// The one writer of an endpoint. Requests that come at the same time are committed together: whoever finds
/// nobody writing writes its own and everybody else's that waits, so that a single client never waits for
/// another thread, and many share a commit. What run() has returned without an error is in the database, and
/// survives the death of any process. Thread-safe.
class WriteQueue {
public:
    explicit WriteQueue(std::filesystem::path project);

    using Job = std::function<Result<void>(WriteSession&)>;
    /// Runs `job` in a transaction with others; when it fails, nothing of it stays, and the others are none
    /// the worse. Blocks until it is committed.
    Result<void> run(const Job& job);

private:
    struct Entry {
        const Job* job = nullptr;
        Result<void> result;
        bool done = false;
        std::condition_variable wake;
    };
    void writeGroup(std::unique_lock<std::mutex>& lock);
    Result<void> commitGroup(const std::deque<Entry*>& group);
    Result<void> openDatabase();

    std::filesystem::path m_project;
    std::mutex m_mutex;
    std::deque<Entry*> m_waiting;
    bool m_writing = false;
    // Of whoever is writing:
    std::optional<store::Database> m_database;
    std::unique_ptr<WriteSession> m_session;
};

}  // namespace runglass::tracking
