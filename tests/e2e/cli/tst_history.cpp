// SPDX-License-Identifier: GPL-3.0-or-later
// `runglass history` on large and on odd repositories, against git.
#include <QElapsedTimer>
#include <QProcess>
#include <set>
#include <sstream>

#include "cli_support.h"

using namespace runglass::test;

namespace {

/// `git fast-import` of a line of commits on main, each an hour after the one before.
void importLine(const TempFolder& folder, int commits, const std::string& more = {}) {
    std::ostringstream stream;
    for (int i = 0; i < commits; ++i) {
        stream << "commit refs/heads/main\nauthor A <a@x> " << 1'200'000'000 + 3600 * i
               << " +0000\ncommitter A <a@x> " << 1'200'000'000 + 3600 * i << " +0000\ndata 6\n"
               << 100'000 + i << "\n";
    }
    git(folder.path(), {"init", "-q", "-b", "main"});
    const auto imported = runProcess({"git", "fast-import", "--quiet"}, folder.path(), stream.str() + more);
    QCOMPARE(imported.exitCode, 0);
}

std::string firstWord(const std::string& line) {
    return line.substr(0, line.find(' '));
}

}  // namespace

class TestHistoryCommand : public runglass::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    /// The first rows come while the other 100,000 are still read, and nothing is wrong with any of them.
    void firstRowsComeAtOnce() {
        const TempFolder folder;
        importLine(folder, 100'000);
        QProcess process;
        process.setWorkingDirectory(QString::fromStdString(folder.path().native()));
        QElapsedTimer timer;
        timer.start();
        process.start(QString::fromStdString(runglassProgram().native()), {QStringLiteral("history")});
        QByteArray text;
        qint64 firstMs = -1;
        while (process.waitForReadyRead(20'000)) {
            text += process.readAllStandardOutput();
            if (firstMs < 0 && text.count('\n') >= 2) {
                firstMs = timer.elapsed();
            }
        }
        process.waitForFinished();
        const qint64 allMs = timer.elapsed();
        qInfo("first rows of 100,000 commits after %lld ms, all after %lld ms", firstMs, allMs);
        QVERIFY2(firstMs * 2 < allMs, "the first row waited for the others");
        const auto shown = lines(text.toStdString());
        const auto log = lines(git(folder.path(), {"log", "--topo-order", "--abbrev=7", "--format=%h %s"}));
        QCOMPARE(shown.size(), log.size() + 1);  // and the titles
        for (std::size_t i = 0; i < log.size(); ++i) {
            const auto& line = shown[i + 1];
            QCOMPARE(line.substr(0, 7), log[i].substr(0, 7));
            QVERIFY2(line.ends_with(log[i].substr(log[i].rfind(' '))), line.c_str());
        }
        QCOMPARE(lines(output(folder.path(), {"history", "--limit", "3"})).size(), std::size_t{4});
    }

    /// A commit whose clock stood at 2001 has the newest as its parent: the table, which is already on the
    /// screen then, says so and still has each commit once; the exact order is in the data formats.
    void wrongClocksAreTold() {
        const TempFolder folder;
        importLine(folder, 3000,
                   "commit refs/heads/late\ncommitter C <c@x> 1000000000 +0000\ndata 4\nlate\n"
                   "from refs/heads/main\n\n");
        const auto table = call(folder.path(), {"history"});
        QCOMPARE(table.exitCode, 0);
        QVERIFY2(table.err.find("order of their dates") != std::string::npos, table.err.c_str());
        std::set<std::string> hashes;
        auto shown = lines(table.out);
        shown.erase(shown.begin());
        for (const auto& line : shown) {
            hashes.insert(firstWord(line));
        }
        QCOMPARE(shown.size(), std::size_t{3001});
        QCOMPARE(hashes.size(), std::size_t{3001});
        const auto exact = json(folder.path(), {"history"}).array();
        QCOMPARE(exact.size(), qsizetype{3001});
        QCOMPARE(exact[0].toObject()[QLatin1String("summary")].toString(), QStringLiteral("late"));
    }
};

QTEST_GUILESS_MAIN(TestHistoryCommand)
#include "tst_history.moc"
