// SPDX-License-Identifier: GPL-3.0-or-later
#include "hidden_remark.h"

#include <QCoreApplication>
#include <cmath>

#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

QString counted(const char* one, const char* several, std::size_t count) {
    return count == 1 ? QCoreApplication::translate("ChartCard", one)
                      : QCoreApplication::translate("ChartCard", several)
                            .arg(formatCount(static_cast<std::int64_t>(count)));
}

/// Values of another metric that the x axis cannot take, however it is zoomed.
std::size_t beyondX(const std::vector<DrawnCurve>& curves) {
    double largest = -std::numeric_limits<double>::infinity();
    bool logarithmic = false;
    for (const auto& drawn : curves) {
        const auto& settings = drawn.curve->origin.settings;
        const auto xs = settings.x == XAxis::Metric ? drawn.curve->xRange() : std::nullopt;
        largest = xs ? std::max(largest, xs->second) : largest;
        logarithmic = settings.logX;
    }
    if (std::isinf(largest)) {
        return 0;
    }
    const auto placeable = PlaceableX::upTo(largest, logarithmic);
    std::size_t count = 0;
    for (const auto& drawn : curves) {
        for (const auto& segment : drawn.curve->segments) {
            count += segment.size();
        }
        for (const auto& range : drawn.curve->between(placeable.lower, placeable.upper)) {
            count -= range.size();
        }
    }
    return count;
}

}  // namespace

QString remarkOnHidden(const std::vector<DrawnCurve>& curves) {
    std::size_t byX = 0;
    std::size_t byY = 0;
    std::size_t withoutX = 0;
    std::size_t withoutTime = 0;
    for (const auto& drawn : curves) {
        byX += drawn.curve->notShown.byX;
        byY += drawn.curve->notShown.byY;
        const bool byMetric = drawn.curve->origin.settings.x == XAxis::Metric;
        (byMetric ? withoutX : withoutTime) += drawn.curve->withoutX;
    }
    QStringList parts;
    if (byY > 0) {
        parts << counted(QT_TRANSLATE_NOOP("ChartCard", "1 value ≤ 0 not shown"),
                         QT_TRANSLATE_NOOP("ChartCard", "%1 values ≤ 0 not shown"), byY);
    }
    if (byX > 0) {
        parts << counted(QT_TRANSLATE_NOOP("ChartCard", "1 point with x ≤ 0 not shown"),
                         QT_TRANSLATE_NOOP("ChartCard", "%1 points with x ≤ 0 not shown"), byX);
    }
    if (const auto beyond = beyondX(curves); beyond > 0) {
        parts << counted(QT_TRANSLATE_NOOP("ChartCard", "1 point beyond the x axis not shown"),
                         QT_TRANSLATE_NOOP("ChartCard", "%1 points beyond the x axis not shown"), beyond);
    }
    if (withoutX > 0) {
        parts << counted(QT_TRANSLATE_NOOP("ChartCard", "1 point has no x"),
                         QT_TRANSLATE_NOOP("ChartCard", "%1 points have no x"), withoutX);
    }
    if (withoutTime > 0) {
        parts << counted(QT_TRANSLATE_NOOP("ChartCard", "1 point has no time"),
                         QT_TRANSLATE_NOOP("ChartCard", "%1 points have no time"), withoutTime);
    }
    return parts.join(QStringLiteral(", "));
}

}  // namespace runglass::ui
