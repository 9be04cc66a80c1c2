// SPDX-License-Identifier: GPL-3.0-or-later
// Runs of other tools copied into the run database: what a copy holds, and how it keeps up.
#include <fstream>

#include "../sources/fake_format.h"
#include "exchange_fixture.h"
#include "runglass/store/experiments.h"
#include "runglass/store/integrity.h"
#include "runglass/store/marks.h"

using namespace runglass;
using test::valuesOf;

namespace {

struct Project {
    test::TempFolder folder;
    std::shared_ptr<sources::Catalogue> catalogue;
    RunId id;

    void load() {
        catalogue = std::make_shared<sources::Catalogue>(
            sources::CatalogueOptions{.project = folder.path(), .formats = test::fakeFormats()});
        const auto runs = catalogue->load();
        id = runs->runs.front()->id;
    }
    Result<exchange::CopyResult> import(const exchange::CopyOptions& options = {}) {
        sources::ProjectRuns from(folder.path(), catalogue, sources::ProjectRuns::Look::ForeignOnly);
        RUNGLASS_ASSIGN(auto database, store::Database::open(folder.path(), store::OpenMode::ReadWrite));
        return exchange::copyRun(from, id, database, options);
    }
    Result<model::RunDetail> copy() {
        RUNGLASS_ASSIGN(auto database, store::Database::open(folder.path(), store::OpenMode::ReadOnly));
        return store::RunReader(database).detail(id);
    }
    Result<model::Series> points(const char* key) {
        RUNGLASS_ASSIGN(auto database, store::Database::open(folder.path(), store::OpenMode::ReadOnly));
        return store::RunReader(database).series(id, key);
    }
};
bool same(const model::MetricSummary& a, const model::MetricSummary& b) {
    return a.count == b.count && a.first == b.first && a.last == b.last && a.min == b.min && a.max == b.max &&
           a.firstStep == b.firstStep && a.lastStep == b.lastStep && a.lastTimeMs == b.lastTimeMs;
}
}  // namespace

class TestCopyRuns : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void importsOnceAndKeepsUp() {
        Project project;
        const auto file = project.folder.write("r/a.trk", "name a\nstart 5\nparam lr 1\nmetric loss 3 2\n");
        project.load();
        {
            auto database = store::Database::open(project.folder.path(), store::OpenMode::ReadWrite);
            VERIFY_OK(store::MarkWriter(*database).setTag(project.id, "mine", "yes"));
        }
        const auto first = project.import();
        VERIFY_OK(first);
        QVERIFY(first->outcome == exchange::Copied::New);
        QCOMPARE(first->points, std::uint64_t{2});
        const auto copy = project.copy();
        VERIFY_OK(copy);
        QCOMPARE(copy->record.name, std::string("a"));
        QCOMPARE(copy->record.source.str(), std::string("trk"));
        QCOMPARE(copy->record.location, std::string("r/a.trk"));
        QVERIFY(copy->record.tag(Symbol("mine")) == std::string_view("yes"));
        QCOMPARE(valuesOf(project.points("loss")), (std::vector<double>{3, 2}));

        QVERIFY(project.import()->outcome == exchange::Copied::Unchanged);
        project.folder.write("r/a.trk",
                             "name a\nstart 5\nparam lr 1\nparam wd 2\nmetric loss 3 2 1\nmetric acc 7\n");
        project.load();
        const auto grown = project.import();
        VERIFY_OK(grown);
        QVERIFY(grown->outcome == exchange::Copied::Updated);
        QCOMPARE(grown->points, std::uint64_t{2});
        QCOMPARE(valuesOf(project.points("loss")), (std::vector<double>{3, 2, 1}));
        QCOMPARE(valuesOf(project.points("acc")), (std::vector<double>{7}));
        QVERIFY(project.copy()->record.param(Symbol("wd")) == std::string_view("2"));

