// SPDX-License-Identifier: GPL-3.0-or-later
#include "dvc_files.h"
#include "runglass/sources/catalogue.h"
#include "truth.h"

using namespace runglass;
using namespace Qt::StringLiterals;

namespace {

constexpr const char* kPipeline =
    "stages:\n  train:\n    cmd: python train.py\n    deps:\n    - data.csv\n    - train.py\n    params:\n   "
    " - lr\n"
    "    outs:\n    - model.pkl\n    metrics:\n    - out/scores.json:\n        cache: false\nmetrics:\n- "
    "eval.yaml\n";
constexpr const char* kLock =
    "schema: '2.0'\nstages:\n  train:\n    cmd: python train.py\n    deps:\n    - path: data.csv\n      "
    "hash: md5\n"
    "      md5: d1\n      size: 3\n    - path: train.py\n      md5: c1\n    params:\n      params.yaml:\n    "
    "    lr: 0.1\n"
    "    outs:\n    - path: model.pkl\n      md5: m1\n";

std::map<std::string, sources::SharedPart> byName(const std::vector<sources::SharedPart>& parts) {
    std::map<std::string, sources::SharedPart> found;
    for (const auto& part : parts) {
        found[part->record.name] = part;
    }
    return found;
}

void addNumbers(const QJsonObject& object, const std::string& prefix,
                std::map<std::string, double>& numbers) {
    for (auto value = object.begin(); value != object.end(); ++value) {
        const auto key = prefix + value.key().toStdString();
        if (value->isObject()) {
            addNumbers(value->toObject(), key + ".", numbers);
        } else if (value->isDouble()) {
            numbers[key] = value->toDouble();
        }
    }
}

}  // namespace

