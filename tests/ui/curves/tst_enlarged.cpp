// SPDX-License-Identifier: GPL-3.0-or-later
// One chart alone: in the place of all others, or on the whole screen.
#include <QContextMenuEvent>
#include <QScrollBar>

#include "chart_grid.h"
#include "curves_window.h"
#include "menu_choice.h"
#include "runglass/ui/theme/theme.h"
#include "support/own_settings.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;

class EnlargedTest final : public test::TestCase {
    Q_OBJECT

    using Window = test::CurvesWindow;
    const test::OwnSettings m_settings;

private Q_SLOTS:
    void initTestCase() { Theme::install(*qApp, ThemeChoice::Light); }

    void oneChartFillsThePage() {
        Window window;
        window.project.add({"one"});
        window.open();
        QTRY_VERIFY(window.drawn("val/loss", 1));
        auto* scrollBar = window.pane.findChild<ChartGrid*>()->verticalScrollBar();
        window.pane.resize(400, 700);
        scrollBar->setValue(60);
        const int most = scrollBar->maximum();
        QVERIFY(most >= 60);
        window.plot("val/loss")->setFocus();
        QTest::keyClick(window.plot("val/loss"), Qt::Key_F);
        QVERIFY(window.card("val/loss")->height() > 400);
        QVERIFY(!window.card("val/acc"));
        QCOMPARE(scrollBar->maximum(), 0);  // there is nothing else
        QTest::keyClick(window.plot("val/loss"), Qt::Key_Escape);
        QVERIFY(window.card("val/loss")->height() < 300);
        QTRY_VERIFY(window.card("val/acc"));
        QCOMPARE(scrollBar->maximum(), most);
        QCOMPARE(scrollBar->value(), 60);
    }

    void fullScreenIsOfTheChart() {
        Window window;
        window.project.add({"one"});
        window.open();
        QTRY_VERIFY(window.drawn("val/loss", 1));
        auto* plot = window.plot("val/loss");
        test::chooseInNextMenu({QStringLiteral("Full screen")});
        QContextMenuEvent event(QContextMenuEvent::Keyboard, QPoint(), plot->mapToGlobal(QPoint()));
        QApplication::sendEvent(plot, &event);
        QTRY_VERIFY(window.pane.isFullScreen());
        QApplication::setActiveWindow(&window.pane);
        window.plot("val/loss")->setFocus();
        QTest::keyClick(window.plot("val/loss"), Qt::Key_Escape);
        QTRY_VERIFY(!window.pane.isFullScreen());
        QTRY_VERIFY(window.card("val/acc"));
        // Who was in full screen before stays there.
        window.pane.showFullScreen();
        QTRY_VERIFY(window.drawn("val/loss", 1));
        plot = window.plot("val/loss");
        test::chooseInNextMenu({QStringLiteral("Full screen")});
        QContextMenuEvent again(QContextMenuEvent::Keyboard, QPoint(), plot->mapToGlobal(QPoint()));
        QApplication::sendEvent(plot, &again);
        QApplication::setActiveWindow(&window.pane);
        window.plot("val/loss")->setFocus();
        QTest::keyClick(window.plot("val/loss"), Qt::Key_Escape);
        QTRY_VERIFY(window.card("val/acc"));
        QVERIFY(window.pane.isFullScreen());
    }
};

QTEST_MAIN(EnlargedTest)
#include "tst_enlarged.moc"
