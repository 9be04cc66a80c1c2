// SPDX-License-Identifier: GPL-3.0-or-later
#include "hidden_remark.h"

#include <QCoreApplication>

#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

QString counted(const char* text, std::size_t count) {
    return QCoreApplication::translate("ChartCard", text).arg(formatCount(static_cast<std::int64_t>(count)));
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
        parts << counted(QT_TRANSLATE_NOOP("ChartCard", "%1 values ≤ 0 not shown"), byY);
    }
    if (byX > 0) {
        parts << counted(QT_TRANSLATE_NOOP("ChartCard", "%1 points with x ≤ 0 not shown"), byX);
    }
    if (withoutX > 0) {
        parts << counted(QT_TRANSLATE_NOOP("ChartCard", "%1 points have no x"), withoutX);
    }
    if (withoutTime > 0) {
        parts << counted(QT_TRANSLATE_NOOP("ChartCard", "%1 points have no time"), withoutTime);
    }
    return parts.join(QStringLiteral(", "));
}

}  // namespace runglass::ui
