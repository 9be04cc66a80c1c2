// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <mutex>
#include <vector>

#include "runglass/store/tracked_runs.h"

namespace runglass::tracking {

/// Calls that nothing answers, until they are in the database. Of those that wait, the first hundred kinds.
class UnansweredCalls {
public:
    /// Thread-safe.
    void add(store::UnansweredCall call);

    /// Writes those that wait; whoever writes ends that before the next write. Full when there is no room.
    Result<void> write(store::TrackedRuns& tracked);
    /// They wait again when they are not in the database now.
    void end(bool isCommitted);

private:
    std::mutex m_mutex;
    std::vector<store::UnansweredCall> m_waiting;
    std::vector<store::UnansweredCall> m_written;  // of whoever is writing
};

}  // namespace runglass::tracking
