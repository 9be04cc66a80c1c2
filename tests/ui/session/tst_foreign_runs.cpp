// SPDX-License-Identifier: GPL-3.0-or-later
// Runs of other tools in an open project: there without a run database, live, and marked like own runs.
#include <QTest>

#include <filesystem>
#include <fstream>

#include "runglass/base/clock.h"
#include "runglass/store/layout.h"
#include "runglass/store/written_files.h"
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

}  // namespace

class ForeignRunsTest : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
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
        session.setArchived({id}, true);
        QTRY_VERIFY(session.run(id)->archived);

        while (session.undoStack()->canUndo()) {
            session.undoStack()->undo();
        }
        QTRY_VERIFY(!session.run(id)->archived && !session.run(id)->starred && !session.run(id)->hasNote);
        QTRY_COMPARE(session.run(id)->name, before);
        QTRY_VERIFY(!session.run(id)->tag(Symbol("stage")));
        session.undoStack()->redo();
        QTRY_VERIFY(session.run(id)->tag(Symbol("stage")) == std::string_view("prod"));
    }
};

QTEST_GUILESS_MAIN(ForeignRunsTest)
#include "tst_foreign_runs.moc"
