// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <stop_token>
#include <vector>

#include "chart_spec.h"
#include "curve_looks.h"
#include "curve_plottable.h"
#include "runglass/ui/curves/chart_settings.h"

namespace runglass::ui {

/// The metrics that a chart needs: those of all lines, and of x.
std::vector<Symbol> keysOf(const ChartSpec& spec, const ChartSettings& settings);

/// What has a curve a line: a run, or a group of runs.
struct CurveUnit {
    RunId id;
    QString name;
    std::vector<model::SharedRun> members;
};
/// The runs that have all metrics of at least one line, by themselves or in groups.
std::vector<CurveUnit> curveUnits(const std::vector<model::SharedRun>& runs, const ChartSpec& spec,
                                  const ChartSettings& settings);

/// All that the curves of one unit are made of. Holds its points, so that a job can take it along.
struct CurveOrder {
    struct Line {
        series::Expression expression;
        std::vector<std::size_t> keys;  ///< places of its metrics in the series of a member
    };
    struct Member {
        std::vector<model::SharedSeries> series;  ///< by the place in keysOf(); null where there is none
        std::optional<std::int64_t> startMs;
    };
    RunId id;
    std::vector<Line> lines;
    std::optional<std::size_t> xKey;
    std::vector<Member> members;
    bool group = false;
    std::vector<SharedCurve> former;  ///< by line, of earlier points: what has grown goes on from them
};
/// Without members.
CurveOrder orderOf(const RunId& id, const ChartSpec& spec, const ChartSettings& settings);

/// A curve a line, null where a line has nothing to draw or when stopped.
std::vector<SharedCurve> makeCurves(const CurveOrder& order, const ChartSettings& settings,
                                    const std::stop_token& stop = {});

/// How the lines of a chart of several are told apart.
Qt::PenStyle lineStyle(std::size_t line);

/// Gives the curve of one line of a unit its name, colour and dashes.
void dress(DrawnCurve* drawn, const CurveUnit& unit, const ChartSpec& spec, std::size_t line, bool group,
           const CurveLooks& looks);

}  // namespace runglass::ui
