// SPDX-License-Identifier: GPL-3.0-or-later
// One chart by mouse, keyboard and screen reader: tooltip, values, limits, charts made by hand.
#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QToolButton>
#include <algorithm>

#include "chart_dialogs.h"
#include "chart_tooltip.h"
#include "chart_values.h"
#include "curves_window.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/label.h"
#include "support/own_settings.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;

class OneChartTest final : public test::TestCase {
    Q_OBJECT

    using Window = test::CurvesWindow;
    const test::OwnSettings m_settings;

    static ChartValues* openValues(Window* window) {
        window->plot("val/acc")->setFocus();
        QTest::keyClick(window->plot("val/acc"), Qt::Key_V);
        return window->pane.window()->findChild<ChartValues*>();
    }

private Q_SLOTS:
    void initTestCase() { Theme::install(*qApp, ThemeChoice::Light); }

    void aClickPinsTheTooltipAndItsValuesAreCopied() {
        Window window;
        window.addRepeats(1);
        window.open();
        QTRY_VERIFY(window.drawn("val/acc", 3));
        QTest::qWait(50);
        auto* plot = window.plot("val/acc");
        auto* tooltip = window.pane.findChild<ChartTooltip*>();
        const auto beside = Window::besideCurves(plot);
        QTest::mouseMove(plot, beside);
        QTRY_VERIFY(tooltip->isVisible());
        QVERIFY(!tooltip->isPinned());
        QTest::mouseClick(plot, Qt::LeftButton, {}, beside);
        QVERIFY(tooltip->isPinned());
        QVERIFY(window.session->selection().empty());
        const auto before = tooltip->rows().front().x;
        QTest::mouseMove(plot, beside + QPoint(40, 0));
        QCOMPARE(tooltip->rows().front().x, before);  // it stays
        QTest::mouseClick(tooltip->findChild<QToolButton*>(QStringLiteral("tooltipCopy")), Qt::LeftButton);
        const auto text = QApplication::clipboard()->text();
        QVERIFY(text.startsWith(QStringLiteral("rank\tname\tstep\ttime_ms\tsmoothed\tvalue\n1\t")));
        QCOMPARE(text.count(QLatin1Char('\n')), 4);
        plot->setFocus();
        QTest::keyClick(plot, Qt::Key_P);
        QVERIFY(!tooltip->isPinned() && !tooltip->isVisible());
    }

    void theTooltipIsSortedByChoice() {
        Window window;
        window.addRepeats(1);
        window.open();
        QTRY_VERIFY(window.drawn("val/loss", 3));
        QTest::qWait(50);
        auto* plot = window.plot("val/loss");
        auto* tooltip = window.pane.findChild<ChartTooltip*>();
        plot->setFocus();
        QTest::keyClick(plot, Qt::Key_Right);
        QTRY_VERIFY(tooltip->isVisible());
        QVERIFY(tooltip->rows().front().smoothed <= tooltip->rows().back().smoothed);  // a loss: least first
        QTest::keyClick(plot, Qt::Key_O);
        QVERIFY(tooltip->rows().front().smoothed >= tooltip->rows().back().smoothed);
        QCOMPARE(tooltip->rows().back().rank, 1);
    }

    void valuesAsATable() {
        Window window;
        window.addRepeats(1);
        window.open();
        QTRY_VERIFY(window.drawn("val/acc", 3));
        auto* values = openValues(&window);
        QVERIFY(values);
        auto* table = values->findChild<QTableView*>();
        QTRY_COMPARE(table->model()->rowCount(), 60);
        QCOMPARE(table->model()->columnCount(), 4);
        QCOMPARE(table->model()->headerData(1, Qt::Horizontal).toString(), QStringLiteral("cnn-a s1"));
        QCOMPARE(table->model()->headerData(0, Qt::Horizontal).toString(), QStringLiteral("step"));
        QCOMPARE(table->model()->index(3, 0).data().toString(), QStringLiteral("30"));
        QTest::keyClick(values, Qt::Key_C, Qt::ControlModifier);
        const auto lines = QApplication::clipboard()->text().split(QLatin1Char('\n'));
        QCOMPARE(lines.size(), qsizetype(62));
        QVERIFY(lines[1].startsWith(QStringLiteral("0\t0.")));
        values->close();
    }

    void valuesGoOnWithTheRun() {
        Window window;
        const auto spec = Window::liveRun();
        const auto id = window.project.add(spec);
        window.open();
        QTRY_VERIFY(window.drawn("val/acc", 1));
        auto* values = openValues(&window);
        QVERIFY(values);
        auto* table = values->findChild<QTableView*>();
        QTRY_COMPARE(table->model()->rowCount(), 50);
        table->selectRow(7);
        QSignalSpy reset(table->model(), &QAbstractItemModel::modelReset);
        window.project.addPoints(id, spec, 50, 60);
        QTRY_COMPARE(table->model()->rowCount(), 60);
        QCOMPARE(table->model()->index(59, 0).data().toString(), QStringLiteral("590"));
        QVERIFY(!table->model()->index(59, 1).data().toString().isEmpty());
        QCOMPARE(table->currentIndex().row(), 7);  // who looks at a row goes on looking at it
        QCOMPARE(reset.count(), 0);
        window.pane.setSession(nullptr);
        QVERIFY(!window.pane.window()->findChild<ChartValues*>());
    }

