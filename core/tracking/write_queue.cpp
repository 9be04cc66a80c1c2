// SPDX-License-Identifier: GPL-3.0-or-later
#include "write_queue.h"

#include <utility>

namespace runglass::tracking {

namespace {

/// A group larger than this keeps other processes from the database for too long.
constexpr std::size_t kMostTogether = 64;

}  // namespace

WriteQueue::WriteQueue(std::filesystem::path project)
    : m_project(std::move(project)) {}

Result<void> WriteQueue::run(const Job& job) {
    Entry entry;
    entry.job = &job;
    std::unique_lock lock(m_mutex);
    m_waiting.push_back(&entry);
    while (!entry.done) {
        if (m_writing) {
            entry.wake.wait(lock);
        } else {
            writeGroup(lock);
        }
    }
    return entry.result;
}

void WriteQueue::writeGroup(std::unique_lock<std::mutex>& lock) {
    m_writing = true;
    std::deque<Entry*> group;
    while (!m_waiting.empty() && group.size() < kMostTogether) {
        group.push_back(m_waiting.front());
        m_waiting.pop_front();
    }
    lock.unlock();
    const auto done = commitGroup(group);
    lock.lock();
    m_writing = false;
    for (auto* entry : group) {
        if (!done.ok()) {
            entry->result = done;
        }
        entry->done = true;
        entry->wake.notify_one();
    }
    if (!m_waiting.empty()) {
        m_waiting.front()->wake.notify_one();  // the next to write
    }
}

Result<void> WriteQueue::commitGroup(const std::deque<Entry*>& group) {
    RUNGLASS_TRY(openDatabase());
    const auto done = m_session->writer.transaction([&]() -> Result<void> {
        for (auto* entry : group) {
            m_session->series.begin();
            entry->result = m_session->writer.transaction([&] { return (*entry->job)(*m_session); });
            if (!entry->result.ok()) {
                m_session->series.undo();
            }
            if (!entry->result.ok() && entry->result.error().code == ErrorCode::Full) {
                return entry->result;
            }
        }
        return {};
    });
    if (!done.ok()) {
        m_session->series.clear();
    }
    return done;
}

Result<void> WriteQueue::openDatabase() {
    if (m_session) {
        return {};
    }
    RUNGLASS_ASSIGN(auto database, store::Database::open(m_project, store::OpenMode::ReadWrite));
    if (!database.report().writable) {
        return Error{ErrorCode::ReadOnly, database.report().whyNotWritable, {}};
    }
    m_database = std::move(database);
    m_session = std::make_unique<WriteSession>(*m_database);
    return {};
}

}  // namespace runglass::tracking
