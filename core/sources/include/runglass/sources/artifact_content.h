// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/jobs/job.h"
#include "runglass/sources/project_runs.h"
#include "runglass/sources/table_preview.h"

namespace runglass::sources {

enum class ContentKind : std::uint8_t {
    Image,  ///< PNG, JPEG, GIF, BMP or WebP by its first bytes, whatever its name
    Table,  ///< CSV, TSV, JSON lines, or the JSON tables of W&B, MLflow and pandas
    Text,   ///< without a NUL byte, as git decides
    Other,
};

/// As much of an artifact as a person looks at.
struct ArtifactContent {
    ContentKind kind = ContentKind::Other;
    std::string bytes = {};                   ///< of an image; of a text as valid UTF-8; else empty
    std::vector<PreviewColumn> columns = {};  ///< of a table
    std::uint64_t size = 0;                   ///< of all of it, in bytes
    bool whole = true;                        ///< of a text or table: nothing comes after what is here
};

/// Reads what there is to show of an artifact: images whole, texts up to 1 MiB, tables up to 10,000 rows of
/// their first 16 MiB, nothing of anything else. TooLarge for images beyond 64 MiB; NotFound where the
/// content is not on this machine; Cancelled on request. Reads a file: call it in a job.
Result<ArtifactContent> readArtifactContent(ProjectRuns& runs, const RunId& run,
                                            const model::Artifact& artifact, const std::stop_token& stop);

/// Calls `use` with the content from front to back. Errors: as readArtifactContent, and those of `use`.
Result<void> forEachPieceOf(ProjectRuns& runs, const RunId& run, const model::Artifact& artifact,
                            const std::function<Result<void>(std::string_view)>& use,
                            const std::stop_token& stop);

/// Copies an artifact of any size to `target`, which appears whole or not at all and takes the place of a
/// file that is there. Progress counts bytes. Errors: as readArtifactContent, and those of writing.
Result<void> saveArtifact(ProjectRuns& runs, const RunId& run, const model::Artifact& artifact,
                          const std::filesystem::path& target, const std::stop_token& stop,
                          jobs::Progress* progress = nullptr);

}  // namespace runglass::sources
