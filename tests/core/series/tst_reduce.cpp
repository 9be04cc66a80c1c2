// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <limits>
#include <random>

#include "runglass/series/reduce.h"
#include "support/test.h"

using namespace runglass::series;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

double randomValue(std::mt19937_64& random, int badPercent) {
    const auto dice = static_cast<int>(random() % 100);
    if (dice < badPercent) {
        const double bad[] = {kNan, kInf, -kInf};
        return bad[random() % 3];
    }
    return std::normal_distribution<double>()(random);
}

std::vector<double> randomValues(std::mt19937_64& random, std::size_t count, int badPercent) {
    std::vector<double> values(count);
    for (auto& value : values) {
        value = randomValue(random, badPercent);
    }
    return values;
}

std::vector<double> randomXs(std::mt19937_64& random, std::size_t count) {
    std::vector<double> xs(count);
    double x = static_cast<double>(random() % 100);
    for (auto& value : xs) {
        value = x;
        x += static_cast<double>(random() % 4);  // repeats too
    }
    return xs;
}

Extent bruteExtent(const std::vector<double>& values, std::size_t begin, std::size_t end) {
    Extent extent;
    for (auto i = begin; i < end; ++i) {
        extent.add(values[i]);
    }
    return extent;
}

// Point by point, without pyramid or search.
std::vector<Column> bruteColumns(const std::vector<double>& xs, const std::vector<double>& ys,
                                 IndexRange range, const std::vector<double>& edges) {
    std::vector<Column> out;
    bool previousFinite = false;
    std::size_t k = 0;
    for (auto i = range.begin; i < range.end; ++i) {
        if (xs[i] < edges.front() || xs[i] >= edges.back()) {
            continue;
        }
        while (xs[i] >= edges[k + 1]) {
            ++k;
        }
        const double y = ys[i];
        if (!std::isfinite(y)) {
            previousFinite = false;
            continue;
        }
        const auto pixel = static_cast<std::int32_t>(k);
        if (previousFinite && out.back().pixel == pixel) {
            auto& column = out.back();
            column.min = std::min(column.min, y);
            column.max = std::max(column.max, y);
            column.last = y;
        } else {
            out.push_back({pixel, previousFinite, y, y, y, y});
        }
        previousFinite = true;
    }
    return out;
}

std::vector<double> evenEdges(double lower, double upper, std::size_t columns) {
    std::vector<double> edges;
    for (std::size_t k = 0; k <= columns; ++k) {
        edges.push_back(lower + (upper - lower) * static_cast<double>(k) / static_cast<double>(columns));
    }
    return edges;
}

}  // namespace

class ReduceTest final : public runglass::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void pyramidEqualsBruteForce() {
        std::mt19937_64 random(1);
        for (int round = 0; round < 60; ++round) {
            const auto values = randomValues(random, random() % 40'000, round % 3 == 0 ? 2 : 0);
            const Pyramid pyramid(values);
            QCOMPARE(pyramid.size(), values.size());
            for (int question = 0; question < 50 && !values.empty(); ++question) {
                auto begin = random() % (values.size() + 1);
                auto end = random() % (values.size() + 1);
                if (begin > end) {
                    std::swap(begin, end);
                }
                QVERIFY(pyramid.extent(values, begin, end) == bruteExtent(values, begin, end));
            }
        }
    }

