// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that can be in the way of opening a project, and what is left of a damaged one.
#include <sqlite3.h>
#include <sys/mount.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <thread>

#include "runglass/base/file.h"
#include "runglass/store/integrity.h"
#include "runglass/store/layout.h"
#include "runglass/store/run_reader.h"
#include "runglass/store/run_writer.h"
#include "schema.h"
#include "sqlite_program.h"
#include "support/test.h"
#include "support/unprivileged.h"

using namespace runglass;
using namespace runglass::store;
namespace fs = std::filesystem;

namespace {

RunId addRunWithPoints(const fs::path& project, const std::string& name, std::size_t count) {
    auto database = Database::open(project, OpenMode::ReadWrite);
    RunWriter writer(database.value());
    model::RunDetail detail;
    detail.record.id = RunId::derive(name);
    detail.record.name = name;
    detail.record.params = {{Symbol("p"), Symbol(name)}};
    (void)writer.createRun(detail).value();
    std::vector<MetricPoint> points;
    for (std::size_t i = 0; i < count; ++i) {
        // A product that mixes its bits, so that the points take room.
        const auto mixed = (i + 1) * 0x9E3779B97F4A7C15ULL;
        points.push_back({"loss",
                          {static_cast<std::int64_t>(i), static_cast<std::int64_t>(i * 10),
                           static_cast<double>(mixed) / 3.0}});
    }
    if (!writer.appendPoints(detail.record.id, points).ok()) {
        std::abort();
    }
    return detail.record.id;
}

void makeReadOnly(const fs::path& folder, bool readOnly) {
    const auto write = fs::perms::owner_write | fs::perms::group_write | fs::perms::others_write;
    const auto look = fs::perms::others_read | fs::perms::others_exec | fs::perms::group_read;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        fs::permissions(entry.path(), look, fs::perm_options::add);
        fs::permissions(entry.path(), write, readOnly ? fs::perm_options::remove : fs::perm_options::add);
    }
    fs::permissions(folder, look, fs::perm_options::add);
    fs::permissions(folder, write, readOnly ? fs::perm_options::remove : fs::perm_options::add);
}

ErrorCode codeOf(const Result<Database>& result) {
    return result.ok() ? ErrorCode::Internal : result.error().code;
}

}  // namespace

