// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runglass/model/run_detail.h"

namespace runglass::sources {

/// The files below `folder` as artifacts named `prefix` + path; a bounded number of them. Links are left out.
void listArtifacts(const std::filesystem::path& folder, const std::string& prefix,
                   std::vector<model::Artifact>& artifacts);

}  // namespace runglass::sources
