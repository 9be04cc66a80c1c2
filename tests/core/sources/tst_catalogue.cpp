// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/base/file.h"
#include "runglass/sources/catalogue.h"

#include <algorithm>
#include <fstream>

#include "fake_format.h"
#include "found_runs.h"
#include "runglass/base/clock.h"
#include "truth.h"

using namespace runglass;

using test::named;
using test::Names;
using test::namesOf;

namespace {

bool mentions(const sources::SharedForeignRuns& runs, const std::filesystem::path& file) {
    return std::ranges::any_of(runs->problems,
                               [&](const sources::Damage& damage) { return damage.file == file; });
}

constexpr std::string_view kId = "00112233445566778899aabbccddeeff";

}  // namespace

class TestCatalogue : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void entersWhatMayHoldRuns() {
        const test::TempFolder project;
        for (const char* skipped : {".git", ".runglass", "node_modules", "lib/site-packages", ".dvc",
                                    "src/__pycache__", "chunks.zarr"}) {
            project.write(std::string(skipped) + "/no.log", "name no\n");
        }
        project.write("venv/pyvenv.cfg", "");
        project.write("venv/lib/no.log", "name no\n");
        project.write("venv/.guild/runs/yes.log", "name in-environment\n");
        project.write("cache/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55");
        project.write("cache/sub/no.log", "name no\n");
        project.write("bare/HEAD", "");
        project.write("bare/objects/no.log", "name no\n");
        project.write("bare/refs/no.log", "name no\n");
        project.write("closed/closes.log", "name closer\n");
        project.write("closed/inside/no.log", "name no\n");
        project.write("a/b/c/yes.log", "name deep\n");
        project.write("a/._yes.log", std::string("\0\5\26\7 and more", 13));
        project.write("a/._real.log", "name real\n");
        const test::TempFolder outside;
        outside.write("no.log", "name no\n");
        std::filesystem::create_directory_symlink(outside.path(), project / "elsewhere");
        std::filesystem::create_directory_symlink("a", project / "again");
        std::filesystem::create_directory_symlink("loop", project / "loop");

