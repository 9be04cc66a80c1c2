// SPDX-License-Identifier: GPL-3.0-or-later
// Runs of other tools on the command line: shown where they lie, marked, imported once, handed on.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>

#include <algorithm>

#include "../../core/sources/event_writer.h"
#include "../../core/sources/level_log_writer.h"
#include "cli_support.h"
#include "foreign_store.h"
#include "runglass/base/file.h"

using namespace runglass::test;
using namespace Qt::StringLiterals;
using namespace std::literals;

namespace {

QJsonArray json(const std::string& text) {
    return QJsonDocument::fromJson(QByteArray::fromStdString(text)).array();
}

}  // namespace

class TestForeign : public TestCase {
    Q_OBJECT
private Q_SLOTS:
    void showsRunsWhereTheyLie() {
        const TempFolder folder;
        writeStore(folder);
        const auto runs = json(output(folder.path(), {"runs", "--format", "json"}));
        QCOMPARE(runs.size(), 1);
        const auto run = runs[0].toObject();
        QCOMPARE(run["id"_L1].toString(), QString::fromUtf8(kId));
        QCOMPARE(run["name"_L1].toString(), u"kind-owl-1"_s);
        QCOMPARE(run["source"_L1].toString(), u"mlflow"_s);
        QCOMPARE(run["status"_L1].toString(), u"finished"_s);
        QVERIFY(run["archived"_L1].isBool() && !run["archived"_L1].toBool());
        const auto loss = run["metrics"_L1]["loss"_L1].toObject();
        QCOMPARE(loss["count"_L1].toInt(), 3);
        QCOMPARE(loss["nan"_L1].toInt(), 1);
        QCOMPARE(loss["last"_L1].toDouble(), 0.25);
        QCOMPARE(
            json(output(folder.path(), {"runs", "--filter", "source = 'mlflow'", "--format", "json"})).size(),
            1);
        QCOMPARE(
            json(output(folder.path(), {"runs", "--filter", "source = 'wandb'", "--format", "json"})).size(),
            0);
        QVERIFY(output(folder.path(), {"show", "kind-owl-1"}).find("mlruns") != std::string::npos);
        QCOMPARE(lines(output(folder.path(), {"metrics", "0011", "--format", "csv"})),
                 (Words{"key,step,time_ms,value\r", "loss,0,1700000001000,0.5\r",
                        "loss,1,1700000002000,NaN\r", "loss,2,1700000003000,0.25\r"}));
        QVERIFY(!std::filesystem::exists(folder / ".runglass"));
    }

    // Tables' headings become metrics, and these titles of columns.
    void headingsOfFilesDoNotReachTheTerminalAsTheyAre() {
        const TempFolder folder;
        folder.write("x/metrics.csv", "step,lo\x1b[31mss,va\u202el\n1,0.5,1\n2,0.4,2\n");
        const auto table = output(folder.path(), {"runs"});
        QVERIFY2(table.find("[31mss") != std::string::npos, table.c_str());
        QVERIFY(table.find('\x1b') == std::string::npos && table.find("\u202e") == std::string::npos);
    }

