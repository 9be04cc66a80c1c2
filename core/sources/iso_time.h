// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace runglass::sources {

/// Unix milliseconds of an ISO 8601 time (`2024-02-08T23:02:14.620335`, with a blank for the T, with `Z` or
/// an offset such as `+01:00`). Without an offset it is taken for UTC. Nothing where it is no such time.
std::optional<std::int64_t> parseIsoTime(std::string_view text);

/// The same for tools that write the clock on the wall: without an offset it is taken for the time zone of
/// this machine.
std::optional<std::int64_t> parseLocalTime(std::string_view text);

}  // namespace runglass::sources
