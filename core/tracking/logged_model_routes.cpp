// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "artifact_path.h"
#include "catalog_edit.h"
#include "entity_filter.h"
#include "logged_model_json.h"
#include "page.h"
#include "protocol_error.h"
#include "router.h"
#include "runglass/base/clock.h"
#include "runglass/store/artifact_files.h"
#include "runglass/store/logged_models.h"
#include "validation.h"

namespace runglass::tracking {

namespace {

Result<Response> modelResponse(Service& service, std::string_view id) {
    return service.read([&](ReadSession& session) -> Result<Response> {
        RUNGLASS_ASSIGN(const auto model, found(store::LoggedModels(session.catalog()).byId(id), id));
        JsonOut out;
        out.beginObject();
        out.beginObject("model");
        RUNGLASS_TRY(writeModel(out, session, model));
        out.endObject();
        out.endObject();
        return jsonResponse(std::move(out));
    });
}

Result<store::LoggedModel> newModelOf(const Fields& fields) {
    store::LoggedModel model;
    RUNGLASS_ASSIGN(const auto experiment, fields.required("experiment_id"));
    RUNGLASS_ASSIGN(model.experiment, experimentIdOf(experiment));
    RUNGLASS_ASSIGN(model.name, fields.text("name"));
    if (model.name.find_first_of("/:.%\"'") != std::string::npos) {
        return invalid(
            fmt::format("Invalid model name ('{}') provided. Model name must be a non-empty string and "
                        "cannot contain the following characters: ('/', ':', '.', '%', '\"', \"'\").",
                        model.name.substr(0, 200)));
    }
    RUNGLASS_ASSIGN(model.type, fields.text("model_type"));
    RUNGLASS_ASSIGN(model.sourceRun, fields.text("source_run_id"));
    RUNGLASS_ASSIGN(model.params, pairsOf(fields, "params", kMaxParamValue));
    RUNGLASS_ASSIGN(model.tags, pairsOf(fields, "tags", kMaxTagValue));
    model.id = fmt::format("m-{}", RunId::generate().hex());
    if (model.name.empty()) {
        model.name = fmt::format("model-{}", model.id.substr(2, 8));
    }
    model.createdMs = model.updatedMs = nowMs();
    return Result<store::LoggedModel>(std::move(model));
}

Result<Response> create(const Call& call) {
    RUNGLASS_ASSIGN(const auto model, newModelOf(call.fields));
    const auto created = call.service.change([&](ReadSession& session) -> Result<store::CatalogChanges> {
        const auto experiment = session.experiment(model.experiment);
        if (!experiment.ok()) {
            return experiment.error().code == ErrorCode::NotFound
                       ? noSuchExperiment(std::to_string(model.experiment))
                       : experiment.error();
        }
        return store::CatalogChanges{model};
    });
    RUNGLASS_TRY(created);
    return modelResponse(call.service, model.id);
}

Result<Response> get(const Call& call) {
    return modelResponse(call.service, call.parts.front());
}

/// Changes the model of the call's path. `check` may find more that is wrong with it.
template <typename Check>
Result<Response> change(const Call& call, const store::CatalogEdit& edit, Check&& check) {
    const auto changed = call.service.change([&](ReadSession& session) -> Result<store::CatalogChanges> {
        RUNGLASS_ASSIGN(const auto model,
                        found(store::LoggedModels(session.catalog()).byId(edit.of), edit.of));
        RUNGLASS_TRY(check(model));
        return store::CatalogChanges{edit};
    });
    return changed.ok() ? Result<Response>(emptyResponse()) : changed.error();
}
Result<Response> change(const Call& call, const store::CatalogEdit& edit) {
    return change(call, edit, [](const store::LoggedModel& /*model*/) { return Result<void>(); });
}

Result<Response> finalize(const Call& call) {
    using store::LoggedModelStatus;
    constexpr std::array kFinal{LoggedModelStatus::Pending, LoggedModelStatus::Ready,
                                LoggedModelStatus::UploadFailed};
    RUNGLASS_ASSIGN(
        const auto status,
        call.fields.name("status", {statusName(kFinal[0]), statusName(kFinal[1]), statusName(kFinal[2])}));
    const auto* const value = std::find_if(
        kFinal.begin(), kFinal.end(), [&](LoggedModelStatus known) { return statusName(known) == status; });
    if (value == kFinal.end()) {
        return invalidValue(status, "status", "It must be LOGGED_MODEL_READY or LOGGED_MODEL_UPLOAD_FAILED.");
    }
    const auto number = static_cast<std::int64_t>(*value);
    auto changed = change(call, editOf(What::LoggedModelStatus, call.parts.front(), number));
    RUNGLASS_TRY(std::move(changed));
    return modelResponse(call.service, call.parts.front());
}

Result<Response> remove(const Call& call) {
    return change(call, editOf(What::LoggedModelGone, call.parts.front()));
}

Result<Response> setTags(const Call& call) {
    auto edit = editOf(What::LoggedModelTags, call.parts.front());
    RUNGLASS_ASSIGN(edit.pairs, pairsOf(call.fields, "tags", kMaxTagValue));
    return change(call, edit);
}

Result<Response> deleteTag(const Call& call) {
    const auto& key = call.parts.back();
    return change(call, editOf(What::LoggedModelTagGone, call.parts.front(), 0, key, {}),
                  [&](const store::LoggedModel& model) -> Result<void> {
                      if (!hasKey(model.tags, key)) {
                          return noSuchThing(fmt::format("No tag with key '{}' found for model with ID '{}'.",
                                                         key, model.id));
                      }
                      return {};
                  });
}

Result<Response> addParams(const Call& call) {
    auto edit = editOf(What::LoggedModelParams, call.parts.front());
    RUNGLASS_ASSIGN(edit.pairs, pairsOf(call.fields, "params", kMaxParamValue));
    return change(call, edit);
}

/// A metric on one dataset, as models are ordered by it: laid out under a key of its own.
struct DatasetMetric {
    std::string key;
    std::string dataset;
    std::string digest;  ///< empty for any
    [[nodiscard]] std::string layoutKey() const {
        auto text = fmt::format("@{} {} {}", dataset, digest, key);
        std::replace(text.begin(), text.end(), '`', '\'');  // it is quoted with those
        return text;
    }
};

struct Search {
    std::vector<std::int64_t> experiments;
    EntityFilter filter;
    std::vector<std::pair<std::string, std::string>> datasets;
    std::vector<DatasetMetric> orderedBy;
    Page page;
};

struct ModelOrder {
    std::vector<std::string> keys;
    std::vector<DatasetMetric> onDatasets;
};

/// `metrics.acc` and `metrics.`val acc`` to what they measure.
std::string metricKeyOf(std::string_view name) {
    name.remove_prefix(std::min(name.find('.') + 1, name.size()));
    const bool quoted =
        name.size() >= 2 && (name.front() == '`' || name.front() == '"') && name.back() == name.front();
    return std::string(quoted ? name.substr(1, name.size() - 2) : name);
}

Result<ModelOrder> orderOfModels(const Fields& fields) {
    ModelOrder order;
    RUNGLASS_ASSIGN(const auto keys, fields.objects("order_by"));
    for (const auto& key : keys) {
        RUNGLASS_ASSIGN(const auto name, key.required("field_name"));
        RUNGLASS_ASSIGN(const bool ascending, key.boolean("ascending"));
        const bool descending = key.has("ascending") && !ascending;
        RUNGLASS_ASSIGN(const auto dataset, key.text("dataset_name"));
        RUNGLASS_ASSIGN(const auto digest, key.text("dataset_digest"));
        std::string by(name);
        if (!dataset.empty() && (name.starts_with("metrics.") || name.starts_with("metric."))) {
            order.onDatasets.push_back({metricKeyOf(name), std::string(dataset), std::string(digest)});
            by = fmt::format("metrics.`{}`", order.onDatasets.back().layoutKey());
        }
        order.keys.push_back(fmt::format("{}{}", by, descending ? " DESC" : " ASC"));
    }
    return Result<ModelOrder>(std::move(order));
}

Result<Search> searchOf(const Fields& fields) {
    Search search;
    RUNGLASS_ASSIGN(const auto experiments, fields.texts("experiment_ids"));
    for (const auto text : experiments) {
        if (const auto id = experimentIdOf(text); id.ok()) {
            search.experiments.push_back(*id);
        }
    }
    RUNGLASS_ASSIGN(const auto filter, fields.text("filter"));
    RUNGLASS_ASSIGN(auto order, orderOfModels(fields));
    search.orderedBy = std::move(order.onDatasets);
    RUNGLASS_ASSIGN(search.filter, EntityFilter::parse(filter, order.keys,
                                                       {{"name"},
                                                        {"model_id"},
                                                        {"status"},
                                                        {"model_type"},
                                                        {"source_run_id"},
                                                        {"experiment_id"},
                                                        {"creation_timestamp", true},
                                                        {"creation_time", true},
                                                        {"last_updated_timestamp", true}}));
    RUNGLASS_ASSIGN(const auto datasets, fields.objects("datasets"));
    for (const auto& dataset : datasets) {
        RUNGLASS_ASSIGN(const auto name, dataset.required("dataset_name"));
        RUNGLASS_ASSIGN(const auto digest, dataset.text("dataset_digest"));
        search.datasets.emplace_back(name, digest);
    }
    RUNGLASS_ASSIGN(search.page, pageOf(fields, 50, kMaxSearchResults));
    return Result<Search>(std::move(search));
}

bool isAbout(const Search& search, const store::LoggedModelMetric& metric) {
    return search.datasets.empty() ||
           std::any_of(search.datasets.begin(), search.datasets.end(), [&](const auto& dataset) {
               return dataset.first == metric.dataset &&
                      (dataset.second.empty() || dataset.second == metric.digest);
           });
}

std::vector<EntityFilter::Layout> laidOut(const std::vector<store::LoggedModel>& models,
                                          const Search& search) {
    std::vector<EntityFilter::Layout> layouts;
    for (std::size_t i = 0; i < models.size(); ++i) {
        const auto& model = models[i];
        auto& layout = layouts.emplace_back(i, model.createdMs);
        layout.attribute("name", model.name)
            .attribute("model_id", model.id)
            .attribute("status", statusName(model.status).substr(std::string_view("LOGGED_MODEL_").size()))
            .attribute("model_type", model.type)
            .attribute("source_run_id", model.sourceRun)
            .attribute("experiment_id", std::to_string(model.experiment))
            .attribute("creation_timestamp", model.createdMs)
            .attribute("creation_time", model.createdMs)
            .attribute("last_updated_timestamp", model.updatedMs);
        for (const auto& [key, value] : model.params) {
            layout.param(key, value);
        }
        for (const auto& [key, value] : model.tags) {
            layout.tag(key, value);
        }
        for (const auto& metric : model.metrics) {
            if (isAbout(search, metric)) {
                layout.metric(metric.key, metric.point.value);
            }
            for (const auto& wanted : search.orderedBy) {
                if (wanted.key == metric.key && wanted.dataset == metric.dataset &&
                    (wanted.digest.empty() || wanted.digest == metric.digest)) {
                    layout.metric(wanted.layoutKey(), metric.point.value);
                }
            }
        }
    }
    return layouts;
}

Result<Response> searchModels(const Call& call) {
    RUNGLASS_ASSIGN(const auto search, searchOf(call.fields));
    return call.service.read([&](ReadSession& session) -> Result<Response> {
        RUNGLASS_ASSIGN(const auto experiments, session.ownNumbers(search.experiments));
        RUNGLASS_ASSIGN(const auto models, store::LoggedModels(session.catalog()).ofExperiments(experiments));
        const auto found = search.filter.select(laidOut(models, search));
        return pageResponse(search.page, "models", found.size(), 1024, [&](JsonOut& out, std::size_t i) {
            return writeModel(out, session, models[found[i]]);
        });
    });
}

Result<Response> listArtifacts(const Call& call) {
    const auto& id = call.parts.front();
    RUNGLASS_ASSIGN(auto inner, call.fields.text("artifact_directory_path"));
    while (inner.ends_with('/')) {
        inner.remove_suffix(1);
    }
    if (!inner.empty()) {
        RUNGLASS_TRY(checkArtifactPath(inner));
    }
    return call.service.read([&](ReadSession& session) -> Result<Response> {
        RUNGLASS_ASSIGN(const auto model, found(store::LoggedModels(session.catalog()).byId(id), id));
        RUNGLASS_ASSIGN(const auto uri, artifactUri(session, model));
        const auto root = artifactPath(model);
        const auto folder = inner.empty() ? root : fmt::format("{}/{}", root, inner);
        RUNGLASS_ASSIGN(const auto files, store::ArtifactFiles(session.catalog()).loose(folder));
        JsonOut out;
        out.beginObject();
        out.text("root_uri", uri);
        out.beginArray("files");
        for (const auto& entry : entriesOf(files, folder)) {
            out.beginObject();
            out.text("path", inner.empty() ? entry.name : fmt::format("{}/{}", inner, entry.name));
            out.boolean("is_dir", entry.isFolder);
            if (!entry.isFolder) {
                out.integer("file_size", entry.size);
            }
            out.endObject();
        }
        out.endArray();
        out.endObject();
        return jsonResponse(std::move(out));
    });
}

}  // namespace

void addLoggedModelRoutes(Router& router) {
    router.add(Method::Post, "logged-models", create);
    router.add(Method::Post, "logged-models/search", searchModels);
    router.add(Method::Get, "logged-models/*", get);
    router.add(Method::Patch, "logged-models/*", finalize);
    router.add(Method::Delete, "logged-models/*", remove);
    router.add(Method::Patch, "logged-models/*/tags", setTags);
    router.add(Method::Delete, "logged-models/*/tags/**", deleteTag);
    router.add(Method::Post, "logged-models/*/params", addParams);
    router.add(Method::Get, "logged-models/*/artifacts/directories", listArtifacts);
}

}  // namespace runglass::tracking
