// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/base/run_id.h"
#include "runglass/model/run_detail.h"
#include "runglass/store/database.h"

namespace runglass::store {

enum class Deletion : std::uint8_t {
    None = 0,
    ByItself = 1,
    WithExperiment = 2,
};

/// What a tracking client says of a run that the run itself has no place for.
struct TrackedRun {
    std::int64_t number = 0;
    std::string user;
    Deletion deletion = Deletion::None;
};

/// A version of a dataset, as a client describes it. Source, schema and profile are JSON texts.
struct DatasetVersion {
    std::string name;
    std::string digest;
    std::string sourceType;
    std::string source;
    std::string schema;
    std::string profile;
};

struct RunInput {
    DatasetVersion dataset;
    std::vector<model::Variable> tags;
};

/// That some run of an experiment read a dataset, and as what (`training`, `eval` …).
struct DatasetSummary {
    std::int64_t experiment = 0;
    std::string name;
    std::string digest;
    std::string context;
    friend bool operator==(const DatasetSummary&, const DatasetSummary&) = default;
};

struct RunModel {
    std::string model;  ///< id of a logged model
    std::int64_t step = 0;
};

/// The greatest points of a run's metrics, where they are not the last ones, by key.
using LatestPoints = std::map<std::string, model::Point, std::less<>>;

/// A call that nothing answers yet.
struct UnansweredCall {
    std::string method;
    std::string path;
    std::int64_t count = 0;
    std::int64_t lastMs = 0;
    std::string client;
};

/// What the tracking protocol keeps of runs. Borrows the Database; same thread only. Calls that change
/// something follow the rules of RunWriter.
class TrackedRuns {
public:
    explicit TrackedRuns(Database& database)
        : m_database(&database) {}

    /// NotFound when there is no such run.
    [[nodiscard]] Result<TrackedRun> get(const RunId& id);
    /// The run as the run table has it; reads no points. NotFound when there is no such run.
    [[nodiscard]] Result<model::SharedRun> record(const RunId& id);
    [[nodiscard]] Result<void> setUser(const RunId& id, std::string_view user);
    /// A deleted run is archived; a restored one is not any more.
    [[nodiscard]] Result<void> setDeleted(const RunId& id, bool deleted);
    /// Makes a run the child of another.
    [[nodiscard]] Result<void> setParent(const RunId& id, const RunId& parent);
    [[nodiscard]] Result<std::string> note(const RunId& id);

    /// The dataset of an experiment is stored once, whichever runs read it; reading it twice is reading it.
    [[nodiscard]] Result<void> addInput(const RunId& id, std::int64_t experiment, const RunInput& input);
    [[nodiscard]] Result<std::vector<RunInput>> inputs(const RunId& id);
    /// Each once.
    [[nodiscard]] Result<std::vector<DatasetSummary>> datasetSummaries();
    [[nodiscard]] Result<void> addModel(const RunId& id, bool output, const RunModel& model);
    /// The last one first.
    [[nodiscard]] Result<std::vector<RunModel>> models(const RunId& id, bool output);

    /// The runs that have inputs or models at all.
    [[nodiscard]] Result<std::unordered_set<RunId>> withInputs();
    [[nodiscard]] Result<std::unordered_set<RunId>> withModels();

    [[nodiscard]] Result<LatestPoints> latestPoints(const RunId& id);
    [[nodiscard]] Result<std::unordered_map<RunId, LatestPoints>> allLatestPoints();
    [[nodiscard]] Result<void> setLatestPoint(const RunId& id, std::string_view key,
                                              const std::optional<model::Point>& point);

    /// Keeps the thousand kinds that have been called last.
    [[nodiscard]] Result<void> countUnanswered(const UnansweredCall& call);
    [[nodiscard]] Result<std::vector<UnansweredCall>> unanswered();
    [[nodiscard]] Result<void> forgetUnanswered();

private:
    Database* m_database;
};

}  // namespace runglass::store
