// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

#include "runglass/model/series.h"

namespace runglass::model {

/// Which way a metric gets better.
enum class Goal { Unknown, Minimize, Maximize };

/// Read off the words of a metric's key: `val/loss`, `train_mae`, `ece` get better downwards, `val/acc`,
/// `f1`, `auroc` upwards, `lr` and `epoch` neither. A guess for where nobody has said it; a person can always
/// choose.
Goal goalOf(std::string_view metricKey);

/// The best value so far; nothing where the goal is unknown or no value is a number.
std::optional<double> bestOf(const MetricSummary& summary, Goal goal);

}  // namespace runglass::model
