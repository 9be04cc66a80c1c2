// SPDX-License-Identifier: GPL-3.0-or-later
// Opening a project that other tools have filled: until the first runs are in the table, until all are, and a
// second time. Beside it in the same run: listing and reading the same files, and no more.
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "../core/sources/event_writer.h"
#include "runglass/base/clock.h"
#include "runglass/sources/catalogue.h"

namespace fs = std::filesystem;
using namespace runglass;

namespace {

void write(const fs::path& file, const std::string& content) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
}

std::string events(int run, int points) {
    std::string content = test::versionRecord(1.7e9 + run);
    for (int step = 0; step < points; ++step) {
        for (const char* tag : {"train/loss", "val/acc"}) {
            const auto value = test::Message().text(1, tag).real32(2, 1.0F / static_cast<float>(step + 1));
            content += test::valueRecord(step, 1.7e9 + run + step, value);
        }
    }
    return content;
}

void writeHydraJob(const fs::path& folder, int job) {
    const auto number = std::to_string(job);
    write(folder / ".hydra/config.yaml",
          "lr: 0." + number + "\nmodel:\n  name: mlp\n  width: 128\nseed: " + number + "\n");
    write(folder / ".hydra/overrides.yaml", "- lr=0." + number + "\n- seed=" + number + "\n");
    write(folder / ".hydra/hydra.yaml",
          "hydra:\n  job:\n    name: train\n    num: " + number + "\n  runtime:\n    version: 1.3.2\n");
    write(folder / "train.log", "[2026-11-21 10:00:00,000][train][INFO] - epoch 1 loss 0.5\n");
}

/// Files of half an hour ago: what is younger than two seconds is not trusted by the index.
void age(const fs::path& folder) {
    const auto time = fs::file_time_type::clock::now() - std::chrono::minutes(30);
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        fs::last_write_time(entry.path(), time);
    }
}

class Project {
public:
    Project() {
        auto pattern = (fs::temp_directory_path() / "runglass-bench-XXXXXX").native();
        m_path = ::mkdtemp(pattern.data());
    }
    Project(const Project&) = delete;
    Project& operator=(const Project&) = delete;
    ~Project() { fs::remove_all(m_path); }
    [[nodiscard]] const fs::path& path() const { return m_path; }

private:
    fs::path m_path;
};

const fs::path& mixed() {
    static const Project project;
    static const bool made = [] {
        for (int job = 0; job < 300; ++job) {
            const auto day = "2026-11-" + std::to_string(10 + job / 30);
            writeHydraJob(project.path() / "multirun" / day / std::to_string(job), job);
        }
        for (int run = 0; run < 350; ++run) {
            write(project.path() / "logs" / ("run" + std::to_string(run)) / "events.out.tfevents.1.host",
                  events(run, 100));
        }
        age(project.path());
        return true;
    }();
    (void)made;
    return project.path();
}

const fs::path& large() {
    static const Project project;
    static const bool made = [] {
        for (int run = 0; run < 10'000; ++run) {
            write(project.path() / "logs" / std::to_string(run / 100) / std::to_string(run) /
                      "events.out.tfevents.1.host",
                  events(run, 20));
        }
        fs::create_directories(project.path() / ".runglass");
        age(project.path());
        return true;
    }();
    (void)made;
    return project.path();
}

void open(benchmark::State& state, const fs::path& project, bool cache) {
    double firstMs = 0;
    for (auto _ : state) {
        sources::Catalogue catalogue({.project = project, .cache = cache});
        const auto begin = monotonicMs();
        std::int64_t first = -1;
        const auto runs = catalogue.load([&](const sources::SharedForeignRuns& some) {
            if (first < 0 && !some->runs.empty()) {
                first = monotonicMs() - begin;
            }
        });
        firstMs = static_cast<double>(first);
        state.counters["runs"] = static_cast<double>(runs->runs.size());
    }
    state.counters["first_ms"] = firstMs;
}

void OpenHydraAndEvents(benchmark::State& state) {
    open(state, mixed(), false);
}
void OpenTenThousand(benchmark::State& state) {
    open(state, large(), false);
}
void OpenTenThousandAgain(benchmark::State& state) {
    sources::Catalogue({.project = large()}).load();
    open(state, large(), true);
}

/// The limit: every file listed, opened and read to its end on one thread.
void readAll(benchmark::State& state, const fs::path& project) {
    std::string buffer(1U << 20U, '\0');
    for (auto _ : state) {
        for (const auto& entry : fs::recursive_directory_iterator(project)) {
            if (entry.is_regular_file()) {
                std::ifstream in(entry.path(), std::ios::binary);
                while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()))) {
                }
                benchmark::DoNotOptimize(buffer.data());
            }
        }
    }
}
void ReadFilesOfHydraAndEvents(benchmark::State& state) {
    readAll(state, mixed());
}
void ReadFilesOfTenThousand(benchmark::State& state) {
    readAll(state, large());
}

/// A look at a project of 10,000 runs in which nothing has changed.
void RefreshTenThousand(benchmark::State& state) {
    sources::Catalogue catalogue({.project = large()});
    catalogue.load();
    catalogue.refresh();
    catalogue.refresh();
    for (auto _ : state) {
        catalogue.refresh();
    }
}

BENCHMARK(ReadFilesOfHydraAndEvents)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(OpenHydraAndEvents)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(ReadFilesOfTenThousand)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(OpenTenThousand)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(OpenTenThousandAgain)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(RefreshTenThousand)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
