// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "invocation.h"
#include "runglass/base/result.h"
#include "runglass/model/run.h"
#include "runglass/store/database.h"
#include "runglass/store/run_reader.h"

namespace runglass::cli {

/// An opened project, to be read.
struct ProjectData {
    std::filesystem::path folder;
    store::Database database;

    [[nodiscard]] store::RunReader reader() { return store::RunReader(database); }
};

/// Whether the folder has `.runglass` or `.git`.
bool isProject(const std::filesystem::path& folder);

/// Opens the run database of the invocation's project. What is wrong with it but does not prevent reading is
/// said on standard error. NotFound when nothing has been recorded there.
Result<ProjectData> openProject(const Invocation& invocation);

/// All runs. Where some are said to be running, those whose supervisor has died are brought up to date first.
Result<model::SharedRunTable> loadRuns(ProjectData& project);

/// The run that an id, a unique prefix or a name stands for.
Result<RunId> resolveRun(ProjectData& project, const std::string& idOrName);

/// The runs of `table` that `--filter` and `--order-by` of the invocation choose, archived ones only with
/// `--all`.
Result<std::vector<model::SharedRun>> chooseRuns(const Invocation& invocation, const model::RunTable& table);
Result<std::vector<model::SharedRun>> filterRuns(const std::string& filter,
                                                 std::vector<model::SharedRun> runs);

}  // namespace runglass::cli
