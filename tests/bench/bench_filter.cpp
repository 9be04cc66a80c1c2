// SPDX-License-Identifier: GPL-3.0-or-later
// Filtering and sorting a run table in memory. The floor in the same run: one look at each record.
#include <benchmark/benchmark.h>

#include <random>

#include "runglass/query/filter.h"

namespace {

using namespace runglass;

const std::vector<model::SharedRun>& runs() {
    static const std::vector<model::SharedRun> table = [] {
        std::mt19937 random(7);
        std::vector<model::SharedRun> result;
        for (int i = 0; i < 100'000; ++i) {
            auto run = std::make_shared<model::RunRecord>();
            run->id = RunId::derive(std::to_string(i));
            run->status = random() % 10 == 0 ? model::RunStatus::Failed : model::RunStatus::Finished;
            run->startTimeMs = 1'000 * i;
            run->endTimeMs = *run->startTimeMs + random() % 600'000;
            for (int key = 0; key < 30; ++key) {
                run->params.push_back(
                    {Symbol("p" + std::to_string(key)), Symbol(std::to_string(random() % 100))});
            }
            run->params.push_back({Symbol("opt"), Symbol(random() % 2 == 0 ? "adam" : "sgd")});
            for (int key = 0; key < 20; ++key) {
                model::Metric metric{Symbol("m" + std::to_string(key)), {}};
                metric.summary.last = static_cast<double>(random() % 1'000) / 1'000;
                run->metrics.push_back(metric);
            }
            run->sortKeys();
            result.push_back(std::move(run));
        }
        return result;
    }();
    return table;
}

void touchEachRun(benchmark::State& state) {
    for (auto _ : state) {
        std::size_t count = 0;
        for (const auto& run : runs()) {
            count += run->status == model::RunStatus::Finished ? 1 : 0;
        }
        benchmark::DoNotOptimize(count);
    }
}
BENCHMARK(touchEachRun)->Unit(benchmark::kMillisecond);

void filter(benchmark::State& state, const char* text) {
    const auto parsed = std::get<query::Filter>(query::Filter::parse(text));
    std::size_t count = 0;
    for (auto _ : state) {
        count = 0;
        for (const auto& run : runs()) {
            count += parsed.matches(*run, 0) ? 1 : 0;
        }
        benchmark::DoNotOptimize(count);
    }
    state.counters["matches"] = static_cast<double>(count);
}
BENCHMARK_CAPTURE(filter, threeClauses, "metrics.m3 > 0.5 and params.opt = 'adam' and status = 'finished'")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(filter, numericParam, "params.p7 < 50 or duration > 5m or not metrics.m1 < 0.9")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(filter, keyNobodyHas, "metrics.none > 1 or params.none = 'x' or tags.none is not null")
    ->Unit(benchmark::kMillisecond);

void sort(benchmark::State& state, const char* keys) {
    const auto order = std::get<query::Order>(query::Order::parse(keys));
    for (auto _ : state) {
        state.PauseTiming();
        auto copy = runs();
        state.ResumeTiming();
        order.sort(copy, 0);
        benchmark::DoNotOptimize(copy.data());
    }
}
BENCHMARK_CAPTURE(sort, byMetric, "metrics.m3 desc")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(sort, byParam, "params.p7, metrics.m1 desc")->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
