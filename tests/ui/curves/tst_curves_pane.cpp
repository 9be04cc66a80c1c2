// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QContextMenuEvent>
#include <QLineEdit>
#include <QMenu>
#include <QScrollBar>
#include <QSpontaneKeyEvent>
#include <QTimer>
#include <QWheelEvent>
#include <fstream>

#include "../../core/sources/level_log_writer.h"
#include "curves_window.h"
#include "runglass/ui/session/app_settings.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/empty_state.h"
#include "support/own_settings.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;

class CurvesPaneTest final : public test::TestCase {
    Q_OBJECT

    using Window = test::CurvesWindow;

    static void shot(QWidget& widget, const char* name) {
        if (const auto folder = qEnvironmentVariable("RUNGLASS_SCREENSHOTS"); !folder.isEmpty()) {
            QTest::qWait(200);
            widget.grab().save(QStringLiteral("%1/%2.png").arg(folder, QLatin1String(name)));
        }
    }

    const test::OwnSettings m_settings;

private Q_SLOTS:
    void initTestCase() { Theme::install(*qApp, ThemeChoice::Light); }

    void drawsTheVisibleRuns() {
        Window window;
        window.project.addTypicalRuns();
        window.open();
        QTRY_VERIFY(window.session->loaded());
        QTRY_VERIFY(window.drawn("val/acc", 22));
        std::vector<RunId> some;
        for (const auto& run : window.session->runs()->runs) {
            if (run->experiment.text() == "digits-cnn") {
                some.push_back(run->id);
            }
        }
        window.session->showOnly(some);
        QTRY_VERIFY(window.drawn("val/acc", 9));
        QCOMPARE(window.pane.chartCount(), 6);
        window.pane.setPinned({Symbol("val/loss")});
        window.pane.setLogY(Symbol("val/loss"), true);
        window.session->select({some[some.size() - 4]});
        QTRY_VERIFY(window.drawn("val/loss", 9));
        QTest::qWait(100);
        auto* plot = window.plot("val/loss");
        QTest::mouseMove(plot, plot->rect().center());
        QTest::qWait(50);
        shot(window.pane, "curves-light");
        window.session->setHighlighted(std::nullopt);
        Theme::current().setChoice(ThemeChoice::Dark);
        shot(window.pane, "curves-dark");
        Theme::current().setChoice(ThemeChoice::Light);
    }

    // What `wandb.define_metric("client/*", step_metric="round")` asks for.
    void metricsAreDrawnOverWhatTheirScriptDefined() {
        Window window;
        const auto item = [](const char* key, int value) {
            return test::Message().text(1, key).text(16, std::to_string(value));
        };
        auto log = test::LevelLogWriter::wandb();
        log.record(test::Message().message(17, test::Message().text(1, "abc123").text(3, "vision")));
        log.record(test::Message().message(12, test::Message().text(2, "client/*").text(4, "round")));
        for (int step = 0; step < 4; ++step) {
            test::Message row;
            row.message(1, item("client/acc", 10 * step)).message(1, item("round", 100 + step));
            row.message(1, item("other", step)).message(1, item("_step", step));
            log.record(test::Message().message(2, row));
        }
        const auto folder = window.project.path() / "wandb/run-20240102_030405-abc123";
        std::filesystem::create_directories(folder);
        std::ofstream(folder / "run-abc123.wandb", std::ios::binary) << log.bytes();
        window.open();
        const auto xs = [&](const char* key) {
            QList<double> all;
            if (window.drawn(key, 1)) {
                const auto& curve = *window.plot(key)->curves()[0].curve;
                for (std::size_t i = 0; i < curve.xs.size(); ++i) {
                    all << curve.xs[i];
                }
            }
            return all;
        };
        QTRY_COMPARE(xs("client/acc"), (QList<double>{100, 101, 102, 103}));
        QTRY_COMPARE(xs("other"), (QList<double>{0, 1, 2, 3}));
        QVERIFY(window.plot("client/acc")->settings().xMetric == Symbol("round"));

        auto settings = window.pane.settings();
        settings.definedX = false;
        window.pane.setSettings(settings);
        QTRY_COMPARE(xs("client/acc"), (QList<double>{0, 1, 2, 3}));
        settings.definedX = true;
        window.pane.setSettings(settings);
        QTRY_COMPARE(xs("client/acc"), (QList<double>{100, 101, 102, 103}));

        // A place over rounds means nothing over steps.
        auto* plot = window.plot("client/acc");
        Q_EMIT plot->zoomed(QCPRange(100.5, 102.5), std::nullopt);
        QTRY_COMPARE(plot->xRange().lower, 100.5);
        QVERIFY(window.plot("other")->xRange().lower <= 0);
    }

