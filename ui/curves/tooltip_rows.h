// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QString>
#include <cstdint>
#include <vector>

#include "curve_plottable.h"
#include "runglass/model/goal.h"

namespace runglass::ui {

enum class TooltipOrder {
    Best,  ///< the way that the metric gets better; largest first where that is unknown
    Largest,
    Smallest,
    Name,
    Nearest,  ///< to the mouse
};

QString textOf(TooltipOrder order);  ///< best, largest, smallest, name, nearest
TooltipOrder tooltipOrderFromText(const QString& text);

/// A line of the tooltip.
struct TooltipRow {
    QString name;
    QColor color;
    Qt::PenStyle style = Qt::SolidLine;
    double smoothed = 0;
    double raw = 0;
    int rank = 0;  ///< among the values at this x, 1 is best; 0 for NaN
    bool strong = false;
    double x = 0;  ///< of the point, which is the nearest that the curve has
    std::int64_t step = 0;
    std::int64_t timeMs = 0;
    bool group = false;
    std::uint32_t n = 0;  ///< of a group: runs that have a value here
    double lower = 0;     ///< of its band; NaN without one
    double upper = 0;
    bool even = false;  ///< the band is the value ± half its width, by its definition
};

/// What rows are taken from and how they are put in order.
struct TooltipQuestion {
    double x = 0;
    double y = 0;  ///< where the mouse is, for TooltipOrder::Nearest
    model::Goal goal = model::Goal::Unknown;
    TooltipOrder order = TooltipOrder::Best;
    std::vector<RunId> selected;
};

std::vector<TooltipRow> tooltipRows(const std::vector<DrawnCurve>& curves, const TooltipQuestion& question);

/// All rows as tab-separated text with a header and every digit, for the clipboard. The line of a group has
/// no step and no time of its own, but an x.
QString tooltipText(const std::vector<TooltipRow>& rows, bool smoothing);

}  // namespace runglass::ui
