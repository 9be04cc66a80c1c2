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
#include "runglass/base/file.h"

using namespace runglass::test;
using namespace Qt::StringLiterals;
using namespace std::literals;

namespace {

constexpr const char* kId = "00112233445566778899aabbccddeeff";

void writeStore(const TempFolder& folder) {
    const std::string run = "mlruns/0/" + std::string(kId) + "/";
    folder.write("mlruns/0/meta.yaml",
                 "artifact_location: mlruns/0\nexperiment_id: '0'\nlifecycle_stage: active\nname: Default\n");
    folder.write(run + "meta.yaml",
                 "artifact_uri: mlruns/0/x/artifacts\nend_time: 1700000060000\nentry_point_name: ''\n"
                 "experiment_id: '0'\nlifecycle_stage: active\nrun_id: " +
                     std::string(kId) + "\nrun_name: kind-owl-1\nrun_uuid: " + kId +
                     "\nsource_name: ''\nsource_type: 4\nsource_version: ''\nstart_time: 1700000000000\n"
                     "status: 3\nuser_id: ada\n");
    folder.write(run + "metrics/loss", "1700000001000 0.5 0\n1700000002000 nan 1\n1700000003000 0.25 2\n");
    folder.write(run + "params/lr", "0.1");
    folder.write(run + "tags/mlflow.runName", "kind-owl-1");
}

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
        folder.write(
            "mlruns/models/reg/version-1/meta.yaml",
            "current_stage: Staging\nrun_id: " + std::string(kId) + "\nsource: models:/" + id + "\n");
        folder.write("mlruns/models/reg/aliases/champion", "1");
        const auto text = output(folder.path(), {"show", kId});
        QVERIFY(text.find("net   ready   classifier  reg v1      " + id) != std::string::npos);
        QVERIFY(text.find("Staging @champion") != std::string::npos);
        const auto shown = QJsonDocument::fromJson(QByteArray::fromStdString(output(
                                                       folder.path(), {"show", kId, "--format", "json"})))
                               .object();
        const auto model = shown["models"_L1].toArray().at(0).toObject();
        QCOMPARE(model["id"_L1].toString().toStdString(), id);
        QCOMPARE(model["status"_L1].toString(), u"ready"_s);
        QCOMPARE(model["role"_L1].toString(), u"output"_s);
        QCOMPARE(model["step"_L1].toInt(), 3);
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

    void oneThatCannotBeImportedStopsNoOther() {
        const TempFolder folder;
        writeStore(folder);
        QCOMPARE(call(folder.path(), {"export", kId, "-o", (folder / "good.runs").native()}).exitCode, 0);
        const auto whole = runglass::readFile(folder / "good.runs", 64U << 20U).value();
        folder.write("cut.runs", whole.substr(0, whole.size() / 2));
        folder.write("stub.runs", whole.substr(0, 100));
        folder.write("neighbour.db", "SQLite format 3\0"s + std::string(4096, '\xa5'));
        const TempFolder to;
        const auto imported =
            call(to.path(), {"import", (folder / "cut.runs").native(), (folder / "stub.runs").native(),
                             (folder / "good.runs").native()});
        QCOMPARE(imported.exitCode, 1);
        QVERIFY2(imported.out.starts_with("1 imported, 0 updated, 0 as they were; 3 points."),
                 imported.out.c_str());
        QVERIFY2(imported.err.find("cut.runs") != std::string::npos, imported.err.c_str());
        QVERIFY2(imported.err.find("stub.runs") != std::string::npos, imported.err.c_str());
        QVERIFY2(imported.err.find("neighbour") == std::string::npos, imported.err.c_str());
        const auto unknown = call(to.path(), {"import", "nosuch", (folder / "good.runs").native()});
        QCOMPARE(unknown.exitCode, 1);
        QVERIFY2(unknown.out.starts_with("0 imported, 0 updated, 1 as they were"), unknown.out.c_str());
        const auto alone = call(to.path(), {"import", (folder / "stub.runs").native()});
        QCOMPARE(alone.exitCode, 2);
        QVERIFY2(alone.err.find("is no export of Runglass, or it is damaged") != std::string::npos,
                 alone.err.c_str());
    }

