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

bool isConstant(std::span<const double> values) {
    const auto first = std::find_if(values.begin(), values.end(), [](double y) { return std::isfinite(y); });
    return std::all_of(first, values.end(), [&](double y) { return y == *first || !std::isfinite(y); });
}

double weightOf(double amount) {
    return std::isfinite(amount) ? std::clamp(amount, 0.0, 1.0) : 0.0;
}

void ema(std::span<double> ys, double weight) {
    const double w = weightOf(weight);
    double last = 0;
    double remaining = 1;  // wⁿ
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

/// The values that count as 0 and 1: what is not finite gets no weight.
struct Weighted {
    std::vector<double> values;
    std::vector<double> weights;
    double unscale = 1;
};

Weighted weighted(std::span<const double> ys) {
    Weighted out{std::vector<double>(ys.size()), std::vector<double>(ys.size()), 1};
    const bool huge =
        std::any_of(ys.begin(), ys.end(), [](double y) { return std::isfinite(y) && std::abs(y) > kHuge; });
    const double scale = huge ? kShrink : 1;
    out.unscale = 1 / scale;
    for (std::size_t i = 0; i < ys.size(); ++i) {
        const bool counts = std::isfinite(ys[i]);
        out.values[i] = counts ? ys[i] * scale : 0;
        out.weights[i] = counts ? 1 : 0;
    }
    return out;
}

constexpr double kMinSigma = 1e-3;

bool gaussian(std::span<double> ys, double sigma, const std::stop_token& stop) {
    const double s = std::clamp(sigma, kMinSigma, kMaxSigma);  // of less, the neighbours weigh nothing
    const auto reach = static_cast<std::ptrdiff_t>(std::ceil(4 * s));
    std::vector<double> kernel(static_cast<std::size_t>(2 * reach + 1));
    for (auto j = -reach; j <= reach; ++j) {
        const auto distance = static_cast<double>(j);
        kernel[static_cast<std::size_t>(j + reach)] = std::exp(-distance * distance / (2 * s * s));
    }
    const auto in = weighted(ys);
    const auto count = static_cast<std::ptrdiff_t>(ys.size());
    for (std::ptrdiff_t i = 0; i < count; ++i) {
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
        auto& y = ys[static_cast<std::size_t>(i)];
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

void runningMean(std::span<double> ys, double amount) {
    const auto window = static_cast<std::size_t>(
        std::clamp(std::round(amount), 1.0, 2.0 * static_cast<double>(ys.size()) + 1));
    const std::size_t before = (window - 1) / 2;
    // With room in front, the windows at the start are like all others.
    auto in = weighted(ys);
    in.values.insert(in.values.begin(), before, 0.0);
    in.weights.insert(in.weights.begin(), before, 0.0);
    const auto sums = windowSums(in.values, window);
    const auto counts = windowSums(in.weights, window);
    for (std::size_t i = 0; i < ys.size(); ++i) {
        if (std::isfinite(ys[i])) {
            ys[i] = sums[i] / counts[i] * in.unscale;
        }
    }
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
        ema(result, weight);
    }
    return result;
}

std::vector<double> smoothed(const Abscissa& xs, std::span<const double> ys,
                             std::span<const IndexRange> segments, const Smoothing& smoothing,
                             const std::stop_token& stop) {
    std::vector<double> result(ys.begin(), ys.end());
    if (!smoothing.active()) {
        return result;
    }
    for (const auto& segment : segments) {
        if (stop.stop_requested()) {
            return {};
        }
        const auto part = std::span(result).subspan(segment.begin, segment.size());
        if (isConstant(part)) {
            continue;
        }
        switch (smoothing.kind) {
            case SmoothingKind::None:
                break;
            case SmoothingKind::Ema:
                ema(part, smoothing.amount);
                break;
            case SmoothingKind::TimeWeightedEma:
                timeWeightedEma(xs, segment, part, smoothing.amount);
                break;
            case SmoothingKind::Gaussian:
                if (!gaussian(part, smoothing.amount, stop)) {
                    return {};
                }
                break;
            case SmoothingKind::RunningMean:
                runningMean(part, smoothing.amount);
                break;
        }
    }
    return result;
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
