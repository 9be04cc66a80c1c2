// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/model/run_detail.h"
#include "runglass/sources/artifact_file.h"

namespace runglass::sources {

/// The files that a framework leaves in a folder of a run, where that may hold anything else as well: all of
/// what lies in some folders below it, and files beside those by their endings.
struct RunFiles {
    std::filesystem::path folder;
    std::vector<std::string> folders;  ///< names; links are not followed
    std::vector<std::string> endings;  ///< `.png`
};

/// The files as artifacts, by path; a bounded number of them.
void listRunFiles(const RunFiles& files, std::vector<model::Artifact>& artifacts);
/// NotFound when there is none of that name among them.
Result<ArtifactFile> openRunFile(const RunFiles& files, std::string_view name);

}  // namespace runglass::sources
