// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "runglass/base/clock.h"
#include "runglass/store/artifact_files.h"
#include "runglass/store/layout.h"
#include "runglass/store/run_writer.h"
#include "support/test.h"

namespace runglass::test {

/// A project whose run database holds runs that look like those of a person: three experiments, seeds, a run
/// that goes on, one that failed with NaN, one that was stopped, two that wait.
class SampleProject {
public:
    SampleProject() {
        auto opened = store::Database::open(m_folder.path(), store::OpenMode::ReadWrite);
        if (!opened) {
            QTest::qFail(describe(opened.error()).c_str(), __FILE__, __LINE__);
            return;
        }
        m_database.emplace(std::move(opened).value());
    }

    [[nodiscard]] const std::filesystem::path& path() const { return m_folder.path(); }
    [[nodiscard]] store::Database& database() { return *m_database; }
    [[nodiscard]] store::RunWriter writer() { return store::RunWriter(*m_database); }

    struct Spec {
        std::string name;
        std::string experiment = "digits-cnn";
        model::RunStatus status = model::RunStatus::Finished;
        double quality = 0.99;  ///< where val/acc ends
        std::string lr = "1e-3";
        std::string opt = "adamw";
        std::string seed = "0";
        int points = 400;
        std::int64_t agoMs = 3600'000;
        bool diverges = false;
        std::optional<RunId> parent = std::nullopt;
    };

    RunId add(const Spec& spec) {
        model::RunDetail detail;
        auto& run = detail.record;
        run.id = RunId::derive(spec.name + spec.experiment + std::to_string(++m_count));
        run.name = spec.name;
        run.parent = spec.parent;
        run.experiment = Symbol(spec.experiment);
        run.source = Symbol("runglass");
        run.status = model::RunStatus::Running;
        if (spec.status != model::RunStatus::Scheduled) {
            run.startTimeMs = nowMs() - spec.agoMs;
        }
        run.git = {"4c1e9f20aa31b7c2d4e5f60718293a4b5c6d7e8f", "main", std::string(40, 'e'), "", true};
        for (const auto& [key, value] : std::vector<std::pair<std::string, std::string>>{
                 {"lr", spec.lr},
                 {"opt", spec.opt},
                 {"seed", spec.seed},
                 {"batch_size", "128"},
                 {"model", "cnn-3x32"},
                 {"aug.rotate", spec.name.find("aug") != std::string::npos ? "12" : "0"}}) {
            run.params.push_back({Symbol(key), Symbol(value)});
        }
        run.tags = {{Symbol("champion"), Symbol("")}, {Symbol("stage"), Symbol("paper-table-2")}};
        run.sortKeys();
        detail.command = {"python", "train.py", "--model", "cnn",
                          "--lr",   spec.lr,    "--aug",   "rotate=12,shift=0.1"};
        detail.workingDirectory = m_folder.path().string();
        detail.environment = environment();
        detail.datasets = {
            {"digits-train", "b7f0c1d2e3", "data/train.csv", R"({"size": 3000000, "files": 2})"}};
        detail.artifacts = {};
        detail.note = "First run with **augmentation**.";
        auto out = writer();
        check(out.createRun(detail));
        if (spec.status == model::RunStatus::Scheduled) {
            check(out.setStatus(run.id, model::RunStatus::Scheduled));
            return run.id;
        }
        check(out.setStatus(run.id, model::RunStatus::Running, run.startTimeMs));
        addPoints(run.id, spec, 0, spec.points);
        if (spec.status != model::RunStatus::Running) {
            store::RunEnd end;
            end.status = spec.status;
            end.exitCode = spec.status == model::RunStatus::Failed ? 1 : 0;
            end.timeMs = *run.startTimeMs + spec.points * 1000LL;
            end.userSeconds = 1192;
            end.systemSeconds = 12;
            end.peakMemoryBytes = 1'800'000'000;
            check(out.endRun(run.id, end));
        }
        return run.id;
    }

