// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "entity_filter.h"
#include "page.h"
#include "protocol_error.h"
#include "registry_call.h"
#include "registry_json.h"
#include "router.h"
#include "run_json.h"
#include "runglass/base/clock.h"
#include "runglass/base/percent.h"
#include "runglass/base/text.h"
#include "runglass/store/client_folder.h"
#include "runglass/store/logged_models.h"
#include "validation.h"

namespace runglass::tracking {

namespace {

constexpr std::size_t kMaxRegistryTagValue = 100'000;
constexpr std::int64_t kMostVersions = 200'000;
constexpr std::string_view kLoggedModelScheme = "models:/m-";

struct Named {
    std::string_view model;
    std::int64_t version = 0;
};

Result<Named> namedOf(const Fields& fields) {
    Named named;
    RUNGLASS_ASSIGN(named.model, checkedModelName(fields, "name"));
    RUNGLASS_ASSIGN(named.version, versionNumberOf(fields));
    return named;
}

template <typename T>
Result<T> found(Result<T> result, const Named& named) {
    if (!result.ok() && result.error().code == ErrorCode::NotFound) {
        return noSuchThing(fmt::format("Model Version (name={}, version={}) not found",
                                       named.model.substr(0, 200), named.version));
    }
    return result;
}

Result<Response> versionResponse(Service& service, const Named& named) {
    return service.read([&](ReadSession& session) -> Result<Response> {
        RUNGLASS_ASSIGN(
            const auto version,
            found(store::ModelRegistry(session.catalog()).version(named.model, named.version), named));
        JsonOut out;
        out.beginObject();
        out.beginObject("model_version");
        writeModelVersion(out, version);
        out.endObject();
        out.endObject();
        return jsonResponse(std::move(out));
    });
}

Result<Named> change(const Call& call, What what, std::string_view key, std::string_view value) {
    return changeNamed(call, namedOf(call.fields), found<void>, [&](const Named& named) {
        return editOf(what, named.model, named.version, key, value);
    });
}

/// What the logged model behind a source knows: the run that made it, and where its files are.
Result<void> followSource(ReadSession& session, store::ModelVersion& version) {
    version.location = version.source;
    if (version.source.starts_with(kLoggedModelScheme)) {
        version.loggedModel = version.source.substr(kLoggedModelScheme.size() - 2);
    }
    if (version.loggedModel.empty()) {
        return {};
    }
    const auto model = store::LoggedModels(session.catalog()).byId(version.loggedModel);
    if (!model.ok()) {
        return model.error().code == ErrorCode::NotFound
                   ? noSuchThing(fmt::format("Logged model with ID '{}' not found.", version.loggedModel))
                   : model.error();
    }
    if (version.run.empty()) {
        version.run = model->sourceRun;
    }
    RUNGLASS_ASSIGN(const auto experiment, session.experiment(model->experiment));
    version.location = fmt::format("{}/models/{}/artifacts", artifactRoot(experiment), model->id);
    return {};
}

bool isBelow(const std::filesystem::path& path, const std::filesystem::path& folder) {
    const auto end = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first;
    return !folder.empty() && end == folder.end();
}

/// Escapes of escapes, too: whoever loads the version may decode more often than once.
bool leadsUpwards(std::string_view source) {
    constexpr int kMostTimes = 8;
    std::string decoded(source);
    for (int i = 0; i < kMostTimes && decoded.find('%') != std::string::npos; ++i) {
        decoded = percentDecoded(decoded);
    }
    std::ranges::replace(decoded, '\\', '/');
    for (std::size_t begin = 0; begin <= decoded.size();) {
        const auto end = std::min(decoded.find('/', begin), decoded.size());
        const auto part = std::string_view(decoded).substr(begin, end - begin);
        if (part == ".." || part.ends_with(":..")) {
            return true;
        }
        begin = end + 1;
    }
    return false;
}

/// A path on this machine: with `file:` in whatever letters, or without any scheme (RFC 3986 §3.1).
bool isLocal(std::string_view source) {
    constexpr std::string_view kFile = "file:";
    const auto scheme = source.substr(0, source.find_first_of(":/?#"));
    const bool hasScheme = !scheme.empty() && scheme.size() < source.size() && source[scheme.size()] == ':';
    return !hasScheme || startsWithIgnoringCase(source, kFile);
}

/// Whoever loads the version reads its source: one on this machine must be among the artifacts of the run or
/// of the logged model that it is said to be of.
Result<void> checkSource(ReadSession& session, const OwnRun& ownRun, const store::ModelVersion& version) {
    if (leadsUpwards(version.source)) {
        return invalid(fmt::format(
            "Invalid model version source: '{}'. It must be an absolute path or URI without relative "
            "references such as '..'.",
            version.source.substr(0, 500)));
    }
    const auto path = store::localPath(version.source);
    if (!isLocal(version.source) ||
        (!version.loggedModel.empty() && isBelow(path, store::localPath(version.location)))) {
        return {};
    }
    if (const auto id = RunId::fromHex(version.run)) {
        if (const auto run = session.run(*id); run.ok()) {
            RUNGLASS_ASSIGN(const auto artifacts, RunJson(session, ownRun).artifactUri(**run));
            if (isBelow(path, store::localPath(artifacts))) {
                return {};
            }
        }
    }
    return invalid(fmt::format(
        "Invalid model version source: '{}'. To use a local path as a model version source, the run_id "
        "request parameter has to be specified and the local path has to be contained within the "
        "artifact directory of the run specified by the run_id.",
        version.source.substr(0, 500)));
}

/// A logged model knows as which versions it has been registered.
Result<store::CatalogEdit> notedVersion(ReadSession& session, const store::ModelVersion& version) {
    constexpr std::string_view kVersions = "mlflow.modelVersions";
    RUNGLASS_ASSIGN(const auto model, store::LoggedModels(session.catalog()).byId(version.loggedModel));
    std::string list = "[";
    for (const auto& [key, value] : model.tags) {
        if (key == kVersions && value.starts_with('[') && value.ends_with(']') && value.size() > 2) {
            list = value.substr(0, value.size() - 1) + ", ";
        }
    }
    JsonOut name;
    name.text(version.model);
    list += fmt::format("{{\"name\": {}, \"version\": {}}}]", std::move(name).take(), version.version);
    auto edit = editOf(What::LoggedModelTags, version.loggedModel);
    edit.pairs.emplace_back(kVersions, list);
    return edit;
}

/// The version with its number, and what else there is to be said of it.
Result<store::CatalogChanges> newVersion(ReadSession& session, const OwnRun& ownRun,
                                         store::ModelVersion version) {
    RUNGLASS_TRY(followSource(session, version));
    RUNGLASS_TRY(checkSource(session, ownRun, version));
    const auto number = store::ModelRegistry(session.catalog()).nextVersion(version.model);
    if (!number.ok()) {
        return number.error().code == ErrorCode::NotFound ? noSuchRegisteredModel(version.model)
                                                          : number.error();
    }
    version.version = *number;
    store::CatalogChanges changes{version};
    if (!version.loggedModel.empty()) {
        RUNGLASS_ASSIGN(auto noted, notedVersion(session, version));
        changes.emplace_back(std::move(noted));
    }
    return Result<store::CatalogChanges>(std::move(changes));
}

Result<Response> create(const Call& call) {
    store::ModelVersion version;
    RUNGLASS_ASSIGN(version.model, checkedModelName(call.fields, "name"));
    RUNGLASS_ASSIGN(version.source, call.fields.required("source"));
    RUNGLASS_ASSIGN(version.run, call.fields.text("run_id"));
    RUNGLASS_ASSIGN(version.runLink, call.fields.text("run_link"));
    RUNGLASS_ASSIGN(version.description, call.fields.text("description"));
    RUNGLASS_ASSIGN(version.loggedModel, call.fields.text("model_id"));
    RUNGLASS_ASSIGN(version.tags, pairsOf(call.fields, "tags", kMaxRegistryTagValue));
    version.createdMs = version.updatedMs = nowMs();
    const auto created = call.service.change(
        [&](ReadSession& session) { return newVersion(session, call.service.ownRun(), version); });
    RUNGLASS_TRY(created);
    return versionResponse(call.service,
                           {version.model, std::get<store::ModelVersion>(created->front()).version});
}

Result<Response> get(const Call& call) {
    RUNGLASS_ASSIGN(const auto named, namedOf(call.fields));
    return versionResponse(call.service, named);
}

Result<Response> update(const Call& call) {
    RUNGLASS_ASSIGN(const auto description, call.fields.text("description"));
    RUNGLASS_ASSIGN(const auto changed, change(call, What::VersionText, {}, description));
    return versionResponse(call.service, changed);
}

Result<Response> transition(const Call& call) {
    RUNGLASS_ASSIGN(const auto text, call.fields.required("stage"));
    RUNGLASS_ASSIGN(const auto stage, stageFrom(text));
    RUNGLASS_ASSIGN(const bool archive, call.fields.boolean("archive_existing_versions"));
    if (archive && stage != "Staging" && stage != "Production") {
        return invalid("Versions can be archived only with a transition to Staging or Production.");
    }
    RUNGLASS_ASSIGN(const auto named, namedOf(call.fields));
    const auto changed = call.service.change([&](ReadSession& session) -> Result<store::CatalogChanges> {
        store::ModelRegistry registry(session.catalog());
        RUNGLASS_TRY(found(registry.version(named.model, named.version), named));
        RUNGLASS_ASSIGN(const auto versions, registry.versionsOf(named.model));
        store::CatalogChanges changes{editOf(What::VersionStage, named.model, named.version, {}, stage)};
        for (const auto& version : versions) {
            if (archive && version.stage == stage && version.version != named.version) {
                changes.emplace_back(
                    editOf(What::VersionStage, named.model, version.version, {}, "Archived"));
            }
        }
        return Result<store::CatalogChanges>(std::move(changes));
    });
    RUNGLASS_TRY(changed);
    return versionResponse(call.service, named);
}

Result<Response> remove(const Call& call) {
    return emptyResponse(change(call, What::VersionGone, {}, {}));
}

Result<Response> setTag(const Call& call) {
    RUNGLASS_ASSIGN(const auto key, call.fields.required("key"));
    RUNGLASS_TRY(checkKey(key, "key"));
    RUNGLASS_ASSIGN(const auto value, call.fields.text("value"));
    return emptyResponse(change(call, What::VersionTag, key, cutTo(value, kMaxRegistryTagValue)));
}

Result<Response> deleteTag(const Call& call) {
    RUNGLASS_ASSIGN(const auto key, call.fields.required("key"));
    return emptyResponse(change(call, What::VersionTagGone, key, {}));
}

Result<Response> downloadUri(const Call& call) {
    RUNGLASS_ASSIGN(const auto named, namedOf(call.fields));
    return call.service.read([&](ReadSession& session) -> Result<Response> {
        RUNGLASS_ASSIGN(
            const auto version,
            found(store::ModelRegistry(session.catalog()).version(named.model, named.version), named));
        JsonOut out;
        out.beginObject();
        out.text("artifact_uri", version.location);
        out.endObject();
        return jsonResponse(std::move(out));
    });
}

std::vector<EntityFilter::Layout> laidOut(const std::vector<store::ModelVersion>& versions) {
    std::vector<EntityFilter::Layout> layouts;
    for (std::size_t i = 0; i < versions.size(); ++i) {
        const auto& version = versions[i];
        auto& layout = layouts.emplace_back(i, version.updatedMs);
        layout.attribute("name", version.model)
            .attribute("run_id", version.run)
            .attribute("source_path", version.source)
            .attribute("version_number", version.version)
            .attribute("creation_timestamp", version.createdMs)
            .attribute("last_updated_timestamp", version.updatedMs)
            .attribute("timestamp", version.updatedMs);
        layOutTags(layout, version.tags);
    }
    return layouts;
}

Result<Response> search(const Call& call) {
    RUNGLASS_ASSIGN(const auto wanted, EntityFilter::of(call.fields, {{"name"},
                                                                      {"run_id"},
                                                                      {"source_path"},
                                                                      {"version_number", true},
                                                                      {"creation_timestamp", true},
                                                                      {"last_updated_timestamp", true},
                                                                      {"timestamp", true}}));
    RUNGLASS_ASSIGN(const auto page, pageOf(call.fields, 10'000, kMostVersions));
    return call.service.read([&](ReadSession& session) -> Result<Response> {
        RUNGLASS_ASSIGN(const auto versions, store::ModelRegistry(session.catalog()).versions());
        const auto matching = wanted.select(laidOut(versions));
        return pageResponse(page, "model_versions", matching.size(), 512, [&](JsonOut& out, std::size_t i) {
            writeModelVersion(out, versions[matching[i]]);
            return Result<void>();
        });
    });
}

}  // namespace

void addModelVersionRoutes(Router& router) {
    router.add(Method::Post, "model-versions/create", create);
    router.add(Method::Get, "model-versions/get", get);
    router.add(Method::Patch, "model-versions/update", update);
    router.add(Method::Post, "model-versions/transition-stage", transition);
    router.add(Method::Delete, "model-versions/delete", remove);
    router.add(Method::Get, "model-versions/search", search);
    router.add(Method::Get, "model-versions/get-download-uri", downloadUri);
    router.add(Method::Post, "model-versions/set-tag", setTag);
    router.add(Method::Delete, "model-versions/delete-tag", deleteTag);
}

}  // namespace runglass::tracking
