// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "custom_plot.h"

#include <QString>
#include <vector>

namespace runglass::ui {

enum class AxisScale { Linear, Log, Duration, Wall };

struct Tick {
    double value = 0;
    QString label;
};

/// Ticks at round values, at least one `spacing` apart on an axis `length` pixels long (VISUAL.md §7: 70 on
/// x, 36 on y). A pure function, so that axes are the same wherever they are drawn. `unit` is what a value of
/// 1 is on the axis.
std::vector<Tick> makeTicks(AxisScale scale, double lower, double upper, double length, double spacing,
                            double unit = 1);

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
    void setLength(double length) { m_length = length; }
    void setUnit(double unit) { m_unit = unit; }
    void generate(const QCPRange& range, const QLocale& locale, QChar formatChar, int precision,
                  QVector<double>& ticks, QVector<double>* subTicks, QVector<QString>* tickLabels) override;

private:
    AxisScale m_scale;
    double m_spacing;
    double m_length = 300;
    double m_unit = 1;
};

}  // namespace runglass::ui
