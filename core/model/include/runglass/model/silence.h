// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "runglass/model/run.h"

namespace runglass::model {

/// How long a run that its tool calls running may write nothing before nobody believes it any more.
inline constexpr std::int64_t kSilentMs = 24 * 3'600'000;

/// When the run last wrote something, by its own clock (a copy of it has young files): its latest point, its
/// start where it has none. 0 where it says neither.
std::int64_t lastSignMs(const RunRecord& run);
/// The same for a run that nobody ended: never before its start, and points that claim to be of the future
/// (the clock of another machine, or a wrong unit) are no signs.
std::int64_t lastSignMs(const RunRecord& run, std::int64_t nowMs);

/// How long a run that goes on has logged nothing; nothing for one that has ended, or that logged within the
/// last minute: people are told when a run may be over without having said so.
std::optional<std::int64_t> quietForMs(const RunRecord& run, std::int64_t nowMs);

/// Makes Lost a run of another tool whose last sign was too long ago: that tool never came to write down that
/// it ended, because it was killed, or copied while it ran. RunRecord::toldStatus keeps what it says.
void loseSilent(RunRecord& run, std::int64_t lastSignMs, std::int64_t nowMs);

}  // namespace runglass::model