    void appendingEqualsBuildingAtOnce() {
        std::mt19937_64 random(2);
        const auto values = randomValues(random, 70'000, 1);
        Pyramid grown;
        for (std::size_t size = 0; size < values.size();) {
            size = std::min(values.size(), size + 1 + random() % 3'000);
            grown.append(std::span(values).first(size));
            const auto begin = random() % size;
            QVERIFY(grown.extent(values, begin, size) == bruteExtent(values, begin, size));
        }
        const Pyramid whole(values);
        QVERIFY(grown.extent(values, 0, values.size()) == whole.extent(values, 0, values.size()));
        QVERIFY(whole.memoryBytes() < values.size() * sizeof(double) / 10);
    }

    void columnsEqualBruteForce() {
        std::mt19937_64 random(3);
        for (int round = 0; round < 10'000; ++round) {
            const auto count = 1 + random() % (round % 250 == 0 ? 20'000 : 500);
            const auto xs = randomXs(random, count);
            const auto ys = randomValues(random, count, round % 4 == 0 ? 10 : 0);
            const double span = xs.back() - xs.front() + 1;
            const double lower = xs.front() + span * (static_cast<double>(random() % 100) / 100 - 0.3);
            const double upper = lower + span * static_cast<double>(1 + random() % 120) / 100;
            const auto edges = evenEdges(lower, upper, 1 + random() % 200);
            std::vector<Column> columns;
            reduceToColumns(xs, ys, Pyramid(ys), {0, count}, edges, columns);
            QVERIFY(columns == bruteColumns(xs, ys, {0, count}, edges));
        }
    }

    // Both instruction sets, every length and place, with and without what is not finite.
    void theKernelsAgree() {
        std::mt19937_64 random(4);
        for (int round = 0; round < 2'000; ++round) {
            const auto values = randomValues(random, 1 + random() % 300, round % 2 == 0 ? 5 : 0);
            const Pyramid pyramid(values);
            const auto begin = random() % values.size();
            const auto end = begin + random() % (values.size() - begin + 1);
            QVERIFY(pyramid.extent(values, begin, end) == bruteExtent(values, begin, end));
        }
    }

    void extremesOfDouble() {
        const std::vector<double> values{1e308, -1e308, 1e-308, 5e-324, -0.0, 0.0, 1.7976931348623157e308};
        const Pyramid pyramid(values);
        const auto extent = pyramid.extent(values, 0, values.size());
        QVERIFY(extent.allFinite);
        QCOMPARE(extent.min, -1e308);
        QCOMPARE(extent.max, 1.7976931348623157e308);
        const std::vector<double> nothing(200, kNan);
        QVERIFY(Pyramid(nothing).extent(nothing, 3, 190).empty());
        QVERIFY(!Pyramid(nothing).extent(nothing, 3, 190).allFinite);
    }

    // Steps that share a double fall into one column; what steps back starts anew.
    void stepsBeyondWhatDoublesTell() {
        std::vector<std::int64_t> steps;
        std::vector<double> ys;
        for (std::int64_t i = 0; i < 1'000; ++i) {
            steps.push_back((std::int64_t{1} << 60) + i);
            ys.push_back(static_cast<double>(i % 10));
        }
        const auto xs = Abscissa::ofSteps(steps);
        const auto edges = evenEdges(xs.front(), xs.back() + 256, 8);
        std::vector<Column> columns;
        reduceToColumns(xs, ys, Pyramid(ys), {0, xs.size()}, edges, columns);
        QVERIFY(columns == bruteColumns({xs.begin(), xs.end()}, ys, {0, xs.size()}, edges));
        QVERIFY(!columns.empty());
    }

    // From the pyramid alone no extreme is lost, and none is further than a block from its column.
    void withoutValuesNoExtremeIsLost() {
        std::mt19937_64 random(6);
        for (int round = 0; round < 300; ++round) {
            const auto count = 20'000 + random() % 100'000;
            const auto ys = randomValues(random, count, round % 3 == 0 ? 1 : 0);
            std::vector<std::int64_t> steps(count);
            for (std::size_t i = 0; i < count; ++i) {
                steps[i] = static_cast<std::int64_t>(i);
            }
            const auto xs = Abscissa::ofSteps(steps);
            const Pyramid pyramid(ys);
            ColumnIndex index;
            index.update(xs, {0, count}, evenEdges(0, static_cast<double>(count), 1 + random() % 120));
            std::vector<Column> exact;
            std::vector<Column> coarse;
            reduceToColumns(index, ys, pyramid, exact);
            reduceToColumns(index, pyramid, coarse);
            const auto whole = bruteExtent(ys, 0, count);
            Extent all;
            for (const auto& column : coarse) {
                all.add(column.min);
                all.add(column.max);
                const auto k = static_cast<std::size_t>(column.pixel);
                const auto points = index.points(k, k + 1);
                const std::size_t slack = points.size() / 4 + 33;
                const auto around = bruteExtent(ys, points.begin - std::min(points.begin, slack),
                                                std::min(count, points.end + slack));
                QVERIFY(column.min >= around.min && column.max <= around.max);
            }
            QCOMPARE(all.min, whole.min);
            QCOMPARE(all.max, whole.max);
        }
    }

    void aSpikeSurvivesAnyZoom() {
        std::vector<double> xs(1'000'000);
        std::vector<double> ys(xs.size(), 0.5);
        for (std::size_t i = 0; i < xs.size(); ++i) {
            xs[i] = static_cast<double>(i);
        }
        ys[777'777] = 99;
        const Pyramid pyramid(ys);
        std::vector<Column> columns;
        reduceToColumns(xs, ys, pyramid, {0, xs.size()}, evenEdges(0, 1e6, 500), columns);
        QCOMPARE(columns.size(), std::size_t(500));
        QCOMPARE(columns[388].max, 99.0);
        QCOMPARE(columns[388].min, 0.5);
        QCOMPARE(columns[387].max, 0.5);
    }

    void neverJoinsAcrossNan() {
        const std::vector<double> xs{0, 1, 2, 3, 4, 5};
        const std::vector<double> ys{1, 2, kNan, 3, kInf, 4};
        std::vector<Column> columns;
        reduceToColumns(xs, ys, Pyramid(ys), {0, 6}, std::vector<double>{0, 6}, columns);
        const std::vector<Column> expected{
            {0, false, 1, 1, 2, 2}, {0, false, 3, 3, 3, 3}, {0, false, 4, 4, 4, 4}};
        QVERIFY(columns == expected);
    }

    void visibleRangeKeepsOneNeighbour() {
        const Abscissa xs(std::vector<double>{0, 1, 2, 3, 4, 5});
        QVERIFY((visibleRange(xs, {0, 6}, 1.5, 3.5) == IndexRange{1, 5}));
        QVERIFY((visibleRange(xs, {0, 6}, 2, 3) == IndexRange{1, 5}));
        QVERIFY((visibleRange(xs, {0, 6}, -9, 9) == IndexRange{0, 6}));
        QVERIFY((visibleRange(xs, {0, 6}, 2.2, 2.3) == IndexRange{2, 4}));
        QVERIFY((visibleRange(xs, {2, 4}, 10, 20) == IndexRange{3, 4}));
    }
};

QTEST_APPLESS_MAIN(ReduceTest)
#include "tst_reduce.moc"
