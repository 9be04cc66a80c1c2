// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/config/flatten.h"
#include "runglass/launch/capture.h"
#include "support/test.h"

using runglass::config::flattenConfig;
using runglass::launch::captureRun;
using runglass::launch::configFilesOf;
using runglass::launch::LaunchSpec;

namespace {

QString shown(const std::vector<runglass::model::Variable>& values) {
    QStringList texts;
    for (const auto& [key, value] : values) {
        texts << QString::fromStdString(key + "=" + value);
    }
    return texts.join(QLatin1Char(' '));
}

QString flat(const std::string& content, std::string_view extension) {
    const auto values = flattenConfig(content, extension);
    return values.ok() ? shown(*values)
                       : QStringLiteral("error: ") + QString::fromStdString(values.error().message);
}

QString paramsOf(const LaunchSpec& spec) {
    auto detail = captureRun(spec);
    std::vector<runglass::model::Variable> values;
    for (const auto& param : detail.record.params) {
        values.emplace_back(param.key.str(), param.value.str());
    }
    std::sort(values.begin(), values.end());
    return shown(values);
}

}  // namespace

class TestCaptureConfig : public runglass::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void yaml() {
        QCOMPARE(flat("lr: 1e-3\nseed: 007\nname: \"two words\"\nopt:\n  betas: [0.9, 0.999]\n  amp: "
                      "yes\nnone: ~\nempty: {}\nlist: []\n",
                      "yaml"),
                 QStringLiteral("lr=1e-3 seed=007 name=two words opt.betas.0=0.9 opt.betas.1=0.999 "
                                "opt.amp=yes none=null empty={} list=[]"));
        QCOMPARE(flat("base: &b {lr: 1, wd: 2}\nrun:\n  <<: *b\n  lr: 3\n", ".yml"),
                 QStringLiteral("base.lr=1 base.wd=2 run.lr=3 run.wd=2"));
        QCOMPARE(flat("", "yaml"), QString());
        QCOMPARE(flat("- 1\n- 2\n", "yaml"), QString());
        QCOMPARE(flat("just text", "yaml"), QString());
        QCOMPARE(flat("x: !!python/object/apply:os.system [\"touch /tmp/x\"]", "yaml"),
                 QStringLiteral("x.0=touch /tmp/x"));
        QVERIFY(flat("a: [1, 2", "yaml").startsWith(QLatin1String("error: Line ")));
    }

    void json() {
        QCOMPARE(flat("{\"big\": 12345678901234567890123, \"x y\": 1E5}", "json"),
                 QStringLiteral("big=12345678901234567890123 x y=1E5"));
        QCOMPARE(flat("\xEF\xBB\xBF{\"lr\": 1.50e-3, \"n\": {\"a\": [true, null, \"x\\u00e4\"]}, \"e\": {}, "
                      "\"l\": []}",
                      "json"),
                 QStringLiteral("lr=1.50e-3 n.a.0=true n.a.1=null n.a.2=xä e={} l=[]"));
        QCOMPARE(flat("[1, 2]", "json"), QString());
        QVERIFY(flat("{\"a\": }", "json").startsWith(QLatin1String("error: ")));
        QVERIFY(flat("{\"a\": 1", "json").startsWith(QLatin1String("error: ")));
        QVERIFY(flat("", "json").startsWith(QLatin1String("error: ")));
    }

    void toml() {
        QCOMPARE(
            flat("\"ü\" = 'é' \nlr = 1e-3 # c\nn = 1_000\nhex = 0xFF\nok = true\n[opt.x]\nbetas = [0.90, "
                 "0.999]\nday = 1979-05-27\n",
                 "toml"),
            QStringLiteral("hex=0xFF lr=1e-3 n=1_000 ok=true opt.x.betas.0=0.90 opt.x.betas.1=0.999 "
                           "opt.x.day=1979-05-27 ü=é"));
        QCOMPARE(flat("a = { \"é\" = 2.50, c = [ ] }", "toml"), QStringLiteral("a.c=[] a.é=2.50"));
        QVERIFY(flat("a = [1", "toml").startsWith(QLatin1String("error: Line 1")));
    }

    void hostileFilesAreRefused() {
        std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
        for (int i = 1; i < 12; ++i) {
            const auto before = std::to_string(i - 1);
            laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
            for (int j = 0; j < 9; ++j) {
                laughs += (j ? ", *a" : "*a") + before;
            }
            laughs += "]\n";
        }
        QVERIFY(flat(laughs, "yaml").startsWith(QLatin1String("error: It holds more than")));
        QVERIFY(flat("a: &a [*a]", "yaml").startsWith(QLatin1String("error: ")));
        QVERIFY(flat("a: &a {b: {<<: *a}}", "yaml").startsWith(QLatin1String("error: ")));
        for (const char* extension : {"yaml", "json", "toml"}) {
            const std::string key = std::string_view(extension) == "toml" ? "a = " : "{\"a\": ";
            QVERIFY2(flat(key + std::string(5'000, '['), extension).startsWith(QLatin1String("error: ")),
                     extension);
        }
        std::string deep = "{\"a\": 1}";
        for (int i = 0; i < 100; ++i) {
            deep = "{\"a\": " + deep + "}";
        }
        QVERIFY(flat(deep, "json").contains(QLatin1String("nested")));
        QVERIFY(flat(deep, "yaml").contains(QLatin1String("nested")));
        QVERIFY(flat("a: \xff", "yaml").contains(QLatin1String("UTF-8")));
        QVERIFY(flat("a=1", "ini").contains(QLatin1String("ini")));
    }

    void filesNamedOnTheCommandLine() {
        const runglass::test::TempFolder folder;
        folder.write("a.yaml", "x: 1");
        folder.write("sub/b.json", "{}");
        folder.write("c.toml", "");
        folder.write("acc.yaml", "");
        folder.write("big.json", std::string((1U << 20U) + 1, ' '));
        folder.write("notes.txt", "");
        const std::vector<std::string> command = {"accelerate", "launch", "--config_file",       "acc.yaml",
                                                  "t.py",       "a.yaml", "--config=sub/b.json", "@c.toml",
                                                  "--again",    "a.yaml", "missing.yaml",        "big.json",
                                                  "notes.txt",  "sub"};
        std::vector<std::string> problems;
        const auto files = configFilesOf(command, folder.path(), problems);
        QCOMPARE(files.size(), std::size_t(3));
        QCOMPARE(problems.size(), std::size_t(1));
        QVERIFY2(problems[0].starts_with("big.json is larger than 1048576 bytes"), problems[0].c_str());
        QCOMPARE(files[0].path, std::string("a.yaml"));
        QCOMPARE(files[0].content, std::string("x: 1"));
        // sha256sum of "x: 1"
        const auto digest =
            runglass::test::runProcess({"sha256sum", "a.yaml"}, folder.path()).out.substr(0, 64);
        QCOMPARE(files[0].sha256, digest);
        QCOMPARE(files[1].path, std::string("sub/b.json"));
        QCOMPARE(files[2].path, std::string("c.toml"));
    }

    /// The person wins over the command line, the command line over files, later files over earlier ones.
    void precedence() {
        const runglass::test::TempFolder folder;
        folder.write("a.yaml", "lr: 1\nbatch_size: 16\nseed: 1\ndb:\n  host: x\n  port: 5\nonly: a\n");
        folder.write("b.yaml", "seed: 2\n");
        LaunchSpec spec;
        spec.project = folder.path();
        spec.command = {"python3", "t.py",         "--config", "a.yaml", "--more",
                        "b.yaml",  "--batch-size", "32",       "lr=2",   "~db"};
        spec.params = {{"lr", "3"}, {"by", "ada"}};
        QCOMPARE(paramsOf(spec),
                 QStringLiteral("batch-size=32 by=ada config=a.yaml lr=3 more=b.yaml only=a seed=2 ~db="));
    }

    void theScriptSettlesAmbiguity() {
        const runglass::test::TempFolder folder;
        folder.write(
            "t.py",
            "p.add_argument('-b', '--batch', type=int)\np.add_argument('--quick', action='store_true')\n");
        LaunchSpec spec;
        spec.project = folder.path();
        spec.command = {"python3", "t.py", "-b", "8", "--quick", "data"};
        QCOMPARE(paramsOf(spec), QStringLiteral("batch=8 quick=true"));
    }

    void runRecord() {
        const runglass::test::TempFolder folder;
        folder.write("d.csv", "1,2\n");
        folder.write("bad.yaml", "a: [");
        LaunchSpec spec;
        spec.project = folder.path();
        spec.command = {"python3", "-m", "pkg.train", "bad.yaml"};
        spec.datasets = {{"digits", "d.csv"}, {"gone", "x.csv"}, {"web", "s3://bucket/x"}};
        spec.tags = {{"stage", "dev"}};
        const auto detail = captureRun(spec);
        QCOMPARE(detail.record.name, std::string("pkg.train"));
        QCOMPARE(detail.record.experiment.str(), std::string("default"));
        spec.experiment = "Default";  // as a client of MLflow calls it
        QCOMPARE(captureRun(spec).record.experiment.str(), std::string("default"));
        spec.experiment = "sweep";
        QCOMPARE(captureRun(spec).record.experiment.str(), std::string("sweep"));
        QCOMPARE(detail.workingDirectory, folder.path().string());
        QCOMPARE(detail.command, spec.command);
        QCOMPARE(
            detail.datasets[0].digest,
            "sha256:" + runglass::test::runProcess({"sha256sum", "d.csv"}, folder.path()).out.substr(0, 64));
        QCOMPARE(detail.problems.size(), std::size_t(2));
        QVERIFY(detail.problems[0].find("bad.yaml") != std::string::npos);
        QVERIFY(detail.problems[1].find("gone") != std::string::npos);
        QVERIFY(detail.environment.has_value());
    }
};

QTEST_GUILESS_MAIN(TestCaptureConfig)
#include "tst_capture_config.moc"
