// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "custom_plot.h"

#include <QFont>
#include <QString>
#include <functional>
#include <vector>

#include "axis_unit.h"

namespace runglass::ui {

enum class AxisScale {
    Linear,
    Whole,  ///< of whole numbers, as steps are
    Log,
    Duration,
    Wall
};

struct Tick {
    double value = 0;
    QString label;
};

/// Ticks at round values, at least one `spacing` apart on an axis `length` pixels long (VISUAL.md §7: 70 on
/// x, 36 on y). A pure function, so that axes are the same wherever they are drawn. Both ends and the ticks
/// are places on the axis, which counts in `unit`.
std::vector<Tick> makeTicks(AxisScale scale, double lower, double upper, double length, double spacing,
                            const AxisUnit& unit = {});

/// Where the labels of an axis stand that lie side by side, in pixels.
struct LabelRow {
    double length = 300;  ///< of the axis
    double before = 0;    ///< room beyond its beginning
    double after = 0;     ///< room beyond its end
    std::function<double(const QString&)> widthOf;

    /// The left edge of a label `width` wide whose tick is at `position` from the beginning: centred there,
    /// and moved inwards where there is no room.
    [[nodiscard]] double place(double position, double width) const;
};

/// Ticks at least one `spacing` apart, and as far as it takes that no label touches another. Where that
/// leaves no two, since nearly all digits are the same, the others say how far they are from the first:
/// `+20`.
std::vector<Tick> makeTicks(AxisScale scale, double lower, double upper, const LabelRow& row, double spacing);

/// `12.4k` from 10,000 up, thin spaces below, `1e-4` for the very small; `step` is the distance of ticks, and
/// gives as many digits as tell them apart.
QString axisLabel(double value, double step);

/// Feeds makeTicks() to an axis.
class AxisTicker final : public QCPAxisTicker {
public:
    AxisTicker(AxisScale scale, double spacing)
        : m_scale(scale)
        , m_spacing(spacing) {}
    /// Length of the axis in pixels; set before each layout.
    void setLength(double length) { m_row.length = length; }
    void setUnit(const AxisUnit& unit) { m_unit = unit; }
    /// Labels stand side by side, with so much room beyond either end of the axis.
    void setRow(double length, double before, double after, const QFont& font);
    [[nodiscard]] std::vector<Tick> ticks(const QCPRange& range) const;
    void generate(const QCPRange& range, const QLocale& locale, QChar formatChar, int precision,
                  QVector<double>& ticks, QVector<double>* subTicks, QVector<QString>* tickLabels) override;

private:
    AxisScale m_scale;
    double m_spacing;
    LabelRow m_row;  ///< without widths where labels stand one over the other
    AxisUnit m_unit;
};

}  // namespace runglass::ui
