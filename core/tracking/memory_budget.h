// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace runglass::tracking {

/// The memory that the bodies of all requests may take together. Who would go over it waits, and with it, by
/// TCP, its client. Thread-safe.
class MemoryBudget {
public:
    explicit MemoryBudget(std::size_t bytes)
        : m_left(bytes) {}

    /// False when there was no room for long.
    bool take(std::size_t bytes);
    void giveBack(std::size_t bytes);

private:
    std::mutex m_mutex;
    std::condition_variable m_room;
    std::size_t m_left;
};

}  // namespace runglass::tracking
