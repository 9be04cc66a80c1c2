// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/base/bytes.h"
#include "runglass/base/run_id.h"
#include "runglass/model/run_detail.h"
#include "runglass/store/run_writer.h"
#include "runglass/store/tracked_runs.h"

namespace runglass::store {

/// A point that measures a logged model, too.
struct PointOfModel {
    std::size_t point = 0;  ///< index into RunChange::points
    std::string_view model;
    std::string_view dataset;
    std::string_view digest;
};

/// What the supervisor of a launched run says of it beyond what a training client can.
struct SupervisedChange {
    /// Which of the run's spools this was read from, and how far that is taken in with it: it is written
    /// once, however often it is restored. Empty for what is written at once.
    std::string spool;
    std::int64_t offset = 0;
    std::optional<std::string> experiment;  ///< by its name
    std::vector<model::Dataset> datasets;
    std::vector<std::string> problems;
    std::optional<RunEnd> end;

    /// Whether it says nothing of the run.
    [[nodiscard]] bool isEmpty() const { return !experiment && datasets.empty() && problems.empty() && !end; }
};

/// What one call of a training client says of one run. It is written whole or not at all (ChangeWriter), and
/// can be kept as bytes until then. What depends on the moment (ids, names, times) has been decided, so that
/// it becomes the same whenever it is written. What is empty is left as it is.
struct RunChange {
    RunId run;
    bool isNew = false;  ///< the run is made by this
    std::int64_t timeMs = 0;
    std::optional<std::int64_t> experiment;  ///< its number
    std::optional<std::string> name;
    std::optional<std::string> user;
    std::optional<std::string> note;  ///< an empty one goes
    std::optional<RunId> parent;
    std::optional<std::int64_t> startMs;        ///< of a new run, or with `status` of one that starts now
    std::optional<model::GitState> git;         ///< of a new run
    std::vector<std::string> command;           ///< of a new run
    std::optional<model::RunStatus> status;     ///< one that is terminal ends the run
    std::optional<std::int64_t> endMs;          ///< with a terminal status
    std::vector<model::Variable> params;        ///< those that are set already stay as they are
    std::vector<model::Variable> replaceable;   ///< see RunWriter::setParams; of `params` alone
    std::vector<model::Variable> tags;          ///< the last one of a name counts
    std::vector<model::Variable> listedInTags;  ///< each is appended to the JSON list that its tag is
    std::vector<std::string> removedTags;
    std::vector<RunInput> inputs;
    std::vector<RunModel> modelInputs;
    std::vector<RunModel> modelOutputs;
    /// Into MLflow's trash, and out of it.
    std::optional<bool> deleted;
    /// Paths as ArtifactFiles::remove takes them; they go before `artifacts` come.
    std::vector<std::string> removedFiles;
    std::vector<model::Artifact> artifacts;  ///< whose contents are stored already
    /// These point into what they were read from.
    std::vector<MetricPoint> points;
    std::vector<PointOfModel> ofModels;
    /// Its points are appended as they are, without the rules of the protocol (SeriesBook).
    std::optional<SupervisedChange> supervised;

    /// Whether it brings points and nothing else.
    [[nodiscard]] bool hasOnlyPoints() const;
};

/// `list` with `entry` at its end, both JSON; a text that is no list begins a new one.
std::string appendedToList(std::string_view list, std::string_view entry);

/// What the record of the run shows afterwards of its name, status, params, tags and so on, when
/// `experiment` is the name of the experiment that the change names. Metrics are not in it.
void applyTo(model::RunRecord& record, const RunChange& change, Symbol experiment);

Bytes encodeChange(const RunChange& change);
/// Points into `bytes`, which may be anything; nothing when they are no change.
std::optional<RunChange> decodeChange(ByteView bytes);

}  // namespace runglass::store
