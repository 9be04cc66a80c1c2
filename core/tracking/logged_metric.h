// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fields.h"
#include "runglass/store/run_change.h"

namespace runglass::tracking {

/// Puts the list `metrics` of log-batch into `change`, which then points into the call's body.
Result<void> readMetrics(const Fields& fields, store::RunChange& change);
/// log-metric: the call is the metric.
Result<void> readMetric(const Fields& fields, store::RunChange& change);

}  // namespace runglass::tracking
