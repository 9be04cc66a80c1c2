// SPDX-License-Identifier: GPL-3.0-or-later
// Runs of other tools imported and handed on by the command line.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "../../core/sources/event_writer.h"
#include "../../core/sources/level_log_writer.h"
#include "cli_support.h"
#include "foreign_store.h"
#include "runglass/base/file.h"

using namespace runglass::test;
using namespace Qt::StringLiterals;
using namespace std::literals;

namespace {

/// Prints the exit codes of three commands while a database is held, and after.
constexpr const char* kHold =
    "import sqlite3, subprocess, sys\n"
    "codes = []\n"
    "def call(*words):\n"
    "    codes.append(str(subprocess.run([sys.argv[1], *words], capture_output=True).returncode))\n"
    "def calls():\n"
    "    call('runs'); call('import', '.'); call('import', 'study.db')\n"
    "other = sqlite3.connect('study.db', isolation_level=None)\n"
    "other.execute('CREATE TABLE metrics(id INTEGER PRIMARY KEY, timestamp TEXT, run_name TEXT, step "
    "INTEGER, '\n"
    "              'metrics TEXT)')\n"
    "other.execute('INSERT INTO metrics VALUES(1, ?, ?, 0, ?)', ['2024-01-02T03:04:05', 'a', '{\"loss\": "
    "0.5}'])\n"
    "other.execute('BEGIN EXCLUSIVE')\n"
    "calls()\n"
    "other.execute('COMMIT')\n"
    "calls()\n"
    "print(*codes)\n";

QJsonArray json(const std::string& text) {
    return QJsonDocument::fromJson(QByteArray::fromStdString(text)).array();
}

}  // namespace

class TestImport : public TestCase {
    Q_OBJECT
private Q_SLOTS:
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

    void whatSeveralArgumentsNameIsCountedOnce() {
        const TempFolder folder;
        writeStore(folder);
        const auto imported = output(folder.path(), {"import", "mlruns", kId, ".", "mlruns"});
        QVERIFY2(imported.starts_with("1 imported, 0 updated, 0 as they were; 3 points."), imported.c_str());
    }

    void aPlaceThatIsNotThereIsNoNameOfARun() {
        const TempFolder folder;
        const auto missing = call(folder.path(), {"import", "sub/nothere"});
        QCOMPARE(missing.exitCode, 2);
        QCOMPARE(missing.err, std::string("runglass: There is no file or folder sub/nothere.\n"));
    }

    /// Some runs of the place may be missing, of which its own are not to blame.
    void whatCannotBeReadShowsInTheExitCode() {
        const TempFolder folder;
        writeStore(folder);
        folder.write("mlruns/x.db", "SQLite format 3\0"s + std::string(4096, '\xa5'));
        folder.write("beside.db", "SQLite format 3\0"s + std::string(4096, '\xa5'));
        std::filesystem::create_directory_symlink("/", folder / "mlruns/0/out");
        const auto all = call(folder.path(), {"import", "mlruns"});
        QCOMPARE(all.exitCode, 1);
        QVERIFY2(all.out.starts_with("1 imported"), all.out.c_str());
        QVERIFY2(all.err.find("mlruns/x.db: ") != std::string::npos, all.err.c_str());
        QVERIFY2(all.err.find("beside.db") == std::string::npos, all.err.c_str());
        std::filesystem::remove(folder / "mlruns/x.db");
        QCOMPARE(call(folder.path(), {"import", "mlruns"}).exitCode, 0);
        const auto alone = call(folder.path(), {"import", "beside.db"});
        QCOMPARE(alone.exitCode, 2);
        QVERIFY2(alone.err.find("No run could be read in ") != std::string::npos, alone.err.c_str());
    }

    void aDatabaseThatIsHeldShowsInTheExitCode() {
        const TempFolder folder;
        writeStore(folder);
        const auto codes = runProcess({"python3", "-c", kHold, runglassProgram().native()}, folder.path());
        QVERIFY2(codes.out == "1 1 2 0 0 0\n", (codes.out + codes.err).c_str());
    }

    /// Nobody who gets a run handed on learns where it lay.
    void messagesHoldNoPathsFromElsewhere() {
        const TempFolder there;
        writeStore(there);
        there.write("mlruns/0/" + std::string(kId) + "/metrics/loss", "1700000001000 0.5 0\nbroken\n");
        const TempFolder here;
        const auto imported = call(here.path(), {"import", (there / "mlruns").native()});
        QVERIFY2(imported.out.starts_with("1 imported"), imported.err.c_str());
        const auto problems = json(here.path(), {"show", kId})["problems"_L1].toArray();
        QCOMPARE(problems.size(), qsizetype(1));
        const auto problem = problems[0].toString().toStdString();
        QVERIFY2(problem.starts_with("mlruns/0/" + std::string(kId) + "/metrics/loss: "), problem.c_str());
    }
};

QTEST_GUILESS_MAIN(TestImport)
#include "tst_import.moc"
