// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/base/run_id.h"
#include "runglass/model/run_detail.h"

namespace runglass::tracking {

/// Where an artifact lies, as a client's path says: `…/RUN_ID/artifacts/REST` belongs to that run, everything
/// else to none. Paths are keys here and never names of files, so that there is nothing to escape from; they
/// are refused all the same where another program would be led astray by them.
struct ArtifactPath {
    std::optional<RunId> run;
    std::string path;  ///< within the run, or the whole; empty for a run's root

    /// `path` has been percent-decoded once. Empty is the root.
    static Result<ArtifactPath> parse(std::string_view path);
};

/// Invalid when a path leaves its folder by `..`, an absolute name, a back-slash, a drive letter or an
/// encoding of one of these, or is no text.
Result<void> checkArtifactPath(std::string_view path);

/// What lies directly in a folder.
struct ArtifactEntry {
    std::string name;
    bool isFolder = false;
    std::int64_t size = 0;
};
/// `files` by path; entries by name. A file, or what is not there, has none.
std::vector<ArtifactEntry> entriesOf(const std::vector<model::Artifact>& files, std::string_view folder);

/// The type that a file is sent with, by its name.
std::string_view mediaType(std::string_view path);

}  // namespace runglass::tracking
