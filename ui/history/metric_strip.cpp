// SPDX-License-Identifier: GPL-3.0-or-later
#include "metric_strip.h"

#include <algorithm>
#include <cmath>

namespace runglass::ui {

namespace {

double quantile(const std::vector<double>& sorted, double q) {
    const double at = q * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(std::floor(at));
    const auto above = std::min(below + 1, sorted.size() - 1);
    return std::lerp(sorted[below], sorted[above], at - std::floor(at));
}

}  // namespace

MetricStrip::MetricStrip(std::vector<StripPoint> points, bool smallerBetter)
    : m_points(std::move(points)) {
    if (m_points.empty()) {
        return;
    }
    const StripPoint* earlier = nullptr;
    for (auto it = m_points.rbegin(); it != m_points.rend(); ++it) {
        if (it->mainLine) {
            if (earlier != nullptr) {
                it->regression = regressionOf({{}, earlier->n, earlier->mean, earlier->deviation},
                                              {{}, it->n, it->mean, it->deviation}, smallerBetter);
            }
            earlier = &*it;
        }
    }
    std::vector<double> values;
    values.reserve(m_points.size());
    for (const auto& point : m_points) {
        values.push_back(point.mean);
    }
    std::sort(values.begin(), values.end());
    const double q1 = quantile(values, 0.25);
    const double q3 = quantile(values, 0.75);
    // Tukey's outer fences: beyond them a value is an outlier and keeps to the edge.
    const double fence = 3 * (q3 - q1);
    m_low = fence > 0 ? std::max(values.front(), q1 - fence) : values.front();
    m_high = fence > 0 ? std::min(values.back(), q3 + fence) : values.back();
    const double span = m_high - m_low;
    const double margin = span > 0 ? 0.06 * span : std::max(std::abs(m_high) * 0.05, 1e-9);
    m_low -= margin;
    m_high += margin;
}

std::vector<StripPoint> MetricStrip::around(int first, int last) const {
    const auto byRow = [](const StripPoint& point, int row) { return point.row < row; };
    auto begin = std::lower_bound(m_points.begin(), m_points.end(), first, byRow);
    auto end = std::lower_bound(begin, m_points.end(), last + 1, byRow);
    std::vector<StripPoint> shown;
    const auto isMain = [](const StripPoint& point) { return point.mainLine; };
    const auto before = std::find_if(std::make_reverse_iterator(begin), m_points.rend(), isMain);
    if (before != m_points.rend()) {
        shown.push_back(*before);
    }
    shown.insert(shown.end(), begin, end);
    const auto after = std::find_if(end, m_points.end(), isMain);
    if (after != m_points.end()) {
        shown.push_back(*after);
    }
    return shown;
}

const StripPoint* MetricStrip::at(int row) const {
    const auto it = std::lower_bound(m_points.begin(), m_points.end(), row,
                                     [](const StripPoint& point, int wanted) { return point.row < wanted; });
    return it != m_points.end() && it->row == row ? &*it : nullptr;
}

double MetricStrip::position(double value) const {
    return std::clamp((value - m_low) / (m_high - m_low), 0.0, 1.0);
}

std::vector<double> niceTicks(double low, double high, int most) {
    std::vector<double> ticks;
    if (!(high > low) || most < 1 || !std::isfinite(high - low)) {
        return ticks;
    }
    const double rough = (high - low) / most;
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    double step = 10 * power;
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= rough) {
            step = factor * power;
            break;
        }
    }
    for (double i = std::ceil(low / step); i * step <= high && static_cast<int>(ticks.size()) < most + 1;
         i += 1) {
        ticks.push_back(i * step);
    }
    return ticks;
}

int tickDecimals(double step) {
    return std::clamp(static_cast<int>(-std::floor(std::log10(step) + 1e-9)), 0, 12);
}

}  // namespace runglass::ui
