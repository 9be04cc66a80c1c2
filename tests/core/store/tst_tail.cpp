// SPDX-License-Identifier: GPL-3.0-or-later
// The tail of a run: its stream of bytes over rows, tails of older versions, and the revisions of live runs.
#include <map>
#include <random>

#include "revision.h"
#include "runglass/store/integrity.h"
#include "runglass/store/layout.h"
#include "runglass/store/run_reader.h"
#include "runglass/store/run_writer.h"
#include "schema.h"
#include "sqlite_program.h"
#include "support/test.h"
#include "tail.h"

using namespace runglass;
using namespace runglass::store;
namespace fs = std::filesystem;

namespace {

RunId addRun(Database& database, const std::string& name) {
    model::RunDetail detail;
    detail.record.id = RunId::derive(name);
    detail.record.name = name;
    detail.record.status = model::RunStatus::Running;
    (void)RunWriter(database).createRun(detail).value();
    return detail.record.id;
}

/// Written by version 1: three appends, each of points 4 of `loss` (1/(i+1)) and 2 of `acc`.
constexpr const char* kOldRun = R"sql(
INSERT INTO word VALUES(1, ''), (2, 'runglass'), (3, 'loss'), (4, 'acc');
INSERT INTO run VALUES(1, x'cba06b5736faf67e54b07b561eae9439', 'old', 1, 2, '', 1, NULL, NULL, NULL, NULL, '', '', '',
    '', 0, NULL, 0, 0, 0, NULL, x'c294d338', x'c294d338');
INSERT INTO summary(id, data) VALUES(65536, x'030c06000000000000f03f555555555555b53f0016cabfabfef962040609000000000000e03f000000000000f83f021486a0abfef962ce0139a5');
INSERT INTO tail VALUES(65536, 6, x'0203400428010400000000000000d03f000000000000f03f0600000280a0abfef962000e01000000000000f03f000000000000e03f555555555555d53f000000000000d03f010200000000000000e03f000000000000f83f0402000482a0abfef9620004020000003f0000c03fb711ed24');
INSERT INTO tail VALUES(65537, 6, x'0203400428010400000000000000c03f9a9999999999c93f06080002d0afabfef962000e019a9999999999c93f555555555555c53f922449922449c23f000000000000c03f010200000000000000e03f000000000000f83f040a000482a0abfef9620004020000003f0000c03fe7ad98d3');
INSERT INTO tail VALUES(65538, 6, x'0203400428010400555555555555b53f1cc7711cc771bc3f06100002a0bfabfef962000e011cc7711cc771bc3f9a9999999999b93f46175d74d145b73f555555555555b53f010200000000000000e03f000000000000f83f0412000482a0abfef9620004020000003f0000c03f5bd2644c');
INSERT INTO change VALUES(4, 1);
INSERT INTO detail VALUES(1, x'00dbec4e07', '', NULL, x'c294d338', '', NULL, NULL, NULL);
)sql";

void compareOldRun(Database& database) {
    const auto id = *RunId::fromHex("cba06b5736faf67e54b07b561eae9439");
    RunReader reader(database);
    const auto loss = reader.series(id, "loss");
    VERIFY_OK(loss);
    QVERIFY(loss->size() >= 12);
    for (std::size_t i = 0; i < 12; ++i) {
        const auto step = static_cast<std::int64_t>(i);
        const auto time = 1'700'000'000'000 + step / 4 * 1000 + step % 4 * 7;
        QVERIFY((loss->at(i) == model::Point{step, time, 1.0 / static_cast<double>(i + 1)}));
    }
    QCOMPARE(reader.series(id, "acc").value().size(), std::size_t{6});
}

std::vector<MetricPoint> randomPoints(std::mt19937_64& random, const std::vector<std::string>& keys,
                                      std::size_t count, std::int64_t& step) {
    std::vector<MetricPoint> points;
    for (std::size_t i = 0; i < count; ++i, ++step) {
        const auto mixed = static_cast<double>(random()) / 3.0;  // takes room
        points.push_back(
            {keys[random() % keys.size()], {step, static_cast<std::int64_t>(random() >> 20U), mixed}});
    }
    return points;
}

