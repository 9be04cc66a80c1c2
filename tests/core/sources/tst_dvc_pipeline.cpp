// SPDX-License-Identifier: GPL-3.0-or-later
// What dvc.yaml, dvc.lock and .dvc files say: plots, params and data of the work tree and of commits.
#include "dvc_files.h"
#include "dvc_pipeline.h"
#include "dvc_table.h"
#include "reading.h"
#include "truth.h"

using namespace runglass;

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

struct Project : test::TempFolder {
    Project() { git({"init", "-q", "-b", "main"}); }
    std::string git(const std::vector<std::string>& arguments) const { return test::git(path(), arguments); }
    void commit(const std::string& message) const {
        git({"add", "-A"});
        git({"commit", "-q", "-m", message});
    }
    void writePlots() const {
        write("dvc.yaml", kPlots);
        write("dvc.lock", "schema: '2.0'\nstages: {}\n");
        write("work/loss.csv", "epoch,loss,acc,other\n3,0.5,0.25,9\n4,0.125,,9\n");
        write("work/more.csv", "epoch,loss,note\n0,7,good\n1,6,bad\n");
        write("work/images/a.png", "not read");
        write("eval/train.json", R"({"roc": [{"fpr": 0.0, "tpr": 0.5}, {"fpr": 0.25, "tpr": 1}]})");
        write("eval/test.json", R"({"roc": [{"fpr": 0.5, "tpr": 0.75, "t": "x"}]})");
        write("eval/cm.json", R"([{"a": 1, "b": 2}])");
        write("a.tsv", "n\tva\n10\t1\n20\t2\n");
        write("b.tsv", "vb\n5\n6\n");
        write("raw.csv", "1,2\n3,4\n");
        write("listed.yaml", "points:\n- {step: 2, y: 0.5}\n- {step: 4, y: 1e3}\n");
    }
};

std::unique_ptr<sources::Reader> open(const std::filesystem::path& project) {
    return test::formatNamed("dvc").open(project);
}

const sources::Part& named(const std::vector<sources::SharedPart>& parts, std::string_view name) {
    const auto found =
        std::ranges::find_if(parts, [&](const auto& part) { return part->record.name == name; });
    if (found == parts.end()) {
        QTest::qFail("there is no such run", __FILE__, __LINE__);
        static const sources::Part kNone;
        return kNone;
    }
    return **found;
}

std::vector<std::string> metricsOf(const sources::Part& part) {
    std::vector<std::string> names;
    for (const auto& metric : part.record.metrics) {
        names.emplace_back(metric.key.text());
    }
    std::ranges::sort(names);
    return names;
}

std::map<std::string, std::string> paramsOf(const sources::Part& part) {
    std::map<std::string, std::string> params;
    for (const auto& param : part.record.params) {
        params.emplace(param.key.text(), param.value.text());
    }
    return params;
}

/// The reasons for damage by file, each with offset and count.
std::vector<std::string> damageOf(const sources::Part& part) {
    std::vector<std::string> said;
    for (const auto& one : part.damage) {
        said.push_back(one.file.lexically_relative(part.folder).native() + " " + std::to_string(one.offset) +
                       " " + std::to_string(one.count) + " " + one.reason);
    }
    std::ranges::sort(said);
    return said;
}

}  // namespace

