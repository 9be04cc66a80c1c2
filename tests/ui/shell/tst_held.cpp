// SPDX-License-Identifier: GPL-3.0-or-later
// Another program holds the run database: what scripts log meanwhile is seen in the window, with the reason.
#include <QProcess>

#include "runglass/store/aside_log.h"
#include "runglass/store/change_writer.h"
#include "runglass/store/run_reader.h"
#include "shell_support.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

/// A new run with two points, as an endpoint keeps it.
store::RunChange keptRun() {
    store::RunChange change;
    change.run = RunId::generate();
    change.isNew = true;
    change.timeMs = change.startMs.emplace(nowMs());
    change.experiment = store::kDefaultExperiment;
    change.name = "kept";
    change.status = model::RunStatus::Running;
    change.params = {{"lr", "0.1"}};
    change.points = {{"loss", {0, nowMs(), 0.5}}, {"loss", {1, nowMs(), 0.25}}};
    return change;
}

void write(const std::filesystem::path& project, const store::RunChange& change) {
    auto database = store::Database::open(project, store::OpenMode::ReadWrite);
    store::RunWriter writer(*database);
    store::RunReader reader(*database);
    store::TrackedRuns tracked(*database);
    store::SeriesBook book(*database, writer, reader, tracked);
    QVERIFY(store::ChangeWriter(*database, book).write(change).ok());
}

model::SharedSeries loss(ProjectSession* session, const RunId& run) {
    model::SharedSeries series;
    bool done = false;
    session->requestSeries(run, Symbol("loss"), session, [&](Result<model::SharedSeries> found) {
        series = found.valueOr({});
        done = true;
    });
    return QTest::qWaitFor([&] { return done; }) ? series : nullptr;
}

}  // namespace

class HeldTest : public test::ShellTestCase {
    Q_OBJECT
private Q_SLOTS:
    void whatIsKeptIsShown() {
        test::ProjectWindow project({"one"});
        auto* session = project.window.session();
        QTRY_COMPARE(session->shown().size(), std::size_t{1});
        QProcess holder;
        holder.start(QStringLiteral("/usr/bin/python3"),
                     {QStringLiteral("-c"),
                      QStringLiteral("import sqlite3, sys\n"
                                     "c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
                                     "c.execute('BEGIN IMMEDIATE')\n"
                                     "print('held', flush=True)\n"
                                     "sys.stdin.read()\n"),
                      QString::fromStdString((project.folder.path() / ".runglass" / "runs.db").native())});
        QVERIFY(holder.waitForReadyRead());
        store::AsideLog log(project.folder.path());
        const auto keep = [&](const store::RunChange& change) {
            const auto bytes = store::encodeChange(change);
            QVERIFY(log.add({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
        };
        const auto first = keptRun();
        keep(first);
        QTRY_COMPARE(session->runs()->runs.size(), std::size_t{2});
        const auto run = session->run(first.run);
        QVERIFY(run && run->status == model::RunStatus::Running);
        QCOMPARE(run->name, std::string("kept"));
        QCOMPARE(run->metric(Symbol("loss"))->last, 0.25);
        QCOMPARE(session->runningCount(), 1);
        QCOMPARE(loss(session, first.run)->size(), std::size_t{2});
        const auto says = QStringLiteral("(process %1)").arg(holder.processId());
        QTRY_VERIFY2(session->waiting().contains(says), qPrintable(session->waiting()));

        store::RunChange more;
        more.run = first.run;
        more.timeMs = nowMs();
        more.points = {{"loss", {2, nowMs(), 0.125}}};
        keep(more);
        QTRY_COMPARE(session->run(first.run)->metric(Symbol("loss"))->count, std::uint64_t{3});
        QCOMPARE(loss(session, first.run)->at(2).value, 0.125);

        holder.closeWriteChannel();
        QVERIFY(holder.waitForFinished());
        write(project.folder.path(), first);
        write(project.folder.path(), more);
        log.clear();
        QTRY_VERIFY(session->waiting().isEmpty());
        QTRY_COMPARE(session->run(first.run)->metric(Symbol("loss"))->count, std::uint64_t{3});
        QCOMPARE(loss(session, first.run)->size(), std::size_t{3});
        QCOMPARE(session->runs()->runs.size(), std::size_t{2});
    }
};

QTEST_MAIN(HeldTest)
#include "tst_held.moc"
