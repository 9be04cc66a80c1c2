// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/mount.h>

#include <QScopeGuard>
#include <algorithm>
#include <fstream>

#include "launched_runs.h"

using namespace runglass;
using model::RunStatus;
using test::LaunchProject;

/// A project on a file system of 3 MB that is filled up while a run goes on.
class TestFullDisk : public test::TestCase {
    Q_OBJECT

    static bool mountSmall(const std::filesystem::path& folder) {
        return ::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=3m") == 0;
    }

private Q_SLOTS:
    void theRunGoesOnAndLoggingResumes() {
        const LaunchProject project;
        if (!mountSmall(project.path())) {
            QSKIP("mounting a file system needs root");
        }
        const auto unmount = qScopeGuard([&] { ::umount2(project.path().c_str(), MNT_DETACH); });
        const RunId id =
            project.start(project.python("import runglass, time\nrun = runglass.init()\n"
                                         "for i in range(100):\n    run.log({'v': i}, step=i)\n    "
                                         "print('line', i)\n    time.sleep(0.05)"));
        QVERIFY(!project.waitForConsole(id, "line 10").empty());
        const auto filler = project.path() / "filler";
        {
            std::ofstream file(filler, std::ios::binary);
            const std::string block(4096, 'x');
            while (file.write(block.data(), 4096) && file.flush()) {
            }
        }
        QTRY_VERIFY(QString::fromStdString(launch::recordingTrouble(project.path(), id))
                        .contains(QStringLiteral("is full")));
        std::filesystem::remove(filler);
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
};

QTEST_GUILESS_MAIN(TestFullDisk)
#include "tst_full_disk.moc"