class TestDvcPipeline : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void aShellIsNamedWhereOneIsNeeded() {
        using Words = std::vector<std::string>;
        QCOMPARE(sources::argvOf({"python  train.py --lr=0.1"}), (Words{"python", "train.py", "--lr=0.1"}));
        QCOMPARE(sources::argvOf({"A=1 python t.py"}), (Words{"sh", "-c", "A=1 python t.py"}));
        QCOMPARE(sources::argvOf({"python t.py > out"}), (Words{"sh", "-c", "python t.py > out"}));
        QCOMPARE(sources::argvOf({"mkdir x", "ls"}), (Words{"sh", "-c", "mkdir x && ls"}));
        QVERIFY(sources::argvOf({}).empty());
    }

    void aStageHasVarsOfItsOwn() {
        const test::TempFolder project;
        project.write("dvc.yaml",
                      "stages:\n  a:\n    cmd: train ${n} ${deep.x}\n    vars:\n    - n: 7\n    - more.yaml\n"
                      "    metrics: ['m-${n}.json']\n  b:\n    cmd: other ${n}\n");
        project.write("more.yaml", "deep:\n  x: 1\n");
        std::vector<sources::Damage> damage;
        const auto pipeline = sources::readDvcPipeline(sources::DvcWorkTree(project.path()), damage);
        QCOMPARE(pipeline.commands, (std::vector<std::string>{"train 7 1", "other ${n}"}));
        QCOMPARE(pipeline.metrics, std::vector<std::string>{"m-7.json"});
        QVERIFY(damage.empty());
    }

    void readsEverySpellingOfPlots() {
        const Project project;
        project.writePlots();
        project.commit("Train");
        project.write("work/loss.csv", "epoch,loss,acc,other\n3,0.75,0.25,9\n");
        const auto reader = open(project.path());
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
        const Project project;
        project.writePlots();
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
        const auto parts = *open(project.path())->read({});
        QCOMPARE(metricsOf(named(parts, "workspace")),
                 (std::vector<std::string>{"results/plots/metrics/train/loss", "train/loss"}));
    }

    void aMetricAndThePlotThatEndsInItAreOne() {
        const Project project;
        project.write("dvc.yaml",
                      "metrics: [m.json]\nplots:\n- log/loss.csv\n- log/acc.csv\n- log/f1.csv: {x: step}\n");
        project.write("m.json", R"({"loss": 0.25, "acc": 0.5, "f1": 1})");
        project.write("log/loss.csv", "step,loss\n1,0.5\n2,0.25\n");
        project.write("log/acc.csv", "step,acc\n1,0.75\n");
        const auto reader = open(project.path());
        const auto parts = *reader->read({});
        const auto& run = named(parts, "workspace");
        QCOMPARE(metricsOf(run), (std::vector<std::string>{"acc", "f1", "log/acc", "loss"}));
        QCOMPARE(test::plain(reader->series(run.key, "loss", 0, {})->values), (Values{0.5, 0.25}));
        QCOMPARE(run.record.metric(Symbol("acc"))->last, 0.5);
        QCOMPARE(run.record.metric(Symbol("log/acc"))->last, 0.75);
        QVERIFY(run.damage.empty());  // a plot that no stage has made yet is no damage
    }

    void readsParamsOfEveryFile() {
        const Project project;
        project.write(
            "dvc.yaml",
            "vars:\n- extra.yaml\n- where: conf\nparams: [dvclive/params.yaml]\nstages:\n  a:\n"
            "    cmd: train ${where} ${net.depth}\n    params:\n    - lr\n    - ${where}.toml: [lr, a.b]\n"
            "    - conf.json:\n    - code.py: [SIZE]\n    - gone.yaml: [x]\n"
            "  b:\n    cmd: b\n    params:\n    - other.yaml: [seed, net]\n    - whole.yaml: [one]\n"
            "  c:\n    cmd: c\n    params:\n    - whole.yaml:\n    metrics:\n    - ${name}.json\n");
        project.write(
            "dvc.lock",
            "schema: '2.0'\nstages:\n  a:\n    cmd: a\n    params:\n      params.yaml:\n        lr: 9\n"
            "      code.py:\n        SIZE: 3\n        Net.depth: 2\n      gone.yaml:\n        x:\n"
            "          y: 1\n");
        project.write("params.yaml", "lr: 0.1\nunused: 1\n");
        project.write("extra.yaml", "name: scores\nnet: {depth: 8}\n");
        project.write("conf.toml", "lr = 0.5\nleft = 1\n[a]\nb = 2\nc = 3\n");
        project.write("conf.json", R"({"bound": NaN, "list": [1, 2]})");
        project.write("other.yaml", "seed: 7\nnet: {width: 4}\nleft_out: 1\n");
        project.write("whole.yaml", "one: 1\ntwo: 2\n");
        project.write("code.py", "raise SystemExit\nSIZE = 4\n");
        project.write("dvclive/params.yaml", "lr: 0.1\nlive: true\n");
        project.write("scores.json", R"({"f1": 0.5})");
        const std::map<std::string, std::string> expected{
            {"lr", "0.1"},      {"unused", "1"}, {"conf.toml:lr", "0.5"}, {"a.b", "2"},
            {"bound", "NaN"},   {"list.0", "1"}, {"list.1", "2"},         {"SIZE", "3"},
            {"Net.depth", "2"}, {"x.y", "1"},    {"seed", "7"},           {"net.width", "4"},
            {"one", "1"},       {"two", "2"},    {"live", "true"}};
        const auto workspace = open(project.path());
        const auto parts = *workspace->read({});
        const auto& now = named(parts, "workspace");
        QCOMPARE(paramsOf(now), expected);
        QCOMPARE(now.record.metric(Symbol("f1"))->last, 0.5);  // `vars` name the file
        QCOMPARE(workspace->detail(now.key)->command,
                 (std::vector<std::string>{"sh", "-c", "train conf 8 && b && c"}));

        project.commit("Run");
        const auto committed = *open(project.path())->read({});
        QCOMPARE(committed.size(), std::size_t{1});
        QCOMPARE(paramsOf(named(committed, "Run")), expected);
    }

    void readsDataFilesOfCommitsAndTheWorkTree() {
        const Project project;
        const std::string md5 = "0123456789abcdef0123456789abcdef";
        project.write("dvc.yaml", "stages:\n  a:\n    cmd: a\n    deps: [data/raw, data/x.csv]\n");
        project.write("dvc.lock",
                      "schema: '2.0'\nstages:\n  a:\n    cmd: a\n    deps:\n    - path: data/raw\n"
                      "      md5: " +
                          md5 +
                          ".dir\n      size: 30\n      nfiles: 3\n"
                          "    - path: data/x.csv\n      md5: aa\n      size: 5\n");
        project.write("data/raw.dvc", "outs:\n- md5: " + md5 +
                                          ".dir\n  size: 30\n  nfiles: 3\n  path: raw\n"
                                          "  remote: store\n");
        project.write("data/raw/inside.dvc", "outs:\n- {md5: 1, path: no}\n");  // data, not DVC's
        project.write("in.xml.dvc",
                      "deps:\n- path: get/data.xml\n  repo:\n    url: https://h.example/r\n"
                      "    rev_lock: f593\nouts:\n- {md5: 22a1, size: 14, path: in.xml}\n");
        project.write("web/w.dvc",
                      "wdir: ..\ndeps:\n- {path: 's3://bucket/w', etag: e1}\nouts:\n"
                      "- {etag: e2, path: w.bin}\n- {md5: 3, path: ../../out}\n");
        project.write("sub/dvc.yaml", "stages: {}\n");
        project.write("sub/other.dvc", "outs:\n- {md5: 4, path: other}\n");
        project.write("broken.dvc", "outs: [");
        project.commit("Run");
        std::filesystem::remove(project / "in.xml.dvc");
        project.write("dvc.lock", "schema: '2.0'\nstages:\n  a:\n    cmd: a2\n");
        const auto reader = open(project.path());
        const auto parts = *reader->read({});
        const auto data = reader->detail(named(parts, "Run").key)->datasets;
        QCOMPARE(data.size(), std::size_t{4});
        QCOMPARE(data[0].name, std::string("data/raw"));
        QCOMPARE(data[0].digest, md5 + ".dir");
        QCOMPARE(data[0].profile, std::string(R"({"size": 30, "files": 3, "remote": "store"})"));
        QCOMPARE(data[1].name, std::string("data/x.csv"));
        QCOMPARE(data[1].profile, std::string(R"({"size": 5})"));
        QCOMPARE(data[2].name, std::string("in.xml"));
        QCOMPARE(data[2].location, std::string("https://h.example/r"));
        QCOMPARE(data[2].profile, std::string(R"({"size": 14, "revision": "f593"})"));
        QCOMPARE(data[3].name, std::string("w.bin"));
        QCOMPARE(data[3].digest, std::string("e2"));
        QCOMPARE(data[3].location, std::string("s3://bucket/w"));
        const auto now = reader->detail("workspace")->datasets;
        QCOMPARE(now.size(), std::size_t{2});
        QCOMPARE(now[0].name, std::string("data/raw"));
        QCOMPARE(now[1].name, std::string("w.bin"));
    }

    void seesAChangeOfEveryFileThatDvcYamlNames() {
        const Project project;
        project.write("dvc.yaml",
                      "stages:\n  a:\n    cmd: a\n    params: [other.toml: [lr]]\n"
                      "    metrics: [out/m.json]\n    plots: [out/p.csv, dir]\n");
        project.write("other.toml", "lr = 1\n");
        project.write("out/m.json", R"({"acc": 1})");
        project.write("out/p.csv", "step,loss\n0,1\n");
        const auto reader = open(project.path());
        auto before = *reader->read({});
        const auto changes = [&](const char* file, const std::string& content) {
            project.write(file, content);
            const auto after = *reader->read({});
            const bool changed = after != before;
            before = after;
            return changed;
        };
        QVERIFY(*reader->read({}) == before);
        QVERIFY(changes("other.toml", "lr = 20\n"));
        QVERIFY(changes("out/m.json", R"({"acc": 22})"));
        QVERIFY(changes("out/p.csv", "step,loss\n0,1\n1,2\n"));
        QVERIFY(changes("dir/new.tsv", "step\tauc\n0\t0.5\n"));
        QCOMPARE(metricsOf(*before[0]), (std::vector<std::string>{"acc", "auc", "loss"}));
        QVERIFY(!changes("unrelated.csv", "step,x\n0,1\n"));
    }

    void saysWhatItLeavesOut() {
        const Project project;
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
        const auto reader = open(project.path());
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

    void saysWhichParamsAreCodeAndWhichDataFileIsBroken() {
        const Project project;
        project.write("dvc.yaml",
                      "stages:\n  a:\n    cmd: a\n    params: [p.py: [SEED], absent.py: [LR]]\n"
                      "    metrics: [m.json]\n");
        project.write("p.py", "SEED = 1\n");
        project.write("m.json", R"({"acc": 1})");
        project.write("data/bad.dvc", "outs: [\n");
        project.write("data/good.dvc", "outs:\n- md5: d1\n  path: good\n");
        const auto reader = open(project.path());
        const auto parts = *reader->read({});
        const auto& run = named(parts, "workspace");
        const auto said = damageOf(run);
        QCOMPARE(said.size(), std::size_t{1});
        QVERIFY2(said[0].starts_with("p.py 0 1 Its params are not read: code is not run."), said[0].c_str());
        const auto detail = *reader->detail(run.key);
        QCOMPARE(detail.datasets.size(), std::size_t{1});
        QCOMPARE(detail.datasets[0].name, std::string("data/good"));
        QCOMPARE(detail.problems.size(), std::size_t{1});
        QVERIFY2(detail.problems[0].starts_with("data/bad.dvc: Line "), detail.problems[0].c_str());
        project.write("dvc.lock",
                      "schema: '2.0'\nstages:\n  a:\n    cmd: a\n    params:\n      p.py:\n"
                      "        SEED: 1\n");
        const auto locked = *reader->read({});
        QVERIFY(damageOf(named(locked, "workspace")).empty());
        QCOMPARE(paramsOf(named(locked, "workspace")).at("SEED"), std::string("1"));
    }

    void seesWhatIsFetchedIntoTheCache() {
        const Project project;
        const std::string md5 = "0123456789abcdef0123456789abcdef";
        project.write(".gitignore", "/.dvc/cache\np.csv\n");
        project.write(".dvc/config", "");
        project.write("dvc.yaml", "stages:\n  a:\n    cmd: a\n    plots: [p.csv]\n");
        project.write("dvc.lock",
                      "schema: '2.0'\nstages:\n  a:\n    cmd: a\n    outs:\n    - path: p.csv\n"
                      "      md5: " +
                          md5 + "\n");
        project.commit("Run");
        const auto reader = open(project.path());
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
        const Project project;
        project.write("dvc.yaml", "plots: [big.png, dir, gone.png]\n");
        project.write("dvc.lock", "schema: '2.0'\n");
        project.write("big.png", "");
        std::filesystem::resize_file(project / "big.png", sources::DvcFiles::kMaxFileBytes + 1);
        project.write("dir/a.svg", "<svg/>");
        std::filesystem::create_symlink("/etc/passwd", project / "dir/link.png");
        const auto reader = open(project.path());
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

    void doesNotLeaveItsFolder() {
        const Project project;
        project.write("secret.csv", "step,secret\n0,1\n");
        project.write("secret.yaml", "secret: 1\nname: ../secret\n");
        project.write(
            "p/dvc.yaml",
            "vars: [../secret.yaml, /etc/hostname]\nparams: [../secret.yaml, link.yaml]\n"
            "metrics: ['${name}.yaml']\n"
            "plots:\n- ../secret.csv\n- link.csv\n- links\n- ${name}.csv\n- a: {y: {../secret.csv: secret}}\n"
            "- own.csv: {x: {../secret.csv: secret}}\nstages:\n  a:\n    cmd: a\n    wdir: ..\n"
            "    plots: [secret.csv]\n    params: [secret.yaml: [secret]]\n");
        project.write("p/dvc.lock",
                      "schema: '2.0'\nstages:\n  a:\n    cmd: a\n    outs:\n"
                      "    - {path: ../../secret.csv, md5: ../../../../secret}\n");
        project.write("p/x.dvc", "wdir: ../..\nouts:\n- {md5: 1, path: secret.csv}\n");
        project.write("p/own.csv", "own\n3\n");
        std::filesystem::create_symlink("../secret.csv", project / "p/link.csv");
        std::filesystem::create_symlink("../secret.yaml", project / "p/link.yaml");
        std::filesystem::create_directory_symlink("..", project / "p/links");
        const auto reader = open(project / "p");
        const auto run = (*reader->read({}))[0];
        QCOMPARE(metricsOf(*run), (std::vector<std::string>{"own"}));
        QVERIFY(run->record.params.empty());
        QVERIFY(reader->detail("workspace")->datasets.empty());
        for (const char* path : {"../secret.csv", "link.csv", "links/secret.csv", "../../secret.csv"}) {
            QVERIFY(!reader->openArtifact("workspace", path).ok());
        }
        QVERIFY(!sources::isShownByDvc(project / "secret.csv"));
    }

    void isBounded() {
        const auto deep = [](char c, std::size_t times) { return std::string(times, c); };
        sources::DamageList damage;
        QCOMPARE(sources::readDvcTable("a.json", deep('[', 100'000), true, false, damage).rows,
                 std::size_t{0});
        QCOMPARE(sources::readDvcTable("a.yaml", deep('[', 100'000), true, false, damage).rows,
                 std::size_t{0});
        QCOMPARE(damage.entries().size(), std::size_t{2});
        std::string wide = "c0";
        for (int i = 1; i < 20'000; ++i) {
            wide += ",c" + std::to_string(i);
        }
        const auto table = sources::readDvcTable("a.csv", wide + "\n1\n", true, false, damage);
        QVERIFY(table.columns.size() <= 10'000);
        const Project project;
        project.write("dvc.yaml",
                      "params: [deep.toml, deep.json]\nmetrics: [m.json]\nstages:\n  a:\n    cmd: " +
                          deep('[', 100'000) + "\n");
        project.write("m.json", "{\"a\": 1}");
        project.write("deep.toml", "a = " + deep('[', 100'000));
        project.write("deep.json", "{\"a\": " + deep('[', 100'000));
        project.write("dvc.lock", "schema: '2.0'\n");
        const auto parts = *open(project.path())->read({});
        const auto said = damageOf(named(parts, "workspace"));
        QCOMPARE(said.size(), std::size_t{1});  // what it would have named is not known
        QVERIFY(said[0].starts_with("dvc.yaml"));
        project.write("dvc.yaml", "params: [deep.toml, deep.json]\nmetrics: [m.json]\n");
        const auto again = *open(project.path())->read({});
        QCOMPARE(damageOf(named(again, "workspace")).size(), std::size_t{2});
        QCOMPARE(named(again, "workspace").record.metric(Symbol("a"))->last, 1.0);
    }
};

QTEST_GUILESS_MAIN(TestDvcPipeline)
#include "tst_dvc_pipeline.moc"
