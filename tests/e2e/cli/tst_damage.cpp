// SPDX-License-Identifier: GPL-3.0-or-later
// One damaged page of the run database never hides what lies on the others: what can be read is shown, what
// cannot is named, and the exit code tells. Pages are found by SQLite's own account of its file.
#include <algorithm>
#include <fstream>
#include <set>

#include "cli_support.h"

using namespace runglass::test;

namespace {

constexpr int kRuns = 8;

int integer(const std::string& text) {
    return QString::fromStdString(text).toInt();
}

}  // namespace

class TestDamage : public runglass::test::TestCase {
    Q_OBJECT

    TempFolder m_project;
    [[nodiscard]] std::filesystem::path file() const { return m_project / ".runglass/runs.db"; }

    /// A copy of the project in which one page holds noise.
    void damage(const TempFolder& copy, int page) const {
        const int size = integer(sqlite(m_project.path(), "PRAGMA page_size"));
        QVERIFY(page > 1 && size > 0);
        git(copy.path(), {"init", "-q"});
        std::filesystem::create_directory(copy / ".runglass");
        std::filesystem::copy_file(file(), copy / ".runglass/runs.db");
        std::fstream out(copy / ".runglass/runs.db", std::ios::in | std::ios::out | std::ios::binary);
        out.seekp(std::streamoff{page - 1} * size);
        unsigned noise = 1;
        for (int i = 0; i < size; ++i) {
            noise = noise * 1664525U + 1013904223U;
            out.put(static_cast<char>(noise >> 24U));
        }
        QVERIFY(out.good());
    }

    /// The leaf pages of a table or index.
    [[nodiscard]] std::vector<int> pagesOf(const std::string& name) const {
        std::vector<int> pages;
        for (const auto& line :
             lines(sqlite(m_project.path(), "SELECT pageno FROM dbstat WHERE name = '" + name +
                                                "' AND pagetype = 'leaf' ORDER BY path"))) {
            pages.push_back(integer(line));
        }
        return pages;
    }

private Q_SLOTS:
    void initTestCase() {
        makeProject(
            m_project,
            {{"noise.awk", "BEGIN { srand(seed); for (i = 0; i < 900; i++) print \"loss=\" rand() }\n"}});
        for (int i = 0; i < kRuns; ++i) {
            const auto number = std::to_string(i);
            output(m_project.path(), {"run", "-q", "--name", "run" + number, "--", "awk", "-v",
                                      "seed=" + number, "-f", "noise.awk"});
        }
        const auto marked = runProcess(
            {"sqlite3", "-cmd", ".timeout 10000", file().native(),
             "INSERT INTO mark(id, revision, starred) VALUES(randomblob(16), 1000000, 1);"
             "INSERT INTO mark_tag SELECT id, 'key', 'value' FROM mark; PRAGMA wal_checkpoint(TRUNCATE);"});
        QCOMPARE(marked.exitCode, 0);
        QCOMPARE(output(m_project.path(), {"runs", "-q"}).size(), std::size_t{kRuns * 33});
    }

    void runsAreListedAsFarAsTheyCanBeRead_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("listed");
        QTest::addColumn<QString>("said");
        const auto everyRun = QStringLiteral("%1 runs cannot be read, or only in part: ").arg(kRuns);
        QTest::newRow("run") << QStringLiteral("run") << 0 << everyRun;
        QTest::newRow("summary") << QStringLiteral("summary") << kRuns << everyRun;
        QTest::newRow("mark") << QStringLiteral("mark") << kRuns << QStringLiteral("other tools' runs");
        QTest::newRow("mark_tag") << QStringLiteral("mark_tag") << kRuns
                                  << QStringLiteral("other tools' runs");
    }

    void runsAreListedAsFarAsTheyCanBeRead() {
        QFETCH(const QString, name);
        QFETCH(const int, listed);
        QFETCH(const QString, said);
        const auto pages = pagesOf(name.toStdString());
        QCOMPARE(pages.size(), std::size_t{1});
        const TempFolder copy;
        damage(copy, pages.front());
        const auto ids = call(copy.path(), {"runs", "-q"});
        QCOMPARE(ids.exitCode, 1);
        QCOMPARE(lines(ids.out).size(), static_cast<std::size_t>(listed));
        const auto heard = QString::fromStdString(ids.err);
        QVERIFY2(heard.contains(said), qPrintable(heard));
        const auto table = call(copy.path(), {"runs", "--format", "json"});
        QCOMPARE(table.exitCode, 1);
        QCOMPARE(QJsonDocument::fromJson(QByteArray::fromStdString(table.out)).array().size(), listed);
        const auto shown = call(copy.path(), {"runs"});
        QVERIFY2(shown.err.find("No run is recorded") == std::string::npos, shown.err.c_str());
        if (listed > 0) {
            const auto one = call(copy.path(), {"show", "run3"});
            QVERIFY2(one.exitCode == 0 && one.out.find("noise.awk") != std::string::npos, one.err.c_str());
        }
    }

    void theIndexOfIdsCanBeDoneWithout() {
        const TempFolder copy;
        damage(copy, pagesOf("sqlite_autoindex_run_1").front());
        const auto ids = call(copy.path(), {"runs", "-q"});
        QCOMPARE(lines(ids.out).size(), std::size_t{kRuns});
        const auto one = call(copy.path(), {"show", lines(ids.out).front()});
        QVERIFY2(one.exitCode == 0 && one.out.find("noise.awk") != std::string::npos, one.err.c_str());
    }

    void curvesAreDrawnAsFarAsTheirPointsCanBeRead() {
        const auto pages = pagesOf("chunk");
        QVERIFY2(pages.size() >= 3, "each page must hold some of the runs only");
        const TempFolder copy;
        damage(copy, pages[1]);
        const auto plot =
            call(copy.path(), {"plot", "-m", "loss", "-o", "loss.csv"}, {"QT_QPA_PLATFORM=offscreen"});
        QCOMPARE(plot.exitCode, 1);
        const auto said = lines(plot.err);
        const auto left = std::count_if(said.begin(), said.end(), [](const std::string& line) {
            return line.starts_with("runglass: Points of loss in run ");
        });
        QVERIFY2(left > 0 && left < kRuns, plot.err.c_str());
        std::set<std::string> drawn;
        for (const auto& row : lines(runProcess({"cat", (copy / "loss.csv").native()}).out)) {
            drawn.insert(row.substr(0, row.find(',')));
        }
        drawn.erase("run");  // the header
        QCOMPARE(static_cast<long>(drawn.size()), kRuns - left);
    }

    void oneDamagedMetricDoesNotHideTheOthers() {
        const auto pages = pagesOf("chunk");
        const TempFolder copy;
        damage(copy, pages[1]);
        int whole = 0;
        int damaged = 0;
        for (int i = 0; i < kRuns; ++i) {
            const auto metrics =
                call(copy.path(), {"metrics", "run" + std::to_string(i), "--format", "csv", "-k", "loss"});
            (metrics.exitCode == 0 ? whole : damaged) += 1;
            QVERIFY(metrics.exitCode == 0 || metrics.err.find("Points of loss") != std::string::npos);
        }
        QVERIFY(whole > 0 && damaged > 0);
    }
};

QTEST_GUILESS_MAIN(TestDamage)
#include "tst_damage.moc"
