// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "curve.h"

namespace runglass::ui {

// What curves of one run and of groups are made with. `former` is a curve, or a line, of earlier points of
// the same, or one of none.

/// Whether points stand where they stood in `former`, and the new ones behind them.
bool goesOn(const Curve& former, const CurveInput& input, const ChartSettings& settings);

CurveLine lineOf(model::GrowingColumn<double> ys, const CurveLine& former);
/// The first `kept` values of a line, and others behind them.
CurveLine lineOf(const CurveLine& former, std::size_t kept, model::Column<double> fresh);

/// The raw and the smoothed line through the curve's own series.
void makeLines(Curve* curve, const Curve& former, const std::stop_token& stop);
/// The stretches of its x.
void prepareSegments(Curve* curve, const Curve& former);

}  // namespace runglass::ui
