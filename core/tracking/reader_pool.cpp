// SPDX-License-Identifier: GPL-3.0-or-later
#include "read_session.h"

namespace runglass::tracking {

Result<std::unique_ptr<ReadSession>> ReaderPool::take() {
    {
        const std::lock_guard lock(m_mutex);
        if (!m_idle.empty()) {
            auto session = std::move(m_idle.back());
            m_idle.pop_back();
            return Result<std::unique_ptr<ReadSession>>(std::move(session));
        }
    }
    RUNGLASS_ASSIGN(auto database, store::Database::open(m_project, store::OpenMode::ReadWrite));
    return Result<std::unique_ptr<ReadSession>>(std::make_unique<ReadSession>(std::move(database)));
}

void ReaderPool::giveBack(std::unique_ptr<ReadSession> session) {
    const std::lock_guard lock(m_mutex);
    if (m_idle.size() < kMostIdle) {
        m_idle.push_back(std::move(session));
    }
}

}  // namespace runglass::tracking
