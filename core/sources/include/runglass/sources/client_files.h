// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/base/run_id.h"
#include "runglass/model/run_detail.h"
#include "runglass/sources/artifact_file.h"

namespace runglass::sources {

/// The files that a tracking client has written by itself (store::clientFolder), without a digest: they stay
/// where they are and are read there. None where there is no such folder; Permission when it may not be read.
Result<std::vector<model::Artifact>> listClientFiles(std::string_view location, const RunId& run);

/// NotFound when there is none of that name.
Result<ArtifactFile> openClientFile(std::string_view location, const RunId& run, std::string_view name);

}  // namespace runglass::sources
