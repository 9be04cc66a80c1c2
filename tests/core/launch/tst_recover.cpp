// SPDX-License-Identifier: GPL-3.0-or-later
#include <signal.h>

#include <filesystem>
#include <fstream>

#include "launched_runs.h"
#include "runglass/base/clock.h"
#include "runglass/base/file.h"
#include "runglass/store/aside_log.h"
#include "runglass/store/run_change.h"

using namespace runglass;
using model::RunStatus;
using test::LaunchProject;

class TestRecover : public test::TestCase {
    Q_OBJECT

    /// Kills the supervisor of a run, and waits until it is gone.
    static launch::Processes killSupervisor(const LaunchProject& project, const RunId& id) {
        const auto processes = launch::readProcesses(project.runFolder(id));
        ::kill(processes.supervisor->pid, SIGKILL);
        while (processes.supervisor->isAlive()) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        return processes;
    }

    /// Rewrites the identity of the supervisor, as if the run were from another time.
    static void pretend(const LaunchProject& project, const RunId& id,
                        const launch::ProcessIdentity& supervisor) {
        VERIFY_OK(launch::addProcess(project.runFolder(id), launch::Role::Supervisor, supervisor));
        VERIFY_OK(launch::addProcess(project.runFolder(id), launch::Role::Launcher, supervisor));
    }

private Q_SLOTS:
    void nothingToDo() {
        const LaunchProject project;
        const auto none = launch::recover(project.path());
        VERIFY_OK(none);
        QVERIFY(none->empty());
        QVERIFY(!std::filesystem::exists(project.path() / ".runglass"));
        project.runToEnd(project.shell("true"));
        const auto after = launch::recover(project.path());
        VERIFY_OK(after);
        QVERIFY(after->empty());
    }