        const auto before = test::inventory(project.path());
        sources::Catalogue catalogue(
            {.project = project.path(), .formats = test::fakeFormats(), .cache = false});
        const auto runs = catalogue.load();
        QVERIFY(runs->complete);
        QCOMPARE(namesOf(runs), (Names{"closer", "deep", "in-environment", "real"}));
        QVERIFY(mentions(runs, project / "loop"));
        QVERIFY(mentions(runs, project / "elsewhere"));
        QVERIFY(mentions(runs, project.path() / "a" / "._yes.log"));
        QCOMPARE(runs->problems.size(), std::size_t{3});
        QVERIFY(test::inventory(project.path()) == before);
    }

    void walksFurtherFolders() {
        const test::TempFolder project;
        const test::TempFolder outside;
        project.write("in.log", "name in\n");
        outside.write("x/out.log", "name out\n");
        outside.write("y/set.log", "name set\n");
        project.write(".runglass/settings.json",
                      R"({"sources": {"folders": [")" + (outside / "y").native() + R"("]}})");
        sources::Catalogue catalogue(
            {.project = project.path(), .folders = {outside / "x"}, .formats = test::fakeFormats()});
        const auto runs = catalogue.load();
        QCOMPARE(namesOf(runs), (Names{"in", "out", "set"}));
        QCOMPARE(named(runs, "in")->location, std::string("in.log"));
        QCOMPARE(named(runs, "out")->location, (outside / "x/out.log").native());
    }

    void furtherFoldersAreSetAmongTheOtherSettings() {
        const test::TempFolder project;
        const std::vector<std::filesystem::path> folders{"../runs of \"Bob\"", "/data/ü"};
        VERIFY_OK(sources::setFurtherFolders(project.path(), folders));
        QCOMPARE(sources::furtherFolders(project.path()), folders);
        const auto file =
            project.write(".runglass/settings.json",
                          R"({"console": {"scalars": "never", "patterns": ["a.b"]},)"
                          R"( "sources": {"other": [1.5, null], "folders": ["x"]}, "last": true})");
        VERIFY_OK(sources::setFurtherFolders(project.path(), {"y"}));
        const auto read = test::runProcess(
            {"python3", "-c", "import json, sys; print(json.load(open(sys.argv[1])))", file.native()});
        QCOMPARE(read.out, std::string("{'console': {'scalars': 'never', 'patterns': ['a.b']}, 'last': True, "
                                       "'sources': {'other': [1.5, None], 'folders': ['y']}}\n"));
        VERIFY_OK(sources::setFurtherFolders(project.path(), {}));
        QVERIFY(sources::furtherFolders(project.path()).empty());
        // Neither a damaged file nor one with a name that JSON cannot hold is written over.
        QCOMPARE(sources::setFurtherFolders(project.path(), {"\xff"}).error().code, ErrorCode::Invalid);
        QVERIFY(sources::furtherFolders(project.path()).empty());
        project.write(".runglass/settings.json", "{\"sources\": ");
        QCOMPARE(sources::setFurtherFolders(project.path(), {"y"}).error().code, ErrorCode::Invalid);
        QCOMPARE(readFile(file, 1000).value(), std::string("{\"sources\": "));
    }

    void joinsALogToTheRunWhoseFolderItLiesIn() {
        const test::TempFolder project;
        project.write("store/r1/run.trk",
                      "rank tracker\nowns\nid 00112233445566778899aabbccddeeff\nname r1\nparam lr 1\nmetric "
                      "loss 3 2 1\ntag a b\n");
        project.write("store/r1/artifacts/events.log",
                      "rank log\nname other\nparam lr 2\nmetric loss 9 8\nmetric acc 0.5\ndamage\n");
        project.write("store/r1/artifacts/more.log", "rank log\nmetric loss 7\n");
        project.write("store/beside.log", "rank log\nname beside\nmetric loss 5\n");
        sources::Catalogue catalogue({.project = project.path(), .formats = test::fakeFormats()});
        const auto runs = catalogue.load();
        QCOMPARE(namesOf(runs), (Names{"beside", "r1"}));
        const auto& run = *named(runs, "r1");
        QCOMPARE(run.id.hex(), std::string(kId));
        QCOMPARE(run.source.str(), std::string("trk"));
        QVERIFY(run.param(Symbol("lr")) == std::string_view("1"));
        QVERIFY(run.param(Symbol("lr (log)")) == std::string_view("2"));
        QCOMPARE(run.metrics.size(), std::size_t{4});
        const auto last = [&](const char* key) {
            const auto series = catalogue.series(run.id, key);
            return series.ok() && !series->empty() ? series->values.back() : -1.0;
        };
        QCOMPARE(last("loss"), 1.0);
        QCOMPARE(last("acc"), 0.5);
        QCOMPARE(last("loss (log)"), 8.0);
        QCOMPARE(last("loss (log artifacts)"), 7.0);
        QVERIFY(catalogue.series(run.id, "none").error().code == ErrorCode::NotFound);
        QCOMPARE(catalogue.series(run.id, "loss", 2)->size(), std::size_t{1});

        const auto detail = catalogue.detail(run.id);
        VERIFY_OK(detail);
        QCOMPARE(detail->origins.size(), std::size_t{3});
        QCOMPARE(detail->origins[0].location, std::string("store/r1/run.trk"));
        QCOMPARE(detail->origins[1].location, std::string("store/r1/artifacts/events.log"));
        QCOMPARE(detail->command.back(), std::string("run.trk"));
        QCOMPARE(detail->problems.size(), std::size_t{1});
        QVERIFY(detail->problems[0].find("3 left out, the first at byte 12") != std::string::npos);
        QCOMPARE(run.leftOut, std::uint64_t{3});
    }

    void saysPlacesAsTheProjectSeesThem() {
        const sources::Damage damage{"/p/runs/x.db", 0, 1, "Another program is writing to /p/runs/x.db."};
        QCOMPARE(sources::describe(damage, "/p"), std::string("Another program is writing to runs/x.db."));
    }

    void whatItsToolDropsIsNoProblem() {
        const test::TempFolder project;
        project.write("a.trk", "name a\nmetric loss 1\ndropped\n");
        for (const bool again : {false, true}) {  // the second time out of the index
            sources::Catalogue catalogue({.project = project.path(), .formats = test::fakeFormats()});
            const auto runs = catalogue.load();
            const auto& run = *named(runs, "a");
            QCOMPARE(run.leftOut, std::uint64_t{0});
            const auto detail = catalogue.detail(run.id);
            VERIFY_OK(detail);
            QVERIFY2(detail->problems.empty(), again ? "again" : "at first");
            QCOMPARE(detail->remarks.size(), std::size_t{1});
            QVERIFY(detail->remarks[0].find("3 left out") != std::string::npos);
        }
    }

    void aLauncherAroundOneRunIsThatRun() {
        const test::TempFolder project;
        project.write("one/job.lch", "rank launcher\nowns\nname one\nparam lr 1\n");
        project.write("one/wandb/run-1/w.trk", "rank tracker\nowns\nname tracked\n");
        project.write("one/lightning/f.fwk", "rank framework\nowns\nmetric loss 1\n");
        project.write("one/lightning/e.log", "rank log\nmetric acc 2\n");
        project.write("two/job.lch", "rank launcher\nowns\nname two\n");
        project.write("two/run-1/w.trk", "rank tracker\nowns\nname child1\n");
        project.write("two/run-2/w.trk", "rank tracker\nowns\nname child2\n");
        sources::Catalogue catalogue({.project = project.path(), .formats = test::fakeFormats()});
        const auto runs = catalogue.load();
        QCOMPARE(namesOf(runs), (Names{"child1", "child2", "tracked", "two"}));
        const auto& one = *named(runs, "tracked");
        QVERIFY(one.param(Symbol("lr")) == std::string_view("1"));
        QVERIFY(one.metric(Symbol("loss")) != nullptr && one.metric(Symbol("acc")) != nullptr);
        QCOMPARE(catalogue.detail(one.id)->origins.size(), std::size_t{4});
        QVERIFY(named(runs, "child1")->parent == named(runs, "two")->id);
        QVERIFY(named(runs, "child2")->parent == named(runs, "two")->id);
        QVERIFY(!named(runs, "two")->parent);
    }

    void parentsIdsAndNumbers() {
        const test::TempFolder project;
        project.write("a.trk",
                      "part p\nid 00112233445566778899aabbccddeeff\nname sweep\nstart 2000\npart c\nname "
                      "trial\nparent p\nstart 3000\n");
        project.write("copy/a.trk", "part p\nid 00112233445566778899aabbccddeeff\nname copied\nstart 1000\n");
        project.write("x/logs/run/e.log", "metric loss 1\n");
        project.write("y/logs/run/e.log", "metric loss 1\n");
        const auto load = [&] {
            sources::Catalogue catalogue({.project = project.path(), .formats = test::fakeFormats()});
            return catalogue.load();
        };
        const auto runs = load();
        QCOMPARE(namesOf(runs), (Names{"copied", "sweep", "trial", "x/logs/run", "y/logs/run"}));
        QCOMPARE(named(runs, "sweep")->id.hex(), std::string(kId));
        QVERIFY(named(runs, "copied")->id.hex() != kId);
        QVERIFY(named(runs, "trial")->parent == named(runs, "sweep")->id);
        QCOMPARE(named(runs, "copied")->number, std::int64_t{1});
        QCOMPARE(named(runs, "sweep")->number, std::int64_t{2});
        QCOMPARE(named(runs, "trial")->number, std::int64_t{3});
        const auto again = load();
        for (const auto& run : runs->runs) {
            QVERIFY(named(again, run->name)->id == run->id);
        }
    }

    void oneBadOriginStopsNoOther() {
        const test::TempFolder project;
        project.write("good.log", "name good\n");
        project.write("bad.log", "broken\n");
        project.write("worse.log", "throws\n");
        sources::Catalogue catalogue({.project = project.path(), .formats = test::fakeFormats()});
        const auto runs = catalogue.load();
        QCOMPARE(namesOf(runs), (Names{"good"}));
        QVERIFY(mentions(runs, project / "bad.log"));
        QVERIFY(mentions(runs, project / "worse.log"));
    }

    void followsWhatChanges() {
        const test::TempFolder project;
        project.write("a/one.log", "name one\nmetric loss 3\n");
        project.write("b/two.log", "name two\n");
        sources::Catalogue catalogue({.project = project.path(), .formats = test::fakeFormats()});
        const auto first = catalogue.load();
        QVERIFY(catalogue.refresh() == first);

        project.write("a/one.log", "name one\nmetric loss 3 2\n");
        const auto grown = catalogue.refresh();
        QCOMPARE(named(grown, "one")->metric(Symbol("loss"))->count, std::uint64_t{2});
        QVERIFY(named(grown, "two") == named(first, "two"));  // the same object

        project.write("c/d/three.log", "name three\n");
        QCOMPARE(namesOf(catalogue.refresh()), (Names{"one", "three", "two"}));
        std::filesystem::remove(project / "b/two.log");
        QCOMPARE(namesOf(catalogue.refresh()), (Names{"one", "three"}));
        std::filesystem::remove_all(project / "c");
        QCOMPARE(namesOf(catalogue.refresh()), (Names{"one"}));
        project.write("a/one.log", "broken\n");
        const auto broken = catalogue.refresh();
        QCOMPARE(namesOf(broken), (Names{"one"}));  // as it was last
        QVERIFY(mentions(broken, project / "a/one.log"));
        QCOMPARE(namesOf(catalogue.load()), (Names{"one"}));
    }

    void aSilentRunSeemsToGoOnWhileItsFileIsYoung() {
        const test::TempFolder project;
        const auto young = project.write("young.log", "name young\nsilent\n");
        const auto old = project.write("old.log", "name old\nsilent\n");
        std::filesystem::last_write_time(
            old, std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
        sources::Catalogue catalogue({.project = project.path(), .formats = test::fakeFormats()});
        const auto runs = catalogue.load();
        QVERIFY(named(runs, "young")->status == model::RunStatus::Running);
        QVERIFY(named(runs, "old")->status == model::RunStatus::Finished);
    }

    void aRunThatIsStillMarkedRunningLongAfterIsLost() {
        const test::TempFolder project;
        project.write("mlruns/0/meta.yaml", "experiment_id: '0'\nname: Default\nlifecycle_stage: active\n");
        const auto add = [&](const std::string& id, std::int64_t startMs, std::int64_t pointMs) {
            const std::string run = "mlruns/0/" + id + "/";
            project.write(run + "meta.yaml",
                          "run_id: " + id + "\nstatus: 1\nstart_time: " + std::to_string(startMs) + "\n");
            if (pointMs > 0) {
                project.write(run + "metrics/loss", std::to_string(pointMs) + " 0.5 3\n");
            }
        };
        const auto now = nowMs();
        constexpr std::int64_t kDay = 86'400'000;
        const std::string old(32, 'a');
        const std::string silent(32, 'b');
        const std::string live(32, 'c');
        const std::string slow(32, 'd');
        add(old, now - 300 * kDay, now - 299 * kDay);  // its files are young: `cp -r`
        add(silent, now - 300 * kDay, 0);
        add(live, now - 10 * kDay, now - 60'000);
        add(slow, now - 3'600'000 * 20, 0);
        sources::Catalogue catalogue({.project = project.path(), .cache = false});
        const auto runs = catalogue.load();
        const auto of = [&](const std::string& id) -> const model::RunRecord& {
            return **std::ranges::find_if(runs->runs, [&](const auto& run) { return run->id.hex() == id; });
        };
        QVERIFY(of(old).status == model::RunStatus::Lost);
        QVERIFY(of(old).toldStatus == model::RunStatus::Running);
        QCOMPARE(of(old).durationMs(now), std::optional(kDay));
        QVERIFY(of(silent).status == model::RunStatus::Lost);
        QVERIFY(!of(silent).durationMs(now));  // it wrote down nothing but its start
        QVERIFY(of(live).status == model::RunStatus::Running);
        QVERIFY(!of(live).toldStatus && !of(live).endTimeMs);
        QVERIFY(of(slow).status == model::RunStatus::Running);

        // It wrote again after all.
        std::ofstream(project / ("mlruns/0/" + old + "/metrics/loss"), std::ios::app) << now << " 0.25 4\n";
        const auto later = catalogue.refresh();
        const auto revived =
            std::ranges::find_if(later->runs, [&](const auto& run) { return run->id.hex() == old; });
        QVERIFY((*revived)->status == model::RunStatus::Running);
        QVERIFY(!(*revived)->endTimeMs);
    }

    void publishesWhatIsThereSoFarAndStops() {
        const test::TempFolder project;
        for (int i = 0; i < 200; ++i) {
            project.write("r" + std::to_string(i) + "/x.log", "name r" + std::to_string(i) + "\n");
        }
        sources::Catalogue catalogue({.project = project.path(), .formats = test::fakeFormats()});
        std::size_t last = 0;
        jobs::Progress progress;
        const auto runs = catalogue.load(
            [&](const sources::SharedForeignRuns& some) {
                QVERIFY(some->runs.size() >= last);
                last = some->runs.size();
            },
            {}, &progress);
        QCOMPARE(last, std::size_t{200});
        QVERIFY(progress.total() >= 401);  // folders and files

        std::stop_source stop;
        stop.request_stop();
        sources::Catalogue stopped({.project = project.path(), .formats = test::fakeFormats()});
        QVERIFY(!stopped.load({}, stop.get_token())->complete);
    }
};

QTEST_GUILESS_MAIN(TestCatalogue)
#include "tst_catalogue.moc"
