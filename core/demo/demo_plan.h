// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runglass/model/run_detail.h"

namespace runglass::demo {

/// One training of the demo.
struct PlannedRun {
    std::string name;
    std::string experiment;
    std::vector<std::string> arguments;  ///< after `python3 train.py`
    std::vector<model::Variable> tags;
    bool stopEarly = false;  ///< stopped by us once it has logged something
};

/// A change of one file on top of the stage's layers.
struct PlannedEdit {
    std::string path;
    std::string from;  ///< occurs in the file; empty: the file is new
    std::string to;
};

struct PlannedCommit {
    std::string message;
    std::string branch;
    std::vector<std::size_t> parents;  ///< indices of earlier stages
    std::string tag;                   ///< may be empty
};

/// One state of the project's files, committed or not, with the runs made in it.
struct PlannedStage {
    std::vector<std::string> layers;  ///< folders of resources/demo, later ones over earlier ones
    std::vector<PlannedEdit> edits;
    std::optional<PlannedCommit> commit;  ///< nothing: the edits stay uncommitted
    std::vector<PlannedRun> runs;
};

/// What makeDemo() does, in order. Every commit is a real change to the script or its configuration.
std::vector<PlannedStage> demoPlan();

}  // namespace runglass::demo
