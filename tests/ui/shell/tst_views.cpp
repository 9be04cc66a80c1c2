// SPDX-License-Identifier: GPL-3.0-or-later
// Every view with 0, 1, 100 and 10,000 runs, by mouse and by keyboard.
#include <QAbstractItemView>
#include <QApplication>
#include <QHeaderView>
#include <QTreeView>

#include "navigation_rail.h"
#include "place.h"
#include "runglass/ui/curves/curves_pane.h"
#include "runglass/ui/launch/console_view.h"
#include "runglass/ui/runs/filter_field.h"
#include "runglass/ui/runs/run_table_pane.h"
#include "shell_support.h"
#include "support/scratch_project.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

/// A git project with so many runs on two commits, each with three metrics.
void fill(const test::ScratchProject& project, int count) {
    const auto first = project.commit("train.py", "print(1)\n", "First script", 1);
    const auto second = project.commit("train.py", "print(2)\n", "Second script", 2);
    std::vector<test::ScratchRun> runs;
    for (int i = 0; i < count; ++i) {
        const double quality = 0.5 + 0.4 * i / count;
        runs.push_back({"run " + std::to_string(i),
                        i % 2 == 0 ? first : second,
                        {{"val/acc", quality}, {"val/loss", 1 - quality}, {"train/loss", 1 - quality}},
                        i % 10 == 9 ? model::RunStatus::Failed : model::RunStatus::Finished,
                        false,
                        [i](model::RunDetail& detail) {
                            detail.record.params = {{Symbol("lr"), Symbol(std::to_string(i % 4))}};
                            detail.record.experiment = Symbol(i % 3 == 0 ? "a" : "b");
                        }});
    }
    project.addRuns(runs);
}

}  // namespace

class ViewsTest : public test::ShellTestCase {
    Q_OBJECT

