// SPDX-License-Identifier: GPL-3.0-or-later
// The run database beside its peers, in the same run: (a) one SQLite row a point, (b) the same bytes written
// to and read from a plain file. Prints one line a measurement; `bench_store [filter]`.
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ctime>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <string>
#include <thread>

#include "runglass/store/layout.h"
#include "runglass/store/run_reader.h"
#include "runglass/store/run_writer.h"

using namespace runglass;
using namespace runglass::store;

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr int kRepeats = 5;
constexpr std::size_t kPoints = 1'000'000;
constexpr std::size_t kKeys = 20;
constexpr std::size_t kBatch = 1000;

/// Where others use the machine, wall time says little: with `cpu` as second argument, the processor time of
/// this process is measured instead, for ours and for the peers.
bool g_cpuTime = false;

double now() {
    struct timespec time {};
    clock_gettime(g_cpuTime ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double secondsOf(const std::function<void()>& work) {
    const double start = now();
    work();
    return now() - start;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

template <typename T>
T orDie(Result<T> result) {
    if (!result.ok()) {
        std::fprintf(stderr, "%s %s\n", result.error().message.c_str(), result.error().detail.c_str());
        std::abort();
    }
    if constexpr (!std::is_void_v<T>) {
        return std::move(result).value();
    }
}

class Folder {
public:
    Folder()
        : m_path(fs::temp_directory_path() / ("runglass-bench-" + RunId::generate().hex())) {
        fs::create_directories(m_path);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { fs::remove_all(m_path); }
    [[nodiscard]] const fs::path& path() const { return m_path; }

private:
    fs::path m_path;
};

enum class Values { FullEntropy, NoisyLoss, WasFloat };

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

/// Steps 0, 1, 2 …, times about 10 ms apart with jitter.
model::Series makeSeries(std::size_t count, Values kind, unsigned seed = 1) {
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

/// Points of kKeys interleaved metrics.
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

double appendOurs(const fs::path& folder, const std::vector<MetricPoint>& points, RunId* id = nullptr) {
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

// ---- peers ----

struct RowPeer {
    sqlite3* db = nullptr;
    explicit RowPeer(const fs::path& file, const char* schema) {
        sqlite3_open(file.c_str(), &db);
        execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL");
        execute(schema);
    }
    RowPeer(const RowPeer&) = delete;
    RowPeer& operator=(const RowPeer&) = delete;
    ~RowPeer() { sqlite3_close(db); }
    void execute(const char* sql) const {
        if (sqlite3_exec(db, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
            std::fprintf(stderr, "%s\n", sqlite3_errmsg(db));
            std::abort();
        }
    }
    void append(const std::vector<MetricPoint>& points, const std::vector<std::string>& keys) const {
        sqlite3_stmt* insert = nullptr;
        sqlite3_prepare_v2(db, "INSERT INTO point VALUES(?,?,?,?,?)", -1, &insert, nullptr);
        for (std::size_t i = 0; i < points.size(); ++i) {
            if (i % kBatch == 0) {
                execute("BEGIN IMMEDIATE");
            }
            const auto& p = points[i].point;
            sqlite3_bind_int64(insert, 1, 1);
            sqlite3_bind_int64(insert, 2, static_cast<sqlite3_int64>(i % keys.size()));
            sqlite3_bind_int64(insert, 3, p.step);
            sqlite3_bind_int64(insert, 4, p.timeMs);
            sqlite3_bind_double(insert, 5, p.value);
            if (sqlite3_step(insert) != SQLITE_DONE) {
                std::fprintf(stderr, "%s\n", sqlite3_errmsg(db));
                std::abort();
            }
            sqlite3_reset(insert);
            if (i % kBatch == kBatch - 1 || i + 1 == points.size()) {
                execute("COMMIT");
            }
        }
        sqlite3_finalize(insert);
    }
    [[nodiscard]] model::Series read(int key) const {
        sqlite3_stmt* select = nullptr;
        sqlite3_prepare_v2(db, "SELECT step, time, value FROM point WHERE run = 1 AND key = ? ORDER BY step",
                           -1, &select, nullptr);
        sqlite3_bind_int(select, 1, key);
        model::Series series;
        while (sqlite3_step(select) == SQLITE_ROW) {
            series.push({sqlite3_column_int64(select, 0), sqlite3_column_int64(select, 1),
                         sqlite3_column_double(select, 2)});
        }
        sqlite3_finalize(select);
        return series;
    }
};

constexpr const char* kRowIndex =
    "CREATE TABLE point(run INTEGER, key INTEGER, step INTEGER, time INTEGER, value REAL);"
    "CREATE INDEX point_key ON point(run, key, step)";
constexpr const char* kWithoutRowId =
    "CREATE TABLE point(run INTEGER, key INTEGER, step INTEGER, time INTEGER, value REAL,"
    "PRIMARY KEY(run, key, step)) WITHOUT ROWID";

void benchAppend() {
    const auto keys = keyNames(kKeys);
    for (const auto kind : {Values::FullEntropy, Values::NoisyLoss, Values::WasFloat}) {
        const auto points = interleaved(keys, kind);
        std::vector<double> ours;
        std::vector<double> indexed;
        std::vector<double> clustered;
        std::vector<double> plain;
        for (int i = 0; i < kRepeats; ++i) {
            const Folder folder;
            ours.push_back(appendOurs(folder.path(), points));
            const RowPeer a(folder.path() / "a.db", kRowIndex);
            indexed.push_back(secondsOf([&] { a.append(points, keys); }));
            const RowPeer b(folder.path() / "b.db", kWithoutRowId);
            clustered.push_back(secondsOf([&] { b.append(points, keys); }));
            plain.push_back(secondsOf([&] {
                std::ofstream out(folder.path() / "plain", std::ios::binary);
                for (std::size_t at = 0; at < points.size(); at += kBatch) {
                    std::vector<model::Point> raw;
                    for (std::size_t j = at; j < at + kBatch; ++j) {
                        raw.push_back(points[j].point);
                    }
                    out.write(reinterpret_cast<const char*>(raw.data()),
                              static_cast<std::streamsize>(raw.size() * sizeof raw[0]));
                    out.flush();
                }
            }));
        }
        const double own = median(ours);
        std::printf(
            "append, 1000 a transaction, 20 keys, %-24s ours %5.2f M/s | rows+index %5.2f M/s (%4.1fx) | "
            "WITHOUT ROWID %5.2f M/s (%4.1fx) | plain write %6.1f M/s (ours %.2f of it)\n",
            nameOf(kind), 1 / own, 1 / median(indexed), median(indexed) / own, 1 / median(clustered),
            median(clustered) / own, 1 / median(plain), median(plain) / own);
        std::fflush(stdout);
    }
}

void benchRead() {
    const std::vector<std::string> keys{"loss"};
    for (const auto kind : {Values::FullEntropy, Values::NoisyLoss, Values::WasFloat}) {
        const auto points = interleaved(keys, kind);
        const Folder folder;
        RunId id;
        appendOurs(folder.path(), points, &id);
        const RowPeer a(folder.path() / "a.db", kRowIndex);
        a.append(points, keys);
        const RowPeer b(folder.path() / "b.db", kWithoutRowId);
        b.append(points, keys);
        {
            const auto series = makeSeries(kPoints, kind);
            std::ofstream out(folder.path() / "plain", std::ios::binary);
            for (const auto* column : {series.steps.data(), series.timesMs.data()}) {
                out.write(reinterpret_cast<const char*>(column), kPoints * 8);
            }
            out.write(reinterpret_cast<const char*>(series.values.data()), kPoints * 8);
        }
        std::vector<double> ours;
        std::vector<double> indexed;
        std::vector<double> clustered;
        std::vector<double> plain;
        for (int i = 0; i < kRepeats; ++i) {
            auto database = orDie(Database::open(folder.path(), OpenMode::ReadOnly));
            RunReader reader(database);
            ours.push_back(secondsOf([&] {
                if (orDie(reader.series(id, "loss")).size() != kPoints) {
                    std::abort();
                }
            }));
            indexed.push_back(secondsOf([&] { (void)a.read(0); }));
            clustered.push_back(secondsOf([&] { (void)b.read(0); }));
            plain.push_back(secondsOf([&] {
                std::ifstream in(folder.path() / "plain", std::ios::binary);
                model::Series series;
                for (auto* column : {&series.steps, &series.timesMs}) {
                    column->resize(kPoints);
                    in.read(reinterpret_cast<char*>(column->data()), kPoints * 8);
                }
                series.values.resize(kPoints);
                in.read(reinterpret_cast<char*>(series.values.data()), kPoints * 8);
            }));
        }
        const double own = median(ours);
        std::printf(
            "read a series of 1M, %-24s ours %6.1f M/s | rows+index %5.2f M/s (%4.1fx) | WITHOUT ROWID %5.2f "
            "M/s (%4.1fx) | plain read %6.1f M/s (ours %.2f of it)\n",
            nameOf(kind), 1 / own, 1 / median(indexed), median(indexed) / own, 1 / median(clustered),
            median(clustered) / own, 1 / median(plain), median(plain) / own);
        std::fflush(stdout);
    }
}

std::uintmax_t databaseSize(const fs::path& project) {
    return fs::file_size(Layout(project).database());  // the log has been checkpointed and is gone by then
}

void benchSize() {
    for (const auto kind : {Values::FullEntropy, Values::NoisyLoss, Values::WasFloat}) {
        for (const std::size_t keyCount : {std::size_t{1}, kKeys}) {
            const auto points = interleaved(keyNames(keyCount), kind);
            const Folder folder;
            appendOurs(folder.path(), points);
            std::printf("size on disk, 1M points, %2zu keys, %-24s %.2f bytes a point\n", keyCount,
                        nameOf(kind), static_cast<double>(databaseSize(folder.path())) / kPoints);
        }
    }
}

void fillRuns(const fs::path& folder, int count) {
    auto database = orDie(Database::open(folder, OpenMode::ReadWrite));
    RunWriter writer(database);
    std::mt19937_64 random(7);
    const auto metrics = keyNames(20);
    orDie(writer.transaction([&]() -> Result<void> {
        for (int i = 0; i < count; ++i) {
            model::RunDetail detail;
            auto& record = detail.record;
            record.id = RunId::generate();
            record.name = "run-" + std::to_string(i);
            record.experiment = Symbol("experiment-" + std::to_string(i % 10));
            record.status = model::RunStatus::Finished;
            record.startTimeMs = 1'700'000'000'000 + i;
            record.git.commit = std::string(40, 'a');
            record.git.branch = "main";
            record.git.snapshot = RunId::generate().hex() + "01234567";
            for (int p = 0; p < 30; ++p) {
                // A third of the params differ in every run, as in a random search.
                const auto value =
                    p % 3 == 0 ? std::to_string(random() % 1'000'000'000) : std::to_string(random() % 20);
                record.params.push_back({Symbol("param_" + std::to_string(p)), Symbol(value)});
            }
            RUNGLASS_TRY(writer.createRun(detail));
            std::vector<MetricPoint> points;
            for (std::int64_t step = 0; step < 2; ++step) {
                for (const auto& key : metrics) {
                    points.push_back(
                        {key,
                         {step, 1'700'000'000'000 + step, static_cast<double>(random() % 1'000'003) / 1e6}});
                }
            }
            RUNGLASS_TRY(writer.appendPoints(record.id, points));
        }
        return {};
    }));
}

/// Each opening in a process of its own, where no name has been interned yet.
void benchRunTable(int count) {
    const Folder folder;
    const int self = fork();
    if (self == 0) {
        fillRuns(folder.path(), count);
        _exit(0);
    }
    waitpid(self, nullptr, 0);
    for (int i = 0; i < kRepeats; ++i) {
        std::fflush(stdout);
        const int child = fork();
        if (child == 0) {
            std::size_t runs = 0;
            model::SharedRunTable table;
            const double seconds = secondsOf([&] {
                auto database = orDie(Database::open(folder.path(), OpenMode::ReadOnly));
                table = orDie(RunReader(database).runTable());
                runs = table->runs.size();
            });
            auto database = orDie(Database::open(folder.path(), OpenMode::ReadWrite));
            const auto id = table->runs[runs / 2]->id;
            orDie(RunWriter(database).setStarred(id, true));
            RunChanges changes;
            const double read =
                secondsOf([&] { changes = orDie(RunReader(database).changesSince(table->revision)); });
            const double apply = secondsOf([&] { table = RunReader::apply(table, changes); });
            const double find = secondsOf([&] { (void)table->find(id); });
            struct rusage usage {};
            getrusage(RUSAGE_SELF, &usage);
            std::printf(
                "run table, %6zu runs x 30 params x 20 metrics: open and load %7.1f ms | one changed run: "
                "read "
                "%.3f ms, apply %.3f ms | find %.4f ms | %ld MB resident, database %.0f MB\n",
                runs, seconds * 1e3, read * 1e3, apply * 1e3, find * 1e3, usage.ru_maxrss / 1024,
                static_cast<double>(databaseSize(folder.path())) / 1e6);
            std::fflush(stdout);
            _exit(0);
        }
        waitpid(child, nullptr, 0);
    }
}

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
        worst = std::max(worst, secondsOf([&] { orDie(writer.appendPoints(id, points)); }));
    }
    std::printf("  writer %d: longest append %.1f ms\n", index, worst * 1e3);
    std::fflush(stdout);
    return 0;
}

void benchConcurrent(int seconds) {
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
        }));
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

}  // namespace

int main(int argc, char** argv) {
    const std::string wanted = argc > 1 ? argv[1] : "";
    g_cpuTime = argc > 2 && std::string_view(argv[2]) == "cpu";
    const auto runs = [&](const char* name) { return wanted.empty() || wanted == name; };
    if (runs("append")) {
        benchAppend();
    }
    if (runs("read")) {
        benchRead();
    }
    if (runs("size")) {
        benchSize();
    }
    if (runs("table")) {
        benchRunTable(10'000);
        benchRunTable(100'000);
    }
    if (runs("concurrent")) {
        benchConcurrent(10);
    }
    return 0;
}
