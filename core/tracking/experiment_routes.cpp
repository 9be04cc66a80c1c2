// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <fmt/format.h>

#include "catalog_edit.h"
#include "entity_filter.h"
#include "page.h"
#include "protocol_error.h"
#include "router.h"
#include "run_json.h"
#include "runglass/base/clock.h"
#include "runglass/model/experiment_name.h"
#include "validation.h"

namespace runglass::tracking {

namespace {

Result<std::int64_t> requiredExperiment(const Fields& fields) {
    RUNGLASS_ASSIGN(const auto text, fields.required("experiment_id"));
    return experimentIdOf(text);
}

/// A store's word for what is missing, said as clients know it.
template <typename T>
Result<T> named(Result<T> result, std::int64_t id) {
    if (!result.ok() && result.error().code == ErrorCode::NotFound) {
        return noSuchExperiment(std::to_string(id));
    }
    return result;
}

Response experimentResponse(const store::Experiment& experiment) {
    JsonOut out;
    out.beginObject();
    out.beginObject("experiment");
    writeExperiment(out, experiment);
    out.endObject();
    out.endObject();
    return jsonResponse(std::move(out));
}

Error nameTaken(std::string_view name, bool deleted) {
    return {ErrorCode::Exists,
            deleted ? fmt::format("Experiment(name={}) already exists, in the deleted state. Restore it, or "
                                  "choose another name.",
                                  name)
                    : fmt::format("Experiment(name={}) already exists.", name),
            {}};
}

Result<std::string_view> checkedName(std::string_view name, std::string_view parameter) {
    if (lengthOf(name) > kMaxExperimentName) {
        return invalidValue(name, parameter,
                            fmt::format("It is longer than {} characters.", kMaxExperimentName));
    }
    return model::experimentName(name);
}

Result<void> checkLocation(std::string_view location) {
    if (location.starts_with("runs:")) {
        return invalidValue(location, "artifact_location", "It cannot be a runs:/ URL.");
    }
    if (location.find('#') != std::string_view::npos || location.find('?') != std::string_view::npos) {
        return invalidValue(location, "artifact_location", "It cannot have a fragment or a query.");
    }
    if (lengthOf(location) > kMaxArtifactLocation) {
        return invalidValue(location, "artifact_location", "It is too long.");
    }
    return {};
}

Result<Response> create(const Call& call) {
    store::Experiment experiment;
    RUNGLASS_ASSIGN(const auto given, call.fields.required("name"));
    RUNGLASS_ASSIGN(experiment.name, checkedName(given, "name"));
    RUNGLASS_ASSIGN(experiment.artifactLocation, call.fields.text("artifact_location"));
    RUNGLASS_TRY(checkLocation(experiment.artifactLocation));
    while (experiment.artifactLocation.ends_with('/')) {
        experiment.artifactLocation.pop_back();
    }
    RUNGLASS_ASSIGN(experiment.tags, pairsOf(call.fields, "tags", kMaxExperimentTagValue));
    experiment.createdMs = nowMs();
    const auto created = call.service.change(
        [&](ReadSession& /*session*/) { return Result<store::CatalogChanges>({experiment}); });
    if (!created.ok() && created.error().code == ErrorCode::Exists) {
        return call.service.read([&](ReadSession& session) -> Result<Response> {
            RUNGLASS_ASSIGN(const auto taken, session.experimentNamed(experiment.name));
            return nameTaken(given, taken && taken->deleted);
        });
    }
    RUNGLASS_TRY(created);
    JsonOut out;
    out.beginObject();
    out.text("experiment_id", std::to_string(std::get<store::Experiment>(created->front()).id));
    out.endObject();
    return jsonResponse(std::move(out));
}

Result<Response> get(const Call& call) {
    RUNGLASS_ASSIGN(const std::int64_t id, requiredExperiment(call.fields));
    return call.service.read([&](ReadSession& session) -> Result<Response> {
        RUNGLASS_ASSIGN(const auto experiment, named(session.experiment(id), id));
        return experimentResponse(experiment);
    });
}

Result<Response> getByName(const Call& call) {
    RUNGLASS_ASSIGN(const auto name, call.fields.required("experiment_name"));
    return call.service.read([&](ReadSession& session) -> Result<Response> {
        RUNGLASS_ASSIGN(const auto experiment, session.experimentNamed(model::experimentName(name)));
        if (!experiment) {
            return noSuchThing(fmt::format("Could not find experiment with name '{}'", name.substr(0, 500)));
        }
        return experimentResponse(*experiment);
    });
}

Result<Response> update(const Call& call) {
    RUNGLASS_ASSIGN(const std::int64_t id, requiredExperiment(call.fields));
    RUNGLASS_ASSIGN(const auto given, call.fields.required("new_name"));
    RUNGLASS_ASSIGN(const auto name, checkedName(given, "new_name"));
    const auto renamed = call.service.change([&](ReadSession& session) -> Result<store::CatalogChanges> {
        RUNGLASS_ASSIGN(const auto experiment, named(session.experiment(id), id));
        if (experiment.deleted) {
            return invalid("Cannot rename experiment in non-active lifecycle stage. Current stage: deleted");
        }
        return store::CatalogChanges{editOf(What::ExperimentName, {}, id, {}, name)};
    });
    if (!renamed.ok()) {
        return renamed.error().code == ErrorCode::Exists ? nameTaken(given, false) : renamed.error();
    }
    return emptyResponse();
}

Result<Response> setDeleted(const Call& call, bool deleted) {
    RUNGLASS_ASSIGN(const std::int64_t id, requiredExperiment(call.fields));
    if (deleted && id == store::kDefaultExperiment) {
        return invalid("The default experiment cannot be deleted.");
    }
    auto edit = editOf(What::ExperimentDeleted, {}, id);
    edit.flag = deleted;
    RUNGLASS_TRY(named(call.service.change(std::move(edit)), id));
    return emptyResponse();
}

Result<Response> setTag(const Call& call) {
    RUNGLASS_ASSIGN(const std::int64_t id, requiredExperiment(call.fields));
    RUNGLASS_ASSIGN(const auto key, call.fields.required("key"));
    RUNGLASS_TRY(checkKey(key, "key"));
    RUNGLASS_ASSIGN(const auto value, call.fields.text("value"));
    RUNGLASS_TRY(named(
        call.service.change(editOf(What::ExperimentTag, {}, id, key, cutTo(value, kMaxExperimentTagValue))),
        id));
    return emptyResponse();
}

Result<Response> deleteTag(const Call& call) {
    RUNGLASS_ASSIGN(const std::int64_t id, requiredExperiment(call.fields));
    RUNGLASS_ASSIGN(const auto key, call.fields.required("key"));
    const auto removed = call.service.change([&](ReadSession& session) -> Result<store::CatalogChanges> {
        RUNGLASS_ASSIGN(const auto experiment, named(session.experiment(id), id));
        if (!hasKey(experiment.tags, key)) {
            return noSuchThing(fmt::format("No tag with name: {} in experiment with id {}", key, id));
        }
        return store::CatalogChanges{editOf(What::ExperimentTagGone, {}, id, key, {})};
    });
    RUNGLASS_TRY(removed);
    return emptyResponse();
}

std::vector<EntityFilter::Layout> laidOut(const std::vector<store::Experiment>& experiments, Stage stage) {
    std::vector<EntityFilter::Layout> layouts;
    for (std::size_t i = 0; i < experiments.size(); ++i) {
        const auto& experiment = experiments[i];
        if (!isIn(stage, experiment.deleted)) {
            continue;
        }
        auto& layout = layouts.emplace_back(i, experiment.createdMs);
        layout.attribute("name", wireName(experiment))
            .attribute("experiment_id", experiment.id)
            .attribute("creation_time", experiment.createdMs)
            .attribute("last_update_time", experiment.updatedMs);
        for (const auto& [key, value] : experiment.tags) {
            layout.tag(key, value);
        }
    }
    return layouts;
}

Result<Response> listed(const Call& call, const Page& page) {
    RUNGLASS_ASSIGN(const auto stage, stageOf(call.fields));
    RUNGLASS_ASSIGN(const auto wanted, EntityFilter::of(call.fields, {{"name"},
                                                                      {"experiment_id", true},
                                                                      {"creation_time", true},
                                                                      {"last_update_time", true}}));
    return call.service.read([&](ReadSession& session) -> Result<Response> {
        RUNGLASS_TRY(session.nameExperiments());
        RUNGLASS_ASSIGN(const auto experiments, session.experiments().all());
        const auto found = wanted.select(laidOut(experiments, stage));
        return pageResponse(page, "experiments", found.size(), 512, [&](JsonOut& out, std::size_t i) {
            writeExperiment(out, experiments[found[i]]);
            return Result<void>();
        });
    });
}

Result<Response> search(const Call& call) {
    if (!call.fields.has("max_results")) {
        return missingParameter("max_results");
    }
    RUNGLASS_ASSIGN(const auto page, pageOf(call.fields, 0, kMaxSearchResults));
    return listed(call, page);
}

/// What clients before 2.0 ask instead.
Result<Response> list(const Call& call) {
    RUNGLASS_ASSIGN(const auto page, pageOf(call.fields, kMaxSearchResults, kMaxSearchResults));
    return listed(call, page);
}

}  // namespace

void addExperimentRoutes(Router& router) {
    router.add(Method::Post, "experiments/create", create);
    router.add(Method::Get, "experiments/get", get);
    router.add(Method::Get, "experiments/get-by-name", getByName);
    router.add(Method::Get, "experiments/search", search);
    router.add(Method::Post, "experiments/search", search);
    router.add(Method::Get, "experiments/list", list);
    router.add(Method::Post, "experiments/update", update);
    router.add(Method::Post, "experiments/delete", [](const Call& call) { return setDeleted(call, true); });
    router.add(Method::Post, "experiments/restore", [](const Call& call) { return setDeleted(call, false); });
    router.add(Method::Post, "experiments/set-experiment-tag", setTag);
    router.add(Method::Post, "experiments/delete-experiment-tag", deleteTag);
}

}  // namespace runglass::tracking
