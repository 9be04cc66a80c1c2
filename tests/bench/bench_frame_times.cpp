// SPDX-License-Identifier: GPL-3.0-or-later
// A recording of frame times: a scripted pan and zoom over 100 curves of 1,000,000 points (100 million points
// in memory), offscreen raster at 1600 × 900, one frame after the other on the GUI thread as a mouse would
// cause them. Writes CSV to standard output: frame, what moved, points in view, milliseconds of wall clock
// and of the GUI thread's own work. Ends with the longest block on standard error.
//
//     bench_frame_times [curves] [points] > frames.csv
#include <time.h>

#include <QApplication>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <random>
#include <vector>

#include "chart_plot.h"
#include "runglass/ui/theme/theme.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

model::SharedSeries walk(std::size_t points, unsigned seed) {
    std::mt19937_64 random(seed);
    model::Series series;
    series.reserve(points);
    double level = 1;
    for (std::size_t i = 0; i < points; ++i) {
        const auto bits = random();
        level += 1e-3 * (static_cast<double>(bits & 0xffffU) / 65536 - 0.5);
        const double noise = 0.1 * (static_cast<double>((bits >> 16U) & 0xffffU) / 65536 - 0.5);
        series.push({static_cast<std::int64_t>(i), 0, level + noise});
    }
    return model::share(std::move(series));
}

double threadMs() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

double wallMs() {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

struct Recorder {
    ChartPlot& plot;
    double points;
    std::vector<double> wall;
    std::vector<double> thread;

    void show(const char* move, double lower, double upper) {
        const double wallBefore = wallMs();
        const double threadBefore = threadMs();
        plot.setXRange(QCPRange(lower, upper));
        plot.replot(QCustomPlot::rpImmediateRefresh);
        wall.push_back(wallMs() - wallBefore);
        thread.push_back(threadMs() - threadBefore);
        std::printf("%zu,%s,%.0f,%.3f,%.3f\n", wall.size() - 1, move,
                    std::min(upper, points) - std::max(lower, 0.0), wall.back(), thread.back());
    }
};

void report(const char* what, std::vector<double> times) {
    std::sort(times.begin(), times.end());
    std::fprintf(stderr, "%s: median %.2f, 95th percentile %.2f, longest %.2f ms\n", what,
                 times[times.size() / 2], times[times.size() * 95 / 100], times.back());
}

}  // namespace

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication application(argc, argv);
    Theme::install(*qApp, ThemeChoice::Light);
    const int curves = argc > 1 ? std::atoi(argv[1]) : 100;
    const auto points = static_cast<std::size_t>(argc > 2 ? std::atoll(argv[2]) : 1'000'000);
    ChartSettings settings;
    settings.smoothing = 0;
    std::vector<DrawnCurve> drawn;
    for (int i = 0; i < curves; ++i) {
        DrawnCurve one;
        one.run = RunId::derive(std::to_string(i));
        one.color = Theme::current().seriesColor(i % 12);
        one.curve = makeCurve(walk(points, static_cast<unsigned>(i)), settings, {});
        drawn.push_back(std::move(one));
    }
    ChartPlot plot;
    plot.resize(1600, 900);
    plot.show();
    plot.setCurves(std::move(drawn));
    plot.replot(QCustomPlot::rpImmediateRefresh);
    std::printf("frame,move,points_in_view,wall_ms,gui_thread_ms\n");
    const auto size = static_cast<double>(points);
    Recorder recorder{plot, size, {}, {}};
    // The wheel in, from everything to 50 points, around a place that is not the middle; and out again.
    const double centre = 0.37 * size;
    const int steps = 90;
    const double factor = std::pow(50 / size, 1.0 / steps);
    for (int i = 0; i <= 2 * steps; ++i) {
        const double share = std::pow(factor, i <= steps ? i : 2 * steps - i);
        recorder.show(i <= steps ? "zoom in" : "zoom out", centre - 0.37 * size * share,
                      centre + 0.63 * size * share);
    }
    // Dragged by 13 pixels a frame, at four zooms.
    for (const double share : {1.0, 0.1, 0.01, 0.001}) {
        for (int i = 0; i < 60; ++i) {
            const double shift = i * 13.0 / 1540 * share * size;
            recorder.show("pan", 0.1 * size + shift, (0.1 + share) * size + shift);
        }
    }
    std::fprintf(stderr, "%d curves of %zu points, %zu frames\n", curves, points, recorder.wall.size());
    report("frame", recorder.wall);
    report("the GUI thread's own work", recorder.thread);
    return 0;
}
