// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <string>
#include <vector>

#include "runglass/base/run_id.h"
#include "runglass/ui/curves/run_key.h"

namespace runglass::ui {

/// Runs that are drawn as one.
struct CurveGroup {
    RunId id;           ///< made from the value, so that it lasts
    std::string value;  ///< what the runs have in common
    QString name;
    std::vector<model::SharedRun> members;
};

/// In the order in which they first appear. A group that has no name of its own (repeats) gets what the names
/// of its runs begin with.
std::vector<CurveGroup> groupRuns(const std::vector<model::SharedRun>& runs, const RunKey& key);

}  // namespace runglass::ui
