// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "runglass/ui/curves/chart_settings.h"

namespace runglass::ui {

/// `step`, `relative time`, `wall time`, or the name of the metric.
QString nameOf(XAxis axis);
QString nameOf(const ChartSettings& settings);

/// A place on the x axis for people: `step 1 980`, `3m 20s`, `2026-11-17 14:02:09+01:00`, `epoch 12`.
/// Without the name of the axis: for a column that has it as its head.
QString valueOfX(const ChartSettings& settings, double x);
QString textOfX(const ChartSettings& settings, double x);

}  // namespace runglass::ui
