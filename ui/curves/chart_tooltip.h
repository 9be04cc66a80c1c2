// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <vector>

#include "curve_plottable.h"
#include "runglass/model/goal.h"

namespace runglass::ui {

/// A line of the tooltip.
struct TooltipRow {
    QString name;
    QColor color;
    double smoothed = 0;
    double raw = 0;
    bool strong = false;
};

/// The values of all curves at x, best first.
std::vector<TooltipRow> tooltipRows(const std::vector<DrawnCurve>& curves, double x, model::Goal goal,
                                    const std::vector<RunId>& selected);

/// The card beside the crosshair with the values of every run under it. Lets the mouse through.
class ChartTooltip final : public QWidget {
    Q_OBJECT
public:
    explicit ChartTooltip(QWidget* parent);

    void setContent(const QString& title, std::vector<TooltipRow> rows, bool smoothing);
    /// Beside `anchor` (in the parent's coordinates), 12 px off, on the side where there is room.
    void place(const QPoint& anchor, const QRect& within);

    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    [[nodiscard]] int nameWidth() const;

    QString m_title;
    std::vector<TooltipRow> m_rows;
    std::size_t m_hidden = 0;
    bool m_smoothing = false;
};

}  // namespace runglass::ui
