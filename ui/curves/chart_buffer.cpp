// SPDX-License-Identifier: GPL-3.0-or-later
#include "chart_buffer.h"

namespace runglass::ui {

ChartBuffer::ChartBuffer(const QSize& size, double ratio)
    : QCPAbstractPaintBuffer(size, ratio) {
    reallocateBuffer();
}

void ChartBuffer::reallocateBuffer() {
    setInvalidated();
    m_image = QImage(mSize * mDevicePixelRatio, QImage::Format_RGB32);
    m_image.setDevicePixelRatio(mDevicePixelRatio);
}

QCPPainter* ChartBuffer::startPainting() {
    return new QCPPainter(&m_image);  // QCustomPlot deletes it
}

void ChartBuffer::clear(const QColor&) {
    m_image.fill(m_ground);
}

void ChartBuffer::draw(QCPPainter* painter) const {
    painter->drawImage(0, 0, m_image);
}

void ChartBuffer::show(QPainter* painter, const QRect& area) const {
    const QRectF source(QPointF(area.topLeft()) * mDevicePixelRatio, QSizeF(area.size()) * mDevicePixelRatio);
    painter->setCompositionMode(QPainter::CompositionMode_Source);
    painter->drawImage(QRectF(area), m_image, source);
    painter->setCompositionMode(QPainter::CompositionMode_SourceOver);
}

}  // namespace runglass::ui
