// SPDX-License-Identifier: GPL-3.0-or-later
// Changes of runs: as bytes and back, and what a record shows of them against what the database holds.
#include "runglass/store/run_change.h"

#include <cmath>
#include <limits>

#include "change_session.h"
#include "runglass/store/aside_log.h"
#include "runglass/store/change_writer.h"
#include "runglass/store/database.h"
#include "runglass/store/integrity.h"
#include "runglass/store/restore_aside.h"
#include "runglass/store/run_reader.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::store;

class TestRunChange : public runglass::test::TestCase {
    Q_OBJECT

    using Session = runglass::test::ChangeSession;

    static std::string_view textOf(const Bytes& bytes) {
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }
    static RunId idOf(char digit) { return *RunId::fromHex(std::string(32, digit)); }

    static RunChange newRun(char digit) {
        RunChange change;
        change.run = idOf(digit);
        change.isNew = true;
        change.timeMs = 1'750'000'000'000;
        change.experiment = 0;
        change.name = "a run";
        change.user = "me";
        change.note = "**why**";
        change.parent = idOf('e');
        change.startMs = 17;
        change.git = model::GitState{"c0ffee", "main", "", "https://host/x", true};
        change.command = {"train.py"};
        change.params = {{"lr", "0.1"}, {"opt", "adam"}};
        change.tags = {{"t", "1"}, {"t", "2"}, {"\u00e4", ""}};
        return change;
    }
    /// Something of everything that a run which is there can be told.
    static RunChange everything(char digit) {
        RunChange change;
        change.run = idOf(digit);
        change.timeMs = 1'750'000'000'500;
        change.name = "another name";
        change.note = "";
        change.parent = idOf('d');
        change.status = model::RunStatus::Failed;
        change.endMs = 1'750'000'000'400;
        change.params = {{"lr", "0.1"}, {"batch", "64"}};
        change.tags = {{"new", "x"}, {"t", "3"}};
        change.listedInTags = {{"list", "{\"a\":1}"}, {"list", "2"}, {"t", "[]"}};
        change.removedTags = {"\u00e4", "none"};
        change.inputs = {{{"data", "d1", "local", "{}", "schema", "profile"}, {{"k", "v"}}}};
        change.modelInputs = {{"m-1", 0}};
        change.modelOutputs = {{"m-2", -3}};
        change.points = {{"loss", {1, 2, -0.0}},
                         {"loss", {-5, 3, std::nan("")}},
                         {"x/y", {std::numeric_limits<std::int64_t>::min(), 0, INFINITY}}};
        change.ofModels = {{2, "m-1", "data", "d1"}};
        return change;
    }
    /// What only a supervisor says.
    static RunChange supervised(char digit) {
        RunChange change;
        change.run = idOf(digit);
        change.status = model::RunStatus::Running;
        change.startMs = 23;
        change.tags = {{"stage", "dev"}};
        change.points = {{"loss", {1, 2, 0.5}}, {"loss", {1, 2, 0.5}}};
        auto& told = change.supervised.emplace();
        told.spool = "spool.jsonl";
        told.offset = 100;
        told.experiment = "sweep";
        told.datasets = {{"train", "d1", "train.csv", "{}"}};
        told.problems = {"A line was left out."};
        told.end = RunEnd{model::RunStatus::Failed, 3, 9, 1'750'000'000'900, 0.5, 0.25, 4096};
        return change;
    }
    static void checkRecord(const model::RunRecord& seen, const model::RunRecord& stored) {
        QCOMPARE(seen.name, stored.name);
        QVERIFY(seen.experiment == stored.experiment && seen.source == stored.source);
        QVERIFY(seen.status == stored.status);
        QVERIFY(seen.startTimeMs == stored.startTimeMs && seen.endTimeMs == stored.endTimeMs);
        QVERIFY(seen.git == stored.git && seen.parent == stored.parent);
        QCOMPARE(seen.hasNote, stored.hasNote);
        QVERIFY(seen.params == stored.params);
        QVERIFY(seen.tags == stored.tags);
    }

private Q_SLOTS:
    void thereAndBack() {
        for (const auto& change : {newRun('a'), everything('b'), RunChange()}) {
            const auto bytes = encodeChange(change);
            const auto back = decodeChange(bytes);
            QVERIFY(back.has_value());
            QVERIFY(encodeChange(*back) == bytes);  // all bits of doubles, too
            QVERIFY(back->run == change.run && back->params == change.params && back->tags == change.tags);
            QVERIFY(back->name == change.name && back->status == change.status);
            QCOMPARE(back->points.size(), change.points.size());
            QCOMPARE(back->hasOnlyPoints(), change.hasOnlyPoints());
        }
        const auto back = *decodeChange(encodeChange(everything('b')));
        QVERIFY(std::signbit(back.points[0].point.value) && std::isnan(back.points[1].point.value));
        QCOMPARE(back.inputs.at(0).dataset.profile, std::string("profile"));
        QCOMPARE(back.modelOutputs.at(0).step, std::int64_t{-3});
    }