    void pointsThatArriveAreDrawnSoon() {
        Window window;
        const auto spec = Window::liveRun();
        const auto id = window.project.add(spec);
        window.open();
        QTRY_VERIFY(window.drawn("val/acc", 1));
        QCOMPARE(window.plot("val/acc")->curves()[0].curve->xs.size(), std::size_t(50));
        // 60 ms of gathering at most lie between the news and the drawing; tests/bench/live_points.py
        // measures.
        window.project.addPoints(id, spec, 50, 60);
        QTRY_COMPARE(window.plot("val/acc")->curves()[0].curve->xs.size(), std::size_t(60));
        QVERIFY(window.plot("val/acc")->curves()[0].live);
    }

    void zoomIsLinkedAndGoesBack() {
        Window window;
        window.project.add({"one"});
        window.open();
        QTRY_VERIFY(window.drawn("val/acc", 1) && window.drawn("train/acc", 1));
        auto* plot = window.plot("val/acc");
        QTest::qWait(50);
        const auto all = plot->xRange();
        const auto area = plot->axisRect()->rect();
        const QPoint from(area.left() + area.width() / 4, area.center().y());
        const QPoint to(area.left() + area.width() / 2, area.center().y() + 2);
        QTest::mousePress(plot, Qt::LeftButton, {}, from);
        QTest::mouseMove(plot, to);
        QTest::mouseRelease(plot, Qt::LeftButton, {}, to);
        QTRY_VERIFY(plot->xRange().size() < all.size() * 0.3);
        QVERIFY(plot->xRange().size() > all.size() * 0.2);
        QTRY_COMPARE(window.plot("train/acc")->xRange(), plot->xRange());
        plot->setFocus();
        QTest::keyClick(plot, Qt::Key_Backspace);
        QTRY_COMPARE(plot->xRange(), all);
        QTest::keyClick(plot, Qt::Key_Backspace, Qt::ShiftModifier);
        QTRY_VERIFY(plot->xRange().size() < all.size() * 0.3);
        QTest::mouseDClick(plot, Qt::LeftButton, {}, from);
        QTRY_COMPARE(plot->xRange(), all);
    }

    void theWheelScrollsThePageAndZoomsWithControl() {
        Window window;
        window.project.add({"one"});
        window.open(660, 300);
        QTRY_VERIFY(window.drawn("val/acc", 1) || window.drawn("val/loss", 1));
        auto* plot = window.pane.findChild<ChartPlot*>();
        auto* grid = window.pane.findChild<QAbstractScrollArea*>(QStringLiteral("chartGrid"));
        QTRY_VERIFY(grid->verticalScrollBar()->maximum() > 0);
        const auto turn = [&](Qt::KeyboardModifiers modifiers) {
            const QPoint at = plot->rect().center();
            QWheelEvent event(at, plot->mapToGlobal(at), {}, {0, -120}, Qt::NoButton, modifiers,
                              Qt::NoScrollPhase, false);
            QSpontaneKeyEvent::setSpontaneous(&event);  // others are not handed on to the page
            qApp->notify(plot, &event);
        };
        const auto before = plot->xAxis->range();
        turn(Qt::NoModifier);
        QVERIFY(grid->verticalScrollBar()->value() > 0);
        QCOMPARE(plot->xAxis->range(), before);
        turn(Qt::ControlModifier);
        QTRY_VERIFY(plot->xAxis->range() != before);
    }

    void theMenuOfAChartOpensFromItsPlot() {
        Window window;
        window.project.add({"one"});
        window.open();
        QTRY_VERIFY(window.drawn("val/loss", 1));
        auto* plot = window.plot("val/loss");
        for (const auto reason : {QContextMenuEvent::Mouse, QContextMenuEvent::Keyboard}) {
            bool opened = false;
            QTimer::singleShot(0, plot, [&opened] {
                auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
                opened = menu && menu->objectName() == QLatin1String("chartMenu");
                if (menu) {
                    menu->close();
                }
            });
            const QPoint at = plot->rect().center();
            QContextMenuEvent event(reason, at, plot->mapToGlobal(at));
            QApplication::sendEvent(plot, &event);
            QVERIFY(opened);
        }
    }

    void aSearchWithoutAHitSaysSo() {
        Window window;
        window.project.add({"one"});
        window.open();
        QTRY_VERIFY(window.drawn("val/loss", 1));
        auto* search = window.pane.findChild<QLineEdit*>();
        search->setText(QStringLiteral("nothing has this name"));
        QTRY_VERIFY(!window.card("val/loss"));
        const auto states = window.pane.findChildren<EmptyState*>();
        QVERIFY(std::any_of(states.begin(), states.end(), [](auto* state) { return state->isVisible(); }));
    }

