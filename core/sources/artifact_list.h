// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

#include "runglass/model/run_detail.h"
#include "runglass/sources/artifact_file.h"

namespace runglass::sources {

/// The files below the folders as artifacts, by path; a bounded number of them. Links are left out.
void listArtifacts(std::span<const ArtifactFolder> folders, std::vector<model::Artifact>& artifacts);

}  // namespace runglass::sources
