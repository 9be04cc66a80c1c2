// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "entity_filter.h"
#include "page.h"
#include "protocol_error.h"
#include "registry_call.h"
#include "registry_json.h"
#include "router.h"
#include "runglass/base/clock.h"
#include "validation.h"

namespace runglass::tracking {

namespace {

constexpr std::size_t kMaxRegistryTagValue = 100'000;
constexpr std::size_t kMaxAlias = 255;

template <typename T>
Result<T> named(Result<T> result, std::string_view name) {
    if (!result.ok() && result.error().code == ErrorCode::NotFound) {
        return noSuchRegisteredModel(name);
    }
    return result;
}

Result<Response> modelResponse(Service& service, std::string_view name) {
    return service.read([&](ReadSession& session) -> Result<Response> {
        store::ModelRegistry registry(session.catalog());
        RUNGLASS_ASSIGN(const auto model, named(registry.model(name), name));
        RUNGLASS_ASSIGN(const auto versions, registry.versionsOf(name));
        JsonOut out;
        out.beginObject();
        out.beginObject("registered_model");
        writeRegisteredModel(out, model, versions);
        out.endObject();
        out.endObject();
        return jsonResponse(std::move(out));
    });
}

Error nameTaken(std::string_view name) {
    return {ErrorCode::Exists, fmt::format("Registered Model (name={}) already exists.", name), {}};
}

/// Changes the model that the call names.
Result<std::string_view> change(const Call& call, What what, std::string_view key, std::string_view value) {
    return changeNamed(call, checkedModelName(call.fields, "name"), named<void>,
                       [&](std::string_view name) { return editOf(what, name, 0, key, value); });
}

Result<Response> create(const Call& call) {
    store::RegisteredModel model;
    RUNGLASS_ASSIGN(model.name, checkedModelName(call.fields, "name"));
    RUNGLASS_ASSIGN(model.description, call.fields.text("description"));
    RUNGLASS_ASSIGN(model.tags, pairsOf(call.fields, "tags", kMaxRegistryTagValue));
    model.createdMs = model.updatedMs = nowMs();
    const auto created =
        call.service.change([&](ReadSession& /*session*/) { return Result<store::CatalogChanges>({model}); });
    if (!created.ok()) {
        return created.error().code == ErrorCode::Exists ? nameTaken(model.name) : created.error();
    }
    return modelResponse(call.service, model.name);
}

Result<Response> get(const Call& call) {
    RUNGLASS_ASSIGN(const auto name, checkedModelName(call.fields, "name"));
    return modelResponse(call.service, name);
}

Result<Response> update(const Call& call) {
    RUNGLASS_ASSIGN(const auto description, call.fields.text("description"));
    RUNGLASS_ASSIGN(const auto name, change(call, What::RegisteredModelText, {}, description));
    return modelResponse(call.service, name);
}

Result<Response> rename(const Call& call) {
    RUNGLASS_ASSIGN(const auto newName, checkedModelName(call.fields, "new_name"));
    const auto renamed = change(call, What::RegisteredModelName, {}, newName);
    if (!renamed.ok()) {
        return renamed.error().code == ErrorCode::Exists ? nameTaken(newName) : renamed.error();
    }
    return modelResponse(call.service, newName);
}

Result<Response> remove(const Call& call) {
    return emptyResponse(change(call, What::RegisteredModelGone, {}, {}));
}

Result<Response> setTag(const Call& call) {
    RUNGLASS_ASSIGN(const auto key, call.fields.required("key"));
    RUNGLASS_TRY(checkKey(key, "key"));
    RUNGLASS_ASSIGN(const auto value, call.fields.text("value"));
    return emptyResponse(change(call, What::RegisteredModelTag, key, cutTo(value, kMaxRegistryTagValue)));
}

Result<Response> deleteTag(const Call& call) {
    RUNGLASS_ASSIGN(const auto key, call.fields.required("key"));
    return emptyResponse(change(call, What::RegisteredModelTagGone, key, {}));
}

Result<std::string_view> checkedAlias(const Fields& fields) {
    RUNGLASS_ASSIGN(const auto alias, fields.required("alias"));
    const bool plain = std::all_of(alias.begin(), alias.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' ||
               static_cast<unsigned char>(c) >= 0x80;
    });
    const auto isVersion = alias.size() > 1 && (alias[0] == 'v' || alias[0] == 'V') &&
                           std::all_of(alias.begin() + 1, alias.end(), [](char c) {
                               return std::isdigit(static_cast<unsigned char>(c)) != 0;
                           });
    if (!plain || isVersion || lengthOf(alias) > kMaxAlias ||
        (alias.size() == 6 && (alias == "latest" || alias == "LATEST" || alias == "Latest"))) {
        return invalid(
            fmt::format("Invalid alias name: '{}'. Letters, digits, _ and - are allowed; 'latest' and "
                        "'v<number>' are reserved.",
                        alias.substr(0, 100)));
    }
    return alias;
}

Result<Response> setAlias(const Call& call) {
    RUNGLASS_ASSIGN(const auto alias, checkedAlias(call.fields));
    RUNGLASS_ASSIGN(const std::int64_t version, versionNumberOf(call.fields));
    RUNGLASS_ASSIGN(const auto name, checkedModelName(call.fields, "name"));
    const auto set = call.service.change([&](ReadSession& session) -> Result<store::CatalogChanges> {
        store::ModelRegistry registry(session.catalog());
        RUNGLASS_TRY(named(registry.model(name), name));
        const auto known = registry.version(name, version);
        if (!known.ok()) {
            return known.error().code == ErrorCode::NotFound
                       ? noSuchThing(fmt::format("Model Version (name={}, version={}) not found",
                                                 name.substr(0, 200), version))
                       : known.error();
        }
        return store::CatalogChanges{editOf(What::Alias, name, version, alias, {})};
    });
    return emptyResponse(set);
}

Result<Response> deleteAlias(const Call& call) {
    RUNGLASS_ASSIGN(const auto alias, call.fields.required("alias"));
    return emptyResponse(change(call, What::AliasGone, alias, {}));
}

Result<Response> getByAlias(const Call& call) {
    RUNGLASS_ASSIGN(const auto name, checkedModelName(call.fields, "name"));
    RUNGLASS_ASSIGN(const auto alias, call.fields.required("alias"));
    return call.service.read([&](ReadSession& session) -> Result<Response> {
        store::ModelRegistry registry(session.catalog());
        RUNGLASS_ASSIGN(const auto model, named(registry.model(name), name));
        const auto it = std::find_if(model.aliases.begin(), model.aliases.end(),
                                     [&](const store::ModelAlias& known) { return known.alias == alias; });
        if (it == model.aliases.end()) {
            return invalid(fmt::format("Registered model alias {} not found.", alias.substr(0, 255)));
        }
        RUNGLASS_ASSIGN(const auto version, registry.version(name, it->version));
        JsonOut out;
        out.beginObject();
        out.beginObject("model_version");
        writeModelVersion(out, version);
        out.endObject();
        out.endObject();
        return jsonResponse(std::move(out));
    });
}

Result<Response> latestVersions(const Call& call) {
    RUNGLASS_ASSIGN(const auto name, checkedModelName(call.fields, "name"));
    RUNGLASS_ASSIGN(const auto texts, call.fields.texts("stages"));
    std::vector<std::string_view> stages;
    for (const auto text : texts) {
        RUNGLASS_ASSIGN(const auto stage, stageFrom(text));
        stages.push_back(stage);
    }
    return call.service.read([&](ReadSession& session) -> Result<Response> {
        store::ModelRegistry registry(session.catalog());
        const auto model = named(registry.model(name), name);
        RUNGLASS_TRY(model);
        RUNGLASS_ASSIGN(const auto versions, registry.versionsOf(name));
        JsonOut out;
        out.beginObject();
        out.beginArray("model_versions");
        for (const auto& version : latestOfStages(versions)) {
            if (stages.empty() || std::find(stages.begin(), stages.end(), version.stage) != stages.end()) {
                out.beginObject();
                writeModelVersion(out, version);
                out.endObject();
            }
        }
        out.endArray();
        out.endObject();
        return jsonResponse(std::move(out));
    });
}

std::vector<EntityFilter::Layout> laidOut(const std::vector<store::RegisteredModel>& models) {
    std::vector<EntityFilter::Layout> layouts;
    for (std::size_t i = 0; i < models.size(); ++i) {
        const auto& model = models[i];
        auto& layout = layouts.emplace_back(i, model.createdMs);
        layout.attribute("name", model.name)
            .attribute("creation_timestamp", model.createdMs)
            .attribute("last_updated_timestamp", model.updatedMs)
            .attribute("timestamp", model.updatedMs);
        layOutTags(layout, model.tags);
    }
    return layouts;
}

Result<Response> search(const Call& call) {
    RUNGLASS_ASSIGN(const auto filter, call.fields.text("filter"));
    RUNGLASS_ASSIGN(const auto keys, call.fields.texts("order_by"));
    std::vector<std::string> order(keys.begin(), keys.end());
    if (order.empty()) {
        order.emplace_back("name ASC");
    }
    RUNGLASS_ASSIGN(
        const auto wanted,
        EntityFilter::parse(
            filter, order,
            {{"name"}, {"creation_timestamp", true}, {"last_updated_timestamp", true}, {"timestamp", true}}));
    RUNGLASS_ASSIGN(const auto page, pageOf(call.fields, 100, 1000));
    return call.service.read([&](ReadSession& session) -> Result<Response> {
        store::ModelRegistry registry(session.catalog());
        RUNGLASS_ASSIGN(const auto models, registry.models());
        const auto found = wanted.select(laidOut(models));
        return pageResponse(page, "registered_models", found.size(), 1024,
                            [&](JsonOut& out, std::size_t i) -> Result<void> {
                                const auto& model = models[found[i]];
                                RUNGLASS_ASSIGN(const auto versions, registry.versionsOf(model.name));
                                writeRegisteredModel(out, model, versions);
                                return {};
                            });
    });
}

}  // namespace

void addRegistryRoutes(Router& router) {
    router.add(Method::Post, "registered-models/create", create);
    router.add(Method::Get, "registered-models/get", get);
    router.add(Method::Patch, "registered-models/update", update);
    router.add(Method::Post, "registered-models/rename", rename);
    router.add(Method::Delete, "registered-models/delete", remove);
    router.add(Method::Get, "registered-models/search", search);
    router.add(Method::Get, "registered-models/list", search);  // clients before 2.0
    router.add(Method::Get, "registered-models/get-latest-versions", latestVersions);
    router.add(Method::Post, "registered-models/get-latest-versions", latestVersions);
    router.add(Method::Post, "registered-models/set-tag", setTag);
    router.add(Method::Delete, "registered-models/delete-tag", deleteTag);
    router.add(Method::Post, "registered-models/alias", setAlias);
    router.add(Method::Get, "registered-models/alias", getByAlias);
    router.add(Method::Delete, "registered-models/alias", deleteAlias);
}

}  // namespace runglass::tracking
