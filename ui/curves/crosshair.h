// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "custom_plot.h"

#include <QRect>
#include <optional>

namespace runglass::ui {

class CurvePlottable;

/// What lies over the curves and changes with each move of the mouse: the crosshair with a dot on every
/// curve, and the box being dragged. Painted over the finished chart, so that the curves are not drawn again.
class Crosshair {
public:
    explicit Crosshair(const CurvePlottable* curves)
        : m_curves(curves) {}

    void setX(std::optional<double> x) { m_x = x; }
    [[nodiscard]] std::optional<double> x() const { return m_x; }
    void setBox(const std::optional<QRect>& box) { m_box = box; }
    void draw(QPainter* painter) const;

private:
    void drawDots(QPainter* painter) const;

    const CurvePlottable* m_curves;
    std::optional<double> m_x;
    std::optional<QRect> m_box;
};

}  // namespace runglass::ui
