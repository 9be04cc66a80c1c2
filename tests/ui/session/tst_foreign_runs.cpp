// SPDX-License-Identifier: GPL-3.0-or-later
// Runs of other tools in an open project: there without a run database, live, and marked like own runs.
#include <QTest>

#include <filesystem>
#include <fstream>

#include "../../core/sources/event_writer.h"
#include "runglass/base/clock.h"
#include "runglass/store/layout.h"
#include "runglass/store/written_files.h"
#include "runglass/ui/session/media.h"
#include "runglass/ui/session/project_session.h"
#include "support/scratch_project.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

/// The file that Keras' CSVLogger writes.
constexpr const char* kHistory = "epoch,loss,val_loss\n0,0.5,0.6\n1,0.25,0.5\n";

model::SharedRun onlyRun(const ProjectSession& session) {
    return session.runs()->runs.size() == 1 ? session.runs()->runs[0] : nullptr;
}

std::uint64_t countOf(const model::SharedRun& run) {
    const auto* summary = run ? run->metric(Symbol("loss")) : nullptr;
    return summary == nullptr ? 0 : summary->count;
}

/// The values as the session gives them; none when it gives none in time.
std::vector<double> lossOf(ProjectSession& session, const RunId& id) {
    QObject owner;
    model::SharedSeries series;
    session.requestSeries(id, Symbol("loss"), &owner,
                          [&](const Result<model::SharedSeries>& read) { series = read.valueOr({}); });
    return QTest::qWaitFor([&] { return series != nullptr; })
               ? std::vector<double>(series->values.begin(), series->values.end())
               : std::vector<double>();
}

}  // namespace

