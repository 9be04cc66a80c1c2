// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/series/aggregation.h"

#include <cmath>
#include <limits>
#include <random>

#include "support/test.h"

using namespace runglass::series;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kStudent = 1e-9;  // Boost 1.74 reaches 2e-11 of t at one degree of freedom
constexpr double kInf = std::numeric_limits<double>::infinity();

struct Run {
    std::vector<double> xs;
    std::vector<double> ys;
};

Aggregate of(const std::vector<Run>& runs, const Aggregation& aggregation) {
    std::vector<GroupMember> members;
    for (const auto& run : runs) {
        Abscissa xs(run.xs);
        auto segments = xs.segments();
        members.push_back({xs, segments, run.ys});
    }
    return aggregate(members, aggregation);
}

void compare(const std::vector<double>& actual, const std::vector<double>& expected,
             double tolerance = 1e-13) {
    QCOMPARE(actual.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const bool same = std::isnan(expected[i]) ? std::isnan(actual[i])
                                                  : std::abs(actual[i] - expected[i]) <=
                                                        tolerance * std::max(1.0, std::abs(expected[i]));
        QVERIFY2(same, qPrintable(QStringLiteral("%1: %2, expected %3")
                                      .arg(i)
                                      .arg(actual[i], 0, 'g', 17)
                                      .arg(expected[i], 0, 'g', 17)));
    }
}

Aggregation with(Band band, Centre centre = Centre::Mean) {
    Aggregation aggregation;
    aggregation.centre = centre;
    aggregation.band = band;
    return aggregation;
}

const std::vector<Run> kThree{
    {{0, 1, 2, 3, 4}, {1, 2, 4, 3, 5}}, {{0, 2, 4}, {2, 1, 7}}, {{1, 2, 3}, {0.5, 0.25, 8}}};

}  // namespace