/// What should be there, by key.
using Expected = std::map<std::string, std::vector<model::Point>>;

void compareAll(Database& database, const RunId& id, const Expected& expected) {
    RunReader reader(database);
    for (const auto& [key, points] : expected) {
        const auto series = reader.series(id, key);
        VERIFY_OK(series);
        QCOMPARE(series->size(), points.size());
        for (std::size_t i = 0; i < points.size(); ++i) {
            QVERIFY(series->at(i) == points[i]);
        }
    }
}

}  // namespace

class TestTail : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void tailsOfOlderVersions() {
        for (int version = 1; version < currentSchemaVersion(); ++version) {
            const test::TempFolder folder;
            fs::create_directories(folder / ".runglass");
            std::string script = "PRAGMA journal_mode = WAL;";
            for (int i = 0; i < version; ++i) {
                script += migrations()[static_cast<std::size_t>(i)];
                script += i == 0 ? kOldRun : "";
            }
            script += "PRAGMA application_id = " + std::to_string(kApplicationId) +
                      "; PRAGMA user_version = " + std::to_string(version);
            QCOMPARE(test::sqliteSays(folder.path(), script), std::string("wal\n"));
            {
                auto look = Database::open(folder.path(), OpenMode::ReadOnly);
                VERIFY_OK(look);
                QCOMPARE(look->report().schemaVersion, version);
                compareOldRun(look.value());
                QCOMPARE(RunReader(look.value()).runTable().value()->revision, std::int64_t{4});
                QCOMPARE(RunReader(look.value()).changesSince(3).value().changed.size(), std::size_t{1});
            }
            QVERIFY(checkIntegrity(folder.path()).value().clean());
            auto opened = Database::open(folder.path(), OpenMode::ReadWrite);
            VERIFY_OK(opened);
            compareOldRun(opened.value());
            const auto id = *RunId::fromHex("cba06b5736faf67e54b07b561eae9439");
            const std::vector<MetricPoint> more{{"loss", {12, 13, 14}}};
            VERIFY_OK(RunWriter(opened.value()).appendPoints(id, more));
            VERIFY_OK(RunWriter(opened.value()).appendPoints(id, more));
            compareOldRun(opened.value());
            QCOMPARE(RunReader(opened.value()).series(id, "loss").value().size(), std::size_t{14});
            QCOMPARE(test::sqliteSays(folder.path(), "SELECT count(*) FROM tail WHERE points > 0"),
                     std::string("0\n"));
            const auto checked = checkIntegrity(folder.path());
            VERIFY_OK(checked);
            QVERIFY2(checked->clean(), checked->clean() ? "" : checked->findings[0].message.c_str());
            QCOMPARE(checked->points, std::uint64_t{20});
        }
    }

    /// Appends of all sizes, over the borders of rows and several folds; a second writer takes turns, and
    /// reads what the first one left.
    void streamOverRows() {
        const test::TempFolder folder;
        auto one = Database::open(folder.path(), OpenMode::ReadWrite);
        auto other = Database::open(folder.path(), OpenMode::ReadWrite);
        VERIFY_OK(one);
        VERIFY_OK(other);
        const auto id = addRun(one.value(), "run");
        const std::vector<std::string> keys{"a", "b", "c"};
        std::mt19937_64 random(5);
        Expected expected;
        std::int64_t step = 0;
        for (int i = 0; i < 700; ++i) {
            const auto points = randomPoints(random, keys, i % 50 == 0 ? 3000 : 1 + random() % 60, step);
            auto& writer = i % 40 < 30 ? one : other;
            VERIFY_OK(RunWriter(writer.value()).appendPoints(id, points));
            for (const auto& [key, point] : points) {
                expected[std::string(key)].push_back(point);
            }
            if (i % 100 == 99) {
                compareAll(i % 200 == 199 ? one.value() : other.value(), id, expected);
                const auto checked = checkIntegrity(folder.path());
                VERIFY_OK(checked);
                QVERIFY2(checked->clean(), checked->clean() ? "" : checked->findings[0].message.c_str());
            }
        }
        compareAll(one.value(), id, expected);
        // Rows are full but for the last, and stay when the tail is folded.
        QCOMPARE(test::sqliteSays(folder.path(), "SELECT count(*) FROM tail WHERE length(data) <> " +
                                                     std::to_string(kTailRow) +
                                                     " AND id < (SELECT max(id) FROM tail)"),
                 std::string("0\n"));
        VERIFY_OK(RunWriter(other.value()).endRun(id, {}));
        QCOMPARE(test::sqliteSays(folder.path(), "SELECT count(*) FROM tail"), std::string("0\n"));
        QCOMPARE(test::sqliteSays(folder.path(), "SELECT count(*) FROM live"), std::string("0\n"));
        compareAll(one.value(), id, expected);
        QVERIFY(checkIntegrity(folder.path()).value().clean());
    }

    /// What a transaction wrote before it failed leaves no trace, in the file or in the writer's memory.
    void failedTransactionLeavesNothing() {
        const test::TempFolder folder;
        auto database = Database::open(folder.path(), OpenMode::ReadWrite);
        const auto id = addRun(database.value(), "run");
        RunWriter writer(database.value());
        const std::vector<std::string> keys{"a", "b"};
        std::mt19937_64 random(6);
        Expected expected;
        std::int64_t step = 0;
        for (int i = 0; i < 60; ++i) {
            const auto points = randomPoints(random, keys, 700, step);
            const bool fail = i % 3 == 1;
            const auto done = writer.transaction([&]() -> Result<void> {
                RUNGLASS_TRY(writer.appendPoints(id, points));
                return fail ? Result<void>(Error{ErrorCode::Invalid, "no", {}}) : Result<void>();
            });
            QCOMPARE(done.ok(), !fail);
            for (const auto& [key, point] : points) {
                if (!fail) {
                    expected[std::string(key)].push_back(point);
                }
            }
        }
        compareAll(database.value(), id, expected);
        QVERIFY(checkIntegrity(folder.path()).value().clean());
    }

    void revisionsOfManyLiveRuns() {
        const test::TempFolder folder;
        auto database = Database::open(folder.path(), OpenMode::ReadWrite);
        auto watching = Database::open(folder.path(), OpenMode::ReadOnly);
        RunWriter writer(database.value());
        RunReader reader(watching.value());
        std::vector<RunId> runs;
        for (int i = 0; i < 2 * kMostLive; ++i) {
            runs.push_back(addRun(database.value(), "run " + std::to_string(i)));
        }
        std::mt19937_64 random(7);
        auto revision = reader.revision().value();
        for (int i = 0; i < 400; ++i) {
            const auto& id = runs[random() % runs.size()];
            switch (random() % 8) {
                case 0:
                    VERIFY_OK(writer.setTag(id, "k", std::to_string(i)));
                    break;
                case 1:
                    VERIFY_OK(writer.endRun(id, {}));
                    break;
                default: {
                    const std::vector<MetricPoint> points{{"loss", {i, i, 1.0}}};
                    VERIFY_OK(writer.appendPoints(id, points));
                }
            }
            const auto changes = reader.changesSince(revision);
            VERIFY_OK(changes);
            QCOMPARE(changes->changed.size(), std::size_t{1});
            QCOMPARE(changes->changed[0]->id, id);
            QVERIFY(changes->revision > revision);
            revision = changes->revision;
        }
        QVERIFY(std::stoi(test::sqliteSays(folder.path(), "SELECT count(*) FROM live")) <= kMostLive);
        VERIFY_OK(writer.deleteRun(runs[3]));
        QCOMPARE(reader.changesSince(revision).value().deleted.size(), std::size_t{1});
        QVERIFY(checkIntegrity(folder.path()).value().clean());
    }
};

QTEST_GUILESS_MAIN(TestTail)
#include "tst_tail.moc"
