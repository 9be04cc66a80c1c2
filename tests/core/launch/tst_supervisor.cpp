// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/stat.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "launched_runs.h"

using namespace runglass;
using model::RunStatus;
using test::LaunchProject;

class TestSupervisor : public test::TestCase {
    Q_OBJECT

private Q_SLOTS:
    void exitCodes_data() {
        QTest::addColumn<QString>("script");
        QTest::addColumn<int>("code");
        QTest::addColumn<int>("status");
        QTest::newRow("success") << "exit 0" << 0 << static_cast<int>(RunStatus::Finished);
        QTest::newRow("failure") << "exit 3" << 3 << static_cast<int>(RunStatus::Failed);
        QTest::newRow("255") << "exit 255" << 255 << static_cast<int>(RunStatus::Failed);
        QTest::newRow("SIGKILL") << "kill -9 $$" << 137 << static_cast<int>(RunStatus::Failed);
        QTest::newRow("SIGSEGV") << "kill -SEGV $$" << 139 << static_cast<int>(RunStatus::Failed);
    }
    void exitCodes() {
        QFETCH(QString, script);
        QFETCH(int, code);
        QFETCH(int, status);
        const LaunchProject project;
        const RunId id = project.start(project.shell(script.toStdString()));
        const auto outcome = project.wait(id);
        QCOMPARE(outcome.exitCode, code);
        QVERIFY(!outcome.lost);
        const auto detail = project.detail(id);
        QCOMPARE(static_cast<int>(detail.record.status), status);
        if (code > 128 && code < 200) {
            QCOMPARE(*detail.record.signal, code - 128);
            QVERIFY(!detail.record.exitCode);
        } else {
            QCOMPARE(*detail.record.exitCode, code);
        }
        QVERIFY(*detail.record.endTimeMs >= *detail.record.startTimeMs);
    }

    void theProgramPassesTheCodeOn() {
        const LaunchProject project;
        const auto run = [&](const std::string& script) {
            return test::runProcess({test::runglassProgram().native(), "run", "--", "sh", "-c", script},
                                    project.path());
        };
        const auto result = run("echo to out; echo to err >&2; exit 42");
        QCOMPARE(result.exitCode, 42);
        QCOMPARE(result.out, std::string("to out\n"));
        QVERIFY2(QString::fromStdString(result.err).endsWith(QStringLiteral("to err\n")), result.err.c_str());
        QCOMPARE(run("kill -15 $$").exitCode, 143);
    }

    void aCommandThatDoesNotExist() {
        const LaunchProject project;
        const RunId id = project.start(project.spec({"pyhton3", "train.py"}));
        QCOMPARE(project.wait(id).exitCode, 127);
        QCOMPARE(project.console(id),
                 std::string("runglass: `pyhton3` is not in PATH. Did you mean `python3`?\n"));
        const auto detail = project.detail(id);
        QCOMPARE(detail.record.status, RunStatus::Failed);
        QCOMPARE(*detail.record.exitCode, 127);
        QCOMPARE(detail.problems.size(), std::size_t{1});
    }

