// SPDX-License-Identifier: GPL-3.0-or-later
// What several endpoints have kept of the same runs gets into the database as it was acknowledged, once.
#include "runglass/store/runs_takeover.h"

#include <fstream>
#include <memory>
#include <thread>

#include "change_session.h"
#include "runglass/store/aside_follower.h"
#include "runglass/store/aside_log.h"
#include "runglass/store/aside_watch.h"
#include "runglass/store/change_writer.h"
#include "runglass/store/database.h"
#include "runglass/store/run_reader.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::store;

class TestRunsTakeover : public runglass::test::TestCase {
    Q_OBJECT

    struct Session : runglass::test::ChangeSession {
        explicit Session(const std::filesystem::path& project)
            : ChangeSession(project)
            , runs(project) {}
        RunsTakeover runs;

        Result<void> take(const std::filesystem::path& own = {}) {
            auto done = writer.transaction([&] {
                return runs.take(
                    database, own, [] { return Result<void>(); },
                    [&](std::string_view record) { return changes.restore(record); });
            });
            runs.end(done.ok());
            return done;
        }
        std::string tag(char digit, std::string_view key) {
            const auto record = tracked.record(idOf(digit));
            return record.ok() ? std::string((*record)->tag(Symbol::find(key)).value_or("")) : "no run";
        }
    };
    static RunId idOf(char digit) { return *RunId::fromHex(std::string(32, digit)); }
    static std::string bytesOf(const RunChange& change) {
        const auto bytes = encodeChange(change);
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }
    static std::string newRun(char digit, std::int64_t timeMs) {
        RunChange change;
        change.run = idOf(digit);
        change.isNew = true;
        change.timeMs = timeMs;
        change.experiment = kDefaultExperiment;
        change.name = "as it was begun";
        return bytesOf(change);
    }
    static std::string tagged(char digit, std::int64_t timeMs, const std::string& value,
                              const std::string& key = "t") {
        RunChange change;
        change.run = idOf(digit);
        change.timeMs = timeMs;
        change.tags = {{key, value}};
        return bytesOf(change);
    }
    static std::size_t recordsOf(const AsideLog& log) {
        std::size_t count = 0;
        const auto read = log.forEach([&](std::string_view /*record*/) -> Result<void> {
            ++count;
            return {};
        });
        return read.ok() ? count : 99;
    }

private Q_SLOTS:
    void inOrderOfTime() {
        const test::TempFolder folder;
        Session session(folder.path());
        AsideLog first(folder.path());
        AsideLog second(folder.path());
        // Each says something of the run of the other, in turns.
        QVERIFY(first.add(tagged('b', 20, "1")) && first.add(newRun('a', 30)) &&
                first.add(tagged('a', 50, "3")));
        QVERIFY(second.add(newRun('b', 10)) && second.add(tagged('a', 40, "2")) &&
                second.add(tagged('b', 60, "4")) && second.add(tagged('a', 45, "in order of its log")));
        QVERIFY(session.runs.anything());
        QVERIFY(session.take().ok());
        // The clock of the second went back, its order stays: its last one is of 60.
        QCOMPARE(session.tag('a', "t"), std::string("in order of its log"));
        QCOMPARE(session.tag('b', "t"), std::string("4"));
        first.clear();
        second.clear();
    }

    /// Of the same millisecond, and in the log that comes first.
    void aChangeWaitsForTheBeginningOfItsRun() {
        const test::TempFolder folder;
        Session session(folder.path());
        AsideLog third(folder.path());
        AsideLog fourth(folder.path());
        QVERIFY(third.add(tagged('c', 7, "said")) && third.add(tagged('c', 9, "more", "u")));
        QVERIFY(fourth.add(newRun('c', 7)));
        QVERIFY(session.take().ok());
        QCOMPARE(session.tag('c', "t"), std::string("said"));
        QCOMPARE(session.tag('c', "u"), std::string("more"));
        third.clear();
        fourth.clear();
    }

    void whatIsAddedWhileItIsTakenStaysWhenItsEndpointDies() {
        const test::TempFolder folder;
        Session session(folder.path());
        auto dying = std::make_unique<AsideLog>(folder.path());
        QVERIFY(dying->add(newRun('a', 1)));
        VERIFY_OK(session.writer.transaction([&] {
            return session.runs.take(
                session.database, {}, [] { return Result<void>(); },
                [&](std::string_view record) { return session.changes.restore(record); });
        }));
        QVERIFY(dying->add(tagged('a', 2, "acknowledged")));
        dying.reset();
        session.runs.end(true);
        QVERIFY(session.runs.anything());
        QVERIFY(session.take().ok());
        QCOMPARE(session.tag('a', "t"), std::string("acknowledged"));
        QVERIFY(!session.runs.anything());
        QVERIFY(!isAnythingAside(folder.path()));
    }