    /// A log that a program has written before there were any is read, and one without any is the same.
    void withReplaceable() {
        auto change = everything('b');
        const auto old = encodeChange(change);
        QCOMPARE(int{old.front()}, 1);
        QVERIFY(decodeChange(old)->replaceable.empty());
        change.replaceable = {{"lr", "1e-1"}};
        const auto bytes = encodeChange(change);
        QCOMPARE(int{bytes.front()}, 2);
        QVERIFY(decodeChange(bytes)->replaceable == change.replaceable);
        QVERIFY(!decodeChange(ByteView(bytes).first(old.size())));
    }

    void withRemovals() {
        auto change = everything('b');
        change.deleted = true;
        change.removedFiles = {"model", ""};
        const auto bytes = encodeChange(change);
        QCOMPARE(int{bytes.front()}, 3);
        const auto back = decodeChange(bytes);
        QVERIFY(back && back->deleted == true && back->removedFiles == change.removedFiles);
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            QVERIFY(!decodeChange(ByteView(bytes).first(size)));
        }
    }

    void ofASupervisor() {
        const auto bytes = encodeChange(supervised('b'));
        QCOMPARE(int{bytes.front()}, 4);
        const auto back = decodeChange(bytes);
        QVERIFY(back && back->supervised && encodeChange(*back) == bytes);
        QCOMPARE(back->supervised->datasets.at(0).location, std::string("train.csv"));
        QVERIFY(back->supervised->end->exitCode == 3 && back->supervised->end->peakMemoryBytes == 4096);
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            QVERIFY(!decodeChange(ByteView(bytes).first(size)));
        }
    }

    /// A supervisor that is killed before it can forget what it has just written.
    void ofASupervisorTwice() {
        const test::TempFolder folder;
        Session session(folder.path());
        QVERIFY(session.changes.write(newRun('a')).ok());
        auto seen = **session.tracked.record(idOf('a'));
        applyTo(seen, supervised('a'), {});
        for (int time = 0; time < 2; ++time) {
            QVERIFY(session.changes.restore(textOf(encodeChange(supervised('a')))).ok());
        }
        checkRecord(seen, **session.tracked.record(idOf('a')));
        const auto detail = session.reader.detail(idOf('a'));
        QVERIFY(detail->record.exitCode == 3 && detail->record.signal == 9);
        QCOMPARE(detail->record.experiment.text(), std::string_view("sweep"));
        QVERIFY(detail->record.startTimeMs == 23 && detail->peakMemoryBytes == 4096);
        QCOMPARE(detail->problems.size(), std::size_t{1});
        QCOMPARE(detail->datasets.size(), std::size_t{1});
        // Two of the same are two, unlike those of a client that may send a call again.
        QCOMPARE(session.reader.series(idOf('a'), "loss")->size(), std::size_t{2});
        auto more = supervised('a');
        more.supervised->offset = 101;
        QVERIFY(session.changes.restore(textOf(encodeChange(more))).ok());
        QCOMPARE(session.reader.series(idOf('a'), "loss")->size(), std::size_t{4});
        QCOMPARE(session.writer.spoolOffset(idOf('a'), "spool.jsonl").valueOr(0), std::int64_t{101});
    }

    /// Of two that are told to replace the same value, the first does.
    void givenParams() {
        const test::TempFolder folder;
        Session session(folder.path());
        QVERIFY(session.changes.write(newRun('a')).ok());  // lr = 0.1
        RunChange change;
        change.run = idOf('a');
        change.params = {{"lr", "1e-1"}, {"opt", "sgd"}};
        change.replaceable = {{"lr", "0.1"}, {"opt", "other"}};
        auto shown = **session.tracked.record(change.run);
        applyTo(shown, change, {});
        auto refused = session.changes.write(change);
        QVERIFY(refused.ok());
        QVERIFY(*refused == std::vector<std::string>{"opt"});
        change.params = {{"lr", "0.2"}};
        refused = session.changes.write(change);
        QVERIFY(refused.ok());
        QVERIFY(*refused == std::vector<std::string>{"lr"});
        const auto stored = **session.tracked.record(change.run);
        QVERIFY(stored.params == shown.params);
        QCOMPARE(stored.param(Symbol("lr")).value_or(""), std::string_view("1e-1"));
        QCOMPARE(stored.param(Symbol("opt")).value_or(""), std::string_view("adam"));
    }

    /// Every shorter text and every text with another byte is refused or read, and nothing worse.
    void whatIsNoChange() {
        const auto bytes = encodeChange(everything('b'));
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            QVERIFY(!decodeChange(ByteView(bytes).first(size)));
        }
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            auto changed = bytes;
            changed[i] = 0xFF;
            if (const auto read = decodeChange(changed)) {
                for (const auto& of : read->ofModels) {
                    QVERIFY(of.point < read->points.size());
                }
            }
        }
        auto newer = bytes;
        newer[0] = 200;
        QVERIFY(!decodeChange(newer));
    }

    /// What is shown of a change that lies aside is what the database shows once it is written.
    void shownAsStored() {
        const test::TempFolder folder;
        Session session(folder.path());
        model::RunRecord seen;
        for (const auto& change : {newRun('a'), everything('a')}) {
            QVERIFY(session.changes.write(change).ok());
            applyTo(seen, change, Symbol("default"));
            const auto stored = session.tracked.record(change.run);
            QVERIFY(stored.ok());
            checkRecord(seen, **stored);
        }
        const auto id = idOf('a');
        QCOMPARE((*session.tracked.record(id))->tag(Symbol::find("list")).value_or(""),
                 std::string_view("[{\"a\":1},2]"));
        QCOMPARE(session.tracked.get(id)->user, std::string("me"));
        QCOMPARE(session.tracked.note(id).valueOr("?"), std::string());
        QCOMPARE(session.tracked.inputs(id)->size(), std::size_t{1});
        QCOMPARE(session.tracked.models(id, true)->at(0).model, std::string("m-2"));
        QCOMPARE(session.reader.series(id, "loss")->size(), std::size_t{2});
    }

    void paramsThatAreSetStay() {
        const test::TempFolder folder;
        Session session(folder.path());
        QVERIFY(session.changes.write(newRun('a')).ok());
        RunChange other;
        other.run = idOf('a');
        other.params = {{"lr", "0.2"}, {"opt", "adam"}, {"new", "1"}};
        const auto refused = session.changes.write(other);
        QVERIFY(refused.ok() && *refused == std::vector<std::string>{"lr"});
        // What was acknowledged is not lost without a word.
        QVERIFY(session.changes.restore(textOf(encodeChange(other))).ok());
        const auto detail = session.reader.detail(other.run);
        QCOMPARE(detail->problems.size(), std::size_t{1});
        QVERIFY(detail->problems[0].find("lr") != std::string::npos);
        QCOMPARE(detail->record.param(Symbol::find("lr")).value_or(""), std::string_view("0.1"));
    }

    void restoringTwiceIsRestoringOnce() {
        const test::TempFolder folder;
        Session session(folder.path());
        for (int time = 0; time < 2; ++time) {
            QVERIFY(session.changes.restore(textOf(encodeChange(newRun('a')))).ok());
            auto more = everything('a');
            more.listedInTags.clear();
            QVERIFY(session.changes.restore(textOf(encodeChange(more))).ok());
        }
        const auto id = idOf('a');
        QCOMPARE(session.reader.runTable().value()->runs.size(), std::size_t{1});
        QCOMPARE(session.reader.series(id, "loss")->size(), std::size_t{2});
        QCOMPARE(session.tracked.inputs(id)->size(), std::size_t{1});
        QVERIFY((*session.tracked.record(id))->status == model::RunStatus::Failed);
        // A run that is not there any more takes what belongs to it along.
        QVERIFY(session.changes.restore(textOf(encodeChange(everything('c')))).ok());
        QVERIFY(session.changes.restore("no change at all").ok());
        QVERIFY(!session.reader.contains(idOf('c')).valueOr(true));
    }

    static std::uint64_t waitingCalls(const std::filesystem::path& project) {
        return checkIntegrity(project).valueOr({}).waitingCalls;
    }

    void takenOverByWhoeverComesNext() {
        const test::TempFolder folder;
        QVERIFY(restoreAside(folder.path()).ok());  // nothing there
        Session before(folder.path());
        {
            AsideLog log(folder.path());
            QVERIFY(log.add(textOf(encodeChange(newRun('a')))));
            QCOMPARE(waitingCalls(folder.path()), std::uint64_t{0});  // of one that lives
            QVERIFY(log.add(textOf(encodeChange(everything('a')))));
        }  // its file stays, as when its process is killed
        QCOMPARE(waitingCalls(folder.path()), std::uint64_t{2});
        const auto held = before.writer.transaction([&]() -> Result<void> {
            const auto busy = restoreAside(folder.path());
            return busy.ok() ? Result<void>() : busy.error();
        });
        QVERIFY(held.ok());  // whoever opens the project does not mind that it has to wait
        QVERIFY(!before.reader.contains(idOf('a')).valueOr(true));
        QCOMPARE(waitingCalls(folder.path()), std::uint64_t{2});
        const Session next(folder.path());
        QVERIFY(before.reader.contains(idOf('a')).valueOr(false));
        QCOMPARE(before.reader.series(idOf('a'), "loss")->size(), std::size_t{2});
        QCOMPARE(waitingCalls(folder.path()), std::uint64_t{0});
        QVERIFY(std::filesystem::is_empty(folder.path() / ".runglass" / "aside"));
    }
};

QTEST_GUILESS_MAIN(TestRunChange)
#include "tst_run_change.moc"