    void importsOnce() {
        const TempFolder folder;
        writeStore(folder);
        QVERIFY(output(folder.path(), {"import", "mlruns"})
                    .starts_with("1 imported, 0 updated, 0 as they "
                                 "were; 3 points."));
        QVERIFY(output(folder.path(), {"import", kId}).starts_with("0 imported, 0 updated, 1 as they were"));
        folder.write("mlruns/0/" + std::string(kId) + "/metrics/loss",
                     "1700000001000 0.5 0\n1700000002000 nan 1\n1700000003000 0.25 2\n1700000004000 0.2 3\n");
        QVERIFY(output(folder.path(), {"import", "mlruns"})
                    .starts_with("0 imported, 1 updated, 0 as they "
                                 "were; 1 points."));
        const auto runs = json(output(folder.path(), {"runs", "--format", "json"}));
        QCOMPARE(runs.size(), 1);
        QCOMPARE(runs[0]["metrics"_L1]["loss"_L1]["count"_L1].toInt(), 4);
        std::filesystem::remove_all(folder / "mlruns");
        QCOMPARE(json(output(folder.path(), {"runs", "--format", "json"})).size(), 1);
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

    void importsWhateverKindOfFile_data() {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("grown");
        const auto row = [](const char* file, const std::string& content, const std::string& more) {
            QTest::newRow(file) << QByteArray(file) << QByteArray::fromStdString(content)
                                << QByteArray::fromStdString(content + more);
        };
        row("tb/events.out.tfevents.1600000000.host", versionRecord(1.6e9) + scalarRecord("loss", 0, 0.5F),
            scalarRecord("loss", 1, 0.25F));
        const auto wandbRow = [](const char* loss) {
            return Message().message(2, Message().message(1, Message().text(1, "loss").text(16, loss)));
        };
        auto log = LevelLogWriter::wandb();
        const auto first = log.record(wandbRow("0.5")).bytes();
        row("wandb/run-20240102_030405-abc/run-abc.wandb", first,
            log.record(wandbRow("0.25")).bytes().substr(first.size()));
        row("log.csv", "epoch,loss,acc\n0,0.5,1\n", "1,0.25,1\n");
        QTest::newRow("out/trainer_state.json")
            << QByteArray("out/trainer_state.json")
            << QByteArray(R"({"log_history": [{"loss": 0.5, "step": 1}]})")
            << QByteArray(R"({"log_history": [{"loss": 0.5, "step": 1}, {"loss": 0.25, "step": 2}]})");
    }

    void importsWhateverKindOfFile() {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, grown);
        const TempFolder project;
        const TempFolder elsewhere;
        const auto path = elsewhere.write(file.toStdString(), content.toStdString());
        const auto import = [&] { return output(project.path(), {"import", path.native()}); };
        QVERIFY(import().starts_with("1 imported, 0 updated, 0 as they were; "));
        QVERIFY(import().starts_with("0 imported, 0 updated, 1 as they were; 0 points."));
        elsewhere.write(file.toStdString(), grown.toStdString());
        QVERIFY(import().starts_with("0 imported, 1 updated, 0 as they were; "));
        std::filesystem::remove_all(elsewhere.path() /
                                    std::filesystem::path(file.toStdString()).begin()->native());
        const auto runs = json(output(project.path(), {"runs", "--format", "json"}));
        QCOMPARE(runs.size(), 1);
        QCOMPARE(runs[0]["metrics"_L1]["loss"_L1]["count"_L1].toInt(), 2);
    }