    void onceAndWhatComesBehind() {
        const test::TempFolder folder;
        Session session(folder.path());
        AsideLog living(folder.path());
        QVERIFY(living.add(newRun('a', 1)) && living.add(tagged('a', 2, "kept")));
        QVERIFY(session.take().ok());
        QCOMPARE(recordsOf(living), std::size_t{0});
        QVERIFY(!session.runs.anything() && !RunsTakeover(folder.path()).anything());
        // Another program says something else, and the endpoint, that has not had its turn yet, something
        // more.
        QVERIFY(session.writer.setTag(idOf('a'), "t", "later").ok());
        QVERIFY(living.add(tagged('a', 3, "new", "u")));
        QCOMPARE(recordsOf(living), std::size_t{1});
        QVERIFY(session.runs.anything());
        Session endpoint(folder.path());
        QVERIFY(endpoint.take(living.path()).ok());
        QCOMPARE(session.tag('a', "t"), std::string("later"));
        QCOMPARE(session.tag('a', "u"), std::string("new"));
        living.clear();
        QVERIFY(std::filesystem::is_empty(folder.path() / ".runglass" / "aside"));
    }

    void whatIsNotCommittedStays() {
        const test::TempFolder folder;
        Session session(folder.path());
        AsideLog living(folder.path());
        QVERIFY(living.add(newRun('a', 1)));
        const auto refused = session.writer.transaction([&]() -> Result<void> {
            const auto taken = session.runs.take(
                session.database, {}, [] { return Result<void>(); },
                [&](std::string_view record) { return session.changes.restore(record); });
            return taken.ok() ? Error{ErrorCode::Full, {}, {}} : taken;
        });
        session.runs.end(refused.ok());
        session.series.clear();
        QVERIFY(!session.reader.contains(idOf('a')).valueOr(true));
        QVERIFY(session.runs.anything());
        QVERIFY(session.take().ok());
        QVERIFY(session.reader.contains(idOf('a')).valueOr(false));
        living.clear();
    }

    void theLogOfADeadOneGoes() {
        const test::TempFolder folder;
        Session session(folder.path());
        {
            AsideLog dead(folder.path());
            QVERIFY(dead.add(newRun('a', 1)));
        }
        AsideLog living(folder.path());
        QVERIFY(living.add(tagged('a', 2, "of the living")));
        QVERIFY(session.take().ok());
        QCOMPARE(session.tag('a', "t"), std::string("of the living"));
        QVERIFY(AsideLeftovers(folder.path()).empty());
        QVERIFY(std::filesystem::exists(living.path()));
        living.clear();
    }

    /// A run that is in no log and not in the database: nothing waits for it.
    void whatHasNoRunIsPassedOver() {
        const test::TempFolder folder;
        Session session(folder.path());
        AsideLog log(folder.path());
        QVERIFY(log.add(tagged('a', 1, "of a run that is gone")) && log.add(newRun('b', 2)));
        QVERIFY(session.take().ok());
        QVERIFY(!session.reader.contains(idOf('a')).valueOr(true));
        QVERIFY(session.reader.contains(idOf('b')).valueOr(false));
        QCOMPARE(recordsOf(log), std::size_t{0});
        log.clear();
    }

    /// Who follows sees what is not taken, and once.
    void followed() {
        const test::TempFolder folder;
        Session session(folder.path());
        AsideLog log(folder.path());
        AsideFollower follower(folder.path());
        int restarts = 0;
        std::vector<std::string> records;
        const auto poll = [&] {
            follower.poll(
                [&] {
                    ++restarts;
                    records.clear();
                },
                [&](std::string_view record) -> Result<void> {
                    records.emplace_back(record);
                    return {};
                });
        };
        QVERIFY(log.add(newRun('a', 1)));
        poll();
        QCOMPARE(records.size(), std::size_t{1});
        QVERIFY(session.take().ok());
        poll();
        QVERIFY(restarts == 1 && records.empty());
        const auto later = tagged('a', 2, "x");
        QVERIFY(log.add(later));
        poll();
        poll();
        QVERIFY(restarts == 1 && records == std::vector<std::string>{later});
        log.clear();
        poll();
        QVERIFY(restarts == 2 && records.empty());
    }

    void watched() {
        const test::TempFolder folder;
        const AsideWatch watch(folder.path());
        QVERIFY(watch.isEmpty());  // no folder
        for (int round = 0; round < 3; ++round) {
            AsideLog log(folder.path());
            QVERIFY(watch.isEmpty());
            QVERIFY(log.add("something") && !watch.isEmpty() && log.add("more") && !watch.isEmpty());
            log.clear();
            QVERIFY(watch.isEmpty());
            // Long enough for the folder to count as old: it is not looked into any more.
            std::this_thread::sleep_for(std::chrono::milliseconds(round == 1 ? 250 : 1));
            QVERIFY(watch.isEmpty());
        }
        std::ofstream(folder.path() / ".runglass" / "aside" / "catalog") << "x";
        QVERIFY(!watch.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestRunsTakeover)
#include "tst_runs_takeover.moc"
