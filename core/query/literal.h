// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace runglass::query {

/// `90` (seconds), `1.5h`, `1h30m`, `250ms`; units ms, s, m, min, h, d, w. Milliseconds.
std::optional<double> parseDurationMs(std::string_view text);

/// The time that a text names, as wide as it is precise: `2026-11-17` is that whole day, `14:02` a minute.
/// Unix milliseconds, the end excluded.
struct TimeRange {
    std::int64_t begin = 0;
    std::int64_t end = 0;
};

/// `2026-11`, `2026-11-17`, `2026-11-17 14:02`, `2026-11-17T14:02:09.125Z`, `…+01:00`, or a whole number of
/// Unix milliseconds. Without a zone: local time.
std::optional<TimeRange> parseTime(std::string_view text);

}  // namespace runglass::query
