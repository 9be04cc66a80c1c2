// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>

#include "runglass/store/database.h"
#include "runglass/store/layout.h"
#include "runglass/store/run_reader.h"
#include "runglass/store/run_writer.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::store;

/// Connections of one process beside programs of others. A process that closes a descriptor of its own on the
/// database loses the locks of all its connections; the last connection of another process then removes the
/// log under them.
class TestLocks : public test::TestCase {
    Q_OBJECT
private:
    static Result<std::int64_t> addRun(Database& database) {
        model::RunDetail detail;
        detail.record.id = RunId::generate();
        detail.record.name = "run";
        detail.record.experiment = Symbol("default");
        detail.record.source = Symbol("runglass");
        return RunWriter(database).createRun(detail);
    }

private Q_SLOTS:
    void openingAgainKeepsTheLocksOfTheOthers_data() {
        QTest::addColumn<int>("mode");
        QTest::newRow("to write") << static_cast<int>(OpenMode::ReadWrite);
        QTest::newRow("to look") << static_cast<int>(OpenMode::ReadOnly);
    }
    void openingAgainKeepsTheLocksOfTheOthers() {
        QFETCH(int, mode);
        const test::TempFolder project;
        const Layout layout(project.path());
        {
            auto first = Database::open(project.path(), OpenMode::ReadWrite);
            VERIFY_OK(first);
            VERIFY_OK(addRun(*first));
        }
        // Its log is empty now: nothing but the locks tells others that it is in use.
        auto database = Database::open(project.path(), OpenMode::ReadWrite);
        VERIFY_OK(database);
        {
            auto second = Database::open(project.path(), static_cast<OpenMode>(mode));
            VERIFY_OK(second);
            VERIFY_OK(RunReader(*second).runTable());
        }
        const auto log = layout.database().native() + "-wal";
        for (int i = 0; i < 3; ++i) {
            const auto seen =
                test::runProcess({"sqlite3", layout.database().native(), "SELECT count(*) FROM run"});
            QCOMPARE(seen.out, std::to_string(i + 1) + "\n");
            QVERIFY2(std::filesystem::exists(log), "another program took this process for gone");
            VERIFY_OK(addRun(*database));
        }
        QCOMPARE(test::runProcess({"sqlite3", layout.database().native(), "PRAGMA integrity_check"}).out,
                 std::string("ok\n"));
    }
};

QTEST_GUILESS_MAIN(TestLocks)
#include "tst_locks.moc"
