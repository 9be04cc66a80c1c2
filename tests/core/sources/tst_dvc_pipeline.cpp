// SPDX-License-Identifier: GPL-3.0-or-later
// What dvc.yaml, dvc.lock and .dvc files say: commands, params and data of the work tree and of commits.
#include "dvc_pipeline.h"
#include "dvc_project.h"
#include "dvc_table.h"
#include "runglass/sources/catalogue.h"

using namespace runglass;
using namespace runglass::test;

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

    /// Names and what `item` and `key` stand for: as the page of DVC on dvc.yaml has them.
    void foreachAndMatrixMakeStagesOfTheirOwn() {
        const test::TempFolder project;
        project.write("dvc.yaml",
                      "vars:\n- sets: [x, y]\n- nets: {small: {n: 1}, large: {n: 2}}\n- key: mine\nstages:\n"
                      "  a:\n    foreach: [1, v1.5]\n    do:\n      cmd: a ${item} ${key}\n"
                      "      metrics: ['m-${item}.json']\n"
                      "  b:\n    foreach: {us.east: {n: 3}}\n    do: {cmd: 'b ${key} ${item.n}'}\n"
                      "  c:\n    foreach: ${nets}\n    do: {cmd: 'c ${key} ${item.n}', wdir: '${key}'}\n"
                      "  d:\n    matrix: {set: '${sets}', opt: [p, {lr: 7}]}\n"
                      "    cmd: d ${key} ${item.set}\n    params: ['${key}.yaml': [lr]]\n"
                      "  e:\n    foreach: ${unknown}\n    do: {cmd: 'e ${item}'}\n");
        project.write("dvc.lock",
                      "schema: '2.0'\nstages:\n  c@large:\n    cmd: c\n    outs:\n"
                      "    - {path: o, md5: 0123456789abcdef0123456789abcdef}\n");
        std::vector<sources::Damage> damage;
        const auto pipeline = sources::readDvcPipeline(sources::DvcWorkTree(project.path()), damage);
        QCOMPARE(pipeline.commands,
                 (std::vector<std::string>{"a 1 mine", "a v1.5 mine", "b us.east 3", "c large 2", "c small 1",
                                           "d x-p x", "d x-opt1 x", "d y-p y", "d y-opt1 y", "e ${item}"}));
        QCOMPARE(pipeline.metrics, (std::vector<std::string>{"m-1.json", "m-v1.5.json"}));
        QCOMPARE(pipeline.params.size(), std::size_t{4});
        QCOMPARE(pipeline.params[3].path, std::string("y-opt1.yaml"));
        QVERIFY(pipeline.outputAround("large/o") != nullptr);
        QVERIFY(damage.empty());
    }

    void stagesAreBounded() {
        const test::TempFolder project;
        std::string matrix;
        for (const char axis : std::string_view("abcdefghij")) {
            matrix += std::string(1, axis) + ": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n      ";
        }
        project.write("dvc.yaml", "stages:\n  a:\n    matrix:\n      " + matrix + "\n    cmd: a ${item.a}\n");
        std::vector<sources::Damage> damage;
        const auto pipeline = sources::readDvcPipeline(sources::DvcWorkTree(project.path()), damage);
        QCOMPARE(pipeline.commands, (std::vector<std::string>{"a ${item.a}"}));
    }

    void aPipelineThatIsNoYamlIsNamed() {
        const DvcProject project;
        project.write("dvc.yaml", "stages:\n  a: [\n");
        for (const bool committed : {false, true}) {
            if (committed) {
                project.commit("Broken");
            }
            sources::Catalogue catalogue({.project = project.path()});
            const auto runs = catalogue.load();
            QVERIFY(runs->runs.empty());
            QCOMPARE(runs->problems.size(), std::size_t{1});
            const auto said = sources::describe(runs->problems[0], project.path());
            QVERIFY2(said.starts_with("dvc.yaml: Line 3 is not valid YAML: "), said.c_str());
        }
        sources::Catalogue catalogue({.project = project.path()});
        (void)catalogue.load();
        project.write("dvc.yaml", "stages:\n  a:\n    cmd: a\n    metrics: [m.json]\n");
        project.write("m.json", "{\"acc\": 1}");
        const auto mended = catalogue.load();
        QVERIFY(mended->problems.empty());
        QCOMPARE(mended->runs.size(), std::size_t{1});
    }

    void readsParamsOfEveryFile() {
        const DvcProject project;
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
        const auto workspace = openDvc(project.path());
        const auto parts = *workspace->read({});
        const auto& now = named(parts, "workspace");
        QCOMPARE(paramsOf(now), expected);
        QCOMPARE(now.record.metric(Symbol("f1"))->last, 0.5);  // `vars` name the file
        QCOMPARE(workspace->detail(now.key)->command,
                 (std::vector<std::string>{"sh", "-c", "train conf 8 && b && c"}));

        project.commit("Run");
        const auto committed = *openDvc(project.path())->read({});
        QCOMPARE(committed.size(), std::size_t{1});
        QCOMPARE(paramsOf(named(committed, "Run")), expected);
    }

    void readsDataFilesOfCommitsAndTheWorkTree() {
        const DvcProject project;
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
        const auto reader = openDvc(project.path());
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
        const DvcProject project;
        project.write("dvc.yaml",
                      "stages:\n  a:\n    cmd: a\n    params: [other.toml: [lr]]\n"
                      "    metrics: [out/m.json]\n    plots: [out/p.csv, dir]\n");
        project.write("other.toml", "lr = 1\n");
        project.write("out/m.json", R"({"acc": 1})");
        project.write("out/p.csv", "step,loss\n0,1\n");
        const auto reader = openDvc(project.path());
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

    void saysWhichParamsAreCodeAndWhichDataFileIsBroken() {
        const DvcProject project;
        project.write("dvc.yaml",
                      "stages:\n  a:\n    cmd: a\n    params: [p.py: [SEED], absent.py: [LR]]\n"
                      "    metrics: [m.json]\n");
        project.write("p.py", "SEED = 1\n");
        project.write("m.json", R"({"acc": 1})");
        project.write("data/bad.dvc", "outs: [\n");
        project.write("data/good.dvc", "outs:\n- md5: d1\n  path: good\n");
        const auto reader = openDvc(project.path());
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

    void doesNotLeaveItsFolder() {
        const DvcProject project;
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
        const auto reader = openDvc(project / "p");
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
        const DvcProject project;
        project.write("dvc.yaml",
                      "params: [deep.toml, deep.json]\nmetrics: [m.json]\nstages:\n  a:\n    cmd: " +
                          deep('[', 100'000) + "\n");
        project.write("m.json", "{\"a\": 1}");
        project.write("deep.toml", "a = " + deep('[', 100'000));
        project.write("deep.json", "{\"a\": " + deep('[', 100'000));
        project.write("dvc.lock", "schema: '2.0'\n");
        const auto parts = *openDvc(project.path())->read({});
        const auto said = damageOf(named(parts, "workspace"));
        QCOMPARE(said.size(), std::size_t{1});  // what it would have named is not known
        QVERIFY(said[0].starts_with("dvc.yaml"));
        project.write("dvc.yaml", "params: [deep.toml, deep.json]\nmetrics: [m.json]\n");
        const auto again = *openDvc(project.path())->read({});
        QCOMPARE(damageOf(named(again, "workspace")).size(), std::size_t{2});
        QCOMPARE(named(again, "workspace").record.metric(Symbol("a"))->last, 1.0);
    }
};

QTEST_GUILESS_MAIN(TestDvcPipeline)
#include "tst_dvc_pipeline.moc"
