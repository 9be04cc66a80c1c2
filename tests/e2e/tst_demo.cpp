// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QRegularExpression>

#include "support/test.h"

using namespace runglass;

/// Makes the demo project with the real program and checks what it left by other roads: the sqlite3 and git
/// programs, and what the training script itself printed.
class TestDemoProject : public test::TestCase {
    Q_OBJECT
private:
    const std::string m_folder = qEnvironmentVariable("RUNGLASS_DEMO_FOLDER").toStdString();

    QStringList query(const std::string& sql) const {
        const auto result = test::runProcess(
            {"sqlite3", "-readonly", "-cmd", ".timeout 5000", m_folder + "/.runglass/runs.db", sql});
        if (result.exitCode != 0) {
            qFatal("sqlite3: %s", result.err.c_str());
        }
        return QString::fromStdString(result.out).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    }
    std::string runglass(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), test::runglassProgram().string());
        arguments.insert(arguments.end(), {"--project", m_folder});
        const auto result = test::runProcess(arguments);
        if (result.exitCode != 0) {
            qFatal("runglass %s: %s", arguments[1].c_str(), result.err.c_str());
        }
        return result.out;
    }

private Q_SLOTS:
    void initTestCase() {
        QVERIFY(!m_folder.empty());
        QDir(QString::fromStdString(m_folder)).removeRecursively();
        const auto made = test::runProcess({test::runglassProgram().string(), "demo", m_folder});
        QVERIFY2(made.exitCode == 0, made.err.c_str());
    }

    void trainsEnoughOverEnoughCommits() {
        QVERIFY(query("SELECT number FROM run").size() >= 12);
        QVERIFY(query("SELECT DISTINCT git_commit FROM run").size() >= 3);
        QVERIFY(query("SELECT DISTINCT experiment FROM run").size() >= 2);
        QVERIFY(query("SELECT number FROM run WHERE git_dirty").size() >= 2);
    }

    void endsAreAsTheyWere() {
        // The numbers of model::RunStatus: 2 finished, 3 failed, 4 killed.
        QCOMPARE(query("SELECT name, exit_code FROM run WHERE status = 3"),
                 QStringList{QStringLiteral("mlp-64-lr20|3")});
        QCOMPARE(query("SELECT name, signal FROM run WHERE status = 4"),
                 QStringList{QStringLiteral("mlp-512-long|15")});
        QCOMPARE(query("SELECT name FROM run WHERE status NOT IN (2, 3, 4)"), QStringList{});
        QCOMPARE(query("SELECT name FROM run WHERE status = 2 AND exit_code <> 0"), QStringList{});
    }

    void everySnapshotIsInTheRepository() {
        const auto refs = QString::fromStdString(test::git(
            m_folder, {"for-each-ref", "--format=%(refname:lstrip=3) %(objectname)", "refs/runglass/runs"}));
        auto inGit = refs.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        auto inDatabase = query("SELECT lower(hex(id)) || ' ' || git_snapshot FROM run");
        inGit.sort();
        inDatabase.sort();
        QCOMPARE(inGit, inDatabase);
        // A clean run's snapshot is the commit itself; a dirty one's differs from it in what was edited.
        for (const auto& row : query("SELECT git_dirty, git_commit, git_snapshot, name FROM run")) {
            const auto cells = row.split(QLatin1Char('|'));
            const auto changed =
                test::git(m_folder, {"diff", "--name-only", cells[1].toStdString(), cells[2].toStdString()});
            QCOMPARE(!changed.empty(), cells[0] == QLatin1String("1"));
            if (cells[3] == QLatin1String("mlp-64-bs16")) {
                QCOMPARE(changed, "configs/mlp.toml\n");
            } else if (cells[3] == QLatin1String("mlp-256-tanh")) {
                QCOMPARE(changed, "NOTES.md\nconfigs/mlp.toml\nmodel.py\n");
            }
        }
    }

    void pointsAreWhatTheScriptPrinted() {
        // The script prints 4 decimals of each epoch's val_acc; the run database has them in full.
        for (const auto* name : {"mlp-64", "mlp-128-cos s1"}) {
            const auto console = QString::fromStdString(runglass({"log", name}));
            QStringList printed;
            auto lines = QRegularExpression(QStringLiteral("^epoch .*val_acc ([0-9.]+)"),
                                            QRegularExpression::MultilineOption)
                             .globalMatch(console);
            while (lines.hasNext()) {
                printed << lines.next().captured(1);
            }
            QStringList stored;
            const auto csv =
                QString::fromStdString(runglass({"metrics", name, "--key", "val/acc", "--format", "csv"}));
            auto rows = csv.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
            QCOMPARE(rows.takeFirst().trimmed(), QStringLiteral("key,step,time_ms,value"));
            for (const auto& row : rows) {
                stored << QString::number(row.trimmed().section(QLatin1Char(','), 3).toDouble(), 'f', 4);
            }
            QCOMPARE(stored.size(), 40);
            QCOMPARE(stored, printed);
        }
    }

    void isIntact() {
        runglass({"check"});
        test::git(m_folder, {"fsck", "--strict"});
    }

    void isLeftAloneOnceFinished() {
        const auto before = query("SELECT count(*), max(number) FROM run");
        const auto again = test::runProcess({test::runglassProgram().string(), "demo", m_folder});
        QVERIFY2(again.exitCode == 0, again.err.c_str());
        QCOMPARE(query("SELECT count(*), max(number) FROM run"), before);
    }
};

QTEST_GUILESS_MAIN(TestDemoProject)
#include "tst_demo.moc"
