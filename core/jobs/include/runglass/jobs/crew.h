// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace runglass::jobs {

/// Helpers for work that its caller waits for, such as the parts of a picture. The caller works too: where
/// the helpers are slow to come, on a busy machine, it does everything by itself and waits for nobody but
/// those who are in the middle of a part.
class Crew {
public:
    explicit Crew(std::size_t helpers);
    Crew(const Crew&) = delete;
    Crew& operator=(const Crew&) = delete;
    ~Crew();

    /// Helpers and the caller.
    [[nodiscard]] std::size_t workers() const { return m_helpers.size() + 1; }

    /// Calls part(i, worker) once for each i below `parts`, with worker below workers(), on several threads
    /// at once; returns when all have returned. `part` must not throw. One caller at a time.
    void run(std::size_t parts, const std::function<void(std::size_t part, std::size_t worker)>& part);

private:
    void help(std::size_t worker);
    void work(std::unique_lock<std::mutex>& lock, std::size_t worker);

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::condition_variable m_done;
    // All guarded by m_mutex.
    const std::function<void(std::size_t, std::size_t)>* m_part = nullptr;
    std::size_t m_next = 0;
    std::size_t m_parts = 0;
    std::size_t m_busy = 0;
    bool m_stopping = false;
    std::vector<std::thread> m_helpers;
};

}  // namespace runglass::jobs
