// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "run_folder.h"
#include "runglass/base/file_descriptor.h"

namespace runglass::launch {

/// How far the terminal of `runglass run` has come in what its command prints, so that the console is not cut
/// (console_segments.h) ahead of it: as through a pipe, a command that prints faster than its terminal shows
/// has to wait. The file `follower` of the run folder holds that offset, and whoever follows holds its lock,
/// which ends with the process: a terminal that is closed holds nothing up.
class FollowMark {
public:
    /// By the launcher that will follow, before the command starts: from then on the command waits for it.
    static Result<void> announce(const RunFolder& folder);
    /// Where nobody announced a follower, or there is one already, this marks nothing.
    explicit FollowMark(const RunFolder& folder);

    /// All that was printed before `offset` has been shown.
    void moveTo(std::uint64_t offset);

private:
    FileDescriptor m_file;
};

/// How far the follower has come; nothing when none is there (any more).
std::optional<std::uint64_t> followedTo(const RunFolder& folder);

}  // namespace runglass::launch
