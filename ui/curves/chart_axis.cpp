// SPDX-License-Identifier: GPL-3.0-or-later
#include "chart_axis.h"

#include <QPaintEngine>
#include <algorithm>

#include "runglass/ui/theme/paint.h"

namespace runglass::ui {

namespace {

class AxisPainter final : public QCPAxisPainterPrivate {
public:
    using QCPAxisPainterPrivate::QCPAxisPainterPrivate;

protected:
    void placeTickLabel(QCPPainter* painter, double position, int distance, const QString& text,
                        QSize* largest) override {
        const bool left = type == QCPAxis::atLeft;
        if (text.isEmpty() || (!left && type != QCPAxis::atBottom)) {
            QCPAxisPainterPrivate::placeTickLabel(painter, position, distance, text, largest);
            return;
        }
        if (painter->font() != m_font) {
            m_font = painter->font();
            m_height = QFontMetrics(m_font).height();
        }
        // In files text stays text.
        const bool pixels = painter->paintEngine()->type() == QPaintEngine::Raster;
        const double width =
            pixels ? tabularWidth(m_font, text) : QFontMetricsF(m_font).horizontalAdvance(text);
        const QPointF corner =
            left ? QPointF(axisRect.left() - distance - offset - width, position - m_height / 2.0)
                 : QPointF(position - width / 2, axisRect.bottom() + distance + offset);
        QRectF area(corner, QSizeF(width, m_height));
        // The label of a tick at the very edge moves inwards: a tick without one says nothing.
        const QRectF room = viewportRect;
        const auto inwards = [](double low, double high, double from, double to) {
            return std::max(0.0, from - low) - std::max(0.0, high - to);
        };
        left ? area.translate(0, inwards(area.top(), area.bottom(), room.top(), room.bottom()))
             : area.translate(inwards(area.left(), area.right(), room.left(), room.right()), 0);
        if (area.height() <= room.height() && area.width() <= room.width()) {
            pixels ? drawTabular(painter, area, Qt::AlignLeft | Qt::AlignTop, text)
                   : painter->drawText(area, Qt::AlignLeft | Qt::AlignTop | Qt::TextDontClip, text);
            *largest = largest->expandedTo(area.size().toSize());
        }
    }

private:
    QFont m_font;
    int m_height = 0;
};

}  // namespace

ChartAxis::ChartAxis(QCPAxisRect* parent, AxisType type)
    : QCPAxis(parent, type) {
    auto* const painter = new AxisPainter(parent->parentPlot());  // QCPAxis deletes it
    painter->labelPadding = mAxisPainter->labelPadding;
    painter->tickLabelPadding = mAxisPainter->tickLabelPadding;
    delete mAxisPainter;
    mAxisPainter = painter;
}

void ChartAxis::install(QCustomPlot* plot) {
    auto* const rect = plot->axisRect();
    for (const auto type : {QCPAxis::atLeft, QCPAxis::atBottom}) {
        rect->removeAxis(rect->axis(type));
        auto* const axis = rect->addAxis(type, new ChartAxis(rect, type));  // which owns it
        axis->setLayer(QStringLiteral("axes"));
        axis->grid()->setLayer(QStringLiteral("grid"));
        axis->grid()->setVisible(true);
    }
}

}  // namespace runglass::ui
