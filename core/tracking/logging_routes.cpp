// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <fmt/format.h>

#include "logged_metric.h"
#include "protocol_error.h"
#include "router.h"
#include "run_tags.h"
#include "validation.h"

namespace runglass::tracking {

namespace {

Result<Response> write(const Call& call, const store::RunChange& change, Wording wording = Wording::OfBatch) {
    RUNGLASS_TRY(call.service.change(change, wording));
    if (!change.points.empty() && call.service.ownRun().is(change.run)) {
        call.service.ownRun().noteMetrics();
    }
    return emptyResponse();
}

Result<Response> logMetric(const Call& call) {
    RUNGLASS_ASSIGN(auto change, changeOf(call.fields));
    RUNGLASS_TRY(readMetric(call.fields, change));
    return write(call, change);
}

Result<model::Variable> pairOf(const Fields& fields, std::size_t maxValue) {
    RUNGLASS_ASSIGN(const auto key, fields.required("key"));
    RUNGLASS_TRY(checkKey(key, "key"));
    RUNGLASS_ASSIGN(const auto value, fields.text("value"));
    return model::Variable(key, cutTo(value, maxValue));
}

Result<Response> logParam(const Call& call) {
    RUNGLASS_ASSIGN(auto change, changeOf(call.fields));
    RUNGLASS_ASSIGN(auto param, pairOf(call.fields, kMaxParamValue));
    change.params.push_back(std::move(param));
    return write(call, change, Wording::OfParameter);
}

Result<Response> setTag(const Call& call) {
    RUNGLASS_ASSIGN(auto change, changeOf(call.fields));
    RUNGLASS_ASSIGN(const auto tag, pairOf(call.fields, kMaxTagValue));
    addTag(change, tag.first, tag.second);
    return write(call, change);
}

Result<Response> deleteTag(const Call& call) {
    RUNGLASS_ASSIGN(auto change, changeOf(call.fields));
    RUNGLASS_ASSIGN(const auto key, call.fields.required("key"));
    removeTag(change, key);
    return write(call, change);
}

/// As MLflow has it, also when both have the same value.
Result<void> checkRepeatedParams(std::vector<model::Variable> params) {
    std::sort(params.begin(), params.end());
    const auto it = std::adjacent_find(params.begin(), params.end(),
                                       [](const auto& a, const auto& b) { return a.first == b.first; });
    if (it != params.end()) {
        return invalid(
            fmt::format("Duplicate parameter keys have been submitted: ['{}']. Please ensure the request "
                        "contains only one "
                        "param value per param key.",
                        it->first));
    }
    return {};
}

Result<void> checkCount(std::size_t count, std::size_t most, std::string_view what) {
    if (count > most) {
        return invalid(fmt::format(
            "A batch logging request can contain at most {0} {1}. Got {2} {1}. Please split up {1} across "
            "multiple requests and try again.",
            most, what, count));
    }
    return {};
}

Result<Response> logBatch(const Call& call) {
    RUNGLASS_ASSIGN(auto change, changeOf(call.fields));
    RUNGLASS_TRY(readMetrics(call.fields, change));
    RUNGLASS_ASSIGN(change.params, pairsOf(call.fields, "params", kMaxParamValue));
    RUNGLASS_ASSIGN(const auto tags, pairsOf(call.fields, "tags", kMaxTagValue));
    RUNGLASS_TRY(checkCount(change.params.size(), kMaxBatchParams, "params"));
    RUNGLASS_TRY(checkCount(tags.size(), kMaxBatchTags, "tags"));
    RUNGLASS_TRY(checkCount(change.points.size() + change.params.size() + tags.size(), kMaxBatch,
                            "metrics, params, and tags"));
    RUNGLASS_TRY(checkRepeatedParams(change.params));
    for (const auto& [key, value] : tags) {
        addTag(change, key, value);
    }
    return write(call, change);
}

/// What clients up to 2.x say of a model that they have put among the artifacts: one more entry in a tag.
Result<Response> logModel(const Call& call) {
    RUNGLASS_ASSIGN(auto change, changeOf(call.fields));
    RUNGLASS_ASSIGN(const auto text, call.fields.required("model_json"));
    const JsonBody parsed{std::string(text)};
    const auto model = parsed.fields().json();
    if (!model) {
        return invalidValue(text, "model_json", "It must be a JSON object.");
    }
    for (const std::string_view member : {"artifact_path", "flavors", "utc_time_created", "run_id"}) {
        if (!parsed.fields().has(member)) {
            return invalid(fmt::format(
                "Model json is missing mandatory fields: {}. See the API docs for more information.",
                member));
        }
    }
    change.listedInTags.emplace_back("mlflow.log-model.history", simdjson::minify(*model));
    return write(call, change);
}

}  // namespace

void addLoggingRoutes(Router& router) {
    router.add(Method::Post, "runs/log-metric", logMetric);
    router.add(Method::Post, "runs/log-parameter", logParam);
    router.add(Method::Post, "runs/log-batch", logBatch);
    router.add(Method::Post, "runs/set-tag", setTag);
    router.add(Method::Post, "runs/delete-tag", deleteTag);
    router.add(Method::Post, "runs/log-model", logModel);
}

}  // namespace runglass::tracking
