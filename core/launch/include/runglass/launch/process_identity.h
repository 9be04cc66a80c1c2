// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace runglass::launch {

/// Names one process beyond the reuse of its pid: pid, start time and boot. All three must agree before
/// anything is believed about, or sent to, the process.
struct ProcessIdentity {
    int pid = 0;
    std::uint64_t startTicks = 0;  ///< field 22 of /proc/<pid>/stat
    std::string bootId;            ///< /proc/sys/kernel/random/boot_id
    friend bool operator==(const ProcessIdentity&, const ProcessIdentity&) = default;

    static std::optional<ProcessIdentity> ofPid(int pid);
    static ProcessIdentity self();
    [[nodiscard]] bool isAlive() const;  ///< zombies are not
};

}  // namespace runglass::launch
