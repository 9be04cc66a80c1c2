// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

namespace runglass::series {

/// Exponential moving average, debiased as TensorBoard does it (tensorboard/webapp/widgets/line_chart_v2/
/// data_transformer.ts): by point index, not by distance in x.
///
/// For each finite value: `last = w·last + (1 − w)·y`, `n += 1`, result `last / (1 − wⁿ)`. A value that is
/// not finite comes out unchanged and leaves the average alone. A series whose values are all equal comes out
/// unchanged. `weight` is clamped to 0 … 1; 0 changes nothing. (At exactly 1, which TensorBoard's slider does
/// not reach, the divisor is 1 and every result is 0, as there.)
std::vector<double> smoothed(std::span<const double> values, double weight);

}  // namespace runglass::series
