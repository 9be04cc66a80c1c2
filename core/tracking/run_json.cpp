// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_json.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "pairs_json.h"
#include "runglass/base/translate.h"
#include "runglass/model/experiment_name.h"

namespace runglass::tracking {

namespace {

struct StatusName {
    model::RunStatus status;
    std::string_view name;
};
constexpr std::array kStatusNames{
    StatusName{model::RunStatus::Running, "RUNNING"},   StatusName{model::RunStatus::Scheduled, "SCHEDULED"},
    StatusName{model::RunStatus::Finished, "FINISHED"}, StatusName{model::RunStatus::Failed, "FAILED"},
    StatusName{model::RunStatus::Killed, "KILLED"},     StatusName{model::RunStatus::Lost, "FAILED"},
};

void writePoint(JsonOut& out, std::string_view key, const model::Point& point) {
    out.beginObject();
    out.text("key", key);
    out.real("value", wireValue(point.value));
    out.integer("timestamp", point.timeMs);
    out.integer("step", point.step);
    out.endObject();
}

void writeInput(JsonOut& out, const store::RunInput& input) {
    out.beginObject();
    writePairs(out, "tags", input.tags);
    out.beginObject("dataset");
    const auto& dataset = input.dataset;
    out.text("name", dataset.name);
    out.text("digest", dataset.digest);
    out.text("source_type", dataset.sourceType);
    out.text("source", dataset.source);
    if (!dataset.schema.empty()) {
        out.text("schema", dataset.schema);
    }
    if (!dataset.profile.empty()) {
        out.text("profile", dataset.profile);
    }
    out.endObject();
    out.endObject();
}

}  // namespace

std::string wireName(const store::Experiment& experiment) {
    return experiment.id == store::kDefaultExperiment && experiment.name == model::kDefaultExperiment
               ? std::string(model::kDefaultExperimentOfMlflow)
               : experiment.name;
}

std::string artifactRoot(const store::Experiment& experiment) {
    return experiment.artifactLocation.empty() ? fmt::format("mlflow-artifacts:/{}", experiment.id)
                                               : experiment.artifactLocation;
}

void writeExperiment(JsonOut& out, const store::Experiment& experiment) {
    out.text("experiment_id", std::to_string(experiment.id));
    out.text("name", wireName(experiment));
    out.text("artifact_location", artifactRoot(experiment));
    out.text("lifecycle_stage", experiment.deleted ? "deleted" : "active");
    out.integer("last_update_time", experiment.updatedMs);
    out.integer("creation_time", experiment.createdMs);
    writePairs(out, "tags", experiment.tags);
}

std::string_view wireStatus(model::RunStatus status) {
    const auto* const it = std::find_if(kStatusNames.begin(), kStatusNames.end(),
                                        [&](const StatusName& entry) { return entry.status == status; });
    return it == kStatusNames.end() ? "RUNNING" : it->name;
}

std::optional<model::RunStatus> statusFromWire(std::string_view name) {
    const auto* const it = std::find_if(kStatusNames.begin(), kStatusNames.end(),
                                        [&](const StatusName& entry) { return entry.name == name; });
    return it == kStatusNames.end() ? std::nullopt : std::optional(it->status);
}

double wireValue(double value) {
    return std::isinf(value) ? std::copysign(std::numeric_limits<double>::max(), value) : value;
}

Result<void> RunJson::prepareForMany() {
    m_many = true;
    RUNGLASS_ASSIGN(auto experiments, m_session->experiments().all());
    for (auto& experiment : experiments) {
        auto name = experiment.name;
        m_experiments.emplace(std::move(name), std::move(experiment));
    }
    RUNGLASS_ASSIGN(m_latest, m_session->allLatestPoints());
    RUNGLASS_ASSIGN(m_withInputs, m_session->withInputs());
    RUNGLASS_ASSIGN(m_withModels, m_session->withModels());
    return {};
}

Result<void> RunJson::write(JsonOut& out, const model::RunRecord& run, bool withOutputs) {
    out.beginObject("info");
    RUNGLASS_TRY(writeInfo(out, run));
    out.endObject();
    out.beginObject("data");
    RUNGLASS_TRY(writeData(out, run));
    out.endObject();
    out.beginObject("inputs");
    RUNGLASS_TRY(writeInputs(out, run.id));
    out.endObject();
    if (withOutputs) {
        out.beginObject("outputs");
        RUNGLASS_TRY(writeOutputs(out, run.id));
        out.endObject();
    }
    return {};
}

Result<void> RunJson::writeInfo(JsonOut& out, const model::RunRecord& run) {
    RUNGLASS_ASSIGN(const auto* const experiment, experimentOf(run));
    RUNGLASS_ASSIGN(const auto user, userOf(run));
    const auto id = run.id.hex();
    const auto told = m_ownRun->is(run.id) ? m_ownRun->told() : OwnRun::Told{};
    const bool ended = model::isTerminal(run.status);
    const auto end = run.endTimeMs ? run.endTimeMs : told.endTimeMs;  // kept when a run is resumed
    out.text("run_uuid", id);
    out.text("experiment_id", std::to_string(experiment->id));
    out.text("run_name", run.name);
    out.text("user_id", user);
    out.text("status", wireStatus(ended ? run.status : told.status.value_or(run.status)));
    out.integer("start_time", run.startTimeMs.value_or(0));
    if (end) {
        out.integer("end_time", *end);
    }
    RUNGLASS_ASSIGN(const auto artifacts, artifactUri(run));
    out.text("artifact_uri", artifacts);
    out.text("lifecycle_stage", run.archived ? "deleted" : "active");
    out.text("run_id", id);
    return {};
}

Result<std::string> RunJson::artifactUri(const model::RunRecord& run) {
    RUNGLASS_ASSIGN(const auto* const experiment, experimentOf(run));
    return fmt::format("{}/{}/artifacts", artifactRoot(*experiment), run.id.hex());
}

Result<const store::Experiment*> RunJson::experimentOf(const model::RunRecord& run) {
    const auto name = run.experiment.text();
    if (const auto it = m_experiments.find(name); it != m_experiments.end()) {
        return &it->second;
    }
    RUNGLASS_ASSIGN(auto experiment, m_session->experimentOf(run));
    if (!experiment) {
        // Only runs name it so far, and somebody holds the database in which it would get its number.
        return Error{
            ErrorCode::Busy,
            tr("The experiment {} has no number yet, as another program is writing to the run database. "
               "Try again.",
               name),
            {}};
    }
    return &m_experiments.emplace(std::string(name), std::move(*experiment)).first->second;
}

Result<std::string> RunJson::userOf(const model::RunRecord& run) {
    static const Symbol userTag{kUserTag};
    if (const auto tag = run.tag(userTag)) {
        return std::string(*tag);
    }
    RUNGLASS_ASSIGN(auto state, m_session->state(run.id));
    return std::move(state.user);
}

Result<void> RunJson::writeData(JsonOut& out, const model::RunRecord& run) {
    RUNGLASS_TRY(writeMetrics(out, run));
    if (!run.params.empty()) {
        out.beginArray("params");
        for (const auto& param : run.params) {
            writePair(out, param.key.text(), param.value.text());
        }
        out.endArray();
    }
    return writeTags(out, run);
}

Result<void> RunJson::writeMetrics(JsonOut& out, const model::RunRecord& run) {
    if (run.metrics.empty()) {
        return {};
    }
    const store::LatestPoints* latest = nullptr;
    store::LatestPoints own;
    if (!m_many) {
        RUNGLASS_ASSIGN(own, m_session->latestPoints(run.id));
        latest = &own;
    } else if (const auto it = m_latest.find(run.id); it != m_latest.end()) {
        latest = &it->second;
    }
    out.beginArray("metrics");
    for (const auto& [key, summary, stepMetric] : run.metrics) {
        model::Point point{summary.lastStep, summary.lastTimeMs, summary.last};
        if (latest != nullptr) {
            if (const auto it = latest->find(key.text()); it != latest->end()) {
                point = it->second;
            }
        }
        writePoint(out, key.text(), point);
    }
    out.endArray();
    return {};
}

Result<void> RunJson::writeTags(JsonOut& out, const model::RunRecord& run) {
    out.beginArray("tags");
    for (const auto& tag : run.tags) {
        if (tag.key.text() != kNameTag && tag.key.text() != kNoteTag && tag.key.text() != kArtifactUriTag) {
            writePair(out, tag.key.text(), tag.value.text());
        }
    }
    if (run.hasNote) {
        RUNGLASS_ASSIGN(const auto note, m_session->note(run.id));
        writePair(out, kNoteTag, note);
    }
    writePair(out, kNameTag, run.name);
    out.endArray();
    return {};
}

Result<void> RunJson::writeInputs(JsonOut& out, const RunId& run) {
    if (!m_many || m_withInputs.contains(run)) {
        RUNGLASS_ASSIGN(const auto inputs, m_session->inputs(run));
        if (!inputs.empty()) {
            out.beginArray("dataset_inputs");
            for (const auto& input : inputs) {
                writeInput(out, input);
            }
            out.endArray();
        }
    }
    if (!m_many || m_withModels.contains(run)) {
        RUNGLASS_ASSIGN(const auto models, m_session->models(run, false));
        if (!models.empty()) {
            out.beginArray("model_inputs");
            for (const auto& model : models) {
                out.beginObject();
                out.text("model_id", model.model);
                out.endObject();
            }
            out.endArray();
        }
    }
    return {};
}

Result<void> RunJson::writeOutputs(JsonOut& out, const RunId& run) {
    if (m_many && !m_withModels.contains(run)) {
        return {};
    }
    RUNGLASS_ASSIGN(const auto models, m_session->models(run, true));
    if (!models.empty()) {
        out.beginArray("model_outputs");
        for (const auto& model : models) {
            out.beginObject();
            out.text("model_id", model.model);
            out.integer("step", model.step);
            out.endObject();
        }
        out.endArray();
    }
    return {};
}

}  // namespace runglass::tracking
