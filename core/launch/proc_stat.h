// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace runglass::launch {

/// The fields of /proc/<pid>/stat (proc(5)) that supervision needs. Times are in clock ticks.
struct ProcStat {
    int pid = 0;
    char state = '?';
    int parent = 0;
    int group = 0;
    int session = 0;
    std::uint64_t cpuTicks = 0;  ///< own user and system time and that of children it has waited for
    std::uint64_t startTicks = 0;
    std::int64_t residentPages = 0;

    [[nodiscard]] bool isZombie() const { return state == 'Z' || state == 'X'; }
};

/// Nothing when there is no such process.
std::optional<ProcStat> readProcStat(int pid);

/// The content of a small file of /proc or /sys; empty when it cannot be read.
std::string readProcFile(const char* path);

}  // namespace runglass::launch
