// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <string>

#include "runglass/model/run.h"

namespace runglass::test {

/// A run with an id made of its number.
inline std::shared_ptr<model::RunRecord> sampleRun(int number, std::string_view experiment = "exp") {
    auto run = std::make_shared<model::RunRecord>();
    run->id = RunId::derive("run " + std::to_string(number));
    run->number = number;
    run->name = "run-" + std::to_string(number);
    run->experiment = Symbol(experiment);
    run->source = Symbol("runglass");
    run->status = model::RunStatus::Finished;
    run->startTimeMs = 1'794'900'000'000 + number * 60'000LL;
    run->endTimeMs = *run->startTimeMs + 30'000 + number * 1000LL;
    return run;
}

inline void addMetric(model::RunRecord& run, std::string_view key, std::initializer_list<double> values) {
    model::Metric metric{Symbol(key), {}};
    std::int64_t step = 0;
    for (const double value : values) {
        metric.summary.add({step, *run.startTimeMs + step, value});
        ++step;
    }
    run.metrics.push_back(metric);
    run.sortKeys();
}

inline void addParam(model::RunRecord& run, std::string_view key, std::string_view value) {
    run.params.push_back({Symbol(key), Symbol(value)});
    run.sortKeys();
}

/// `count` runs over three experiments with four params and two metrics.
inline std::shared_ptr<model::RunTable> sampleTable(int count) {
    auto table = std::make_shared<model::RunTable>();
    const char* experiments[] = {"digits-cnn", "char-transformer", "digits-mlp"};
    for (int i = 1; i <= count; ++i) {
        auto run = sampleRun(i, experiments[i % 3]);
        const double quality = 0.9 + 0.09 * std::sin(i * 12.9898);
        run->metrics = {{Symbol("val/acc"), {}}, {Symbol("val/loss"), {}}};
        run->metrics[0].summary.add({0, 0, quality});
        run->metrics[1].summary.add({0, 0, 1 - quality});
        run->params = {{Symbol("lr"), Symbol(i % 2 == 0 ? "1e-3" : "3e-3")},
                       {Symbol("opt"), Symbol(i % 5 == 0 ? "sgd" : "adamw")},
                       {Symbol("seed"), Symbol(std::to_string(i % 7))},
                       {Symbol("data"), Symbol("digits")}};
        run->sortKeys();
        table->runs.push_back(run);
    }
    table->metricKeys = {Symbol("val/acc"), Symbol("val/loss")};
    table->paramKeys = {Symbol("data"), Symbol("lr"), Symbol("opt"), Symbol("seed")};
    return table;
}

}  // namespace runglass::test
