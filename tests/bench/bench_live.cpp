// SPDX-License-Identifier: GPL-3.0-or-later
// From the commit of a point to the frame that shows it, with 24 charts' worth of keys and the database
// followed as the desktop does. Offscreen raster; manual time, one commit an iteration.
#include <benchmark/benchmark.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QScrollBar>
#include <algorithm>
#include <cmath>

#include "chart_grid.h"
#include "curves_window.h"
#include "runglass/ui/theme/theme.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

void commitToFrame(benchmark::State& state) {
    test::CurvesWindow window;
    test::SampleProject::Spec spec;
    spec.name = "live";
    spec.status = model::RunStatus::Running;
    spec.points = static_cast<int>(state.range(0));
    const auto id = window.project.add(spec);
    window.open(1000, 900);
    const auto wait = [](auto done) {
        while (!done()) {
            QApplication::processEvents(QEventLoop::WaitForMoreEvents | QEventLoop::AllEvents, 5);
        }
    };
    wait([&] { return window.drawn("val/acc", 1); });
    auto* plot = window.plot("val/acc");
    std::size_t painted = 0;
    QObject::connect(plot, &QCustomPlot::afterReplot, plot,
                     [&] { painted = plot->curves().empty() ? 0 : plot->curves()[0].curve->xs.size(); });
    int points = spec.points;
    std::vector<double> latencies;
    for (auto _ : state) {
        QElapsedTimer gap;  // commits come at any moment of the follower's rhythm
        gap.start();
        wait([&] { return gap.elapsed() > 40 + 37 * static_cast<int>(latencies.size() % 5); });
        window.project.addPoints(id, spec, points, points + 1);
        QElapsedTimer clock;
        clock.start();
        ++points;
        wait([&] { return painted >= static_cast<std::size_t>(points); });
        latencies.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e9);
        state.SetIterationTime(latencies.back());
    }
    std::sort(latencies.begin(), latencies.end());
    state.counters["p50_ms"] = 1000 * latencies[latencies.size() / 2];
    state.counters["p95_ms"] = 1000 * latencies[latencies.size() * 95 / 100];
    state.counters["max_ms"] = 1000 * latencies.back();
}
BENCHMARK(commitToFrame)
    ->Arg(100)
    ->Arg(100'000)
    ->UseManualTime()
    ->Iterations(100)
    ->Unit(benchmark::kMillisecond);

// A page of 2,000 charts scrolled by one notch a frame; charts that come into sight are made and filled.
void scrollTwoThousandCharts(benchmark::State& state) {
    test::CurvesWindow window;
    test::SampleProject::Spec spec;
    spec.name = "many";
    spec.points = 2;
    const auto id = window.project.add(spec);
    std::vector<std::string> keys;
    for (int i = 0; i < 2000; ++i) {
        keys.push_back("m" + std::to_string(i % 20) + "/k" + std::to_string(i));
    }
    std::vector<store::MetricPoint> points;
    for (const auto& key : keys) {
        for (int step = 0; step < 50; ++step) {
            points.push_back({key, {step, step, std::sin(0.1 * step)}});
        }
    }
    if (!window.project.writer().appendPoints(id, points)) {
        state.SkipWithError("points cannot be written");
        return;
    }
    window.open(1000, 900);
    auto* grid = window.pane.findChild<ChartGrid*>();
    while (window.pane.chartCount() < 2000) {
        QApplication::processEvents(QEventLoop::WaitForMoreEvents, 5);
    }
    auto* bar = grid->verticalScrollBar();
    std::vector<double> frames;
    std::size_t most = 0;
    for (auto _ : state) {
        QElapsedTimer clock;
        clock.start();
        bar->setValue(bar->value() + 72 < bar->maximum() ? bar->value() + 72 : 0);
        QApplication::processEvents();
        frames.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
        most = std::max(most, static_cast<std::size_t>(grid->cards().size()));
    }
    std::sort(frames.begin(), frames.end());
    state.counters["p50_ms"] = frames[frames.size() / 2];
    state.counters["p99_ms"] = frames[frames.size() * 99 / 100];
    state.counters["max_ms"] = frames.back();
    state.counters["charts"] = static_cast<double>(most);
}
BENCHMARK(scrollTwoThousandCharts)->Iterations(2000)->Unit(benchmark::kMillisecond);

}  // namespace

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication application(argc, argv);
    Theme::install(*qApp, ThemeChoice::Light);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
