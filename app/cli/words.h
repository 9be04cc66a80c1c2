// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "runglass/base/run_id.h"
#include "runglass/model/run.h"

// How values are written for people on a terminal (VISUAL.md §7, with the ASCII minus).
namespace runglass::cli {

/// 4 significant digits; what a table has room for. JSON and CSV have them all.
std::string shortNumber(double value);
/// `350ms`, `41s`, `6m 41s`, `1h 52m`, `2d 4h`; empty for nothing.
std::string durationWords(std::optional<std::int64_t> ms);
/// `2026-11-17 14:02` in local time; empty for nothing.
std::string localTime(std::optional<std::int64_t> ms);
/// `4c1e9f2`, `4c1e9f2+` when the work tree had changes.
std::string commitWords(const model::GitState& git);
/// `1.2 MB` (10³).
std::string byteWords(std::int64_t bytes);

/// Whether the supervisor made this metric (CPU, memory …) rather than the script.
bool isSystemMetric(Symbol key);

}  // namespace runglass::cli
