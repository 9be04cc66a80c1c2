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
    /// Metrics or expressions over metrics, a curve a run each.
    std::vector<std::string> metrics;
    std::vector<RunId> runs;  ///< empty: all that have the metric and are not archived
    ChartSettings settings;
    RunKey color;       ///< what colours tell apart; nothing: runs, or groups
    RunKey style;       ///< what dashes tell apart
    QString title;      ///< empty: the metrics
    bool dark = false;  ///< colours of the dark theme
    double scale = 1;   ///< of a PNG
    int width = 800;    ///< pixels, or points of a PDF
    int height = 450;
    std::filesystem::path output;  ///< the format follows its ending: svg, png, pdf or csv
};

/// Reads a request from JSON: `{project, metrics: [texts], runs: [ids], title, smoothing, smoothing_kind, x,
/// x_metric, overlap, log_x, log_y, robust_y, group_by, centre, band, color_by, style_by, theme, width,
/// height, scale, output}` with the words of settings_text.h; project, metrics and output must be there.
Result<PlotRequest> parsePlotRequest(const std::filesystem::path& file);

/// Draws the chart with axis labels and a legend and writes it. The same request makes the same bytes. Needs
/// a QApplication with the theme installed; any platform, also offscreen. Reads the
/// run database on the calling thread. Gives what of the runs is damaged and therefore not drawn; an error
/// when that leaves nothing.
Result<std::vector<Error>> writePlot(const PlotRequest& request);

}  // namespace runglass::ui
