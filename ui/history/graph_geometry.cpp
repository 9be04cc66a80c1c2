// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph_geometry.h"

#include <algorithm>

namespace runglass::ui {

double GraphMetrics::laneX(int lane_) const {
    return firstLane + lane * std::min(lane_, maxLanes - 1);
}

double GraphMetrics::width(int lastLane) const {
    return laneX(lastLane) + firstLane;
}

std::vector<GraphLine> linesBetween(const git::HistoryRow& upper, const git::HistoryRow& lower) {
    std::vector<GraphLine> lines;
    lines.reserve(upper.below.size());
    for (const auto& leaving : upper.below) {
        for (const auto& arriving : lower.above) {
            if (arriving.from == leaving.to) {
                lines.push_back({leaving.from, arriving.to, leaving.color});
            }
        }
    }
    return lines;
}

QPainterPath pathOf(const GraphLine& line, double topY, const GraphMetrics& metrics) {
    const double x0 = metrics.laneX(line.fromLane);
    const double x1 = metrics.laneX(line.toLane);
    const double bottomY = topY + metrics.rowHeight;
    QPainterPath path(QPointF(x0, topY));
    if (x0 == x1) {
        path.lineTo(x1, bottomY);
    } else {
        // The upper control point stands above the lower: the line leaves and arrives upright and swings
        // over in between.
        path.cubicTo(QPointF(x0, topY + 0.6 * metrics.rowHeight), QPointF(x1, topY + 0.3 * metrics.rowHeight),
                     QPointF(x1, bottomY));
    }
    return path;
}

}  // namespace runglass::ui
