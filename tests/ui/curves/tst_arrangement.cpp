// SPDX-License-Identifier: GPL-3.0-or-later
// Which charts the page shows and where: search, dragging, the way by keys, saved views.
#include <QApplication>
#include <QJsonObject>
#include <QLineEdit>
#include <QScrollBar>
#include <QToolButton>

#include "chart_grid.h"
#include "curves_window.h"
#include "drag_scroll.h"
#include "runglass/ui/session/saved_views.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/label.h"
#include "support/own_settings.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;

class ArrangementTest final : public test::TestCase {
    Q_OBJECT

    using Window = test::CurvesWindow;
    const test::OwnSettings m_settings;

private Q_SLOTS:
    void initTestCase() { Theme::install(*qApp, ThemeChoice::Light); }

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
};

QTEST_MAIN(ArrangementTest)
#include "tst_arrangement.moc"