class TestDvc : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void pathsStayInside() {
        using Inside = std::optional<std::string>;
        QCOMPARE(sources::dvcPath("", "a/b.json"), Inside("a/b.json"));
        QCOMPARE(sources::dvcPath("work", "../b.json"), Inside("b.json"));
        QCOMPARE(sources::dvcPath("work/./x", "b.json"), Inside("work/x/b.json"));
        for (const auto& [folder, path] :
             std::vector<std::pair<const char*, const char*>>{{"", "/etc/passwd"},
                                                              {"/etc", "passwd"},
                                                              {"", "../b"},
                                                              {"a/..", ".."},
                                                              {"a", ".."},
                                                              {"a", ""}}) {
            QCOMPARE(sources::dvcPath(folder, path), Inside());
        }
    }

    void readsTheMetricsOfTemplatesAndOfTheCache() {
        const test::TempFolder project;
        const auto git = [&](const std::vector<std::string>& arguments) {
            return test::git(project.path(), arguments);
        };
        const auto cached = [&](const std::string& content, const char* layout) {
            const auto md5 = test::runProcess({"md5sum"}, {}, content).out.substr(0, 32);
            project.write(layout + md5.substr(0, 2) + "/" + md5.substr(2), content);
            return md5;
        };
        git({"init", "-q", "-b", "main"});
        project.write(".dvc/config", "");
        const auto first = cached(R"({"acc": 0.5})", ".dvc/cache/files/md5/");
        const auto second = cached(R"({"f1": 0.25})", ".dvc/cache/");  // of DVC 2
        const auto model = cached("weights", ".dvc/cache/files/md5/");
        const auto inFolder = cached(R"({"in_folder": 0.125})", ".dvc/cache/files/md5/");
        const auto folder = cached(R"([{"md5": ")" + second + R"(", "relpath": "final.json"}, {"md5": ")" +
                                       inFolder + R"(", "relpath": "sub/final.json"}])",
                                   ".dvc/cache/files/md5/");
        std::filesystem::rename(
            project.path() / ".dvc/cache/files/md5" / folder.substr(0, 2) / folder.substr(2),
            project.path() / ".dvc/cache/files/md5" / folder.substr(0, 2) / (folder.substr(2) + ".dir"));
        project.write(".gitignore", "/.dvc/cache\n");
        project.write("dvc.yaml",
                      "stages:\n  fit:\n    foreach: [cnn, mlp]\n    do:\n      cmd: python fit.py ${item}\n"
                      "      wdir: work\n      metrics:\n      - scores-${item}.json\n"
                      "  sum:\n    matrix:\n      a: [1]\n      b: [x, y]\n    cmd: sum\n"
                      "    metrics: ['${item.a}-${item.b}.yaml']\nmetrics:\n- eval/sub/final.json\n");
        project.write("dvc.lock",
                      "schema: '2.0'\nstages:\n  fit@cnn:\n    cmd: c\n    outs:\n"
                      "    - path: scores-cnn.json\n      md5: " +
                          first + "\n      size: 12\n    - path: model.pkl\n      md5: " + model +
                          "\n      size: 7\n  fit@mlp:\n    cmd: c\n    outs:\n"
                          "    - path: scores-mlp.json\n      md5: " +
                          second + "\n  evaluate:\n    cmd: c\n    outs:\n    - path: eval\n      md5: " +
                          folder + ".dir" +
                          "\n  sum@1-x:\n    cmd: c\n    outs:\n    - path: 1-x.yaml\n"
                          "      md5: 00000000000000000000000000000000\n"
                          "    - path: other.yaml\n      md5: 1\n");
        project.write("1-x.yaml", "auc: 0.75\n");
        project.write("other.yaml", "no: 1\n");
        commitAll(git, "Fit");
        auto opened = test::openAll("dvc", project.path());
        auto& reader = *opened.begin()->second.reader;
        const auto parts = *reader.read({});
        QCOMPARE(parts.size(), std::size_t{1});
        const auto& record = parts[0]->record;
        QCOMPARE(record.metrics.size(), std::size_t{4});
        QCOMPARE(record.metric(Symbol("in_folder"))->last, 0.125);
        QCOMPARE(record.metric(Symbol("acc"))->last, 0.5);
        QCOMPARE(record.metric(Symbol("f1"))->last, 0.25);
        QCOMPARE(record.metric(Symbol("auc"))->last, 0.75);
        const auto file = reader.openArtifact(parts[0]->key, "work/model.pkl");
        VERIFY_OK(file);
        QCOMPARE(*sources::readArtifact(*file, 100, {}), std::string("weights"));
        QVERIFY(reader.openArtifact(parts[0]->key, "1-x.yaml").error().code == ErrorCode::NotFound);
        QVERIFY(reader.openArtifact(parts[0]->key, "dvc.yaml").error().code == ErrorCode::NotFound);
    }

    void findsAConfiguredCacheWhereAPersonHasOpenedIt() {
        const test::TempFolder outside;
        const test::TempFolder project;
        const std::string md5 = "0123456789abcdef0123456789abcdef";
        const auto put = [&](const test::TempFolder& folder, const std::string& below) {
            folder.write(below + "/files/md5/01/23456789abcdef0123456789abcdef", "{\"acc\": 0.5}");
        };
        test::git(project.path(), {"init", "-q", "-b", "main"});
        project.write("dvc.yaml", "stages:\n  fit:\n    cmd: fit\n    metrics: [scores.json]\n");
        project.write("dvc.lock",
                      "schema: '2.0'\nstages:\n  fit:\n    cmd: fit\n    outs:\n"
                      "    - path: scores.json\n      md5: " +
                          md5 + "\n");
        put(outside, "shared");
        put(project, "store/cache");
        const auto read = [&] {
            auto opened = test::openAll("dvc", project.path());
            const auto parts = *opened.begin()->second.reader->read({});
            return parts.size() == 1 ? parts[0] : nullptr;
        };
        const auto found = [&] { return read()->record.metric(Symbol("acc")) != nullptr; };
        project.write(".dvc/config", "");
        QVERIFY(!found());
        QVERIFY(read()->damage.empty());
        project.write(".dvc/config",
                      "[core]\n    dir = no\n['remote \"x\"']\n    url = no\n"
                      "[cache]\n    type = copy\n    dir = ../store/cache\n");
        QVERIFY(found());

        // What a repository brings along leads to nothing that nobody has opened.
        project.write(".dvc/config.local", "[cache]\ndir = \"" + (outside / "shared").native() + "\"\n");
        const auto refused = read();
        QVERIFY(refused->record.metric(Symbol("acc")) == nullptr);
        QCOMPARE(refused->damage.size(), std::size_t{1});
        QVERIFY(refused->damage[0].file == project.path() / ".dvc/config.local");
        QVERIFY(refused->damage[0].reason.ends_with("runglass sources add " + (outside / "shared").native()));
        project.write(".dvc/config.local", "[cache]\ndir = ../link\n");
        std::filesystem::create_directory_symlink(outside / "shared", project / "link");
        QVERIFY(!found());
        VERIFY_OK(sources::setFurtherFolders(project.path(), {outside.path()}));
        QVERIFY(found());
        QVERIFY(read()->damage.empty());
    }

    void readsCommitsExperimentsAndTheWorkTree() {
        const test::TempFolder project;
        const auto git = [&](const std::vector<std::string>& arguments) {
            return test::git(project.path(), arguments);
        };
        git({"init", "-q", "-b", "main"});
        project.write("readme.md", "x");
        commitAll(git, "Begin");
        project.write("dvc.yaml", kPipeline);
        project.write("params.yaml", "lr: 0.1\nnet:\n  deep: true\n");
        commitAll(git, "Describe");  // nothing was run
        project.write("dvc.lock", kLock);
        project.write("out/scores.json", R"({"acc": 0.5, "val": {"f1": 0.25}})");
        project.write("eval.yaml", "auc: 0.75\nacc: 0.4\n");
        commitAll(git, "Train");
        project.write("readme.md", "y");
        commitAll(git, "Explain");  // nothing changed
        const auto baseline = git({"rev-parse", "HEAD"}).substr(0, 40);

        git({"checkout", "-q", "--detach"});
        project.write("params.yaml", "lr: 0.2\nnet:\n  deep: true\n");
        project.write("out/scores.json", R"({"acc": 0.625, "val": {"f1": 0.5}})");
        commitAll(git, "dvc: commit experiment abc");
        const auto experiment = git({"rev-parse", "HEAD"}).substr(0, 40);
        const auto prefix = "refs/exps/" + baseline.substr(0, 2) + "/" + baseline.substr(2);
        git({"update-ref", prefix + "/brave-owl", "HEAD"});
        git({"update-ref", "refs/exps/stash", "HEAD"});
        git({"update-ref", "refs/exps/exec/EXEC_HEAD", "HEAD"});
        git({"checkout", "-q", "main"});

        auto opened = test::openAll("dvc", project.path());
        QCOMPARE(opened.size(), std::size_t{1});
        auto& reader = *opened.begin()->second.reader;
        const auto parts = *reader.read({});
        auto runs = byName(parts);
        QCOMPARE(runs.size(), std::size_t{2});
        const auto& train = *runs["Train"];
        QCOMPARE(*train.record.param(Symbol("net.deep")), std::string_view("true"));
        QCOMPARE(train.record.metric(Symbol("acc"))->last, 0.5);
        QCOMPARE(train.record.metric(Symbol("val.f1"))->last, 0.25);
        QCOMPARE(train.record.metric(Symbol("auc"))->last, 0.75);
        QCOMPARE(train.record.metric(Symbol("eval.yaml:acc"))->last, 0.4);
        QVERIFY(train.record.status == model::RunStatus::Finished);
        const auto& owl = *runs["brave-owl"];
        QCOMPARE(owl.record.git.commit, experiment);
        QCOMPARE(*owl.record.param(Symbol("lr")), std::string_view("0.2"));
        QCOMPARE(owl.record.metric(Symbol("acc"))->last, 0.625);
        QCOMPARE(*owl.record.tag(Symbol("dvc.baseline")), std::string_view(baseline));
        QCOMPARE(test::plain(reader.series(owl.key, "acc", 0, {})->values), std::vector<double>{0.625});
        const auto detail = *reader.detail(train.key);
        QCOMPARE(detail.datasets.size(), std::size_t{1});
        QCOMPARE(detail.datasets[0].digest, std::string("d1"));
        QCOMPARE(detail.command, (std::vector<std::string>{"python", "train.py"}));

        // What is not committed yet.
        project.write("out/scores.json", R"({"acc": 0.875})");
        const auto after = *test::openAll("dvc", project.path()).begin()->second.reader->read({});
        QCOMPARE(after.size(), std::size_t{3});
        QCOMPARE(byName(after)["workspace"]->record.metric(Symbol("acc"))->last, 0.875);

        git({"update-ref", prefix + "/second-owl", "HEAD"});
        const auto more = *reader.read({});
        QVERIFY(byName(more).contains("second-owl"));
        QVERIFY(byName(more)["Train"] == runs["Train"]);
    }

    void readsDvcLiveOldAndNew() {
        const test::TempFolder project;
        project.write("live/metrics.json", R"({"train": {"loss": 0.25}, "best": 0.5, "step": 1})");
        project.write("live/params.yaml", "lr: 0.1\n");
        project.write("live/plots/metrics/train/loss.tsv", "step\tloss\n0\t0.5\n1\t0.25\n2\t0.1");
        project.write("live/plots/metrics/acc.tsv",
                      "timestamp\tstep\tacc\r\n1644420777053\t3\tnan\r\nrubbish\r\n");
        auto opened = test::openAll("dvc", project.path());
        QCOMPARE(opened.size(), std::size_t{1});
        auto& reader = *opened.begin()->second.reader;
        const auto part = (*reader.read({}))[0];
        QCOMPARE(part->record.metrics.size(), std::size_t{3});
        QCOMPARE(part->record.metric(Symbol("train/loss"))->count, std::uint64_t{2});  // one is not whole yet
        QCOMPARE(part->record.metric(Symbol("train/loss"))->last, 0.25);
        QCOMPARE(part->record.metric(Symbol("acc"))->lastTimeMs, std::int64_t{1644420777053});
        QCOMPARE(part->record.metric(Symbol("best"))->lastStep, std::int64_t{1});
        QCOMPARE(*part->record.param(Symbol("lr")), std::string_view("0.1"));
        QVERIFY(part == (*reader.read({}))[0]);
        project.write("live/plots/metrics/train/loss.tsv", "step\tloss\n0\t0.5\n1\t0.25\n2\t0.125\n");
        QCOMPARE((*reader.read({}))[0]->record.metric(Symbol("train/loss"))->last, 0.125);
        QCOMPARE(test::plain(reader.series("", "train/loss", 2, {})->steps), std::vector<std::int64_t>{2});
    }

    void doesNotLeaveItsFolder() {
        const test::TempFolder project;
        project.write("secret.json", R"({"password": 1})");
        project.write("p/dvc.yaml",
                      "metrics:\n- ../secret.json\n- /etc/passwd\n- link.json\n- a/../../secret.json\n");
        project.write("p/dvc.lock", "schema: '2.0'\n");
        std::filesystem::create_symlink("../secret.json", project / "p/link.json");
        auto opened = test::openAll("dvc", project.path());
        const auto parts = *opened.begin()->second.reader->read({});
        QCOMPARE(parts.size(), std::size_t{1});
        QVERIFY(parts[0]->record.metrics.empty());
    }

    void agreesWithIndependentReaders_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("o18") << QByteArray("o18-dvc-example-get-started");
        QTest::newRow("o19") << QByteArray("o19-dvc-example-experiments");
    }

    void agreesWithIndependentReaders() {
        QFETCH(QByteArray, name);
        const auto folder = test::realCase(name.constData());
        if (!folder) {
            QSKIP("../shared/realdata is not beside the repository.");
        }
        const auto truth = test::truthOf(*folder, "dvc"_L1);
        const auto tips = truth.value("ref_tips"_L1).toObject();
        const auto before = test::inventory(*folder);
        const auto opened = test::openAll("dvc", *folder);
        QVERIFY(opened.contains(*folder));
        const auto workspace = byName(opened.at(*folder).parts)["workspace"];
        QVERIFY(workspace != nullptr);
        compare(*workspace, tips.value("refs/heads/main"_L1).toObject());
        QVERIFY(test::inventory(*folder) == before);

        const auto bare = *folder / "repo.git";
        if (!std::filesystem::exists(bare)) {
            QSKIP("The repository of the case is not there; its work tree was compared.");
        }
        const test::TempFolder clone;
        test::git(clone.path(), {"init", "-q", "-b", "none"});
        test::git(clone.path(), {"fetch", "-q", bare.native(), "+refs/heads/*:refs/heads/*",
                                 "+refs/tags/*:refs/tags/*", "+refs/exps/*:refs/exps/*"});
        test::git(clone.path(), {"checkout", "-q", "main"});
        const auto repository = test::openAll("dvc", clone.path());
        const auto& parts = repository.at(clone.path()).parts;
        const auto runs = byName(parts);
        for (const auto& reference : truth.value("exps_refs"_L1).toArray()) {
            const auto path = reference.toString();
            const auto run = runs.find(path.section(u'/', 4).toStdString());
            QVERIFY2(run != runs.end(), qPrintable(path));
            QCOMPARE(run->second->record.git.commit,
                     tips.value(path).toObject().value("commit"_L1).toString().toStdString());
            compare(*run->second, tips.value(path).toObject());
        }
    }