    void clickOnACurveSelectsItsRun() {
        Window window;
        const auto id = window.project.add({"one"});
        window.open();
        QTRY_VERIFY(window.drawn("optim/lr", 1));
        QTest::qWait(50);
        auto* plot = window.plot("optim/lr");
        const auto& curve = *plot->curves()[0].curve;
        const auto i = curve.xs.size() / 2;
        const QPoint at(static_cast<int>(plot->xAxis->coordToPixel(curve.xs[i])),
                        static_cast<int>(plot->yAxis->coordToPixel(curve.main().ys[i])));
        QTest::mouseClick(plot, Qt::LeftButton, {}, at);
        QCOMPARE(window.session->selection(), std::vector<RunId>{id});
        QTest::mouseMove(plot, at);
        QTRY_COMPARE(window.session->highlighted(), std::optional(id));
        QTRY_VERIFY(window.pane.findChild<QWidget*>(QStringLiteral("chartTooltip"))->isVisible());
    }

    void clickOnATitleMakesItsChartTheCurrentOne() {
        Window window;
        window.project.add({"one"});
        window.open();
        QTRY_VERIFY(window.drawn("val/loss", 1) && window.drawn("train/loss", 1));
        window.plot("train/loss")->setFocus();
        auto* card = window.card("val/loss");
        QTest::mouseClick(card, Qt::LeftButton, {}, QPoint(20, 12));
        QVERIFY(card->plot().hasFocus());
        QTest::keyClick(&card->plot(), Qt::Key_L);
        QTRY_VERIFY(card->plot().settings().logY);
        QVERIFY(!window.plot("train/loss")->settings().logY);
    }

    void keysMoveAndZoomY() {
        Window window;
        window.project.add({"one"});
        window.open();
        QTRY_VERIFY(window.drawn("val/loss", 1));
        QTest::qWait(50);
        auto* plot = window.plot("val/loss");
        plot->setFocus();
        const auto fitted = plot->yRange();
        const auto x = plot->xRange();
        const double fifth = 0.2 * fitted.size();
        const auto isNear = [&](double value, double expected) {
            return std::abs(value - expected) < 1e-6 * fitted.size();
        };
        QTest::keyClick(plot, Qt::Key_Up, Qt::ShiftModifier);
        QTRY_VERIFY(isNear(plot->yRange().lower, fitted.lower + fifth));
        QVERIFY(isNear(plot->yRange().upper, fitted.upper + fifth));
        QTest::keyClick(plot, Qt::Key_Down, Qt::ShiftModifier);
        QTest::keyClick(plot, Qt::Key_Down, Qt::ShiftModifier);
        QTRY_VERIFY(isNear(plot->yRange().upper, fitted.upper - fifth));
        QTest::keyClick(plot, Qt::Key_Up, Qt::ControlModifier);
        QTRY_VERIFY(isNear(plot->yRange().size(), 0.7 * fitted.size()));
        QVERIFY(isNear(plot->yRange().center(), fitted.center() - fifth));
        QTest::keyClick(plot, Qt::Key_Down, Qt::ControlModifier);
        QTRY_VERIFY(isNear(plot->yRange().size(), fitted.size()));
        QCOMPARE(plot->xRange().lower, x.lower);  // and follows the edge as before
        QCOMPARE(plot->xRange().upper, x.upper);
        QTest::keyClick(plot, Qt::Key_0);
        QTRY_COMPARE(plot->yRange(), fitted);
    }

    // 4 runs in one chart, of which one is highlighted: it keeps its colour, the others step back. A run that
    // has no curve here makes nobody step back.
    void whatIsHighlightedStandsOut() {
        Window window;
        std::vector<RunId> ids;
        for (const char* name : {"a", "b", "c", "d"}) {
            ids.push_back(window.project.add({name}));
        }
        window.open();
        QTRY_VERIFY(window.drawn("optim/lr", 4));
        QTest::qWait(50);
        auto* plot = window.plot("optim/lr");
        const auto picture = [&] { return plot->grab().toImage(); };
        const auto before = picture();
        window.session->setHighlighted(RunId::generate());
        QTest::qWait(50);
        QVERIFY(picture() == before);
        window.session->setHighlighted(ids[1]);
        QTRY_VERIFY(picture() != before);
        window.session->setHighlighted(std::nullopt);
        QTRY_VERIFY(picture() == before);
    }

