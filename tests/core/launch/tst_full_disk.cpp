// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/mount.h>

#include <algorithm>
#include <csignal>
#include <fstream>

#include "launched_runs.h"

using namespace runglass;
using model::RunStatus;
using test::LaunchProject;

/// A project on a file system of 3 MB that is filled up while a run goes on.
class TestFullDisk : public test::TestCase {
    Q_OBJECT

    class SmallDisk {
    public:
        explicit SmallDisk(const LaunchProject& project)
            : m_folder(project.path())
            , m_mounted(::mount("tmpfs", m_folder.c_str(), "tmpfs", 0, "size=3m") == 0) {}
        SmallDisk(const SmallDisk&) = delete;
        SmallDisk& operator=(const SmallDisk&) = delete;
        ~SmallDisk() {
            if (m_mounted) {
                ::umount2(m_folder.c_str(), MNT_DETACH);
            }
        }
        /// Mounting a file system needs root.
        [[nodiscard]] bool mounted() const { return m_mounted; }
        void fill() const {
            std::ofstream file(filler(), std::ios::binary);
            const std::string block(4096, 'x');
            while (file.write(block.data(), 4096) && file.flush()) {
            }
        }
        void makeRoom() const { std::filesystem::remove(filler()); }

    private:
        [[nodiscard]] std::filesystem::path filler() const { return m_folder / "filler"; }

        std::filesystem::path m_folder;
        bool m_mounted;
    };
    /// Prints 60 lines of half a page in 3 s and ends with 3.
    static launch::LaunchSpec printer(const LaunchProject& project) {
        return project.shell(
            "pad=$(printf %02000d 0); i=0; while [ $i -lt 60 ]; do echo line $i $pad; i=$((i+1)); sleep "
            "0.05; done; exit 3");
    }
    static bool hasAllLines(const LaunchProject& project, const RunId& id) {
        const auto console = project.console(id);
        for (int i = 0; i < 60; ++i) {
            if (console.find("line " + std::to_string(i) + " ") == std::string::npos) {
                return false;
            }
        }
        return true;
    }

private Q_SLOTS:
    void theRunGoesOnAndLoggingResumes() {
        const LaunchProject project;
        const SmallDisk disk(project);
        if (!disk.mounted()) {
            QSKIP("mounting a file system needs root");
        }
        const RunId id =
            project.start(project.python("import runglass, time\nrun = runglass.init()\n"
                                         "for i in range(100):\n    run.log({'v': i}, step=i)\n    "
                                         "print('line', i)\n    time.sleep(0.05)"));
        QVERIFY(!project.waitForConsole(id, "line 10").empty());
        disk.fill();
        QTRY_VERIFY(QString::fromStdString(launch::recordingTrouble(project.path(), id))
                        .contains(QStringLiteral("is full")));
        disk.makeRoom();
        QCOMPARE(project.wait(id).exitCode, 0);
        QCOMPARE(launch::recordingTrouble(project.path(), id), std::string());
        const auto series = project.series(id, "v");
        QCOMPARE(series.size(), std::size_t{100});
        QCOMPARE(series.steps.back(), std::int64_t{99});
        const auto console = QString::fromStdString(project.console(id));
        for (int i = 0; i < 100; ++i) {
            QVERIFY(console.contains(QStringLiteral("line %1\n").arg(i)));
        }
        const auto problems = project.detail(id).problems;
        QVERIFY(std::any_of(problems.begin(), problems.end(), [](const std::string& problem) {
            return problem.find("Logging had to wait") != std::string::npos;
        }));
        QCOMPARE(project.status(id), RunStatus::Finished);
    }

    void aRunThatEndsMeanwhileIsCaughtUpWithLater() {
        const LaunchProject project;
        const SmallDisk disk(project);
        if (!disk.mounted()) {
            QSKIP("mounting a file system needs root");
        }
        const RunId id = project.start(printer(project));
        QVERIFY(!project.waitForConsole(id, "line 5").empty());
        disk.fill();
        QCOMPARE(project.wait(id).exitCode, 3);
        QCOMPARE(project.status(id), RunStatus::Running);
        QVERIFY(!hasAllLines(project, id));
        disk.makeRoom();
        QTRY_COMPARE_WITH_TIMEOUT(project.status(id), RunStatus::Failed, 20'000);
        QCOMPARE(project.detail(id).record.exitCode, std::optional(3));
        QVERIFY(hasAllLines(project, id));
    }

    void theEndOutlivesTheSupervisor() {
        const LaunchProject project;
        const SmallDisk disk(project);
        if (!disk.mounted()) {
            QSKIP("mounting a file system needs root");
        }
        const RunId id = project.start(printer(project));
        QVERIFY(!project.waitForConsole(id, "line 5").empty());
        disk.fill();
        QCOMPARE(project.wait(id).exitCode, 3);
        const auto supervisor = launch::readProcesses(project.runFolder(id)).supervisor;
        QVERIFY(supervisor && supervisor->isAlive());
        ::kill(supervisor->pid, SIGKILL);
        QTRY_VERIFY(!supervisor->isAlive());
        disk.makeRoom();
        QVERIFY(launch::recover(project.path()).ok());
        QCOMPARE(project.status(id), RunStatus::Failed);
        QCOMPARE(project.detail(id).record.exitCode, std::optional(3));
    }

    void theTerminalIsToldAndTheExitCodePassedOn() {
        const LaunchProject project;
        const SmallDisk disk(project);
        if (!disk.mounted()) {
            QSKIP("mounting a file system needs root");
        }
        const auto ran = test::runProcess({test::runglassProgram().native(), "run", "-q", "--", "sh", "-c",
                                           "echo before; cat /dev/zero >filler; sleep 2; echo after; exit 3"},
                                          project.path());
        QCOMPARE(ran.exitCode, 3);
        QVERIFY2(ran.err.find("Logging waits: the disk of .runglass is full") != std::string::npos,
                 ran.err.c_str());
        QVERIFY2(ran.err.find("ended (exit code 3), which is kept") != std::string::npos, ran.err.c_str());
    }
};

QTEST_GUILESS_MAIN(TestFullDisk)
#include "tst_full_disk.moc"
