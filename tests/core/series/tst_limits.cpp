// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/series/limits.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "support/test.h"

using namespace runglass::series;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

// As TensorBoard writes it: pool, sort, pick.
Extent bruteLimits(const std::vector<std::vector<double>>& ranges) {
    std::vector<double> pool;
    for (const auto& range : ranges) {
        std::copy_if(range.begin(), range.end(), std::back_inserter(pool),
                     [](double y) { return std::isfinite(y); });
    }
    Extent extent;
    if (pool.empty()) {
        return extent;
    }
    std::sort(pool.begin(), pool.end());
    const auto last = static_cast<double>(pool.size() - 1);
    const bool trims = pool.size() > 2;
    extent.add(pool[trims ? static_cast<std::size_t>(std::ceil(last * 0.05)) : 0]);
    extent.add(pool[trims ? static_cast<std::size_t>(std::floor(last * 0.95)) : pool.size() - 1]);
    return extent;
}

Extent limitsOf(const std::vector<std::vector<double>>& ranges) {
    const std::vector<std::span<const double>> spans(ranges.begin(), ranges.end());
    return robustLimits(spans);
}

}  // namespace

class LimitsTest final : public runglass::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void robustLimitsByHand() {
        std::vector<double> values;
        for (int i = 0; i <= 100; ++i) {
            values.push_back(i == 50 ? 1e9 : i);
        }
        // 0 … 100 without 50, and 1e9: of 101 values those at 5 and 95.
        const auto limits = limitsOf({values});
        QCOMPARE(limits.min, 5.0);
        QCOMPARE(limits.max, 96.0);
        QCOMPARE(limitsOf({{3}, {8}}).max, 8.0);
        QVERIFY(limitsOf({{}, {kNan, kInf}}).empty());
    }

    void robustLimitsEqualSorting() {
        std::mt19937_64 random(5);
        for (int round = 0; round < 200; ++round) {
            std::vector<std::vector<double>> ranges(random() % 5);
            for (auto& range : ranges) {
                for (std::size_t i = random() % 200; i > 0; --i) {
                    const double special[] = {kNan, kInf, -kInf, 0.0, -0.0, 1e308, -1e308, 1e-308, -5e-324};
                    range.push_back(random() % 8 == 0 ? special[random() % 9]
                                                      : std::normal_distribution<double>()(random));
                }
            }
            const auto limits = limitsOf(ranges);
            const auto expected = bruteLimits(ranges);
            QCOMPARE(limits.min, expected.min);
            QCOMPARE(limits.max, expected.max);
        }
    }

    void robustLimitsStop() {
        std::stop_source source;
        source.request_stop();
        const std::vector<double> values{1, 2, 3};
        const std::vector<std::span<const double>> ranges{values};
        QVERIFY(robustLimits(ranges, source.get_token()).empty());
    }

    void marksWhatHasNoPlace() {
        const std::vector<double> ys{1, kNan, 2, kInf, -kInf, 3};
        const auto xs = Abscissa::ofSteps(std::vector<std::int64_t>{0, 10, 20, 30, 40, 50});
        const Pyramid pyramid(ys);
        const auto all = nonFiniteMarks(xs, ys, pyramid, {0, 6}, 0, 50, 100);
        const std::vector<Mark> expected{
            {10, Mark::Kind::Nan, 1}, {30, Mark::Kind::PlusInfinity, 3}, {40, Mark::Kind::MinusInfinity, 4}};
        QVERIFY(all.marks == expected);
        QCOMPARE(all.total, std::size_t(3));
        QCOMPARE(nonFiniteMarks(xs, ys, pyramid, {0, 6}, 25, 35, 100).marks.size(), std::size_t(1));
    }

    void marksAtMostOneAColumnAndKind() {
        std::vector<std::int64_t> steps(100'000);
        std::vector<double> ys(steps.size(), kNan);
        for (std::size_t i = 0; i < steps.size(); ++i) {
            steps[i] = static_cast<std::int64_t>(i);
            ys[i] = i % 10 == 0 ? kInf : ys[i];
        }
        const auto marks =
            nonFiniteMarks(Abscissa::ofSteps(steps), ys, Pyramid(ys), {0, ys.size()}, 0, 100'000, 50);
        QCOMPARE(marks.total, ys.size());
        QCOMPARE(marks.marks.size(), std::size_t(100));
    }

    void countsWhatLogAxesCannotShow() {
        const std::vector<double> ys{1, 0, -2, kNan, kInf, -kInf, 5};
        const auto xs = Abscissa::ofSteps(std::vector<std::int64_t>{-1, 0, 1, 2, 3, 4, 5});
        QCOMPARE(countUnshowable(xs, ys, false, true).byY, std::size_t(2));
        const auto both = countUnshowable(xs, ys, true, true);
        QCOMPARE(both.byX, std::size_t(2));
        QCOMPARE(both.byY, std::size_t(1));
        QCOMPARE(countUnshowable(xs, ys, false, false).total(), std::size_t(0));
        const auto shown = showableOnLogAxis(ys);
        QVERIFY(shown[0] == 1 && std::isnan(shown[1]) && std::isnan(shown[2]) && std::isnan(shown[5]));
        QCOMPARE(shown[4], kInf);
    }
};

QTEST_APPLESS_MAIN(LimitsTest)
#include "tst_limits.moc"
