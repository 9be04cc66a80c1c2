// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <utility>

#include "runglass/base/symbol.h"
#include "runglass/series/abscissa.h"
#include "runglass/series/aggregation.h"
#include "runglass/series/smoothing.h"
#include "runglass/ui/curves/run_key.h"

namespace runglass::ui {

enum class XAxis {
    Step,
    Relative,  ///< seconds since the run started
    Wall,      ///< seconds since 1970
    Metric,    ///< the value that another metric has at the same step
};

/// Runs drawn as one: a line and what surrounds it.
struct Grouping {
    RunKey by;  ///< nothing: each run by itself
    series::Centre centre = series::Centre::Mean;
    series::Band band = series::Band::StandardDeviation;

    friend bool operator==(const Grouping&, const Grouping&) = default;
};

/// How a chart is drawn.
struct ChartSettings {
    XAxis x = XAxis::Step;
    Symbol xMetric;        ///< of XAxis::Metric
    bool definedX = true;  ///< instead of the step, the metric that the scripts of all runs have named
    series::SmoothingKind smoothingKind = series::SmoothingKind::Ema;
    double smoothing = 0.6;  ///< amount, in the unit of the kind; 0 is off
    bool logX = false;
    bool logY = false;
    bool robustY = false;  ///< the y axis leaves the outer 5 % at either end out
    series::Overlap overlap = series::Overlap::KeepAll;
    Grouping group;

    [[nodiscard]] series::Smoothing smoothingOf() const { return {smoothingKind, smoothing}; }
    [[nodiscard]] bool smooths() const { return smoothingOf().active(); }
    friend bool operator==(const ChartSettings&, const ChartSettings&) = default;
};

/// Where one chart differs from the settings of all.
struct ChartOverrides {
    std::optional<double> smoothing;
    std::optional<bool> logY;
    std::optional<bool> robustY;
    /// Fixed limits of the y axis.
    std::optional<std::pair<double, double>> yLimits;

    [[nodiscard]] bool empty() const { return *this == ChartOverrides(); }
    [[nodiscard]] ChartSettings applied(ChartSettings settings) const {
        settings.smoothing = smoothing.value_or(settings.smoothing);
        settings.logY = logY.value_or(settings.logY);
        settings.robustY = robustY.value_or(settings.robustY);
        return settings;
    }
    friend bool operator==(const ChartOverrides&, const ChartOverrides&) = default;
};

}  // namespace runglass::ui
