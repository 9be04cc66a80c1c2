// SPDX-License-Identifier: GPL-3.0-or-later
#include "registry_json.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "pairs_json.h"
#include "protocol_error.h"
#include "runglass/base/text.h"

namespace runglass::tracking {

void writeModelVersion(JsonOut& out, const store::ModelVersion& version) {
    out.text("name", version.model);
    out.text("version", std::to_string(version.version));
    out.integer("creation_timestamp", version.createdMs);
    out.integer("last_updated_timestamp", version.updatedMs);
    if (!version.user.empty()) {
        out.text("user_id", version.user);
    }
    out.text("current_stage", version.stage);
    out.text("description", version.description);
    out.text("source", version.source);
    out.text("run_id", version.run);
    out.text("status", "READY");
    out.text("run_link", version.runLink);
    if (!version.loggedModel.empty()) {
        out.text("model_id", version.loggedModel);
    }
    writePairs(out, "tags", version.tags);
    if (!version.aliases.empty()) {
        out.beginArray("aliases");
        for (const auto& alias : version.aliases) {
            out.text(alias);
        }
        out.endArray();
    }
}

std::vector<store::ModelVersion> latestOfStages(const std::vector<store::ModelVersion>& versions) {
    std::vector<store::ModelVersion> latest;
    for (const auto& version : versions) {
        const auto it = std::find_if(latest.begin(), latest.end(),
                                     [&](const auto& other) { return other.stage == version.stage; });
        if (it == latest.end()) {
            latest.push_back(version);
        } else if (version.version > it->version) {
            *it = version;
        }
    }
    return latest;
}

void writeRegisteredModel(JsonOut& out, const store::RegisteredModel& model,
                          const std::vector<store::ModelVersion>& versions) {
    out.text("name", model.name);
    out.integer("creation_timestamp", model.createdMs);
    out.integer("last_updated_timestamp", model.updatedMs);
    if (!model.description.empty()) {
        out.text("description", model.description);
    }
    if (const auto latest = latestOfStages(versions); !latest.empty()) {
        out.beginArray("latest_versions");
        for (const auto& version : latest) {
            out.beginObject();
            writeModelVersion(out, version);
            out.endObject();
        }
        out.endArray();
    }
    writePairs(out, "tags", model.tags);
    if (!model.aliases.empty()) {
        out.beginArray("aliases");
        for (const auto& alias : model.aliases) {
            out.beginObject();
            out.text("alias", alias.alias);
            out.text("version", std::to_string(alias.version));
            out.endObject();
        }
        out.endArray();
    }
}

Result<std::string_view> stageFrom(std::string_view text) {
    static constexpr std::array<std::string_view, 4> kStages{"None", "Staging", "Production", "Archived"};
    const auto* const it = std::find_if(kStages.begin(), kStages.end(), [&](std::string_view stage) {
        return stage.size() == text.size() && startsWithIgnoringCase(stage, text);
    });
    if (it == kStages.end()) {
        return invalid(
            fmt::format("Invalid Model Version stage: {}. Value must be one of None, Staging, "
                        "Production, Archived.",
                        text.substr(0, 100)));
    }
    return *it;
}

Result<std::string_view> checkedModelName(const Fields& fields, std::string_view parameter) {
    RUNGLASS_ASSIGN(const auto name, fields.text(parameter));
    if (name.empty()) {
        return invalid("Registered model name cannot be empty.");
    }
    if (name.find_first_of("/:") != std::string_view::npos) {
        return invalid(
            fmt::format("Invalid model name: '{}'. It cannot contain '/' or ':'.", name.substr(0, 200)));
    }
    return name;
}

Result<std::int64_t> versionNumberOf(const Fields& fields) {
    RUNGLASS_ASSIGN(const auto version, fields.integer("version"));
    if (!version) {
        return missingParameter("version");
    }
    return *version;
}

Error noSuchRegisteredModel(std::string_view name) {
    return noSuchThing(fmt::format("Registered Model with name={} not found", name.substr(0, 200)));
}

}  // namespace runglass::tracking