    void importsADatabase() {
        const TempFolder project;
        const TempFolder elsewhere;
        const auto path = (elsewhere / "trackio.db").native();
        const auto sql = [&](const char* text) { QCOMPARE(runProcess({"sqlite3", path, text}).exitCode, 0); };
        sql("CREATE TABLE metrics(id INTEGER PRIMARY KEY, timestamp TEXT, run_name TEXT, step INTEGER, "
            "metrics TEXT);"
            "INSERT INTO metrics VALUES(1, '2024-01-02T03:04:05', 'a', 0, '{\"loss\": 0.5}')");
        QVERIFY(output(project.path(), {"import", path}).starts_with("1 imported"));
        sql("INSERT INTO metrics VALUES(2, '2024-01-02T03:04:06', 'a', 1, '{\"loss\": 0.25}')");
        QVERIFY(output(project.path(), {"import", path})
                    .starts_with("0 imported, 1 updated, 0 as they were; 1 points"));
        QVERIFY(
            output(project.path(), {"import", path}).starts_with("0 imported, 0 updated, 1 as they were"));
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

    void handsRunsOn() {
        const TempFolder folder;
        writeStore(folder);
        const TempFolder other;
        const auto file = (other / "owl.runs").native();
        output(folder.path(), {"export", "kind-owl-1", "-o", file});
        QVERIFY(!std::filesystem::exists(folder / ".runglass"));
        QVERIFY(output(other.path(), {"import", file}).starts_with("1 imported"));
        QVERIFY(output(other.path(), {"import", file}).starts_with("0 imported, 0 updated, 1 as they were"));
        QCOMPARE(output(other.path(), {"metrics", kId, "--format", "csv"}),
                 output(folder.path(), {"metrics", kId, "--format", "csv"}));
        const auto logs = (other / "logs").native();
        output(folder.path(), {"export", kId, "--as", "tensorboard", "-o", logs});
        QCOMPARE(
            json(output(other.path(), {"runs", "--filter", "source = 'tensorboard'", "--format", "json"}))
                .size(),
            1);
    }

    void keepsArtifactsAsReferencesOrCopies() {
        const TempFolder folder;
        writeStore(folder);
        const auto file = folder.write("mlruns/0/" + std::string(kId) + "/artifacts/m/weights", "weights\n");
        const std::string digest = runProcess({"sha256sum", file.native()}).out.substr(0, 64);
        const auto artifact = [](const TempFolder& project) {
            return runglass::test::json(project.path(), {"show", kId})["artifacts"_L1][0].toObject();
        };
        output(folder.path(), {"import", kId});
        QCOMPARE(artifact(folder)["path"_L1].toString(), u"m/weights"_s);
        QCOMPARE(artifact(folder)["size"_L1].toInt(), 8);
        QCOMPARE(artifact(folder)["sha256"_L1].toString(), QString());
        QVERIFY(!std::filesystem::exists(folder.path() / ".runglass/artifacts"));
        output(folder.path(), {"check"});

        QVERIFY(
            output(folder.path(), {"import", kId, "--copy-artifacts"}).starts_with("0 imported, 1 updated"));
        QCOMPARE(artifact(folder)["sha256"_L1].toString().toStdString(), digest);
        QVERIFY(output(folder.path(), {"check"}).find("artifacts: 1") != std::string::npos);
        QVERIFY(output(folder.path(), {"import", kId, "--copy-artifacts"}).find("1 as they were") !=
                std::string::npos);
        QVERIFY(output(folder.path(), {"import", kId}).find("1 as they were") != std::string::npos);
        QCOMPARE(artifact(folder)["sha256"_L1].toString().toStdString(), digest);

        // A changed file is a reference again, until it is copied.
        folder.write("mlruns/0/" + std::string(kId) + "/artifacts/m/weights", "more weights\n");
        output(folder.path(), {"import", kId});
        QCOMPARE(artifact(folder)["size"_L1].toInt(), 13);
        QCOMPARE(artifact(folder)["sha256"_L1].toString(), QString());
        output(folder.path(), {"check"});

        // An export is self-contained, also of a run whose files are references.
        output(folder.path(), {"export", kId, "-o", "out.runs"});
        const TempFolder other;
        std::filesystem::create_directory(other.path() / ".runglass");
        output(other.path(), {"import", (folder.path() / "out.runs").native()});
        QCOMPARE(artifact(other)["size"_L1].toInt(), 13);
        QVERIFY(!artifact(other)["sha256"_L1].toString().isEmpty());
        QVERIFY(output(other.path(), {"check"}).find("artifacts: 1") != std::string::npos);
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
