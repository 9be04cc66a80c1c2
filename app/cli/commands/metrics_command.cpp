// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>

#include "command_table.h"
#include "csv.h"
#include "json_writer.h"
#include "output.h"
#include "project_data.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "text_width.h"
#include "words.h"

namespace runglass::cli {

namespace {

struct NamedSeries {
    std::string key;
    model::Series points;
};

void printRows(const std::vector<NamedSeries>& all) {
    // Two passes instead of a table in memory: a series may have millions of points.
    std::size_t keyWidth = 3;
    std::size_t stepWidth = 4;
    for (const auto& series : all) {
        keyWidth = std::max(keyWidth, textWidth(printable(series.key)));
        for (const auto step : series.points.steps) {
            stepWidth = std::max(stepWidth, fmt::formatted_size("{}", step));
        }
    }
    print(fmt::format("key{:{}}{:>{}}  {:<13}  value\n", "", keyWidth - 1, "step", stepWidth, "time_ms"));
    for (const auto& series : all) {
        const auto key = printable(series.key);
        const auto padding = keyWidth - textWidth(key) + 2;
        for (std::size_t i = 0; i < series.points.size(); ++i) {
            const auto point = series.points.at(i);
            print(fmt::format("{}{:{}}{:>{}}  {:<13}  {}\n", key, "", padding, point.step, stepWidth,
                              point.timeMs, formatDouble(point.value)));
        }
    }
}

void printPointsCsv(const std::vector<NamedSeries>& all) {
    printCsv({"key", "step", "time_ms", "value"});
    for (const auto& series : all) {
        for (std::size_t i = 0; i < series.points.size(); ++i) {
            const auto point = series.points.at(i);
            printCsv({series.key, std::to_string(point.step), std::to_string(point.timeMs),
                      formatDouble(point.value)});
        }
    }
}

void printPointsJson(const std::vector<NamedSeries>& all) {
    JsonWriter json(1);
    json.beginArray();
    for (const auto& series : all) {
        for (std::size_t i = 0; i < series.points.size(); ++i) {
            const auto point = series.points.at(i);
            json.beginObject();
            json.text("key", series.key);
            json.integer("step", point.step);
            json.integer("time_ms", point.timeMs);
            json.number("value", point.value);
            json.endObject();
        }
    }
    json.endArray();
}

Error noSuchMetric(const std::string& key, const model::RunRecord& run) {
    std::string known;
    for (const auto& metric : run.metrics) {
        known += (known.empty() ? "" : ", ") + metric.key.str();
    }
    return {ErrorCode::NotFound,
            known.empty() ? tr("Run {} has no metrics.", run.id.shortHex())
                          : tr("Run {} has no metric {}. It has {}.", run.id.shortHex(), key, known),
            {}};
}

Result<std::vector<std::string>> keysToPrint(const Invocation& invocation, const model::RunRecord& run) {
    auto keys = invocation.values("--key");
    for (const auto& key : keys) {
        if (run.metric(Symbol::find(key)) == nullptr) {
            return noSuchMetric(key, run);
        }
    }
    if (keys.empty()) {
        for (const auto& metric : run.metrics) {
            if (!isSystemMetric(metric.key)) {
                keys.push_back(metric.key.str());
            }
        }
        std::ranges::sort(keys);
    }
    return keys;
}

Result<int> metrics(const Invocation& invocation) {
    RUNGLASS_ASSIGN(auto project, openProject(invocation));
    RUNGLASS_ASSIGN(const auto id, resolveRun(project, invocation.arguments().front()));
    RUNGLASS_ASSIGN(const auto detail, project.runs.detail(id));
    RUNGLASS_ASSIGN(const auto keys, keysToPrint(invocation, detail.record));
    std::vector<NamedSeries> all;
    bool whole = true;
    for (const auto& key : keys) {
        auto points = project.runs.series(id, key);
        if (points) {
            all.push_back({key, std::move(points).value()});
        } else if (points.error().code == ErrorCode::Damaged && keys.size() > 1) {
            complain(points.error().message);  // one metric's damage does not hide the others
            whole = false;
        } else {
            return points.error();
        }
    }
    switch (invocation.format()) {
        case Format::Json:
            printPointsJson(all);
            break;
        case Format::Csv:
            printPointsCsv(all);
            break;
        case Format::Table:
            printRows(all);
            break;
    }
    return whole ? 0 : 1;
}

}  // namespace

Command metricsCommand() {
    return {.name = "metrics",
            .summary = "print the points of a run's metrics",
            .description =
                "Every point in the order it was logged: key, step, time in Unix milliseconds, value. Values "
                "read "
                "back as the same double. What the supervisor measured (system/…) is printed when named.",
            .arguments = {{.name = "RUN",
                           .help = "An id, the beginning of one, or a name.",
                           .completes = Completes::Run}},
            .options = {{.name = "--key",
                         .value = "K",
                         .help = "Only this metric; may be given several times.",
                         .letter = 'k',
                         .repeated = true,
                         .completes = Completes::MetricKey}},
            .examples = {{"runglass metrics 8f3a1c20 --key val/acc", "One curve."},
                         {"runglass metrics 8f3a1c20 --format csv > points.csv",
                          "All of them, for another program."},
                         {"runglass metrics 8f3a1c20 --key system/memory_bytes",
                          "The memory that the run used."}},
            .data = true,
            .run = metrics};
}

}  // namespace runglass::cli
