// SPDX-License-Identifier: GPL-3.0-or-later
#include "x_axis_text.h"

#include <QCoreApplication>
#include <cmath>

#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

QString translated(const char* text) {
    return QCoreApplication::translate("XAxis", text);
}

// Beyond 2^63 there is no step to name.
QString wholeOrExact(double x) {
    return std::abs(x) < 9e18 ? formatCount(std::llround(x)) : formatExact(x);
}

}  // namespace

QString nameOf(XAxis axis) {
    switch (axis) {
        case XAxis::Step:
            return translated(QT_TRANSLATE_NOOP("XAxis", "step"));
        case XAxis::Relative:
            return translated(QT_TRANSLATE_NOOP("XAxis", "relative time"));
        case XAxis::Wall:
            return translated(QT_TRANSLATE_NOOP("XAxis", "wall time"));
        case XAxis::Metric:
            break;
    }
    return translated(QT_TRANSLATE_NOOP("XAxis", "a metric"));
}

QString nameOf(const ChartSettings& settings) {
    return settings.x == XAxis::Metric ? projectText(settings.xMetric.text()) : nameOf(settings.x);
}

QString valueOfX(const ChartSettings& settings, double x) {
    switch (settings.x) {
        case XAxis::Step:
            return wholeOrExact(x);
        case XAxis::Metric:
            return formatMetric(x);
        case XAxis::Relative:
        case XAxis::Wall:
            break;
    }
    return textOfX(settings, x);
}

QString textOfX(const ChartSettings& settings, double x) {
    switch (settings.x) {
        case XAxis::Step:
            return translated(QT_TRANSLATE_NOOP("XAxis", "step %1")).arg(wholeOrExact(x));
        case XAxis::Relative:
            return formatDuration(std::llround(std::clamp(x, -9e15, 9e15) * 1000));
        case XAxis::Wall:
            return formatFullTime(std::llround(std::clamp(x, -9e12, 9e12) * 1000));
        case XAxis::Metric:
            break;
    }
    return QStringLiteral("%1 %2").arg(nameOf(settings), formatMetric(x));
}

}  // namespace runglass::ui
