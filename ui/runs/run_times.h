// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <cstdint>

#include "runglass/model/run.h"

namespace runglass::ui {

/// `finished 14:02, took 2m 03s`, `running, last logged 3h ago`.
QString timesText(const model::RunRecord& run, std::int64_t nowMs);

/// The state in sentences, for a tooltip: with its exit code, and what to do about a run that goes on without
/// a sign.
QString stateTooltip(const model::RunRecord& run, std::int64_t nowMs);

}  // namespace runglass::ui
