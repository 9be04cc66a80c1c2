// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <string>

#include "chart_image.h"
#include "runglass/base/text.h"

namespace runglass::ui {

namespace {

std::string quoted(const QString& text) {
    auto copy = text;
    copy.replace(QLatin1Char('"'), QLatin1String("\"\""));
    return '"' + copy.toStdString() + '"';
}

std::string number(double value) {
    return formatDouble(value);
}

// The fields after the name of the curve.
std::string pointOf(const DrawnCurve& drawn, std::size_t i) {
    const auto& curve = *drawn.curve;
    const auto point = curve.series->at(i);
    const auto smoothed = curve.smoothed ? number(curve.smoothed->ys[i]) : std::string();
    auto text = number(curve.xs[i]) + ',';
    if (!drawn.group) {
        return text + std::to_string(point.step) + ',' + std::to_string(point.timeMs) + ',' +
               number(point.value) + ',' + smoothed;
    }
    text += number(point.value) + ',' + smoothed + ',';
    if (curve.band) {
        const double lower = curve.band->lower.ys[i];
        const double upper = curve.band->upper.ys[i];
        text += (std::isnan(lower) ? "" : number(lower)) + ',' + (std::isnan(upper) ? "" : number(upper));
    } else {
        text += ',';
    }
    return text + ',' + std::to_string(i < curve.n.size() ? curve.n[i] : 0);
}

}  // namespace

QByteArray chartCsv(const ChartImage& image) {
    const bool groups = std::any_of(image.curves.begin(), image.curves.end(),
                                    [](const DrawnCurve& drawn) { return drawn.group; });
    std::string out =
        groups ? "group,x,value,smoothed,lower,upper,n\n" : "run,name,x,step,time_ms,value,smoothed\n";
    const double infinity = std::numeric_limits<double>::infinity();
    for (const auto& drawn : image.curves) {
        const auto name = quoted(drawn.name);
        const auto prefix = drawn.group ? name : drawn.run.hex() + ',' + name;
        for (const auto& range : drawn.curve->between(image.x ? image.x->lower : -infinity,
                                                      image.x ? image.x->upper : infinity)) {
            for (auto i = range.begin; i < range.end; ++i) {
                out += prefix;
                out += ',';
                out += pointOf(drawn, i);
                out += '\n';
            }
        }
    }
    return QByteArray::fromStdString(out);
}

}  // namespace runglass::ui
