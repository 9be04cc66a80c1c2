// SPDX-License-Identifier: GPL-3.0-or-later
// Several processes at one database, and processes that die at any moment.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cmath>
#include <functional>
#include <random>
#include <thread>

#include "runglass/store/integrity.h"
#include "runglass/store/run_reader.h"
#include "runglass/store/run_writer.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::store;

namespace {

constexpr std::array kKeys{"loss", "acc", "lr"};

model::Point pointAt(std::int64_t i) {
    return {i, 1'700'000'000'000 + i * 3, std::sqrt(static_cast<double>(i) * 1.7 + 0.1)};
}

Result<void> makeRun(RunWriter& writer, const std::string& name) {
    model::RunDetail detail;
    detail.record.id = RunId::derive(name);
    detail.record.name = name;
    detail.record.status = model::RunStatus::Running;
    auto made = writer.createRun(detail);
    return made.ok() ? Result<void>() : Result<void>(made.error());
}

std::vector<MetricPoint> batchFrom(std::int64_t first, std::int64_t count) {
    std::vector<MetricPoint> points;
    for (std::int64_t i = first; i < first + count; ++i) {
        for (const char* key : kKeys) {
            points.push_back({key, pointAt(i)});
        }
    }
    return points;
}

/// Runs `body` in a process of its own; its result is the exit status.
pid_t startProcess(const std::function<int()>& body) {
    const pid_t child = fork();
    if (child == 0) {
        _exit(body());
    }
    return child;
}

int waitFor(pid_t child) {
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int failed(const Error& error) {
    std::fprintf(stderr, "%s\n", test::describe(error).c_str());
    return 1;
}

int writeBatches(const std::filesystem::path& project, const std::string& name, int batches, int size) {
    auto database = Database::open(project, OpenMode::ReadWrite);
    if (!database.ok()) {
        return failed(database.error());
    }
    RunWriter writer(database.value());
    if (auto made = makeRun(writer, name); !made.ok()) {
        return failed(made.error());
    }
    for (int i = 0; i < batches; ++i) {
        if (auto done = writer.appendPoints(RunId::derive(name), batchFrom(std::int64_t{i} * size, size));
            !done.ok()) {
            return failed(done.error());
        }
    }
    return 0;
}

/// The points are those that were written, without a gap; the number of them, or −1.
std::int64_t prefixLength(const model::Series& series) {
    for (std::size_t i = 0; i < series.size(); ++i) {
        if (!(series.at(i) == pointAt(static_cast<std::int64_t>(i)))) {
            return -1;
        }
    }
    return static_cast<std::int64_t>(series.size());
}

}  // namespace

class TestConcurrency : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void manyProcessesMakeTheDatabaseAtOnce() {
        const test::TempFolder folder;
        std::vector<pid_t> children;
        for (int i = 0; i < 8; ++i) {
            children.push_back(
                startProcess([&] { return writeBatches(folder.path(), "run " + std::to_string(i), 3, 5); }));
        }
        for (const auto child : children) {
            QCOMPARE(waitFor(child), 0);
        }
        auto database = Database::open(folder.path(), OpenMode::ReadOnly);
        const auto table = RunReader(database.value()).runTable().value();
        QCOMPARE(table->runs.size(), std::size_t{8});
        for (std::size_t i = 0; i < 8; ++i) {
            QCOMPARE(table->runs[i]->number, static_cast<std::int64_t>(i + 1));
        }
    }

    void writersAndAReader() {
        constexpr int kBatches = 150;
        constexpr int kSize = 167;  // of three metrics: about 500 points a transaction
        const test::TempFolder folder;
        VERIFY_OK(Database::open(folder.path(), OpenMode::ReadWrite));
        std::vector<pid_t> children;
        for (int i = 0; i < 4; ++i) {
            children.push_back(startProcess(
                [&] { return writeBatches(folder.path(), "run " + std::to_string(i), kBatches, kSize); }));
        }
        auto database = Database::open(folder.path(), OpenMode::ReadOnly);
        RunReader reader(database.value());
        auto table = reader.runTable().value();
        bool running = true;
        while (running) {
            running = false;
            for (const auto child : children) {
                siginfo_t info{};
                running = (waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
                           info.si_pid == 0) ||
                          running;
            }
            const auto changes = reader.changesSince(table->revision);
            VERIFY_OK(changes);
            table = RunReader::apply(table, *changes);
            for (const auto& run : table->runs) {
                if (const auto* summary = run->metric(Symbol("acc"))) {
                    const auto series = reader.series(run->id, "acc");
                    VERIFY_OK(series);
                    QVERIFY(prefixLength(*series) >= static_cast<std::int64_t>(summary->count));
                }
            }
        }
        for (const auto child : children) {
            QCOMPARE(waitFor(child), 0);
        }
        table = RunReader::apply(table, reader.changesSince(table->revision).value());
        QCOMPARE(table->runs.size(), std::size_t{4});
        for (const auto& run : table->runs) {
            for (const char* key : kKeys) {
                QCOMPARE(prefixLength(reader.series(run->id, key).value()), std::int64_t{kBatches} * kSize);
            }
        }
        QVERIFY(checkIntegrity(folder.path()).value().clean());
    }

