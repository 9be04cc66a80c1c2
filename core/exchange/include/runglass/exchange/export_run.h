// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/exchange/copy_run.h"

namespace runglass::exchange {

/// Writes runs with their points, artifacts and consoles into one file that unpackRuns() takes: a tar of a
/// run database of its own (`runs.db`), of the artifacts by digest and of the files of consoles, readable by
/// other programs as such. Returns what was left out; where no run can be read, no file is written.
Result<CopyTally> packRuns(sources::ProjectRuns& from, std::span<const RunId> runs,
                           const std::filesystem::path& file, std::stop_token stop = {});

/// Whether a file begins as packRuns() writes it.
bool isPacked(const std::filesystem::path& file);

/// Unpacks such a file into a new folder, which is a project then. Only the names that packRuns() writes are
/// taken; anything else in the file is an error. Returns whether all of it was checked against its digests:
/// files of November 2026 and before have none but those in the names of artifacts.
Result<bool> unpackRuns(const std::filesystem::path& file, const std::filesystem::path& folder);

/// All points as CSV: `run_id,run,key,step,time_ms,value`; values read back as the same double. Returns the
/// runs that were left out because they cannot be read.
Result<std::vector<RunFailure>> writeCsv(sources::ProjectRuns& from, std::span<const RunId> runs,
                                         const std::filesystem::path& file, std::stop_token stop = {});

/// TensorBoard event files, one folder a run below `folder`, with params, status and times for its HParams
/// dashboard. TensorBoard keeps scalars as 32-bit floats; the CSV keeps all digits. Points without a time get
/// that of the start. Returns the runs that were left out.
Result<std::vector<RunFailure>> writeEventFiles(sources::ProjectRuns& from, std::span<const RunId> runs,
                                                const std::filesystem::path& folder,
                                                std::stop_token stop = {});

}  // namespace runglass::exchange
