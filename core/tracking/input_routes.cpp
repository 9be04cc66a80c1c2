// SPDX-License-Identifier: GPL-3.0-or-later
#include <set>

#include <fmt/format.h>

#include "protocol_error.h"
#include "router.h"
#include "run_json.h"
#include "validation.h"

namespace runglass::tracking {

namespace {

constexpr std::size_t kMostInputs = 1000;
constexpr std::size_t kMaxDatasetName = 500;
constexpr std::size_t kMaxDatasetDigest = 36;
constexpr std::size_t kMaxDatasetSource = 65'535;
constexpr std::size_t kMaxDatasetSchema = 1'048'575;
constexpr std::size_t kMaxDatasetProfile = 16'777'215;
constexpr std::size_t kMaxInputTagValue = 500;
constexpr std::size_t kMostSearchedExperiments = 20;

Result<std::string> limited(const Fields& fields, std::string_view name, std::size_t most, bool required) {
    RUNGLASS_ASSIGN(const auto value, required ? fields.required(name) : fields.text(name));
    if (lengthOf(value) > most) {
        return invalid(fmt::format("Dataset {} exceeds the maximum length of {}.", name, most));
    }
    return std::string(value);
}

Result<store::RunInput> inputOf(const Fields& fields) {
    store::RunInput input;
    RUNGLASS_ASSIGN(const auto dataset, fields.object("dataset"));
    RUNGLASS_ASSIGN(input.dataset.name, limited(dataset, "name", kMaxDatasetName, true));
    RUNGLASS_ASSIGN(input.dataset.digest, limited(dataset, "digest", kMaxDatasetDigest, true));
    RUNGLASS_ASSIGN(input.dataset.sourceType, limited(dataset, "source_type", kMaxDatasetName, true));
    RUNGLASS_ASSIGN(input.dataset.source, limited(dataset, "source", kMaxDatasetSource, true));
    RUNGLASS_ASSIGN(input.dataset.schema, limited(dataset, "schema", kMaxDatasetSchema, false));
    RUNGLASS_ASSIGN(input.dataset.profile, limited(dataset, "profile", kMaxDatasetProfile, false));
    RUNGLASS_ASSIGN(input.tags, pairsOf(fields, "tags", kMaxInputTagValue));
    return Result<store::RunInput>(std::move(input));
}

Result<std::vector<store::RunModel>> modelsOf(const Fields& fields) {
    std::vector<store::RunModel> models;
    RUNGLASS_ASSIGN(const auto entries, fields.objects("models"));
    for (const auto& entry : entries) {
        RUNGLASS_ASSIGN(const auto id, entry.required("model_id"));
        RUNGLASS_ASSIGN(const auto step, entry.integer("step"));
        models.push_back({std::string(id), step.value_or(0)});
    }
    return models;
}

Result<Response> logInputs(const Call& call) {
    RUNGLASS_ASSIGN(auto change, changeOf(call.fields));
    RUNGLASS_ASSIGN(const auto entries, call.fields.objects("datasets"));
    if (entries.size() > kMostInputs) {
        return invalid(fmt::format("At most {} datasets can be logged in one request.", kMostInputs));
    }
    for (const auto& entry : entries) {
        RUNGLASS_ASSIGN(auto input, inputOf(entry));
        change.inputs.push_back(std::move(input));
    }
    RUNGLASS_ASSIGN(change.modelInputs, modelsOf(call.fields));
    RUNGLASS_TRY(call.service.change(change));
    return emptyResponse();
}

Result<Response> logOutputs(const Call& call) {
    RUNGLASS_ASSIGN(auto change, changeOf(call.fields));
    RUNGLASS_ASSIGN(change.modelOutputs, modelsOf(call.fields));
    if (change.modelOutputs.empty()) {
        return missingParameter("models");
    }
    RUNGLASS_TRY(call.service.change(change));
    return emptyResponse();
}

Result<Response> searchDatasets(const Call& call) {
    RUNGLASS_ASSIGN(const auto texts, call.fields.texts("experiment_ids"));
    if (texts.size() > kMostSearchedExperiments) {
        return invalid(
            fmt::format("At most {} experiments can be searched at once.", kMostSearchedExperiments));
    }
    std::set<std::int64_t> experiments;
    for (const auto text : texts) {
        RUNGLASS_ASSIGN(const std::int64_t id, experimentIdOf(text));
        experiments.insert(id);
    }
    return call.service.read([&](ReadSession& session) -> Result<Response> {
        RUNGLASS_ASSIGN(const auto summaries, session.datasetSummaries());
        JsonOut out;
        out.beginObject();
        out.beginArray("dataset_summaries");
        for (const auto& summary : summaries) {
            if (experiments.contains(summary.experiment)) {
                out.beginObject();
                out.text("experiment_id", std::to_string(summary.experiment));
                out.text("name", summary.name);
                out.text("digest", summary.digest);
                out.text("context", summary.context);
                out.endObject();
            }
        }
        out.endArray();
        out.endObject();
        return jsonResponse(std::move(out));
    });
}

}  // namespace

void addInputRoutes(Router& router) {
    router.add(Method::Post, "runs/log-inputs", logInputs);
    router.add(Method::Post, "runs/outputs", logOutputs);
    router.add(Method::Post, "experiments/search-datasets", searchDatasets);
}

}  // namespace runglass::tracking
