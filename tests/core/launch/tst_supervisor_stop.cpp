// SPDX-License-Identifier: GPL-3.0-or-later
#include <signal.h>
#include <sys/wait.h>

#include <QProcess>
#include <chrono>

#include "launched_runs.h"

using namespace runglass;
using launch::StopKind;
using model::RunStatus;
using test::LaunchProject;

class TestSupervisorStop : public test::TestCase {
    Q_OBJECT

    static bool exists(const std::string& pid) { return ::kill(std::stoi(pid), 0) == 0; }
    static double secondsSince(std::chrono::steady_clock::time_point begin) {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    }

private Q_SLOTS:
    void sigtermIsEnoughForMost() {
        const LaunchProject project;
        const RunId id = project.start(project.shell("echo ready; sleep 60"));
        QVERIFY(!project.waitForConsole(id, "ready").empty());
        const auto begin = std::chrono::steady_clock::now();
        VERIFY_OK(launch::requestStop(project.path(), id));
        QCOMPARE(project.wait(id).exitCode, 143);
        QVERIFY(secondsSince(begin) < 2);
        const auto detail = project.detail(id);
        QCOMPARE(detail.record.status, RunStatus::Killed);
        QCOMPARE(*detail.record.signal, SIGTERM);
    }

    void aCommandMayCleanUp() {
        const LaunchProject project;
        const RunId id = project.start(
            project.shell("trap 'echo saved; exit 5' TERM; echo ready; while :; do sleep 0.05; done"));
        QVERIFY(!project.waitForConsole(id, "ready").empty());
        VERIFY_OK(launch::requestStop(project.path(), id));
        QCOMPARE(project.wait(id).exitCode, 5);
        QVERIFY2(QString::fromStdString(project.console(id)).contains(QStringLiteral("saved\n")),
                 project.console(id).c_str());
        QCOMPARE(project.status(id), RunStatus::Killed);
        QVERIFY(!launch::requestStop(project.path(), id).ok());  // it is over
    }

    void afterTheGraceTimeItIsKilledWithItsGrandchildren() {
        const LaunchProject project;
        // One grandchild ignores SIGTERM in the group, another in a session of its own, orphaned.
        auto spec = project.shell(
            "trap '' TERM\n"
            "sh -c 'trap \"\" TERM; echo a$$; sleep 61; sleep 61' &\n"
            "(setsid sh -c 'trap \"\" TERM; echo b$$; while :; do sleep 0.1; done' &)\n"
            "sleep 0.3; echo ready; while :; do sleep 0.1; done");
        spec.graceMs = 700;
        const RunId id = project.start(spec);
        const auto text = QString::fromStdString(project.waitForConsole(id, "ready"));
        const QRegularExpression pid(QStringLiteral("[ab](\\d+)"));
        std::vector<std::string> pids;
        for (auto match = pid.globalMatch(text); match.hasNext();) {
            pids.push_back(match.next().captured(1).toStdString());
        }
        QCOMPARE(pids.size(), std::size_t{2});
        const auto begin = std::chrono::steady_clock::now();
        VERIFY_OK(launch::requestStop(project.path(), id));
        QCOMPARE(project.wait(id).exitCode, 137);
        QVERIFY(secondsSince(begin) > 0.6);
        QVERIFY(secondsSince(begin) < 4);
        QVERIFY(!exists(pids[0]));
        QVERIFY(!exists(pids[1]));
        QCOMPARE(project.status(id), RunStatus::Killed);
    }

    void ctrlCInterruptsAndTheSecondKills() {
        const LaunchProject project;
        QProcess program;
        program.setWorkingDirectory(QString::fromStdString(project.path().native()));
        program.start(
            QString::fromStdString(test::runglassProgram().native()),
            {QStringLiteral("run"), QStringLiteral("--"), QStringLiteral("sh"), QStringLiteral("-c"),
             QStringLiteral("trap 'echo interrupted' INT; echo ready; while :; do sleep 0.05; done")});
        const auto waitFor = [&](const char* word) {
            QByteArray text;
            while (!text.contains(word) && program.waitForReadyRead(10'000)) {
                text += program.readAllStandardOutput();
            }
            return text.contains(word);
        };
        QVERIFY(waitFor("ready"));
        ::kill(static_cast<pid_t>(program.processId()), SIGINT);
        QVERIFY(waitFor("interrupted"));
        QCOMPARE(program.state(), QProcess::Running);
        ::kill(static_cast<pid_t>(program.processId()), SIGINT);
        QVERIFY(program.waitForFinished(10'000));
        QCOMPARE(program.exitCode(), 137);
    }

    void killingTheProgramStopsNothing() {
        const LaunchProject project;
        QProcess program;
        program.setWorkingDirectory(QString::fromStdString(project.path().native()));
        program.start(QString::fromStdString(test::runglassProgram().native()),
                      {QStringLiteral("run"), QStringLiteral("--"), QStringLiteral("sh"),
                       QStringLiteral("-c"), QStringLiteral("echo $RUNGLASS_RUN_ID; sleep 1; echo end")});
        QVERIFY(program.waitForReadyRead(10'000));
        const auto id = RunId::fromHex(program.readAllStandardOutput().trimmed().toStdString());
        QVERIFY(id.has_value());
        program.kill();
        program.waitForFinished();
        // Reopened: it is still running, and followed to its end.
        QTRY_COMPARE(project.status(*id), RunStatus::Running);
        QCOMPARE(project.wait(*id).exitCode, 0);
        QCOMPARE(project.console(*id), id->hex() + "\nend\n");
        QCOMPARE(project.status(*id), RunStatus::Finished);
    }
};

QTEST_GUILESS_MAIN(TestSupervisorStop)
#include "tst_supervisor_stop.moc"
