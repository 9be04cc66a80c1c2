// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "proc_stat.h"

namespace runglass::launch {

/// Every process that belongs to a run: `rootPid`, its descendants and the members of its session when it
/// leads one. When the caller is the parent of `rootPid` it is also the reaper of orphans
/// (PR_SET_CHILD_SUBREAPER), so all other descendants of the caller belong to the run too. One pass over
/// /proc; zombies are included.
std::vector<ProcStat> processTree(int rootPid);

/// Sends `signal` to the process only if it is still the one that `stat` describes: pids are reused.
bool signalProcess(const ProcStat& stat, int signal);

}  // namespace runglass::launch
