// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_json.h"

#include <algorithm>

#include "words.h"

namespace runglass::cli {

namespace {

template <typename Item>
std::vector<Item> sortedByKey(std::vector<Item> items) {
    std::ranges::sort(items, [](const Item& a, const Item& b) { return a.key.text() < b.key.text(); });
    return items;
}

void writePairs(JsonWriter& json, const char* name, const std::vector<model::KeyValue>& pairs) {
    json.key(name);
    json.beginObject();
    for (const auto& [key, value] : sortedByKey(pairs)) {
        json.key(key.text());
        json.text(value.text());
    }
    json.endObject();
}

void writeSummary(JsonWriter& json, const model::MetricSummary& summary) {
    json.beginObject();
    json.key("count");
    json.integer(static_cast<std::int64_t>(summary.count));
    json.key("first");
    json.number(summary.first);
    json.key("last");
    json.number(summary.last);
    json.key("min");
    json.number(summary.min);
    json.key("max");
    json.number(summary.max);
    json.key("last_step");
    json.integer(summary.lastStep);
    json.key("nan");
    json.integer(static_cast<std::int64_t>(summary.nanCount));
    json.endObject();
}

void writeMetrics(JsonWriter& json, const char* name, const model::RunRecord& run, bool system) {
    json.key(name);
    json.beginObject();
    for (const auto& metric : sortedByKey(run.metrics)) {
        if (isSystemMetric(metric.key) == system) {
            json.key(metric.key.text());
            writeSummary(json, metric.summary);
        }
    }
    json.endObject();
}

void writeMembers(JsonWriter& json, const model::RunRecord& run) {
    json.key("id");
    json.text(run.id.hex());
    json.key("name");
    json.text(run.name);
    json.key("experiment");
    json.text(run.experiment.text());
    json.key("source");
    json.text(run.source.text());
    json.key("location");
    json.textOrNull(run.location);
    json.key("status");
    json.text(model::statusName(run.status));
    json.key("exit_code");
    json.integerOrNull(run.exitCode);
    json.key("start_time_ms");
    json.integerOrNull(run.startTimeMs);
    json.key("end_time_ms");
    json.integerOrNull(run.endTimeMs);
    writePairs(json, "params", run.params);
    writePairs(json, "tags", run.tags);
    writeMetrics(json, "metrics", run, false);
    json.key("git");
    json.beginObject();
    json.key("commit");
    json.textOrNull(run.git.commit);
    json.key("branch");
    json.textOrNull(run.git.branch);
    json.key("dirty");
    json.boolean(run.git.dirty);
    json.key("snapshot");
    json.textOrNull(run.git.snapshot);
    json.endObject();
    json.key("parent_id");
    json.textOrNull(run.parent ? run.parent->hex() : std::string());
}

void writeTexts(JsonWriter& json, const char* name, const std::vector<std::string>& texts) {
    json.key(name);
    json.beginArray();
    for (const auto& text : texts) {
        json.text(text);
    }
    json.endArray();
}

void writeHardware(JsonWriter& json, const model::Hardware& hardware) {
    json.key("hardware");
    json.beginObject();
    json.key("host");
    json.textOrNull(hardware.hostName);
    json.key("os");
    json.textOrNull(hardware.operatingSystem);
    json.key("cpu");
    json.textOrNull(hardware.cpuModel);
    json.key("cpu_count");
    json.integer(hardware.cpuCount);
    json.key("memory_bytes");
    json.integer(hardware.memoryBytes);
    writeTexts(json, "gpus", hardware.gpus);
    json.key("gpu_driver");
    json.textOrNull(hardware.gpuDriver);
    json.endObject();
}

void writeEnvironment(JsonWriter& json, const std::optional<model::Environment>& environment) {
    json.key("environment");
    if (!environment) {
        json.null();
        return;
    }
    json.beginObject();
    json.key("python");
    json.textOrNull(environment->pythonExecutable);
    json.key("python_version");
    json.textOrNull(environment->pythonVersion);
    json.key("virtual_environment");
    json.textOrNull(environment->virtualEnvironment);
    json.key("packages");
    json.beginObject();
    for (const auto& package : environment->packages) {
        json.key(package.name);
        json.text(package.version);
    }
    json.endObject();
    json.key("variables");
    json.beginObject();
    for (const auto& [name, value] : environment->variables) {
        json.key(name);
        json.text(value);
    }
    json.endObject();
    writeTexts(json, "withheld", environment->withheld);
    writeHardware(json, environment->hardware);
    json.endObject();
}

void writeFiles(JsonWriter& json, const model::RunDetail& detail) {
    json.key("config_files");
    json.beginArray();
    for (const auto& file : detail.configFiles) {
        json.beginObject();
        json.key("path");
        json.text(file.path);
        json.key("sha256");
        json.text(file.sha256);
        json.endObject();
    }
    json.endArray();
    json.key("datasets");
    json.beginArray();
    for (const auto& dataset : detail.datasets) {
        json.beginObject();
        json.key("name");
        json.text(dataset.name);
        json.key("digest");
        json.textOrNull(dataset.digest);
        json.key("location");
        json.textOrNull(dataset.location);
        json.endObject();
    }
    json.endArray();
    json.key("artifacts");
    json.beginArray();
    for (const auto& artifact : detail.artifacts) {
        json.beginObject();
        json.key("path");
        json.text(artifact.path);
        json.key("size");
        json.integer(artifact.size);
        json.key("sha256");
        json.text(artifact.sha256);
        json.endObject();
    }
    json.endArray();
    json.key("left_out");
    json.beginArray();
    for (const auto& file : detail.leftOut) {
        json.beginObject();
        json.key("path");
        json.text(file.path);
        json.key("size");
        json.integer(file.size);
        json.endObject();
    }
    json.endArray();
}

void writeOrigins(JsonWriter& json, const model::RunDetail& detail) {
    json.key("origins");
    json.beginArray();
    for (const auto& origin : detail.origins) {
        json.beginObject();
        json.key("source");
        json.text(origin.source.text());
        json.key("location");
        json.text(origin.location);
        json.key("key");
        json.textOrNull(origin.key);
        json.endObject();
    }
    json.endArray();
}

}  // namespace

void writeRun(JsonWriter& json, const model::RunRecord& run) {
    json.beginObject();
    writeMembers(json, run);
    json.endObject();
}

void writeRunDetail(JsonWriter& json, const model::RunDetail& detail) {
    json.beginObject();
    writeMembers(json, detail.record);
    writeTexts(json, "command", detail.command);
    json.key("cwd");
    json.textOrNull(detail.workingDirectory);
    writeEnvironment(json, detail.environment);
    writeFiles(json, detail);
    writeMetrics(json, "system_metrics", detail.record, true);
    writeOrigins(json, detail);
    json.key("resources");
    json.beginObject();
    json.key("user_seconds");
    json.numberOrNull(detail.userSeconds);
    json.key("system_seconds");
    json.numberOrNull(detail.systemSeconds);
    json.key("peak_memory_bytes");
    json.integerOrNull(detail.peakMemoryBytes);
    json.endObject();
    json.key("notes");
    json.text(detail.note);
    writeTexts(json, "problems", detail.problems);
    json.endObject();
}

}  // namespace runglass::cli
