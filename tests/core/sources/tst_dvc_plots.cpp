// SPDX-License-Identifier: GPL-3.0-or-later
// The plots that dvc.yaml names: their series, their pictures, and what of them cannot be read.
#include "dvc_files.h"
#include "dvc_project.h"

using namespace runglass;
using namespace runglass::test;

namespace {

constexpr const char* kPlots =
    "stages:\n  train:\n    cmd: python train.py\n    wdir: work\n    plots:\n    - loss.csv:\n        x: "
    "epoch\n"
    "        y: [loss, acc]\n    - more.csv\n    - images\n"
    "plots:\n- ROC:\n    template: simple\n    x: fpr\n    y:\n      eval/train.json: tpr\n"
    "      eval/test.json: tpr\n- CM:\n    template: confusion\n    x: a\n    y: {eval/cm.json: b}\n"
    "- curves:\n    y: {a.tsv: [va], b.tsv: [vb]}\n    x: {a.tsv: n}\n- raw.csv: {header: false}\n"
    "- listed.yaml\n";

using Values = std::vector<double>;
using Steps = std::vector<std::int64_t>;

void writePlots(const DvcProject& project) {
    project.write("dvc.yaml", kPlots);
    project.write("dvc.lock", "schema: '2.0'\nstages: {}\n");
    project.write("work/loss.csv", "epoch,loss,acc,other\n3,0.5,0.25,9\n4,0.125,,9\n");
    project.write("work/more.csv", "epoch,loss,note\n0,7,good\n1,6,bad\n");
    project.write("work/images/a.png", "not read");
    project.write("eval/train.json", R"({"roc": [{"fpr": 0.0, "tpr": 0.5}, {"fpr": 0.25, "tpr": 1}]})");
    project.write("eval/test.json", R"({"roc": [{"fpr": 0.5, "tpr": 0.75, "t": "x"}]})");
    project.write("eval/cm.json", R"([{"a": 1, "b": 2}])");
    project.write("a.tsv", "n\tva\n10\t1\n20\t2\n");
    project.write("b.tsv", "vb\n5\n6\n");
    project.write("raw.csv", "1,2\n3,4\n");
    project.write("listed.yaml", "points:\n- {step: 2, y: 0.5}\n- {step: 4, y: 1e3}\n");
}

}  // namespace

class TestDvcPlots : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void readsEverySpellingOfPlots() {
        const DvcProject project;
        writePlots(project);
        project.commit("Train");
        project.write("work/loss.csv", "epoch,loss,acc,other\n3,0.75,0.25,9\n");
        const auto reader = openDvc(project.path());
        const auto parts = *reader->read({});
        QCOMPARE(parts.size(), std::size_t{2});
        const auto& train = named(parts, "Train");
        QCOMPARE(metricsOf(train),
                 (std::vector<std::string>{"0", "1", "acc", "more/loss", "test/fpr", "test/tpr", "train/fpr",
                                           "train/tpr", "va", "vb", "work/loss", "y"}));
        QVERIFY(train.damage.empty());
        const auto check = [&](const char* metric, const Steps& steps, const Values& values) {
            const auto series = reader->series(train.key, metric, 0, {});
            VERIFY_OK(series);
            QCOMPARE(test::plain(series->steps), steps);
            QCOMPARE(test::plain(series->values), values);
        };
        check("work/loss", {3, 4}, {0.5, 0.125});
        check("acc", {3}, {0.25});
        check("more/loss", {0, 1}, {7, 6});  // `epoch` without being named
        check("train/tpr", {0, 1}, {0.5, 1});
        check("train/fpr", {0, 1}, {0, 0.25});  // no whole numbers: no steps
        check("test/tpr", {0}, {0.75});
        check("va", {10, 20}, {1, 2});
        check("vb", {10, 20}, {5, 6});  // the x of the other file
        check("1", {0, 1}, {2, 4});
        check("y", {2, 4}, {0.5, 1000});
        const auto& now = named(parts, "workspace");
        QCOMPARE(now.record.metric(Symbol("work/loss"))->last, 0.75);
        QCOMPARE(now.record.metric(Symbol("work/loss"))->count, std::uint64_t{1});

