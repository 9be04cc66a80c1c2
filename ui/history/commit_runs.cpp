// SPDX-License-Identifier: GPL-3.0-or-later
#include "commit_runs.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "runglass/model/goal.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

/// How well a key suits as the metric of the history: evaluation before training, known goals before unknown.
int suitability(std::string_view key) {
    const auto goal = model::goalOf(key);
    int points = goal == model::Goal::Maximize ? 4 : goal == model::Goal::Minimize ? 3 : 0;
    for (const std::string_view word : {"val", "test", "eval", "dev"}) {
        points += key.find(word) != std::string_view::npos ? 8 : 0;
    }
    return key.starts_with("system/") || key.starts_with("system.") ? -1 : points;
}

}  // namespace

std::optional<double> valueOf(const model::RunRecord& run, const MetricChoice& choice) {
    const auto* summary = choice.key.empty() ? nullptr : run.metric(choice.key);
    if (summary == nullptr || summary->count == 0) {
        return std::nullopt;
    }
    const double value = choice.value == MetricValue::Last  ? summary->last
                         : choice.value == MetricValue::Min ? summary->min
                                                            : summary->max;
    return std::isnan(value) ? std::nullopt : std::optional(value);
}

bool smallerIsBetter(const MetricChoice& choice) {
    if (choice.value == MetricValue::Last) {
        return model::goalOf(choice.key.text()) == model::Goal::Minimize;
    }
    return choice.value == MetricValue::Min;
}

MetricChoice defaultMetric(const model::RunTable& table) {
    MetricChoice choice;
    int best = -1;
    for (const Symbol key : table.metricKeys) {
        if (const int points = suitability(key.text()); points > best) {
            best = points;
            choice.key = key;
        }
    }
    const auto goal = model::goalOf(choice.key.text());
    choice.value = goal == model::Goal::Maximize   ? MetricValue::Max
                   : goal == model::Goal::Minimize ? MetricValue::Min
                                                   : MetricValue::Last;
    return choice;
}

CommitMetric summarize(const std::vector<model::SharedRun>& runs, const MetricChoice& choice) {
    CommitMetric metric;
    const bool smaller = smallerIsBetter(choice);
    double squares = 0;
    for (const auto& run : runs) {
        const auto value = valueOf(*run, choice);
        if (!value) {
            continue;
        }
        metric.best = !metric.best ? *value
                      : smaller    ? std::min(*metric.best, *value)
                                   : std::max(*metric.best, *value);
        if (run->status == model::RunStatus::Finished && std::isfinite(*value)) {
            // Welford's update: stable for values that lie close together.
            ++metric.n;
            const double delta = *value - metric.mean;
            metric.mean += delta / metric.n;
            squares += delta * (*value - metric.mean);
        }
    }
    metric.deviation = metric.n > 1 ? std::sqrt(squares / (metric.n - 1)) : 0.0;
    return metric;
}

CommitRuns::CommitRuns(const model::RunTable& table) {
    for (const auto& run : table.runs) {
        if (run->archived || run->git.commit.empty()) {
            continue;
        }
        if (const auto id = git::ObjectId::fromHex(run->git.commit)) {
            m_runs[*id].push_back(run);
        }
    }
}

const std::vector<model::SharedRun>* CommitRuns::find(const git::ObjectId& commit) const {
    const auto it = m_runs.find(commit);
    return it == m_runs.end() ? nullptr : &it->second;
}

SharedJoinedRuns joinRuns(const model::RunTable& table, const MetricChoice& choice) {
    auto joined = std::make_shared<JoinedRuns>();
    joined->runs = CommitRuns(table);
    const bool smaller = smallerIsBetter(choice);
    double largest = 0;
    for (const auto& [commit, runs] : joined->runs.all()) {
        const CommitMetric metric = summarize(runs, choice);
        if (!metric.best) {
            continue;
        }
        joined->metrics.emplace(commit, metric);
        if (!joined->best || (smaller ? *metric.best < *joined->best : *metric.best > *joined->best)) {
            joined->best = metric.best;
        }
        largest = std::isfinite(*metric.best) ? std::max(largest, std::abs(*metric.best)) : largest;
    }
    joined->decimals = metricDecimals(largest);
    return joined;
}

std::optional<Regression> regressionOf(const CommitMetric& before, const CommitMetric& here,
                                       bool smallerBetter) {
    if (before.n < 2 || here.n < 2) {
        return std::nullopt;
    }
    const double change = here.mean - before.mean;
    const double a = before.deviation * before.deviation / before.n;
    const double b = here.deviation * here.deviation / here.n;
    const bool worse = smallerBetter ? change > 0 : change < 0;
    if (!worse || a + b <= 0) {
        return std::nullopt;
    }
    const double t = change / std::sqrt(a + b);
    const double freedom = (a + b) * (a + b) / (a * a / (before.n - 1) + b * b / (here.n - 1));
    if (!std::isfinite(t) || !std::isfinite(freedom) || freedom <= 0) {
        return std::nullopt;
    }
    const boost::math::students_t distribution(freedom);
    const double p = 2 * boost::math::cdf(boost::math::complement(distribution, std::abs(t)));
    if (p >= kRegressionP) {
        return std::nullopt;
    }
    return Regression{change, p, before.n, here.n};
}

}  // namespace runglass::ui
