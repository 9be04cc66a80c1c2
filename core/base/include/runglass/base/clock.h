// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace runglass {

/// Wall time in milliseconds since 1970-01-01 UTC: the unit of every time that Runglass stores.
std::int64_t nowMs();
/// Monotonic milliseconds, for intervals.
std::int64_t monotonicMs();
/// `2026-11-17T14:02:09.125Z`.
std::string isoUtc(std::int64_t timeMs);

}  // namespace runglass
