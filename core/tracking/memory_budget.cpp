// SPDX-License-Identifier: GPL-3.0-or-later
#include "memory_budget.h"

#include <chrono>

namespace runglass::tracking {

bool MemoryBudget::take(std::size_t bytes) {
    std::unique_lock lock(m_mutex);
    if (!m_room.wait_for(lock, std::chrono::seconds(10), [&] { return m_left >= bytes; })) {
        return false;
    }
    m_left -= bytes;
    return true;
}

void MemoryBudget::giveBack(std::size_t bytes) {
    {
        const std::lock_guard lock(m_mutex);
        m_left += bytes;
    }
    m_room.notify_all();
}

}  // namespace runglass::tracking
