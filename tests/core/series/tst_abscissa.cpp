// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/series/abscissa.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "support/test.h"

using namespace runglass;
using namespace runglass::series;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
constexpr auto kMax = std::numeric_limits<std::int64_t>::max();

model::Series seriesOf(const std::vector<std::pair<std::int64_t, double>>& points) {
    model::Series series;
    for (const auto& [step, value] : points) {
        series.push({step, 1000 * step, value});
    }
    return series;
}

std::vector<double> vectorOf(const Abscissa& xs) {
    return {xs.begin(), xs.end()};
}

}  // namespace

class AbscissaTest final : public runglass::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void evenStepsNeedNoArray() {
        const std::vector<std::int64_t> even{-4, -1, 2, 5};
        const auto xs = Abscissa::ofSteps(even);
        QVERIFY(xs.isRegular());
        QCOMPARE(xs.memoryBytes(), std::size_t(0));
        QCOMPARE(vectorOf(xs), (std::vector<double>{-4, -1, 2, 5}));
        QVERIFY(xs == Abscissa(std::vector<double>{-4, -1, 2, 5}));
        QVERIFY(!Abscissa::ofSteps(std::vector<std::int64_t>{0, 1, 3}).isRegular());
        QVERIFY(!Abscissa::ofSteps(std::vector<std::int64_t>{0, 0, 0}).isRegular());
        QVERIFY(!Abscissa::ofSteps(std::vector<std::int64_t>{3, 2, 1}).isRegular());
        QVERIFY(Abscissa::ofSteps(std::vector<std::int64_t>{7}).isRegular());
        QVERIFY(Abscissa::ofSteps({}).empty());
    }

    void timesAreSeconds() {
        const std::vector<std::int64_t> times{1'000'500, 1'000'600, 1'000'700};
        QCOMPARE(vectorOf(Abscissa::ofTimes(times, 1'000'000)), (std::vector<double>{0.5, 0.6, 0.7}));
        const std::vector<std::int64_t> odd{1'000'500, 1'000'601, 1'000'700};
        QCOMPARE(vectorOf(Abscissa::ofTimes(odd, 1'000'000)), (std::vector<double>{0.5, 0.601, 0.7}));
    }

    void anyIntegerIsAStep() {
        const std::vector<std::vector<std::int64_t>> hard{{kMin, kMax},     {kMax, kMin},     {kMin, 0, kMax},
                                                          {kMax - 1, kMax}, {kMin, kMin + 1}, {0, kMax}};
        for (const auto& steps : hard) {
            const auto xs = Abscissa::ofSteps(steps);
            for (std::size_t i = 0; i < steps.size(); ++i) {
                QCOMPARE(xs[i], static_cast<double>(steps[i]));
            }
        }
        // Differences that agree modulo 2^64 only.
        std::vector<std::int64_t> wrapping;
        for (std::uint64_t i = 0; i < 9; ++i) {
            wrapping.push_back(static_cast<std::int64_t>(i << 61U));
        }
        const auto xs = Abscissa::ofSteps(wrapping);
        QVERIFY(!xs.isRegular());
        for (std::size_t i = 0; i < wrapping.size(); ++i) {
            QCOMPARE(xs[i], static_cast<double>(wrapping[i]));
        }
    }

    void findsLikeTheStandardLibrary() {
        std::mt19937_64 random(11);
        for (int round = 0; round < 3000; ++round) {
            const auto count = 1 + random() % 300;
            const bool even = round % 2 == 0;
            // Around and beyond 2^53 too, where several steps share a double.
            std::int64_t step =
                round % 3 == 0 ? (std::int64_t{1} << (50 + random() % 11)) : std::int64_t(random() % 99);
            const auto spacing = static_cast<std::int64_t>(1 + random() % 5);
            std::vector<std::int64_t> steps;
            for (std::size_t i = 0; i < count; ++i) {
                steps.push_back(step += even ? spacing : static_cast<std::int64_t>(random() % 4));
            }
            const auto xs = round % 5 == 0 ? Abscissa::ofTimes(steps, 3) : Abscissa::ofSteps(steps);
            const auto values = vectorOf(xs);
            IndexRange range{random() % count, random() % (count + 1)};
            if (range.begin > range.end) {
                std::swap(range.begin, range.end);
            }
            for (int question = 0; question < 20; ++question) {
                double x = values[random() % count];
                x += question % 3 == 0 ? 0.0 : static_cast<double>(random() % 100) / 7 - 7;
                x = question == 18 ? kInf : question == 19 ? -kInf : x;
                const auto begin = values.begin() + static_cast<std::ptrdiff_t>(range.begin);
                const auto end = values.begin() + static_cast<std::ptrdiff_t>(range.end);
                const auto expected =
                    static_cast<std::size_t>(std::lower_bound(begin, end, x) - values.begin());
                QCOMPARE(xs.lowerBound(range, x), expected);
                QCOMPARE(xs.lowerBound(range, x, random() % (count + 5)), expected);
                QCOMPARE(xs.upperBound(range, x),
                         static_cast<std::size_t>(std::upper_bound(begin, end, x) - values.begin()));
            }
        }
    }

    void splitsWhereXStepsBack() {
        const Abscissa xs(std::vector<double>{0, 1, 2, 1, 1, 3, 0});
        QVERIFY((xs.segments() == std::vector<IndexRange>{{0, 3}, {3, 6}, {6, 7}}));
        QVERIFY(Abscissa().segments().empty());
        QVERIFY((Abscissa::ofSteps(std::vector<std::int64_t>{1, 2, 3}).segments() ==
                 std::vector<IndexRange>{{0, 3}}));
        const Abscissa holes(std::vector<double>{0, 1, kNan, 2, 3});
        QVERIFY((holes.segments() == std::vector<IndexRange>{{0, 2}, {2, 3}, {3, 5}}));
    }

    void laterPointsOverwrite() {
        const auto kept = [](const std::vector<std::int64_t>& steps) {
            model::Series series;
            for (std::size_t i = 0; i < steps.size(); ++i) {
                series.push({steps[i], 0, static_cast<double>(i)});
            }
            return gather(series, laterOverwrites(steps)).values;
        };
        QCOMPARE(kept({0, 1, 2, 3}), (model::Column<double>{0, 1, 2, 3}));
        QCOMPARE(kept({0, 1, 2, 3, 1, 2}), (model::Column<double>{0, 4, 5}));
        QCOMPARE(kept({5, 6, 2, 3, 9, 3, 4}), (model::Column<double>{2, 5, 6}));
        QCOMPARE(kept({0, 1, 2, 1, 5, 4, 0}), (model::Column<double>{6}));
        QCOMPARE(kept({0, 0, 0}), (model::Column<double>{0, 1, 2}));  // a repeated step is no restart
        QCOMPARE(kept({3, 2, 1}), (model::Column<double>{2}));
        QVERIFY(kept({}).empty());
    }

    void joinsMetricsByStep() {
        const auto y = seriesOf({{0, 10}, {1, 11}, {2, 12}, {3, 13}, {4, 14}});
        const auto x = seriesOf({{4, 0.5}, {3, 0.25}, {1, kNan}, {0, 1.5}, {0, 2.5}, {9, 7}});
        const auto joined = joinByStep(y, x);
        QCOMPARE(joined.xs, (std::vector<double>{0.25, 0.5, 2.5}));
        QCOMPARE(joined.indices, (std::vector<std::size_t>{3, 4, 0}));
        QCOMPARE(joined.withoutPartner, std::size_t(2));
        QCOMPARE(joinByStep(y, model::Series()).withoutPartner, std::size_t(5));
        QVERIFY(joinByStep(model::Series(), x).xs.empty());
    }

    void pointsOfOneStepAllFindIt() {
        const auto joined = joinByStep(seriesOf({{0, 1}, {0, 2}, {0, 3}}), seriesOf({{0, 4}, {0, 5}}));
        QCOMPARE(joined.xs, (std::vector<double>{5, 5, 5}));
        QCOMPARE(joined.indices, (std::vector<std::size_t>{0, 1, 2}));
    }
};

QTEST_APPLESS_MAIN(AbscissaTest)
#include "tst_abscissa.moc"