    void commandsThatCannotBeStarted_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<int>("mode");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("says");
        QTest::newRow("missing path")
            << "./missing" << QByteArray() << 0 << 127 << "./missing does not exist";
        QTest::newRow("not executable")
            << "./a.sh" << QByteArray("#!/bin/sh\n") << 0644 << 126 << "not executable";
        QTest::newRow("no interpreter")
            << "./b.sh" << QByteArray("#!/no/such -x\n") << 0755 << 127 << "/no/such";
        QTest::newRow("not a program") << "./c.sh" << QByteArray("echo hi\n") << 0755 << 126 << "#!";
        QTest::newRow("folder") << "./." << QByteArray() << 0 << 126 << "is a folder";
    }
    void commandsThatCannotBeStarted() {
        QFETCH(QString, name);
        QFETCH(QByteArray, content);
        QFETCH(int, mode);
        QFETCH(int, code);
        QFETCH(QString, says);
        const LaunchProject project;
        if (mode != 0) {
            const auto file = project.folder().write(name.toStdString(), content.toStdString());
            ::chmod(file.c_str(), static_cast<mode_t>(mode));
        }
        const RunId id = project.start(project.spec({name.toStdString()}));
        QCOMPARE(project.wait(id).exitCode, code);
        QVERIFY2(QString::fromStdString(project.console(id)).contains(says), project.console(id).c_str());
    }

    void argumentsAndFolderAreExactBytes() {
        const LaunchProject project;
        const std::string odd = "f\xff\xfeolder\n with 'quotes\"";
        std::filesystem::create_directory(project.path() / odd);
        auto spec = project.spec(
            {"/usr/bin/python3", "-c",
             "import os,sys; sys.stdout.buffer.write(os.getcwdb()+b'|'+os.fsencode(sys.argv[1]))",
             "a\xff b\t\n$HOME"});
        spec.workingDirectory = project.path() / odd;
        const RunId id = project.runToEnd(spec);
        QCOMPARE(project.console(id), (project.path() / odd).native() + "|a\xff b\t\n$HOME");
        QCOMPARE(project.status(id), RunStatus::Finished);
    }

    void theEnvironment() {
        const LaunchProject project;
        auto spec = project.shell(
            "echo $RUNGLASS_RUN_ID; echo $RUNGLASS_PROJECT; echo $ADDED; echo $PYTHONUNBUFFERED; "
            "test -w $RUNGLASS_SPOOL && echo spool; cat; ps -o sid= -p $$ | tr -d ' '; echo $$");
        spec.environment = {{"ADDED", "42 = x"}};
        const RunId id = project.runToEnd(spec);
        const auto lines = QString::fromStdString(project.console(id)).split(QLatin1Char('\n'));
        QCOMPARE(lines[0].toStdString(), id.hex());
        QCOMPARE(lines[1].toStdString(), project.path().native());
        QCOMPARE(lines[2], QStringLiteral("42 = x"));
        QCOMPARE(lines[3], QStringLiteral("1"));
        QCOMPARE(lines[4], QStringLiteral("spool"));
        QCOMPARE(lines[5], lines[6]);  // `cat` saw an empty input; the command leads its own session
    }

    void inputIsHandedOnWhenAskedFor() {
        const LaunchProject project;
        const auto result =
            test::runProcess({test::runglassProgram().native(), "run", "--", "tr", "a-z", "A-Z"},
                             project.path(), "from a pipe");
        QCOMPARE(result.out, std::string("FROM A PIPE"));
    }

    void binaryOutput() {
        const LaunchProject project;
        const RunId id = project.runToEnd(project.python(
            "import sys; sys.stdout.buffer.write(bytes(range(256))*1000); sys.stdout.flush()"));
        std::string expected;
        for (int i = 0; i < 256'000; ++i) {
            expected += static_cast<char>(i % 256);
        }
        QVERIFY(project.console(id) == expected);
        QCOMPARE(project.status(id), RunStatus::Finished);
    }

    void outputOfHundredsOfMegabytes() {
        const LaunchProject project;
        // 200 MB; the first line and the last are recognisable.
        const RunId id = project.runToEnd(project.shell(
            "echo first; yes 0123456789abcdef0123456789abcdef | head -c 200000000; echo; echo last"));
        QCOMPARE(project.status(id), RunStatus::Finished);
        launch::ConsoleReader reader(project.runFolder(id).path());
        std::uint64_t kept = 0;
        std::string head;
        std::string tail;
        for (;;) {
            const auto chunks = reader.poll();
            VERIFY_OK(chunks);
            if (chunks->empty()) {
                break;
            }
            for (const auto& chunk : *chunks) {
                kept += chunk.bytes.size();
                head = head.size() < 6 ? head + chunk.bytes : head;
                tail = (tail + chunk.bytes)
                           .substr(std::max<std::size_t>(tail.size() + chunk.bytes.size(), 6) - 6);
            }
        }
        QVERIFY(kept < 150'000'000);
        QCOMPARE(kept + reader.droppedBytes(), std::uint64_t{6 + 200'000'000 + 1 + 5});
        QCOMPARE(head.substr(0, 6), std::string("first\n"));
        QCOMPARE(tail.substr(tail.size() - 5), std::string("last\n"));
    }

    void scalarsOfTheConsole() {
        const LaunchProject project;
        project.folder().write(".runglass/settings.json",
                               "{\"console\":{\"patterns\":[\"^(?<key>\\\\w+) is at (?<value>\\\\S+) in "
                               "(?<step>\\\\d+)$\",\"(\"]}}");
        const RunId id = project.runToEnd(project.shell(
            "for i in 1 2 3; do echo \"epoch=$i loss=0.$i\"; done; echo 'gain is at 2.5 in 7'"));
        const auto loss = project.series(id, "loss");
        QCOMPARE(loss.steps, (runglass::model::Column<std::int64_t>{1, 2, 3}));
        QCOMPARE(loss.values, (runglass::model::Column<double>{0.1, 0.2, 0.3}));
        const auto gain = project.series(id, "gain");
        QCOMPARE(gain.steps, runglass::model::Column<std::int64_t>{7});
        QCOMPARE(gain.values, runglass::model::Column<double>{2.5});
        QCOMPARE(project.detail(id).problems.size(), std::size_t{1});  // about the pattern `(`
    }

    void whatAScriptLogsItselfIsNotTakenFromItsConsoleToo() {
        const char* script =
            "echo 'before=1'; sleep 0.5\n"
            "echo '{\"metrics\":{\"loss\":0.5},\"step\":1}' >> $RUNGLASS_SPOOL; sleep 0.5\n"
            "echo 'after=2 loss=7'";
        const auto metrics = [&](const char* settings) {
            const LaunchProject project;
            if (settings != nullptr) {
                project.folder().write(".runglass/settings.json", settings);
            }
            const auto detail = project.detail(project.runToEnd(project.shell(script)));
            std::string found;
            for (const char* key : {"before", "loss", "after"}) {
                if (const auto* summary = detail.record.metric(Symbol(key))) {
                    found += std::string(key) + ":" + std::to_string(summary->count) + " ";
                }
            }
            return found;
        };
        QCOMPARE(metrics(nullptr), std::string("before:1 loss:1 "));
        QCOMPARE(metrics("{\"console\":{\"scalars\":\"always\"}}"), std::string("before:1 loss:2 after:1 "));
        QCOMPARE(metrics("{\"console\":{\"scalars\":\"never\"}}"), std::string("loss:1 "));
    }

    void theSpoolOfAnyLanguage() {
        const LaunchProject project;
        const RunId id = project.runToEnd(project.shell(
            "s=$RUNGLASS_SPOOL; echo artifact > out.txt\n"
            "echo '{\"metrics\":{\"loss\":0.5},\"step\":10,\"time_ms\":1000}' >> $s\n"
            "echo '{\"metrics\":{\"loss\":NaN}}' >> $s\n"
            "echo 'rubbish' >> $s\n"
            "echo '{\"params\":{\"lr\":0.1,\"net\":{\"depth\":2}},\"tags\":{\"a\":\"b\"}}' >> $s\n"
            "echo '{\"params\":{\"lr\":0.2}}' >> $s\n"
            "echo '{\"artifact\":{\"path\":\"out.txt\",\"name\":\"../x/out.txt\"}}' >> $s\n"
            "echo '{\"artifact\":{\"path\":\"gone.txt\"}}' >> $s\n"
            "echo '{\"artifact\":{\"path\":\"out.txt\",\"name\":\"x\"}}' >> $s\n"  // x is a folder
            "echo '{\"dataset\":{\"name\":\"d\",\"path\":\"out.txt\"}}' >> $s\n"
            "printf '{\"metrics\":{\"late\":1}}' >> $s"));
        const auto detail = project.detail(id);
        const auto loss = project.series(id, "loss");
        QCOMPARE(loss.steps, (runglass::model::Column<std::int64_t>{10, 11}));
        QCOMPARE(loss.timesMs[0], std::int64_t{1000});
        QVERIFY(std::isnan(loss.values[1]));
        QCOMPARE(project.series(id, "late").values,
                 runglass::model::Column<double>{1});  // the last line had no end
        QCOMPARE(*detail.record.param(Symbol("lr")), std::string_view("0.1"));
        QCOMPARE(*detail.record.param(Symbol("net/depth")), std::string_view("2"));
        QCOMPARE(*detail.record.tag(Symbol("a")), std::string_view("b"));
        QCOMPARE(detail.artifacts.size(), std::size_t{1});
        QCOMPARE(detail.artifacts[0].path, std::string("x/out.txt"));
        const auto digest =
            test::runProcess({"sha256sum", (project.path() / "out.txt").native()}).out.substr(0, 64);
        QCOMPARE(detail.artifacts[0].sha256, digest);
        QCOMPARE(detail.datasets[0].digest, "sha256:" + digest);
        QCOMPARE(detail.problems.size(), std::size_t{4});  // rubbish, lr, gone.txt, x
        QVERIFY(!std::filesystem::exists(project.runFolder(id).spool()));
        QVERIFY(!std::filesystem::exists(project.runFolder(id).marker()));
    }

    void pointsAreLive() {
        const LaunchProject project;
        const RunId id = project.start(project.shell(
            "echo '{\"metrics\":{\"loss\":1},\"step\":0}' >> $RUNGLASS_SPOOL; echo now; sleep 30"));
        QVERIFY(!project.waitForConsole(id, "now").empty());
        QTRY_VERIFY(!project.series(id, "loss").empty());
        QCOMPARE(project.status(id), RunStatus::Running);
        VERIFY_OK(launch::requestStop(project.path(), id, launch::StopKind::Kill));
        QCOMPARE(project.wait(id).exitCode, 137);
    }

    void everythingBeforeSigkillIsThere() {
        const LaunchProject project;
        const RunId id = project.runToEnd(project.python(
            "import runglass, os, signal\nrun = runglass.init()\n"
            "for i in range(5000): run.log({'loss': i * 0.5})\nos.kill(os.getpid(), signal.SIGKILL)"));
        const auto loss = project.series(id, "loss");
        QCOMPARE(loss.size(), std::size_t{5000});
        QCOMPARE(loss.values.back(), 4999 * 0.5);
        QCOMPARE(*project.detail(id).record.signal, 9);
    }

    void numbersDoNotDependOnTheLocale() {
        const LaunchProject project;
        project.folder().write(".runglass/settings.json", "{\"console\":{\"scalars\":\"always\"}}");
        auto spec = project.python(
            "import locale\ntry: locale.setlocale(locale.LC_ALL, '')\nexcept locale.Error: pass\n"
            "import runglass\nrunglass.init().log({'loss': 0.25})\nprint('epoch=1 acc=0.75')");
        spec.environment = {{"LC_ALL", "de_DE.UTF-8"}};
        const RunId id = project.runToEnd(spec);
        QCOMPARE(project.series(id, "loss").values, runglass::model::Column<double>{0.25});
        QCOMPARE(project.series(id, "acc").values, runglass::model::Column<double>{0.75});
    }

    void resourcesOfTheWholeTree() {
        const LaunchProject project;
        // A grandchild that burns a core and holds 100 MB, while its parents sleep.
        const RunId id =
            project.runToEnd(project.shell("sh -c 'python3 -c \"import time; b=bytearray(100<<20); "
                                           "t=time.time()\nwhile time.time()-t<2.5: pass\"'"));
        const auto memory = project.series(id, "system/memory_bytes");
        const auto cpu = project.series(id, "system/cpu_percent");
        QVERIFY(cpu.size() >= 3);
        QVERIFY(*std::max_element(memory.values.begin(), memory.values.end()) > 100e6);
        const auto detail = project.detail(id);
        QVERIFY(*detail.peakMemoryBytes > 100'000'000);
        // The curve has to add up to what the kernel accounts for at the end, however busy the machine is.
        double cpuSeconds = 0;
        std::int64_t before = *detail.record.startTimeMs;
        for (std::size_t i = 0; i < cpu.size(); ++i) {
            cpuSeconds += cpu.values[i] / 100 * static_cast<double>(cpu.timesMs[i] - before) / 1000;
            before = cpu.timesMs[i];
        }
        const double accounted = *detail.userSeconds + *detail.systemSeconds;
        QVERIFY(accounted > 0.2);
        const double unseen = accounted - cpuSeconds;  // after the last sample
        QVERIFY2(unseen > -0.1 && unseen < 0.7, std::to_string(unseen).c_str());
        const auto processes = project.series(id, "system/processes");
        QVERIFY(*std::max_element(processes.values.begin(), processes.values.end()) >= 2);
    }

    void fourAtOnce() {
        const LaunchProject project;
        std::vector<RunId> ids;
        for (int i = 0; i < 4; ++i) {
            ids.push_back(project.start(
                project.shell("for i in $(seq 200); do echo \"{\\\"metrics\\\":{\\\"v\\\":$i}}\" >> "
                              "$RUNGLASS_SPOOL; done; exit " +
                              std::to_string(i))));
        }
        for (int i = 0; i < 4; ++i) {
            QCOMPARE(project.wait(ids[static_cast<std::size_t>(i)]).exitCode, i);
            const auto series = project.series(ids[static_cast<std::size_t>(i)], "v");
            QCOMPARE(series.size(), std::size_t{200});
            QCOMPARE(series.values.back(), 200.0);
        }
    }

    void aDaemonLeftBehindIsToldAndDoesNotHoldTheRun() {
        const LaunchProject project;
        const RunId id = project.runToEnd(project.shell("sleep 20 & echo $!; exit 0"));
        const auto detail = project.detail(id);
        QCOMPARE(detail.record.status, RunStatus::Finished);
        QCOMPARE(detail.problems.size(), std::size_t{1});
        QVERIFY(QString::fromStdString(detail.problems[0]).contains(QStringLiteral("still go")));
        test::runProcess({"kill", QString::fromStdString(project.console(id)).trimmed().toStdString()});
    }

    void badRequests() {
        const LaunchProject project;
        QVERIFY(!launch::launch(project.spec({})).ok());
        auto spec = project.shell("true");
        spec.workingDirectory = "/no/such/folder";
        const auto launched = launch::launch(spec);
        QCOMPARE(launched.error().code, ErrorCode::NotFound);
        QVERIFY(!launch::waitForEnd(project.path(), RunId::generate()).ok());
        QVERIFY(!launch::requestStop(project.path(), RunId::generate()).ok());
    }

    void withGitThereIsASnapshot() {
        const LaunchProject project;
        test::git(project.path(), {"init", "-q"});
        project.folder().write("train.sh", "echo one\n");
        test::git(project.path(), {"add", "."});
        test::git(project.path(), {"commit", "-qm", "first"});
        project.folder().write("train.sh", "echo two\n");
        auto spec = project.spec({"sh", "train.sh"});
        spec.takeSnapshot = true;
        const RunId id = project.runToEnd(spec);
        const auto detail = project.detail(id);
        QVERIFY(detail.record.git.dirty);
        QVERIFY(detail.problems.empty());
        QCOMPARE(test::git(project.path(), {"show", detail.record.git.snapshot + ":train.sh"}),
                 std::string("echo two\n"));
        QCOMPARE(test::git(project.path(), {"status", "--porcelain"}), std::string(" M train.sh\n"));
    }

    void whatIsNotInTheSnapshotIsSaid() {
        const LaunchProject project;
        test::git(project.path(), {"init", "-q"});
        project.folder().write("big.bin", std::string(3000, 'x'));
        project.folder().write("nested/file", "x");
        test::git(project.path() / "nested", {"init", "-q"});
        test::git(project.path() / "nested", {"add", "."});
        test::git(project.path() / "nested", {"commit", "-qm", "first"});
        auto spec = project.shell("true");
        spec.takeSnapshot = true;
        spec.maxUntrackedBytes = 2000;
        const auto problems = project.detail(project.runToEnd(spec)).problems;
        const auto says = [&](const char* text) {
            return std::find(problems.begin(), problems.end(), text) != problems.end();
        };
        QVERIFY(says("Not in the snapshot: big.bin, which is larger than 2000 bytes."));
        QVERIFY(says("Not in the snapshot: nested/, which is a git repository of its own."));
    }

    void secretsStayNowhereInTheFolder() {
        const LaunchProject project;
        const RunId id = project.runToEnd(project.spec({"/bin/true", "--password=letmein77"}));
        QCOMPARE(project.status(id), RunStatus::Finished);
        const auto found =
            test::runProcess({"grep", "-rl", "letmein77", project.path().native()}, project.path());
        QCOMPARE(found.out, std::string());
    }

    void folderArtifactsLeaveTheProjectsOwnStateOut() {
        const LaunchProject project;
        test::git(project.path(), {"init", "-q"});
        project.folder().write("model.bin", "x");
        const RunId id = project.runToEnd(
            project.shell("echo '{\"artifact\":{\"path\":\".\",\"name\":\"all\"}}' >> $RUNGLASS_SPOOL"));
        const auto detail = project.detail(id);
        QCOMPARE(detail.artifacts.size(), std::size_t{1});
        QCOMPARE(detail.artifacts[0].path, std::string("all/model.bin"));
        QVERIFY(std::find(detail.problems.begin(), detail.problems.end(),
                          "Of folder all, .git and .runglass were not copied.") != detail.problems.end());
    }

    void withoutGitThatIsSaid() {
        const LaunchProject project;
        auto spec = project.shell("true");
        spec.takeSnapshot = true;
        const auto detail = project.detail(project.runToEnd(spec));
        QCOMPARE(detail.record.status, RunStatus::Finished);
        QCOMPARE(detail.problems.size(), std::size_t{1});
        QVERIFY(QString::fromStdString(detail.problems[0]).contains(QStringLiteral("git")));
    }
};

QTEST_GUILESS_MAIN(TestSupervisor)
#include "tst_supervisor.moc"