    void twoWritersOfOneRun() {
        // What a writer remembers of a run must give way when another process writes to it.
        const test::TempFolder folder;
        auto a = Database::open(folder.path(), OpenMode::ReadWrite);
        auto b = Database::open(folder.path(), OpenMode::ReadWrite);
        RunWriter first(a.value());
        RunWriter second(b.value());
        VERIFY_OK(makeRun(first, "shared"));
        const auto id = RunId::derive("shared");
        std::int64_t next = 0;
        for (int i = 0; i < 300; ++i) {
            const std::int64_t size = 1 + i % 90;
            VERIFY_OK((i % 3 == 0 ? second : first).appendPoints(id, batchFrom(next, size)));
            next += size;
        }
        QCOMPARE(prefixLength(RunReader(a.value()).series(id, "lr").value()), next);
        QVERIFY(checkIntegrity(folder.path()).value().clean());
    }

    /// A writer acknowledges each append through a pipe and is killed at a random moment, 200 times.
    void killedWriterLosesNothingAcknowledged() {
        const test::TempFolder folder;
        VERIFY_OK(Database::open(folder.path(), OpenMode::ReadWrite));
        std::mt19937 random(20261121);
        for (int round = 0; round < 200; ++round) {
            const std::string name = "run " + std::to_string(round % 10);  // later rounds go on with a run
            int pipe[2];
            QCOMPARE(::pipe(pipe), 0);
            const auto child = startProcess([&] {
                ::close(pipe[0]);
                auto database = Database::open(folder.path(), OpenMode::ReadWrite);
                RunWriter writer(database.value());
                (void)makeRun(writer, name);
                const auto before = RunReader(database.value()).series(RunId::derive(name), "loss");
                std::int64_t next = before.ok() ? static_cast<std::int64_t>(before->size()) : 0;
                for (std::int64_t i = 0;; ++i) {
                    const std::int64_t size = 1 + (i * 37) % 400;
                    if (auto done = writer.appendPoints(RunId::derive(name), batchFrom(next, size));
                        !done.ok()) {
                        return failed(done.error());
                    }
                    next += size;
                    if (::write(pipe[1], &next, sizeof next) != sizeof next) {
                        return 1;
                    }
                }
            });
            ::close(pipe[1]);
            std::this_thread::sleep_for(std::chrono::microseconds(random() % 30'000));
            QCOMPARE(::kill(child, SIGKILL), 0);
            std::int64_t acknowledged = 0;
            std::int64_t read = 0;
            while (::read(pipe[0], &read, sizeof read) == sizeof read) {
                acknowledged = read;
            }
            ::close(pipe[0]);
            QCOMPARE(waitFor(child), 128 + SIGKILL);
            auto database = Database::open(folder.path(), OpenMode::ReadOnly);
            VERIFY_OK(database);
            const auto series = RunReader(database.value()).series(RunId::derive(name), "loss");
            const auto found = series.ok() ? prefixLength(*series) : 0;
            QVERIFY2(found >= acknowledged,
                     qPrintable(QStringLiteral("%1 < %2").arg(found).arg(acknowledged)));
        }
        const auto checked = checkIntegrity(folder.path());
        VERIFY_OK(checked);
        QVERIFY2(checked->clean(), checked->clean() ? "" : checked->findings[0].message.c_str());
        QVERIFY(checked->points > 0);
    }
};

QTEST_GUILESS_MAIN(TestConcurrency)
#include "tst_concurrency.moc"
