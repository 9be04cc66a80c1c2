// SPDX-License-Identifier: GPL-3.0-or-later
// The series engine without a window. Building a pyramid against a plain min-max scan and a plain sum of the
// same array; reducing to pixel columns; smoothing; aggregation.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "runglass/series/aggregation.h"
#include "runglass/series/reduce.h"
#include "runglass/series/smoothing.h"

using namespace runglass;
using namespace runglass::series;

namespace {

std::vector<double> walk(std::size_t points, unsigned seed) {
    std::mt19937_64 random(seed);
    std::vector<double> values(points);
    double level = 1;
    for (auto& value : values) {
        const auto bits = random();
        level += 1e-3 * (static_cast<double>(bits & 0xffffU) / 65536 - 0.5);
        value = level + 0.1 * (static_cast<double>((bits >> 16U) & 0xffffU) / 65536 - 0.5);
    }
    return values;
}

const std::vector<double>& large() {  // 800 MB: no cache helps
    static const auto values = walk(100'000'000, 1);
    return values;
}

void countBytes(benchmark::State& state, const std::vector<double>& values) {
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                            static_cast<std::int64_t>(values.size() * sizeof(double)));
}

// The bandwidth of the memory, from one thread.
void plainSum(benchmark::State& state) {
    for (auto _ : state) {
        double sums[16] = {};
        const auto& values = large();
        for (std::size_t i = 0; i + 16 <= values.size(); i += 16) {
            for (std::size_t lane = 0; lane < 16; ++lane) {
                sums[lane] += values[i + lane];
            }
        }
        benchmark::DoNotOptimize(sums);
    }
    countBytes(state, large());
}
BENCHMARK(plainSum)->Unit(benchmark::kMillisecond);

// As anyone would write it.
void plainMinMaxScan(benchmark::State& state) {
    for (auto _ : state) {
        double low = large()[0];
        double high = low;
        for (const double value : large()) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
        benchmark::DoNotOptimize(low);
        benchmark::DoNotOptimize(high);
    }
    countBytes(state, large());
}
BENCHMARK(plainMinMaxScan)->Unit(benchmark::kMillisecond);

// With eight accumulators, which the compiler turns into vector code.
void unrolledMinMaxScan(benchmark::State& state) {
    for (auto _ : state) {
        double low[8];
        double high[8];
        std::fill_n(low, 8, large()[0]);
        std::fill_n(high, 8, large()[0]);
        const auto& values = large();
        for (std::size_t i = 0; i + 8 <= values.size(); i += 8) {
            for (std::size_t lane = 0; lane < 8; ++lane) {
                low[lane] = values[i + lane] < low[lane] ? values[i + lane] : low[lane];
                high[lane] = values[i + lane] > high[lane] ? values[i + lane] : high[lane];
            }
        }
        benchmark::DoNotOptimize(low);
        benchmark::DoNotOptimize(high);
    }
    countBytes(state, large());
}
BENCHMARK(unrolledMinMaxScan)->Unit(benchmark::kMillisecond);

void buildPyramid(benchmark::State& state) {
    std::size_t bytes = 0;
    for (auto _ : state) {
        const Pyramid pyramid(large());
        bytes = pyramid.memoryBytes();
    }
    countBytes(state, large());
    state.counters["percentOfPoints"] =
        100.0 * static_cast<double>(bytes) / static_cast<double>(large().size() * sizeof(double));
}
BENCHMARK(buildPyramid)->Unit(benchmark::kMillisecond);

