// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QImage>
#include <QString>
#include <filesystem>
#include <optional>
#include <vector>

#include "color_scale_bar.h"
#include "curve_plottable.h"
#include "runglass/base/result.h"
#include "runglass/ui/curves/chart_settings.h"

namespace runglass::ui {

inline constexpr int kLeastChart = 100;  ///< pixels
inline constexpr int kMostChart = 16'384;

/// A chart for a page: curves, axis labels and a legend.
struct ChartImage {
    QString metric;
    std::vector<DrawnCurve> curves;
    ChartSettings settings;
    std::optional<QCPRange> x;
    std::optional<QCPRange> y;
    std::optional<NamedScale> colors;  ///< what the colours of the curves mean, where they are values
    int width = 800;
    int height = 450;
    bool dark = false;  ///< which theme it is drawn in; the curves bring their colours of it
    double scale = 1;   ///< of a PNG; brought down where the picture would exceed 16,384 pixels a side
};

/// The height of a picture in which the plot itself has `plotHeight`.
int chartHeightAround(const ChartImage& image, int plotHeight);

enum class ChartFormat { Svg, Png, Pdf, Csv };
/// By the ending of a file's name.
std::optional<ChartFormat> chartFormatOf(const std::filesystem::path& file);

/// The chart as a file has it. The same chart gives the same bytes. GUI thread.
QByteArray chartBytes(const ChartImage& image, ChartFormat format);
QImage chartPicture(const ChartImage& image);

/// Every point that is drawn, as CSV with a header: `run,name,x,step,time_ms,value,smoothed`, or for groups
/// `group,x,value,smoothed,lower,upper,n`. Touches no widget: any thread.
QByteArray chartCsv(const ChartImage& image);

/// Writes SVG, PNG or PDF by the ending of `file`, or CSV with the points that are drawn. A file appears
/// complete or not at all.
Result<void> writeChart(const ChartImage& image, const std::filesystem::path& file);

}  // namespace runglass::ui
