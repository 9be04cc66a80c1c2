// SPDX-License-Identifier: GPL-3.0-or-later
// Databases of which many pages were overwritten, and files of artifacts that nothing references any more.
#include <fstream>
#include <random>
#include <thread>

#include "runglass/base/file.h"
#include "runglass/store/aside_log.h"
#include "runglass/store/integrity.h"
#include "runglass/store/layout.h"
#include "runglass/store/run_reader.h"
#include "runglass/store/run_writer.h"
#include "sqlite_program.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::store;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kPage = 8192;

RunId addRun(RunWriter& writer, const std::string& name, std::size_t points = 0) {
    model::RunDetail detail;
    detail.record.id = RunId::derive(name);
    detail.record.name = name;
    detail.record.params = {{Symbol("p"), Symbol(name)}};
    (void)writer.createRun(detail).value();
    std::vector<MetricPoint> batch;
    for (std::size_t i = 0; i < points; ++i) {
        const auto mixed = (i + 1) * 0x9E3779B97F4A7C15ULL;  // takes room
        batch.push_back({"loss", {static_cast<std::int64_t>(i), 10, static_cast<double>(mixed) / 3.0}});
    }
    if (!writer.appendPoints(detail.record.id, batch).ok()) {
        std::abort();
    }
    return detail.record.id;
}

void makeProject(const fs::path& project, int runs) {
    auto database = Database::open(project, OpenMode::ReadWrite);
    RunWriter writer(database.value());
    (void)writer.transaction([&]() -> Result<void> {
        for (int i = 0; i < runs; ++i) {
            const auto id = addRun(writer, "run " + std::to_string(i), static_cast<std::size_t>(i) * 40);
            if (i % 2 == 0) {
                RUNGLASS_TRY(writer.endRun(id, {}));
            }
        }
        return {};
    });
}

/// Overwrites pages behind the first, which has the header, with noise.
void damage(const fs::path& file, unsigned seed, double share) {
    std::mt19937_64 random(seed);
    std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
    const std::size_t pages = fs::file_size(file) / kPage;
    for (std::size_t page = 1; page < pages; ++page) {
        if (static_cast<double>(random() % 1000) >= share * 1000) {
            continue;
        }
        const std::size_t start = random() % 2 == 0 ? 0 : random() % kPage;
        std::string noise(kPage - start, '\0');
        for (auto& byte : noise) {
            byte = static_cast<char>(random());
        }
        out.seekp(static_cast<std::streamoff>(page * kPage + start));
        out.write(noise.data(), static_cast<std::streamsize>(noise.size()));
    }
}

}  // namespace

