// SPDX-License-Identifier: GPL-3.0-or-later
#include "logged_model_json.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "pairs_json.h"
#include "run_json.h"

namespace runglass::tracking {

namespace {

constexpr std::array<std::string_view, 4> kStatusNames{"LOGGED_MODEL_STATUS_UNSPECIFIED",
                                                       "LOGGED_MODEL_PENDING", "LOGGED_MODEL_READY",
                                                       "LOGGED_MODEL_UPLOAD_FAILED"};

void writeMetric(JsonOut& out, const std::string& model, const store::LoggedModelMetric& metric) {
    out.beginObject();
    out.text("key", metric.key);
    out.real("value", wireValue(metric.point.value));
    out.integer("timestamp", metric.point.timeMs);
    out.integer("step", metric.point.step);
    if (!metric.dataset.empty()) {
        out.text("dataset_name", metric.dataset);
        out.text("dataset_digest", metric.digest);
    }
    out.text("model_id", model);
    out.text("run_id", metric.run);
    out.endObject();
}

/// Below the place of its experiment.
std::string artifactFolder(const store::LoggedModel& model) {
    return fmt::format("models/{}/artifacts", model.id);
}

}  // namespace

std::string_view statusName(store::LoggedModelStatus status) {
    return kStatusNames[std::min<std::size_t>(static_cast<std::size_t>(status), kStatusNames.size() - 1)];
}

std::string artifactPath(const store::LoggedModel& model) {
    return store::modelFolder(model.experiment, model.id);
}

Result<std::string> artifactUri(ReadSession& session, const store::LoggedModel& model) {
    RUNGLASS_ASSIGN(const auto experiment, session.experiment(model.experiment));
    return fmt::format("{}/{}", artifactRoot(experiment), artifactFolder(model));
}

Result<void> writeModel(JsonOut& out, ReadSession& session, const store::LoggedModel& model) {
    RUNGLASS_ASSIGN(const auto uri, artifactUri(session, model));
    out.beginObject("info");
    out.text("model_id", model.id);
    out.text("experiment_id", std::to_string(model.experiment));
    out.text("name", model.name);
    out.integer("creation_timestamp_ms", model.createdMs);
    out.integer("last_updated_timestamp_ms", model.updatedMs);
    out.text("artifact_uri", uri);
    out.text("status", statusName(model.status));
    out.text("model_type", model.type);
    if (!model.sourceRun.empty()) {
        out.text("source_run_id", model.sourceRun);
    }
    writePairs(out, "tags", model.tags);
    out.endObject();
    out.beginObject("data");
    writePairs(out, "params", model.params);
    if (!model.metrics.empty()) {
        out.beginArray("metrics");
        for (const auto& metric : model.metrics) {
            writeMetric(out, model.id, metric);
        }
        out.endArray();
    }
    out.endObject();
    return {};
}

}  // namespace runglass::tracking
