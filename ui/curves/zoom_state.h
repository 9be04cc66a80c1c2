// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "runglass/ui/curves/curves_pane.h"
#include "zoom_history.h"

namespace runglass::ui {

struct CurvesPane::ZoomState {
    ZoomHistory history;
    std::int64_t lastMs = 0;  ///< monotonic time of the last step
};

}  // namespace runglass::ui
