// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/kept_run.h"

#include <QProcess>
#include <QtTest>

#include "runglass/store/database_holder.h"
#include "runglass/store/run_reader.h"
#include "support/test.h"

using namespace runglass;

namespace {

model::RunDetail someRun() {
    model::RunDetail detail;
    detail.record.id = RunId::generate();
    detail.record.name = "naïve";
    detail.record.experiment = Symbol("sweep");
    detail.record.source = Symbol("runglass");
    detail.record.status = model::RunStatus::Scheduled;
    detail.record.startTimeMs = 1'700'000'000'123;
    detail.record.git = {"0123abcd", "main", "4567", "https://example.org/x.git", true};
    detail.record.parent = RunId::generate();
    detail.record.params = {{Symbol("lr"), Symbol("3e-3")}, {Symbol("empty"), Symbol()}};
    detail.record.tags = {{Symbol("stage"), Symbol("dev")}};
    detail.record.sortKeys();
    detail.command = {"python3", "train.py", ""};
    detail.workingDirectory = "/data/project";
    model::Environment environment;
    environment.pythonVersion = "3.11.2";
    environment.packages = {{"numpy", "1.24.2"}, {"torch", "2.1"}};
    environment.variables = {{"HOME", "/home/ada"}};
    environment.withheld = {"API_KEY"};
    environment.hardware.cpuCount = 64;
    environment.hardware.memoryBytes = std::int64_t{1} << 40U;
    environment.hardware.gpus = {"NVIDIA H200, 143771 MiB"};
    detail.environment = environment;
    detail.configFiles = {{"conf.yaml", "aa", std::string("lr: 1\0x", 7)}};
    detail.datasets = {{"digits", "sha256:1", "data/digits.csv", "{}"}};
    detail.leftOut = {{"big.bin", std::int64_t{5} << 30U}};
    detail.note = "# why";
    detail.problems = {"Not in the snapshot: big.bin."};
    return detail;
}

}  // namespace

class TestKeptRun : public test::TestCase {
    Q_OBJECT

private Q_SLOTS:
    /// What is kept becomes the same run as one that is made at once.
    void becomesTheSameRun() {
        const auto detail = someRun();
        const auto decoded = store::decodeRun(store::encodeRun(detail));
        QVERIFY(decoded);
        const auto stored = [](const model::RunDetail& run) {
            const test::TempFolder folder;
            auto database = store::Database::open(folder.path(), store::OpenMode::ReadWrite);
            store::RunWriter writer(*database);
            for (int twice = 0; twice < 2; ++twice) {
                if (!store::makeKeptRun(writer, *database, run).ok()) {
                    qFatal("the run cannot be made");
                }
            }
            return *store::RunReader(*database).detail(run.record.id);
        };
        const auto expected = stored(detail);
        const auto actual = stored(*decoded);
        QCOMPARE(actual.record.number, std::int64_t{1});  // made once
        QCOMPARE(actual.record.name, expected.record.name);
        QCOMPARE(actual.record.experiment.text(), std::string_view("sweep"));
        QVERIFY(actual.record.status == model::RunStatus::Scheduled);
        QVERIFY(actual.record.startTimeMs == expected.record.startTimeMs);
        QVERIFY(actual.record.git == detail.record.git);
        QVERIFY(actual.record.parent == detail.record.parent);
        QVERIFY(actual.record.params == expected.record.params && actual.record.params.size() == 2);
        QVERIFY(actual.record.tags == expected.record.tags && actual.record.tags.size() == 1);
        QVERIFY(actual.command == detail.command);
        QCOMPARE(actual.workingDirectory, detail.workingDirectory);
        QVERIFY(actual.environment && actual.environment->packages == detail.environment->packages);
        QVERIFY(actual.environment->hardware == detail.environment->hardware);
        QVERIFY(actual.environment->variables == detail.environment->variables);
        QVERIFY(actual.environment->withheld == detail.environment->withheld);
        QVERIFY(actual.configFiles.size() == 1 &&
                actual.configFiles.front().content == detail.configFiles.front().content);
        QVERIFY(actual.datasets.size() == 1 && actual.datasets.front().digest == "sha256:1");
        QVERIFY(actual.leftOut.size() == 1 && actual.leftOut.front().size == std::int64_t{5} << 30U);
        QCOMPARE(actual.note, detail.note);
        QVERIFY(actual.problems == detail.problems);
    }

    void whatIsCutOffOrForeignIsNoRun() {
        const auto bytes = store::encodeRun(someRun());
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            QVERIFY2(!store::decodeRun(ByteView(bytes).first(size)), std::to_string(size).c_str());
        }
        auto foreign = bytes;
        foreign.front() = 1;  // a change of a run
        QVERIFY(!store::decodeRun(foreign));
    }

    void whoHoldsTheDatabase() {
        const test::TempFolder folder;
        QVERIFY(store::Database::open(folder.path(), store::OpenMode::ReadWrite).ok());
        QCOMPARE(store::databaseHolder(folder.path()), std::string());
        QProcess holder;
        holder.start(QStringLiteral("/usr/bin/python3"),
                     {QStringLiteral("-c"),
                      QString::fromLatin1("import sqlite3, sys\n"
                                          "c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
                                          "c.execute('BEGIN IMMEDIATE')\n"
                                          "print('held', flush=True)\n"
                                          "sys.stdin.read()\n"),
                      QString::fromStdString((folder.path() / ".runglass" / "runs.db").native())});
        QVERIFY(holder.waitForReadyRead());
        const auto name = store::databaseHolder(folder.path());
        QVERIFY2(name.ends_with("(process " + std::to_string(holder.processId()) + ")"), name.c_str());
        QVERIFY2(name.starts_with("python3"), name.c_str());
        holder.closeWriteChannel();
        QVERIFY(holder.waitForFinished());
        QCOMPARE(store::databaseHolderOrUnknown(folder.path()), std::string("another program"));
    }
};

QTEST_GUILESS_MAIN(TestKeptRun)
#include "tst_kept_run.moc"
