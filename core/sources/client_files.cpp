// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/sources/client_files.h"

#include <array>

#include "artifact_list.h"
#include "runglass/store/client_folder.h"

namespace runglass::sources {

Result<std::vector<model::Artifact>> listClientFiles(std::string_view location, const RunId& run) {
    std::vector<model::Artifact> files;
    RUNGLASS_ASSIGN(const auto folder, store::clientFolder(location, run));
    if (!folder.empty()) {
        listArtifacts(std::array{ArtifactFolder{folder, {}}}, files);
    }
    return Result<std::vector<model::Artifact>>(std::move(files));
}

Result<ArtifactFile> openClientFile(std::string_view location, const RunId& run, std::string_view name) {
    RUNGLASS_ASSIGN(const auto folder, store::clientFolder(location, run));
    return openArtifactIn({folder, {}}, name);
}

}  // namespace runglass::sources
