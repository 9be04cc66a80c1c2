// SPDX-License-Identifier: GPL-3.0-or-later
#include "commit_runs.h"

#include <cmath>
#include <limits>

#include "metric_strip.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

model::SharedRun runWith(double value, model::RunStatus status = model::RunStatus::Finished,
                         const char* commit = "1111111111111111111111111111111111111111") {
    auto run = std::make_shared<model::RunRecord>();
    run->id = RunId::generate();
    run->status = status;
    run->git.commit = commit;
    model::MetricSummary summary;
    summary.add({0, 0, value});
    run->metrics.push_back({Symbol("val/acc"), summary});
    return run;
}

const MetricChoice kAcc{Symbol("val/acc"), MetricValue::Max};

}  // namespace

class TestCommitRuns : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void summarizesFinishedRuns() {
        const auto metric = summarize({runWith(0.9), runWith(0.94), runWith(0.92),
                                       runWith(0.99, model::RunStatus::Killed), runWith(kNan)},
                                      kAcc);
        QCOMPARE(*metric.best, 0.99);  // a value that was reached counts, whoever stopped the run
        QCOMPARE(metric.n, 3);
        QVERIFY(std::abs(metric.mean - 0.92) < 1e-12);
        QVERIFY(std::abs(metric.deviation - 0.02) < 1e-12);  // (0.02² + 0 + 0.02²) / 2, by hand
        QVERIFY(!summarize({runWith(kNan)}, kAcc).best);
        QVERIFY(!summarize({}, kAcc).best);
        QCOMPARE(*summarize({runWith(3), runWith(2)}, {Symbol("val/acc"), MetricValue::Min}).best, 2.0);
    }

    void lastAsksTheKeyForTheDirection() {
        QVERIFY(smallerIsBetter({Symbol("val/loss"), MetricValue::Last}));
        QVERIFY(!smallerIsBetter({Symbol("val/acc"), MetricValue::Last}));
        QVERIFY(smallerIsBetter({Symbol("val/acc"), MetricValue::Min}));
    }

    void picksAnEvaluationMetric() {
        model::RunTable table;
        QVERIFY(defaultMetric(table).key.empty());
        table.metricKeys = {Symbol("epoch"), Symbol("train/acc"), Symbol("train/loss"), Symbol("val/acc"),
                            Symbol("val/loss")};
        QCOMPARE(defaultMetric(table).key.str(), std::string("val/acc"));
        QVERIFY(defaultMetric(table).value == MetricValue::Max);
        table.metricKeys = {Symbol("loss")};
        QVERIFY(defaultMetric(table).value == MetricValue::Min);
    }

    void joinsByCommit() {
        model::RunTable table;
        auto archived = std::make_shared<model::RunRecord>(*runWith(1));
        archived->archived = true;
        const auto first = runWith(1);
        table.runs.push_back(first);
        table.runs.push_back(
            runWith(2, model::RunStatus::Running, "2222222222222222222222222222222222222222"));
        table.runs.push_back(runWith(3));
        table.runs.push_back(runWith(4, model::RunStatus::Finished, ""));
        table.runs.push_back(runWith(5, model::RunStatus::Finished, "not a hash"));
        table.runs.push_back(archived);
        CommitRuns runs(table);
        QCOMPARE(runs.commitCount(), std::size_t{2});
        QCOMPARE(runs.find(*git::ObjectId::fromHex("1111111111111111111111111111111111111111"))->size(),
                 std::size_t{2});
        QVERIFY(runs.find(git::ObjectId{}) == nullptr);

        const auto joined = joinRuns(table, kAcc);
        QCOMPARE(joined->metrics.size(), std::size_t{2});
        QCOMPARE(*joined->best, 3.0);
        QCOMPARE(*joinRuns(table, {Symbol("val/acc"), MetricValue::Min})->best, 1.0);
        QVERIFY(joinRuns(table, {Symbol("absent"), MetricValue::Min})->metrics.empty());
    }

    /// Against R 4.2: t.test(c(0.979,0.98,0.981), c(0.96,0.9622)): t = 15.4, df = 1.57 and the like; here a
    /// case that is exact by hand. Equal sizes and deviations make Welch's test Student's: n = 3 each,
    /// deviation 1, means 10 and 0: t = 10 / sqrt(2/3) = 12.247, df = 4, two-sided p = 2.55e-4 (tables:
    /// t(0.9995; 4) = 8.610, t(0.99995; 4) = 15.544).
    void welchByHand() {
        const CommitMetric before{{}, 3, 10, 1};
        const CommitMetric here{{}, 3, 0, 1};
        const auto fall = regressionOf(before, here, false);
        QVERIFY(fall.has_value());
        QCOMPARE(fall->change, -10.0);
        QVERIFY2(fall->p < 1e-3 && fall->p > 1e-4, qPrintable(QString::number(fall->p)));
        // For df = 4 the distribution function has a closed form: F(t) = 1/2 + 3/8·(x − x³/3)·…; with
        // s = t/sqrt(4 + t²): F = 1/2 + 3/4·(s − s³/3).
        const double t = 10 / std::sqrt(2.0 / 3);
        const double s = t / std::sqrt(4 + t * t);
        const double p = 2 * (0.5 - 0.75 * (s - s * s * s / 3));
        QVERIFY(std::abs(fall->p - p) < 1e-12);
        QCOMPARE(fall->nBefore, 3);
    }

    void saysNothingWithoutEvidence() {
        QVERIFY(!regressionOf({{}, 1, 10, 0}, {{}, 3, 0, 1}, false));    // one run before
        QVERIFY(!regressionOf({{}, 3, 10, 1}, {{}, 1, 0, 0}, false));    // one run here
        QVERIFY(!regressionOf({{}, 3, 10, 1}, {{}, 3, 9, 1}, false));    // within the noise
        QVERIFY(!regressionOf({{}, 3, 10, 1}, {{}, 3, 100, 1}, false));  // better
        QVERIFY(regressionOf({{}, 3, 10, 1}, {{}, 3, 100, 1}, true));    // worse where smaller is better
        QVERIFY(!regressionOf({{}, 3, 10, 0}, {{}, 3, 9, 0}, false));    // no noise estimate
    }

    void stripFindsRegressionsOnTheMainLineOnly() {
        std::vector<StripPoint> points;
        const auto add = [&](int row, bool main, double mean) {
            points.push_back({row, main, mean, 0.001, 3, {}});
        };
        add(0, true, 0.98);
        add(2, true, 0.90);  // fell against row 5, the next of its line
        add(3, false, 0.50);
        add(5, true, 0.97);
        const MetricStrip strip(points, false);
        QVERIFY(!strip.at(0)->regression);
        QVERIFY(strip.at(2)->regression.has_value());
        QVERIFY(!strip.at(3)->regression);
        QVERIFY(!strip.at(5)->regression);
        QVERIFY(strip.at(1) == nullptr);
        // Rows 3 … 4 need the main-line points at 2 and 5 for the line between them.
        std::vector<int> rows;
        for (const auto& point : strip.around(3, 4)) {
            rows.push_back(point.row);
        }
        QCOMPARE(rows, (std::vector<int>{2, 3, 5}));
        QVERIFY(MetricStrip().around(0, 10).empty());
    }

    void outliersKeepToTheEdge() {
        std::vector<StripPoint> points;
        for (int i = 0; i < 40; ++i) {
            points.push_back({i, true, 0.96 + 0.001 * (i % 10), 0, 1, {}});
        }
        points.push_back({40, true, -1e6, 0, 1, {}});
        const MetricStrip strip(points, false);
        QVERIFY(strip.low() > 0.9);
        QCOMPARE(strip.position(-1e6), 0.0);
        QVERIFY(strip.position(0.965) > 0.2 && strip.position(0.965) < 0.8);
        const MetricStrip single({{0, true, 0.5, 0, 1, {}}}, false);
        QCOMPARE(single.position(0.5), 0.5);
        const MetricStrip zero({{0, true, 0.0, 0, 1, {}}}, false);
        QCOMPARE(zero.position(0.0), 0.5);
    }

    void ticksAreRound() {
        const auto ticks = niceTicks(0.953, 0.994, 5);
        QCOMPARE(ticks.size(), std::size_t{4});
        const double expected[] = {0.96, 0.97, 0.98, 0.99};
        for (std::size_t i = 0; i < 4; ++i) {
            QVERIFY(std::abs(ticks[i] - expected[i]) < 1e-12);
        }
        QCOMPARE(tickDecimals(0.01), 2);
        QCOMPARE(tickDecimals(0.5), 1);
        QCOMPARE(tickDecimals(20), 0);
        QVERIFY(niceTicks(1, 1, 5).empty());
        QVERIFY(niceTicks(kNan, 1, 5).empty());
        QVERIFY(niceTicks(0, std::numeric_limits<double>::infinity(), 5).empty());
    }
};

QTEST_GUILESS_MAIN(TestCommitRuns)
#include "tst_commit_runs.moc"
