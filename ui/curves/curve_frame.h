// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "custom_plot.h"

#include <QImage>
#include <memory>
#include <vector>

#include "axis_unit.h"
#include "curve.h"
#include "runglass/series/curve_raster.h"
#include "runglass/series/reduce.h"

namespace runglass::ui {

/// How one line is drawn; lengths in pixels of the plot.
struct CurvePen {
    QColor color;
    double width = 1;
    Qt::PenStyle style = Qt::SolidLine;
};

/// Lengths in pixels of drawn and skipped parts, for the series after the first twelve (VISUAL.md §4); 0, 0
/// is solid.
std::pair<double, double> dashLengths(Qt::PenStyle style);

/// Gathers the lines of one frame and paints them all at once into an image, strip by strip, on all cores.
/// For paint devices that are made of pixels only; others get lines from QPainter.
class CurveFrame {
public:
    CurveFrame();
    ~CurveFrame();

    /// Starts a frame over `area` of the plot. False, and nothing else happens, when `painter` does not paint
    /// upright pixels.
    /// `unit`: of the y axis.
    bool begin(QCPPainter* painter, const QRect& area, const QCPAxis* x, const QCPAxis* y,
               const AxisUnit& unit);
    [[nodiscard]] bool active() const { return m_active; }
    /// Lines added later are painted over those before. `curve` and `line` stay until finish().
    void add(const Curve& curve, const CurveLine& line, const CurvePen& pen);
    /// Paints what was added.
    void finish(QCPPainter* painter);

private:
    struct Line {
        const Curve* curve = nullptr;
        const CurveLine* line = nullptr;
        series::IndexRange segment;
        series::RasterPen pen;
        const series::ColumnIndex* columns = nullptr;  ///< null where points are drawn
        series::IndexRange visible;                    ///< with one point beyond either edge
        double width = 0;    ///< pixel columns from its first visible point to its last
        bool dense = false;  ///< more points than pixels
        bool fine = true;    ///< spikes are as wide as the pen, to a fraction of a pixel
    };
    struct Worker {
        series::CurveRaster raster;
        std::vector<series::IndexRange> visible;
        std::vector<series::Column> columns;
        std::vector<series::PixelPoint> points;
    };
    void placeColumns(Line& line);
    void chooseDrawing();
    QImage* pixelsOf(QPaintDevice* device) const;
    QImage& blankImage();
    void addBeyond(Worker& worker, const Line& line, bool before) const;
    void paintStrip(Worker& worker) const;
    void paintColumns(Worker& worker, const Line& line) const;
    void paintPoints(Worker& worker, const Line& line) const;
    void reduce(Worker& worker, const Line& line, series::IndexRange range) const;

    bool m_active = false;
    QRect m_area;  ///< in device pixels
    double m_ratio = 1;
    series::PixelScale m_x;
    series::PixelScale m_y;
    std::vector<double> m_edges;  ///< of the device's pixel columns, as x of the axis
    std::vector<Line> m_lines;
    std::vector<std::unique_ptr<series::ColumnIndex>> m_indices;  ///< kept from frame to frame
    std::size_t m_usedIndices = 0;
    std::vector<const Line*> m_indexed;  ///< for whose curve each of the used ones is
    std::vector<Worker> m_workers;
    QImage m_image;  ///< where the paint device has no pixels that can be reached
};

}  // namespace runglass::ui
