// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <vector>

#include "curve_plottable.h"

namespace runglass::ui {

/// How many points the axes have no place for, in words; empty when every point has one.
QString remarkOnHidden(const std::vector<DrawnCurve>& curves);

}  // namespace runglass::ui