    /// The points [from, to) of five metrics of a run.
    void addPoints(const RunId& id, const Spec& spec, int from, int to) {
        std::mt19937_64 random(std::hash<RunId>{}(id) + static_cast<std::size_t>(from));
        std::normal_distribution<double> noise;
        std::vector<store::MetricPoint> points;
        for (int i = from; i < to; ++i) {
            const double t = i / 400.0;
            const double rise = 1 - std::exp(-6 * t);
            const double acc = spec.quality * (0.3 + 0.7 * rise) + 0.012 * noise(random) * (1.2 - rise);
            const double loss = (1.02 - spec.quality) + 2.2 * std::exp(-5 * t);
            const bool broken = spec.diverges && t > 0.6;
            const std::int64_t step = i * 10;
            const std::int64_t time = nowMs() - spec.agoMs + i * 1000LL;
            const auto add = [&](const char* key, double value) {
                points.push_back({key, {step, time, value}});
            };
            add("val/acc", broken ? 0.1 : std::min(acc, 1.0));
            add("val/loss", broken ? std::nan("") : loss * std::exp(0.05 * noise(random)));
            add("train/loss", broken ? std::nan("") : 0.9 * loss * std::exp(0.12 * noise(random)));
            add("train/acc", std::min(1.0, acc + 0.004 + 0.004 * noise(random)));
            add("optim/grad_norm", 0.4 + 2 * std::exp(-4 * t) + 0.3 * std::abs(noise(random)));
            add("optim/lr", 1e-3 * 0.5 * (1 + std::cos(3.14159 * std::min(t, 1.0))) + 1e-6);
        }
        check(writer().appendPoints(id, points));
    }

    /// What the mock-up of the workspace shows.
    void addTypicalRuns() {
        using Status = model::RunStatus;
        constexpr std::int64_t kHour = 3600'000;
        for (int i = 0; i < 8; ++i) {
            add({"mlp-" + std::to_string(64 << (i % 3)) + "x2 s" + std::to_string(i % 3 + 1), "digits-mlp",
                 i == 4 ? Status::Killed : Status::Finished, 0.94 + 0.004 * i, i % 2 ? "1e-3" : "3e-3",
                 i % 3 ? "adamw" : "sgd", std::to_string(i % 3 + 1), 200, 240 * kHour - i * kHour});
        }
        for (int i = 0; i < 5; ++i) {
            add({"ctf-" + std::to_string(2 + i) + "l-d" + std::to_string(128 + 64 * i), "char-transformer",
                 i == 3 ? Status::Failed : Status::Finished, 0.53 + 0.02 * i, i % 2 ? "6e-4" : "1e-3",
                 "adamw", "1", 300, 30 * kHour - i * kHour});
        }
        add({"cnn-base s1", "digits-cnn", Status::Finished, 0.9797, "1e-3", "sgd", "1", 400, 20 * kHour});
        add({"cnn-base s2", "digits-cnn", Status::Finished, 0.9789, "1e-3", "sgd", "2", 400, 19 * kHour});
        add({"cnn-lr1e-1-cos", "digits-cnn", Status::Failed, 0.89, "1e-1", "sgd", "1", 400, 8 * kHour, true});
        add({"cnn-lr3e-2-cos", "digits-cnn", Status::Killed, 0.9742, "3e-2", "sgd", "1", 180, 7 * kHour});
        add({"cnn-lr1e-3-step s1", "digits-cnn", Status::Finished, 0.9814, "1e-3", "adamw", "1", 400,
             6 * kHour});
        add({"cnn-lr1e-3-cos s4", "digits-cnn", Status::Finished, 0.9836, "1e-3", "adamw", "4", 400,
             5 * kHour});
        add({"cnn-lr3e-3-cos-aug s1", "digits-cnn", Status::Finished, 0.9908, "3e-3", "adamw", "1", 400,
             3 * kHour});
        add({"cnn-lr3e-3-cos-aug s3", "digits-cnn", Status::Finished, 0.9917, "3e-3", "adamw", "3", 400,
             2 * kHour});
        add({"cnn-lr1e-2-cos-aug", "digits-cnn", Status::Running, 0.9861, "1e-2", "adamw", "1", 250,
             260'000});
        add({"cnn-lr3e-3-cos-aug s4", "digits-cnn", Status::Scheduled, 0, "3e-3", "adamw", "4", 0, 0});
        add({"cnn-lr3e-3-cos-aug s5", "digits-cnn", Status::Scheduled, 0, "3e-3", "adamw", "5", 0, 0});
    }

private:
    static model::Environment environment() {
        model::Environment environment;
        environment.pythonExecutable = ".venv/bin/python";
        environment.pythonVersion = "3.11.2";
        environment.virtualEnvironment = ".venv";
        environment.packages = {{"numpy", "1.26.4"}, {"torch", "2.4.0"}};
        environment.hardware.cpuModel = "AMD EPYC 7763";
        environment.hardware.cpuCount = 16;
        environment.hardware.memoryBytes = 64'000'000'000;
        environment.hardware.gpus = {"NVIDIA H200, 143771 MiB"};
        return environment;
    }

    template <typename T>
    static void check(const Result<T>& result) {
        if (!result.ok()) {
            QTest::qFail(describe(result.error()).c_str(), __FILE__, __LINE__);
        }
    }

    TempFolder m_folder;
    std::optional<store::Database> m_database;
    int m_count = 0;
};

}  // namespace runglass::test