// A block of 1,000 points appended to a series of a length.
void appendBlock(benchmark::State& state) {
    const auto length = static_cast<std::size_t>(state.range(0));
    const auto values = walk(length + 10'000'000, 2);
    const std::span<const double> all(values);
    Pyramid pyramid(all.first(length));
    std::size_t size = length;
    for (auto _ : state) {
        size += 1000;
        if (size > values.size()) {
            state.PauseTiming();
            size = length + 1000;
            pyramid = Pyramid(all.first(length));
            state.ResumeTiming();
        }
        pyramid.append(all.first(size));
    }
}
BENCHMARK(appendBlock)->Arg(10'000)->Arg(1'000'000)->Arg(30'000'000)->Unit(benchmark::kMicrosecond);

std::vector<double> evenEdges(double lower, double upper, std::size_t columns) {
    std::vector<double> edges(columns + 1);
    for (std::size_t k = 0; k <= columns; ++k) {
        edges[k] = lower + (upper - lower) * static_cast<double>(k) / static_cast<double>(columns);
    }
    return edges;
}

struct Curves {
    Abscissa xs;
    std::vector<std::vector<double>> ys;
    std::vector<Pyramid> pyramids;
};

Curves curves(std::size_t count, std::size_t points, bool regular) {
    std::vector<std::int64_t> steps(points);
    for (std::size_t i = 0; i < points; ++i) {
        steps[i] = static_cast<std::int64_t>(i * (regular ? 10 : 10 + i % 3));
    }
    Curves out{Abscissa::ofSteps(steps), {}, {}};
    for (std::size_t c = 0; c < count; ++c) {
        out.ys.push_back(walk(points, static_cast<unsigned>(c)));
        out.pyramids.emplace_back(out.ys.back());
    }
    return out;
}

// 1600 columns of 100 curves of 1,000,000 points, panned by a third of a column each time.
void reduceColumns(benchmark::State& state) {
    static const Curves regular = curves(100, 1'000'000, true);
    static const Curves irregular = curves(100, 1'000'000, false);
    const auto& set = state.range(0) == 1 ? regular : irregular;
    std::vector<Column> columns;
    double at = 0;
    for (auto _ : state) {
        at += 2000;
        at = at > 1e6 ? 0 : at;
        const auto edges = evenEdges(at, at + 9e6, 1600);
        ColumnIndex index;
        for (std::size_t c = 0; c < set.ys.size(); ++c) {
            columns.clear();
            index.update(set.xs, {0, set.xs.size()}, edges);
            reduceToColumns(index, set.ys[c], set.pyramids[c], columns);
            benchmark::DoNotOptimize(columns.data());
        }
    }
}
BENCHMARK(reduceColumns)->ArgName("regular")->Arg(1)->Arg(0)->Unit(benchmark::kMillisecond);

void reduceWithoutValues(benchmark::State& state) {
    static const Curves set = curves(100, 1'000'000, true);
    std::vector<Column> columns;
    double at = 0;
    for (auto _ : state) {
        at += 2000;
        at = at > 1e6 ? 0 : at;
        const auto edges = evenEdges(at, at + 9e6, 1600);
        ColumnIndex index;
        for (std::size_t c = 0; c < set.ys.size(); ++c) {
            columns.clear();
            index.update(set.xs, {0, set.xs.size()}, edges);
            reduceToColumns(index, set.pyramids[c], columns);
            benchmark::DoNotOptimize(columns.data());
        }
    }
}
BENCHMARK(reduceWithoutValues)->Unit(benchmark::kMillisecond);

void smoothAMillion(benchmark::State& state) {
    const auto ys = walk(1'000'000, 3);
    std::vector<std::int64_t> steps(ys.size());
    for (std::size_t i = 0; i < steps.size(); ++i) {
        steps[i] = static_cast<std::int64_t>(i);
    }
    const auto xs = Abscissa::ofSteps(steps);
    const auto kind = static_cast<SmoothingKind>(state.range(0));
    const double amount = kind == SmoothingKind::Gaussian || kind == SmoothingKind::RunningMean ? 25 : 0.6;
    state.SetLabel(describe({kind, amount}));
    for (auto _ : state) {
        benchmark::DoNotOptimize(smoothed(xs, ys, xs.segments(), {kind, amount}));
    }
}
BENCHMARK(smoothAMillion)->DenseRange(1, 4)->Unit(benchmark::kMillisecond);

// 100 runs × 100,000 points.
void aggregateGroup(benchmark::State& state) {
    const auto set = curves(100, 100'000, true);
    std::vector<GroupMember> members;
    for (const auto& ys : set.ys) {
        members.push_back({set.xs, set.xs.segments(), ys});
    }
    Aggregation aggregation;
    aggregation.centre = static_cast<Centre>(state.range(0));
    aggregation.band = static_cast<Band>(state.range(1));
    state.SetLabel(describe(aggregation));
    for (auto _ : state) {
        benchmark::DoNotOptimize(aggregate(members, aggregation));
    }
}
BENCHMARK(aggregateGroup)
    ->Args({static_cast<int>(Centre::Mean), static_cast<int>(Band::ConfidenceT)})
    ->Args({static_cast<int>(Centre::Median), static_cast<int>(Band::MinMax)})
    ->Args({static_cast<int>(Centre::Mean), static_cast<int>(Band::ConfidenceBootstrap)})
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);

}  // namespace

BENCHMARK_MAIN();
