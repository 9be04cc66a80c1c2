// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runglass/model/series.h"

namespace runglass::sources {

struct SacredSeries {
    std::string name;
    model::Series points;
    std::size_t leftOut = 0;       ///< points whose value or step is no number
    std::size_t firstLeftOut = 0;  ///< the index of the first
    std::size_t withoutStep = 0;   ///< values beyond the last step; their number stands for it
};

/// `metrics.json` of Sacred: {name: {values: […], steps: […], timestamps: [ISO …]}}, the three in any order.
/// Values may be objects of jsonpickle around a number; nothing is unpickled. False when the text ends early
/// or is no JSON; `series` then holds what was whole.
bool readSacredMetrics(std::string_view json, std::vector<SacredSeries>& series);

}  // namespace runglass::sources