        project.folder.write("r/a.trk", "name a\nstart 5\nparam lr 1\nmetric loss 9\n");
        project.load();
        QVERIFY(project.import()->outcome == exchange::Copied::Updated);
        QCOMPARE(valuesOf(project.points("loss")), (std::vector<double>{9}));
        QVERIFY(project.copy()->record.tag(Symbol("mine")) == std::string_view("yes"));
        QVERIFY(project.import()->outcome == exchange::Copied::Unchanged);
    }

    /// Everything that the table and the console show of a run of another tool, in another project.
    void anImportShowsWhatTheSourceShowed() {
        const test::MlflowRun run("run_name: a\nstatus: 3\nstart_time: 5\nend_time: 9\n");
        const auto& there = run.folder;
        // MLflow shows the value of the greatest step, then time, then value (mlflow/store/tracking).
        run.write("metrics/back", "1 5.0 3\n2 0.5 -5\n");
        run.write("metrics/tie", "1 5.0 3\n1 1.0 3\n");
        run.write("metrics/plain", "1 2.0 0\n2 1.0 1\n");
        run.write("artifacts/note.txt", "by reference");
        there.write("sacred/1/run.json", R"({"status": "COMPLETED", "command": "main"})");
        there.write("sacred/1/config.json", R"({"lr": 1})");
        there.write("sacred/1/cout.txt", "printed\nlines\n");
        const test::TempFolder here;
        const auto catalogue = std::make_shared<sources::Catalogue>(
            sources::CatalogueOptions{.project = here.path(), .folders = {there.path()}});
        const auto foreign = catalogue->load();
        QCOMPARE(foreign->runs.size(), std::size_t{2});
        sources::ProjectRuns from(here.path(), catalogue, sources::ProjectRuns::Look::ForeignOnly);
        sources::ProjectRuns copies(here.path(), nullptr);
        for (const auto& one : foreign->runs) {
            auto database = store::Database::open(here.path(), store::OpenMode::ReadWrite);
            VERIFY_OK(exchange::copyRun(from, one->id, *database));
            QVERIFY(exchange::copyRun(from, one->id, *database)->outcome == exchange::Copied::Unchanged);
            const auto before = from.detail(one->id);
            const auto after = copies.detail(one->id);
            VERIFY_OK(after);
            QVERIFY(after->origins == before->origins);
            QVERIFY(!after->origins.empty());
            QCOMPARE(after->record.metrics.size(), before->record.metrics.size());
            for (const auto& metric : before->record.metrics) {
                QVERIFY2(same(*after->record.metric(metric.key), metric.summary), metric.key.str().c_str());
            }
            const auto report = store::checkIntegrity(here.path());
            VERIFY_OK(report);
            QVERIFY(report->findings.empty());
            if (one->source.text() == "mlflow") {
                QCOMPARE(after->record.metric(Symbol("back"))->last, 5.0);
                QCOMPARE(after->record.metric(Symbol("tie"))->last, 5.0);
                const auto bytes = copies.artifact(one->id, after->artifacts.at(0), 100);
                VERIFY_OK(bytes);
                QCOMPARE(*bytes, std::string("by reference"));
            } else {
                QCOMPARE(test::consoleOf(here.path(), one->id), std::string("0 1 printed\nlines\n"));
            }
        }

        // What has been copied out of an export does not open files of this computer by another's paths.
        const test::TempFolder elsewhere;
        {
            auto database = store::Database::open(elsewhere.path(), store::OpenMode::ReadWrite);
            VERIFY_OK(exchange::copyRun(copies, run.id, *database, {.fromHere = false}));
        }
        sources::ProjectRuns handed(elsewhere.path(), nullptr);
        const auto detail = handed.detail(run.id);
        QCOMPARE(detail->origins.size(), std::size_t{1});
        QCOMPARE(detail->record.metric(Symbol("back"))->last, 5.0);
        QVERIFY(!handed.artifact(run.id, detail->artifacts.at(0), 100).ok());
    }

    /// Growth takes the last value along, also back to the plain rule.
    void theDefaultExperimentIsOne() {
        const test::MlflowRun run("run_name: a\nstatus: 3\nstart_time: 5\nend_time: 9\n");
        const test::ScratchProject here(false);
        const auto own = here.addRuns({{.name = "own", .commit = {}, .metrics = {}}}).front();
        VERIFY_OK(run.importTo(here.path()));
        auto database = store::Database::open(here.path(), store::OpenMode::ReadWrite);
        store::RunReader reader(*database);
        QVERIFY(reader.detail(run.id)->record.experiment == reader.detail(own)->record.experiment);
        VERIFY_OK(store::Experiments(*database).ensure(1));
        const auto all = store::Experiments(*database).all();
        QCOMPARE(all->size(), std::size_t{1});
        QCOMPARE(all->front().id, store::kDefaultExperiment);
    }

    void theLastValueFollowsTheSource() {
        const test::MlflowRun run("run_name: a\nstatus: 1\n");
        const auto metric = run.write("metrics/m", "1 5.0 3\n2 0.5 -5\n");
        const auto& project = run.folder.path();
        for (const auto& [more, last] : {std::pair("", 5.0), {"3 7.0 2\n", 5.0}, {"4 8.0 9\n", 8.0}}) {
            std::ofstream(metric, std::ios::app) << more;
            VERIFY_OK(run.importTo(project));
            auto database = store::Database::open(project, store::OpenMode::ReadOnly);
            QCOMPARE(store::RunReader(*database).detail(run.id)->record.metric(Symbol("m"))->last, last);
            QVERIFY(store::checkIntegrity(project)->findings.empty());
        }
    }

    void whatCouldNotBeReadIsCounted() {
        const test::MlflowRun run("run_name: a\nstatus: 3\nstart_time: 5\nend_time: 9\n");
        run.write("metrics/m", "1 5.0 0\nnot a point\n2 6.0 1\nnor this\n");
        sources::Catalogue catalogue({.project = run.folder.path()});
        QCOMPARE(catalogue.load()->runs.front()->leftOut, std::uint64_t{2});
        const test::TempFolder here;
        VERIFY_OK(run.importTo(here.path()));
        {
            auto database = store::Database::open(here.path(), store::OpenMode::ReadOnly);
            QCOMPARE(store::RunReader(*database).runTable().value()->runs[0]->leftOut, std::uint64_t{2});
        }
        sources::ProjectRuns copies(here.path(), nullptr);
        QCOMPARE(copies.detail(run.id)->record.leftOut, std::uint64_t{2});
        VERIFY_OK(exchange::packRuns(copies, std::vector{run.id}, here / "x.runs"));
        const test::TempFolder unpacked;
        VERIFY_OK(exchange::unpackRuns(here / "x.runs", unpacked.path()));
        QCOMPARE(sources::ProjectRuns(unpacked.path(), nullptr).detail(run.id)->record.leftOut,
                 std::uint64_t{2});
    }

    /// Nothing says when a table of Keras was written but the file itself.
    void aLiveRunWithoutTimesIsNotLost() {
        const test::TempFolder there;
        there.write("a/training.csv", "epoch,loss\n0,0.5\n1,0.25\n");
        const auto catalogue =
            std::make_shared<sources::Catalogue>(sources::CatalogueOptions{.project = there.path()});
        const auto run = catalogue->load()->runs.front();
        QVERIFY(run->status == model::RunStatus::Running && !run->startTimeMs);
        sources::ProjectRuns from(there.path(), catalogue, sources::ProjectRuns::Look::ForeignOnly);
        const test::TempFolder here;
        auto database = store::Database::open(here.path(), store::OpenMode::ReadWrite);
        VERIFY_OK(exchange::copyRun(from, run->id, *database));
        QVERIFY(store::RunReader(*database).detail(run->id)->record.status == model::RunStatus::Running);
    }

    /// One that was killed: nobody believes it any more, and what its tool says is kept all the same.
    void aRunThatItsToolCallsRunningStaysSo() {
        const test::MlflowRun run("run_name: a\nstatus: 1\nstart_time: 1600000000000\n");
        run.write("metrics/m", "1600000005000 5.0 3\n");
        const auto check = [&](const std::filesystem::path& project) {
            sources::ProjectRuns copies(project, nullptr);
            const auto copy = copies.detail(run.id);
            VERIFY_OK(copy);
            QVERIFY(copy->record.toldStatus == model::RunStatus::Running);
            QVERIFY(copy->record.status == model::RunStatus::Lost);
            QCOMPARE(copy->record.endTimeMs, std::optional<std::int64_t>(1600000005000));
        };
        const test::TempFolder here;
        QVERIFY(run.importTo(here.path())->outcome == exchange::Copied::New);
        check(here.path());
        QVERIFY(run.importTo(here.path())->outcome == exchange::Copied::Unchanged);

        // Also of those who get it handed.
        sources::ProjectRuns copies(here.path(), nullptr);
        VERIFY_OK(exchange::packRuns(copies, std::vector{run.id}, here / "x.runs"));
        const test::TempFolder unpacked;
        VERIFY_OK(exchange::unpackRuns(here / "x.runs", unpacked.path()));
        check(unpacked.path());

        run.write("meta.yaml",
                  "run_name: a\nstatus: 3\nstart_time: 1600000000000\nend_time: 1600000009000\n");
        QVERIFY(run.importTo(here.path())->outcome == exchange::Copied::Updated);
        const auto ended = copies.detail(run.id);
        VERIFY_OK(ended);
        QVERIFY(ended->record.status == model::RunStatus::Finished && !ended->record.toldStatus);
        QCOMPARE(ended->record.endTimeMs, std::optional<std::int64_t>(1600000009000));
    }
};

QTEST_GUILESS_MAIN(TestCopyRuns)
#include "tst_copy_runs.moc"