    void showsTheModelsOfARun() {
        const TempFolder folder;
        writeStore(folder);
        const auto id = "m-" + std::string(32, 'a');
        folder.write("mlruns/0/" + std::string(kId) + "/outputs/" + id + "/meta.yaml",
                     "destination_id: " + id + "\ndestination_type: MODEL_OUTPUT\nstep: 3\n");
        folder.write("mlruns/0/models/" + id + "/meta.yaml",
                     "model_id: " + id + "\nname: net\nmodel_type: classifier\nstatus: 2\nsource_run_id: " +
                         std::string(kId) + "\n");
        folder.write("mlruns/0/models/" + id + "/artifacts/MLmodel", "flavors: {}\n");
        folder.write("mlruns/0/models/" + id + "/metrics/acc",
                     "1700000001000 0.5 1 " + std::string(kId) + "\n1700000002000 0.75 2 " +
                         std::string(kId) + "\nnot a line\n1700000003000 0.25 0 " + std::string(kId) +
                         " digits d1\n1700000004000 half");
        folder.write(
            "mlruns/models/reg/version-1/meta.yaml",
            "current_stage: Staging\nrun_id: " + std::string(kId) + "\nsource: models:/" + id + "\n");
        folder.write("mlruns/models/reg/aliases/champion", "1");
        const auto text = output(folder.path(), {"show", kId});
        QVERIFY(text.find("net   ready   classifier  reg v1      " + id) != std::string::npos);
        QVERIFY(text.find("Staging @champion") != std::string::npos);
        QVERIFY2(text.find("net    acc      0.75     2") != std::string::npos, text.c_str());
        QVERIFY2(text.find("net    acc      0.25     0  digits") != std::string::npos, text.c_str());
        QVERIFY2(
            text.find("mlruns/0/models/" + id +
                      "/metrics/acc: A line is not of the form: time, value, step, run. (1 left out, the "
                      "first at byte ") != std::string::npos,
            text.c_str());
        const auto shown = QJsonDocument::fromJson(QByteArray::fromStdString(output(
                                                       folder.path(), {"show", kId, "--format", "json"})))
                               .object();
        const auto model = shown["models"_L1].toArray().at(0).toObject();
        QCOMPARE(model["id"_L1].toString().toStdString(), id);
        QCOMPARE(model["status"_L1].toString(), u"ready"_s);
        QCOMPARE(model["role"_L1].toString(), u"output"_s);
        QCOMPARE(model["step"_L1].toInt(), 3);
        const auto metrics = model["metrics"_L1].toArray();
        QCOMPARE(metrics.size(), qsizetype(2));
        QCOMPARE(metrics[0]["value"_L1].toDouble(), 0.75);
        QCOMPARE(metrics[1]["dataset"_L1].toString(), u"digits"_s);
        const auto version = shown["model_versions"_L1].toArray().at(0).toObject();
        QCOMPARE(version["model"_L1].toString(), u"reg"_s);
        QCOMPARE(version["version"_L1].toInt(), 1);
        QCOMPARE(version["stage"_L1].toString(), u"Staging"_s);
        QCOMPARE(version["aliases"_L1].toArray(), QJsonArray{u"champion"_s});
        QCOMPARE(version["logged_model"_L1].toString().toStdString(), id);
        QVERIFY(shown["git"_L1]["dirty"_L1].isNull());  // there is no git
        QCOMPARE(output(folder.path(), {"artifacts", kId, "net/MLmodel"}), std::string("flavors: {}\n"));
    }

    /// The message about what cannot be read is not followed by its contrary.
    void saysWhyNoRunIsThere() {
        const TempFolder folder;
        folder.write("x.db", "SQLite format 3\0"s + std::string(4096, '\xa5'));
        const auto listed = call(folder.path(), {"runs"});
        QCOMPARE(listed.exitCode, 2);
        QVERIFY2(listed.err.find("x.db: ") != std::string::npos, listed.err.c_str());
        QVERIFY2(listed.err.find("No run could be read in ") != std::string::npos, listed.err.c_str());
        QVERIFY2(listed.err.find("no tool") == std::string::npos, listed.err.c_str());
        // In a project scripts get an empty list, and see that something is wrong.
        folder.write(".runglass/settings.json", "{}");
        const auto asJson = call(folder.path(), {"runs", "--format", "json"});
        QCOMPARE(asJson.exitCode, 1);
        QCOMPARE(json(asJson.out).size(), 0);
        QVERIFY(call(folder.path(), {"runs"}).err.find("No run could be read in ") != std::string::npos);
        QVERIFY(call(folder.path(), {"runs"}).err.find("Record one") == std::string::npos);
    }

    void whatItsToolCallsRunningHasNoEnd() {
        const TempFolder folder;
        const std::string run = "mlruns/0/" + std::string(kId) + "/";
        folder.write("mlruns/0/meta.yaml", "name: Default\nexperiment_id: '0'\n");
        folder.write(run + "meta.yaml",
                     "run_id: " + std::string(kId) + "\nstart_time: 1600000000000\nstatus: 1\n");
        folder.write(run + "metrics/loss", "1600000001000 0.5 0\n");
        const auto shown = json(output(folder.path(), {"runs", "--format", "json"}))[0].toObject();
        QCOMPARE(shown["status"_L1].toString(), u"running"_s);
        QCOMPARE(shown["shown_status"_L1].toString(), u"lost"_s);
        QVERIFY(shown["end_time_ms"_L1].isNull());
    }

