// SPDX-License-Identifier: GPL-3.0-or-later
// Files of every family of formats while their tools write them: half a record is waited for, a file that
// grew costs what was added, one that was cut off or replaced is read anew. Costs are counted in bytes.
#include <algorithm>
#include <fstream>

#include "event_writer.h"
#include "foreign_sqlite.h"
#include "level_log_writer.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/sources/catalogue.h"
#include "support/test.h"

using namespace runglass;
using test::Message;

namespace {

/// A metric `m` with the points 0, 1, 2 … in the file of a tool. The file of n points begins with that of
/// fewer.
struct Family {
    const char* name;
    const char* file;
    std::string (*content)(int points);
    void (*around)(const test::TempFolder& project);  ///< what else the tool leaves
};

std::string eventFile(int points) {
    std::string file = test::versionRecord(1.6e9);
    for (int i = 0; i < points; ++i) {
        file += test::scalarRecord("m", i, static_cast<float>(i));
    }
    return file;
}

std::string table(int points) {
    std::string file = "epoch,m\n";
    for (int i = 0; i < points; ++i) {
        file += std::to_string(i) + "," + std::to_string(i) + ".0\n";
    }
    return file;
}

std::string wandbLog(int points) {
    auto log = test::LevelLogWriter::wandb();
    log.record(Message().message(17, Message().text(1, "abc123").text(3, "vision")));
    for (int i = 0; i < points; ++i) {
        Message row;
        row.message(1, Message().text(1, "m").text(16, std::to_string(i)));
        row.message(1, Message().text(1, "_step").text(16, std::to_string(i)));
        log.record(Message().message(2, row));
    }
    return log.bytes();
}

std::string mlflowMetric(int points) {
    std::string file;
    for (int i = 0; i < points; ++i) {
        file += std::to_string(1'700'000'000'000 + i) + " " + std::to_string(i) + ".0 " + std::to_string(i) +
                "\n";
    }
    return file;
}

constexpr const char* kRun = "mlruns/0/00112233445566778899aabbccddeeff/";

const Family kFamilies[] = {
    {"event files", "logs/events.out.tfevents.1600000000.host", eventFile, [](const auto&) {}},
    {"CSV", "logs/history.csv", table, [](const auto&) {}},
    {"W&B", "wandb/run-20240102_030405-abc123/run-abc123.wandb", wandbLog, [](const auto&) {}},
    {"MLflow", "mlruns/0/00112233445566778899aabbccddeeff/metrics/m", mlflowMetric,
     [](const test::TempFolder& project) {
         project.write("mlruns/0/meta.yaml", "experiment_id: '0'\nname: Default\nlifecycle_stage: active\n");
         project.write(std::string(kRun) + "meta.yaml",
                       "run_id: 00112233445566778899aabbccddeeff\nstatus: 1\nstart_time: 1\n");
     }},
};

void append(const std::filesystem::path& file, std::string_view bytes) {
    std::ofstream(file, std::ios::app | std::ios::binary) << bytes;
}

/// What this process has read from files so far; proc(5).
std::uint64_t bytesRead() {
    const auto io = readFile("/proc/self/io", 4096);
    const auto at = io ? io->find("rchar: ") : std::string::npos;
    return at == std::string::npos
               ? 0
               : static_cast<std::uint64_t>(*parseInt(io->substr(at + 7, io->find('\n', at) - at - 7)));
}

struct Followed {
    explicit Followed(const std::filesystem::path& project, std::size_t watches = 0)
        : catalogue({.project = project, .cache = false, .threads = 1, .watches = watches}) {
        catalogue.load();
        catalogue.refresh();
    }
    /// Points of `m` as the table has them after a look at what changed; −1 where there is no run.
    [[nodiscard]] std::int64_t count() {
        const auto runs = catalogue.refresh();
        if (runs->runs.size() != 1) {
            return -1;
        }
        const auto* m = runs->runs[0]->metric(Symbol("m"));
        return m == nullptr ? 0 : static_cast<std::int64_t>(m->count);
    }
    [[nodiscard]] double last() const {
        const auto* m = catalogue.runs()->runs.at(0)->metric(Symbol("m"));
        return m == nullptr ? -1 : m->last;
    }
    [[nodiscard]] std::size_t points() const {
        const auto series = catalogue.series(catalogue.runs()->runs.at(0)->id, "m");
        return series ? series->size() : 0;
    }

