// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "custom_plot.h"

#include <QImage>

namespace runglass::ui {

/// What a chart is drawn into: an opaque image, which goes to the screen as a copy instead of being blended,
/// and whose pixels the curves are written into by all cores. QCustomPlot's own buffers are transparent
/// pixmaps over a background; with them a frame of a small chart costs twice as much.
class ChartBuffer final : public QCPAbstractPaintBuffer {
public:
    ChartBuffer(const QSize& size, double ratio);

    void setGround(const QColor& color) { m_ground = color; }
    /// Puts it on the screen, where `area` of it has to be painted anew.
    void show(QPainter* painter, const QRect& area) const;

    QCPPainter* startPainting() override;
    void draw(QCPPainter* painter) const override;
    /// With the ground, whatever the colour.
    void clear(const QColor& color) override;

protected:
    void reallocateBuffer() override;

private:
    QImage m_image;
    QColor m_ground = Qt::white;
};

}  // namespace runglass::ui