    void aChartBesideItsCurvesSaysSo() {
        Window window;
        window.addRepeats(1);
        window.open();
        QTRY_VERIFY(window.drawn("val/acc", 3));
        auto* plot = window.plot("val/acc");
        auto* notice = plot->findChild<QWidget*>(QStringLiteral("chartNotice"));
        QVERIFY(notice && notice->isHidden());
        Q_EMIT plot->zoomed(QCPRange(1000, 2000), std::nullopt);
        QTRY_VERIFY(notice->isVisible());
        QVERIFY(plot->rect().contains(notice->geometry()));
        QTest::mouseClick(notice->findChild<QPushButton*>(), Qt::LeftButton);
        QTRY_VERIFY(notice->isHidden());
        QVERIFY(plot->xRange().contains(590));
        Q_EMIT plot->zoomed(QCPRange(101, 109), std::nullopt);  // between two points: a line leads across
        QTest::qWait(50);
        QVERIFY(notice->isHidden());
        const auto& ys = plot->curves()[0].curve->main().ys;
        Q_EMIT plot->zoomed(plot->xRange(), QCPRange(7, 8));
        QTRY_VERIFY(notice->isVisible());
        QCOMPARE(notice->findChild<Label*>()->text(), QStringLiteral("No values from 7.0000 to 8.0000"));
        Q_EMIT plot->zoomed(plot->xRange(), QCPRange(std::min(ys[10], ys[11]), 8));
        QTRY_VERIFY(notice->isHidden());
    }

    void chartsOfExpressionsAreMadeByHand() {
        Window window;
        window.addRepeats(1);
        window.open();
        QTRY_VERIFY(window.drawn("val/acc", 3));
        window.plot("val/acc")->setFocus();
        QTest::keyClick(window.plot("val/acc"), Qt::Key_A);
        auto* editor = window.pane.window()->findChild<ChartEditor*>();
        QVERIFY(editor);
        auto* lines = editor->findChild<QPlainTextEdit*>();
        auto* message = editor->findChild<QLabel*>(QStringLiteral("message"));
        QTest::keyClicks(lines, QStringLiteral("train/loss - "));
        QVERIFY(message->text().contains(QStringLiteral("position 14")));
        QTest::keyClicks(lines, QStringLiteral("val/los"));
        QVERIFY(message->text().contains(QStringLiteral("No visible run has the metric val/los")));
        QTest::keyClicks(lines, QStringLiteral("s"));
        QTest::keyClicks(editor->findChild<QLineEdit*>(QStringLiteral("chartTitle")), QStringLiteral("gap"));
        editor->accept();
        QTRY_VERIFY(window.drawn("gap", 3));
        QCOMPARE(window.pane.chartCount(), 7);
        const auto& gap = *window.plot("gap")->curves()[0].curve->series;
        const auto& train = *window.plot("train/loss")->curves()[0].curve->series;
        const auto& val = *window.plot("val/loss")->curves()[0].curve->series;
        QCOMPARE(gap.values[7], train.values[7] - val.values[7]);
        // It is there again the next time.
        CurvesPane later;
        later.resize(660, 1400);
        later.setSession(window.session.get());
        later.show();
        QTRY_COMPARE(later.chartCount(), 7);
        later.setSession(nullptr);
    }

    void oneChartHasLimitsOfItsOwn() {
        Window window;
        window.project.add({"one"});
        window.open();
        QTRY_VERIFY(window.drawn("val/acc", 1));
        window.plot("val/acc")->setFocus();
        QTest::keyClick(window.plot("val/acc"), Qt::Key_E);
        auto* dialog = window.pane.window()->findChild<ChartOptions*>();
        QVERIFY(dialog);
        QTest::keyClicks(dialog->findChild<QLineEdit*>(QStringLiteral("yLower")), QStringLiteral("-1"));
        QVERIFY(!dialog->findChild<QLabel*>(QStringLiteral("message"))->text().isEmpty());
        QTest::keyClicks(dialog->findChild<QLineEdit*>(QStringLiteral("yUpper")), QStringLiteral("2.5"));
        QVERIFY(dialog->findChild<QLabel*>(QStringLiteral("message"))->text().isEmpty());
        dialog->accept();
        QTRY_COMPARE(window.plot("val/acc")->yRange(), QCPRange(-1, 2.5));
        QVERIFY(window.plot("val/loss")->yRange() != QCPRange(-1, 2.5));
    }

    void chartsHaveWordsForThoseWhoDoNotSeeThem() {
        Window window;
        window.addRepeats(1);
        window.open();
        QTRY_VERIFY(window.drawn("val/acc", 3));
        auto* interface = QAccessible::queryAccessibleInterface(window.plot("val/acc"));
        QVERIFY(interface);
        QCOMPARE(interface->role(), QAccessible::Chart);
        QCOMPARE(interface->text(QAccessible::Name), QStringLiteral("val/acc"));
        const auto text = interface->text(QAccessible::Description);
        QVERIFY2(text.startsWith(QStringLiteral("val/acc, 3 runs, step 0 to step 590; best cnn-a s")),
                 qPrintable(text));
        QVERIFY(interface->text(QAccessible::Value).contains(QStringLiteral("cnn-a s1 step 590: 0.")));
        QVERIFY(interface->actionInterface()->actionNames().contains(QStringLiteral("showValues")));
        interface->actionInterface()->doAction(QStringLiteral("showValues"));
        auto* values = window.pane.window()->findChild<ChartValues*>();
        QVERIFY(values);
        values->close();
    }
};

QTEST_MAIN(OneChartTest)
#include "tst_one_chart.moc"
