// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/series/expression.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace runglass::series {

namespace {

struct StepPoint {
    std::int64_t step = 0;
    std::int64_t timeMs = 0;
    double value = 0;
};

// By step, one point a step: the one that arrived last.
std::vector<StepPoint> bySteps(const model::SeriesView& series) {
    std::vector<StepPoint> points(series.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
        points[i] = {series.steps[i], series.timesMs[i], series.values[i]};
    }
    const auto before = [](const StepPoint& a, const StepPoint& b) { return a.step < b.step; };
    if (!std::is_sorted(points.begin(), points.end(), before)) {
        std::stable_sort(points.begin(), points.end(), before);
    }
    std::size_t kept = 0;
    for (const auto& point : points) {
        if (kept > 0 && points[kept - 1].step == point.step) {
            points[kept - 1] = point;
        } else {
            points[kept++] = point;
        }
    }
    points.resize(kept);
    return points;
}

model::Series pointwise(const Expression& expression, const model::SeriesView& series) {
    model::Series result;
    result.steps.assign(series.steps.begin(), series.steps.end());
    result.timesMs.assign(series.timesMs.begin(), series.timesMs.end());
    result.values.reserve(series.size());
    for (const double value : series.values) {
        result.values.push_back(expression.value(std::span(&value, 1)));
    }
    return result;
}

}  // namespace

Expression Expression::ofKey(std::string_view key) {
    Expression expression;
    expression.m_keys.emplace_back(key);
    expression.m_program.push_back({Op::Key, 0, 0});
    return expression;
}

bool Expression::isKey() const {
    return m_program.size() == 1 && m_program.front().op == Op::Key;
}

bool Expression::isUnary(Op op) {
    return op >= Op::Negate && op <= Op::Sqrt;
}

double Expression::apply(Op op, double a, double b) {
    switch (op) {
        case Op::Number:
        case Op::Key:
            break;
        case Op::Add:
            return a + b;
        case Op::Subtract:
            return a - b;
        case Op::Multiply:
            return a * b;
        case Op::Divide:
            return a / b;
        case Op::Power:
            return std::pow(a, b);
        case Op::Negate:
            return -a;
        case Op::Abs:
            return std::abs(a);
        case Op::Exp:
            return std::exp(a);
        case Op::Log:
            return std::log(a);
        case Op::Log2:
            return std::log2(a);
        case Op::Log10:
            return std::log10(a);
        case Op::Sqrt:
            return std::sqrt(a);
        // A value that is not a number makes the result none, which std::fmin would hide.
        case Op::Min:
            return std::isnan(a) || std::isnan(b) ? a + b : std::min(a, b);
        case Op::Max:
            return std::isnan(a) || std::isnan(b) ? a + b : std::max(a, b);
    }
    return a;
}

double Expression::value(std::span<const double> values) const {
    // The parser bounds the depth.
    std::array<double, 256> stack{};
    std::size_t size = 0;
    for (const auto& instruction : m_program) {
        if (instruction.op == Op::Number) {
            stack[size++] = instruction.number;
        } else if (instruction.op == Op::Key) {
            stack[size++] = values[instruction.key];
        } else if (isUnary(instruction.op)) {
            stack[size - 1] = apply(instruction.op, stack[size - 1], 0);
        } else {
            --size;
            stack[size - 1] = apply(instruction.op, stack[size - 1], stack[size]);
        }
    }
    return size > 0 ? stack[0] : std::nan("");
}

model::Series evaluate(const Expression& expression, std::span<const model::SeriesView> series) {
    if (series.empty()) {
        return {};
    }
    if (series.size() == 1) {
        return pointwise(expression, series.front());
    }
    std::vector<std::vector<StepPoint>> columns;
    for (const auto& one : series) {
        columns.push_back(bySteps(one));
    }
    model::Series result;
    std::vector<std::size_t> at(columns.size());
    std::vector<double> values(columns.size());
    for (const auto& first : columns.front()) {
        auto timeMs = first.timeMs;
        bool everywhere = true;
        values[0] = first.value;
        for (std::size_t c = 1; c < columns.size() && everywhere; ++c) {
            const auto& column = columns[c];
            while (at[c] < column.size() && column[at[c]].step < first.step) {
                ++at[c];
            }
            everywhere = at[c] < column.size() && column[at[c]].step == first.step;
            if (everywhere) {
                values[c] = column[at[c]].value;
                timeMs = std::max(timeMs, column[at[c]].timeMs);
            }
        }
        if (everywhere) {
            result.push({first.step, timeMs, expression.value(values)});
        }
    }
    return result;
}

}  // namespace runglass::series