    // Of what lies about there is no word but where all runs are listed.
    void remarksAreSaidOnce() {
        const TempFolder folder;
        folder.write("mac/history.csv", "epoch,loss\n0,1\n1,0.5\n");
        folder.write("mac/._history.csv", std::string("\0\5\26\7 Mac OS X", 14));
        QVERIFY(call(folder.path(), {"runs"}).err.find("mac/._history.csv: This is an AppleDouble file") !=
                std::string::npos);
        QCOMPARE(call(folder.path(), {"show", "mac/history"}).err, std::string());
        QCOMPARE(call(folder.path(), {"metrics", "mac/history"}).err, std::string());
    }

    void showsTheMachineOfARun() {
        const TempFolder folder;
        auto log = LevelLogWriter::wandb();
        log.record(Message().message(
            17, Message().text(1, "abc").message(
                    21, Message().text(1, "https://me:secret@host/repo.git").text(2, "c0ffee"))));
        log.record(Message().message(
            26, Message().text(6, "a.py").number(17, 16).text(18, "NVIDIA A100").number(19, 1)));
        folder.write("wandb/run-20240102_030405-abc/run-abc.wandb", log.bytes());
        const auto shown = output(folder.path(), {"show", "abc"});
        for (const char* said : {"https://host/repo.git", "16 logical processors", "NVIDIA A100"}) {
            QVERIFY2(shown.find(said) != std::string::npos, shown.c_str());
        }
        QVERIFY(shown.find("secret") == std::string::npos);
        QCOMPARE(runglass::test::json(folder.path(), {"show", "abc"})["git"_L1]["remote"_L1].toString(),
                 u"https://host/repo.git"_s);
    }

    // Everything that lies about in real projects, in one: each is named, and none stops another.
    void damageIsSaidAndStopsNothing() {
        const TempFolder folder;
        const auto record = [](int step) { return scalarRecord("loss", step, 0.5F); };
        auto bad = record(1);
        bad[20] = static_cast<char>(bad[20] ^ 1);
        const auto file = "/events.out.tfevents.1600000000.host";
        const auto version = versionRecord(1.6e9);
        const std::string pointer =
            "version https://git-lfs.github.com/spec/v1\noid sha256:" + std::string(64, 'a') +
            "\nsize 12345\n";
        folder.write("good"s + file, version + record(0) + record(1));
        folder.write("bad"s + file, version + record(0) + bad + record(2));
        folder.write("empty"s + file, "");
        folder.write("version"s + file, version);
        folder.write("lfs"s + file, pointer);
        folder.write("mac/history.csv", "epoch,loss\n0,1\n1,0.5\n");
        folder.write("mac/._history.csv", std::string("\0\5\26\7 Mac OS X", 14));
        folder.write("closed/history.csv", "epoch,loss\n0,1\n");
        std::filesystem::create_directory_symlink("loop", folder / "loop");
        namespace fs = std::filesystem;
        fs::permissions(folder.path(), fs::perms::all);
        fs::permissions(folder / "closed", fs::perms::none);

        const auto listed = callAsNobody(folder.path(), {"runs", "--format", "json"});
        QCOMPARE(listed.exitCode, 0);
        QSet<QString> names;
        for (const auto run : json(listed.out)) {
            names.insert(run["name"_L1].toString());
        }
        QCOMPARE(names,
                 (QSet<QString>{"good"_L1, "bad"_L1, "empty"_L1, "version"_L1, "lfs"_L1, "mac/history"_L1}));
        for (const char* said :
             {"closed: Permission denied", "loop: This link leads back to itself; not followed.",
              "mac/._history.csv: This is an AppleDouble file of macOS"}) {
            QVERIFY2(listed.err.find(said) != std::string::npos, listed.err.c_str());
        }
        const auto says = [&](const char* run, const std::string& what) {
            const auto shown = callAsNobody(folder.path(), {"show", run}).out;
            QVERIFY2(shown.find(run + std::string(file) + ": " + what) != std::string::npos, shown.c_str());
        };
        const auto offset = std::to_string(version.size() + record(0).size());
        says("bad", "A record does not match its checksum. (1 left out, the first at byte " + offset + ")");
        says("empty", "The file is empty.");
        says("version", "The file holds no data yet.");
        says("lfs", "This is a Git LFS pointer: the data itself has not been fetched. Run `git lfs pull`.");
        QCOMPARE(lines(callAsNobody(folder.path(), {"metrics", "bad", "--format", "csv"}).out).size(), 3U);
        fs::permissions(folder / "closed", fs::perms::all);
    }

