// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <string>
#include <vector>

#include "runglass/base/symbol.h"
#include "runglass/model/goal.h"
#include "runglass/series/expression.h"

namespace runglass::ui {

/// One curve a run: a metric or an expression over metrics.
struct ChartLine {
    QString name;
    series::Expression expression;
};

/// What a chart draws. Each metric has a chart of its own; others are made by hand, with several lines or
/// with expressions.
struct ChartSpec {
    /// Names the chart in pins, zoom states and stored views: the key of the metric, or for a chart made by
    /// hand a text that no metric key is (it begins with a control character).
    Symbol id;
    QString title;
    std::vector<ChartLine> lines;

    [[nodiscard]] bool isCustom() const;
    /// Which way its values get better, where the lines agree.
    [[nodiscard]] model::Goal goal() const;

    static ChartSpec ofMetric(Symbol key);
    /// Lines that do not parse are left out; `texts` of the result are the texts given. An empty title
    /// becomes the texts.
    static ChartSpec custom(Symbol id, const QString& title, const std::vector<std::string>& texts);
    /// An id that is not among `taken`.
    static Symbol freeId(const std::vector<ChartSpec>& taken);
    /// The expressions as they were typed.
    std::vector<std::string> texts;
};

/// `c3` of the id of a chart made by hand, as stored views have it; empty for the chart of a metric.
QString customName(Symbol id);
Symbol customId(const QString& name);

}  // namespace runglass::ui
