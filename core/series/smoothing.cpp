// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/series/smoothing.h"

#include <algorithm>
#include <cmath>

namespace runglass::series {

std::vector<double> smoothed(std::span<const double> values, double weight) {
    std::vector<double> result(values.begin(), values.end());
    const double w = std::isfinite(weight) ? std::clamp(weight, 0.0, 1.0) : 0.0;
    const bool constant = std::all_of(values.begin(), values.end(), [&](double y) { return y == values[0]; });
    if (w == 0 || constant) {
        return result;
    }
    double last = 0;
    double remaining = 1;  // wⁿ
    for (auto& y : result) {
        if (std::isfinite(y)) {
            last = w * last + (1 - w) * y;
            remaining *= w;
            y = last / (w == 1 ? 1 : 1 - remaining);
        }
    }
    return result;
}

}  // namespace runglass::series