    /// A desktop that has the project open for days looks, too.
    void whatAKilledEndpointHasAcknowledged() {
        const LaunchProject project;
        store::RunChange change;
        change.run = RunId::generate();
        change.isNew = true;
        change.name = "left";
        {
            store::AsideLog log(project.path());
            const auto bytes = store::encodeChange(change);
            QVERIFY(log.add({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
        }  // its file stays, as when its process is killed
        VERIFY_OK(launch::recover(project.path()));
        auto database = store::Database::open(project.path(), store::OpenMode::ReadOnly);
        VERIFY_OK(database);
        QVERIFY(store::RunReader(*database).contains(change.run).valueOr(false));
    }

    /// What a supervisor's endpoint could not write yet belongs to its run: it is lost with it, and not
    /// after.
    void whatLiesAsideIsLostWithItsRun() {
        const LaunchProject project;
        const RunId id = project.start(project.shell("echo ready; sleep 30"));
        QVERIFY(!project.waitForConsole(id, "ready").empty());
        QTRY_COMPARE(project.status(id), RunStatus::Running);  // which its supervisor notes beside that
        const auto processes = killSupervisor(project, id);
        ::kill(processes.command->pid, SIGKILL);
        QTRY_VERIFY(!processes.command->isAlive());
        store::RunChange child;
        child.run = RunId::generate();
        child.isNew = true;
        child.parent = id;
        child.status = RunStatus::Running;
        child.startMs = nowMs();
        const std::int64_t lastMs = *child.startMs + 20;  // later than all that is in the parent's folder
        child.points.emplace_back("loss", model::Point{1, lastMs, 0.5});
        child.points.emplace_back("ahead", model::Point{1, lastMs + 86'400'000, 0.5});  // of another clock
        QTRY_VERIFY(nowMs() > lastMs);
        {
            store::AsideLog log(project.path());
            const auto bytes = store::encodeChange(child);
            QVERIFY(log.add({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
            // An endpoint that has taken it over waits for the database itself.
            const auto early = launch::recover(project.path());
            VERIFY_OK(early);
            QVERIFY(early->empty());
            QCOMPARE(project.status(id), RunStatus::Running);
        }
        const auto changed = launch::recover(project.path());
        VERIFY_OK(changed);
        QCOMPARE(*changed, std::vector<RunId>{id});
        QCOMPARE(project.status(id), RunStatus::Lost);
        const auto lost = project.detail(child.run).record;
        QCOMPARE(lost.status, RunStatus::Lost);
        QCOMPARE(lost.endTimeMs.value_or(0), lastMs);
        QCOMPARE(project.detail(id).record.endTimeMs.value_or(0), lastMs);
    }

    void aLiveRunIsLeftAlone() {
        const LaunchProject project;
        const RunId id = project.start(project.shell("sleep 30"));
        const auto changed = launch::recover(project.path());
        VERIFY_OK(changed);
        QVERIFY(changed->empty());
        VERIFY_OK(launch::requestStop(project.path(), id, launch::StopKind::Kill));
        QCOMPARE(project.wait(id).exitCode, 137);
    }

    void killedSupervisorMeansLostWithAllThatWasLogged() {
        const LaunchProject project;
        const RunId id = project.start(project.shell(
            "i=0; while [ $i -lt 1000 ]; do echo \"{\\\"metrics\\\":{\\\"v\\\":$i}}\" >> $RUNGLASS_SPOOL; "
            "i=$((i+1)); done; echo ready; kill -STOP $PPID; "
            "echo '{\"metrics\":{\"v\":1000}}' >> $RUNGLASS_SPOOL; echo x > done; exec sleep 30"));
        QTRY_VERIFY(std::filesystem::exists(project.path() / "done"));
        const auto processes = killSupervisor(project, id);
        QCOMPARE(project.wait(id).lost, true);
        const auto changed = launch::recover(project.path());
        VERIFY_OK(changed);
        QCOMPARE(*changed, std::vector<RunId>{id});
        auto detail = project.detail(id);
        QCOMPARE(detail.record.status, RunStatus::Lost);
        QCOMPARE(project.series(id, "v").size(), std::size_t{1001});
        QVERIFY(QString::fromStdString(detail.problems.back())
                    .contains(QString::number(processes.command->pid)));  // the orphan is named
        // The orphan logs on; it is taken in later, and stopped directly.
        std::ofstream(project.runFolder(id).spool(), std::ios::app) << "{\"metrics\":{\"v\":1001}}\n";
        VERIFY_OK(launch::recover(project.path()));
        QCOMPARE(project.series(id, "v").size(), std::size_t{1002});
        VERIFY_OK(launch::requestStop(project.path(), id));
        QTRY_VERIFY(!processes.command->isAlive());
        VERIFY_OK(launch::recover(project.path()));
        QCOMPARE(project.series(id, "v").size(), std::size_t{1002});
        QVERIFY(!std::filesystem::exists(project.runFolder(id).marker()));
        QCOMPARE(project.status(id), RunStatus::Lost);
    }

    void aReusedPidIsLost() {
        const LaunchProject project;
        const RunId id = project.start(project.shell("echo ready; sleep 30"));
        QVERIFY(!project.waitForConsole(id, "ready").empty());
        const auto processes = killSupervisor(project, id);
        ::kill(processes.command->pid, SIGKILL);
        // Our own pid, but of an earlier process that had it.
        auto reused = launch::ProcessIdentity::self();
        reused.startTicks -= 100;
        pretend(project, id, reused);
        VERIFY_OK(launch::recover(project.path()));
        QCOMPARE(project.status(id), RunStatus::Lost);
    }

    void afterARebootItIsLost() {
        const LaunchProject project;
        const RunId id = project.start(project.shell("echo ready; sleep 30"));
        QVERIFY(!project.waitForConsole(id, "ready").empty());
        const auto processes = killSupervisor(project, id);
        ::kill(processes.command->pid, SIGKILL);
        auto earlier = launch::ProcessIdentity::self();
        earlier.bootId = "00000000-0000-4000-8000-000000000000";
        pretend(project, id, earlier);
        QTRY_VERIFY(!processes.command->isAlive());
        VERIFY_OK(launch::recover(project.path()));
        const auto detail = project.detail(id);
        QCOMPARE(detail.record.status, RunStatus::Lost);
        QVERIFY(QString::fromStdString(detail.problems.back()).contains(QStringLiteral("restarted")));
    }

    void anEndThatTheFolderTellsIsRecorded() {
        const LaunchProject project;
        const RunId id = project.start(project.shell("echo ready; sleep 30"));
        QVERIFY(!project.waitForConsole(id, "ready").empty());
        const auto processes = killSupervisor(project, id);
        ::kill(processes.command->pid, SIGKILL);
        store::RunEnd end;
        end.status = RunStatus::Failed;
        end.exitCode = 7;
        end.timeMs = 1'800'000'000'000;
        end.userSeconds = 1.25;
        VERIFY_OK(launch::writeEnd(project.runFolder(id), end));
        VERIFY_OK(launch::recover(project.path()));
        const auto detail = project.detail(id);
        QCOMPARE(detail.record.status, RunStatus::Failed);
        QCOMPARE(*detail.record.exitCode, 7);
        QCOMPARE(*detail.record.endTimeMs, std::int64_t{1'800'000'000'000});
        QCOMPARE(*detail.userSeconds, 1.25);
    }

    void exactlyOnceWhereverTheSupervisorDies() {
        const LaunchProject project;
        for (int round = 0; round < 10; ++round) {
            const RunId id = project.start(
                project.python("import runglass, sys, time\nrun = runglass.init()\nprint('ready')\n"
                               "for i in range(20000): run.log({'v': i}, step=i)\nopen('done' + "
                               "sys.argv[0][:0], 'w')\ntime.sleep(30)"));
            QVERIFY(!project.waitForConsole(id, "ready").empty());
            std::this_thread::sleep_for(std::chrono::milliseconds(11 * round));
            const auto processes = killSupervisor(project, id);
            QTRY_VERIFY(std::filesystem::exists(project.path() / "done"));
            ::kill(processes.command->pid, SIGKILL);
            QTRY_VERIFY(!processes.command->isAlive());
            VERIFY_OK(launch::recover(project.path()));
            const auto series = project.series(id, "v");
            QCOMPARE(series.size(), std::size_t{20000});
            for (std::size_t i = 0; i < series.size(); ++i) {
                QCOMPARE(series.steps[i], static_cast<std::int64_t>(i));
            }
            std::filesystem::remove(project.path() / "done");
        }
    }

    void aScriptWithoutTheProgramIsTakenInLater() {
        const LaunchProject project;
        project.folder().write("data.txt", "inside");
        const auto outside = project.path().parent_path() / "outside.txt";
        std::ofstream(outside) << "secret";
        qunsetenv("RUNGLASS_BIN");
        const auto script = test::runProcess(
            {"env", "PATH=/nowhere", "PYTHONPATH=" + (test::sourceFolder() / "packaging/python").native(),
             "/usr/bin/python3", "-c",
             "import runglass, sys\nrun = runglass.init(params={'lr': 0.5}, name='alone', experiment='e')\n"
             "run.log({'loss': 0.125}, "
             "step=3)\nrun.log_artifact('data.txt')\nrun.log_artifact('../outside.txt')\nsys.exit(4)"},
            project.path());
        std::filesystem::remove(outside);
        QCOMPARE(script.exitCode, 4);
        QCOMPARE(script.err, std::string());
        const auto changed = launch::recover(project.path());
        VERIFY_OK(changed);
        QCOMPARE(changed->size(), std::size_t{1});
        const auto detail = project.detail(changed->front());
        QCOMPARE(detail.record.name, std::string("alone"));
        QCOMPARE(detail.record.experiment.text(), std::string_view("e"));
        QCOMPARE(detail.record.status, RunStatus::Failed);
        QCOMPARE(*detail.record.exitCode, 4);
        QCOMPARE(*detail.record.param(Symbol("lr")), std::string_view("0.5"));
        QCOMPARE(project.series(changed->front(), "loss").steps, model::Column<std::int64_t>{3});
        QCOMPARE(detail.artifacts.size(), std::size_t{1});  // never one from outside of the project
        QCOMPARE(detail.command.back(), detail.command[2]);
    }

    void damagedFolders() {
        const LaunchProject project;
        project.runToEnd(project.shell("true"));
        const auto active = project.path() / ".runglass/active";
        std::ofstream(active / "not-an-id");
        std::ofstream(active / RunId::generate().hex());  // no folder at all
        const RunId rubbish = RunId::generate();
        project.folder().write(".runglass/runs/" + rubbish.hex() + "/processes", "supervisor x y\n\xff\n");
        project.folder().write(".runglass/runs/" + rubbish.hex() + "/spool.jsonl", "no json\n");
        std::ofstream(active / rubbish.hex());
        const auto changed = launch::recover(project.path());
        VERIFY_OK(changed);
        QVERIFY(changed->empty());
    }
};

QTEST_GUILESS_MAIN(TestRecover)
#include "tst_recover.moc"
