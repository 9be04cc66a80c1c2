// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "json_out.h"
#include "own_run.h"
#include "read_session.h"

namespace runglass::tracking {

/// Experiment 0 is `default` here and `Default` to clients (model::experimentName is the other way).
std::string wireName(const store::Experiment& experiment);
/// Where the artifacts of an experiment are to go: as a client said, or to this endpoint.
std::string artifactRoot(const store::Experiment& experiment);
void writeExperiment(JsonOut& out, const store::Experiment& experiment);

/// `RUNNING` …; a lost run has failed, to a client.
std::string_view wireStatus(model::RunStatus status);
std::optional<model::RunStatus> statusFromWire(std::string_view name);

/// Tags that are something else here: the name, the note and the parent of a run.
inline constexpr std::string_view kNameTag = "mlflow.runName";
inline constexpr std::string_view kNoteTag = "mlflow.note.content";
inline constexpr std::string_view kParentTag = "mlflow.parentRunId";
inline constexpr std::string_view kUserTag = "mlflow.user";
/// No tag of anybody's: a search is asked for it.
inline constexpr std::string_view kArtifactUriTag = "@artifact_uri";

/// Infinities go over the wire as a real server sends them, which stores them so; they stay infinite here.
double wireValue(double value);

/// Writes runs as clients read them.
class RunJson {
public:
    RunJson(ReadSession& session, const OwnRun& ownRun)
        : m_session(&session)
        , m_ownRun(&ownRun) {}

    /// For many runs: asks once for what would otherwise be asked for each.
    Result<void> prepareForMany();
    /// `{"info": …, "data": …, "inputs": …}`
    Result<void> write(JsonOut& out, const model::RunRecord& run, bool withOutputs);
    /// Members of `info`.
    Result<void> writeInfo(JsonOut& out, const model::RunRecord& run);
    /// Where a client is to put the run's artifacts.
    Result<std::string> artifactUri(const model::RunRecord& run);

private:
    Result<const store::Experiment*> experimentOf(const model::RunRecord& run);
    Result<std::string> userOf(const model::RunRecord& run);
    Result<void> writeData(JsonOut& out, const model::RunRecord& run);
    Result<void> writeMetrics(JsonOut& out, const model::RunRecord& run);
    Result<void> writeTags(JsonOut& out, const model::RunRecord& run);
    Result<void> writeInputs(JsonOut& out, const RunId& run);
    Result<void> writeOutputs(JsonOut& out, const RunId& run);

    ReadSession* m_session;
    const OwnRun* m_ownRun;
    std::map<std::string, store::Experiment, std::less<>> m_experiments;
    bool m_many = false;
    std::unordered_map<RunId, store::LatestPoints> m_latest;
    std::unordered_set<RunId> m_withInputs;
    std::unordered_set<RunId> m_withModels;
};

}  // namespace runglass::tracking
