// SPDX-License-Identifier: GPL-3.0-or-later
// What is appended to must equal what is made anew, to the last bit, and leave the former state as it was.
#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "runglass/series/abscissa.h"
#include "runglass/series/limits.h"
#include "runglass/series/pyramid.h"
#include "runglass/series/smoothing.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::series;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

enum class Kind { Plain, Broken, Constant, LateConstant, Huge, Signs };
constexpr int kKinds = 6;

std::vector<double> randomValues(std::mt19937_64& random, std::size_t count, Kind kind) {
    std::normal_distribution<double> noise;
    const auto turn = random() % (count + 1);
    std::vector<double> values(count);
    for (std::size_t i = 0; i < count; ++i) {
        const double bad[] = {kNan, kInf, -kInf};
        double y = noise(random);
        y = kind == Kind::Constant || (kind == Kind::LateConstant && i < turn) ? 0.1 : y;
        y = kind == Kind::Huge && random() % 40 == 0 ? 1.5e308 : y;
        y = kind == Kind::Signs && random() % 3 == 0 ? std::copysign(0.0, y) : y;
        values[i] = kind != Kind::Plain && random() % 7 == 0 ? bad[random() % 3] : y;
    }
    return values;
}

/// Sizes from 0 to `count`, at places of all kinds.
std::vector<std::size_t> randomCuts(std::mt19937_64& random, std::size_t count, std::size_t most) {
    std::vector<std::size_t> cuts{0};
    while (cuts.back() < count) {
        const auto step = random() % 3 == 0 ? 1 + random() % 3 : 1 + random() % most;
        cuts.push_back(std::min(count, cuts.back() + step));
    }
    return cuts;
}

bool sameBits(std::span<const double> a, std::span<const double> b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double x, double y) {
        return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
    });
}

Bounds boundsOf(std::span<const double> values) {
    Extent extent;
    for (const double value : values) {
        extent.add(value);
    }
    return {-extent.min, extent.max};
}

bool operator==(const Bounds& a, const Bounds& b) {
    return a.negatedMin == b.negatedMin && a.max == b.max;
}

/// Against the values themselves.
bool knows(const Pyramid& pyramid, std::span<const double> values, std::mt19937_64& random) {
    if (pyramid.size() != values.size()) {
        return false;
    }
    for (std::size_t size = Pyramid::kLeastBlock; size < 4 * values.size(); size *= 4) {
        const auto blocks = pyramid.blocks(size);
        if (blocks.size() == 0) {
            break;
        }
        if (blocks.size() != (values.size() + size - 1) / size) {
            return false;
        }
        const auto b = random() % blocks.size();
        const auto e = b + 1 + random() % (blocks.size() - b);
        const auto part = values.subspan(b * size, std::min(e * size, values.size()) - b * size);
        if (!(blocks.bounds(b, e) == boundsOf(part))) {
            return false;
        }
    }
    for (int question = 0; question < 4; ++question) {
        const auto begin = random() % values.size();
        const auto end = begin + 1 + random() % (values.size() - begin);
        const auto part = values.subspan(begin, end - begin);
        Extent exact;
        for (const double value : part) {
            exact.add(value);
        }
        const auto outer = pyramid.outerBounds(begin, end);
        if (!(pyramid.extent(values, begin, end) == exact) || -outer.negatedMin > exact.min ||
            outer.max < exact.max || (!exact.allFinite && !pyramid.mayHoldNonFinite(begin, end))) {
            return false;
        }
        // Of the blocks around it, and no further.
        const auto from = begin / Pyramid::kLeastBlock * Pyramid::kLeastBlock;
        const auto to = std::min(values.size(), (end + 31) / Pyramid::kLeastBlock * Pyramid::kLeastBlock);
        const bool allFinite = std::all_of(values.begin() + static_cast<std::ptrdiff_t>(from),
                                           values.begin() + static_cast<std::ptrdiff_t>(to),
                                           [](double value) { return std::isfinite(value); });
        if (allFinite && pyramid.mayHoldNonFinite(begin, end)) {
            return false;
        }
    }
    return true;
}