        // Images and what has no series are files of the run, of a commit as well.
        const auto detail = *reader->detail(train.key);
        const auto image =
            std::ranges::find(detail.artifacts, std::string("work/images/a.png"), &model::Artifact::path);
        QVERIFY(image != detail.artifacts.end());
        QCOMPARE(image->size, std::int64_t{8});
        QVERIFY(std::ranges::find(detail.artifacts, std::string("eval/cm.json"), &model::Artifact::path) !=
                detail.artifacts.end());
        std::filesystem::remove(project / "work/images/a.png");
        QCOMPARE(*reader->artifact(train.key, "work/images/a.png", 100), std::string("not read"));
        QVERIFY(reader->artifact(train.key, "work/images/a.png", 7).error().code == ErrorCode::TooLarge);
        QVERIFY(reader->artifact(train.key, "dvc.yaml", 100).error().code == ErrorCode::NotFound);
    }

    void aPlotIsNoRunOfItsOwn() {
        const DvcProject project;
        writePlots(project);
        project.write("elsewhere/log.csv", "epoch,loss\n0,1\n");
        const auto of = [](const char* format, const std::filesystem::path& folder) {
            sources::Findings findings;
            test::formatNamed(format).recognise(*sources::listFolder(folder), findings);
            return findings.origins.size();
        };
        QCOMPARE(of("keras", project / "work"), std::size_t{0});
        QCOMPARE(of("keras", project / "elsewhere"), std::size_t{1});
        // DVCLive with a folder of its own, and with the dvc.yaml that its version 2 left behind.
        for (const char* folder : {"results", "dvclive"}) {
            project.write(std::string(folder) + "/plots/metrics/train/loss.tsv", "step\tloss\n0\t0.5\n");
            project.write(std::string(folder) + "/metrics.json", R"({"train": {"loss": 0.5}, "step": 0})");
        }
        project.write("dvclive/dvc.yaml",
                      "metrics:\n- metrics.json\nplots:\n- plots/metrics:\n    x: step\n");
        QCOMPARE(of("dvc", project / "results"), std::size_t{1});
        project.write("dvc.yaml", "plots:\n- results/plots/metrics: {x: step}\n");
        QCOMPARE(of("dvc", project / "results"), std::size_t{0});
        QCOMPARE(of("dvc", project / "dvclive"), std::size_t{0});
        QCOMPARE(of("dvc", project.path()), std::size_t{1});
        const auto parts = *openDvc(project.path())->read({});
        QCOMPARE(metricsOf(named(parts, "workspace")),
                 (std::vector<std::string>{"results/plots/metrics/train/loss", "train/loss"}));
    }

    void aMetricAndThePlotThatEndsInItAreOne() {
        const DvcProject project;
        project.write("dvc.yaml",
                      "metrics: [m.json]\nplots:\n- log/loss.csv\n- log/acc.csv\n- log/f1.csv: {x: step}\n");
        project.write("m.json", R"({"loss": 0.25, "acc": 0.5, "f1": 1})");
        project.write("log/loss.csv", "step,loss\n1,0.5\n2,0.25\n");
        project.write("log/acc.csv", "step,acc\n1,0.75\n");
        const auto reader = openDvc(project.path());
        const auto parts = *reader->read({});
        const auto& run = named(parts, "workspace");
        QCOMPARE(metricsOf(run), (std::vector<std::string>{"acc", "f1", "log/acc", "loss"}));
        QCOMPARE(test::plain(reader->series(run.key, "loss", 0, {})->values), (Values{0.5, 0.25}));
        QCOMPARE(run.record.metric(Symbol("acc"))->last, 0.5);
        QCOMPARE(run.record.metric(Symbol("log/acc"))->last, 0.75);
        QVERIFY(run.damage.empty());  // a plot that no stage has made yet is no damage
    }

    void seesWhatIsFetchedIntoTheCache() {
        const DvcProject project;
        const std::string md5 = "0123456789abcdef0123456789abcdef";
        project.write(".gitignore", "/.dvc/cache\np.csv\n");
        project.write(".dvc/config", "");
        project.write("dvc.yaml", "stages:\n  a:\n    cmd: a\n    plots: [p.csv]\n");
        project.write("dvc.lock",
                      "schema: '2.0'\nstages:\n  a:\n    cmd: a\n    outs:\n    - path: p.csv\n"
                      "      md5: " +
                          md5 + "\n");
        project.commit("Run");
        const auto reader = openDvc(project.path());
        const auto before = *reader->read({});
        QCOMPARE(before.size(), std::size_t{1});
        QCOMPARE(before[0]->damage.size(), std::size_t{1});
        const auto stamps = reader->stamps();
        QVERIFY(*reader->read({}) == before);
        const auto place = project.write(".dvc/cache/files/md5/01/" + md5.substr(2), "step,loss\n0,0.5\n");
        QVERIFY(std::ranges::any_of(stamps, [&](const auto& stamp) { return stamp.path == place; }));
        const auto after = *reader->read({});
        QCOMPARE(after.size(), std::size_t{1});
        QVERIFY(after[0]->damage.empty());
        QCOMPARE(after[0]->record.metric(Symbol("loss"))->last, 0.5);
    }

    void picturesAreNotReadForTheTable() {
        const DvcProject project;
        project.write("dvc.yaml", "plots: [big.png, dir, gone.png]\n");
        project.write("dvc.lock", "schema: '2.0'\n");
        project.write("big.png", "");
        std::filesystem::resize_file(project / "big.png", sources::DvcFiles::kMaxFileBytes + 1);
        project.write("dir/a.svg", "<svg/>");
        std::filesystem::create_symlink("/etc/passwd", project / "dir/link.png");
        const auto reader = openDvc(project.path());
        const auto run = (*reader->read({}))[0];
        QVERIFY(run->damage.empty());
        const auto detail = *reader->detail("workspace");
        std::map<std::string, std::int64_t> sizes;
        for (const auto& artifact : detail.artifacts) {
            sizes.emplace(artifact.path, artifact.size);
        }
        const std::map<std::string, std::int64_t> expected{
            {"big.png", std::int64_t{sources::DvcFiles::kMaxFileBytes} + 1}, {"dir/a.svg", 6}};
        QCOMPARE(sizes, expected);  // reading the first would have refused it for its size
        QVERIFY(!reader->openArtifact("workspace", "dir/link.png").ok());
        VERIFY_OK(reader->openArtifact("workspace", "dir/a.svg"));
    }

    void saysWhatItLeavesOut() {
        const DvcProject project;
        const std::string pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n";
        project.write("dvc.yaml",
                      "stages:\n  a:\n    cmd: a\n    metrics: [m.json]\n    params: [bad.toml: [lr]]\n"
                      "plots:\n- p.csv: {y: [loss, none]}\n- q.json\n- lfs.csv\n- eval/a.csv\n"
                      "- eval/b.csv\n- half.json\n- y.yaml\n");
        project.write("dvc.lock",
                      "schema: '2.0'\nstages:\n  a:\n    cmd: a\n    outs:\n    - path: eval\n"
                      "      md5: 0123456789abcdef0123456789abcdef.dir\n");
        project.write("p.csv", "step,loss\n0,1\n1\n2,x\n3,0.5\n4,0.");
        project.write("q.json", R"([{"a": 1}, {"a": oops, "b": 1}, 7, {"a": 3}])");
        project.write("half.json", R"([{"h": 1}, {"h": 2}, {"h": 3)");
        project.write("lfs.csv", pointer);
        project.write("m.json", pointer);
        project.write("bad.toml", "lr = \n");
        project.write("y.yaml", "- {v: 1}\n- [\n");
        const auto reader = openDvc(project.path());
        const auto parts = *reader->read({});
        const auto& run = named(parts, "workspace");
        QCOMPARE(metricsOf(run), (std::vector<std::string>{"a", "h", "loss"}));
        QCOMPARE(test::plain(reader->series(run.key, "loss", 0, {})->steps), (Steps{0, 3}));
        QCOMPARE(test::plain(reader->series(run.key, "a", 0, {})->steps), (Steps{0, 2}));
        QCOMPARE(test::plain(reader->series(run.key, "h", 0, {})->values), (Values{1, 2}));
        const auto said = damageOf(run);
        const std::vector<std::string> expected{
            "bad.toml 0 1 Line 1 is not valid TOML",
            "eval 0 2 A plot is neither in git nor in DVC's cache. Fetch it: dvc pull",
            "half.json 28 1 The file is not valid JSON, or only half there.",
            "lfs.csv 0 1 This is a Git LFS pointer",
            "m.json 0 1 This is a Git LFS pointer",
            "p.csv 0 1 There is no column none, which dvc.yaml asks for.",
            "p.csv 14 1 A row has another number of cells than the header.",
            "p.csv 16 1 A cell of column loss is not a number.",
            "p.csv 26 1 The last line has no end",
            "q.json 11 1 A value is not JSON.",
            "q.json 32 1 A row is not a JSON object.",
            "y.yaml 0 1 Line "};
        QCOMPARE(said.size(), expected.size());
        for (std::size_t i = 0; i < said.size(); ++i) {
            QVERIFY2(said[i].starts_with(expected[i]), said[i].c_str());
        }
        // A last line without its end is a whole one in a commit: nobody goes on writing it.
        project.commit("Run");
        const auto committed = *reader->read({});
        QCOMPARE(named(committed, "Run").record.metric(Symbol("loss"))->lastStep, std::int64_t{4});
    }
};

QTEST_GUILESS_MAIN(TestDvcPlots)
#include "tst_dvc_plots.moc"
