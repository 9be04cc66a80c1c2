// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_json.h"

#include <algorithm>

#include "run_models.h"
#include "runglass/model/uncommitted.h"
#include "words.h"

namespace runglass::cli {

namespace {

template <typename Item>
std::vector<Item> sortedByKey(std::vector<Item> items) {
    std::ranges::sort(items, [](const Item& a, const Item& b) { return a.key.text() < b.key.text(); });
    return items;
}

void writePairs(JsonWriter& json, const char* name, const std::vector<model::KeyValue>& pairs) {
    json.beginObject(name);
    for (const auto& [key, value] : sortedByKey(pairs)) {
        json.text(key.text(), value.text());
    }
    json.endObject();
}

void writeSummary(JsonWriter& json, const model::MetricSummary& summary) {
    json.beginObject();
    json.integer("count", static_cast<std::int64_t>(summary.count));
    json.number("first", summary.first);
    json.number("last", summary.last);
    json.number("min", summary.min);
    json.number("max", summary.max);
    json.integer("last_step", summary.lastStep);
    json.integer("nan", static_cast<std::int64_t>(summary.nanCount));
    json.integer("infinite", static_cast<std::int64_t>(summary.infiniteCount));
    json.endObject();
}

void writeMetrics(JsonWriter& json, const char* name, const model::RunRecord& run, bool system) {
    json.beginObject(name);
    for (const auto& metric : sortedByKey(run.metrics)) {
        if (isSystemMetric(metric.key) == system) {
            json.key(metric.key.text());
            writeSummary(json, metric.summary);
        }
    }
    json.endObject();
}

void writeMembers(JsonWriter& json, const model::RunRecord& run) {
    json.text("id", run.id.hex());
    json.text("name", run.name);
    json.text("experiment", run.experiment.text());
    json.text("source", run.source.text());
    json.textOrNull("location", run.location);
    json.text("status", model::statusName(run.toldStatus.value_or(run.status)));  // as its tool has it
    json.text("shown_status", model::statusName(run.status));
    json.integerOrNull("exit_code", run.exitCode);
    json.integerOrNull("start_time_ms", run.startTimeMs);
    // Of a run that its tool calls running the end is a guess: the last sign of it.
    const bool goesOn = run.toldStatus && !model::isTerminal(*run.toldStatus);
    json.integerOrNull("end_time_ms", goesOn ? std::nullopt : run.endTimeMs);
    writePairs(json, "params", run.params);
    writePairs(json, "tags", run.tags);
    writeMetrics(json, "metrics", run, false);
    json.beginObject("git");
    json.textOrNull("commit", run.git.commit);
    json.textOrNull("branch", run.git.branch);
    json.key("dirty");
    const auto dirty = model::hadUncommittedChanges(run);
    dirty ? json.boolean(*dirty) : json.null();
    json.textOrNull("snapshot", run.git.snapshot);
    json.textOrNull("remote", run.git.remote);
    json.endObject();
    json.textOrNull("parent_id", run.parent ? run.parent->hex() : std::string());
    json.boolean("archived", run.archived);
    json.integer("records_left_out", static_cast<std::int64_t>(run.leftOut));
}

void writeHardware(JsonWriter& json, const model::Hardware& hardware) {
    json.beginObject("hardware");
    json.textOrNull("host", hardware.hostName);
    json.textOrNull("os", hardware.operatingSystem);
    json.textOrNull("cpu", hardware.cpuModel);
    json.integer("cpu_count", hardware.cpuCount);
    json.integer("memory_bytes", hardware.memoryBytes);
    json.texts("gpus", hardware.gpus);
    json.textOrNull("gpu_driver", hardware.gpuDriver);
    json.endObject();
}

void writeEnvironment(JsonWriter& json, const std::optional<model::Environment>& environment) {
    json.key("environment");
    if (!environment) {
        json.null();
        return;
    }
    json.beginObject();
    json.textOrNull("python", environment->pythonExecutable);
    json.textOrNull("python_version", environment->pythonVersion);
    json.textOrNull("virtual_environment", environment->virtualEnvironment);
    json.beginObject("packages");
    for (const auto& package : environment->packages) {
        json.text(package.name, package.version);
    }
    json.endObject();
    json.beginObject("variables");
    for (const auto& [name, value] : environment->variables) {
        json.text(name, value);
    }
    json.endObject();
    json.texts("withheld", environment->withheld);
    writeHardware(json, environment->hardware);
    json.endObject();
}

void writeFiles(JsonWriter& json, const model::RunDetail& detail) {
    json.objects("config_files", detail.configFiles, [&json](const auto& file) {
        json.text("path", file.path);
        json.text("sha256", file.sha256);
    });
    json.objects("datasets", detail.datasets, [&json](const auto& dataset) {
        json.text("name", dataset.name);
        json.textOrNull("digest", dataset.digest);
        json.textOrNull("location", dataset.location);
        json.textOrNull("profile", dataset.profile);
    });
    json.objects("artifacts", detail.artifacts,
                 [&json](const auto& artifact) { writeArtifact(json, artifact); });
    json.objects("left_out", detail.leftOut, [&json](const auto& file) {
        json.text("path", file.path);
        json.integer("size", file.size);
    });
}

void writeOrigins(JsonWriter& json, const model::RunDetail& detail) {
    json.objects("origins", detail.origins, [&json](const auto& origin) {
        json.text("source", origin.source.text());
        json.text("location", origin.location);
        json.textOrNull("key", origin.key);
    });
}

}  // namespace

void writeArtifact(JsonWriter& json, const model::Artifact& artifact) {
    json.text("path", artifact.path);
    json.integer("size", artifact.size);
    json.textOrNull("sha256", artifact.sha256);
}

void writeRun(JsonWriter& json, const model::RunRecord& run) {
    json.beginObject();
    writeMembers(json, run);
    json.endObject();
}

void writeRunDetail(JsonWriter& json, const model::RunDetail& detail, const model::RunModels& models) {
    json.beginObject();
    writeMembers(json, detail.record);
    json.texts("command", detail.command);
    json.textOrNull("cwd", detail.workingDirectory);
    writeEnvironment(json, detail.environment);
    writeFiles(json, detail);
    writeModels(json, models);
    writeMetrics(json, "system_metrics", detail.record, true);
    writeOrigins(json, detail);
    json.beginObject("resources");
    json.numberOrNull("user_seconds", detail.userSeconds);
    json.numberOrNull("system_seconds", detail.systemSeconds);
    json.integerOrNull("peak_memory_bytes", detail.peakMemoryBytes);
    json.endObject();
    json.text("notes", detail.note);
    json.texts("problems", detail.problems);
    json.texts("remarks", detail.remarks);
    json.endObject();
}

}  // namespace runglass::cli
