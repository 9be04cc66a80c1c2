// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>
#include <functional>
#include <unordered_map>
#include <vector>

#include "curve_plottable.h"
#include "runglass/jobs/job.h"
#include "runglass/ui/curves/chart_settings.h"
#include "runglass/ui/session/project_session.h"

namespace runglass::ui {

/// Brings the curves of one metric: asks the session for the series of all visible runs, makes curves of them
/// in a job, and does so again when points arrive or settings change. What has not changed is kept.
class ChartData final : public QObject {
    Q_OBJECT
public:
    ChartData(ProjectSession* session, Symbol metric, QObject* parent);

    [[nodiscard]] Symbol metric() const { return m_metric; }
    void setSettings(const ChartSettings& settings);
    /// The visible runs changed, or some of them got points.
    void refresh();
    /// x between which robust limits are taken.
    void setXRange(double lower, double upper);

Q_SIGNALS:
    /// Curves, and the settings that they were made with.
    void curvesReady(const std::vector<runglass::ui::DrawnCurve>& curves,
                     const runglass::ui::ChartSettings& settings);
    void robustLimitsReady(const runglass::series::Extent& limits);

private:
    struct Entry {
        model::SharedRun run;
        model::SharedSeries series;
        SharedCurve curve;  ///< stays on screen until the next is built
        bool stale = false;
        bool asked = false;
    };
    void build();
    void present();
    void updateRobustLimits();
    [[nodiscard]] std::vector<RunId> wanted() const;

    ProjectSession* m_session;
    Symbol m_metric;
    ChartSettings m_settings;
    ChartSettings m_built;  ///< what the curves on screen were made with
    std::unordered_map<RunId, Entry> m_entries;
    std::vector<RunId> m_order;
    QTimer m_buildTimer;
    jobs::Job m_buildJob;
    jobs::Job m_robustJob;
    double m_lowerX = -std::numeric_limits<double>::infinity();
    double m_upperX = std::numeric_limits<double>::infinity();
};

/// How a run's curve looks.
DrawnCurve drawnCurve(const ProjectSession& session, const model::RunRecord& run, SharedCurve curve);

}  // namespace runglass::ui
