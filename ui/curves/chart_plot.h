// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "custom_plot.h"

#include <QSharedPointer>
#include <memory>
#include <optional>
#include <vector>

#include "axis_ticker.h"
#include "curve_plottable.h"
#include "runglass/ui/curves/chart_settings.h"

namespace runglass::ui {

class ChartBuffer;
class Crosshair;

/// One chart: axes, grid and curves in the looks of the theme; zoom, pan and crosshair by mouse. Knows
/// nothing of the project: curves are given to it, and what the person does comes out as signals.
class ChartPlot final : public QCustomPlot {
    Q_OBJECT
public:
    explicit ChartPlot(QWidget* parent = nullptr);
    ~ChartPlot() override;

    void setSettings(const ChartSettings& settings);
    [[nodiscard]] const ChartSettings& settings() const { return m_settings; }
    void setCurves(std::vector<DrawnCurve> curves);
    [[nodiscard]] const std::vector<DrawnCurve>& curves() const;
    void setSelected(const std::vector<RunId>& runs);
    void setHighlighted(std::optional<RunId> run);

    /// Visible x; nothing shows everything, and follows what arrives.
    void setXRange(std::optional<QCPRange> range);
    /// Visible y; nothing fits what is visible.
    void setYRange(std::optional<QCPRange> range);
    /// Limits for robust y, computed by the owner of the curves.
    void setRobustLimits(const series::Extent& limits);
    [[nodiscard]] QCPRange xRange() const { return xAxis->range(); }
    /// What was given to setXRange().
    [[nodiscard]] const std::optional<QCPRange>& chosenX() const { return m_xRange; }
    /// In values, whatever the axis counts in.
    [[nodiscard]] QCPRange yRange() const;
    [[nodiscard]] double valueAt(double pixel) const;

    enum class Missed { Nothing, X, Y };
    /// On which axis what is visible lies beside all points and the lines between them.
    [[nodiscard]] Missed missed() const;

    /// Whether a click there would choose a curve.
    [[nodiscard]] bool hasCurveAt(const QPoint& position) const;

    /// The line over all charts; nothing hides it.
    void setCrosshair(std::optional<double> x);
    /// What assistive technology reads.
    void setSummary(const QString& name, const QString& summary);
    /// The visible x after zooming about a pixel, or moving by a share of the width; the same on log axes.
    [[nodiscard]] QCPRange zoomedX(double factor, double pixel) const;
    [[nodiscard]] QCPRange pannedX(double pixels) const;
    [[nodiscard]] QCPRange pannedY(double pixels) const;
    /// About the middle.
    [[nodiscard]] QCPRange zoomedY(double factor) const;
    /// Colours and fonts of the theme.
    void applyTheme();
    /// Brings axes and margins up to date; called before each drawing, and by exports after resizing.
    void layOut();

Q_SIGNALS:
    /// The person zoomed; y is set when the box had a height.
    void zoomed(std::optional<QCPRange> x, std::optional<QCPRange> y);
    void zoomReset();
    void crosshairMoved(std::optional<double> x, const QPoint& position);
    void curveClicked(const std::vector<runglass::RunId>& runs, Qt::KeyboardModifiers modifiers);
    /// A click beside all curves.
    void plotClicked(const QPoint& position);
    void focused();
    /// The person asks for the values as a table.
    void valuesRequested();
    void curveHovered(std::optional<runglass::RunId> run);

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    enum class Drag { None, Undecided, Box, Pan };
    void fitX();
    void fitY();
    void queueReplot();
    void moveCrosshair(const QPoint& position);
    void finishBox(const QPoint& position);
    void chooseUnit(double least, double most);
    void showY(QCPRange range);
    [[nodiscard]] QCPRange padded(series::Extent extent) const;

    ChartSettings m_settings;
    CurvePlottable* m_curves;
    std::unique_ptr<Crosshair> m_crosshair;
    QSharedPointer<ChartBuffer> m_buffer;
    QSharedPointer<AxisTicker> m_xTicker;
    QSharedPointer<AxisTicker> m_yTicker;
    std::optional<QCPRange> m_xRange;
    std::optional<QCPRange> m_yRange;
    AxisUnit m_unit;  ///< of the y axis
    series::Extent m_robust;
    Drag m_drag = Drag::None;
    QPoint m_pressedAt;
};

}  // namespace runglass::ui
