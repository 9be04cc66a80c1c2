// SPDX-License-Identifier: GPL-3.0-or-later
#include "crosshair_layerable.h"

#include <cmath>

#include "curve_plottable.h"
#include "runglass/ui/theme/theme.h"

namespace runglass::ui {

CrosshairLayerable::CrosshairLayerable(QCustomPlot* plot, const QString& layer, const CurvePlottable* curves)
    : QCPLayerable(plot, layer)
    , m_curves(curves) {}

void CrosshairLayerable::applyDefaultAntialiasingHint(QCPPainter* painter) const {
    painter->setAntialiasing(true);
}

void CrosshairLayerable::draw(QCPPainter* painter) {
    const auto area = mParentPlot->axisRect()->rect();
    if (m_box) {
        auto fill = themeColor(Token::ChartSelectBox);
        fill.setAlphaF(0.12F);
        painter->setPen(QPen(themeColor(Token::ChartSelectBox), 1));
        painter->setBrush(fill);
        painter->drawRect(QRectF(m_box->intersected(area)).adjusted(0.5, 0.5, -0.5, -0.5));
    }
    if (!m_x) {
        return;
    }
    const double x = mParentPlot->xAxis->coordToPixel(*m_x);
    if (x < area.left() || x > area.right() + 1) {
        return;
    }
    painter->setAntialiasing(false);
    painter->setPen(QPen(themeColor(Token::ChartCrosshair), 1));
    painter->drawLine(QLineF(std::round(x), area.top(), std::round(x), area.bottom()));
    painter->setAntialiasing(true);
    drawDots(painter);
}

void CrosshairLayerable::drawDots(QCPPainter* painter) const {
    const auto area = mParentPlot->axisRect()->rect();
    for (const auto& drawn : m_curves->curves()) {
        const auto& curve = *drawn.curve;
        const auto i = curve.nearest(*m_x);
        if (!i || !std::isfinite(curve.main().ys[*i])) {
            continue;
        }
        const QPointF dot(mParentPlot->xAxis->coordToPixel(curve.xs[*i]),
                          mParentPlot->yAxis->coordToPixel(curve.main().ys[*i]));
        if (area.adjusted(-2, -2, 2, 2).contains(dot.toPoint())) {
            painter->setPen(QPen(themeColor(Token::ChartBg), 1));
            painter->setBrush(drawn.color);
            painter->drawEllipse(dot, 2.7, 2.7);
        }
    }
}

}  // namespace runglass::ui
