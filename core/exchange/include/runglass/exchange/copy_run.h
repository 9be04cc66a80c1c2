// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/base/run_id.h"
#include "runglass/sources/project_runs.h"
#include "runglass/store/database.h"

namespace runglass::exchange {

enum class Copied {
    New,
    Updated,    ///< it was there, and has gained points, an end, params or tags since
    Unchanged,  ///< it was there as it is
};

struct CopyOptions {
    /// Copies the content of artifacts into the database's own store. Without it, and where one cannot be
    /// found, the database keeps name, size and time only: the artifact stays where the run's location says,
    /// and is read from there.
    bool artifacts = false;
    /// The places that the run was read from are on this computer. False for the runs of an export.
    bool fromHere = true;
};

struct CopyResult {
    Copied outcome = Copied::New;
    std::uint64_t points = 0;            ///< written
    std::uint64_t missingArtifacts = 0;  ///< whose content could not be copied; name and size are
    std::string firstMissing;            ///< which the first of them is, and why, for people
    std::vector<std::string> problems;   ///< what else was left out, for people
};

/// A run that was left out, and why.
struct RunFailure {
    RunId id;
    Error error;
};

/// What became of many runs.
struct CopyTally {
    std::uint64_t imported = 0;
    std::uint64_t updated = 0;
    std::uint64_t unchanged = 0;
    std::uint64_t points = 0;            ///< written
    std::uint64_t missingArtifacts = 0;  ///< of all runs
    std::string firstMissing;
    std::vector<std::string> problems;
    std::vector<RunFailure> failures;
};

/// Copies one run with all of its points, bit for bit, into a database that is open for writing, in one
/// transaction, and its console into the project of that. It keeps its id, source and origins, and the last
/// values that the run table showed; what a person has said of it becomes part of it. Models
/// that it made or read come along, with what is registered of them. Done a second time it brings the copy up
/// to date and doubles nothing: points of a series that has grown are appended, and a series that was written
/// anew takes the place of the old one.
Result<CopyResult> copyRun(sources::ProjectRuns& from, const RunId& id, store::Database& to,
                           const CopyOptions& options = {}, std::stop_token stop = {});

/// The same with many, added to `tally`. A run that cannot be read is a failure there and stops none of the
/// others. An error, with `tally` up to there: Cancelled, or that the database takes nothing more.
Result<void> copyRuns(sources::ProjectRuns& from, std::span<const RunId> ids, store::Database& to,
                      CopyTally& tally, const CopyOptions& options = {}, const std::stop_token& stop = {});

}  // namespace runglass::exchange
