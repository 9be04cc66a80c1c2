// SPDX-License-Identifier: GPL-3.0-or-later
// Records that are kept beside the database, and what an endpoint that is no more has left of them.
#include "runglass/store/aside_log.h"

#include <atomic>
#include <fstream>
#include <thread>

#include "support/test.h"

using namespace runglass;
using namespace runglass::store;

class TestAsideLog : public runglass::test::TestCase {
    Q_OBJECT

    using Records = std::vector<std::string>;

    static Records recordsOf(const AsideLog& log) {
        Records records;
        const auto done = log.forEach([&](std::string_view record) -> Result<void> {
            records.emplace_back(record);
            return {};
        });
        return done.ok() ? records : Records{done.error().message};
    }
    static std::vector<std::filesystem::path> filesIn(const std::filesystem::path& project) {
        const auto folder = project / ".runglass" / "aside";
        std::error_code error;
        const std::filesystem::directory_iterator files(folder, error);
        return {begin(files), end(files)};
    }
    /// What a process that was killed leaves: the file of a log that lives, under another name.
    static void leave(const std::filesystem::path& project, const Records& records, std::string_view more) {
        AsideLog log(project);
        for (const auto& record : records) {
            QVERIFY(log.add(record));
        }
        const auto left = project / ".runglass" / "aside" / "left.log";
        std::filesystem::copy_file(filesIn(project).front(), left);
        std::ofstream(left, std::ios::app | std::ios::binary) << more;
        log.clear();
    }
    static Records leftoversOf(const AsideLeftovers& leftovers) {
        Records all;
        const auto done = leftovers.forEach([&](std::string_view record) -> Result<void> {
            all.emplace_back(record);
            return {};
        });
        return done.ok() ? all : Records{done.error().message};
    }

private Q_SLOTS:
    /// Whoever opens the project looks for leftovers, also in the moment in which a log is made.
    void madeWhileOthersLookForLeftovers() {
        const test::TempFolder folder;
        std::atomic<bool> done{false};
        std::thread looking([&] {
            while (!done) {
                const AsideLeftovers leftovers(folder.path());
            }
        });
        int kept = 0;
        for (int i = 0; i < 2000; ++i) {
            AsideLog log(folder.path());
            kept += log.add("record") ? 1 : 0;
            log.clear();
        }
        done = true;
        looking.join();
        QCOMPARE(kept, 2000);
    }

    void thereAndBack() {
        const test::TempFolder folder;
        {
            AsideLog log(folder.path());
            QVERIFY(log.empty() && recordsOf(log).empty() && AsideLeftovers(folder.path()).empty());
            const Records records{"one", "", std::string("z\0ro", 4), std::string(3U << 20U, 'x')};
            for (const auto& record : records) {
                QVERIFY(log.add(record));
            }
            QVERIFY(!log.empty() && recordsOf(log) == records);
            log.clear();
            QVERIFY(log.empty() && recordsOf(log).empty());
            QVERIFY(log.add("next"));
            QVERIFY(recordsOf(log) == Records{"next"});
            log.clear();
        }
        QVERIFY(filesIn(folder.path()).empty());
    }

    void noMoreThanItsBound() {
        const test::TempFolder folder;
        AsideLog log(folder.path());
        const std::string record(16U << 20U, 'x');
        for (int i = 0; i < 3; ++i) {
            QVERIFY(log.add(record));
        }
        QVERIFY(!log.add(record));  // with its header the fourth goes beyond 64 MiB
        QVERIFY(log.add("a small one"));
        log.clear();
    }

    void leftovers_data() {
        QTest::addColumn<QByteArray>("more");
        QTest::newRow("whole") << QByteArray();
        QTest::newRow("half a header") << QByteArray("\x05\0\0", 3);
        QTest::newRow("half a record") << QByteArray("\x05\0\0\0\x01\x02\x03\x04wor", 11);
        QTest::newRow("longer than the file") << QByteArray("\xff\xff\xff\xff\x01\x02\x03\x04words", 13);
        QTest::newRow("wrong checksum") << QByteArray("\x05\0\0\0\x01\x02\x03\x04words", 13);
    }
    void leftovers() {
        QFETCH(QByteArray, more);
        const test::TempFolder folder;
        leave(folder.path(), {"one", "two"}, {more.constData(), static_cast<std::size_t>(more.size())});
        {
            AsideLeftovers found(folder.path());
            QCOMPARE(found.files(), std::size_t{1});
            QVERIFY((leftoversOf(found) == Records{"one", "two"}));
            // One takes them at a time; who does not come to it leaves them.
            QVERIFY(AsideLeftovers(folder.path()).empty());
        }
        QVERIFY((leftoversOf(AsideLeftovers(folder.path())) == Records{"one", "two"}));
    }

    /// One log may speak of a run that was begun in another.
    void theOldestComesFirst() {
        const test::TempFolder folder;
        for (const auto* const record : {"a", "b", "c", "d", "e", "f"}) {
            AsideLog log(folder.path());
            QVERIFY(log.add(record));  // goes, and its file stays, as it does when nothing empties it
        }
        QVERIFY((leftoversOf(AsideLeftovers(folder.path())) == Records{"a", "b", "c", "d", "e", "f"}));
    }

    void thoseOfOneThatLivesAreItsOwn() {
        const test::TempFolder folder;
        AsideLog mine(folder.path());
        AsideLog other(folder.path());
        QVERIFY(mine.add("mine"));
        QVERIFY(other.add("other"));
        QVERIFY(AsideLeftovers(folder.path()).empty());
        QVERIFY(recordsOf(mine) == Records{"mine"});
        QVERIFY(recordsOf(other) == Records{"other"});
        mine.clear();
        other.clear();
    }
};

QTEST_GUILESS_MAIN(TestAsideLog)
#include "tst_aside_log.moc"
