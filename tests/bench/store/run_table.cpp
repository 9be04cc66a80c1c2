// SPDX-License-Identifier: GPL-3.0-or-later
// The run table: opening a database and having all of its runs in memory, and one changed run.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>

#include "measurements.h"
#include "runglass/store/run_reader.h"
#include "support.h"

namespace runglass::bench {

namespace fs = std::filesystem;
using namespace store;

namespace {

void fillRuns(const fs::path& folder, int count) {
    auto database = orDie(Database::open(folder, OpenMode::ReadWrite));
    RunWriter writer(database);
    std::mt19937_64 random(7);
    const auto metrics = keyNames(kKeys);
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

}  // namespace

/// Each opening in a process of its own, where no name has been interned yet.
void measureRunTable(int count) {
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
            const Seconds seconds = secondsOf([&] {
                auto database = orDie(Database::open(folder.path(), OpenMode::ReadOnly));
                table = orDie(RunReader(database).runTable());
                runs = table->runs.size();
            });
            auto database = orDie(Database::open(folder.path(), OpenMode::ReadWrite));
            const auto id = table->runs[runs / 2]->id;
            orDie(RunWriter(database).setStarred(id, true));
            RunChanges changes;
            const auto read =
                secondsOf([&] { changes = orDie(RunReader(database).changesSince(table->revision)); });
            const auto apply = secondsOf([&] { table = RunReader::apply(table, changes); });
            const auto find = secondsOf([&] { (void)table->find(id); });
            struct rusage usage {};
            getrusage(RUSAGE_SELF, &usage);
            std::printf(
                "run table, %6zu runs x 30 params x 20 metrics: open and load %7.1f ms (cpu %7.1f) | one "
                "changed run: "
                "read "
                "%.3f ms, apply %.3f ms | find %.4f ms | %ld MB resident, database %.0f MB\n",
                runs, seconds.wall * 1e3, seconds.cpu * 1e3, read.wall * 1e3, apply.wall * 1e3,
                find.wall * 1e3, usage.ru_maxrss / 1024,
                static_cast<double>(databaseSize(folder.path())) / 1e6);
            std::fflush(stdout);
            _exit(0);
        }
        waitpid(child, nullptr, 0);
    }
}

}  // namespace runglass::bench
