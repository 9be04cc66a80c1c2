// SPDX-License-Identifier: GPL-3.0-or-later
// Charts in the states that people look at, drawn to the last curve. With RUNGLASS_SCREENSHOTS=FOLDER the
// pictures are kept, to be put beside the mock-ups; QT_SCALE_FACTOR=2 makes those of a screen at 200 %.

#include "curves_state.h"
#include "curves_window.h"
#include "runglass/ui/theme/theme.h"
#include "support/own_settings.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;

class PicturesTest final : public test::TestCase {
    Q_OBJECT

    using Window = test::CurvesWindow;
    const test::OwnSettings m_settings;

    static void edit(Window* window, const std::function<void(CurvesState*)>& change) {
        auto state = CurvesState::fromJson(window->pane.viewState());
        change(&state);
        window->pane.setViewState(state.toJson());
    }
    // Something other than background must be there.
    static void keep(Window* window, const char* name) {
        QTest::qWait(300);
        const auto picture = window->pane.grab().toImage();
        int colored = 0;
        for (int y = 0; y < picture.height(); y += 2) {
            for (int x = 0; x < picture.width(); x += 2) {
                colored += picture.pixelColor(x, y).saturation() > 60 ? 1 : 0;
            }
        }
        QVERIFY2(colored > 500, name);
        if (const auto folder = qEnvironmentVariable("RUNGLASS_SCREENSHOTS"); !folder.isEmpty()) {
            picture.save(QStringLiteral("%1/%2.png").arg(folder, QLatin1String(name)));
        }
    }

private Q_SLOTS:
    void initTestCase() { Theme::install(*qApp, ThemeChoice::Light); }

    void tenRunsSmoothedInBothThemes() {
        Window window;
        window.project.addTypicalRuns();
        window.open(660, 900);
        QTRY_VERIFY(window.session->loaded());
        std::vector<RunId> some;
        for (const auto& run : window.session->runs()->runs) {
            if (run->experiment.text() == "digits-cnn") {
                some.push_back(run->id);
            }
        }
        window.session->showOnly(some);
        window.session->select({some[7]});
        window.pane.setPinned({Symbol("val/loss")});
        window.pane.setLogY(Symbol("val/loss"), true);
        window.pane.setLogY(Symbol("train/loss"), true);
        QTRY_VERIFY(window.drawn("val/loss", 9) && window.drawn("train/acc", 9));
        QTest::qWait(100);
        auto* plot = window.plot("val/loss");
        QTest::mouseMove(plot, plot->axisRect()->rect().center());
        keep(&window, "ten-runs-light");
        window.session->setHighlighted(std::nullopt);
        Theme::current().setChoice(ThemeChoice::Dark);
        keep(&window, "ten-runs-dark");
        Theme::current().setChoice(ThemeChoice::Light);
    }

    void groupsWithBands() {
        Window window;
        for (int group = 0; group < 4; ++group) {
            for (int seed = 1; seed <= 5; ++seed) {
                window.project.add({"cnn-" + std::to_string(16 << group) + " s" + std::to_string(seed),
                                    "digits-cnn", model::RunStatus::Finished,
                                    0.9 + 0.025 * group + 0.002 * seed, "1e-" + std::to_string(2 + group % 3),
                                    group % 2 ? "sgd" : "adamw", std::to_string(seed + 10 * group), 300});
            }
        }
        window.open(900, 760);
        edit(&window, [](CurvesState* state) {
            state->settings.group.by = {RunKey::Kind::Param, Symbol("lr")};
            state->settings.group.band = series::Band::ConfidenceT;
            state->pinned = {Symbol("val/acc")};
        });
        QTRY_VERIFY(window.drawn("val/acc", 3));
        auto* plot = window.plot("val/acc");
        QTest::qWait(100);
        QTest::mouseMove(plot, plot->axisRect()->rect().center());
        keep(&window, "groups");
        edit(&window, [](CurvesState* state) {
            state->settings.group.by = {};
            state->looks = {{RunKey::Kind::Param, Symbol("lr")}, {RunKey::Kind::Param, Symbol("opt")}};
        });
        QTRY_VERIFY(window.drawn("val/acc", 20));
        keep(&window, "colors-by-param");
    }

    void logAxesAndMarks() {
        Window window;
        window.project.addTypicalRuns();
        window.open(900, 760);
        edit(&window, [](CurvesState* state) {
            state->settings.logX = true;
            state->settings.logY = true;
            state->settings.smoothing = 0.8;
        });
        QTRY_VERIFY(window.drawn("val/loss", 22));
        keep(&window, "log-axes");
    }

    void aNarrowPane() {
        Window window;
        window.project.addTypicalRuns();
        window.open(480, 620);
        QTRY_VERIFY(window.drawn("val/loss", 22));
        QCOMPARE(window.pane.width(), 480);  // the toolbar gives way
        keep(&window, "narrow");
    }

    void aThousandRuns() {
        Window window;
        std::vector<RunId> ids;
        for (int i = 0; i < 1000; ++i) {
            ids.push_back(window.project.add({"r" + std::to_string(i), "sweep", model::RunStatus::Finished,
                                              0.7 + 0.0003 * i, "1e-3", "sgd", std::to_string(i), 40}));
        }
        window.open(900, 760);
        QTRY_VERIFY(window.session->loaded());
        window.session->showOnly(ids);
        QTRY_VERIFY_WITH_TIMEOUT(window.drawn("val/acc", 1000), 30'000);
        for (const char* key : {"val/loss", "train/acc", "train/loss", "optim/lr", "optim/grad_norm"}) {
            QTRY_VERIFY_WITH_TIMEOUT(window.drawn(key, 1000), 30'000);
        }
        QTest::mouseMove(&window.pane, QPoint(2, 2));
        keep(&window, "thousand-runs");
    }
};

QTEST_MAIN(PicturesTest)
#include "tst_pictures.moc"
