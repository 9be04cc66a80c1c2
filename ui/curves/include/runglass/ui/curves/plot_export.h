// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <filesystem>
#include <optional>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/base/run_id.h"
#include "runglass/ui/curves/chart_settings.h"

namespace runglass::ui {

/// One chart as a file: what `runglass plot` and `runglass-desktop --plot-request FILE` ask for.
struct PlotRequest {
    std::filesystem::path project;
    std::string metric;
    std::vector<RunId> runs;  ///< empty: all that have the metric and are not archived
    ChartSettings settings;
    int width = 800;  ///< pixels, or points of a PDF
    int height = 450;
    std::filesystem::path output;  ///< the format follows its ending: svg, png or pdf
};

/// Reads a request from JSON: `{project, metric, runs: [ids], smoothing, x: step|relative|time, log_y, width,
/// height, output}`; project, metric and output must be there.
Result<PlotRequest> parsePlotRequest(const std::filesystem::path& file);

/// Draws the chart with axis labels and a legend and writes it. The same request makes the same bytes. Needs
/// a QApplication with the theme installed (light colours are used); any platform, also offscreen. Reads the
/// run database on the calling thread.
Result<void> writePlot(const PlotRequest& request);

}  // namespace runglass::ui
