// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace runglass {

/// Wall time in milliseconds since 1970-01-01 UTC: the unit of every time that Runglass stores.
std::int64_t nowMs();
/// Monotonic milliseconds, for intervals.
std::int64_t monotonicMs();
/// `2026-11-17T14:02:09.125Z`.
std::string isoUtc(std::int64_t timeMs);
/// ISO 8601 as tools write it: `2026-11-17T14:02:09.125Z`, with a space for the T, any number of digits of a
/// second or none, `+01:00`. Without a zone it is taken as UTC. Nothing for other text.
std::optional<std::int64_t> parseIsoTime(std::string_view text);

}  // namespace runglass
