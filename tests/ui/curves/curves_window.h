// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTest>
#include <memory>

#include "chart_card.h"
#include "chart_plot.h"
#include "runglass/ui/curves/curves_pane.h"
#include "sample_project.h"

namespace runglass::test {

/// A pane of charts on a project of its own.
struct CurvesWindow {
    SampleProject project;
    std::unique_ptr<ui::ProjectSession> session;
    ui::CurvesPane pane;

    void open(int width = 660, int height = 900) {
        session = std::make_unique<ui::ProjectSession>(project.path());
        pane.resize(width, height);
        pane.setSession(session.get());
        session->start();
        pane.show();
    }
    /// `groups` times three runs that differ in nothing but the seed.
    void addRepeats(int groups) {
        for (int group = 0; group < groups; ++group) {
            for (const char* seed : {"1", "2", "3"}) {
                project.add({"cnn-" + std::string(1, static_cast<char>('a' + group)) + " s" + seed,
                             "digits-cnn", model::RunStatus::Finished, 0.95 + 0.02 * group,
                             group ? "1e-3" : "1e-2", "sgd", seed, 60});
            }
        }
    }
    /// A run that goes on, with 50 points so far.
    static SampleProject::Spec liveRun() {
        SampleProject::Spec spec;
        spec.name = "live";
        spec.status = model::RunStatus::Running;
        spec.points = 50;
        return spec;
    }
    ui::ChartCard* card(const char* key) {
        for (auto* card : pane.findChildren<ui::ChartCard*>()) {
            if (card->spec().title == QLatin1String(key) && card->isVisible()) {
                return card;
            }
        }
        return nullptr;
    }
    ui::ChartPlot* plot(const char* key) {
        auto* found = card(key);
        return found ? &found->plot() : nullptr;
    }
    bool drawn(const char* key, std::size_t curves) {
        return plot(key) && plot(key)->curves().size() == curves;
    }
    /// Where the middle point of a curve is on the screen.
    static QPoint middleOf(ui::ChartPlot* plot, std::size_t curve = 0) {
        const auto& drawn = *plot->curves()[curve].curve;
        const auto i = drawn.xs.size() / 2;
        return {static_cast<int>(plot->xAxis->coordToPixel(drawn.xs[i])),
                static_cast<int>(plot->yAxis->coordToPixel(drawn.main().ys[i]))};
    }
    /// A place where no curve is near.
    static QPoint besideCurves(ui::ChartPlot* plot) {
        const auto area = plot->axisRect()->rect();
        for (int y = area.top() + 2; y < area.bottom(); y += 4) {
            const QPoint at(area.center().x(), y);
            if (!plot->hasCurveAt(at)) {
                return at;
            }
        }
        return area.center();
    }
    ~CurvesWindow() { pane.setSession(nullptr); }
};

}  // namespace runglass::test
