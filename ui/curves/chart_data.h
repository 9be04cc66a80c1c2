// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>
#include <unordered_map>
#include <vector>

#include "chart_spec.h"
#include "curve_looks.h"
#include "curve_order.h"
#include "runglass/jobs/job.h"
#include "runglass/ui/curves/chart_settings.h"
#include "runglass/ui/session/project_session.h"
#include "visible_runs.h"

namespace runglass::ui {

/// Brings the curves of one chart: asks the session for the series of all visible runs, makes curves of them
/// in a job, and does so again when points arrive or settings change. What has not changed is kept.
class ChartData final : public QObject {
    Q_OBJECT
public:
    ChartData(ProjectSession* session, ChartSpec spec, QObject* parent);

    [[nodiscard]] const ChartSpec& spec() const { return m_spec; }
    void setSettings(const ChartSettings& settings);
    void setLooks(SharedLooks looks);
    /// The runs to draw; also when some of them got points.
    void setRuns(const VisibleRuns::List& runs);
    /// x between which robust limits are taken.
    void setXRange(double lower, double upper);
    /// The curves on screen in the colours of the theme of now (ThemeScope).
    [[nodiscard]] std::vector<DrawnCurve> inPresentTheme() const;
    /// How many series have been asked for and are not here yet.
    [[nodiscard]] std::size_t missing() const { return m_asked; }
    /// Series that are on their way.
    [[nodiscard]] bool waiting() const {
        return m_asked > 0 || m_buildTimer.isActive() || m_buildJob.running();
    }

Q_SIGNALS:
    /// Curves, and the settings that they were made with.
    void curvesReady(const std::vector<runglass::ui::DrawnCurve>& curves,
                     const runglass::ui::ChartSettings& settings);
    void robustLimitsReady(const runglass::series::Extent& limits);

private:
    /// The series of one run, by the place of their key in m_keys.
    struct Input {
        model::SharedRun run;
        std::vector<model::SharedSeries> series;
        std::vector<bool> asked;
        bool changed = false;  ///< the record, since they were asked for
    };
    struct Unit {
        CurveUnit base;
        std::vector<DrawnCurve> drawn;  ///< by line; curves stay on screen until the next are built
        bool stale = true;
    };

    using Curves = std::vector<SharedCurve>;
    using Built = std::vector<std::pair<RunId, Curves>>;

    void arrangeUnits();
    void request();
    void ask(Input* input, std::size_t key);
    void take(const RunId& id, Symbol key, const Result<model::SharedSeries>& series);
    void markStale();
    [[nodiscard]] bool anyStale() const;
    void startBuildTimer();
    void build();
    void takeCurves(Built built, const ChartSettings& settings);
    void present();
    void dressUnit(Unit* unit) const;
    static void appendDrawn(const Unit& unit, std::vector<DrawnCurve>* all);
    void refreshRobustLimits();
    void updateRobustLimits();

    ProjectSession* m_session;
    ChartSpec m_spec;
    std::vector<Symbol> m_keys;  ///< of all lines, and of x
    ChartSettings m_settings;
    ChartSettings m_built;  ///< what the curves on screen were made with
    SharedLooks m_looks;
    VisibleRuns::List m_runs;
    std::unordered_map<RunId, Input> m_inputs;
    std::vector<Unit> m_units;
    std::unordered_map<RunId, std::size_t> m_unitOf;  ///< by run
    std::size_t m_asked = 0;
    QTimer m_buildTimer;
    jobs::Job m_buildJob;
    jobs::Job m_robustJob;
    QTimer m_robustTimer;
    bool m_robustAgain = false;  ///< curves came since the limits were asked for
    double m_lowerX = -std::numeric_limits<double>::infinity();
    double m_upperX = std::numeric_limits<double>::infinity();
};

}  // namespace runglass::ui