std::vector<std::int64_t> randomIntegers(std::mt19937_64& random, std::size_t count) {
    const auto kind = random() % 6;
    const auto spacing = static_cast<std::int64_t>(random() % 5);
    const auto turn = random() % (2 * count + 1);
    std::vector<std::int64_t> out(count);
    std::int64_t at = kind == 5 ? std::numeric_limits<std::int64_t>::max() - 40
                                : static_cast<std::int64_t>(random() % 2000) - 1000;
    for (std::size_t i = 0; i < count; ++i) {
        out[i] = at;
        const bool odd = i + 1 == turn;
        std::int64_t step = kind == 0 ? 1 : kind == 1 ? spacing : static_cast<std::int64_t>(random() % 3);
        step = kind == 2 && odd ? -static_cast<std::int64_t>(random() % 50) : kind == 2 ? 7 : step;
        step = kind == 3 ? static_cast<std::int64_t>(random() % 9) - 3 : step;
        step = kind == 4 ? -1 : step;
        at = static_cast<std::int64_t>(static_cast<std::uint64_t>(at) + static_cast<std::uint64_t>(step));
    }
    return out;
}

}  // namespace

class GrowingTest final : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void pyramidsAndTheirCopies() {
        std::mt19937_64 random(1);
        for (int round = 0; round < 60; ++round) {
            const auto kind = static_cast<Kind>(round % kKinds);
            const auto values = randomValues(random, 1 + random() % 30'000, kind);
            const std::span<const double> all(values);
            std::vector<Pyramid> states{Pyramid()};
            const auto cuts = randomCuts(random, values.size(), round % 2 == 0 ? 5000 : 300);
            for (const auto size : cuts) {
                states.push_back(states.back());
                states.back().append(all.first(size));
            }
            for (std::size_t i = 1; i < cuts.size(); ++i) {
                QVERIFY(knows(states[i + 1], all.first(cuts[i]), random));
            }
            // Another end of the same beginning.
            const auto cut = cuts[cuts.size() / 2];
            auto other = values;
            const auto middle = other.begin() + static_cast<std::ptrdiff_t>(cut);
            std::transform(middle, other.end(), middle, [](double y) { return 3 - 2 * y; });
            auto fork = states[cuts.size() / 2 + 1];
            fork.append(other);
            QVERIFY(knows(fork, other, random));
            QVERIFY(knows(states.back(), values, random));
        }
    }

