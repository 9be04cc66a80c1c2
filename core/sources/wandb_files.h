// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "runglass/model/run_detail.h"
#include "runglass/sources/reader.h"
#include "wandb_run.h"

namespace runglass::sources {

/// What W&B keeps beside the log in `files/`, and what stands in for a log that is not there: config.yaml,
/// wandb-summary.json, wandb-metadata.json. Fills only what the log has not told. Returns what cannot be
/// read.
std::vector<Damage> fillFromFiles(const std::filesystem::path& files, WandbRun& run);

/// Packages from `requirements.txt`.
std::vector<model::Package> wandbPackages(const std::filesystem::path& files);

}  // namespace runglass::sources
