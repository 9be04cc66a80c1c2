// SPDX-License-Identifier: GPL-3.0-or-later
// Four writer processes beside a reader.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "measurements.h"
#include "runglass/store/run_reader.h"
#include "support.h"

namespace runglass::bench {

namespace fs = std::filesystem;
using namespace store;

namespace {

using Clock = std::chrono::steady_clock;

/// 5,000 points a second in batches of 500 for `seconds`, as a supervisor does.
int writeSteadily(const fs::path& project, int seconds, int index) {
    auto database = orDie(Database::open(project, OpenMode::ReadWrite));
    RunWriter writer(database);
    const auto id = newRun(writer, "writer-" + std::to_string(index));
    const auto keys = keyNames(kKeys);
    double worst = 0;
    const auto start = Clock::now();
    std::int64_t step = 0;
    for (int batch = 0; batch < seconds * 10; ++batch) {
        std::this_thread::sleep_until(start + std::chrono::milliseconds(100) * batch);
        std::vector<MetricPoint> points;
        for (int i = 0; i < 25; ++i, ++step) {
            for (const auto& key : keys) {
                points.push_back(
                    {key, {step, 1'700'000'000'000 + step, 1.0 / static_cast<double>(step + 1)}});
            }
        }
        worst = std::max(worst, secondsOf([&] { orDie(writer.appendPoints(id, points)); }).wall);
    }
    std::printf("  writer %d: longest append %.1f ms\n", index, worst * 1e3);
    std::fflush(stdout);
    return 0;
}

}  // namespace

void measureConcurrency(int seconds) {
    const Folder folder;
    (void)orDie(Database::open(folder.path(), OpenMode::ReadWrite));
    std::fflush(stdout);
    std::vector<int> children;
    for (int i = 0; i < 4; ++i) {
        const int child = fork();
        if (child == 0) {
            _exit(writeSteadily(folder.path(), seconds, i));
        }
        children.push_back(child);
    }
    auto database = orDie(Database::open(folder.path(), OpenMode::ReadOnly));
    RunReader reader(database);
    std::vector<double> waits;
    auto table = orDie(reader.runTable());
    const auto start = Clock::now();
    for (int i = 0; i < seconds * 10; ++i) {
        std::this_thread::sleep_until(start + std::chrono::milliseconds(100) * i);
        waits.push_back(secondsOf([&] {
                            table = RunReader::apply(table, orDie(reader.changesSince(table->revision)));
                            for (const auto& run : table->runs) {
                                if (!run->metrics.empty()) {
                                    (void)orDie(reader.series(run->id, "train/metric_3"));
                                }
                            }
                        }).wall);
    }
    for (const int child : children) {
        int status = 0;
        waitpid(child, &status, 0);
        if (status != 0) {
            std::printf("  a writer FAILED\n");
        }
    }
    std::uint64_t stored = 0;
    table = orDie(reader.runTable());
    for (const auto& run : table->runs) {
        for (const auto& metric : run->metrics) {
            stored += orDie(reader.series(run->id, metric.key.text())).size();
        }
    }
    const double longest = *std::max_element(waits.begin(), waits.end());
    std::printf(
        "4 writers of 5,000 points/s for %d s beside a reader at 10 Hz (run table and one series of each "
        "run): "
        "median wait %.2f ms, longest %.2f ms; stored %llu of %llu points\n",
        seconds, median(waits) * 1e3, longest * 1e3, static_cast<unsigned long long>(stored),
        4ULL * 5000ULL * static_cast<unsigned long long>(seconds));
}

}  // namespace runglass::bench
