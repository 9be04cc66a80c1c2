// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "runglass/tracking/server.h"

namespace runglass::cli {

/// Finds the artifacts of a project's imported runs where the tools that made them have left them. Looks for
/// the runs of other tools when it is first asked.
tracking::OpenReferenced foreignArtifacts(const std::filesystem::path& project);

/// Finds the files that clients have put themselves where their experiments say.
tracking::ClientFiles clientFiles();

}  // namespace runglass::cli
