// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "proc_stat.h"

namespace runglass::launch {

/// Whose children the processes of a run become when their parents die.
enum class Orphans {
    Ours,      ///< the caller's (PR_SET_CHILD_SUBREAPER): it started `rootPid` in a session of its own
    Strangers  ///< init's, out of sight
};

/// Every process that belongs to a run: `rootPid` and its descendants, and where orphans are ours also the
/// members of its session and all other descendants of the caller, even after `rootPid` has ended. One pass
/// over /proc; zombies are included.
std::vector<ProcStat> processTree(int rootPid, Orphans orphans);

/// Sends `signal` to the process only if it is still the one that `stat` describes: pids are reused.
bool signalProcess(const ProcStat& stat, int signal);

}  // namespace runglass::launch