    void filesAreListedAndCopiedOut() {
        const TempFolder folder;
        writeStore(folder);
        const std::string content("\x80\4\0model", 8);
        folder.write("mlruns/0/" + std::string(kId) + "/artifacts/net/model.pkl", content);
        const auto listed = json(output(folder.path(), {"artifacts", kId, "--format", "json"}));
        QCOMPARE(listed.size(), 1);
        QCOMPARE(listed[0]["path"_L1].toString(), u"net/model.pkl"_s);
        QCOMPARE(listed[0]["size"_L1].toInt(), 8);
        QCOMPARE(output(folder.path(), {"artifacts", kId, "net/model.pkl"}), content);
        QCOMPARE(output(folder.path(), {"artifacts", kId, "net/model.pkl", "-o", "copy.pkl"}), std::string());
        QCOMPARE(*runglass::readFile(folder / "copy.pkl", 100), content);
        const auto missing = call(folder.path(), {"artifacts", kId, "net/none"});
        QCOMPARE(missing.exitCode, 2);
        QVERIFY(missing.err.find("has no artifact net/none") != std::string::npos);
    }

    void remembersTablesAndFolders() {
        const TempFolder folder;
        std::filesystem::create_directory(folder.path() / ".runglass");
        folder.write("odd.tsv", "it\tat\tq\tnote\n10\t1700000000\t0.5\tx\n20\t1700000001\t0.25\ty\n");
        folder.write("log.csv", "epoch,acc\n0,0.5\n1,0.75\n");
        const TempFolder outside;
        outside.write("far.csv", "epoch,acc\n0,1\n");
        const auto sources = [&] {
            std::vector<std::string> all;
            for (const auto& run : json(output(folder.path(), {"runs", "--format", "json"}))) {
                all.push_back(run["source"_L1].toString().toStdString());
            }
            std::sort(all.begin(), all.end());
            return all;
        };
        using Names = std::vector<std::string>;
        QCOMPARE(sources(), Names{"keras"});
        output(folder.path(), {"sources", "add", "odd.tsv", "--step-column", "it", "--time-column", "at",
                               "--param", "note"});
        output(folder.path(), {"sources", "add", "log.csv", "--name", "mine"});
        output(folder.path(), {"sources", "add", outside.path().native()});
        QCOMPARE(sources(), (Names{"keras", "table", "table"}));  // log.csv is there once
        const auto odd = output(folder.path(), {"metrics", folder.path().filename().native() + "/odd",
                                                "--key", "q", "--format", "csv"});
        QVERIFY2(odd.find("q,10,1700000000000,0.5") != std::string::npos, odd.c_str());
        QVERIFY2(odd.find("q,20,1700000001000,0.25") != std::string::npos, odd.c_str());
        const auto list = json(output(folder.path(), {"sources", "--format", "json"}));
        QCOMPARE(list.size(), 3);
        QCOMPARE(list[1]["step"_L1].toString(), u"it"_s);
        QCOMPARE(list[1]["params"_L1][0].toString(), u"note"_s);

        const auto noColumn = call(folder.path(), {"sources", "add", "odd.tsv", "--metric", "z"});
        QCOMPARE(noColumn.exitCode, 2);
        QVERIFY(noColumn.err.find("It has it, at, q, note") != std::string::npos);
        QCOMPARE(call(folder.path(), {"sources", "add", "none.csv"}).exitCode, 2);
        QCOMPARE(call(folder.path(), {"sources", "add", "../x.csv"}).exitCode, 2);
        output(folder.path(), {"sources", "remove", "log.csv"});
        output(folder.path(), {"sources", "remove", outside.path().native()});
        QCOMPARE(sources(), (Names{"keras", "table"}));
        QCOMPARE(call(folder.path(), {"sources", "remove", "log.csv"}).exitCode, 2);
    }

    void readsFurtherFolders() {
        const TempFolder project;
        const TempFolder elsewhere;
        writeStore(elsewhere);
        QCOMPARE(
            json(output(project.path(), {"runs", "--source", elsewhere.path().native(), "--format", "json"}))
                .size(),
            1);
    }
};

QTEST_GUILESS_MAIN(TestForeign)
#include "tst_foreign.moc"