    sources::Catalogue catalogue;
};

/// The database of an MLflow server: its two tables that matter here, and the ones that make it one.
void makeDatabase(const test::ForeignSqlite& server, int points) {
    server.run(R"(
        PRAGMA journal_mode = DELETE;
        CREATE TABLE alembic_version (version_num TEXT);
        CREATE TABLE experiments (experiment_id INTEGER PRIMARY KEY, name TEXT, artifact_location TEXT,
                                  lifecycle_stage TEXT);
        CREATE TABLE runs (run_uuid TEXT PRIMARY KEY, name TEXT, source_type TEXT, source_name TEXT,
                           entry_point_name TEXT, user_id TEXT, status TEXT, start_time BIGINT,
                           end_time BIGINT, source_version TEXT, lifecycle_stage TEXT, artifact_uri TEXT,
                           experiment_id INTEGER);
        CREATE TABLE metrics (key TEXT, value REAL, timestamp BIGINT, run_uuid TEXT, step BIGINT DEFAULT 0,
                              is_nan BOOLEAN DEFAULT 0, PRIMARY KEY (key, timestamp, step, run_uuid, value, is_nan));
        CREATE TABLE params (key TEXT, value TEXT, run_uuid TEXT);
        CREATE TABLE tags (key TEXT, value TEXT, run_uuid TEXT);
        CREATE TABLE latest_metrics (key TEXT, value REAL, timestamp BIGINT, step BIGINT, is_nan BOOLEAN,
                                     run_uuid TEXT, PRIMARY KEY (key, run_uuid));
        INSERT INTO experiments VALUES (0, 'Default', '', 'active');
        INSERT INTO runs VALUES ('00112233445566778899aabbccddeeff', 'r', '', '', '', '', 'RUNNING', 1, NULL,
                                 '', 'active', '', 0);)");
    server.run("WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT " +
               std::to_string(points) +
               ") INSERT INTO metrics SELECT 'm', i, 1700000000000 + i, "
               "'00112233445566778899aabbccddeeff', i, 0 FROM n;");
}

std::string insertPoint(int i) {
    const auto n = std::to_string(i);
    return "INSERT INTO metrics VALUES ('m', " + n + ", 1700000000000 + " + n +
           ", '00112233445566778899aabbccddeeff', " + n + ", 0);";
}

}  // namespace

