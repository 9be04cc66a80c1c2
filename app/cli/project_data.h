// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "invocation.h"
#include "runglass/base/result.h"
#include "runglass/model/run.h"
#include "runglass/sources/project_runs.h"
#include "runglass/store/database.h"

namespace runglass::cli {

/// Whether the folder has `.runglass` or `.git`.
bool isProject(const std::filesystem::path& folder);

/// An opened project, to be read: its run database, where it has one, and what other tools left in it.
struct ProjectData {
    std::filesystem::path folder;
    std::optional<store::Database> database;
    std::shared_ptr<sources::Catalogue> catalogue;
    /// Where single runs are looked up. Foreign ones are there after loadRuns() or resolveRun().
    sources::ProjectRuns runs;
    model::SharedRunTable table = {};  ///< as loadRuns() made it; null before
    bool saysRemarks = false;          ///< loadRuns() says, too, what is no problem and was passed over
    /// Where not empty: loadRuns() says of other tools' files only what concerns those at or below these.
    std::vector<std::filesystem::path> concerned = {};
    /// What of other tools could not be read; loadRuns() has said so.
    std::vector<std::filesystem::path> unreadable = {};
    bool incomplete = false;  ///< some of `table` is missing or not whole; loadRuns() has said what

    /// For commands whose answer is about all runs: a script must see that some are missing.
    [[nodiscard]] int exitCode() const { return incomplete ? 1 : 0; }
    /// Whether something at or below a place could not be read.
    [[nodiscard]] bool isUnreadable(const std::filesystem::path& place) const;

    [[nodiscard]] bool isOwn(const RunId& id);
};

/// Opens the invocation's project. What is wrong with its run database but does not prevent reading is said
/// on standard error. Other tools' runs are looked for in `folders` too.
Result<ProjectData> openProject(const Invocation& invocation,
                                std::vector<std::filesystem::path> folders = {});

/// All runs. Where some are said to be running, those whose supervisor has died are brought up to date first.
/// What of other tools' files cannot be read is said on standard error.
Result<model::SharedRunTable> loadRuns(ProjectData& project);

/// The run that an id, a unique prefix or a name stands for.
Result<RunId> resolveRun(ProjectData& project, const std::string& idOrName);

/// For a project in which no run was found: what to do.
Error noRunsError(const ProjectData& project);

/// The runs of `table` that `--filter` and `--order-by` of the invocation choose, archived ones only with
/// `--all`.
Result<std::vector<model::SharedRun>> chooseRuns(const Invocation& invocation, const model::RunTable& table);
Result<std::vector<model::SharedRun>> filterRuns(const std::string& filter,
                                                 std::vector<model::SharedRun> runs);

}  // namespace runglass::cli