    void copiesOfPyramidsShareTheirBlocks() {
        std::vector<double> values(100'000, 1);
        Pyramid former(std::span<const double>(values).first(90'000));
        former.append(std::span<const double>(values).first(90'100));  // with room from here on
        auto longer = former;
        longer.append(values);
        QCOMPARE(longer.blocks(32).whole.data(), former.blocks(32).whole.data());
        QCOMPARE(former.size(), std::size_t(90'100));
    }

    void abscissas() {
        std::mt19937_64 random(2);
        for (int round = 0; round < 3000; ++round) {
            const auto integers = randomIntegers(random, random() % 60);
            const std::span<const std::int64_t> all(integers);
            const bool times = round % 2 == 0;
            const auto whole = [&](std::size_t size) {
                return times ? Abscissa::ofTimes(all.first(size), 500) : Abscissa::ofSteps(all.first(size));
            };
            auto grown = whole(0);
            std::vector<IndexRange> segments;
            for (const auto size : randomCuts(random, integers.size(), 20)) {
                const auto before = grown;
                const auto anew = whole(size);
                grown = grown.extended(all.first(size));
                grown.extendSegments(segments, before.size());
                QVERIFY(grown == anew);
                QCOMPARE(grown.isRegular(), anew.isRegular());
                QVERIFY(segments == anew.segments());
                QVERIFY(before == whole(before.size()));
            }
        }
    }

    void regularAbscissasStayNumbersAndOthersShare() {
        std::vector<std::int64_t> steps(100'000);
        for (std::size_t i = 0; i < steps.size(); ++i) {
            steps[i] = static_cast<std::int64_t>(3 * i);
        }
        const auto regular = Abscissa::ofSteps(std::span(steps).first(50'000)).extended(steps);
        QVERIFY(regular.isRegular() && regular.memoryBytes() == 0 && regular.size() == steps.size());
        steps[70'000] += 1;
        const auto broken = Abscissa::ofSteps(std::span(steps).first(80'000));
        const auto first = broken.extended(std::span(steps).first(80'100));
        const auto second = first.extended(steps);
        QCOMPARE(first.memoryBytes(), second.memoryBytes());
        QVERIFY(first.memoryBytes() > 0);
    }

    void smoothing() {
        std::mt19937_64 random(3);
        for (int round = 0; round < 1500; ++round) {
            const auto count = 1 + random() % 300;
            const auto ys = randomValues(random, count, static_cast<Kind>(round % kKinds));
            const std::span<const double> all(ys);
            const auto steps = randomIntegers(random, count);
            const double amounts[] = {0.3, 0.9, 1, 2, 5, 40, 700};
            const Smoothing how{static_cast<SmoothingKind>(1 + random() % 4), amounts[random() % 7]};
            SmoothingState state;
            std::vector<double> grown;
            for (const auto size : randomCuts(random, count, 100)) {
                const auto xs = Abscissa::ofSteps(std::span(steps).first(size));
                const auto segments = xs.segments();
                const auto tail = smoothedTail(state, xs, all.first(size), segments, how);
                QVERIFY(tail.from <= grown.size());
                QCOMPARE(tail.from + tail.values.size(), size);
                grown.resize(tail.from);
                grown.insert(grown.end(), tail.values.begin(), tail.values.end());
                QVERIFY(sameBits(grown, smoothed(xs, all.first(size), segments, how)));
                state = tail.state;
            }
        }
    }

    // What is looked at again, of a million points and a hundred more.
    void smoothingLooksBackNoFurtherThanItReaches() {
        constexpr std::size_t kBefore = 1'000'000;
        std::vector<std::int64_t> steps(kBefore + 100);
        std::vector<double> ys(steps.size());
        for (std::size_t i = 0; i < steps.size(); ++i) {
            steps[i] = static_cast<std::int64_t>(i);
            ys[i] = static_cast<double>(i * i % 1009);
        }
        const auto fromOf = [&](const Smoothing& how) {
            const std::span<const double> all(ys);
            const auto before = Abscissa::ofSteps(std::span(steps).first(kBefore));
            const auto after = Abscissa::ofSteps(steps);
            const auto state = smoothedTail({}, before, all.first(kBefore), before.segments(), how).state;
            return smoothedTail(state, after, all, after.segments(), how).from;
        };
        QCOMPARE(fromOf({SmoothingKind::Ema, 0.9}), kBefore);
        QCOMPARE(fromOf({SmoothingKind::Gaussian, 5}), kBefore - 20);     // ⌈4σ⌉
        QCOMPARE(fromOf({SmoothingKind::RunningMean, 11}), kBefore - 5);  // half of the window
        QCOMPARE(fromOf({SmoothingKind::TimeWeightedEma, 0.9}), std::size_t(0));
    }

    void counts() {
        const std::vector<double> ys{1, 0, -2, kNan, 5, -1};
        const auto xs = Abscissa::ofSteps(std::vector<std::int64_t>{-1, 0, 1, 2, 3, 4});
        auto sum = countUnshowable(xs, std::span(ys).first(2), true, true);
        sum += countUnshowable(xs, ys, true, true, 2);
        QVERIFY(sum == countUnshowable(xs, ys, true, true));
        QCOMPARE(sum.byX, std::size_t(2));
        QCOMPARE(sum.byY, std::size_t(2));
    }
};

QTEST_APPLESS_MAIN(GrowingTest)
#include "tst_growing.moc"
