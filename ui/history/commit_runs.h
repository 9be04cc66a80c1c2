// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "runglass/git/values.h"
#include "runglass/model/run.h"

namespace runglass::ui {

/// Which number of a metric counts for a run.
enum class MetricValue { Last, Min, Max };

struct MetricChoice {
    Symbol key;  ///< empty: no metric
    MetricValue value = MetricValue::Max;
    friend bool operator==(const MetricChoice&, const MetricChoice&) = default;
};

/// The number of `run` under `choice`; nothing where it has none, or only NaN.
std::optional<double> valueOf(const model::RunRecord& run, const MetricChoice& choice);

/// Whether smaller numbers of this choice are better: min says so, max says the contrary, last asks the key.
bool smallerIsBetter(const MetricChoice& choice);

/// What a new person most likely wants to see along the history: an evaluation metric that most runs have.
MetricChoice defaultMetric(const model::RunTable& table);

/// One metric over the runs of one commit.
struct CommitMetric {
    std::optional<double> best;  ///< over all runs
    int n = 0;                   ///< finished runs with a finite value: what mean and deviation are over
    double mean = 0;
    double deviation = 0;  ///< sample standard deviation; 0 for n < 2
};

/// `runs` of one commit under `choice`.
CommitMetric summarize(const std::vector<model::SharedRun>& runs, const MetricChoice& choice);

/// The runs of each commit, a snapshot with uncommitted work counting to the commit that it was based on.
/// Archived runs are left out. Order is that of the run table.
class CommitRuns {
public:
    CommitRuns() = default;
    explicit CommitRuns(const model::RunTable& table);

    /// Null when the commit has none.
    [[nodiscard]] const std::vector<model::SharedRun>* find(const git::ObjectId& commit) const;
    [[nodiscard]] std::size_t commitCount() const { return m_runs.size(); }
    [[nodiscard]] const std::unordered_map<git::ObjectId, std::vector<model::SharedRun>>& all() const {
        return m_runs;
    }

private:
    std::unordered_map<git::ObjectId, std::vector<model::SharedRun>> m_runs;
};

/// What the history shows of the runs: computed in a job, then immutable.
struct JoinedRuns {
    CommitRuns runs;
    std::unordered_map<git::ObjectId, CommitMetric> metrics;  ///< of commits whose runs have the metric
    std::optional<double> best;                               ///< of all commits
    int decimals = 4;                                         ///< of the column of best values
};
using SharedJoinedRuns = std::shared_ptr<const JoinedRuns>;

SharedJoinedRuns joinRuns(const model::RunTable& table, const MetricChoice& choice);

/// How far a commit lies from an earlier one, where the difference is beyond what repeats scatter.
struct Regression {
    double change = 0;  ///< mean here − mean before
    double p = 1;       ///< two-sided, Welch's t-test
    int nBefore = 0;
    int nHere = 0;
};

/// Welch's unequal-variances t-test (Welch 1947; degrees of freedom after Satterthwaite). Nothing when either
/// side has fewer than two runs, when both deviations are 0, when the change is for the better, or when
/// p ≥ kRegressionP.
std::optional<Regression> regressionOf(const CommitMetric& before, const CommitMetric& here,
                                       bool smallerBetter);

inline constexpr double kRegressionP = 0.01;

}  // namespace runglass::ui
