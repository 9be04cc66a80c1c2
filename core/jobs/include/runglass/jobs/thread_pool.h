// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace runglass::jobs {

/// A fixed number of workers over one queue, first in first out. Tasks that wait (a database, a disk) and
/// tasks that compute get pools of their own, so that neither starves the other. The destructor drops what
/// has not started and waits for what has; tasks therefore poll their stop_token.
class ThreadPool {
public:
    explicit ThreadPool(std::size_t workers);
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;
    ~ThreadPool();

    /// Thread-safe. `task` must not throw.
    void post(std::function<void()> task);

private:
    void work();

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<std::function<void()>> m_tasks;  // guarded by m_mutex
    bool m_stopping = false;                    // guarded by m_mutex
    std::vector<std::thread> m_workers;
};

}  // namespace runglass::jobs
