// SPDX-License-Identifier: GPL-3.0-or-later
#include "tooltip_rows.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_set>

#include "runglass/base/text.h"

namespace runglass::ui {

namespace {

constexpr std::array kOrders{
    std::pair(TooltipOrder::Best, QLatin1String("best")),
    std::pair(TooltipOrder::Largest, QLatin1String("largest")),
    std::pair(TooltipOrder::Smallest, QLatin1String("smallest")),
    std::pair(TooltipOrder::Name, QLatin1String("name")),
    std::pair(TooltipOrder::Nearest, QLatin1String("nearest")),
};

// NaN comes last, whichever way.
template <typename Key>
void sortBy(std::vector<TooltipRow>* rows, Key key) {
    std::stable_sort(rows->begin(), rows->end(), [key](const TooltipRow& a, const TooltipRow& b) {
        const double x = key(a);
        const double y = key(b);
        return std::isnan(x) || std::isnan(y) ? std::isnan(y) && !std::isnan(x) : x < y;
    });
}

// Around the mean, and the mean is the line.
bool isEven(const Grouping& group) {
    const bool interval = group.band == series::Band::StandardDeviation ||
                          group.band == series::Band::StandardError ||
                          group.band == series::Band::ConfidenceT;
    return interval && group.centre == series::Centre::Mean;
}

TooltipRow rowOf(const DrawnCurve& drawn, std::size_t i) {
    const auto& curve = *drawn.curve;
    const auto& series = *curve.series;
    TooltipRow row;
    row.name = drawn.name;
    row.color = drawn.color;
    row.style = drawn.style;
    row.raw = series.values[i];
    row.smoothed = curve.smoothed ? curve.smoothed->ys[i] : row.raw;
    row.x = curve.xs[i];
    row.step = series.steps[i];
    row.timeMs = series.timesMs[i];
    row.group = drawn.group;
    row.n = i < curve.n.size() ? curve.n[i] : 0;
    row.lower = curve.band ? curve.band->lower.ys[i] : std::nan("");
    row.upper = curve.band ? curve.band->upper.ys[i] : std::nan("");
    row.even = isEven(curve.origin.settings.group);
    return row;
}

}  // namespace

QString textOf(TooltipOrder order) {
    for (const auto& [value, text] : kOrders) {
        if (value == order) {
            return text;
        }
    }
    return {};
}

TooltipOrder tooltipOrderFromText(const QString& text) {
    for (const auto& [value, word] : kOrders) {
        if (text == word) {
            return value;
        }
    }
    return TooltipOrder::Best;
}

std::vector<TooltipRow> tooltipRows(const std::vector<DrawnCurve>& curves, const TooltipQuestion& question) {
    std::vector<TooltipRow> rows;
    const std::unordered_set<RunId> selected(question.selected.begin(), question.selected.end());
    const auto chosen = [&selected](const RunId& run) { return selected.count(run) > 0; };
    for (const auto& drawn : curves) {
        if (const auto i = drawn.curve->nearest(question.x)) {
            rows.push_back(rowOf(drawn, *i));
            rows.back().strong =
                chosen(drawn.run) || std::any_of(drawn.members.begin(), drawn.members.end(), chosen);
        }
    }
    const double sign = question.goal == model::Goal::Minimize ? 1 : -1;
    sortBy(&rows, [sign](const TooltipRow& row) { return sign * row.smoothed; });
    int rank = 0;
    for (auto& row : rows) {
        row.rank = std::isnan(row.smoothed) ? 0 : ++rank;
    }
    switch (question.order) {
        case TooltipOrder::Best:
            break;
        case TooltipOrder::Largest:
            sortBy(&rows, [](const TooltipRow& row) { return -row.smoothed; });
            break;
        case TooltipOrder::Smallest:
            sortBy(&rows, [](const TooltipRow& row) { return row.smoothed; });
            break;
        case TooltipOrder::Name:
            std::stable_sort(rows.begin(), rows.end(), [](const TooltipRow& a, const TooltipRow& b) {
                return QString::localeAwareCompare(a.name, b.name) < 0;
            });
            break;
        case TooltipOrder::Nearest:
            sortBy(&rows, [y = question.y](const TooltipRow& row) { return std::abs(row.smoothed - y); });
            break;
    }
    return rows;
}

QString tooltipText(const std::vector<TooltipRow>& rows, bool smoothing) {
    const bool groups =
        std::any_of(rows.begin(), rows.end(), [](const TooltipRow& row) { return row.group; });
    QStringList head{QStringLiteral("rank"), QStringLiteral("name"), QStringLiteral("step"),
                     QStringLiteral("time_ms")};
    if (smoothing) {
        head << QStringLiteral("smoothed");
    }
    head << QStringLiteral("value");
    if (groups) {
        head << QStringLiteral("x") << QStringLiteral("n") << QStringLiteral("lower")
             << QStringLiteral("upper");
    }
    const auto number = [](double value) { return QString::fromStdString(formatDouble(value)); };
    QStringList lines{head.join(QLatin1Char('\t'))};
    for (const auto& row : rows) {
        QStringList cells{row.rank > 0 ? QString::number(row.rank) : QString(), row.name,
                          row.group ? QString() : QString::number(row.step),
                          row.group ? QString() : QString::number(row.timeMs)};
        if (smoothing) {
            cells << number(row.smoothed);
        }
        cells << number(row.raw);
        if (groups) {
            cells << number(row.x) << QString::number(row.n)
                  << (std::isnan(row.lower) ? QString() : number(row.lower))
                  << (std::isnan(row.upper) ? QString() : number(row.upper));
        }
        lines << cells.join(QLatin1Char('\t'));
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

}  // namespace runglass::ui
