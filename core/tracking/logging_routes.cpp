// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <fmt/format.h>

#include "logged_metric.h"
#include "protocol_error.h"
#include "router.h"
#include "run_tags.h"
#include "runglass/store/logged_models.h"
#include "validation.h"

namespace runglass::tracking {

namespace {

/// What log-batch brings; log-metric, log-parameter and set-tag bring one thing of it.
struct Batch {
    RunId run;
    LoggedMetrics metrics;
    std::vector<model::Variable> params;
    std::vector<model::Variable> tags;
    bool isSingle = false;
};

Error changedParams(WriteSession& session, const Batch& batch, const std::vector<std::string>& refused) {
    const auto record = session.tracked.record(batch.run);
    std::string list;
    for (const auto& [key, value] : batch.params) {
        if (!record.ok() || std::find(refused.begin(), refused.end(), key) == refused.end()) {
            continue;
        }
        const auto old = (*record)->param(Symbol::find(key)).value_or("");
        if (batch.isSingle) {
            return invalid(
                fmt::format("Changing param values is not allowed. Param with key='{}' was already logged "
                            "with value='{}' "
                            "for run ID='{}'. Attempted logging new value '{}'.",
                            key, old, batch.run.hex(), value));
        }
        list += fmt::format("{}{{'key': '{}', 'old_value': '{}', 'new_value': '{}'}}",
                            list.empty() ? "" : ", ", key, old, value);
    }
    return invalid(
        fmt::format("Changing param values is not allowed. Params were already logged='[{}]' for run "
                    "ID='{}'.",
                    list, batch.run.hex()));
}

Result<void> writeModelMetrics(WriteSession& session, const Batch& batch) {
    store::LoggedModels models(session.database);
    for (const auto& of : batch.metrics.ofModels) {
        const auto& [key, point] = batch.metrics.points[of.point];
        RUNGLASS_TRY(models.addMetric(of.model, {std::string(key), point, batch.run.hex(),
                                                 std::string(of.dataset), std::string(of.digest)}));
    }
    return {};
}

/// All of a batch or nothing.
Result<void> writeBatch(WriteSession& session, const Batch& batch) {
    RUNGLASS_TRY(activeRun(session, batch.run));
    if (!batch.params.empty()) {
        RUNGLASS_ASSIGN(const auto refused, session.writer.setParams(batch.run, batch.params));
        if (!refused.empty()) {
            return changedParams(session, batch, refused);
        }
    }
    if (!batch.metrics.points.empty()) {
        RUNGLASS_TRY(session.series.append(batch.run, batch.metrics.points));
        RUNGLASS_TRY(writeModelMetrics(session, batch));
    }
    for (const auto& [key, value] : batch.tags) {
        RUNGLASS_TRY(applyTag(session, batch.run, key, value));
    }
    return {};
}

/// As a body of log-batch.
std::string recordOf(const Batch& batch) {
    JsonOut out;
    out.beginObject();
    out.text("run_id", batch.run.hex());
    out.beginArray("metrics");
    for (const auto& [key, point] : batch.metrics.points) {
        out.beginObject();
        out.text("key", key);
        out.real("value", point.value);
        out.integer("timestamp", point.timeMs);
        out.integer("step", point.step);
        out.endObject();
    }
    out.endArray();
    out.endObject();
    return std::move(out).take();
}

/// Points alone, which a script logs while it trains, need not wait for the database: whether they may be
/// written depends on nothing but their run.
WriteQueue::Aside asideOf(const Call& call, const Batch& batch) {
    if (!batch.params.empty() || !batch.tags.empty() || !batch.metrics.ofModels.empty()) {
        return {};
    }
    return [&]() -> Result<std::string> {
        const auto run =
            call.service.read([&](ReadSession& session) { return activeRun(session.tracked, batch.run); });
        return run.ok() ? Result<std::string>(recordOf(batch)) : run.error();
    };
}

Result<Response> write(const Call& call, const Batch& batch) {
    const auto written = call.service.write([&](WriteSession& session) { return writeBatch(session, batch); },
                                            asideOf(call, batch));
    RUNGLASS_TRY(written);
    if (!batch.metrics.points.empty() && call.service.ownRun().is(batch.run)) {
        call.service.ownRun().noteMetrics();
    }
    return emptyResponse();
}

Result<Response> logMetric(const Call& call) {
    Batch batch;
    RUNGLASS_ASSIGN(batch.run, runIdOf(call.fields));
    RUNGLASS_ASSIGN(batch.metrics, metricOf(call.fields));
    return write(call, batch);
}

Result<model::Variable> pairOf(const Fields& fields, std::size_t maxValue) {
    RUNGLASS_ASSIGN(const auto key, fields.required("key"));
    RUNGLASS_TRY(checkKey(key, "key"));
    RUNGLASS_ASSIGN(const auto value, fields.text("value"));
    return model::Variable(key, cutTo(value, maxValue));
}

Result<Response> logParam(const Call& call) {
    Batch batch;
    batch.isSingle = true;
    RUNGLASS_ASSIGN(batch.run, runIdOf(call.fields));
    RUNGLASS_ASSIGN(auto param, pairOf(call.fields, kMaxParamValue));
    batch.params.push_back(std::move(param));
    return write(call, batch);
}

Result<Response> setTag(const Call& call) {
    Batch batch;
    RUNGLASS_ASSIGN(batch.run, runIdOf(call.fields));
    RUNGLASS_ASSIGN(auto tag, pairOf(call.fields, kMaxTagValue));
    batch.tags.push_back(std::move(tag));
    return write(call, batch);
}

Result<Response> deleteTag(const Call& call) {
    RUNGLASS_ASSIGN(const RunId id, runIdOf(call.fields));
    RUNGLASS_ASSIGN(const auto key, call.fields.required("key"));
    const auto written = call.service.write([&](WriteSession& session) -> Result<void> {
        RUNGLASS_TRY(activeRun(session, id));
        return removeTag(session, id, key);
    });
    RUNGLASS_TRY(written);
    return emptyResponse();
}

/// The same param with two values in one batch says nothing; with one value it says it twice.
Result<void> checkRepeatedParams(std::vector<model::Variable> params) {
    std::sort(params.begin(), params.end());
    const auto it = std::adjacent_find(params.begin(), params.end(), [](const auto& a, const auto& b) {
        return a.first == b.first && a.second != b.second;
    });
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
    Batch batch;
    RUNGLASS_ASSIGN(batch.run, runIdOf(call.fields));
    RUNGLASS_ASSIGN(batch.metrics, metricsOf(call.fields));
    RUNGLASS_ASSIGN(batch.params, pairsOf(call.fields, "params", kMaxParamValue));
    RUNGLASS_ASSIGN(batch.tags, pairsOf(call.fields, "tags", kMaxTagValue));
    RUNGLASS_TRY(checkCount(batch.params.size(), kMaxBatchParams, "params"));
    RUNGLASS_TRY(checkCount(batch.tags.size(), kMaxBatchTags, "tags"));
    RUNGLASS_TRY(checkCount(batch.metrics.points.size() + batch.params.size() + batch.tags.size(), kMaxBatch,
                            "metrics, params, and tags"));
    RUNGLASS_TRY(checkRepeatedParams(batch.params));
    return write(call, batch);
}

/// What clients up to 2.x say of a model that they have put among the artifacts: one more entry in a tag.
Result<Response> logModel(const Call& call) {
    RUNGLASS_ASSIGN(const RunId id, runIdOf(call.fields));
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
    const auto entry = std::string(simdjson::minify(*model));
    const auto written = call.service.write([&](WriteSession& session) -> Result<void> {
        constexpr std::string_view kHistory = "mlflow.log-model.history";
        RUNGLASS_TRY(activeRun(session, id));
        RUNGLASS_ASSIGN(const auto record, session.tracked.record(id));
        std::string history(record->tag(Symbol::find(kHistory)).value_or("[]"));
        if (history.size() < 2 || history.back() != ']') {
            history = "[]";
        }
        history.pop_back();
        history += fmt::format("{}{}]", history.size() > 1 ? "," : "", entry);
        return session.writer.setTag(id, kHistory, history);
    });
    RUNGLASS_TRY(written);
    return emptyResponse();
}

}  // namespace

Result<void> restorePoints(WriteSession& session, std::string_view record) {
    const JsonBody body{std::string(record)};
    Batch batch;
    RUNGLASS_ASSIGN(batch.run, runIdOf(body.fields()));
    RUNGLASS_ASSIGN(batch.metrics, metricsOf(body.fields()));
    return writeBatch(session, batch);
}

void addLoggingRoutes(Router& router) {
    router.add(Method::Post, "runs/log-metric", logMetric);
    router.add(Method::Post, "runs/log-parameter", logParam);
    router.add(Method::Post, "runs/log-batch", logBatch);
    router.add(Method::Post, "runs/set-tag", setTag);
    router.add(Method::Post, "runs/delete-tag", deleteTag);
    router.add(Method::Post, "runs/log-model", logModel);
}

}  // namespace runglass::tracking
