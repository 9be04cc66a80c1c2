// SPDX-License-Identifier: GPL-3.0-or-later
#include "mlflow_run.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "runglass/base/text.h"
#include "runglass/git/repository.h"

namespace runglass::sources {
namespace {

std::string_view tagOf(const MlflowTags& tags, std::string_view key) {
    const auto found =
        std::find_if(tags.begin(), tags.end(), [&](const auto& tag) { return tag.first == key; });
    return found == tags.end() ? std::string_view() : std::string_view(found->second);
}

bool isFolder(const std::filesystem::path& path) {
    std::error_code ignored;
    return std::filesystem::is_directory(path, ignored);
}

}  // namespace

void MlflowSummary::add(const model::Point& point) {
    const auto rank = [](const model::Point& p) { return std::tuple(p.step, p.timeMs, p.value); };
    if (m_summary.count == 0 || rank(m_latest) < rank(point)) {
        m_latest = point;
    }
    m_summary.add(point);
}

model::MetricSummary MlflowSummary::summary() const {
    auto summary = m_summary;
    summary.last = m_latest.value;
    summary.lastStep = m_latest.step;
    summary.lastTimeMs = m_latest.timeMs;
    return summary;
}

std::optional<model::RunStatus> mlflowStatus(std::string_view text) {
    using model::RunStatus;
    struct Known {
        std::string_view number;
        std::string_view name;
        RunStatus status;
    };
    static constexpr std::array kKnown{
        Known{"1", "RUNNING", RunStatus::Running},   Known{"2", "SCHEDULED", RunStatus::Scheduled},
        Known{"3", "FINISHED", RunStatus::Finished}, Known{"4", "FAILED", RunStatus::Failed},
        Known{"5", "KILLED", RunStatus::Killed},
    };
    for (const auto& known : kKnown) {
        if (text == known.number || text == known.name) {
            return known.status;
        }
    }
    return std::nullopt;
}

void fillPart(const MlflowRun& run, Part& part) {
    part.key = run.id;
    part.id = RunId::fromHex(run.id);
    part.rank = Rank::Tracker;
    part.parentKey = std::string(tagOf(run.tags, "mlflow.parentRunId"));
    auto& record = part.record;
    record.name = toValidUtf8(run.name.empty() ? tagOf(run.tags, "mlflow.runName") : run.name);
    record.experiment = Symbol(toValidUtf8(run.experiment));
    // MLflow takes a run without a status for one that goes on.
    record.status = mlflowStatus(run.status).value_or(model::RunStatus::Running);
    record.startTimeMs = run.startTimeMs;
    record.endTimeMs = run.endTimeMs;
    record.archived = run.deleted;
    record.git.commit = toValidUtf8(tagOf(run.tags, "mlflow.source.git.commit"));
    record.git.branch = toValidUtf8(tagOf(run.tags, "mlflow.source.git.branch"));
    record.git.remote = git::withoutCredentials(toValidUtf8(tagOf(run.tags, "mlflow.source.git.repoURL")));
    const auto dirty = tagOf(run.tags, "mlflow.source.git.dirty");
    record.git.dirty = dirty == "true" || dirty == "True";
    record.hasNote = !tagOf(run.tags, "mlflow.note.content").empty();
    record.tags.reserve(run.tags.size());
    for (const auto& [key, value] : run.tags) {
        record.tags.push_back({Symbol(toValidUtf8(key)), Symbol(toValidUtf8(value))});
    }
}

void fillDetail(const MlflowTags& tags, model::RunDetail& detail) {
    detail.note = toValidUtf8(tagOf(tags, "mlflow.note.content"));
    if (const auto source = tagOf(tags, "mlflow.source.name"); !source.empty()) {
        detail.command = {toValidUtf8(source)};
    }
}

std::string mlflowDatasetLocation(std::string_view source) {
    simdjson::dom::parser parser;
    simdjson::dom::object fields;
    const simdjson::padded_string padded(source);
    if (parser.parse(padded).get_object().get(fields) == simdjson::SUCCESS) {
        for (const char* key : {"uri", "url", "path"}) {
            std::string_view place;
            if (fields[key].get_string().get(place) == simdjson::SUCCESS) {
                return std::string(place);
            }
        }
    }
    return toValidUtf8(source);
}

std::filesystem::path mlflowLocalPath(std::string_view uri, const std::filesystem::path& relativeTo) {
    std::string_view path = uri;
    if (uri.starts_with("file:///")) {
        path = uri.substr(7);
    } else if (uri.find("://") != std::string_view::npos || uri.starts_with("mlflow-artifacts:")) {
        return {};
    } else if (uri.starts_with("file:")) {
        path = uri.substr(5);
    }
    return path.empty() ? std::filesystem::path() : (relativeTo / path).lexically_normal();
}

std::filesystem::path mlflowArtifactFolder(std::string_view uri, const std::filesystem::path& relativeTo,
                                           std::string_view runId,
                                           const std::vector<std::filesystem::path>& fallbacks) {
    auto place = mlflowLocalPath(uri, relativeTo);
    const bool own = place.filename() == "artifacts" && place.parent_path().filename() == runId;
    if (own && isFolder(place)) {
        return place;
    }
    const auto found = std::find_if(fallbacks.begin(), fallbacks.end(), isFolder);
    return found == fallbacks.end() ? std::filesystem::path() : *found;
}

}  // namespace runglass::sources
