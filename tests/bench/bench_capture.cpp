// SPDX-License-Identifier: GPL-3.0-or-later
// What capturing adds to a launch, beside the cheapest thing that could be done instead: listing the folder.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "runglass/base/run_id.h"
#include "runglass/launch/capture.h"
#include "runglass/launch/console_scalars.h"

namespace {

namespace fs = std::filesystem;

/// A virtual environment with `count` distributions, each with its folder, METADATA and a package folder
/// beside it.
class FakeEnvironment {
public:
    explicit FakeEnvironment(int count)
        : m_root(fs::temp_directory_path() / ("runglass-bench-" + runglass::RunId::generate().hex())) {
        fs::create_directories(m_root / "bin");
        std::ofstream(m_root / "pyvenv.cfg") << "home = /usr/bin\nversion = 3.11.2\n";
        fs::create_symlink("/usr/bin/python3", m_root / "bin/python");
        for (int i = 0; i < count; ++i) {
            const auto name = "package_" + std::to_string(i);
            fs::create_directories(site() / name);
            fs::create_directories(site() / (name + "-1." + std::to_string(i) + ".dist-info"));
            std::ofstream(site() / (name + "-1." + std::to_string(i) + ".dist-info") / "METADATA")
                << "Metadata-Version: 2.1\nName: " << name << "\nVersion: 1." << i << "\n";
        }
    }
    FakeEnvironment(const FakeEnvironment&) = delete;
    FakeEnvironment& operator=(const FakeEnvironment&) = delete;
    ~FakeEnvironment() {
        std::error_code ignored;
        fs::remove_all(m_root, ignored);
    }
    [[nodiscard]] fs::path site() const { return m_root / "lib/python3.11/site-packages"; }
    [[nodiscard]] std::string python() const { return (m_root / "bin/python").string(); }

private:
    fs::path m_root;
};

void listFolder(benchmark::State& state) {
    const FakeEnvironment environment(300);
    for (auto _ : state) {
        benchmark::DoNotOptimize(std::distance(fs::directory_iterator(environment.site()), {}));
    }
}
BENCHMARK(listFolder)->Unit(benchmark::kMillisecond);

void captureEnvironment300Distributions(benchmark::State& state) {
    const FakeEnvironment environment(300);
    for (auto _ : state) {
        const auto captured = runglass::launch::captureEnvironment({environment.python(), "t.py"}, "/", {});
        if (captured.packages.size() != 300) {
            state.SkipWithError("not all packages were found");
        }
    }
}
BENCHMARK(captureEnvironment300Distributions)->Unit(benchmark::kMillisecond);

void captureRunOfTrue(benchmark::State& state) {
    runglass::launch::LaunchSpec spec;
    spec.project = "/";
    spec.command = {"/bin/true"};
    for (auto _ : state) {
        benchmark::DoNotOptimize(runglass::launch::captureRun(spec));
    }
}
BENCHMARK(captureRunOfTrue)->Unit(benchmark::kMillisecond);

void consoleLines(benchmark::State& state, const char* line) {
    runglass::launch::ConsoleScalars scalars;
    for (auto _ : state) {
        benchmark::DoNotOptimize(scalars.parseLine(line));
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(consoleLines, metrics,
                  "Epoch 3/10 - loss: 0.1234 - acc: 0.9012 - val_loss: 0.2 - val_acc: 0.88");
BENCHMARK_CAPTURE(consoleLines, prose,
                  "Loading the checkpoint from /data/models/run-3/best.pt, this may take a while");
BENCHMARK_CAPTURE(consoleLines, json, "{\"step\": 7, \"loss\": 0.25, \"eval\": {\"acc\": 0.75}}");

}  // namespace

BENCHMARK_MAIN();
