// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stop_token>
#include <string>
#include <string_view>

#include "folder_handle.h"
#include "mlflow_metric_file.h"
#include "runglass/sources/reader.h"

namespace runglass::sources {

/// What a file store has of a run beside its record: artifacts (its own and those of the models that it
/// logged), datasets, note. `path` is the run's within the store.
model::RunDetail mlflowRunDetail(const FolderHandle& store, const std::filesystem::path& storePath,
                                 const std::string& path, const Part& part);

/// Where the run's artifacts lie, and those of the models that it logged.
std::vector<ArtifactFolder> mlflowArtifactFolders(const FolderHandle& store,
                                                  const std::filesystem::path& storePath,
                                                  const std::string& path);

/// Where the reading of a metric file stopped: a curve that grows asks for the points after those that it
/// has.
struct MlflowBookmark {
    FileMark mark;
    std::uint64_t offset = 0;
    std::size_t points = 0;
    std::string witness;  ///< the last bytes before `offset`: a file that was rewritten differs there
    MetricFileEnd end;

    [[nodiscard]] bool leadsOn(const FolderHandle& folder, const char* name, std::size_t from) const;
};

/// The points of a metric in the order of its file, from the `from`-th on.
Result<model::Series> mlflowFileSeries(const FolderHandle& run, std::string_view metric, std::size_t from,
                                       MlflowBookmark& bookmark, std::stop_token stop);

}  // namespace runglass::sources