class ForeignRunsTest : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void whatCannotBeReadIsSaidAsLongAsItIsSo() {
        const test::TempFolder folder;
        folder.write("logs/history.csv", kHistory);
        const auto broken =
            folder.write("logs/runs.db", std::string("SQLite format 3\0", 16) + std::string(4096, '\xa5'));
        ProjectSession session(folder.path());
        session.start();
        QTRY_VERIFY(onlyRun(session) != nullptr);
        QTRY_COMPARE(session.unreadable().size(), 1);
        QVERIFY2(session.unreadable()[0].contains(QLatin1String("logs/runs.db")),
                 qPrintable(session.unreadable()[0]));
        QVERIFY(session.problems().empty());  // those that happened
        folder.write("logs/more.db", std::string("SQLite format 3\0", 16) + std::string(4096, '\xa5'));
        QTRY_COMPARE(session.unreadable().size(), 2);
        std::filesystem::remove(broken);
        std::filesystem::remove(folder / "logs/more.db");
        QTRY_VERIFY(session.unreadable().isEmpty());
    }

    void whatCannotBeReadFromTheStartIsSaid() {
        const test::TempFolder folder;
        const auto broken = std::string("SQLite format 3\0", 16) + std::string(4096, '\xa5');
        folder.write("a/runs.db", broken);
        folder.write("b/runs.db", broken);
        constexpr int kMore = 1000;  // what is told while they are read has the same problems as the end has
        for (int i = 0; i < kMore; ++i) {
            folder.write("logs/" + std::to_string(i) + "/history.csv", kHistory);
        }
        ProjectSession session(folder.path());
        session.start();
        QTRY_COMPARE(session.unreadable().size(), 2);
    }

    void appearGrowAndGo() {
        const test::TempFolder folder;
        folder.write("logs/history.csv", kHistory);
        ProjectSession session(folder.path());
        session.start();
        QTRY_VERIFY(onlyRun(session) != nullptr);
        const auto first = onlyRun(session);
        QCOMPARE(first->source.str(), std::string("keras"));
        QCOMPARE(countOf(first), std::uint64_t{2});
        QVERIFY(session.isVisible(first->id));

        model::SharedSeries series;
        const auto ask = [&] {
            session.requestSeries(first->id, Symbol("loss"), this,
                                  [&](const Result<model::SharedSeries>& read) { series = *read; });
        };
        ask();
        QTRY_VERIFY(series != nullptr);
        QCOMPARE(series->values.back(), 0.25);

        std::ofstream(folder / "logs/history.csv", std::ios::app) << "2,0.125,0.4\n";
        QTRY_COMPARE(countOf(session.run(first->id)), std::uint64_t{3});
        series.reset();
        ask();
        QTRY_VERIFY(series != nullptr);
        QCOMPARE(series->values.back(), 0.125);

        bool reset = false;
        connect(&session, &ProjectSession::runsChanged, this,
                [&](const RunsDelta& delta) { reset = reset || delta.reset; });
        folder.write("more/deep/history.csv", kHistory);
        QTRY_COMPARE(session.runs()->runs.size(), 2U);
        QVERIFY(session.runs()->runs[0]->id == first->id);
        std::filesystem::remove_all(folder / "more");
        QTRY_COMPARE(session.runs()->runs.size(), 1U);
        QVERIFY(!reset);
        QVERIFY(!std::filesystem::exists(store::Layout(folder.path()).root()));
    }

    void aFileThatIsWrittenAnewIsReadAnew() {
        const test::TempFolder folder;
        folder.write("logs/history.csv", kHistory);
        ProjectSession session(folder.path());
        session.start();
        QTRY_VERIFY(onlyRun(session) != nullptr);
        const auto id = onlyRun(session)->id;
        QCOMPARE(lossOf(session, id).size(), std::size_t{2});
        folder.write("logs/history.csv", "epoch,loss,acc\n0,7.5,0.1\n1,7.25,0.2\n2,7.125,0.3\n");
        QTRY_COMPARE(countOf(session.run(id)), std::uint64_t{3});
        QCOMPARE(lossOf(session, id), (std::vector<double>{7.5, 7.25, 7.125}));
    }

    // One that begins like it, has its first and greatest value and more points: the record tells nothing.
    void aFileThatIsReplacedIsReadAnew() {
        const auto rows = [](const std::vector<double>& values) {
            std::string text = "epoch,loss\n";
            for (std::size_t i = 0; i < values.size(); ++i) {
                text += std::to_string(i) + "," + std::to_string(values[i]) + "\n";
            }
            return text;
        };
        const std::vector<double> before{8, 4, 3, 2};
        const std::vector<double> after{8, 4, 5, 4.5, 1, 0.5};
        const test::TempFolder folder;
        folder.write("logs/history.csv", rows(before));
        ProjectSession session(folder.path());
        session.start();
        QTRY_VERIFY(onlyRun(session) != nullptr);
        const auto id = onlyRun(session)->id;
        QCOMPARE(lossOf(session, id), before);
        folder.write("new.part", rows(after));
        std::filesystem::rename(folder / "new.part", folder / "logs/history.csv");
        QTRY_COMPARE(countOf(session.run(id)), std::uint64_t{6});
        QCOMPARE(lossOf(session, id), after);
    }

    // Its record is what it was: as many points, the same first, last, least and greatest value.
    void aValueThatIsEditedInPlaceIsReadAnew() {
        const test::TempFolder folder;
        const auto file = folder.write("logs/history.csv", "epoch,loss\n0,8\n1,4\n2,3\n3,2\n");
        ProjectSession session(folder.path());
        session.start();
        QTRY_VERIFY(onlyRun(session) != nullptr);
        const auto id = onlyRun(session)->id;
        QCOMPARE(lossOf(session, id), (std::vector<double>{8, 4, 3, 2}));
        bool told = false;
        connect(&session, &ProjectSession::runsChanged, this, [&](const RunsDelta& delta) {
            told = told || std::find(delta.changed.begin(), delta.changed.end(), id) != delta.changed.end();
        });
        std::fstream edit(file, std::ios::in | std::ios::out);
        edit.seekp(static_cast<std::streamoff>(std::string("epoch,loss\n0,8\n1,4\n2,").size()));
        edit << '7';
        edit.close();
        QTRY_VERIFY(told);
        QCOMPARE(lossOf(session, id), (std::vector<double>{8, 4, 7, 2}));
    }

    void pointsThatARestartTakesBackGo() {
        const auto points = [](int from, int to, float value) {
            std::string bytes = test::versionRecord(1.6e9);
            for (int step = from; step < to; ++step) {
                bytes += test::scalarRecord("loss", step, value);
            }
            return bytes;
        };
        const test::TempFolder folder;
        folder.write("log/events.out.tfevents.1.h", points(0, 10, 1));
        ProjectSession session(folder.path());
        session.start();
        QTRY_VERIFY(onlyRun(session) != nullptr);
        const auto id = onlyRun(session)->id;
        QCOMPARE(lossOf(session, id).size(), std::size_t{10});
        folder.write("log/events.out.tfevents.2.h", test::startRecord(5) + points(5, 8, 2));
        QTRY_COMPARE(countOf(session.run(id)), std::uint64_t{8});
        QCOMPARE(lossOf(session, id), (std::vector<double>{1, 1, 1, 1, 1, 2, 2, 2}));
        // More at once than are taken back: the count alone would look like growth.
        folder.write("log/events.out.tfevents.3.h", test::startRecord(2) + points(2, 12, 3));
        QTRY_COMPARE(countOf(session.run(id)), std::uint64_t{12});
        QCOMPARE(lossOf(session, id), (std::vector<double>{1, 1, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3}));
    }

    void whatALaunchedRunWritesCompletesIt() {
        const test::ScratchProject project;
        const auto id = project.addRuns({{"mine", {}, {{"own", 1}}}}).front();
        ProjectSession session(project.path());
        session.start();
        QTRY_VERIFY(onlyRun(session) != nullptr);
        project.write(".runglass/active/" + id.hex(), "");  // it goes on
        store::WrittenFilesLog written(store::Layout(project.path()), id);
        written.start(nowMs() - 1000, project.path());
        const auto file = project.path() / "logs/history.csv";
        project.write("logs/history.csv", kHistory);
        QTRY_COMPARE(countOf(session.run(id)), std::uint64_t{2});
        QVERIFY(onlyRun(session) != nullptr && onlyRun(session)->metric(Symbol("own")) != nullptr);
        std::ofstream(file, std::ios::app) << "2,0.125,0.4\n";
        QTRY_COMPARE(countOf(session.run(id)), std::uint64_t{3});
        model::SharedSeries series;
        session.requestSeries(id, Symbol("loss"), this,
                              [&](const Result<model::SharedSeries>& read) { series = *read; });
        QTRY_VERIFY(series != nullptr);
        QCOMPARE(series->values.back(), 0.125);
        std::filesystem::remove(file);
        QTRY_COMPARE(countOf(session.run(id)), std::uint64_t{0});
        QVERIFY(onlyRun(session)->metric(Symbol("own")) != nullptr);
    }

    // One that MLflow has scheduled is nothing that this project will start.
    void whatWaitsElsewhereIsNotInTheQueue() {
        const test::ScratchProject project;
        project.addRuns(
            {{.name = "ours", .commit = {}, .metrics = {}, .status = model::RunStatus::Scheduled}});
        project.write("mlruns/1/meta.yaml", "name: e\n");
        project.write("mlruns/1/" + std::string(32, 'a') + "/meta.yaml",
                      "run_name: theirs\nstatus: 2\nstart_time: 1700000000000\nend_time: null\n");
        ProjectSession session(project.path());
        session.start();
        QTRY_COMPARE(session.runs()->runs.size(), 2U);
        for (const auto& run : session.runs()->runs) {
            QVERIFY(run->status == model::RunStatus::Scheduled);
        }
        QCOMPARE(session.scheduledCount(), 1);
        const auto theirs = session.run(*RunId::fromHex(std::string(32, 'a')));
        QVERIFY(theirs && !theirs->durationMs(nowMs()));
    }

    void areMarkedAndUnmarked() {
        const test::TempFolder folder;
        folder.write("logs/history.csv", kHistory);
        ProjectSession session(folder.path());
        session.start();
        QTRY_VERIFY(onlyRun(session) != nullptr);
        const RunId id = onlyRun(session)->id;
        const auto before = onlyRun(session)->name;

        session.setTag({id}, QStringLiteral("stage"), QStringLiteral("prod"));
        QTRY_VERIFY(session.run(id)->tag(Symbol("stage")) == std::string_view("prod"));
        session.rename(id, QStringLiteral("the good one"));
        QTRY_COMPARE(session.run(id)->name, std::string("the good one"));
        session.setStarred({id}, true);
        QTRY_VERIFY(session.run(id)->starred);
        session.setNote(id, QStringLiteral("# Why"));
        QTRY_VERIFY(session.run(id)->hasNote);
        std::string note;
        session.requestDetail(id, this, [&](const Result<model::RunDetail>& detail) {
            note = detail->note;
            QCOMPARE(detail->origins.size(), std::size_t{1});
        });
        QTRY_COMPARE(note, std::string("# Why"));
        session.setColor({id}, 0x336699);
        QTRY_COMPARE(session.run(id)->color, std::optional<std::uint32_t>(0x336699));
        session.setArchived({id}, true);
        QTRY_VERIFY(session.run(id)->archived);

        while (session.undoStack()->canUndo()) {
            session.undoStack()->undo();
        }
        QTRY_VERIFY(!session.run(id)->archived && !session.run(id)->starred && !session.run(id)->hasNote);
        QTRY_COMPARE(session.run(id)->name, before);
        QTRY_VERIFY(!session.run(id)->tag(Symbol("stage")) && !session.run(id)->color);
        session.undoStack()->redo();
        QTRY_VERIFY(session.run(id)->tag(Symbol("stage")) == std::string_view("prod"));
    }

    void keepTheirColour() {
        const test::TempFolder folder;
        folder.write("logs/history.csv", kHistory);
        {
            ProjectSession session(folder.path());
            session.start();
            QTRY_VERIFY(onlyRun(session) != nullptr);
            session.setColor({onlyRun(session)->id}, 0xAA0011);
            QTRY_COMPARE(onlyRun(session)->color, std::optional<std::uint32_t>(0xAA0011));
        }
        ProjectSession again(folder.path());
        again.start();
        QTRY_VERIFY(onlyRun(again) != nullptr);
        QTRY_COMPARE(onlyRun(again)->color, std::optional<std::uint32_t>(0xAA0011));
        std::ofstream(folder / "logs/history.csv", std::ios::app) << "2,0.125,0.4\n";  // a new record of it
        QTRY_COMPARE(countOf(onlyRun(again)), std::uint64_t{3});
        QCOMPARE(onlyRun(again)->color, std::optional<std::uint32_t>(0xAA0011));
    }

    void theirMediaAreRead() {
        const test::TempFolder folder;
        const std::string run = "mlruns/0/00112233445566778899aabbccddeeff/";
        folder.write("mlruns/0/meta.yaml",
                     "artifact_location: mlruns/0\nexperiment_id: '0'\n"
                     "lifecycle_stage: active\nname: Default\n");
        folder.write(run + "meta.yaml",
                     "artifact_uri: mlruns/0/00112233445566778899aabbccddeeff/artifacts\nend_time: 2000\n"
                     "experiment_id: '0'\nlifecycle_stage: active\nrun_id: 00112233445566778899aabbccddeeff\n"
                     "run_name: painter\nstart_time: 1000\nstatus: 3\nuser_id: me\n");
        folder.write(run + "artifacts/samples/7.md", "# Seven");
        folder.write(run + "artifacts/../secret.md", "no artifact");
        ProjectSession session(folder.path());
        session.start();
        QTRY_VERIFY(onlyRun(session) != nullptr);
        const RunId id = onlyRun(session)->id;
        std::vector<model::Medium> media;
        requestMedia(session, id, this,
                     [&](const Result<std::vector<model::Medium>>& found) { media = found.valueOr({}); });
        QTRY_COMPARE(media.size(), std::size_t{1});
        QCOMPARE(media[0].tag, std::string("samples"));
        QCOMPARE(media[0].step, std::int64_t{7});
        std::string content;
        const auto keep = [&](const Result<std::string>& read) {
            content = read.ok() ? *read : read.error().message;
        };
        requestMedium(session, id, media[0], this, keep);
        QTRY_COMPARE(content, std::string("# Seven"));
        media[0].artifact.path = "../secret.md";
        requestMedium(session, id, media[0], this, keep);
        QTRY_VERIFY(content != "# Seven");
        QVERIFY2(content != "no artifact", content.c_str());
    }

    void theSearchTellsHowFarItIsAndCanBeCancelled() {
        const test::TempFolder folder;
        for (int i = 0; i < 300; ++i) {
            folder.write("logs/" + std::to_string(i) + "/history.csv", kHistory);
        }
        {
            ProjectSession session(folder.path());
            QVERIFY(!session.walk().running);
            session.start();
            QVERIFY(session.walk().running);
            QTRY_VERIFY(!session.walk().running);
            const auto walk = session.walk();
            QVERIFY(!walk.cancelled);
            QCOMPARE(walk.runs, std::size_t{300});
            QCOMPARE(walk.done, walk.total);
            QVERIFY2(walk.done >= 600, std::to_string(walk.done).c_str());  // each a folder and a file
        }
        ProjectSession session(folder.path());
        session.start();
        session.cancelWalk();
        QTRY_VERIFY(!session.walk().running);
        QVERIFY(session.walk().cancelled);
        QVERIFY(session.walk().runs < 300);
        session.refresh();
        QTRY_VERIFY(!session.walk().running && !session.walk().cancelled);
        QTRY_COMPARE(session.runs()->runs.size(), std::size_t{300});
    }
};

QTEST_GUILESS_MAIN(ForeignRunsTest)
#include "tst_foreign_runs.moc"