    static QAbstractItemView* view(const MainWindow& window, const char* name) {
        return window.findChild<QAbstractItemView*>(QLatin1String(name));
    }
    static void clickRow(QAbstractItemView* view, int row, int column,
                         Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
        const auto rect = view->visualRect(view->model()->index(row, column));
        QVERIFY(view->viewport()->rect().contains(rect.center()));
        QTest::mouseClick(view->viewport(), Qt::LeftButton, modifiers, rect.center());
    }
    static void clickPlace(const MainWindow& window, const char* name) {
        auto* button = window.findChild<RailButton*>(QStringLiteral("rail.") + QLatin1String(name));
        QVERIFY(button != nullptr);
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(window.currentPlace(), QLatin1String(name));
    }

private Q_SLOTS:
    void views_data() {
        QTest::addColumn<int>("count");
        for (const int count : {0, 1, 100, 10'000}) {
            QTest::addRow("%d runs", count) << count;
        }
    }

    void views() {
        QFETCH(int, count);
        const test::ScratchProject project;
        fill(project, count);
        const auto all = static_cast<std::size_t>(count);
        MainWindow window;
        test::showWindow(&window, {1280, 720});
        QVERIFY(window.openProject(project.path()).ok());
        QTRY_VERIFY_WITH_TIMEOUT(window.session()->loaded(), 30'000);
        QTRY_COMPARE_WITH_TIMEOUT(window.session()->shown().size(), all, 30'000);
        runTable(window, count);
        curves(window, count);
        compare(window, count);
        history(window, count);
        launch(window, count);
        for (const Place& place : places()) {
            QVERIFY(window.goTo(QLatin1String(place.name)));
            QTRY_VERIFY(window.currentView()->isSettled());
            QVERIFY(!window.grab().isNull());
        }
    }

private:
    static void runTable(MainWindow& window, int count) {
        clickPlace(window, "runs");
        auto* table = static_cast<QTreeView*>(view(window, "runTable"));
        auto& session = *window.session();
        if (count == 0) {
            QTRY_VERIFY(!table->isVisible());  // an empty state says what to do
            return;
        }
        QTRY_VERIFY(table->model()->rowCount() > count);  // and rows of groups
        QTRY_COMPARE(session.selection().size(), std::size_t{1});
        clickRow(table, 1, 2);
        const auto first = session.selection();
        QTest::keyClick(table, Qt::Key_End);
        QCOMPARE(session.selection().size(), std::size_t{1});
        QVERIFY(count == 1 || session.selection() != first);
        QTest::keyClick(table, Qt::Key_Home);
        QTest::keyClick(table, Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(session.selection().size(), static_cast<std::size_t>(count));
        // By a click on its header: the largest accuracy first.
        auto* header = table->header();
        int metric = -1;
        for (int column = 0; column < header->count(); ++column) {
            if (table->model()->headerData(column, Qt::Horizontal).toString() == QLatin1String("val/acc")) {
                metric = column;
            }
        }
        QVERIFY(metric >= 0 && !header->isSectionHidden(metric));
        const QPoint title(header->sectionViewportPosition(metric) + 8, header->height() / 2);
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, title);
        const auto bestFirst = [&] {
            const auto& shown = session.shown();
            const auto value = [&](const RunId& id) {
                return session.run(id)->metric(Symbol("val/acc"))->max;
            };
            return value(shown.front()) >= value(shown[std::min<std::size_t>(1, shown.size() - 1)]);
        };
        QTRY_VERIFY(bestFirst());
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, title);
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, title);  // a third click ends it
        // The filter, by keys.
        QTest::keyClick(table, Qt::Key_Slash);
        auto* filter = window.findChild<FilterField*>();
        QTRY_VERIFY(filter->hasFocus());
        QTest::keyClicks(filter, QStringLiteral("params.lr = '1'"));
        QTRY_COMPARE(session.shown().size(), static_cast<std::size_t>((count + 2) / 4));
        filter->clear();
        QTRY_COMPARE(session.shown().size(), static_cast<std::size_t>(count));
    }

    static void curves(MainWindow& window, int count) {
        clickPlace(window, "curves");
        auto* pane = window.findChild<CurvesPane*>();
        QTRY_COMPARE(pane->chartCount(), count == 0 ? 0 : 3);
        if (count > 0) {
            auto* table = view(window, "runTable");
            table->setFocus();
            QTest::keyClick(table, Qt::Key_Home);
            const auto before = window.session()->plotted().size();
            clickRow(table, 1, 0);  // the swatch
            QTRY_VERIFY(window.session()->plotted().size() != before);
            clickRow(table, 1, 0);
            QTRY_COMPARE(window.session()->plotted().size(), before);
        }
    }

    static void compare(MainWindow& window, int count) {
        auto& session = *window.session();
        const auto& shown = session.shown();
        if (count >= 2) {
            session.select({shown[0], shown[1]});
        }
        clickPlace(window, "compare");
        QTRY_VERIFY(window.currentView()->isSettled());
        const auto text = window.currentView()->statusText();
        QVERIFY2(count < 2 || text.startsWith(QLatin1String("2 runs")), qPrintable(text));
    }

    static void history(MainWindow& window, int count) {
        clickPlace(window, "history");
        auto* commits = view(window, "historyTable");
        QTRY_COMPARE(commits->model()->rowCount(), 2);
        QTRY_VERIFY(window.currentView()->isSettled());
        clickRow(commits, 1, 1);
        QTest::keyClick(commits, Qt::Key_Up);
        QCOMPARE(commits->currentIndex().row(), 0);
        const auto text = window.currentView()->statusText();
        const auto withRuns = QStringLiteral(", %1 with runs").arg(std::min(count, 2));
        QTRY_VERIFY2(window.currentView()->statusText().contains(withRuns), qPrintable(text));
    }

    static void launch(MainWindow& window, int count) {
        clickPlace(window, "launch");
        auto* runs = view(window, "launchRuns");
        QTRY_VERIFY((runs->model()->rowCount() > 0) == (count > 0));
        if (count > 1) {
            clickRow(runs, 1, 1);
            QTest::keyClick(runs, Qt::Key_Up);
            QCOMPARE(runs->currentIndex().row(), 0);
        }
        QVERIFY(window.findChild<ConsoleView*>() != nullptr);
    }
};

QTEST_MAIN(ViewsTest)
#include "tst_views.moc"
