// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

namespace runglass::ui {

/// What an axis counts in, where that is not the values themselves: an axis of QCustomPlot has no range for
/// the largest and the smallest doubles (QCPRange), nor for both at once. A linear axis counts in a multiple
/// of the values then, a log axis in a root of them, which puts every value where it would be.
struct AxisUnit {
    double factor = 1;
    double power = 1;  ///< of values > 0 only

    [[nodiscard]] bool isOne() const { return factor == 1 && power == 1; }
    [[nodiscard]] double toAxis(double value) const {
        return (power == 1 ? value : std::pow(value, power)) * factor;
    }
    /// The nearest double, where the axis reaches farther than they do.
    [[nodiscard]] double toValue(double place) const {
        constexpr double kMost = std::numeric_limits<double>::max();
        if (power == 1) {
            return std::clamp(place / factor, -kMost, kMost);
        }
        return std::clamp(std::pow(place / factor, 1 / power), std::numeric_limits<double>::denorm_min(),
                          kMost);
    }
    /// log10 of the value at a place > 0, also where that is no double.
    [[nodiscard]] double decadeAt(double place) const { return std::log10(place / factor) / power; }

    friend bool operator==(const AxisUnit&, const AxisUnit&) = default;
};

/// What the x axis can take, which counts in nothing else: values of another metric may lie beyond.
struct PlaceableX {
    static constexpr double kMost = 1e248;
    static constexpr double kLeastShare = 1e-270;  ///< of the upper end of a log axis

    double lower;
    double upper;

    static PlaceableX upTo(double largest, bool logarithmic) {
        const double upper = std::clamp(largest, -kMost, kMost);
        return {logarithmic ? upper * kLeastShare : -kMost, upper};
    }
};

}  // namespace runglass::ui
