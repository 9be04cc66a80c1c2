// SPDX-License-Identifier: GPL-3.0-or-later
// MLflow's stores in place, against `cat` over the same files and the sqlite3 program over the same database,
// in the same run. Limits: the file store within twice the time of cat; the table of 2,000 runs within 100
// ms, a curve of 100,000 points within 50 ms.
#include <benchmark/benchmark.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "runglass/sources/format.h"

using namespace runglass;

namespace {

namespace fs = std::filesystem;

fs::path scratch() {
    static const struct Folder {
        fs::path path = fs::temp_directory_path() / ("runglass-bench-" + std::to_string(::getpid()));
        Folder() { fs::create_directories(path); }
        Folder(const Folder&) = delete;
        Folder& operator=(const Folder&) = delete;
        ~Folder() { fs::remove_all(path); }
    } folder;
    return folder.path;
}

std::string runId(int number) {
    char text[33];
    std::snprintf(text, sizeof text, "%032x", static_cast<unsigned>(number + 1) * 2654435761U);
    return text;
}

/// RUNGLASS_BENCH_MLRUNS names a real store; without it, one of the same shape is made: 829 runs, 11,000
/// files.
fs::path fileStore() {
    if (const char* real = std::getenv("RUNGLASS_BENCH_MLRUNS")) {
        return real;
    }
    static const fs::path made = [] {
        const auto store = scratch() / "mlruns";
        const auto write = [](const fs::path& file, const std::string& content) {
            fs::create_directories(file.parent_path());
            std::ofstream(file) << content;
        };
        write(store / "0/meta.yaml",
              "artifact_location: ./mlruns/0\nexperiment_id: '0'\nlifecycle_stage: active\n"
              "name: Default\n");
        for (int i = 0; i < 829; ++i) {
            const auto run = store / "0" / runId(i);
            write(
                run / "meta.yaml",
                "artifact_uri: file:///x/mlruns/0/" + runId(i) +
                    "/artifacts\nend_time: 1605147875370\n"
                    "entry_point_name: ''\nexperiment_id: '0'\nlifecycle_stage: active\nname: ''\nrun_id: " +
                    runId(i) +
                    "\nsource_type: 4\nstart_time: 1605147873981\nstatus: 3\ntags: []\nuser_id: unknown\n");
            for (int k = 0; k < 7; ++k) {
                write(run / "params" / ("param_" + std::to_string(k)), std::to_string(i * k));
            }
            for (const char* tag :
                 {"mlflow.runName", "mlflow.user", "mlflow.source.name", "mlflow.source.type"}) {
                write(run / "tags" / tag, "value");
            }
            for (const char* metric : {"accuracy", "loss"}) {
                write(run / "metrics" / metric, "1605147874000 0.9440559440559441 0\n");
            }
        }
        return store;
    }();
    return made;
}

/// 2,000 runs with 20 params and 10 metrics of 50 points each, and one more run with a curve of 100,000.
fs::path database() {
    static const fs::path made = [] {
        const auto file = scratch() / "mlflow.db";
        sqlite3* db = nullptr;
        sqlite3_open(file.c_str(), &db);
        const auto run = [&](const std::string& sql) {
            if (sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
                std::fprintf(stderr, "%s\n", sqlite3_errmsg(db));
                std::abort();
            }
        };
        run("CREATE TABLE experiments(experiment_id INTEGER PRIMARY KEY, name TEXT, artifact_location TEXT,"
            " lifecycle_stage TEXT);"
            "CREATE TABLE runs(run_uuid VARCHAR(32) PRIMARY KEY, name TEXT, status TEXT, start_time BIGINT, "
            "end_time"
            " BIGINT, source_version TEXT, lifecycle_stage TEXT, artifact_uri TEXT, experiment_id INTEGER);"
            "CREATE TABLE tags(key VARCHAR(250), value TEXT, run_uuid VARCHAR(32), PRIMARY KEY(key, "
            "run_uuid));"
            "CREATE TABLE params(key VARCHAR(250), value TEXT, run_uuid VARCHAR(32), PRIMARY KEY(key, "
            "run_uuid));"
            "CREATE TABLE metrics(key VARCHAR(250) NOT NULL, value FLOAT NOT NULL, timestamp BIGINT NOT "
            "NULL, run_uuid"
            " VARCHAR(32) NOT NULL, step BIGINT NOT NULL, is_nan BOOLEAN NOT NULL,"
            " PRIMARY KEY(key, timestamp, step, run_uuid, value, is_nan));"
            "CREATE TABLE latest_metrics(key VARCHAR(250), value FLOAT, timestamp BIGINT, step BIGINT, "
            "is_nan BOOLEAN,"
            " run_uuid VARCHAR(32), PRIMARY KEY(key, run_uuid));"
            "INSERT INTO experiments VALUES(0, 'Default', './mlruns/0', 'active'); BEGIN;");
        for (int i = 0; i <= 2000; ++i) {
            const auto id = "'" + runId(i) + "'";
            run("INSERT INTO runs VALUES(" + id +
                ", 'run', 'FINISHED', 1, 2, '', 'active', '', 0);"
                "INSERT INTO tags VALUES('mlflow.user', 'me', " +
                id + "), ('mlflow.runName', 'run', " + id +
                ");"
                "WITH RECURSIVE n(i) AS (VALUES(0) UNION ALL SELECT i + 1 FROM n WHERE i < 19) INSERT INTO "
                "params"
                " SELECT 'param_' || i, i * 0.1, " +
                id + " FROM n;");
            const auto points = [&](int metrics, int steps) {
                run("WITH RECURSIVE k(m) AS (VALUES(0) UNION ALL SELECT m + 1 FROM k WHERE m < " +
                    std::to_string(metrics - 1) +
                    "), n(i) AS (VALUES(0) UNION ALL SELECT i + 1 FROM n WHERE i < " +
                    std::to_string(steps - 1) +
                    ") INSERT INTO metrics SELECT 'metric_' || m, 1.0 / (i + 1.5), 1700000000000 + i, " + id +
                    ", i, 0 FROM n, k;");
            };
            i < 2000 ? points(10, 50) : points(1, 100'000);
            run("INSERT INTO latest_metrics SELECT key, value, max(timestamp), step, 0, run_uuid FROM "
                "metrics WHERE"
                " rowid > " +
                std::to_string(i * 500) + " GROUP BY key;");
        }
        run("COMMIT; CREATE INDEX index_metrics_run_uuid ON metrics(run_uuid);");
        sqlite3_close(db);
        return file;
    }();
    return made;
}

const sources::Format& mlflow() {
    for (const auto& format : sources::formats()) {
        if (format->name() == "mlflow") {
            return *format;
        }
    }
    std::abort();
}

void system(benchmark::State& state, const std::string& command) {
    for (auto _ : state) {
        if (std::system(command.c_str()) != 0) {
            state.SkipWithError("the peer failed");
        }
    }
}

void catFileStore(benchmark::State& state) {
    const auto list = scratch() / "files";
    const auto make = "find '" + fileStore().native() + "' -type f -print0 > '" + list.native() + "'";
    if (std::system(make.c_str()) != 0) {
        state.SkipWithError("find failed");
    }
    system(state, "xargs -0 cat < '" + list.native() + "' > /dev/null");
}
BENCHMARK(catFileStore)->Unit(benchmark::kMillisecond)->UseRealTime();

void readFileStore(benchmark::State& state) {
    std::size_t runs = 0;
    for (auto _ : state) {
        runs = mlflow().open(fileStore())->read({})->size();
    }
    state.counters["runs"] = static_cast<double>(runs);
}
BENCHMARK(readFileStore)->Unit(benchmark::kMillisecond)->UseRealTime();

void lookAgainAtFileStore(benchmark::State& state) {
    const auto reader = mlflow().open(fileStore());
    static_cast<void>(reader->read({}));
    for (auto _ : state) {
        benchmark::DoNotOptimize(reader->read({}));
    }
}
BENCHMARK(lookAgainAtFileStore)->Unit(benchmark::kMillisecond)->UseRealTime();

/// What MLflow itself would have to fetch for its table: no summaries of points but the latest.
void sqlite3Table(benchmark::State& state) {
    system(
        state,
        "sqlite3 -readonly '" + database().native() +
            "' 'SELECT * FROM runs; SELECT * FROM params; SELECT * FROM tags; SELECT * FROM latest_metrics' "
            "> /dev/null");
}
BENCHMARK(sqlite3Table)->Unit(benchmark::kMillisecond)->UseRealTime();

/// The summaries as SQL.
void sqlite3Summaries(benchmark::State& state) {
    system(state, "sqlite3 -readonly '" + database().native() +
                      "' 'SELECT sum(value), count(*) FROM metrics NOT INDEXED' > /dev/null");
}
BENCHMARK(sqlite3Summaries)->Unit(benchmark::kMillisecond)->UseRealTime();

void readDatabase(benchmark::State& state) {
    static_cast<void>(database());  // made at its first use, which is not to be measured
    std::size_t runs = 0;
    for (auto _ : state) {
        runs = mlflow().open(database())->read({})->size();
    }
    state.counters["runs"] = static_cast<double>(runs);
}
BENCHMARK(readDatabase)->Unit(benchmark::kMillisecond)->UseRealTime();

void sqlite3Curve(benchmark::State& state) {
    system(state, "sqlite3 -readonly '" + database().native() +
                      "' \"SELECT step, timestamp, value FROM metrics WHERE run_uuid = '" + runId(2000) +
                      "' AND +key = 'metric_0'\" > /dev/null");
}
BENCHMARK(sqlite3Curve)->Unit(benchmark::kMillisecond)->UseRealTime();

void readCurve(benchmark::State& state) {
    const auto reader = mlflow().open(database());
    std::size_t points = 0;
    for (auto _ : state) {
        points = reader->series(runId(2000), "metric_0", 0, {})->size();
    }
    state.counters["points"] = static_cast<double>(points);
}
BENCHMARK(readCurve)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
