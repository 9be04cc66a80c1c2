// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runglass/model/run_detail.h"
#include "runglass/sources/reader.h"

namespace runglass::sources {

/// The summary of one metric in which the last value is the one that MLflow calls the latest: of all points
/// that with the greatest (step, timestamp, value), whatever the order in which they were logged
/// (mlflow/store/tracking: `_get_latest_metrics`).
class MlflowSummary {
public:
    void add(const model::Point& point);
    [[nodiscard]] model::MetricSummary summary() const;

private:
    model::MetricSummary m_summary;
    model::Point m_latest;
};

using MlflowTags = std::vector<std::pair<std::string, std::string>>;

/// What the file store and the database have in common: the fields of a run beside its params and metrics.
struct MlflowRun {
    std::string id;
    std::string name;  ///< as the run's own field has it; the tag mlflow.runName stands in where it is empty
    std::string status;  ///< RUNNING, SCHEDULED, FINISHED, FAILED, KILLED, or their numbers 3 … (file store)
    std::string experiment;
    std::optional<std::int64_t> startTimeMs;
    std::optional<std::int64_t> endTimeMs;
    bool deleted = false;
    MlflowTags tags;
};

/// Fills the record, id and parent of a part. Params and metrics are left to the caller.
void fillPart(const MlflowRun& run, Part& part);

/// `mlflow.note.content`, `mlflow.source.name` and `mlflow.entryPoint`-like tags, for the detail of a run.
void fillDetail(const MlflowTags& tags, model::RunDetail& detail);

std::optional<model::RunStatus> mlflowStatus(std::string_view text);

/// The place that a dataset's `source` (JSON text) names: its `uri`, `url` or `path`, else the text.
std::string mlflowDatasetLocation(std::string_view source);

/// The path that a `file:` URI or a plain path names; empty for what lies elsewhere.
std::filesystem::path mlflowLocalPath(std::string_view uri, const std::filesystem::path& relativeTo);

/// Where the artifacts of a run lie on this machine. `uri` is what MLflow has stored; it names a path of the
/// machine that wrote it, which may be another one or mean something else here. It is believed where it is a
/// local path of MLflow's own form `…/<run id>/artifacts` that exists; else the first of `fallbacks` that
/// exists. Empty when there is none.
std::filesystem::path mlflowArtifactFolder(std::string_view uri, const std::filesystem::path& relativeTo,
                                           std::string_view runId,
                                           const std::vector<std::filesystem::path>& fallbacks);

}  // namespace runglass::sources
