// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <cstdint>
#include <string_view>

namespace runglass::ui {

/// Numbers and times as VISUAL.md §7 wants them shown. Shown text has U+2212 for minus; what is copied comes
/// from runglass::formatDouble.

/// Decimals that all values of a column share: 4 while the largest magnitude is below 10, then fewer.
int metricDecimals(double largestMagnitude);
/// `0.9917`; below 1e-3 and from 1e6 on `3.1e-4`; `NaN`, `∞`, `−∞`.
QString formatMetric(double value, int decimals = 4);
/// Every digit of the double, for tooltips.
QString formatExact(double value);
/// `12 400` with thin spaces.
QString formatCount(std::int64_t value);
/// `0.9862 ± 0.0031 (n 31)`: the deviation with two significant digits, the mean to the same place.
QString formatUncertain(double mean, double deviation, std::int64_t n);
/// `0.8s` below 10 s, then `0m 48s`, `6m 41s`, `1h 52m`, `2d 4h`.
QString formatDuration(std::int64_t milliseconds);
/// `14:02` today, `17 Nov` this year, else `2025-11-17`; local time.
QString formatTime(std::int64_t timeMs, std::int64_t nowMs);
/// `2026-11-17 14:02:09+01:00`, for tooltips.
QString formatFullTime(std::int64_t timeMs);
/// `412 kB`, `1.8 GB` (powers of 1000).
QString formatBytes(std::int64_t bytes);

/// Text of a project, which may be any bytes, as one line that can be shown: invalid UTF-8 and control
/// characters are made visible.
QString projectText(std::string_view utf8);

}  // namespace runglass::ui
