// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "runglass/model/run.h"

namespace runglass::ui {

/// Which colour and pen style a run has as long as nobody has chosen one: an index for Theme::seriesColor and
/// Theme::seriesPenStyle, 0 to 35. Stable, since it follows from the run's number alone; each source counts
/// its runs from 1 and begins at another colour, so that the first runs of two sources do not look alike.
[[nodiscard]] int paletteSlot(const model::RunRecord& run);

}  // namespace runglass::ui
