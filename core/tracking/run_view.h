// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <mutex>

#include "read_session.h"
#include "runglass/model/run.h"

namespace runglass::tracking {

/// All runs in memory, for searches: brought up to date by what changed since the last one, and given up
/// when nobody has searched for a while. Thread-safe.
class RunView {
public:
    Result<model::SharedRunTable> current(ReadSession& session);
    /// Gives the memory back when the last search is long ago. Never waits.
    void forgetIfIdle();

private:
    Result<model::SharedRunTable> stored(ReadSession& session);

    std::mutex m_mutex;
    model::SharedRunTable m_table;
    std::int64_t m_usedMs = 0;
};

}  // namespace runglass::tracking
