// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <vector>

namespace runglass::ui {

/// The colour at `t` (0 … 1, clamped; NaN is 0) of evenly spaced stops, interpolated in OKLab
/// (B. Ottosson, "A perceptual color space for image processing", 2020), where equal steps look equal.
QColor interpolateOkLab(const std::vector<QColor>& stops, double t);

}  // namespace runglass::ui
