// SPDX-License-Identifier: GPL-3.0-or-later
// Repeats drawn as one curve, and what gives curves their colors.
#include <QPushButton>
#include <QSignalSpy>
#include <QToolButton>
#include <QUndoStack>

#include "curve_legend.h"
#include "curves_window.h"
#include "menu_choice.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/banner.h"
#include "support/own_settings.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;

class GroupsTest final : public test::TestCase {
    Q_OBJECT

    using Window = test::CurvesWindow;
    const test::OwnSettings m_settings;

private Q_SLOTS:
    void initTestCase() { Theme::install(*qApp, ThemeChoice::Light); }

    void groupsAreDrawnAsOne() {
        Window window;
        window.addRepeats(2);
        window.open();
        QTRY_VERIFY(window.drawn("val/acc", 6));
        auto* button = window.pane.findChild<QPushButton*>(QStringLiteral("groupButton"));
        test::chooseInNextMenu({QStringLiteral("Repeats (all params but the seed)")});
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
        test::chooseInNextMenu({QStringLiteral("Minimum to maximum")});
        QTest::mouseClick(button, Qt::LeftButton);
        QTRY_VERIFY(legend->text().contains(QStringLiteral("min–max")));
        test::chooseInNextMenu({QStringLiteral("No groups")});
        QTest::mouseClick(button, Qt::LeftButton);
        QTRY_VERIFY(window.drawn("val/acc", 6));
        QVERIFY(!legend->isVisible());
    }

    void colorsByAParamHaveAScale() {
        Window window;
        window.addRepeats(2);
        window.open();
        QTRY_VERIFY(window.drawn("val/acc", 6));
        test::chooseInNextMenu({QStringLiteral("Colors by"), QStringLiteral("Param"), QStringLiteral("lr")});
        QTest::mouseClick(window.pane.findChild<QToolButton*>(QStringLiteral("chartsMore")), Qt::LeftButton);
        QTRY_COMPARE(window.plot("val/acc")->curves()[0].color, Theme::current().sequential(1));
        QCOMPARE(window.plot("val/acc")->curves()[5].color, Theme::current().sequential(0));
        QVERIFY(window.pane.findChild<CurveLegend*>()->text().startsWith(QStringLiteral("lr from")));
    }

    // Whatever shows a run beside the charts has its colour from the session.
    void otherViewsTakeOverTheColors() {
        Window window;
        window.addRepeats(2);
        window.open();
        QTRY_VERIFY(window.drawn("val/acc", 6));
        const auto first = window.plot("val/acc")->curves()[0].run;
        const auto colorOf = [&](const RunId& id) {
            return window.session->runColor(*window.session->run(id));
        };
        const auto own = colorOf(first);
        QCOMPARE(own, window.plot("val/acc")->curves()[0].color);
        QSignalSpy changed(window.session.get(), &ProjectSession::runColorsChanged);
        test::chooseInNextMenu({QStringLiteral("Colors by"), QStringLiteral("Param"), QStringLiteral("lr")});
        QTest::mouseClick(window.pane.findChild<QToolButton*>(QStringLiteral("chartsMore")), Qt::LeftButton);
        QTRY_COMPARE(window.plot("val/acc")->curves()[0].color, Theme::current().sequential(1));
        QVERIFY(!changed.isEmpty());
        for (const auto& drawn : window.plot("val/acc")->curves()) {
            QCOMPARE(colorOf(drawn.run), drawn.color);
        }
        window.session->setColor({first}, 0x123456);
        QTRY_COMPARE(colorOf(first), QColor(0x12, 0x34, 0x56));
        test::chooseInNextMenu({QStringLiteral("Colors by"), QStringLiteral("Run")});
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
};

QTEST_MAIN(GroupsTest)
#include "tst_groups.moc"
