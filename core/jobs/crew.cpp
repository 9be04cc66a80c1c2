// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/jobs/crew.h"

namespace runglass::jobs {

Crew::Crew(std::size_t helpers) {
    for (std::size_t i = 0; i < helpers; ++i) {
        m_helpers.emplace_back([this, i] { help(i + 1); });
    }
}

Crew::~Crew() {
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_wake.notify_all();
    for (auto& helper : m_helpers) {
        helper.join();
    }
}

void Crew::run(std::size_t parts, const std::function<void(std::size_t, std::size_t)>& part) {
    std::unique_lock lock(m_mutex);
    m_part = &part;
    m_next = 0;
    m_parts = parts;
    if (parts > 1) {
        m_wake.notify_all();
    }
    work(lock, 0);
    m_done.wait(lock, [this] { return m_busy == 0; });
    m_part = nullptr;
}

// With the lock held but while a part runs.
void Crew::work(std::unique_lock<std::mutex>& lock, std::size_t worker) {
    while (m_next < m_parts) {
        const auto* const part = m_part;
        const std::size_t i = m_next++;
        ++m_busy;
        lock.unlock();
        (*part)(i, worker);
        lock.lock();
        --m_busy;
    }
}

void Crew::help(std::size_t worker) {
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_wake.wait(lock, [this] { return m_stopping || m_next < m_parts; });
        if (m_stopping) {
            return;
        }
        work(lock, worker);
        m_done.notify_all();
    }
}

}  // namespace runglass::jobs
