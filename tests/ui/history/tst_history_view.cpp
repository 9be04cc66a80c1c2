// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/history/history_view.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QScrollBar>
#include <QSignalSpy>

#include "commit_pane.h"
#include "history_model.h"
#include "history_table.h"
#include "history_toolbar.h"
#include "runglass/ui/theme/theme.h"
#include "support/scratch_project.h"

using namespace runglass;
using namespace runglass::ui;
using test::ScratchProject;

namespace {

const char* const kTrain = R"(import numpy as np


def batches(x, y, size, rng):
    order = rng.permutation(len(x))
    for i in range(0, len(x), size):
        j = order[i:i + size]
        yield x[j], y[j]


def train(model, cfg):
    for epoch in range(cfg.epochs):
        for x, y in batches(cfg.x, cfg.y, cfg.size, cfg.rng):
            model.step(x, y)
)";

const char* const kTrainFixed = R"(import numpy as np


def batches(x, y, size, rng):
    order = rng.permutation(len(x))
    n = len(x) // size * size
    for i in range(0, n, size):
        j = order[i:i + size]
        yield x[j], y[j]


def train(model, cfg):
    for epoch in range(cfg.epochs):
        for x, y in batches(cfg.x, cfg.y, cfg.size, cfg.rng):
            model.step(x, y)
)";

std::vector<test::ScratchRun> repeats(const std::string& commit, const std::vector<double>& values) {
    std::vector<test::ScratchRun> runs;
    for (std::size_t i = 0; i < values.size(); ++i) {
        runs.push_back({"cnn-base s" + std::to_string(i),
                        commit,
                        {{"val/acc", values[i]}, {"val/loss", 1 - values[i]}}});
    }
    return runs;
}

/// Nine commits with a side branch, a merge, tags, runs of all states and a fall of the metric.
struct Lab {
    ScratchProject project;
    std::vector<std::string> commits;

    Lab() {
        const auto& p = project;
        commits.push_back(p.commit("train.py", kTrain, "Logistic regression baseline", 1));
        p.run({"tag", "v0.1"});
        commits.push_back(p.commit("configs/cnn.yaml", "train:\n  batch_size: 96\n  epochs: 40\n",
                                   "Config files per model", 2));
        p.run({"checkout", "-q", "-b", "wide"});
        commits.push_back(p.commit("model.py", "width = 32\n", "Widen conv blocks to 32", 3, "sol"));
        p.run({"checkout", "-q", "main"});
        commits.push_back(
            p.commit("train.py", kTrainFixed,
                     "Drop last partial batch\n\nMakes the step count the same for every epoch.", 4, "noor"));
        commits.push_back(
            p.commit("configs/cnn.yaml", "train:\n  batch_size: 128\n  epochs: 40\n", "Batches of 128", 5));
        p.run({"merge", "-q", "--no-ff", "-m", "Merge branch wide", "wide"});
        commits.push_back(p.head());
        commits.push_back(p.commit("aug.py", "rotate = 12\n", "Add rotation to augment", 7));
        p.run({"checkout", "-q", "-b", "rope"});
        commits.push_back(p.commit("rope.py", "base = 10000\n", "RoPE for the char transformer", 8, "noor"));
        p.run({"checkout", "-q", "main"});
        auto runs = repeats(commits[0], {0.9366, 0.9361, 0.9370});
        const auto add = [&runs](const std::vector<test::ScratchRun>& more) {
            runs.insert(runs.end(), more.begin(), more.end());
        };
        add(repeats(commits[1], {0.9801, 0.9796, 0.9799}));
        add(repeats(commits[3], {0.9611, 0.9597, 0.9604}));
        add(repeats(commits[4], {0.9806, 0.9802, 0.9811, 0.9808}));
        add(repeats(commits[6], {0.9901, 0.9911, 0.9907, 0.991, 0.9905, 0.9899, 0.9908, 0.9911, 0.9909}));
        add({{"broken", commits[5], {}, model::RunStatus::Failed},
             {"stopped", commits[5], {{"val/acc", 0.97}}, model::RunStatus::Killed, true},
             {"going", commits[7], {{"val/acc", 0.5}}, model::RunStatus::Lost},
             {"waiting", commits[7], {}, model::RunStatus::Scheduled}});
        p.addRuns(runs);
        p.write("aug.py", "rotate = 15\nshift = 0.1\n");
        p.write("notes.txt", "new\n");
    }
};