    void keysChangeWhatIsDrawn() {
        Window window;
        window.project.add({"one"});
        window.open();
        QTRY_VERIFY(window.drawn("val/loss", 1));
        auto* plot = window.plot("val/loss");
        plot->setFocus();
        QTest::keyClick(plot, Qt::Key_BracketRight);
        QCOMPARE(window.pane.settings().smoothing, 0.65);
        QTest::keyClick(plot, Qt::Key_X);
        QCOMPARE(window.pane.settings().x, XAxis::Relative);
        QTRY_COMPARE(window.plot("val/loss")->settings().x, XAxis::Relative);
        QCOMPARE(std::round(window.plot("val/loss")->curves()[0].curve->xs.back()), 399.0);
        QTest::mouseMove(plot, plot->axisRect()->rect().center());
        QTest::keyClick(plot, Qt::Key_L);
        QTRY_VERIFY(plot->settings().logY);
    }

    void lettersCanBeSwitchedOff() {
        Window window;
        window.project.add({"one"});
        window.open();
        QTRY_VERIFY(window.drawn("val/loss", 1));
        auto& settings = AppSettings::instance();
        auto* plot = window.plot("val/loss");
        plot->setFocus();
        settings.setSingleLetterShortcuts(false);
        QTest::keyClick(plot, Qt::Key_X);
        QTest::keyClick(plot, Qt::Key_BracketRight);
        QCOMPARE(window.pane.settings().x, XAxis::Step);
        QCOMPARE(window.pane.settings().smoothing, 0.6);
        settings.setSingleLetterShortcuts(true);
        QTest::keyClick(plot, Qt::Key_X);
        QCOMPARE(window.pane.settings().x, XAxis::Relative);
    }

    void pinsAndScalesAreRememberedForTheProject() {
        Window window;
        const auto id = window.project.add({"one"});
        const std::vector<store::MetricPoint> points{{"system/cpu_percent", {0, 0, 40}},
                                                     {"system/cpu_percent", {1, 1, 60}}};
        VERIFY_OK(window.project.writer().appendPoints(id, points));
        window.open();
        QTRY_VERIFY(window.drawn("val/loss", 1));
        QCOMPARE(window.pane.chartCount(), 6);  // the section of the machine is folded
        window.pane.setPinned({Symbol("optim/lr"), Symbol("val/acc")});
        window.pane.setLogY(Symbol("val/loss"), true);

        CurvesPane later;
        later.resize(660, 1400);  // all cards in sight
        later.setSession(window.session.get());
        later.show();
        QTRY_COMPARE(later.findChildren<ChartCard*>().size(), 6);
        for (auto* card : later.findChildren<ChartCard*>()) {
            const bool isLoss = card->id().text() == "val/loss";
            QTRY_COMPARE(card->plot().curves().size(), std::size_t(1));
            QCOMPARE(card->plot().settings().logY, isLoss);
            const auto key = card->id().text();
            QCOMPARE(card->width() > 600, key == "optim/lr" || key == "val/acc");  // as wide as the page
        }
        later.setSession(nullptr);

        test::SampleProject other;
        other.add({"two"});
        ProjectSession otherSession(other.path());
        later.setSession(&otherSession);
        otherSession.start();
        QTRY_COMPARE(later.findChildren<ChartCard*>().size(), 6);
        for (auto* card : later.findChildren<ChartCard*>()) {
            QVERIFY2(card->width() < 600, card->id().str().c_str());
        }
        later.setSession(nullptr);
    }

    void searchNarrowsTheCharts() {
        Window window;
        window.project.add({"one"});
        window.open();
        QTRY_COMPARE(window.pane.chartCount(), 6);
        auto* search = window.pane.findChild<QLineEdit*>(QStringLiteral("chartSearch"));
        QTest::keyClicks(search, QStringLiteral("loss"));
        QCOMPARE(window.pane.chartCount(), 2);
        QTest::keyClick(search, Qt::Key_Escape);
        QCOMPARE(window.pane.chartCount(), 6);
    }

    void onlyChartsInSightCost() {
        Window window;
        const auto id = window.project.add({"many"});
        std::vector<std::string> keys;
        for (int i = 0; i < 2000; ++i) {
            keys.push_back("m" + std::to_string(i % 20) + "/k" + std::to_string(i));
        }
        std::vector<store::MetricPoint> points;
        for (const auto& key : keys) {
            points.push_back({key, {0, 0, 1}});
            points.push_back({key, {1, 1, 2}});
        }
        VERIFY_OK(window.project.writer().appendPoints(id, points));
        window.open();
        QTRY_COMPARE(window.pane.chartCount(), 2006);
        QVERIFY(window.pane.findChildren<ChartPlot*>().size() < 20);
    }

    void noRuns() {
        Window window;
        window.open();
        QTRY_VERIFY(window.session->loaded());
        QCOMPARE(window.pane.chartCount(), 0);
    }
};

QTEST_MAIN(CurvesPaneTest)
#include "tst_curves_pane.moc"