class TestDamage : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void manyPagesOverwritten_data() {
        QTest::addColumn<unsigned>("seed");
        for (unsigned seed = 1; seed <= 20; ++seed) {
            QTest::addRow("seed %u", seed) << seed;
        }
    }
    /// Whatever is hit: no crash, no endless loop, nothing changed, each run that is shown is one that was
    /// there, and what the copy has is whole.
    void manyPagesOverwritten() {
        QFETCH(const unsigned, seed);
        const test::TempFolder folder;
        const auto project = folder / "project";
        fs::create_directories(project);
        makeProject(project, 60);
        const auto file = Layout(project).database();
        damage(file, seed, 0.02 + 0.03 * (seed % 10));
        const auto before = sha256OfFile(file).value();
        auto opened = Database::open(project, OpenMode::ReadWrite);
        if (opened.ok()) {
            RunReader reader(opened.value());
            if (const auto table = reader.runTable(); table.ok()) {
                for (const auto& run : (*table)->runs) {
                    (void)reader.detail(run->id).ok();
                    (void)reader.series(run->id, "loss").ok();
                }
                const auto& report = opened->report();
                QVERIFY(report.namedDamage.size() <= report.damagedRuns);
            } else {
                QVERIFY2(table.error().code == ErrorCode::Damaged, test::describe(table.error()).c_str());
            }
        } else {
            QVERIFY(opened.error().code == ErrorCode::Damaged);
            QVERIFY(!opened.error().message.empty());
        }
        const auto checked = checkIntegrity(project);
        VERIFY_OK(checked);
        QVERIFY(!checked->clean());
        const auto target = folder / "rescued";
        const auto report = salvage(project, target);
        if (report.ok()) {
            const auto rescued = checkIntegrity(target);
            VERIFY_OK(rescued);
            QVERIFY2(rescued->clean(), rescued->clean() ? "" : rescued->findings[0].message.c_str());
            QCOMPARE(rescued->runs, report->runs);
            QCOMPARE(rescued->points, report->points);
        } else {
            QVERIFY2(report.error().code == ErrorCode::Damaged, test::describe(report.error()).c_str());
            QVERIFY(!fs::exists(target));
        }
        QCOMPARE(sha256OfFile(file).value(), before);
    }

    void damagedRunsAreNamed() {
        const test::TempFolder folder;
        makeProject(folder.path(), 40);
        QCOMPARE(test::sqliteSays(folder.path(),
                                  "UPDATE run SET params = x'0000000000' WHERE name IN ('run 3', 'run 30')"),
                 std::string());
        auto opened = Database::open(folder.path(), OpenMode::ReadWrite);
        VERIFY_OK(opened);
        VERIFY_OK(RunReader(opened.value()).runTable());
        QVERIFY(opened->report().damaged);
        QCOMPARE(opened->report().damagedRuns, std::uint64_t{2});
        QCOMPARE(opened->report().namedDamage[1].name, std::string("run 30"));
        QCOMPARE(opened->report().namedDamage[1].id, RunId::derive("run 30"));
        // A page of the table: its runs are known by the index of ids.
        const auto page =
            std::stoul(test::sqliteSays(folder.path(),
                                        "SELECT pageno FROM dbstat WHERE name = 'run' AND pagetype "
                                        "= 'leaf' ORDER BY pageno LIMIT 1"));
        const auto hit = std::stoul(test::sqliteSays(
            folder.path(), "SELECT ncell FROM dbstat WHERE pageno = " + std::to_string(page)));
        test::sqliteSays(folder.path(), "PRAGMA wal_checkpoint(TRUNCATE)");
        opened = Error{};
        {
            std::fstream out(Layout(folder.path()).database(),
                             std::ios::in | std::ios::out | std::ios::binary);
            out.seekp(static_cast<std::streamoff>((page - 1) * kPage));
            out.write(std::string(kPage, '\xAA').data(), kPage);
        }
        const auto checked = checkIntegrity(folder.path());
        VERIFY_OK(checked);
        std::size_t named = 0;
        for (const auto& finding : checked->findings) {
            named += finding.kind == IntegrityFinding::Kind::Run && finding.run.has_value() &&
                             finding.message.find("run ") != std::string::npos
                         ? 1
                         : 0;
        }
        QVERIFY2(named >= hit, std::to_string(named).c_str());
        QCOMPARE(checked->runs, std::uint64_t{40 - hit});
    }

    void cancelledCopyLeavesNothing() {
        const test::TempFolder folder;
        const auto project = folder / "project";
        fs::create_directories(project);
        makeProject(project, 30);
        std::stop_source stop;
        const auto target = folder / "copy";
        const auto copied = salvage(
            project, target,
            [&](std::uint64_t done, std::uint64_t /*total*/) {
                if (done == 10) {
                    stop.request_stop();
                }
            },
            stop.get_token());
        QVERIFY(!copied.ok());
        QVERIFY(copied.error().code == ErrorCode::Cancelled);
        QVERIFY(!fs::exists(target));
    }

    void artifactsGoWithTheLastRun() {
        const test::TempFolder folder;
        auto opened = Database::open(folder.path(), OpenMode::ReadWrite);
        RunWriter writer(opened.value());
        const auto one = addRun(writer, "one");
        const auto two = addRun(writer, "two");
        const auto file = folder.write("model.bin", "weights");
        const auto own = folder.write("own.bin", "only one has this");
        const auto shared = writer.addArtifact(one, file, "model.bin").value();
        const auto alone = writer.addArtifact(one, own, "own.bin").value();
        VERIFY_OK(writer.addArtifact(two, file, "same.bin"));
        const Layout layout(folder.path());
        // What a database says is no path.
        const auto outside = folder.write("outside", "theirs");
        QCOMPARE(
            test::sqliteSays(folder.path(),
                             "INSERT INTO artifact SELECT number, 'x', 'ab/../../../outside', 6, 0 FROM run "
                             "WHERE name = 'one'"),
            std::string());
        VERIFY_OK(writer.deleteRun(one));
        QVERIFY(fs::exists(layout.artifact(shared.sha256)));
        QVERIFY(!fs::exists(layout.artifact(alone.sha256)));
        QVERIFY(fs::exists(outside));
        QVERIFY(checkIntegrity(folder.path()).value().clean());
        // A deletion that is taken back takes no file.
        (void)writer.transaction(
            [&]() -> Result<void> {
                RUNGLASS_TRY(writer.deleteRun(two));
                return Error{ErrorCode::Cancelled, "no", {}};
            },
            Durability::Decision);
        QVERIFY(fs::exists(layout.artifact(shared.sha256)));
        VERIFY_OK(writer.deleteRun(two));
        QVERIFY(!fs::exists(layout.artifact(shared.sha256)));
    }

    void replacedContentsAreRemoved() {
        const test::TempFolder folder;
        auto opened = Database::open(folder.path(), OpenMode::ReadWrite);
        RunWriter writer(opened.value());
        const auto one = addRun(writer, "one");
        const auto two = addRun(writer, "two");
        const Layout layout(folder.path());
        const auto add = [&](const RunId& run, const std::string& content) {
            return writer.addArtifact(run, folder.write("file", content), "last.ckpt").value().sha256;
        };
        const auto first = add(one, "first");
        QCOMPARE(add(two, "first"), first);
        const auto second = add(one, "second");
        QVERIFY(fs::exists(layout.artifact(first)) && fs::exists(layout.artifact(second)));
        QCOMPARE(add(one, "second"), second);
        QVERIFY(fs::exists(layout.artifact(second)));
        // What an endpoint has acknowledged, but could not write yet, may name it.
        {
            AsideLog aside(folder.path());
            QVERIFY(aside.add("anything"));
            add(two, "third");
            QVERIFY(fs::exists(layout.artifact(first)));
            aside.clear();
        }
        add(one, "first");
        QVERIFY(!fs::exists(layout.artifact(second)));
        add(one, "third");
        QVERIFY(!fs::exists(layout.artifact(first)));
        QCOMPARE(checkIntegrity(folder.path()).value().leftoverFiles, std::uint64_t{0});
    }

    void leftoversAreReported() {
        const test::TempFolder folder;
        auto opened = Database::open(folder.path(), OpenMode::ReadWrite);
        RunWriter writer(opened.value());
        const auto id = addRun(writer, "one");
        VERIFY_OK(writer.addArtifact(id, folder.write("a.bin", "weights"), "a.bin"));
        QCOMPARE(checkIntegrity(folder.path()).value().leftoverFiles, std::uint64_t{0});
        const auto lost = Layout(folder.path()).artifact(sha256Of("lost"));
        fs::create_directories(lost.parent_path());
        std::ofstream(lost) << "lost";
        const auto checked = checkIntegrity(folder.path()).value();
        QVERIFY(checked.clean());
        QCOMPARE(checked.leftoverFiles, std::uint64_t{1});
        QCOMPARE(checked.leftoverBytes, std::uint64_t{4});
    }

    /// Threads add and delete runs with the same content: a run that exists never lacks its file.
    void addingWhileDeleting() {
        const test::TempFolder folder;
        const auto file = folder.write("model.bin", "the same weights");
        (void)Database::open(folder.path(), OpenMode::ReadWrite).value();
        std::atomic<int> missing = 0;
        std::atomic<int> failed = 0;
        std::vector<std::thread> threads;
        for (int t = 0; t < 3; ++t) {
            threads.emplace_back([&, t] {
                auto opened = Database::open(folder.path(), OpenMode::ReadWrite);
                RunWriter writer(opened.value());
                for (int i = 0; i < 60; ++i) {
                    const auto id = addRun(writer, std::to_string(t) + "/" + std::to_string(i));
                    const auto artifact = writer.addArtifact(id, file, "model.bin");
                    failed += artifact.ok() ? 0 : 1;
                    if (artifact.ok()) {
                        missing += fs::exists(Layout(folder.path()).artifact(artifact->sha256)) ? 0 : 1;
                    }
                    failed += writer.deleteRun(id).ok() ? 0 : 1;
                }
            });
        }
        for (auto& thread : threads) {
            thread.join();
        }
        QCOMPARE(missing.load(), 0);
        QCOMPARE(failed.load(), 0);
        const auto checked = checkIntegrity(folder.path()).value();
        QVERIFY(checked.clean());
        QCOMPARE(checked.leftoverFiles, std::uint64_t{0});
    }
};

QTEST_GUILESS_MAIN(TestDamage)
#include "tst_damage.moc"
