// SPDX-License-Identifier: GPL-3.0-or-later
// The run table with 100,000 runs, and a frame of a chart against QCustomPlot fed with the raw points in the
// same run. Offscreen raster.
#include <benchmark/benchmark.h>
#include <time.h>

#include <QApplication>
#include <QWindow>
#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <random>

#include "chart_plot.h"
#include "run_table_view.h"
#include "runglass/ui/runs/arrangement.h"
#include "runglass/ui/runs/run_table_model.h"
#include "runglass/ui/theme/theme.h"
#include "sample_runs.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

constexpr QSize kFrame(1600, 900);

const std::shared_ptr<model::RunTable>& manyRuns() {
    static const auto table = test::sampleTable(100'000);
    return table;
}

ArrangementRequest request(std::string_view filter) {
    ArrangementRequest wanted;
    wanted.filter = std::get<query::Filter>(query::Filter::parse(filter));
    wanted.sortBy = RunColumn::metric(Symbol("val/acc"));
    wanted.descending = true;
    wanted.groupBy = RunColumn{RunColumn::Kind::Experiment, {}, {}};
    return wanted;
}

// What the worker does after each key in the filter bar.
void filterSortGroup(benchmark::State& state) {
    const auto wanted = request("metrics.`val/acc` > 0.9 and params.opt = 'adamw'");
    for (auto _ : state) {
        benchmark::DoNotOptimize(arrange(manyRuns(), wanted));
    }
}
BENCHMARK(filterSortGroup)->Unit(benchmark::kMillisecond);

// What the GUI thread does when the result arrives.
void takeOverRows(benchmark::State& state) {
    RunTableModel model;
    RunTableView view(&model);
    view.resize(900, 1000);
    view.show();
    const auto all = arrange(manyRuns(), request(""));
    const auto some = arrange(manyRuns(), request("params.opt = 'sgd'"));
    for (auto _ : state) {
        model.setArrangement(some);
        model.setArrangement(all);
        QApplication::sendPostedEvents();
    }
}
BENCHMARK(takeOverRows)->Unit(benchmark::kMillisecond);

void scrollOneFrame(benchmark::State& state) {
    RunTableModel model;
    RunTableView view(&model);
    view.resize(900, 1000);
    view.show();
    model.setArrangement(arrange(manyRuns(), request("")));
    QImage canvas(view.size(), QImage::Format_ARGB32_Premultiplied);
    int row = 0;
    for (auto _ : state) {
        row = (row + 997) % model.rowCount();
        view.scrollTo(model.index(row, 2), QAbstractItemView::PositionAtTop);
        view.viewport()->render(&canvas);
    }
}
BENCHMARK(scrollOneFrame)->Unit(benchmark::kMillisecond);

// Deviates are drawn once and taken in another order for each curve: to draw a hundred million takes longer
// than everything that is measured.
const std::vector<double>& deviates() {
    static const auto values = [] {
        std::mt19937_64 random(1);
        std::normal_distribution<double> noise;
        std::vector<double> out(std::size_t{1} << 20U);
        std::generate(out.begin(), out.end(), [&] { return noise(random); });
        return out;
    }();
    return values;
}

model::SharedSeries walk(std::size_t points, unsigned seed) {
    const auto& noise = deviates();
    const auto at = [&](std::size_t i) { return noise[i & (noise.size() - 1)]; };
    model::Series series;
    series.reserve(points);
    double level = 1;
    for (std::size_t i = 0; i < points; ++i) {
        level += 0.001 * at(i + seed * 7919);
        series.push({static_cast<std::int64_t>(i), 0, level + 0.1 * at(i * 3 + seed * 104729)});
    }
    return model::share(std::move(series));
}

std::vector<DrawnCurve> curves(std::size_t count, std::size_t points, unsigned first = 0) {
    ChartSettings settings;
    settings.smoothing = 0;
    std::vector<DrawnCurve> out;
    for (std::size_t i = first; i < first + count; ++i) {
        DrawnCurve drawn;
        drawn.run = RunId::derive(std::to_string(i));
        drawn.color = Theme::current().seriesColor(static_cast<int>(i % 12));
        drawn.curve = makeCurve(walk(points, static_cast<unsigned>(i)), settings, {});
        out.push_back(std::move(drawn));
    }
    return out;
}

double seconds(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Draws a pan and zoom over and over. Beside the mean, which is what a busy machine makes of it, counts the
/// least time of each frame over all rounds, and of these the mean: `least_ms` of the wall's clock, `cpu_ms`
/// of the processor's time on all threads.
void panAndZoom(benchmark::State& state, QCustomPlot& plot, double size,
                const std::function<void(const QCPRange&)>& setRange) {
    constexpr int kFrames = 41;
    while (!plot.window()->windowHandle()->isExposed()) {  // until then nothing goes to the screen
        QApplication::processEvents();
    }
    std::vector<double> wall(kFrames, 1e9);
    std::vector<double> processor(kFrames, 1e9);
    int frame = 0;
    const auto show = [&] {
        const double at = 0.01 * frame;
        setRange(QCPRange(at * size, (1 - at / 2) * size));
        plot.replot(QCustomPlot::rpImmediateRefresh);
    };
    show();
    for (auto _ : state) {
        const double wallBefore = seconds(CLOCK_MONOTONIC);
        const double processorBefore = seconds(CLOCK_PROCESS_CPUTIME_ID);
        show();
        const auto at = static_cast<std::size_t>(frame);
        wall[at] = std::min(wall[at], seconds(CLOCK_MONOTONIC) - wallBefore);
        processor[at] = std::min(processor[at], seconds(CLOCK_PROCESS_CPUTIME_ID) - processorBefore);
        frame = (frame + 1) % kFrames;
    }
    const auto seen = std::min<std::size_t>(kFrames, state.iterations());
    const auto mean = [seen](const std::vector<double>& times) {
        return 1e3 * std::accumulate(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(seen), 0.0) /
               static_cast<double>(seen);
    };
    state.counters["least_ms"] = mean(wall);
    state.counters["cpu_ms"] = mean(processor);
}

void ourFrame(benchmark::State& state) {
    ChartPlot plot;
    plot.resize(kFrame);
    plot.show();
    const auto points = static_cast<std::size_t>(state.range(1));
    plot.setCurves(curves(static_cast<std::size_t>(state.range(0)), points));
    panAndZoom(state, plot, static_cast<double>(points), [&](const QCPRange& x) { plot.setXRange(x); });
}

void rawQCustomPlotFrame(benchmark::State& state) {
    QCustomPlot plot;
    plot.resize(kFrame);
    plot.setViewport(QRect(QPoint(), kFrame));
    plot.show();
    const auto points = static_cast<std::size_t>(state.range(1));
    for (std::size_t i = 0; i < static_cast<std::size_t>(state.range(0)); ++i) {
        auto* graph = plot.addGraph();
        const auto series = walk(points, static_cast<unsigned>(i));
        QVector<double> xs(series->steps.begin(), series->steps.end());
        graph->setPen(QPen(Theme::current().seriesColor(static_cast<int>(i % 12)), 1));
        graph->setData(xs, QVector<double>(series->values.begin(), series->values.end()), true);
    }
    plot.rescaleAxes();
    panAndZoom(state, plot, static_cast<double>(points), [&](const QCPRange& x) { plot.xAxis->setRange(x); });
}

void sizes(benchmark::internal::Benchmark* bench) {
    bench->Args({0, 1000})
        ->Args({1, 100})
        ->Args({1, 1000})
        ->Args({10, 1000})
        ->Args({1, 1'000'000})
        ->Args({10, 1'000'000})
        ->Args({100, 100'000})
        ->Args({100, 1'000'000})
        ->Args({1000, 10'000})
        ->Unit(benchmark::kMillisecond);
}
BENCHMARK(ourFrame)->Apply(sizes);
BENCHMARK(rawQCustomPlotFrame)->Apply(sizes);

// 1,000 curves of 1,000,000 points whose values are not in memory.
void ourFrameFromPyramids(benchmark::State& state) {
    constexpr std::size_t kPoints = 1'000'000;
    ChartPlot plot;
    plot.resize(kFrame);
    plot.show();
    std::vector<DrawnCurve> all;
    for (unsigned i = 0; i < 1000; ++i) {
        auto one = curves(1, kPoints, i)[0];
        auto curve = std::make_shared<Curve>();
        curve->series = all.empty() ? one.curve->series : all[0].curve->series;
        curve->xs = one.curve->xs;
        curve->segments = one.curve->segments;
        curve->raw.pyramid = one.curve->raw.pyramid;
        one.curve = std::move(curve);
        all.push_back(std::move(one));
    }
    plot.setCurves(std::move(all));
    plot.setYRange(QCPRange(0, 2));
    panAndZoom(state, plot, kPoints, [&](const QCPRange& x) { plot.setXRange(x); });
}
BENCHMARK(ourFrameFromPyramids)->Unit(benchmark::kMillisecond);

// From series in memory to the first frame of 10 × 1,000,000, without smoothing, on one thread.
void firstFrame(benchmark::State& state) {
    std::vector<model::SharedSeries> series;
    for (unsigned i = 0; i < 10; ++i) {
        series.push_back(walk(1'000'000, i));
    }
    ChartPlot plot;
    plot.resize(kFrame);
    plot.show();
    ChartSettings settings;
    settings.smoothing = 0;
    for (auto _ : state) {
        std::vector<DrawnCurve> drawn;
        for (std::size_t i = 0; i < series.size(); ++i) {
            DrawnCurve one;
            one.run = RunId::derive(std::to_string(i));
            one.color = Theme::current().seriesColor(static_cast<int>(i));
            one.curve = makeCurve(series[i], settings, {});
            drawn.push_back(std::move(one));
        }
        plot.setCurves(std::move(drawn));
        plot.replot(QCustomPlot::rpImmediateRefresh);
    }
}
BENCHMARK(firstFrame)->Unit(benchmark::kMillisecond);

void makeCurveOfAMillionSmoothed(benchmark::State& state) {
    const auto series = walk(1'000'000, 1);
    for (auto _ : state) {
        benchmark::DoNotOptimize(makeCurve(series, {}, {}));
    }
}
BENCHMARK(makeCurveOfAMillionSmoothed)->Unit(benchmark::kMillisecond);

// A live run gets 100 points: from its series in memory to a curve that can be drawn, smoothed. Beside it,
// what it costs to make the curve of all points anew. A fixed number of rounds, since the series grows with
// each.
template <bool kGoesOn>
void refresh(benchmark::State& state) {
    auto series = walk(static_cast<std::size_t>(state.range(0)), 1);
    auto curve = makeCurve(series, {}, {});
    for (auto _ : state) {
        model::Series fresh;
        for (std::int64_t i = 1; i <= 100; ++i) {
            fresh.push({series->steps.back() + i, 0, 1.0 / static_cast<double>(i)});
        }
        series = std::make_shared<const model::GrowingSeries>(series->appended(fresh));
        curve = makeCurve(CurveInput{series, {}, nullptr}, {}, kGoesOn ? curve : nullptr);
    }
}
void lengths(benchmark::internal::Benchmark* bench) {
    bench->Arg(100'000)->Arg(1'000'000)->Arg(10'000'000)->Unit(benchmark::kMicrosecond);
}
BENCHMARK(refresh<true>)->Name("refreshOfACurve")->Apply(lengths)->Iterations(500);
BENCHMARK(refresh<false>)->Name("refreshByMakingAnew")->Apply(lengths)->Iterations(5);

}  // namespace

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication application(argc, argv);
    Theme::install(*qApp, ThemeChoice::Light);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
