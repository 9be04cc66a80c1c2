// SPDX-License-Identifier: GPL-3.0-or-later
// The pane of charts by mouse and keyboard: tooltip, groups, arrangement, charts made by hand.
#include <QAccessible>
#include <QClipboard>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>
#include <QToolButton>

#include "chart_dialogs.h"
#include "chart_grid.h"
#include "chart_tooltip.h"
#include "chart_values.h"
#include "curve_legend.h"
#include "curves_window.h"
#include "drag_scroll.h"
#include "runglass/ui/session/saved_views.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/banner.h"
#include "runglass/ui/widgets/label.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;

class ViewTest final : public test::TestCase {
    Q_OBJECT

    using Window = test::CurvesWindow;
    QTemporaryDir m_settings;

    static void addRepeats(Window* window, int groups = 2) {
        for (int group = 0; group < groups; ++group) {
            for (const char* seed : {"1", "2", "3"}) {
                window->project.add({"cnn-" + std::string(1, static_cast<char>('a' + group)) + " s" + seed,
                                     "digits-cnn", model::RunStatus::Finished, 0.95 + 0.02 * group,
                                     group ? "1e-3" : "1e-2", "sgd", seed, 60});
            }
        }
    }
    static void group(Window* window, RunKey::Kind kind, Symbol key = {}) {
        auto settings = window->pane.settings();
        settings.group.by = {kind, key};
        window->pane.setSettings(settings);
    }
    /// Chooses an item of the menu that opens next.
    static void choose(const QStringList& path) {
        QTimer::singleShot(0, qApp, [path] {
            auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
            for (qsizetype i = 0; menu && i < path.size(); ++i) {
                QAction* found = nullptr;
                for (auto* action : menu->actions()) {
                    found = action->text() == path[i] ? action : found;
                }
                if (!found) {
                    QTest::qFail(qPrintable(path[i] + QStringLiteral(" is not in the menu")), __FILE__,
                                 __LINE__);
                    break;
                }
                if (auto* sub = found->menu()) {
                    menu = sub;
                } else {
                    found->trigger();
                }
            }
            while (auto* popup = QApplication::activePopupWidget()) {
                popup->close();
            }
        });
    }

private Q_SLOTS:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_settings.path());
        Theme::install(*qApp, ThemeChoice::Light);
    }

    void aClickPinsTheTooltipAndItsValuesAreCopied() {
        Window window;
        addRepeats(&window, 1);
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
        addRepeats(&window, 1);
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

    void groupsAreDrawnAsOne() {
        Window window;
        addRepeats(&window);
        window.open();
        QTRY_VERIFY(window.drawn("val/acc", 6));
        auto* button = window.pane.findChild<QPushButton*>(QStringLiteral("groupButton"));
        choose({QStringLiteral("Repeats (all params but the seed)")});
        QTest::mouseClick(button, Qt::LeftButton);
        QTRY_VERIFY(window.drawn("val/acc", 2));
        const auto curves = window.plot("val/acc")->curves();
        QCOMPARE(curves[0].name, QStringLiteral("cnn-a"));
        QCOMPARE(curves[0].members.size(), std::size_t(3));
        QVERIFY(curves[0].curve->band.has_value());
        auto* legend = window.pane.findChild<CurveLegend*>();
        QVERIFY(legend->isVisible());
        QVERIFY2(legend->text().contains(QStringLiteral("standard deviation")), qPrintable(legend->text()));
        QVERIFY(legend->text().contains(QStringLiteral("cnn-b n 3")));
        // A click on the line selects all its runs.
        auto* plot = window.plot("val/acc");
        QTest::qWait(50);
        QTest::mouseClick(plot, Qt::LeftButton, {}, Window::middleOf(plot, 1));
        QCOMPARE(window.session->selection().size(), std::size_t(3));
        choose({QStringLiteral("Minimum to maximum")});
        QTest::mouseClick(button, Qt::LeftButton);
        QTRY_VERIFY(legend->text().contains(QStringLiteral("min–max")));
        choose({QStringLiteral("No groups")});
        QTest::mouseClick(button, Qt::LeftButton);
        QTRY_VERIFY(window.drawn("val/acc", 6));
        QVERIFY(!legend->isVisible());
    }

    void colorsByAParamHaveAScale() {
        Window window;
        addRepeats(&window);
        window.open();
        QTRY_VERIFY(window.drawn("val/acc", 6));
        choose({QStringLiteral("Colors by"), QStringLiteral("Param"), QStringLiteral("lr")});
        QTest::mouseClick(window.pane.findChild<QToolButton*>(QStringLiteral("chartsMore")), Qt::LeftButton);
        QTRY_COMPARE(window.plot("val/acc")->curves()[0].color, Theme::current().sequential(1));
        QCOMPARE(window.plot("val/acc")->curves()[5].color, Theme::current().sequential(0));
        QVERIFY(window.pane.findChild<CurveLegend*>()->text().startsWith(QStringLiteral("lr from")));
    }

    // Whatever shows a run beside the charts has its colour from the session.
    void otherViewsTakeOverTheColors() {
        Window window;
        addRepeats(&window);
        window.open();
        QTRY_VERIFY(window.drawn("val/acc", 6));
        const auto first = window.plot("val/acc")->curves()[0].run;
        const auto colorOf = [&](const RunId& id) {
            return window.session->runColor(*window.session->run(id));
        };
        const auto own = colorOf(first);
        QCOMPARE(own, window.plot("val/acc")->curves()[0].color);
        QSignalSpy changed(window.session.get(), &ProjectSession::runColorsChanged);
        choose({QStringLiteral("Colors by"), QStringLiteral("Param"), QStringLiteral("lr")});
        QTest::mouseClick(window.pane.findChild<QToolButton*>(QStringLiteral("chartsMore")), Qt::LeftButton);
        QTRY_COMPARE(window.plot("val/acc")->curves()[0].color, Theme::current().sequential(1));
        QVERIFY(!changed.isEmpty());
        for (const auto& drawn : window.plot("val/acc")->curves()) {
            QCOMPARE(colorOf(drawn.run), drawn.color);
        }
        window.session->setColor({first}, 0x123456);
        QTRY_COMPARE(colorOf(first), QColor(0x12, 0x34, 0x56));
        choose({QStringLiteral("Colors by"), QStringLiteral("Run")});
        QTest::mouseClick(window.pane.findChild<QToolButton*>(QStringLiteral("chartsMore")), Qt::LeftButton);
        window.session->setColor({first}, std::nullopt);
        QTRY_COMPARE(colorOf(first), own);
    }

    void aColorPickedByHandStaysAndIsUndone() {
        Window window;
        const auto id = window.project.add({"one"});
        window.open();
        QTRY_VERIFY(window.drawn("val/acc", 1));
        window.session->setColor({id}, 0x123456);
        QTRY_COMPARE(window.plot("val/acc")->curves()[0].color, QColor(0x12, 0x34, 0x56));
        window.session->undoStack()->undo();
        QTRY_COMPARE(window.plot("val/acc")->curves()[0].color, Theme::current().seriesColor(0));
    }

    void aBadExpressionInTheSearchIsSaid() {
        Window window;
        window.project.add({"one"});
        window.open();
        QTRY_COMPARE(window.pane.chartCount(), 6);
        auto* search = window.pane.findChild<QLineEdit*>(QStringLiteral("chartSearch"));
        auto* message = window.pane.findChild<Label*>(QStringLiteral("chartSearchMistake"));
        QTest::mouseClick(window.pane.findChild<QToolButton*>(QStringLiteral("chartSearchExpression")),
                          Qt::LeftButton);
        QTest::keyClicks(search, QStringLiteral("^(val|train)/loss$"));
        QCOMPARE(window.pane.chartCount(), 2);
        QVERIFY(!message->isVisible());
        QTest::keyClick(search, Qt::Key_Backspace);
        search->setText(QStringLiteral("(val"));
        QVERIFY(message->isVisible() && message->text().contains(QStringLiteral("position")));
        QCOMPARE(window.pane.chartCount(), 6);
    }

    void chartsAreDraggedToOtherPlaces() {
        Window window;
        window.project.add({"one"});
        window.open(700);
        QTRY_VERIFY(window.drawn("val/acc", 1) && window.drawn("val/loss", 1));
        auto* first = window.card("val/acc");
        auto* second = window.card("val/loss");
        QVERIFY(first->x() < second->x());
        const QPoint from(40, 10);
        const QPoint to = first->mapFromGlobal(second->mapToGlobal(second->rect().center() + QPoint(60, 0)));
        QTest::mousePress(first, Qt::LeftButton, {}, from);
        QTest::mouseMove(first, from + QPoint(30, 10));
        QTest::mouseMove(first, to);
        QVERIFY(window.pane.findChild<QWidget*>(QStringLiteral("dropLine"))->isVisible());
        QTest::mouseRelease(first, Qt::LeftButton, {}, to);
        QVERIFY(window.card("val/acc")->x() > window.card("val/loss")->x());
        // And back by key.
        window.plot("val/acc")->setFocus();
        QTest::keyClick(window.plot("val/acc"), Qt::Key_Left, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(window.card("val/acc")->x() < window.card("val/loss")->x());
    }

    void thePageScrollsWhileAChartIsDraggedNearItsEdge() {
        Window window;
        window.project.add({"one"});
        window.open(400, 420);
        QTRY_VERIFY(window.drawn("val/acc", 1));
        auto* grid = window.pane.findChild<ChartGrid*>();
        auto* bar = grid->verticalScrollBar();
        QTRY_VERIFY(bar->maximum() > 200);
        auto* card = window.card("val/acc");
        const auto below = [&](int y) {
            return card->mapFromGlobal(grid->viewport()->mapToGlobal(QPoint(200, y)));
        };
        const int height = grid->viewport()->height();
        QTest::mousePress(card, Qt::LeftButton, {}, QPoint(40, 10));
        QTest::mouseMove(card, below(height / 2));
        QTest::qWait(60);
        QCOMPARE(bar->value(), 0);  // not in the middle
        QTest::mouseMove(card, below(height - 2));
        QTRY_COMPARE(bar->value(), bar->maximum());
        QVERIFY(card->y() + card->height() < 0);  // out of sight, and still what is dragged
        QTest::mouseMove(card, below(1));
        QTRY_COMPARE(bar->value(), 0);
        QTest::mouseMove(card, below(height - 2));
        QTRY_VERIFY(bar->value() > 100);
        QTest::mouseRelease(card, Qt::LeftButton, {}, below(height / 2));
        const int there = bar->value();
        QTest::qWait(60);
        QCOMPARE(bar->value(), there);
        QVERIFY(!window.pane.findChild<QWidget*>(QStringLiteral("dropLine"))->isVisible());
        QVERIFY(grid->order().front() != Symbol("val/acc"));
        QVERIFY(DragScroll::speedAt(height, height) > DragScroll::speedAt(height - 20, height));
        QVERIFY(DragScroll::speedAt(0, height) < DragScroll::speedAt(20, height));
    }

    void tabGoesFromChartToChartAndScrolls() {
        Window window;
        window.project.add({"one"});
        window.open(400, 260);  // one column, and the second chart out of sight
        QTRY_VERIFY(window.pane.findChild<ChartPlot*>());
        QApplication::setActiveWindow(&window.pane);
        auto* first = window.pane.findChild<ChartPlot*>();
        first->setFocus();
        QTRY_VERIFY(first->hasFocus());
        const auto focused = [] {
            const auto* plot = qobject_cast<ChartPlot*>(QApplication::focusWidget());
            return plot ? qobject_cast<ChartCard*>(plot->parentWidget())->id() : Symbol();
        };
        std::vector<Symbol> visited{focused()};
        for (int i = 0; i < 3; ++i) {
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
            visited.push_back(focused());
            QVERIFY(!visited.back().empty());
            QVERIFY(!QApplication::focusWidget()->visibleRegion().isEmpty());
            QVERIFY(visited.back() != visited[visited.size() - 2]);
        }
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Backtab);
        QVERIFY(focused() == visited[2]);
    }

    void arrowsGoFromChartToChart() {
        Window window;
        window.project.add({"one"});
        window.open();
        QTRY_VERIFY(window.drawn("val/loss", 1));
        auto* grid = window.pane.findChild<ChartGrid*>();
        window.pane.activateWindow();
        window.plot("val/acc")->setFocus();
        QTest::keyClick(window.plot("val/acc"), Qt::Key_Down);
        QTRY_VERIFY(window.plot("val/loss")->hasFocus());
        for (int i = 0; i < 8; ++i) {
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Down);
        }
        QTRY_VERIFY(window.plot("optim/lr")->hasFocus());
        QVERIFY(grid->card(Symbol("optim/lr"))->geometry().bottom() <= grid->viewport()->height());
    }

    void valuesAsATable() {
        Window window;
        addRepeats(&window, 1);
        window.open();
        QTRY_VERIFY(window.drawn("val/acc", 3));
        window.plot("val/acc")->setFocus();
        QTest::keyClick(window.plot("val/acc"), Qt::Key_V);
        auto* values = window.pane.window()->findChild<ChartValues*>();
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
        test::SampleProject::Spec spec;
        spec.name = "live";
        spec.status = model::RunStatus::Running;
        spec.points = 50;
        const auto id = window.project.add(spec);
        window.open();
        QTRY_VERIFY(window.drawn("val/acc", 1));
        window.plot("val/acc")->setFocus();
        QTest::keyClick(window.plot("val/acc"), Qt::Key_V);
        auto* values = window.pane.window()->findChild<ChartValues*>();
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
        addRepeats(&window, 1);
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
    }

    void chartsOfExpressionsAreMadeByHand() {
        Window window;
        addRepeats(&window, 1);
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

    void viewsAreSavedWithTheProject() {
        Window window;
        window.project.add({"one"});
        window.open();
        QTRY_VERIFY(window.drawn("val/acc", 1));
        window.pane.setPinned({Symbol("val/acc")});
        const auto state = window.pane.viewState();
        const auto& project = window.project.path();
        const auto name = QStringLiteral("Losses / main");
        VERIFY_OK(saved_views::write(project, name, {{QStringLiteral("curves"), state}}));
        VERIFY_OK(saved_views::write(project, name, {{QStringLiteral("runs"), QJsonObject()}}));
        QCOMPARE(saved_views::names(project), QStringList{QStringLiteral("Losses / main")});
        const auto file = saved_views::file(project, QStringLiteral("Losses / main"));
        QVERIFY(file.parent_path() == project / ".runglass" / "views");
        window.pane.setPinned({});
        const auto view = saved_views::read(project, QStringLiteral("Losses / main"));
        QVERIFY(view && view->contains(QLatin1String("runs")));
        window.pane.setViewState((*view)[QLatin1String("curves")].toObject());
        QTRY_VERIFY(window.card("val/acc") && window.card("val/acc")->isPinned());
        QCOMPARE(window.pane.viewState(), state);
        VERIFY_OK(saved_views::remove(project, QStringLiteral("Losses / main")));
        QVERIFY(saved_views::names(project).isEmpty());
        QVERIFY(saved_views::file(project, QStringLiteral("../../etc")).parent_path() ==
                project / ".runglass/views");
        QVERIFY(saved_views::file(project, QString(300, QLatin1Char('x'))).empty());
    }

    void manyRunsCanBeGroupedAtOnce() {
        Window window;
        std::vector<RunId> ids;
        for (int i = 0; i < 1001; ++i) {
            ids.push_back(window.project.add({"r" + std::to_string(i), i % 2 ? "odd" : "even",
                                              model::RunStatus::Finished, 0.9, "1e-3", "sgd", "0", 3}));
        }
        window.open();
        QTRY_VERIFY(window.session->loaded());
        auto* note = window.pane.findChild<Banner*>(QStringLiteral("manyRunsNote"));
        QVERIFY(!note->isVisible());
        window.session->showOnly(ids);
        QTRY_VERIFY(note->isVisible());
        QVERIFY(note->text().startsWith(QStringLiteral("1\u2009001 runs")));
        QTRY_VERIFY_WITH_TIMEOUT(window.drawn("val/acc", 1001), 30'000);
        QTest::mouseClick(note->findChild<QPushButton*>(), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(window.drawn("val/acc", 2), 30'000);
        QVERIFY(!note->isVisible());
        QCOMPARE(window.plot("val/acc")->curves()[0].curve->n.front(), std::uint32_t(501));
    }

    void chartsHaveWordsForThoseWhoDoNotSeeThem() {
        Window window;
        addRepeats(&window, 1);
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

QTEST_MAIN(ViewTest)
#include "tst_view.moc"
