// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPainterPath>
#include <QPointF>
#include <vector>

#include "runglass/git/history.h"

namespace runglass::ui {

/// Sizes of the commit graph (VISUAL.md §7 "commit graph"), in device-independent pixels.
struct GraphMetrics {
    double rowHeight = 26;
    double firstLane = 18;  ///< centre of lane 0
    double lane = 14;       ///< from lane to lane
    int maxLanes = 12;      ///< lanes further right share the last place

    [[nodiscard]] double laneX(int lane) const;
    /// Width of the column for lanes 0 … `lastLane`.
    [[nodiscard]] double width(int lastLane) const;
};

/// A line from the middle of one row to the middle of the next.
struct GraphLine {
    int fromLane = 0;
    int toLane = 0;
    int color = 0;
    friend bool operator==(const GraphLine&, const GraphLine&) = default;
};

/// The lines between a row and the one below it: what leaves the upper row joined with what arrives in the
/// lower.
std::vector<GraphLine> linesBetween(const git::HistoryRow& upper, const git::HistoryRow& lower);

/// The path of a line whose row middles are at `topY` and `topY + rowHeight`; straight in its lane, else a
/// cubic with control points at 0.3 and 0.6 of the row.
QPainterPath pathOf(const GraphLine& line, double topY, const GraphMetrics& metrics);

}  // namespace runglass::ui