/// Expected values from numpy 1.24.2 and scipy 1.10.1:
///
///     for x in sorted({x for r in runs for x in r[0]}):
///         v = [np.interp(x, a, b) for a, b in runs if a[0] <= x <= a[-1]]
///         n, m, s, se = len(v), np.mean(v), np.std(v, ddof=1), scipy.stats.sem(v)
///         h = scipy.stats.t.ppf(.975, n - 1) * se
class AggregationTest final : public runglass::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void centres() {
        const auto mean = of(kThree, with(Band::None));
        compare(mean.xs, {0, 1, 2, 3, 4});
        compare(mean.centre, {1.5, 4 / 3.0, 1.75, 5, 6});
        QCOMPARE(mean.n, (std::vector<std::uint32_t>{2, 3, 3, 3, 2}));
        QVERIFY(mean.lower.empty() && mean.upper.empty());
        compare(of(kThree, with(Band::None, Centre::Median)).centre, {1.5, 1.5, 1, 4, 6});
        compare(of(kThree, with(Band::None, Centre::Min)).centre, {1, 0.5, 0.25, 3, 5});
        compare(of(kThree, with(Band::None, Centre::Max)).centre, {2, 2, 4, 8, 7});
    }

    void bands() {
        const auto range = of(kThree, with(Band::MinMax));
        compare(range.lower, {1, 0.5, 0.25, 3, 5});
        compare(range.upper, {2, 2, 4, 8, 7});
        const std::vector<double> s{0.7071067811865476, 0.7637626158259733, 1.984313483298443,
                                    2.6457513110645907, 1.4142135623730951};
        const std::vector<double> error{0.5, 0.44095855184409843, 1.1456439237389602, 1.5275252316519468, 1};
        const auto deviation = of(kThree, with(Band::StandardDeviation));
        const auto standardError = of(kThree, with(Band::StandardError, Centre::Median));
        for (std::size_t i = 0; i < s.size(); ++i) {
            const double mean = deviation.centre[i];
            compare({deviation.lower[i], deviation.upper[i]}, {mean - s[i], mean + s[i]});
            compare({standardError.lower[i], standardError.upper[i]}, {mean - error[i], mean + error[i]});
        }
        const auto interval = of(kThree, with(Band::ConfidenceT));
        compare(interval.lower,
                {-4.853102368216048, -0.5639581835363991, -3.1793079559817015, -1.572410607975601,
                 -6.706204736432095},
                kStudent);
        compare(interval.upper,
                {7.853102368216048, 3.230624850203066, 6.6793079559817015, 11.572410607975602,
                 18.706204736432095},
                kStudent);
    }

    void quantilesOfStudentsT() {
        compare({studentT975(1), studentT975(2), studentT975(4), studentT975(9), studentT975(99)},
                {12.706204736432095, 4.302652729911275, 2.7764451051977987, 2.2621571627409915,
                 1.9842169515086827},
                kStudent);
    }

    // Drawn again in Python from the documentation in bootstrap.h, with MT19937-64 by its recurrence (its
    // 10,000th number checked against the standard's), and numpy.percentile. scipy.stats.bootstrap with
    // 200,000 resamples gives 0.9099 … 0.9232.
    void bootstrap() {
        std::vector<Run> runs;
        for (const double y : {0.91, 0.905, 0.93, 0.92, 0.918, 0.9, 0.926, 0.911, 0.935, 0.909}) {
            runs.push_back({{0}, {y}});
        }
        const auto interval = of(runs, with(Band::ConfidenceBootstrap));
        compare(interval.centre, {0.9164});
        compare(interval.lower, {0.91});
        compare(interval.upper, {0.9235});
        auto other = with(Band::ConfidenceBootstrap);
        other.seed = 2;
        QVERIFY(of(runs, other).lower != interval.lower);
    }

    void theSmallestDoublesHaveASpread() {
        const auto result = of({{{0}, {1e-300}}, {{0}, {3e-300}}}, with(Band::StandardDeviation));
        QVERIFY(std::abs(result.upper[0] - result.centre[0] - std::sqrt(2.0) * 1e-300) < 1e-310);
    }

    // The same values times a power of two have the same bounds times it, to the last bit where the factor
    // keeps every number normal. By hand, of 1.4, 1.5, 1.6: sd 0.1, se 0.1/√3, t(2) = 4.302652729749.
    void boundsOfTheLargestAndTheSmallestDoubles() {
        const std::vector<double> values{1.4, 1.5, 1.6};
        const auto times = [&](double factor, Band band) {
            std::vector<Run> runs;
            for (const double value : values) {
                runs.push_back({{0}, {value * factor}});
            }
            const auto result = of(runs, with(band));
            return std::pair(result.lower[0], result.upper[0]);
        };
        const double reach = 4.302652729749 * 0.1 / std::sqrt(3.0);
        for (const auto& [band, expected] :
             {std::pair(Band::StandardDeviation, 0.1), std::pair(Band::StandardError, 0.1 / std::sqrt(3.0)),
              std::pair(Band::ConfidenceT, reach), std::pair(Band::ConfidenceBootstrap, 0.1)}) {
            const auto plain = times(1, band);
            QVERIFY(std::abs(plain.first - (1.5 - expected)) < 1e-12);
            QVERIFY(std::abs(plain.second - (1.5 + expected)) < 1e-12);
            for (const double factor : {0x1p+1023, -0x1p+1023, 0x1p-664, 0x1p-400, 0x1p-900}) {
                const auto scaled = times(factor, band);
                const auto low = factor < 0 ? plain.second : plain.first;
                const auto high = factor < 0 ? plain.first : plain.second;
                QVERIFY(std::abs(scaled.first / factor - low) < 1e-14);
                QVERIFY(std::abs(scaled.second / factor - high) < 1e-14);
            }
        }
    }

    // ±v of 2,000 runs, v = 1.5·2^1023: a standard deviation of v·√(2000/1999), which is no double, hence a
    // standard error of v/√1999, which is one; where a bound itself is none, the largest double.
    void boundsBeyondTheLargestDouble() {
        const auto runsOf = [](double value) {
            std::vector<Run> runs;
            for (int i = 0; i < 2000; ++i) {
                runs.push_back({{0}, {i % 2 == 0 ? value : -value}});
            }
            return runs;
        };
        constexpr double kFactor = 0x1p+1023;
        const double error = 1.5 * kFactor / std::sqrt(1999.0);
        const auto standardError = of(runsOf(1.5 * kFactor), with(Band::StandardError));
        QVERIFY(std::abs(standardError.upper[0] / error - 1) < 1e-12);
        QVERIFY(std::abs(standardError.lower[0] / error + 1) < 1e-12);
        const auto plain = of(runsOf(1.5), with(Band::ConfidenceBootstrap));
        const auto bootstrap = of(runsOf(1.5 * kFactor), with(Band::ConfidenceBootstrap));
        QCOMPARE(bootstrap.upper[0], plain.upper[0] * kFactor);
        QCOMPARE(bootstrap.lower[0], plain.lower[0] * kFactor);
        QVERIFY(std::abs(plain.upper[0] / (1.96 * 1.5 / std::sqrt(1999.0)) - 1) < 0.2);
        const auto wide = of({{{0}, {1.5e308}}, {{0}, {-1.5e308}}}, with(Band::ConfidenceT));
        compare(wide.centre, {0});
        compare(wide.lower, {-std::numeric_limits<double>::max()});
        compare(wide.upper, {std::numeric_limits<double>::max()});
    }

    void oneRunHasNoSpread() {
        for (const auto band :
             {Band::StandardDeviation, Band::StandardError, Band::ConfidenceT, Band::ConfidenceBootstrap}) {
            const auto result = of({{{0, 1}, {3, 4}}}, with(band));
            compare(result.centre, {3, 4});
            compare(result.lower, {kNan, kNan});
            compare(result.upper, {kNan, kNan});
        }
        compare(of({{{0, 1}, {3, 4}}}, with(Band::MinMax)).lower, {3, 4});
    }

    void neverInterpolatesAcrossWhatIsNotFinite() {
        const auto result = of({{{0, 1, 2, 3}, {1, kNan, 3, kInf}}, {{0, 0.5, 1.5, 2, 2.5}, {1, 1, 1, 1, 1}}},
                               with(Band::None));
        compare(result.xs, {0, 0.5, 1, 1.5, 2, 2.5, 3});
        compare(result.centre, {1, 1, 1, 1, 2, 1, kNan});  // at 3 nobody has a value: a gap
        QCOMPARE(result.n, (std::vector<std::uint32_t>{2, 1, 1, 1, 2, 1, 0}));
        const auto one = of({{{0, 1, 2}, {1, kInf, 3}}}, with(Band::MinMax));
        compare(one.centre, {1, kNan, 3});
        compare(one.lower, {1, kNan, 3});
    }

    void theLaterPointCounts() {
        // Equal x, and a restart that steps back from 3 to 1.
        const auto result = of({{{0, 0, 1, 2, 3, 1, 2}, {9, 1, 2, 3, 4, 20, 30}}}, with(Band::None));
        compare(result.xs, {0, 1, 2, 3});
        compare(result.centre, {1, 20, 30, 4});
    }

    void interpolatesAlongLogAxes() {
        auto aggregation = with(Band::None);
        const std::vector<Run> runs{{{1, 10}, {2, 200}}, {{3}, {kNan}}};
        aggregation.logX = aggregation.logY = true;
        // exp(interp(log 3, log [1, 10], log [2, 200])): the power law 2·x²
        compare(of(runs, aggregation).centre, {2, 18, 200});
        aggregation.logY = false;
        compare(of(runs, aggregation).centre, {2, 96.47000843449317, 200});
        compare(of({{{-1, 0, 1}, {5, 6, 7}}}, aggregation).xs, {1});
    }

    void extremesDoNotOverflow() {
        const std::vector<Run> runs{{{0}, {1e308}}, {{0}, {1.5e308}}};
        const auto result = of(runs, with(Band::StandardDeviation));
        QVERIFY(std::abs(result.centre[0] / 1.25e308 - 1) < 1e-15);
        QVERIFY(std::abs((result.upper[0] - result.centre[0]) / (0.5e308 / std::sqrt(2.0)) - 1) < 1e-14);
        const auto median = of(runs, with(Band::None, Centre::Median));
        QVERIFY(std::abs(median.centre[0] / 1.25e308 - 1) < 1e-15);
        compare(of({{{0}, {1e-308}}, {{0}, {3e-308}}}, with(Band::MinMax)).centre, {2e-308});
    }

    void nothingOfNothing() {
        QVERIFY(of({}, with(Band::ConfidenceBootstrap)).empty());
        QVERIFY(of({{{}, {}}}, with(Band::MinMax)).empty());
        const auto gaps = of({{{0, 1}, {kNan, kNan}}}, with(Band::StandardDeviation));
        compare(gaps.centre, {kNan, kNan});
        QCOMPARE(gaps.n, (std::vector<std::uint32_t>{0, 0}));
    }

    void thinsTheUnionEvenlyAndKeepsItsEnds() {
        Run run;
        for (int i = 0; i <= 1000; ++i) {
            run.xs.push_back(i);
            run.ys.push_back(2 * i);
        }
        auto aggregation = with(Band::None);
        aggregation.maxPositions = 11;
        compare(of({run}, aggregation).xs, {0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000});
        compare(of({run}, aggregation).centre, {0, 200, 400, 600, 800, 1000, 1200, 1400, 1600, 1800, 2000});
    }

    void equalsBruteForceOnRandomRuns() {
        std::mt19937_64 random(7);
        for (int round = 0; round < 50; ++round) {
            std::vector<Run> runs(1 + random() % 6);
            for (auto& run : runs) {
                double x = static_cast<double>(random() % 50);
                for (std::size_t i = 0; i < random() % 700; ++i) {
                    run.xs.push_back(x += static_cast<double>(1 + random() % 5));
                    run.ys.push_back(random() % 9 == 0 ? kNan : std::sin(x));
                }
            }
            const auto result = of(runs, with(Band::None));
            for (std::size_t k = 0; k < result.xs.size(); ++k) {
                const double x = result.xs[k];
                double sum = 0;
                std::uint32_t n = 0;
                for (const auto& run : runs) {
                    for (std::size_t i = 0; i < run.xs.size(); ++i) {
                        const bool between = i + 1 < run.xs.size() && run.xs[i] < x && x < run.xs[i + 1];
                        const double t = between ? (x - run.xs[i]) / (run.xs[i + 1] - run.xs[i]) : 0;
                        const double y = between ? run.ys[i] + (run.ys[i + 1] - run.ys[i]) * t : run.ys[i];
                        if ((between || run.xs[i] == x) && std::isfinite(y)) {
                            sum += y;
                            ++n;
                        }
                    }
                }
                QCOMPARE(result.n[k], n);
                QVERIFY(n == 0 ? std::isnan(result.centre[k]) : std::abs(result.centre[k] - sum / n) < 1e-12);
            }
        }
    }

    // Two runs that have got points, the second one behind the first: what lies before cannot be read.
    void goesOnFromWhatItHas() {
        for (const auto band :
             {Band::StandardDeviation, Band::MinMax, Band::ConfidenceBootstrap, Band::None}) {
            const auto former = of({{{0, 1, 2, 3, 5}, {1, 2, 4, 3, 5}}, {{0, 2}, {2, 1}}}, with(band));
            const std::vector<Run> longer{{{0, 1, 2, 3, 5, 6}, {1, 2, 4, 3, 5, 7}},
                                          {{0, 2, 4, 4.5}, {2, 1, 9, 8}}};
            const auto expected = of(longer, with(band));
            auto spoiled = longer;
            spoiled[0].ys[0] = spoiled[0].ys[1] = spoiled[1].ys[0] = 1e6;
            std::vector<GroupMember> members;
            for (const auto& run : spoiled) {
                const Abscissa xs(run.xs);
                members.push_back({xs, xs.segments(), run.ys});
            }
            const double from =
                std::nextafter(2.0, 3.0);  // the second run's line goes on behind its last point
            const auto actual = aggregateOn(former, from, members, with(band));
            compare(actual.xs, {0, 1, 2, 3, 4, 4.5, 5, 6});
            compare(actual.xs, expected.xs);
            compare(actual.centre, expected.centre);
            compare(actual.lower, expected.lower);
            compare(actual.upper, expected.upper);
            QCOMPARE(actual.n, expected.n);
            const auto nothingNew = aggregateOn(former, kInf, members, with(band));
            compare(nothingNew.centre, former.centre);
        }
    }

    // Thinned, the positions are others with each point: all of it is made anew.
    void doesNotGoOnFromWhatIsThinned() {
        Aggregation thinned;
        thinned.maxPositions = 5;
        const std::vector<Run> before{{{0, 1, 2, 3, 4}, {0, 1, 2, 3, 4}}};
        const std::vector<Run> now{{{0, 1, 2, 3, 4, 5, 6, 7, 8}, {0, 1, 2, 3, 4, 5, 6, 7, 8}}};
        const auto former = of(before, thinned);
        const Abscissa xs(now[0].xs);
        const std::vector<GroupMember> members{{xs, xs.segments(), now[0].ys}};
        compare(aggregateOn(former, std::nextafter(4.0, 5.0), members, thinned).xs, {0, 2, 4, 6, 8});
        thinned.maxPositions = 6;
        compare(aggregateOn(of(before, thinned), std::nextafter(4.0, 5.0), members, thinned).xs,
                of(now, thinned).xs);
    }

    void stops() {
        std::stop_source source;
        source.request_stop();
        const std::vector<double> ys{1, 2};
        const Abscissa xs(std::vector<double>{0, 1});
        const std::vector<GroupMember> members{{xs, xs.segments(), ys}};
        QVERIFY(aggregate(members, {}, source.get_token()).empty());
    }
};

QTEST_APPLESS_MAIN(AggregationTest)
#include "tst_aggregation.moc"
