// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/series/smoothing.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "runglass/base/translate.h"

namespace runglass::series {

namespace {

constexpr double kHuge = 1e300;      // sums of values above this could overflow
constexpr double kShrink = 0x1p-64;  // an exact factor that brings them down

double weightOf(double amount) {
    return std::isfinite(amount) ? std::clamp(amount, 0.0, 1.0) : 0.0;
}

void ema(std::span<double> ys, double weight, double& last, double& remaining) {
    const double w = weightOf(weight);
    for (auto& y : ys) {
        if (std::isfinite(y)) {
            last = w * last + (1 - w) * y;
            remaining *= w;
            y = last / (w == 1 ? 1 : 1 - remaining);
        }
    }
}

void timeWeightedEma(const Abscissa& xs, IndexRange segment, std::span<double> ys, double amount) {
    constexpr double kScale = 1000;
    const double w = std::min(std::sqrt(weightOf(amount)), 0.999);
    const double range = xs[segment.end - 1] - xs[segment.begin];
    const double exponentPerX = range > 0 ? kScale * std::log(w) / range : 0;
    double numerator = 0;
    double denominator = 0;
    double previous = xs[segment.begin];
    double distance = -1;
    double v = 1;
    for (std::size_t i = 0; i < ys.size(); ++i) {
        if (!std::isfinite(ys[i])) {
            continue;
        }
        const double x = xs[segment.begin + i];
        if (x - previous != distance) {  // the same for all points of a regular series
            distance = x - previous;
            v = std::exp(exponentPerX * distance);
        }
        previous = x;
        numerator = v * numerator + ys[i];
        denominator = v * denominator + 1;
        ys[i] = numerator / denominator;
    }
}

/// The values that count as 0 and 1: what is not finite gets no weight. With room for `before` more in front.
struct Weighted {
    Weighted(std::span<const double> ys, std::size_t before, bool huge)
        : values(before + ys.size())
        , weights(before + ys.size())
        , unscale(huge ? 1 / kShrink : 1) {
        const double scale = huge ? kShrink : 1;
        for (std::size_t i = 0; i < ys.size(); ++i) {
            const bool counts = std::isfinite(ys[i]);
            values[before + i] = counts ? ys[i] * scale : 0;
            weights[before + i] = counts ? 1 : 0;
        }
    }
    std::vector<double> values;
    std::vector<double> weights;
    double unscale;
};

/// A segment, of which the values from `from` on are to be smoothed.
struct Part {
    std::span<const double> segment;
    std::size_t from = 0;
    std::span<double> out;  ///< with the values themselves at first
    bool huge = false;
};

constexpr double kMinSigma = 1e-3;

std::size_t reachOf(double sigma) {
    return static_cast<std::size_t>(std::ceil(4 * std::clamp(sigma, kMinSigma, kMaxSigma)));
}

bool gaussian(const Part& part, double sigma, const std::stop_token& stop) {
    const double s = std::clamp(sigma, kMinSigma, kMaxSigma);  // of less, the neighbours weigh nothing
    const auto reach = static_cast<std::ptrdiff_t>(reachOf(sigma));
    std::vector<double> kernel(static_cast<std::size_t>(2 * reach + 1));
    for (auto j = -reach; j <= reach; ++j) {
        const auto distance = static_cast<double>(j);
        kernel[static_cast<std::size_t>(j + reach)] = std::exp(-distance * distance / (2 * s * s));
    }
    const auto start = part.from - std::min(part.from, reachOf(sigma));
    const Weighted in(part.segment.subspan(start), 0, part.huge);
    const auto first = static_cast<std::ptrdiff_t>(part.from - start);
    const auto count = static_cast<std::ptrdiff_t>(in.values.size());
    for (auto i = first; i < count; ++i) {
        if (i % 1024 == 0 && stop.stop_requested()) {
            return false;
        }
        const auto from = std::max<std::ptrdiff_t>(0, i - reach);
        const auto to = std::min(count, i + reach + 1);
        const auto length = static_cast<std::size_t>(to - from);
        const double* g = kernel.data() + (from - i + reach);
        const double* values = in.values.data() + from;
        const double* weights = in.weights.data() + from;
        // Four sums side by side, since additions wait for each other.
        double sum[4] = {};
        double norm[4] = {};
        std::size_t k = 0;
        for (; k + 4 <= length; k += 4) {
            for (std::size_t lane = 0; lane < 4; ++lane) {
                sum[lane] += g[k + lane] * values[k + lane];
                norm[lane] += g[k + lane] * weights[k + lane];
            }
        }
        for (; k < length; ++k) {
            sum[0] += g[k] * values[k];
            norm[0] += g[k] * weights[k];
        }
        auto& y = part.out[static_cast<std::size_t>(i - first)];
        if (std::isfinite(y)) {
            y = (sum[0] + sum[1] + (sum[2] + sum[3])) / (norm[0] + norm[1] + (norm[2] + norm[3])) *
                in.unscale;
        }
    }
    return true;
}

/// Sums of `window` consecutive elements, the one that starts at i in [i]; beyond the end there is nothing.
/// From sums within blocks of that length, forwards and backwards: no value is ever subtracted again, so one
/// huge value does not spoil those after it.
std::vector<double> windowSums(const std::vector<double>& values, std::size_t window) {
    const std::size_t count = values.size();
    std::vector<double> forwards(count);   // from the start of the block to here
    std::vector<double> backwards(count);  // from here to the end of the block
    for (std::size_t i = 0; i < count; ++i) {
        forwards[i] = (i % window == 0 ? 0 : forwards[i - 1]) + values[i];
    }
    for (std::size_t i = count; i-- > 0;) {
        const bool last = (i + 1) % window == 0 || i + 1 == count;
        backwards[i] = (last ? 0 : backwards[i + 1]) + values[i];
    }
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t end = i + window - 1;
        if (i % window != 0 && end < count) {
            backwards[i] += forwards[end];
        } else if (i % window != 0 && i / window != (count - 1) / window) {
            backwards[i] += forwards[count - 1];
        }
    }
    return backwards;
}

struct Window {
    std::size_t size = 1;
    [[nodiscard]] std::size_t before() const { return (size - 1) / 2; }
    [[nodiscard]] std::size_t after() const { return size / 2; }
};

Window windowOf(double amount, std::size_t points) {
    return {
        static_cast<std::size_t>(std::clamp(std::round(amount), 1.0, 2.0 * static_cast<double>(points) + 1))};
}

void runningMean(const Part& part, double amount) {
    const auto window = windowOf(amount, part.segment.size());
    // With room in front, the windows at the start are like all others. Sums are made of blocks as long as
    // the window, which begin at the same places whatever part is asked for.
    const std::size_t start = part.from / window.size * window.size;
    const std::size_t before = window.before() - std::min(window.before(), start);
    const Weighted in(part.segment.subspan(start + before - window.before()), before, part.huge);
    const auto sums = windowSums(in.values, window.size);
    const auto counts = windowSums(in.weights, window.size);
    for (std::size_t i = 0; i < part.out.size(); ++i) {
        if (std::isfinite(part.out[i])) {
            const auto at = part.from - start + i;
            part.out[i] = sums[at] / counts[at] * in.unscale;
        }
    }
}

/// Takes in more values of a segment.
void observe(SmoothingState& state, std::span<const double> values) {
    const auto isOther = [&state](double y) {
        if (!std::isfinite(y)) {
            return false;
        }
        state.first = state.first.value_or(y);
        return y != *state.first;
    };
    state.constant = state.constant && std::none_of(values.begin(), values.end(), isOther);
    state.huge = state.huge || std::any_of(values.begin(), values.end(),
                                           [](double y) { return std::isfinite(y) && std::abs(y) > kHuge; });
}

/// How many values of a segment that had `known` points keep their smoothed value.
std::size_t kept(std::size_t known, std::size_t now, const SmoothingState& before,
                 const SmoothingState& after, const Smoothing& smoothing) {
    if (after.constant) {
        return known;
    }
    if (before.constant) {
        return 0;  // they came out unchanged, which smoothing equal values gives but for rounding
    }
    const auto without = [known](std::size_t reach) { return known - std::min(known, reach); };
    switch (smoothing.kind) {
        case SmoothingKind::None:
        case SmoothingKind::Ema:
            return known;
        case SmoothingKind::TimeWeightedEma:
            return 0;
        case SmoothingKind::Gaussian:
            return before.huge == after.huge ? without(reachOf(smoothing.amount)) : 0;
        case SmoothingKind::RunningMean: {
            const auto window = windowOf(smoothing.amount, now);
            const bool same = window.size == windowOf(smoothing.amount, known).size;
            return same && before.huge == after.huge ? without(window.after()) : 0;
        }
    }
    return 0;
}

bool smooth(const Abscissa& xs, IndexRange segment, const Part& part, const Smoothing& smoothing,
            SmoothingState& state, const std::stop_token& stop) {
    switch (smoothing.kind) {
        case SmoothingKind::None:
            break;
        case SmoothingKind::Ema:
            if (part.from == 0) {
                state.average = 0;
                state.remaining = 1;
            }
            ema(part.out, smoothing.amount, state.average, state.remaining);
            break;
        case SmoothingKind::TimeWeightedEma:
            timeWeightedEma(xs, segment, part.out, smoothing.amount);
            break;
        case SmoothingKind::Gaussian:
            return gaussian(part, smoothing.amount, stop);
        case SmoothingKind::RunningMean:
            runningMean(part, smoothing.amount);
            break;
    }
    return true;
}

}  // namespace