class TestLive : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void halfRecordsCutsAndReplacements_data() {
        QTest::addColumn<int>("family");
        QTest::addColumn<bool>("announced");
        for (std::size_t i = 0; i < std::size(kFamilies); ++i) {
            QTest::addRow("%s", kFamilies[i].name) << static_cast<int>(i) << true;
            QTest::addRow("%s, by looking", kFamilies[i].name) << static_cast<int>(i) << false;
        }
    }
    void halfRecordsCutsAndReplacements() {
        QFETCH(const int, family);
        QFETCH(const bool, announced);
        const auto& tool = kFamilies[family];
        const test::TempFolder project;
        tool.around(project);
        const auto five = tool.content(5);
        const auto file = project.write(tool.file, five);
        Followed followed(project.path(), announced ? 0 : 1);
        QCOMPARE(followed.catalogue.runs()->polling, !announced);
        QCOMPARE(followed.count(), 5);

        const auto six = tool.content(6);
        const auto half = five.size() + (six.size() - five.size()) / 2;
        append(file, std::string_view(six).substr(five.size(), half - five.size()));
        QCOMPARE(followed.count(), 5);
        QCOMPARE(followed.points(), std::size_t{5});
        append(file, std::string_view(six).substr(half));
        QCOMPARE(followed.count(), 6);
        QCOMPARE(followed.last(), 5.0);
        QCOMPARE(followed.points(), std::size_t{6});

        std::filesystem::resize_file(file, tool.content(2).size());
        QCOMPARE(followed.count(), 2);
        QCOMPARE(followed.last(), 1.0);
        QCOMPARE(followed.points(), std::size_t{2});

        // Another file under the same name, larger than the one before.
        const auto other = project.write("elsewhere", tool.content(9));
        std::filesystem::rename(other, file);
        QCOMPARE(followed.count(), 9);
        QCOMPARE(followed.points(), std::size_t{9});

        std::filesystem::remove(file);
        QVERIFY(followed.count() <= 0);
    }

    void aGrowingFileCostsWhatWasAdded_data() {
        QTest::addColumn<int>("family");
        for (std::size_t i = 0; i < std::size(kFamilies); ++i) {
            QTest::addRow("%s", kFamilies[i].name) << static_cast<int>(i);
        }
    }
    void aGrowingFileCostsWhatWasAdded() {
        if (bytesRead() == 0) {
            QSKIP("This kernel does not count what a process reads.");
        }
        QFETCH(const int, family);
        const auto& tool = kFamilies[family];
        constexpr int kMany = 20'000;
        const test::TempFolder project;
        tool.around(project);
        const auto before = tool.content(kMany);
        const auto file = project.write(tool.file, before);
        QVERIFY(before.size() > 250'000);
        Followed followed(project.path());
        QCOMPARE(followed.count(), kMany);
        QCOMPARE(followed.points(), std::size_t{kMany});
        const auto after = tool.content(kMany + 100);
        append(file, std::string_view(after).substr(before.size()));
        const auto from = bytesRead();
        QCOMPARE(followed.count(), kMany + 100);
        const auto cost = bytesRead() - from;
        // What was added, and what a look at a folder costs whatever the files have: their heads.
        constexpr std::uint64_t kLook = 80'000;
        const auto added = after.size() - before.size();
        QVERIFY2(cost < added + kLook, qPrintable(QString::number(cost)));
        const auto id = followed.catalogue.runs()->runs[0]->id;
        const auto again = bytesRead();
        QCOMPARE(followed.catalogue.series(id, "m", kMany)->size(), std::size_t{100});
        QVERIFY2(bytesRead() - again < added + kLook, qPrintable(QString::number(bytesRead() - again)));
    }

    void aDatabaseWhileItsServerWrites() {
        if (bytesRead() == 0) {
            QSKIP("This kernel does not count what a process reads.");
        }
        const test::TempFolder project;
        constexpr int kMany = 20'000;
        {
            const test::ForeignSqlite server(project / "mlflow.db");
            makeDatabase(server, kMany);
            Followed followed(project.path());
            QCOMPARE(followed.count(), kMany);
            server.run("BEGIN; " + insertPoint(kMany));
            QCOMPARE(followed.count(), kMany);  // half a transaction
            server.run("COMMIT;");
            const auto from = bytesRead();
            QCOMPARE(followed.count(), kMany + 1);
            const auto cost = bytesRead() - from;
            const auto size = std::filesystem::file_size(project / "mlflow.db");
            QVERIFY2(cost < size / 10, qPrintable(QStringLiteral("%1 of %2").arg(cost).arg(size)));
            QCOMPARE(followed.last(), static_cast<double>(kMany));
        }
        Followed followed(project.path());
        const test::ForeignSqlite other(project / "other");
        makeDatabase(other, 3);
        std::filesystem::rename(project / "other", project / "mlflow.db");
        QCOMPARE(followed.count(), 3);
    }

    void moreChangesThanTheKernelKeeps() {
        const test::TempFolder project;
        const auto file = project.write("logs/history.csv", table(5));
        Followed followed(project.path());
        QCOMPARE(followed.count(), 5);
        const auto most = readFile("/proc/sys/fs/inotify/max_queued_events", 64);
        const auto events = most ? parseInt(trimmed(*most)).value_or(0) : 0;
        if (events <= 0 || events > 100'000) {
            QSKIP("The kernel's queue is too long to be filled here.");
        }
        // Two names by turns, so that the kernel cannot join equal events; the change itself comes last.
        std::ofstream others[] = {std::ofstream(project / "logs/a.txt"),
                                  std::ofstream(project / "logs/b.txt")};
        for (std::int64_t i = 0; i <= events; ++i) {
            others[i % 2] << 'x' << std::flush;
        }
        append(file, std::string_view(table(6)).substr(table(5).size()));
        QCOMPARE(followed.count(), 6);
    }
};

QTEST_GUILESS_MAIN(TestLive)
#include "tst_live.moc"