private:
    template <typename Git>
    static void commitAll(const Git& git, const std::string& message) {
        git({"add", "-A"});
        git({"commit", "-q", "-m", message});
    }

    static void compare(const sources::Part& part, const QJsonObject& tip) {
        std::map<std::string, double> params;
        for (const auto& file : tip.value("params"_L1).toObject()) {
            addNumbers(file.toObject(), {}, params);
        }
        QVERIFY(!params.empty());
        for (const auto& [key, number] : params) {
            const auto read = part.record.param(Symbol::find(key));
            QVERIFY2(read.has_value(), key.c_str());
            QVERIFY(QByteArray::fromStdString(std::string(*read)).toDouble() == number);
        }
        const auto files = tip.value("metrics"_L1).toObject();
        for (auto file = files.begin(); file != files.end(); ++file) {
            std::map<std::string, double> metrics;
            addNumbers(file->toObject(), {}, metrics);
            metrics.erase("step");
            for (const auto& [key, number] : metrics) {
                const auto* plain = part.record.metric(Symbol::find(key));
                const auto* named = part.record.metric(Symbol::find(file.key().toStdString() + ":" + key));
                QVERIFY2(plain != nullptr || named != nullptr, key.c_str());
                QVERIFY(named != nullptr ? named->last == number : plain->last == number);
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestDvc)
#include "tst_dvc.moc"
