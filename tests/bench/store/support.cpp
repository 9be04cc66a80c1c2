// SPDX-License-Identifier: GPL-3.0-or-later
#include "support.h"

#include <algorithm>
#include <cstring>
#include <ctime>
#include <random>
#include <span>

#include "runglass/store/layout.h"

namespace runglass::bench {

namespace fs = std::filesystem;
using namespace store;

namespace {

double now(clockid_t clock) {
    struct timespec time {};
    clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

}  // namespace

Seconds secondsOf(const std::function<void()>& work) {
    const double wall = now(CLOCK_MONOTONIC);
    const double cpu = now(CLOCK_PROCESS_CPUTIME_ID);
    work();
    return {now(CLOCK_MONOTONIC) - wall, now(CLOCK_PROCESS_CPUTIME_ID) - cpu};
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

Seconds median(const std::vector<Seconds>& times) {
    std::vector<double> wall;
    std::vector<double> cpu;
    for (const auto& time : times) {
        wall.push_back(time.wall);
        cpu.push_back(time.cpu);
    }
    return {median(std::move(wall)), median(std::move(cpu))};
}

Folder::Folder()
    : m_path(fs::temp_directory_path() / ("runglass-bench-" + RunId::generate().hex())) {
    fs::create_directories(m_path);
}

Folder::~Folder() {
    fs::remove_all(m_path);
}

const char* nameOf(Values values) {
    switch (values) {
        case Values::FullEntropy:
            return "full-entropy doubles";
        case Values::NoisyLoss:
            return "noisy loss, double";
        case Values::WasFloat:
            return "noisy loss, was float32";
    }
    return "";
}

model::Series makeSeries(std::size_t count, Values kind, unsigned seed) {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> noise(0, 1);
    model::Series series;
    series.reserve(count);
    std::int64_t time = 1'700'000'000'000;
    for (std::size_t i = 0; i < count; ++i) {
        time += 8 + static_cast<std::int64_t>(random() % 5);
        double value = 0;
        const double loss = 2.0 / (1.0 + static_cast<double>(i) * 1e-4) + 0.05 * noise(random);
        switch (kind) {
            case Values::FullEntropy: {
                auto bits = random();
                std::memcpy(&value, &bits, sizeof value);
                break;
            }
            case Values::NoisyLoss:
                value = loss;
                break;
            case Values::WasFloat:
                value = static_cast<double>(static_cast<float>(loss));
                break;
        }
        series.push({static_cast<std::int64_t>(i), time, value});
    }
    return series;
}

std::vector<std::string> keyNames(std::size_t count) {
    std::vector<std::string> keys;
    for (std::size_t i = 0; i < count; ++i) {
        keys.push_back("train/metric_" + std::to_string(i));
    }
    return keys;
}

std::vector<MetricPoint> interleaved(const std::vector<std::string>& keys, Values kind) {
    const auto series = makeSeries(kPoints, kind);
    std::vector<MetricPoint> points;
    points.reserve(kPoints);
    for (std::size_t i = 0; i < kPoints; ++i) {
        auto point = series.at(i);
        point.step = static_cast<std::int64_t>(i / keys.size());
        points.push_back({keys[i % keys.size()], point});
    }
    return points;
}

RunId newRun(RunWriter& writer, const std::string& name) {
    model::RunDetail detail;
    detail.record.id = RunId::generate();
    detail.record.name = name;
    detail.record.status = model::RunStatus::Running;
    orDie(writer.createRun(detail));
    return detail.record.id;
}

Seconds appendOurs(const fs::path& folder, const std::vector<MetricPoint>& points, RunId* id) {
    auto database = orDie(Database::open(folder, OpenMode::ReadWrite));
    RunWriter writer(database);
    const auto run = newRun(writer, "bench");
    if (id != nullptr) {
        *id = run;
    }
    return secondsOf([&] {
        for (std::size_t at = 0; at < points.size(); at += kBatch) {
            orDie(writer.appendPoints(run, std::span(points).subspan(at, kBatch)));
        }
    });
}

std::uintmax_t databaseSize(const fs::path& project) {
    return fs::file_size(Layout(project).database());
}

}  // namespace runglass::bench
