// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <atomic>
#include <memory>
#include <mutex>
#include <numeric>
#include <thread>
#include <vector>

#include "runglass/model/growing_column.h"
#include "runglass/model/series.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::model;

namespace {

using Numbers = GrowingColumn<std::int64_t>;

Column<std::int64_t> counted(std::int64_t from, std::int64_t to) {
    Column<std::int64_t> out(static_cast<std::size_t>(to - from));
    std::iota(out.begin(), out.end(), from);
    return out;
}

bool counts(const Numbers& column, std::size_t size) {
    return column.size() == size &&
           std::equal(column.begin(), column.end(), counted(0, static_cast<std::int64_t>(size)).begin());
}

}  // namespace

class GrowingColumnTest final : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void olderStatesStayAsTheyWere() {
        std::vector<Numbers> states{Numbers()};
        for (std::int64_t size = 0; size < 200; size += 7) {
            states.push_back(states.back().appended(counted(size, size + 7)));
        }
        for (std::size_t i = 0; i < states.size(); ++i) {
            QVERIFY(counts(states[i], 7 * i));
            QVERIFY(states.back().extends(states[i]));
            QVERIFY(i + 1 == states.size() || i == 0 || !states[i - 1].extends(states[i]));
        }
    }

    // A quarter more each time: 1,000,000 from 1,000 in ⌈log 1000 / log 1.25⌉ = 31 moves.
    void memoryIsSharedWhileThereIsRoom() {
        Numbers column(counted(0, 1000));
        const std::int64_t* before = nullptr;
        int moves = 0;
        for (std::int64_t size = 1000; size < 1'000'000; size += 100) {
            before = column.data();
            column = column.appended(counted(size, size + 100));
            moves += column.data() != before ? 1 : 0;
            QVERIFY(column.memoryBytes() <= column.size() * sizeof(std::int64_t) * 5 / 4 + 800);
        }
        QVERIFY(counts(column, 1'000'000));
        QVERIFY2(moves <= 32, qPrintable(QString::number(moves)));
    }

    void twoThatAppendToOneStateDoNotMeet() {
        auto reserve = counted(0, 10);
        reserve.reserve(100);
        const Numbers common(std::move(reserve));
        const auto first = common.appended(counted(10, 15));
        const std::int64_t other[] = {-1, -2, -3};
        const auto second = common.appended(other);
        QVERIFY(counts(first, 15));
        QCOMPARE(first.data(), common.data());
        QCOMPARE(second.size(), std::size_t(13));
        QCOMPARE(second[10], std::int64_t(-1));
        QVERIFY(second.data() != common.data());
        QVERIFY(first.extends(common));
        QVERIFY(!second.extends(common));
        QVERIFY(!first.extends(second) && !second.extends(first));
        // Nor does one that appends to what was moved away from.
        const auto moved = first.appended(counted(15, 1000));
        const auto late = first.appended(other);
        QVERIFY(moved.extends(first) && moved.extends(common) && counts(moved, 1000));
        QVERIFY(!late.extends(first) && !moved.extends(late));
        QVERIFY(counts(first, 15));
    }

    void aShorterStateGoesItsOwnWay() {
        const Numbers whole(counted(0, 20));
        const auto shorter = whole.first(10);
        QVERIFY(counts(shorter, 10));
        QVERIFY(whole.extends(shorter) && !shorter.extends(whole));
        const std::int64_t other[] = {-1};
        QVERIFY(!shorter.appended(other).extends(whole));
        QVERIFY(counts(whole, 20));
        QCOMPARE(whole.first(99).size(), std::size_t(20));
    }

    void nothingIsAppendedToNothing() {
        const Numbers none;
        QVERIFY(none.empty() && none.begin() == none.end());
        QVERIFY(none.appended({}).empty());
        QVERIFY(none.extends(none) && Numbers(counted(0, 3)).extends(none));
        const Numbers some(counted(0, 3));
        QCOMPARE(some.appended({}).data(), some.data());
        QVERIFY(Numbers(Column<std::int64_t>()).empty());
    }

    // Readers of every state, while the newest is appended to. (What this is for shows under the thread
    // sanitizer.)
    void readersNeverSeeAWrite() {
        constexpr std::int64_t kSize = 20'000;
        std::mutex mutex;
        auto newest = std::make_shared<const Numbers>(counted(0, 16));
        const auto take = [&] {
            const std::lock_guard lock(mutex);
            return newest;
        };
        std::atomic<bool> wrong{false};
        const auto read = [&] {
            for (std::size_t size = 0; size < kSize;) {
                const auto state = take();
                size = state->size();
                const auto sum = std::accumulate(state->begin(), state->end(), std::int64_t{0});
                const auto n = static_cast<std::int64_t>(size);
                wrong = wrong || sum != n * (n - 1) / 2;
            }
        };
        std::thread one(read);
        std::thread two(read);
        for (std::int64_t size = 16; size < kSize;) {
            const auto more = std::min<std::int64_t>(37, kSize - size);
            auto next = std::make_shared<const Numbers>(take()->appended(counted(size, size + more)));
            size += more;
            const std::lock_guard lock(mutex);
            newest = std::move(next);
        }
        one.join();
        two.join();
        QVERIFY(!wrong);
    }

    void seriesGrowByThreeColumns() {
        Series builder;
        builder.push({1, 1000, 0.5});
        builder.push({2, 2000, 0.25});
        const auto* steps = builder.steps.data();
        const auto first = share(builder);
        Series other;
        other.push({3, 3000, -0.0});
        const auto second = first->appended(other);
        QCOMPARE(first->size(), std::size_t(2));
        QVERIFY((second.at(2) == Point{3, 3000, 0.0}));
        QVERIFY(second.extends(*first) && !first->extends(second));
        QCOMPARE(SeriesView(second).sub(1, 2).steps[1], std::int64_t(3));
        QVERIFY(steps != first->steps.data());  // copied above
        steps = builder.steps.data();
        QCOMPARE(share(std::move(builder))->steps.data(), steps);  // taken over
    }
};

QTEST_APPLESS_MAIN(GrowingColumnTest)
#include "tst_growing_column.moc"
