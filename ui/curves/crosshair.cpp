// SPDX-License-Identifier: GPL-3.0-or-later
#include "crosshair.h"

#include <cmath>

#include "curve_plottable.h"
#include "runglass/ui/theme/theme.h"

namespace runglass::ui {

namespace {

constexpr std::size_t kMostDots = 100;  // more lie on each other

}  // namespace

void Crosshair::draw(QPainter* painter) const {
    if (!m_box && !m_x) {
        return;
    }
    const auto area = m_curves->parentPlot()->axisRect()->rect();
    painter->setRenderHint(QPainter::Antialiasing);
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
    const double x = m_curves->keyAxis()->coordToPixel(*m_x);
    if (x < area.left() || x > area.right() + 1) {
        return;
    }
    painter->setRenderHint(QPainter::Antialiasing, false);
    painter->setPen(QPen(themeColor(Token::ChartCrosshair), 1));
    painter->drawLine(QLineF(std::round(x), area.top(), std::round(x), area.bottom()));
    painter->setRenderHint(QPainter::Antialiasing);
    drawDots(painter);
}

void Crosshair::drawDots(QPainter* painter) const {
    const auto area = m_curves->parentPlot()->axisRect()->rect();
    const bool all = m_curves->curves().size() <= kMostDots;
    for (const auto& drawn : m_curves->curves()) {
        if (!all && !m_curves->isHighlighted(drawn)) {
            continue;
        }
        const auto& curve = *drawn.curve;
        const auto i = curve.nearest(*m_x);
        if (!i || !std::isfinite(curve.main().ys[*i])) {
            continue;
        }
        const QPointF dot(m_curves->keyAxis()->coordToPixel(curve.xs[*i]),
                          m_curves->pixelOf(curve.main().ys[*i]));
        if (area.adjusted(-2, -2, 2, 2).contains(dot.toPoint())) {
            painter->setPen(QPen(themeColor(Token::ChartBg), 1));
            painter->setBrush(drawn.color);
            painter->drawEllipse(dot, 2.7, 2.7);
        }
    }
}

}  // namespace runglass::ui
