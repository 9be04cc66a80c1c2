// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLineEdit>
#include <QSettings>
#include <QStandardPaths>

#include "chart_card.h"
#include "chart_plot.h"
#include "runglass/ui/curves/curves_pane.h"
#include "runglass/ui/theme/theme.h"
#include "sample_project.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;

class CurvesPaneTest final : public test::TestCase {
    Q_OBJECT

    struct Window {
        test::SampleProject project;
        std::unique_ptr<ProjectSession> session;
        CurvesPane pane;

        void open(int width = 660, int height = 900) {
            session = std::make_unique<ProjectSession>(project.path());
            pane.resize(width, height);
            pane.setSession(session.get());
            session->start();
            pane.show();
        }
        ChartPlot* plot(const char* key) {
            for (auto* card : pane.findChildren<ChartCard*>()) {
                if (card->metric().text() == key && card->isVisible()) {
                    return &card->plot();
                }
            }
            return nullptr;
        }
        bool drawn(const char* key, std::size_t curves) { return plot(key) && plot(key)->curves().size() == curves; }
        ~Window() { pane.setSession(nullptr); }
    };

    static void shot(QWidget& widget, const char* name) {
        if (const auto folder = qEnvironmentVariable("RUNGLASS_SCREENSHOTS"); !folder.isEmpty()) {
            QTest::qWait(200);
            widget.grab().save(QStringLiteral("%1/%2.png").arg(folder, QLatin1String(name)));
        }
    }

private Q_SLOTS:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        Theme::install(*qApp, ThemeChoice::Light);
    }

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
        Theme::current().setChoice(ThemeChoice::Dark);
        shot(window.pane, "curves-dark");
        Theme::current().setChoice(ThemeChoice::Light);
    }
};

QTEST_MAIN(CurvesPaneTest)
#include "tst_curves_pane.moc"
