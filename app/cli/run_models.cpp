// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_models.h"

#include <algorithm>

#include "output.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "text_table.h"

namespace runglass::cli {

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

void writePairs(JsonWriter& json, const char* name, const Pairs& pairs) {
    json.beginObject(name);
    for (const auto& [key, value] : pairs) {
        json.text(key, value);
    }
    json.endObject();
}

/// `reg 3` and, where there are any, `@champion`.
std::string registered(const model::RunModels& all, const model::LoggedModel& model) {
    std::string words;
    for (const auto& version : all.versions) {
        if (version.loggedModel == model.id) {
            words += (words.empty() ? "" : ", ") + version.model + " v" + std::to_string(version.version);
        }
    }
    return words;
}

std::string marksOf(const model::ModelVersion& version) {
    std::string words = version.stage;
    for (const auto& alias : version.aliases) {
        words += (words.empty() ? "@" : " @") + alias;
    }
    return words;
}

void printMetrics(const std::vector<model::LoggedModel>& models) {
    if (std::ranges::all_of(models, [](const auto& model) { return model.metrics.empty(); })) {
        return;
    }
    print("\n" + tr("Metrics of models") + "\n");
    TextTable table;
    table.addColumn("  " + tr("model"));
    table.addColumn(tr("metric"));
    table.addColumn(tr("value"), TextTable::Align::Right);
    table.addColumn(tr("step"), TextTable::Align::Right);
    table.addColumn(tr("dataset"));
    for (const auto& model : models) {
        for (const auto& metric : model::latestMetrics(model)) {
            table.addRow({"  " + model.name, metric.key, formatDouble(metric.point.value),
                          std::to_string(metric.point.step), metric.dataset});
        }
    }
    table.print();
}

}  // namespace

void printModels(const model::RunModels& models) {
    if (!models.models.empty()) {
        print("\n" + tr("Models") + "\n");
        TextTable table;
        for (const auto& title : {"  " + tr("name"), tr("status"), tr("type"), tr("registered"), tr("id")}) {
            table.addColumn(title);
        }
        for (const auto& model : models.models) {
            const auto name = model.output ? model.name : tr("{} (read)", model.name);
            table.addRow({"  " + name, std::string(modelStatusName(model.status)), model.type,
                          registered(models, model), model.id});
        }
        table.print();
        printMetrics(models.models);
    }
    if (!models.versions.empty()) {
        print("\n" + tr("Registered") + "\n");
        TextTable table;
        table.addColumn("  " + tr("model"));
        table.addColumn(tr("version"), TextTable::Align::Right);
        table.addColumn(tr("stage and aliases"));
        table.addColumn(tr("of"));
        for (const auto& version : models.versions) {
            table.addRow({"  " + version.model, std::to_string(version.version), marksOf(version),
                          version.loggedModel.empty() ? version.source : version.loggedModel});
        }
        table.print();
    }
}

void writeModels(JsonWriter& json, const model::RunModels& models) {
    json.objects("models", models.models, [&json](const auto& model) {
        json.text("id", model.id);
        json.textOrNull("name", model.name);
        json.textOrNull("type", model.type);
        json.textOrNull("status", std::string(modelStatusName(model.status)));
        json.text("role", model.output ? "output" : "input");
        json.integerOrNull("step", model.step);
        writePairs(json, "params", model.params);
        writePairs(json, "tags", model.tags);
        json.objects("metrics", model::latestMetrics(model), [&json](const auto& metric) {
            json.text("key", metric.key);
            json.number("value", metric.point.value);
            json.integer("step", metric.point.step);
            json.integer("time_ms", metric.point.timeMs);
            json.textOrNull("run_id", metric.run);
            json.textOrNull("dataset", metric.dataset);
            json.textOrNull("dataset_digest", metric.digest);
        });
    });
    json.objects("model_versions", models.versions, [&json](const auto& version) {
        json.text("model", version.model);
        json.integer("version", version.version);
        json.textOrNull("stage", version.stage);
        json.texts("aliases", version.aliases);
        json.textOrNull("logged_model", version.loggedModel);
        json.textOrNull("source", version.source);
    });
}

}  // namespace runglass::cli
