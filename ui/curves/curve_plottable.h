// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "custom_plot.h"

#include <QColor>
#include <algorithm>
#include <optional>
#include <unordered_set>
#include <vector>

#include "curve.h"
#include "curve_frame.h"
#include "runglass/base/run_id.h"

namespace runglass::ui {

/// A curve with the looks of its run, or of a group of runs.
struct DrawnCurve {
    RunId run;                   ///< of a group: an id of its own
    std::vector<RunId> members;  ///< the run itself, or those of the group
    bool group = false;
    QString name;
    QColor color;
    Qt::PenStyle style = Qt::SolidLine;
    bool live = false;  ///< the run goes on: its end is marked
    SharedCurve curve;

    [[nodiscard]] bool contains(const RunId& id) const {
        return run == id || std::find(members.begin(), members.end(), id) != members.end();
    }
};

/// All curves of one chart. From every point it draws the exact minimum and maximum of each pixel column;
/// where points are sparser than pixels, the points themselves.
class CurvePlottable final : public QCPAbstractPlottable {
    Q_OBJECT
public:
    CurvePlottable(QCPAxis* xAxis, QCPAxis* yAxis);

    /// What the y axis counts in.
    void setUnit(const AxisUnit& unit) { m_unit = unit; }
    [[nodiscard]] double pixelOf(double value) const;
    [[nodiscard]] double valueAt(double pixel) const;

    void setCurves(std::vector<DrawnCurve> curves);
    [[nodiscard]] const std::vector<DrawnCurve>& curves() const { return m_curves; }
    /// Runs drawn thicker, on top.
    void setSelected(std::vector<RunId> runs) {
        m_selected = std::move(runs);
        m_chosen.clear();
    }
    /// While it has a curve here, the others step back. Returns whether that changes the picture.
    bool setHighlighted(std::optional<RunId> run);
    [[nodiscard]] bool isSelected(const DrawnCurve& drawn) const;
    [[nodiscard]] bool isHighlighted(const DrawnCurve& drawn) const {
        return m_highlighted && drawn.contains(*m_highlighted);
    }

    /// Index of the curve nearest to a pixel position, within `reach` pixels.
    [[nodiscard]] std::optional<std::size_t> curveAt(const QPointF& position, double reach) const;

    double selectTest(const QPointF& position, bool onlySelectable, QVariant* details) const override;
    QCPRange getKeyRange(bool& found, QCP::SignDomain domain) const override;
    QCPRange getValueRange(bool& found, QCP::SignDomain domain, const QCPRange& keys) const override;

protected:
    void draw(QCPPainter* painter) override;
    void drawLegendIcon(QCPPainter* painter, const QRectF& rect) const override;

private:
    [[nodiscard]] std::vector<double> columnEdges() const;
    void drawLine(QCPPainter* painter, const Curve& curve, const CurveLine& line, const CurvePen& pen,
                  const std::vector<double>& edges);
    static void drawDot(QCPPainter* painter, QPointF at);
    void drawPoints(QCPPainter* painter, const Curve& curve, const CurveLine& line, series::IndexRange range,
                    Qt::PenStyle style) const;
    void drawColumns(QCPPainter* painter, const Curve& curve, const CurveLine& line,
                     series::IndexRange segment, const std::vector<double>& edges, Qt::PenStyle style) const;
    void drawBand(QCPPainter* painter, const DrawnCurve& drawn) const;
    void drawMarks(QCPPainter* painter, const DrawnCurve& drawn) const;
    void letMarksReachOut(QCPPainter* painter) const;
    void drawEnd(QCPPainter* painter, const DrawnCurve& drawn, const QColor& color) const;
    void drawMainLines(QCPPainter* painter, const std::vector<double>& edges);
    [[nodiscard]] QColor faded(const QColor& color, double share) const;
    [[nodiscard]] bool recedes(const DrawnCurve& drawn) const;

    std::vector<DrawnCurve> m_curves;
    std::vector<RunId> m_selected;
    mutable std::unordered_set<RunId> m_chosen;  ///< of m_selected, made when it is first asked for
    std::optional<RunId> m_highlighted;
    bool m_anyHighlighted = false;  ///< one of the curves is
    CurveFrame m_frame;
    AxisUnit m_unit;
};

}  // namespace runglass::ui
