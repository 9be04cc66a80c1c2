// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

#include "fields.h"
#include "runglass/store/run_writer.h"

namespace runglass::tracking {

/// The metrics of a call: their points, and for those that measure a logged model what they say of it.
/// Points into the call's body.
struct LoggedMetrics {
    struct OfModel {
        std::size_t point = 0;  ///< index
        std::string_view model;
        std::string_view dataset;
        std::string_view digest;
    };
    std::vector<store::MetricPoint> points;
    std::vector<OfModel> ofModels;
};

/// The list `metrics` of log-batch.
Result<LoggedMetrics> metricsOf(const Fields& fields);
/// log-metric: the call is the metric.
Result<LoggedMetrics> metricOf(const Fields& fields);

}  // namespace runglass::tracking
