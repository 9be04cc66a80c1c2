// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "runglass/model/column.h"
#include "runglass/series/abscissa.h"
#include "runglass/series/index_range.h"

namespace runglass::series {

/// How a curve is smoothed. In all of them a value that is not finite comes out unchanged and counts for no
/// other, and a series whose finite values are all equal comes out unchanged.
enum class SmoothingKind {
    None,
    Ema,              ///< exponential moving average by point, debiased: TensorBoard's
    TimeWeightedEma,  ///< exponential moving average by distance in x: the default of Weights & Biases
    Gaussian,         ///< weights of a normal distribution over the points on both sides
    RunningMean,      ///< mean of the points in a window around each
};

struct Smoothing {
    SmoothingKind kind = SmoothingKind::Ema;
    /// Ema, TimeWeightedEma: weight, clamped to 0 … 1. Gaussian: standard deviation in points, 0 … kMaxSigma.
    /// RunningMean: window in points, 1 … any. 0 (window 1) changes nothing, nor does NaN.
    double amount = 0.6;

    /// False when it changes nothing.
    [[nodiscard]] bool active() const;
    friend bool operator==(const Smoothing&, const Smoothing&) = default;
};

inline constexpr double kMaxSigma = 1000;

/// Exponential moving average, debiased as TensorBoard does it (tensorboard/webapp/widgets/line_chart_v2/
/// data_transformer.ts): by point index, not by distance in x.
///
/// For each finite value: `last = w·last + (1 − w)·y`, `n += 1`, result `last / (1 − wⁿ)`. A value that is
/// not finite comes out unchanged and leaves the average alone. A series whose values are all equal comes out
/// unchanged. `weight` is clamped to 0 … 1; 0 changes nothing. (At exactly 1, which TensorBoard's slider does
/// not reach, the divisor is 1 and every result is 0, as there.)
std::vector<double> smoothed(std::span<const double> values, double weight);

/// Smooths each segment by itself, as TensorBoard does with the parts of a restarted run. Empty when stopped.
///
/// TimeWeightedEma (docs.wandb.ai, line plot smoothing): with p the amount, `w = min(√p, 0.999)`; from point
/// to point `v = w^(1000·(xᵢ − xᵢ₋₁) / (x_last − x_first))`, `num = v·num + y`, `den = v·den + 1`, result
/// `num / den`. The range is that of the segment, not of the window on the screen, so that zooming does not
/// change values; the scale of 1000 is ours, theirs is not published.
///
/// Gaussian: `Σ g(j)·yᵢ₊ⱼ / Σ g(j)` over the finite values with |j| ≤ ⌈4σ⌉, `g(j) = exp(−j²/2σ²)`; at the
/// ends over what is there.
///
/// RunningMean: mean of the finite values among yᵢ₋ₐ … yᵢ₊ᵦ with a = ⌊(k−1)/2⌋ and b = ⌊k/2⌋ of a window of
/// k points; at the ends over what is there.
std::vector<double> smoothed(const Abscissa& xs, std::span<const double> ys,
                             std::span<const IndexRange> segments, const Smoothing& smoothing,
                             const std::stop_token& stop = {});

/// What smoothing remembers of the segment that it saw last, to go on where points are appended.
struct SmoothingState {
    std::size_t size = 0;         ///< of the curve
    std::size_t begin = 0;        ///< of the last segment
    std::optional<double> first;  ///< finite value of it
    bool constant = true;         ///< all of them are
    bool huge = false;            ///< one is so large that sums of them would overflow
    double average = 0;           ///< Ema: not yet divided by 1 − wⁿ
    double remaining = 1;         ///< Ema: wⁿ
};

/// The smoothed values from one on.
struct SmoothedTail {
    std::size_t from = 0;
    model::Column<double> values;
    SmoothingState state;
};

/// Smooths a curve to which points were appended since `former`, with the same smoothing; `former` is that of
/// nothing to smooth all. Gives the values that are not what they were, to the last bit as smoothed() gives
/// them of the whole.
///
/// What has to be looked at again is, for Ema, nothing; for Gaussian and RunningMean the points within reach
/// of the new ones; for TimeWeightedEma the last segment, since its weights depend on the range of x; and
/// once a segment when its values cease to be equal. `values` and the state are empty when stopped.
SmoothedTail smoothedTail(const SmoothingState& former, const Abscissa& xs, std::span<const double> ys,
                          std::span<const IndexRange> segments, const Smoothing& smoothing,
                          const std::stop_token& stop = {});

/// For legends: "EMA 0.6", "Gaussian σ 5 points". Translated; empty when nothing is smoothed.
std::string describe(const Smoothing& smoothing);

}  // namespace runglass::series