bool Smoothing::active() const {
    switch (kind) {
        case SmoothingKind::None:
            return false;
        case SmoothingKind::RunningMean:
            return amount >= 1.5;
        default:
            return amount > 0;
    }
}

std::vector<double> smoothed(std::span<const double> values, double weight) {
    std::vector<double> result(values.begin(), values.end());
    const bool constant = std::all_of(values.begin(), values.end(), [&](double y) { return y == values[0]; });
    if (weightOf(weight) > 0 && !constant) {
        double average = 0;
        double remaining = 1;
        ema(result, weight, average, remaining);
    }
    return result;
}

std::vector<double> smoothed(const Abscissa& xs, std::span<const double> ys,
                             std::span<const IndexRange> segments, const Smoothing& smoothing,
                             const std::stop_token& stop) {
    const auto whole = smoothedTail({}, xs, ys, segments, smoothing, stop);
    return {whole.values.begin(), whole.values.end()};
}

SmoothedTail smoothedTail(const SmoothingState& former, const Abscissa& xs, std::span<const double> ys,
                          std::span<const IndexRange> segments, const Smoothing& smoothing,
                          const std::stop_token& stop) {
    SmoothedTail tail{former.size, {}, former};
    tail.state.size = ys.size();
    const auto takeFrom = [&](std::size_t from) {
        tail.from = from;
        tail.values.assign(ys.begin() + static_cast<std::ptrdiff_t>(from), ys.end());
    };
    takeFrom(former.size);
    for (const auto& segment : segments) {
        if (!smoothing.active() || segment.end <= former.size) {
            continue;  // as it was
        }
        if (stop.stop_requested()) {
            return {};
        }
        auto& state = tail.state;
        const auto before = state;
        const std::size_t known = former.size - std::min(former.size, segment.begin);
        if (known == 0) {
            state = {ys.size(), segment.begin, {}, true, false, 0, 1};
        } else if (segment.begin != former.begin) {
            return smoothedTail({}, xs, ys, segments, smoothing, stop);
        }
        observe(state, ys.subspan(segment.begin + known, segment.size() - known));
        const auto from = known == 0 ? 0 : kept(known, segment.size(), before, state, smoothing);
        if (segment.begin + from < tail.from) {
            takeFrom(segment.begin + from);
        }
        const Part part{
            ys.subspan(segment.begin, segment.size()), from,
            std::span(tail.values).subspan(segment.begin + from - tail.from, segment.size() - from),
            state.huge};
        if (!state.constant && !smooth(xs, segment, part, smoothing, state, stop)) {
            return {};
        }
    }
    return tail;
}

std::string describe(const Smoothing& smoothing) {
    if (!smoothing.active()) {
        return {};
    }
    const auto amount = fmt::format("{:.4g}", smoothing.amount);
    switch (smoothing.kind) {
        case SmoothingKind::None:
            break;
        case SmoothingKind::Ema:
            return tr("EMA {}", amount);
        case SmoothingKind::TimeWeightedEma:
            return tr("time-weighted EMA {}", amount);
        case SmoothingKind::Gaussian:
            return tr("Gaussian, σ {} points", amount);
        case SmoothingKind::RunningMean:
            return tr("running mean of {} points", fmt::format("{:.0f}", smoothing.amount));
    }
    return {};
}

}  // namespace runglass::series
