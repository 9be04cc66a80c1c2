// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dvc_state.h"

namespace runglass::sources {

/// The data of `plots:` in dvc.yaml as series. Columns are those of `y`, or all of numbers where none is
/// named. The step is the column of `x`, else `step` or `epoch`, where it holds whole numbers; else the row's
/// number, as with DVC, and a named x column (the false positives of a ROC curve) is a series as well. Files
/// in a folder of DVCLive that was read are passed over.
///
/// A series is called as its column. Where several files have such a column, the part of the path that tells
/// them apart stands in front (`train/tpr`, `test/tpr`), as in the legend that DVC draws. A value of the same
/// name in a metrics file is the series' own last value, and gives its place to it, where it is equal;
/// otherwise the series has its file in front.
void addDvcPlots(DvcState& state, const DvcFiles& files, const DvcCache& cache,
                 const std::vector<std::string>& liveFolders);

}  // namespace runglass::sources
