// SPDX-License-Identifier: GPL-3.0-or-later
#include "color_scale.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace runglass::ui {
namespace {

using Triple = std::array<double, 3>;

double toLinear(double c) {
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

double toGamma(double c) {
    return c <= 0.0031308 ? 12.92 * c : 1.055 * std::pow(c, 1 / 2.4) - 0.055;
}

Triple okLab(const QColor& color) {
    const double r = toLinear(color.redF());
    const double g = toLinear(color.greenF());
    const double b = toLinear(color.blueF());
    const double l = std::cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    const double m = std::cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    const double s = std::cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    return {0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
            1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
            0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
}

QColor fromOkLab(const Triple& lab) {
    const double l = std::pow(lab[0] + 0.3963377774 * lab[1] + 0.2158037573 * lab[2], 3);
    const double m = std::pow(lab[0] - 0.1055613458 * lab[1] - 0.0638541728 * lab[2], 3);
    const double s = std::pow(lab[0] - 0.0894841775 * lab[1] - 1.2914855480 * lab[2], 3);
    const auto channel = [](double linear) {
        return static_cast<int>(std::lround(255 * std::clamp(toGamma(std::max(linear, 0.0)), 0.0, 1.0)));
    };
    return QColor(channel(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
                  channel(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
                  channel(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s));
}

}  // namespace

QColor interpolateOkLab(const std::vector<QColor>& stops, double t) {
    if (stops.empty()) {
        return {};
    }
    const double place = (t > 0 ? std::min(t, 1.0) : 0.0) * static_cast<double>(stops.size() - 1);
    const auto index = std::min(static_cast<std::size_t>(place), stops.size() - 1);
    if (index + 1 == stops.size()) {
        return stops.back();
    }
    const double part = place - static_cast<double>(index);
    const Triple a = okLab(stops[index]);
    const Triple b = okLab(stops[index + 1]);
    return fromOkLab({std::lerp(a[0], b[0], part), std::lerp(a[1], b[1], part), std::lerp(a[2], b[2], part)});
}

}  // namespace runglass::ui
