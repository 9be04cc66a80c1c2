// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "custom_plot.h"

#include <QRect>
#include <optional>

namespace runglass::ui {

class CurvePlottable;

/// What lies over the curves and changes with each move of the mouse: the crosshair with a dot on every
/// curve, and the box being dragged. On a layer with a buffer of its own, so that the curves are not drawn
/// again.
class CrosshairLayerable final : public QCPLayerable {
    Q_OBJECT
public:
    CrosshairLayerable(QCustomPlot* plot, const QString& layer, const CurvePlottable* curves);

    void setX(std::optional<double> x) { m_x = x; }
    [[nodiscard]] std::optional<double> x() const { return m_x; }
    void setBox(const std::optional<QRect>& box) { m_box = box; }

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override;
    void draw(QCPPainter* painter) override;

private:
    void drawDots(QCPPainter* painter) const;

    const CurvePlottable* m_curves;
    std::optional<double> m_x;
    std::optional<QRect> m_box;
};

}  // namespace runglass::ui
