// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <filesystem>
#include <vector>

#include "curve_plottable.h"
#include "runglass/base/result.h"
#include "runglass/ui/curves/chart_settings.h"

namespace runglass::ui {

/// A chart for a page: curves, axis labels and a legend.
struct ChartImage {
    QString metric;
    std::vector<DrawnCurve> curves;
    ChartSettings settings;
    std::optional<QCPRange> x;
    std::optional<QCPRange> y;
    int width = 800;
    int height = 450;
    double scale = 1;  ///< of a PNG
};

/// Writes SVG, PNG or PDF by the ending of `file`, or CSV with the points that are drawn. A file appears
/// complete or not at all.
Result<void> writeChart(const ChartImage& image, const std::filesystem::path& file);

}  // namespace runglass::ui
