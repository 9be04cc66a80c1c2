// SPDX-License-Identifier: GPL-3.0-or-later
// Which files of other tools belong to a run that was launched, and what becomes of the runs they tell of.
#include <algorithm>

#include "fake_format.h"
#include "found_runs.h"
#include "runglass/base/clock.h"
#include "runglass/sources/catalogue.h"
#include "runglass/store/written_files.h"
#include "truth.h"

using namespace runglass;
using test::named;
using test::Names;
using test::namesOf;

namespace {

constexpr std::string_view kId = "00112233445566778899aabbccddeeff";

}  // namespace

class TestLaunchedFiles : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void aFileOfALaunchedRunStaysItsOwnWhileItIsAsTheRunLeftIt() {
        const test::TempFolder project;
        const auto log = project.write("a/x.log", "name x\nmetric loss 2 1\n");
        const auto run = *RunId::fromHex(kId);
        const store::Layout layout(project.path());
        store::WrittenFilesLog written(layout, run);
        sources::Catalogue catalogue({.project = project.path(), .formats = test::fakeFormats()});
        QCOMPARE(catalogue.load()->attached.size(), std::size_t{0});
        const auto stamp = sources::FileStamp::of(log);
        written.start(stamp.modifiedNs / 1'000'000, project / "a");
        written.end(stamp.modifiedNs / 1'000'000 + 1);
        auto runs = catalogue.refresh();  // by its times
        QCOMPARE(runs->attached.size(), std::size_t{1});
        QVERIFY(runs->runs.empty());
        QVERIFY(runs->attached[0]->id == run);
        QCOMPARE(catalogue.series(run, "loss")->size(), std::size_t{2});
        QCOMPARE(catalogue.filesOf(run).size(), std::size_t{1});
        written.settle(std::vector<store::KeptFile>{{log, stamp.size, stamp.modifiedNs}});
        QCOMPARE(catalogue.refresh()->attached.size(), std::size_t{1});
        // Another run was there at the same time: what is written down stands.
        store::WrittenFilesLog(layout, RunId::derive("other")).start(0, project.path());
        QCOMPARE(catalogue.refresh()->attached.size(), std::size_t{1});
        store::WrittenFilesLog(layout, RunId::derive("other")).remove();
        project.write("a/x.log", "name x\nmetric loss 2 1 0\n");
        runs = catalogue.refresh();
        QVERIFY(runs->attached.empty());
        QCOMPARE(namesOf(runs), (Names{"x"}));
    }

    void whatOneToolHasLoggedStaysWithTheRunWhenAnotherLogsTheSame() {
        const test::TempFolder project;
        const auto first = project.write("z.fwk", "rank framework\nmetric loss 2 1\nmetric acc 0.5\n");
        const auto run = *RunId::fromHex(kId);
        store::WrittenFilesLog written(store::Layout(project.path()), run);
        written.start(sources::FileStamp::of(first).modifiedNs / 1'000'000, project.path());
        written.end(nowMs() + 60'000);
        sources::Catalogue catalogue({.project = project.path(), .formats = test::fakeFormats()});
        const auto metrics = [&] {
            Names keys;
            const auto attached = catalogue.attached(run);
            for (const auto& metric : attached ? attached->metrics : std::vector<model::Metric>()) {
                keys.push_back(metric.key.str());
            }
            std::ranges::sort(keys);
            return keys;
        };
        catalogue.load();
        QCOMPARE(metrics(), (Names{"acc", "loss"}));
        QTest::qSleep(20);  // more than a tick of the clock that stamps files
        project.write("a/trainer.trk", "rank framework\nowns\nmetric loss 7\nmetric f1 0.25\n");
        project.write("b/other.lch", "rank framework\nmetric lr 1\n");
        QVERIFY(catalogue.refresh()->runs.empty());
        QCOMPARE(metrics(), (Names{"acc", "f1", "loss", "loss (trk)", "lr"}));
        QCOMPARE(catalogue.series(run, "loss")->values.back(), 1.0);
        QCOMPARE(catalogue.series(run, "loss (trk)")->values.back(), 7.0);
        // Two of one tool are folds: they, and nothing else, go beside the run.
        project.write("c/trainer.trk", "rank framework\nowns\nname fold\nmetric loss 8\n");
        const auto runs = catalogue.refresh();
        QCOMPARE(namesOf(runs), (Names{"a", "fold"}));
        QVERIFY(named(runs, "a")->parent == run && named(runs, "fold")->parent == run);
        QCOMPARE(metrics(), (Names{"acc", "loss", "lr"}));
    }

    void childrenEndWithTheRunThatWroteThem() {
        const test::TempFolder project;
        const auto fold =
            project.write("0/x.fwk", "rank framework\nowns\nsilent\nname fold0\nmetric loss 2\n");
        project.write("1/x.fwk", "rank framework\nowns\nsilent\nname fold1\nmetric loss 1\n");
        project.write("2/x.trk", "rank tracker\nowns\nrunning\nname tracked0\n");  // says so for ever
        project.write("3/x.trk", "rank tracker\nowns\nname tracked1\n");
        const auto run = *RunId::fromHex(kId);
        project.write(".runglass/active/" + run.hex(), "");
        store::WrittenFilesLog written(store::Layout(project.path()), run);
        written.start(sources::FileStamp::of(fold).modifiedNs / 1'000'000, project.path());
        sources::Catalogue catalogue({.project = project.path(), .formats = test::fakeFormats()});
        auto runs = catalogue.load();
        QCOMPARE(namesOf(runs), (Names{"fold0", "fold1", "tracked0", "tracked1"}));
        for (const char* name : {"fold0", "fold1", "tracked0"}) {
            QVERIFY2(named(runs, name)->parent == run, name);
            QVERIFY2(named(runs, name)->status == model::RunStatus::Running, name);
        }
        written.end(nowMs() + 1);
        runs = catalogue.refresh();
        QVERIFY(named(runs, "fold0")->status == model::RunStatus::Finished);
        QVERIFY(named(runs, "fold1")->status == model::RunStatus::Finished);
        QVERIFY(named(runs, "tracked0")->status == model::RunStatus::Lost);
        QVERIFY(named(runs, "tracked0")->toldStatus == model::RunStatus::Running);
        QVERIFY(named(runs, "tracked1")->status == model::RunStatus::Finished);
        QTest::qSleep(20);
        project.write("1/x.fwk", "rank framework\nowns\nsilent\nname fold1\nmetric loss 1 0.5\n");
        runs = catalogue.refresh();  // somebody else goes on with it
        QVERIFY(named(runs, "fold1")->status == model::RunStatus::Running);
    }

    /// Its supervisor was killed, and the command went on for a while.
    void aRunWithoutAnEndKeepsWhatItHadOpen() {
        const test::TempFolder project;
        const auto log = project.write("a/x.log", "name x\nmetric loss 2\n");
        project.write("a/y.log", "name y\nmetric loss 3\n");
        const auto stamp = sources::FileStamp::of(log);
        const store::Layout layout(project.path());
        const auto lost = RunId::derive("lost");
        const auto later = RunId::derive("later");
        store::WrittenFilesLog written(layout, lost);
        written.start(stamp.modifiedNs / 1'000'000, project / "a");
        written.addOpened({log, false});
        const auto note = store::writtenFolder(layout) / lost.hex();
        const auto wait = [&] { QTest::qSleep(30); };  // more than a tick of the clock that stamps files
        wait();
        project.write("a/x.log", "name x\nmetric loss 2 1\n");
        project.write("a/y.log", "name y\nmetric loss 3 2\n");
        QVERIFY(sources::FileStamp::of(log).modifiedNs > sources::FileStamp::of(note).modifiedNs);
        sources::Catalogue catalogue({.project = project.path(), .formats = test::fakeFormats()});
        auto runs = catalogue.load();
        QCOMPARE(catalogue.series(lost, "loss")->size(), std::size_t{2});
        QCOMPARE(namesOf(runs), (Names{"y"}));  // nothing tells whose it is: the run may have been dead
        wait();
        store::WrittenFilesLog next(layout, later);
        next.start(nowMs(), project / "a");
        next.addOpened({log, false});
        wait();
        project.write("a/x.log", "name x\nmetric loss 5 4 3\n");
        next.end(nowMs() + 1);
        catalogue.refresh();
        QVERIFY(!catalogue.attached(lost));
        QCOMPARE(catalogue.series(later, "loss")->size(), std::size_t{3});
    }

    void whatCanNotBeToldIsNoOnes() {
        const test::TempFolder project;
        const auto log = project.write("a/x.log", "name x\n");
        const auto ms = sources::FileStamp::of(log).modifiedNs / 1'000'000;
        const store::Layout layout(project.path());
        const auto attached = [&] {
            sources::Catalogue catalogue({.project = project.path(), .formats = test::fakeFormats()});
            const auto runs = catalogue.load();
            return runs->attached.empty() ? RunId() : runs->attached[0]->id;
        };
        const auto one = RunId::derive("one");
        const auto two = RunId::derive("two");
        store::WrittenFilesLog first(layout, one);
        store::WrittenFilesLog second(layout, two);
        first.start(ms, project.path());
        first.end(ms + 60'000);
        QVERIFY(attached() == one);
        second.start(ms, project / "a");
        second.end(ms + 60'000);
        QVERIFY(attached() == RunId());  // both could have written it
        second.addOpened({log, false});
        QVERIFY(attached() == two);  // this one had it open
        first.addOpened({log, true});
        QVERIFY(attached() == RunId());
        second.remove();
        QVERIFY(attached() == one);  // made in its time
        project.write("a/x.log", "name x\nstart 1000\n");
        QVERIFY(attached() == RunId());  // a copy of something older
        project.write("a/x.log", "name x\n");
        QVERIFY(attached() == one);
        first.remove();
        store::WrittenFilesLog later(layout, one);
        later.start(ms + 1'000, project.path());
        QVERIFY(attached() == RunId());  // changed before it began
    }
};

QTEST_GUILESS_MAIN(TestLaunchedFiles)
#include "tst_launched_files.moc"