class TestOpening : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void nothingThere() {
        const test::TempFolder folder;
        QVERIFY(codeOf(Database::open(folder.path(), OpenMode::ReadOnly)) == ErrorCode::NotFound);
        QVERIFY(!fs::exists(folder / ".runglass"));
        QVERIFY(codeOf(Database::open(folder / "missing", OpenMode::ReadWrite)) == ErrorCode::NotFound);
        const auto file = folder.write("file", "x");
        const auto opened = Database::open(file, OpenMode::ReadWrite);
        QVERIFY(codeOf(opened) == ErrorCode::NotFound);
        QVERIFY(opened.error().message.find("is not a folder") != std::string::npos);
    }

    void severalAtOnceMakeOne() {
        for (int round = 0; round < 40; ++round) {
            const test::TempFolder folder;
            std::array<std::string, 4> problems;
            {
                std::vector<std::jthread> threads;
                for (auto& problem : problems) {
                    threads.emplace_back([&problem, project = folder.path()] {
                        const auto database = Database::open(project, OpenMode::ReadWrite);
                        problem = database.ok() ? std::string() : database.error().message;
                    });
                }
            }
            for (const auto& problem : problems) {
                QVERIFY2(problem.empty(), problem.c_str());
            }
        }
    }

    void makesASelfIgnoringFolder() {
        const test::TempFolder folder;
        const auto opened = Database::open(folder.path(), OpenMode::ReadWrite);
        VERIFY_OK(opened);
        QVERIFY(opened->report().writable);
        QCOMPARE(readFile(folder / ".runglass/.gitignore", 100).value(), std::string("*\n"));
        QCOMPARE(test::sqliteSays(folder.path(), "PRAGMA journal_mode"), std::string("wal\n"));
        QCOMPARE(test::sqliteSays(folder.path(), "PRAGMA user_version"),
                 std::to_string(currentSchemaVersion()) + "\n");
    }

    void findsTheProject() {
        const test::TempFolder folder;
        folder.write("a/b/c/x", "");
        QCOMPARE(findProject(folder / "a/b/c"), folder / "a/b/c");
        folder.write("a/.git", "gitdir: elsewhere");  // a linked work tree has a file
        QCOMPARE(findProject(folder / "a/b/c"), folder / "a");
        fs::create_directories(folder / "a/b/.runglass");
        QCOMPARE(findProject(folder / "a/b/c/../c"), folder / "a/b");
    }

    void readOnlyFolder_data() {
        QTest::addColumn<bool>("withLog");
        QTest::newRow("clean") << false;
        QTest::newRow("points only in the write-ahead log") << true;
    }
    void readOnlyFolder() {
        QFETCH(const bool, withLog);
        const test::TempFolder folder;
        const test::TempFolder copy;
        const auto id = addRunWithPoints(folder.path(), "one", 100);
        auto holder = Database::open(folder.path(), OpenMode::ReadWrite);  // keeps the log from being merged
        VERIFY_OK(RunWriter(holder.value()).setName(id, "renamed in the log"));
        // A copy taken while somebody writes: the shared-memory file is not part of it.
        fs::create_directories(copy / ".runglass");
        fs::copy(folder / ".runglass/runs.db", copy / ".runglass/runs.db");
        if (withLog) {
            QVERIFY(fs::file_size(folder / ".runglass/runs.db-wal") > 0);
            fs::copy(folder / ".runglass/runs.db-wal", copy / ".runglass/runs.db-wal");
        }
        makeReadOnly(copy.path(), true);
        {
            const test::Unprivileged nobody;
            for (const auto mode : {OpenMode::ReadWrite, OpenMode::ReadOnly}) {
                auto opened = Database::open(copy.path(), mode);
                VERIFY_OK(opened);
                QVERIFY(!opened->report().writable);
                QVERIFY(mode == OpenMode::ReadOnly ||
                        opened->report().whyNotWritable.find("Runs cannot be recorded here") == 0);
                RunReader reader(opened.value());
                const auto table = reader.runTable();
                VERIFY_OK(table);
                QCOMPARE((*table)->runs[0]->name, std::string(withLog ? "renamed in the log" : "one"));
                QCOMPARE(reader.series(id, "loss").value().size(), std::size_t{100});
                const auto refused = RunWriter(opened.value()).setName(id, "x");
                QVERIFY(!refused.ok() && refused.error().code == ErrorCode::ReadOnly);
            }
        }
        makeReadOnly(copy.path(), false);
    }

    void readOnlyFolderWithoutDatabase() {
        const test::TempFolder folder;
        makeReadOnly(folder.path(), true);
        {
            const test::Unprivileged nobody;
            const auto opened = Database::open(folder.path(), OpenMode::ReadWrite);
            QVERIFY(!opened.ok());
            QVERIFY(opened.error().code == ErrorCode::Permission);
            QVERIFY(opened.error().message.find("Runs cannot be recorded here") == 0);
        }
        makeReadOnly(folder.path(), false);
    }

    void newerDatabaseOpensToLook() {
        const test::TempFolder folder;
        const auto id = addRunWithPoints(folder.path(), "one", 10);
        test::sqliteSays(folder.path(),
                         "PRAGMA user_version = 99; ALTER TABLE run ADD COLUMN from_the_future TEXT");
        auto opened = Database::open(folder.path(), OpenMode::ReadWrite);
        VERIFY_OK(opened);
        QVERIFY(opened->report().tooNew && !opened->report().writable);
        QVERIFY(opened->report().whyNotWritable.find("newer Runglass") != std::string::npos);
        QCOMPARE(RunReader(opened.value()).series(id, "loss").value().size(), std::size_t{10});
        QCOMPARE(test::sqliteSays(folder.path(), "PRAGMA user_version"), std::string("99\n"));
    }

    void migratesFromEveryOlderVersion() {
        for (int version = 0; version < currentSchemaVersion(); ++version) {
            const test::TempFolder folder;
            fs::create_directories(folder / ".runglass");
            std::string script = "PRAGMA journal_mode = WAL;";
            for (int i = 0; i < version; ++i) {
                script += migrations()[static_cast<std::size_t>(i)];
            }
            if (version > 0) {
                script += "PRAGMA application_id = " + std::to_string(kApplicationId) + ";";
                script += "INSERT INTO word VALUES(101, 'digits'), (102, 'runglass');";
                // Empty params and tags: the checksum of nothing, XXH3-64 = 2D06800538D394C2, low half first.
                script +=
                    "INSERT INTO run(number, id, name, experiment, source, location, status, git_commit, "
                    "git_branch, git_snapshot, git_remote, git_dirty, params, tags) VALUES(7, "
                    "x'00112233445566778899aabbccddeeff', 'old', 101, 102, '', 2, 'c', 'b', '', '', 0, "
                    "x'C294D338', x'C294D338');"
                    "INSERT INTO change VALUES(3, 7);";
            }
            script += "PRAGMA user_version = " + std::to_string(version);
            QCOMPARE(test::sqliteSays(folder.path(), script), std::string("wal\n"));
            auto opened = Database::open(folder.path(), OpenMode::ReadWrite);
            VERIFY_OK(opened);
            QVERIFY(opened->report().writable);
            QCOMPARE(opened->report().schemaVersion, currentSchemaVersion());
            const auto table = RunReader(opened.value()).runTable();
            VERIFY_OK(table);
            QCOMPARE((*table)->runs.size(), std::size_t{version > 0 ? 1U : 0U});
            if (version > 0) {
                QCOMPARE((*table)->runs[0]->name, std::string("old"));
                QCOMPARE((*table)->runs[0]->number, std::int64_t{7});
                QCOMPARE(RunReader(opened.value()).resolve("old").value().hex(),
                         std::string("00112233445566778899aabbccddeeff"));
            }
            QVERIFY(!opened->report().damaged);
            // The same schema as a database made today has.
            const test::TempFolder fresh;
            VERIFY_OK(Database::open(fresh.path(), OpenMode::ReadWrite));
            const std::string schema = "SELECT type, name, sql FROM sqlite_schema ORDER BY name";
            QCOMPARE(test::sqliteSays(folder.path(), schema), test::sqliteSays(fresh.path(), schema));
        }
    }

    void filesOfOthersAreLeftAlone() {
        const test::TempFolder folder;
        fs::create_directories(folder / ".runglass");
        test::sqliteSays(folder.path(), "CREATE TABLE theirs(x)");
        const auto opened = Database::open(folder.path(), OpenMode::ReadWrite);
        QVERIFY(codeOf(opened) == ErrorCode::Invalid);
        QCOMPARE(test::sqliteSays(folder.path(), "SELECT name FROM sqlite_schema"), std::string("theirs\n"));

        const test::TempFolder rubbish;
        rubbish.write(".runglass/runs.db", std::string(10'000, 'x'));
        QVERIFY(codeOf(Database::open(rubbish.path(), OpenMode::ReadWrite)) == ErrorCode::Damaged);
        QCOMPARE(readFile(rubbish / ".runglass/runs.db", 100'000).value(), std::string(10'000, 'x'));
        const auto checked = checkIntegrity(rubbish.path());
        VERIFY_OK(checked);
        QVERIFY(!checked->clean());
    }

    void checkFindsWhatWasChanged_data() {
        QTest::addColumn<QString>("damage");
        QTest::newRow("a bit of a chunk") << QStringLiteral(
            "UPDATE chunk SET data = substr(data, 1, 500) || x'55' || substr(data, 502) WHERE first = 0");
        QTest::newRow("a missing chunk") << QStringLiteral("DELETE FROM chunk WHERE first = 0");
        QTest::newRow("a missing tail") << QStringLiteral("DELETE FROM tail");
        QTest::newRow("a missing summary") << QStringLiteral("DELETE FROM summary");
        QTest::newRow("params") << QStringLiteral("UPDATE run SET params = x'0000000000'");
        QTest::newRow("a lost name") << QStringLiteral(
            "PRAGMA foreign_keys = OFF; DELETE FROM word WHERE text = 'loss'");
    }
    void checkFindsWhatWasChanged() {
        QFETCH(const QString, damage);
        const test::TempFolder folder;
        const auto id = addRunWithPoints(folder.path(), "one", 20'000);
        addRunWithPoints(folder.path(), "two", 20);
        {
            auto opened = Database::open(folder.path(), OpenMode::ReadWrite);
            const std::vector<MetricPoint> more{{"loss", {1, 2, 3}}};
            VERIFY_OK(RunWriter(opened.value()).appendPoints(id, more));
        }
        auto checked = checkIntegrity(folder.path());
        VERIFY_OK(checked);
        QVERIFY2(checked->clean(), checked->clean() ? "" : checked->findings[0].message.c_str());
        QCOMPARE(checked->points, std::uint64_t{20'021});
        QCOMPARE(test::sqliteSays(folder.path(), damage.toStdString()), std::string());
        checked = checkIntegrity(folder.path());
        VERIFY_OK(checked);
        QVERIFY(!checked->clean());
    }

    void changedArtifactIsFound() {
        const test::TempFolder folder;
        const auto id = addRunWithPoints(folder.path(), "one", 1);
        auto opened = Database::open(folder.path(), OpenMode::ReadWrite);
        const auto artifact =
            RunWriter(opened.value()).addArtifact(id, folder.write("m.bin", "weights"), "m.bin");
        VERIFY_OK(artifact);
        QVERIFY(checkIntegrity(folder.path()).value().clean());
        std::ofstream(Layout(folder.path()).artifact(artifact->sha256)) << "Weights";
        const auto checked = checkIntegrity(folder.path());
        QCOMPARE(checked->findings.size(), std::size_t{1});
        QVERIFY(checked->findings[0].kind == IntegrityFinding::Kind::Artifact);
    }

    void damagedDatabaseGivesWhatCanBeRead_data() {
        QTest::addColumn<bool>("cut");
        QTest::newRow("pages overwritten") << false;
        QTest::newRow("end missing") << true;
    }
    void damagedDatabaseGivesWhatCanBeRead() {
        QFETCH(const bool, cut);
        const test::TempFolder folder;
        for (int i = 0; i < 60; ++i) {
            addRunWithPoints(folder.path(), "run " + std::to_string(i), 5000);
        }
        const auto file = Layout(folder.path()).database();
        const auto size = fs::file_size(file);
        if (cut) {
            fs::resize_file(file, size - size / 4);
        } else {
            std::fstream out(file, std::ios::binary | std::ios::in | std::ios::out);
            for (std::uintmax_t at = size / 3; at < size / 3 + 10 * 8192; at += 8192) {
                out.seekp(static_cast<std::streamoff>(at));
                out << std::string(512, '\x5A');
            }
        }
        const auto before = sha256OfFile(file).value();
        const auto checked = checkIntegrity(folder.path());
        VERIFY_OK(checked);
        QVERIFY(!checked->clean());
        const auto target = folder / "rescued";
        const auto report = salvage(folder.path(), target);
        VERIFY_OK(report);
        QVERIFY(!report->clean());
        QVERIFY2(report->runs >= 30, std::to_string(report->runs).c_str());
        const auto rescued = checkIntegrity(target);
        VERIFY_OK(rescued);
        QVERIFY2(rescued->clean(), rescued->clean() ? "" : rescued->findings[0].message.c_str());
        QCOMPARE(rescued->runs, report->runs);
        QCOMPARE(rescued->points, report->points);
        QCOMPARE(sha256OfFile(file).value(), before);
        QVERIFY(!salvage(folder.path(), target).ok());
    }

    void fullDiskLeavesNothingOfTheCall() {
        const test::TempFolder folder;
        const auto mounted = folder / "small";
        fs::create_directories(mounted);
        if (::mount("tmpfs", mounted.c_str(), "tmpfs", 0, "size=2m") != 0) {
            QSKIP("Making a small disk needs the right to mount.");
        }
        {
            auto opened = Database::open(mounted, OpenMode::ReadWrite);
            VERIFY_OK(opened);
            RunWriter writer(opened.value());
            RunReader reader(opened.value());
            model::RunDetail detail;
            detail.record.id = RunId::derive("full");
            VERIFY_OK(writer.createRun(detail));
            std::vector<MetricPoint> batch;
            std::size_t stored = 0;
            Result<void> appended;
            for (int i = 0; i < 2000 && appended.ok(); ++i) {
                batch.clear();
                for (std::size_t j = 0; j < 1000; ++j) {
                    const auto n = stored + j;
                    batch.push_back({"loss",
                                     {static_cast<std::int64_t>(n), 0,
                                      static_cast<double>((n + 1) * 0x9E3779B97F4A7C15ULL) / 3.0}});
                }
                appended = writer.appendPoints(detail.record.id, batch);
                stored += appended.ok() ? batch.size() : 0;
            }
            QVERIFY(!appended.ok());
            QVERIFY2(appended.error().code == ErrorCode::Full, test::describe(appended.error()).c_str());
            QVERIFY(stored > 10'000);
            QCOMPARE(reader.series(detail.record.id, "loss").value().size(), stored);
            // Room again: the disk grows, and the same call goes through.
            QVERIFY(::mount("tmpfs", mounted.c_str(), "tmpfs", MS_REMOUNT, "size=40m") == 0);
            VERIFY_OK(writer.appendPoints(detail.record.id, batch));
            QCOMPARE(reader.series(detail.record.id, "loss").value().size(), stored + batch.size());
        }
        const auto checked = checkIntegrity(mounted);
        ::umount(mounted.c_str());
        VERIFY_OK(checked);
        QVERIFY(checked->clean());
    }
};

QTEST_GUILESS_MAIN(TestOpening)
#include "tst_opening.moc"