class Window {
public:
    explicit Window(const std::filesystem::path& project, QSize size = {1544, 904})
        : session(project) {
        view.resize(size);
        view.setSession(&session);
        tester = std::make_unique<QAbstractItemModelTester>(
            model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        session.start();
        view.show();
    }
    ~Window() { view.setSession(nullptr); }

    [[nodiscard]] HistoryModel* model() const { return view.findChild<HistoryModel*>(); }
    [[nodiscard]] HistoryTable* table() const { return view.findChild<HistoryTable*>(); }
    [[nodiscard]] CommitPane* pane() const { return view.findChild<CommitPane*>(); }
    [[nodiscard]] HistoryToolbar* toolbar() const { return view.findChild<HistoryToolbar*>(); }
    [[nodiscard]] bool waitForCommits(int count) const {
        return QTest::qWaitFor([&] { return model()->loadedCommits() == count && !model()->loading(); },
                               20'000);
    }
    [[nodiscard]] bool waitForRuns() const {
        return QTest::qWaitFor([&] { return session.loaded() && model()->isSettled(); }, 10'000);
    }
    [[nodiscard]] int rowWith(const QString& text) const {
        for (int row = 0; row < model()->rowCount(); ++row) {
            if (model()->index(row, HistoryModel::Message).data().toString() == text) {
                return row;
            }
        }
        return -1;
    }
    [[nodiscard]] QString text(int row, int column) const {
        return model()->index(row, column).data().toString();
    }
    void click(int row) const {
        const auto index = model()->index(row, HistoryModel::Message);
        QTest::mouseClick(table()->viewport(), Qt::LeftButton, {}, table()->visualRect(index).center());
    }

    ProjectSession session;
    HistoryView view;
    std::unique_ptr<QAbstractItemModelTester> tester;
};

QString shotFolder() {
    return qEnvironmentVariable("RUNGLASS_SHOTS");
}

void shoot(QWidget& widget, const QString& name) {
    QTest::qWait(50);
    const QPixmap shot = widget.grab();
    QVERIFY(!shot.isNull());
    if (!shotFolder().isEmpty()) {
        QVERIFY(shot.save(shotFolder() + QStringLiteral("/history-") + name + QStringLiteral(".png")));
    }
}

}  // namespace

class TestHistoryView : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { Theme::install(*qApp, ThemeChoice::Dark); }

    void joinsCommitsAndRuns() {
        Lab lab;
        Window window(lab.project.path());
        QVERIFY(window.waitForCommits(8));
        QVERIFY(window.waitForRuns());
        QTRY_COMPARE(window.rowWith(QStringLiteral("Uncommitted changes")), 0);
        QCOMPARE(window.model()->rowCount(), 9);
        const int fall = window.rowWith(QStringLiteral("Drop last partial batch"));
        QVERIFY(fall > 0);
        QCOMPARE(window.text(fall, HistoryModel::Hash).toStdString(), lab.commits[3].substr(0, 7));
        QCOMPARE(window.text(fall, HistoryModel::Runs), QStringLiteral("3 finished"));
        QCOMPARE(window.text(fall, HistoryModel::Best), QStringLiteral("0.9611"));
        QCOMPARE(window.text(fall, HistoryModel::Author), QStringLiteral("noor"));
        QCOMPARE(window.text(window.rowWith(QStringLiteral("Merge branch wide")), HistoryModel::Runs),
                 QStringLiteral("1 failed, 1 killed"));
        // val/acc falls from a mean of 0.97987 (3 runs) to 0.9604 (3 runs)
        const auto* point = window.model()->strip().at(fall);
        QVERIFY(point != nullptr && point->regression.has_value());
        QVERIFY(std::abs(point->regression->change - (0.9604 - 0.979866666)) < 1e-6);
        QVERIFY(window.model()->isBestOfAll(window.rowWith(QStringLiteral("Add rotation to augment"))));
        QVERIFY(window.view.statusText().startsWith(QStringLiteral("8 commits, 7 with runs")));
        shoot(window.view, QStringLiteral("all"));
    }

    void choosingACommitShowsIt() {
        Lab lab;
        Window window(lab.project.path());
        QVERIFY(window.waitForCommits(8));
        QVERIFY(window.waitForRuns());
        QTRY_COMPARE(window.model()->rowCount(), 9);
        window.click(window.rowWith(QStringLiteral("Drop last partial batch")));
        QTRY_VERIFY(window.pane()->diff()->isVisible());
        QCOMPARE(window.pane()->runsTable()->model()->rowCount(), 3);
        const auto& files = window.pane()->diff()->document()->files();
        QCOMPARE(files.size(), std::size_t{1});
        QCOMPARE(files[0].info.added, 2);
        QCOMPARE(files[0].info.removed, 1);
        bool body = false;
        for (const auto* label : window.pane()->findChildren<QLabel*>()) {
            body = body || label->text() == QStringLiteral("Makes the step count the same for every epoch.");
        }
        QVERIFY(body);
        shoot(window.view, QStringLiteral("dark"));
        Theme::current().setChoice(ThemeChoice::Light);
        shoot(window.view, QStringLiteral("light"));
        window.view.resize(1224, 624);
        shoot(window.view, QStringLiteral("small"));
        Theme::current().setChoice(ThemeChoice::Dark);

        QTest::keyClick(window.table(), Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QApplication::clipboard()->text().toStdString(), lab.commits[3]);
    }

    void uncommittedChangesAreShownAsADifference() {
        Lab lab;
        Window window(lab.project.path());
        QVERIFY(window.waitForCommits(8));
        QTRY_VERIFY(window.model()->rowCount() == 9);
        window.click(0);
        QTRY_VERIFY(window.pane()->diff()->isVisible());
        const auto& files = window.pane()->diff()->document()->files();
        QCOMPARE(files.size(), std::size_t{2});
        QCOMPARE(QString::fromStdString(files[1].info.path()), QStringLiteral("notes.txt"));
        shoot(window.view, QStringLiteral("uncommitted"));
    }

    void aCommitKeepsItsWordsInSmallWindows() {
        Lab lab;
        for (const int width : {900, 1544}) {
            Window window(lab.project.path(), {width, 600});
            QVERIFY(window.waitForCommits(8));
            QVERIFY(window.waitForRuns());
            const auto* table = window.table();
            QTRY_VERIFY2(table->columnWidth(HistoryModel::Message) >= std::min(240, table->width() / 3),
                         qPrintable(QString::number(width)));
            const bool strip = !table->isColumnHidden(HistoryModel::Strip);
            QVERIFY(!strip || table->columnWidth(HistoryModel::Message) >= 240);
            QTRY_VERIFY(width < 1544 || !table->isColumnHidden(HistoryModel::Strip));
        }
    }

    void theKeyboardMovesAndEnters() {
        Lab lab;
        Window window(lab.project.path());
        QVERIFY(window.waitForCommits(8));
        QVERIFY(window.waitForRuns());
        QTRY_COMPARE(window.model()->rowCount(), 9);
        auto* table = window.table();
        table->setFocus();
        QTest::keyClick(table, Qt::Key_End);
        QCOMPARE(table->currentIndex().row(), 8);
        QTest::keyClick(table, Qt::Key_Home);
        QCOMPARE(table->currentIndex().row(), 0);
        QTest::keyClick(table, Qt::Key_Down);
        QTest::keyClick(table, Qt::Key_Down);
        QCOMPARE(table->currentIndex().row(), 2);
        QTest::keyClick(table, Qt::Key_Right);
        QCOMPARE(table->currentIndex().row(), 2);
        table->setCurrentIndex(
            window.model()->index(window.rowWith(QStringLiteral("Add rotation to augment")), 1));
        QTest::keyClick(table, Qt::Key_Return);
        QCOMPARE(window.pane()->runsTable()->selectionModel()->selectedRows().size(), 1);
        QCOMPARE(window.session.selection().size(), std::size_t{1});
        window.view.startFind();
        QVERIFY(window.toolbar()->search()->hasFocus() || !QApplication::activeWindow());
    }

    void comparingAsksForTheView() {
        Lab lab;
        Window window(lab.project.path());
        QVERIFY(window.waitForCommits(8));
        QVERIFY(window.waitForRuns());
        QTRY_COMPARE(window.model()->rowCount(), 9);
        QSignalSpy asked(&window.view, &View::viewRequested);
        window.click(window.rowWith(QStringLiteral("Drop last partial batch")));
        for (auto* action : window.view.viewActions()) {
            if (action->objectName() == QStringLiteral("history.compareRuns")) {
                QVERIFY(action->isEnabled());
                action->trigger();
            }
        }
        QCOMPARE(asked.count(), 1);
        QCOMPARE(asked.front().front().toString(), QStringLiteral("compare"));
        QCOMPARE(window.session.selection().size(), std::size_t{3});
    }

    void searchingKeepsTheChosenCommit() {
        Lab lab;
        Window window(lab.project.path());
        QVERIFY(window.waitForCommits(8));
        QVERIFY(window.waitForRuns());
        QTRY_COMPARE(window.model()->rowCount(), 9);
        const int row = window.rowWith(QStringLiteral("Batches of 128"));
        window.click(row);
        const auto chosen = window.table()->currentCommit();
        QTest::keyClicks(window.toolbar()->search(), QStringLiteral("batch"));
        QTRY_COMPARE(window.model()->shownCommits(), 2);
        QCOMPARE(window.table()->currentCommit(), chosen);
        QVERIFY(window.view.statusText().contains(QStringLiteral("2 shown")));
        QTest::keyClicks(window.toolbar()->search(), QStringLiteral("xyz"));
        QTRY_COMPARE(window.model()->rowCount(), 0);
        shoot(window.view, QStringLiteral("nothing"));
        window.toolbar()->search()->clear();
        QTRY_COMPARE(window.model()->rowCount(), 9);
        window.toolbar()->withRuns()->click();
        QTRY_COMPARE(window.model()->shownCommits(), 7);
    }

    void newCommitsAndRunsAppear() {
        Lab lab;
        Window window(lab.project.path());
        QVERIFY(window.waitForCommits(8));
        QVERIFY(window.waitForRuns());
        QTRY_COMPARE(window.model()->rowCount(), 9);
        window.click(window.rowWith(QStringLiteral("Batches of 128")));
        const auto chosen = window.table()->currentCommit();
        const std::string hash = lab.project.commit("x.py", "x = 1\n", "One more", 9);
        window.model()->checkForChanges();
        QVERIFY(window.waitForCommits(9));
        QTRY_VERIFY(window.rowWith(QStringLiteral("One more")) >= 0);
        QCOMPARE(window.table()->currentCommit(), chosen);
        lab.project.addRuns({{"late", hash, {{"val/acc", 0.995}}}});
        QTRY_COMPARE_WITH_TIMEOUT(window.text(window.rowWith(QStringLiteral("One more")), HistoryModel::Best),
                                  QStringLiteral("0.9950"), 10'000);
    }

    void oneBranchAlone() {
        Lab lab;
        Window window(lab.project.path());
        QVERIFY(window.waitForCommits(8));
        window.model()->setBranch(QStringLiteral("wide"));
        QVERIFY(window.waitForCommits(3));
        window.model()->setBranch({});
        QVERIFY(window.waitForCommits(8));
    }

    void emptyStates() {
        ScratchProject noGit(false);
        Window first(noGit.path());
        QTRY_COMPARE(first.model()->state(), HistoryModel::State::NotGit);
        shoot(first.view, QStringLiteral("no-git"));
        ScratchProject unborn;
        Window second(unborn.path());
        QTRY_COMPARE(second.model()->state(), HistoryModel::State::NoCommits);
        unborn.commit("a", "a", "First", 1);
        second.model()->checkForChanges();
        QVERIFY(second.waitForCommits(1));
        QVERIFY(second.model()->strip().empty());
        shoot(second.view, QStringLiteral("no-runs"));
        HistoryView none;
        none.resize(900, 600);
        none.setSession(nullptr);
        none.show();
        shoot(none, QStringLiteral("no-project"));
    }

    void tenThousandRuns() {
        ScratchProject project;
        const auto a = project.commit("a", "1", "One", 1);
        const auto b = project.commit("a", "2", "Two", 2);
        std::vector<test::ScratchRun> runs;
        for (int i = 0; i < 10'000; ++i) {
            runs.push_back({"r" + std::to_string(i), i % 3 == 0 ? a : b, {{"val/acc", 0.9 + 1e-6 * i}}});
        }
        project.addRuns(runs);
        Window window(project.path());
        QVERIFY(window.waitForCommits(2));
        QVERIFY(window.waitForRuns());
        QTRY_COMPARE(window.text(0, HistoryModel::Runs), QStringLiteral("6666 finished"));
        QCOMPARE(window.text(1, HistoryModel::Best), formatMetricForTest(0.9 + 1e-6 * 9999));
        window.click(0);
        QCOMPARE(window.pane()->runsTable()->model()->rowCount(), 6666);
        shoot(window.view, QStringLiteral("many-runs"));
    }

    void hundredThousandCommits() {
        ScratchProject project;
        // git fast-import makes a large history in a second or two.
        std::string stream;
        constexpr int kCommits = 100'000;
        for (int i = 1; i <= kCommits; ++i) {
            const std::string message = "Commit " + std::to_string(i);
            stream += "commit refs/heads/main\nmark :" + std::to_string(i) +
                      "\ncommitter Ada <a@example.org> " + std::to_string(1'600'000'000 + i * 60) +
                      " +0000\ndata " + std::to_string(message.size()) + "\n" + message + "\n";
            if (i > 1) {
                stream += "from :" + std::to_string(i - 1) + "\n";
            }
            if (i > 10 && i % 10 == 0) {
                stream += "merge :" + std::to_string(i - 7) + "\n";
            }
            stream += "M 100644 inline a\ndata 2\n" + std::to_string(i % 10) + "\n\n";
        }
        const auto imported = test::runProcess({"git", "fast-import", "--quiet"}, project.path(), stream);
        QCOMPARE(imported.exitCode, 0);
        Window window(project.path());
        window.tester.reset();  // it looks at every cell after every batch
        QElapsedTimer timer;
        timer.start();
        QTRY_VERIFY_WITH_TIMEOUT(window.model()->rowCount() > 0, 20'000);
        qInfo("first rows of %d commits after %lld ms", kCommits, timer.elapsed());
        QTRY_COMPARE_WITH_TIMEOUT(window.model()->loadedCommits(), kCommits, 60'000);
        qInfo("all after %lld ms", timer.elapsed());
        auto* bar = window.table()->verticalScrollBar();
        timer.restart();
        constexpr int kFrames = 40;
        for (int i = 0; i < kFrames; ++i) {
            bar->setValue(bar->maximum() / kFrames * i);
            window.table()->viewport()->repaint();
        }
        const double frame = static_cast<double>(timer.elapsed()) / kFrames;
        qInfo("a frame while scrolling: %.1f ms", frame);
        QVERIFY2(frame < 100, qPrintable(QString::number(frame)));
        timer.restart();
        window.toolbar()->search()->setText(QStringLiteral("commit 54321"));
        QTRY_COMPARE_WITH_TIMEOUT(window.model()->shownCommits(), 1, 20'000);
        qInfo("search over all: %lld ms", timer.elapsed());
    }

private:
    static QString formatMetricForTest(double value) { return QString::number(value, 'f', 4); }
};

QTEST_MAIN(TestHistoryView)
#include "tst_history_view.moc"
