// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/launch/process_identity.h"

#include <unistd.h>

#include "proc_stat.h"
#include "runglass/base/text.h"

namespace runglass::launch {

namespace {

const std::string& currentBootId() {
    static const std::string id(trimmed(readProcFile("/proc/sys/kernel/random/boot_id")));
    return id;
}

}  // namespace

std::optional<ProcessIdentity> ProcessIdentity::ofPid(int pid) {
    const auto stat = readProcStat(pid);
    if (!stat) {
        return std::nullopt;
    }
    return ProcessIdentity{pid, stat->startTicks, currentBootId()};
}

ProcessIdentity ProcessIdentity::self() {
    return ofPid(::getpid()).value_or(ProcessIdentity{::getpid(), 0, currentBootId()});
}

bool ProcessIdentity::isAlive() const {
    if (pid <= 0 || bootId.empty() || bootId != currentBootId()) {
        return false;
    }
    const auto stat = readProcStat(pid);
    return stat && stat->startTicks == startTicks && !stat->isZombie();
}

}  // namespace runglass::launch
