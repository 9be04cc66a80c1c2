// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph_geometry.h"
#include "history_filter.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

git::ObjectId id(int n) {
    std::array<std::uint8_t, 20> bytes{};
    bytes[18] = static_cast<std::uint8_t>(n / 256);
    bytes[19] = static_cast<std::uint8_t>(n % 256);
    bytes[0] = 0xab;
    return git::ObjectId(bytes);
}

git::Commit commit(int n, std::vector<int> parents, std::string summary = "c") {
    git::Commit commit;
    commit.id = id(n);
    for (const int parent : parents) {
        commit.parents.push_back(id(parent));
    }
    commit.summary = std::move(summary);
    commit.authorName = "Ada";
    commit.authorTime = 1'763'337'600;  // 2025-11-17 00:00 UTC
    return commit;
}

HistoryRows rowsOf(const std::vector<git::Commit>& commits) {
    git::LaneAssigner lanes(commits.front().id);
    HistoryRows rows;
    for (const auto& each : commits) {
        rows.push_back(std::make_shared<git::HistoryRow>(lanes.next(each)));
    }
    return rows;
}

using Lines = std::vector<GraphLine>;

}  // namespace

class TestGraph : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void aStraightLine() {
        const auto rows = rowsOf({commit(3, {2}), commit(2, {1}), commit(1, {})});
        QCOMPARE(linesBetween(*rows[0], *rows[1]), (Lines{{0, 0, 0}}));
        QCOMPARE(linesBetween(*rows[1], *rows[2]), (Lines{{0, 0, 0}}));
    }

    void aMergeLeavesAndComesBack() {
        // 4 merges 3 (first parent 2); 3 stands on lane 1 and comes back to 2's parent 1
        //   4 -.      row 0
        //   |  3      row 1
        //   2  |      row 2
        //   1-'       row 3
        const auto rows = rowsOf({commit(4, {2, 3}), commit(3, {1}), commit(2, {1}), commit(1, {})});
        QCOMPARE(static_cast<int>(rows[1]->lane), 1);
        QCOMPARE(linesBetween(*rows[0], *rows[1]), (Lines{{0, 0, 0}, {0, 1, 1}}));
        QCOMPARE(linesBetween(*rows[1], *rows[2]), (Lines{{0, 0, 0}, {1, 1, 1}}));
        QCOMPARE(linesBetween(*rows[2], *rows[3]), (Lines{{1, 0, 1}, {0, 0, 0}}));
    }

    void pathsMeetTheNodes() {
        const GraphMetrics metrics;
        QCOMPARE(metrics.laneX(0), 18.0);
        QCOMPARE(metrics.laneX(2), 46.0);
        QCOMPARE(metrics.width(1), 50.0);
        const auto straight = pathOf({1, 1, 1}, 13, metrics);
        QCOMPARE(straight.elementCount(), 2);
        QCOMPARE(straight.currentPosition(), QPointF(32, 39));
        const auto curve = pathOf({0, 2, 1}, 13, metrics);
        QCOMPARE(curve.elementCount(), 4);  // a move and one cubic
        QCOMPARE(QPointF(curve.elementAt(0)), QPointF(18, 13));
        QCOMPARE(curve.currentPosition(), QPointF(46, 39));
        // Upright where it leaves and arrives.
        QCOMPARE(QPointF(curve.elementAt(1)).x(), 18.0);
        QCOMPARE(QPointF(curve.elementAt(2)).x(), 46.0);
        // Point symmetry: half way down it is half way across.
        QVERIFY(std::abs(curve.pointAtPercent(0.5).x() - 32) < 1.0);
    }

    void farLanesShareThePlaceAtTheEdge() {
        GraphMetrics metrics;
        QCOMPARE(metrics.laneX(500), metrics.laneX(metrics.maxLanes - 1));
    }

    void aFilterJoinsTheGraphOverWhatItHides() {
        // 5 - 4 - 3 - 2 - 1, of which 5, 3 and 1 stay
        const auto rows =
            rowsOf({commit(5, {4}), commit(4, {3}), commit(3, {2}), commit(2, {1}), commit(1, {})});
        const auto kept = filterHistory(
            rows, [](const git::Commit& c) { return c.id.bytes()[19] % 2 == 1; }, id(5));
        QCOMPARE(kept.size(), std::size_t{3});
        QCOMPARE(kept[0]->commit.parents, std::vector{id(3)});
        QCOMPARE(kept[1]->commit.parents, std::vector{id(1)});
        QVERIFY(kept[2]->commit.parents.empty());
        QCOMPARE(linesBetween(*kept[0], *kept[1]), (Lines{{0, 0, 0}}));
    }

    void aHiddenMergeKeepsBothLines() {
        // 5 -> merge 4 of 3 and 2, both from 1; 4 is hidden
        const auto rows =
            rowsOf({commit(5, {4}), commit(4, {3, 2}), commit(3, {1}), commit(2, {1}), commit(1, {})});
        const auto kept = filterHistory(
            rows, [](const git::Commit& c) { return c.id != id(4); }, id(5));
        QCOMPARE(kept[0]->commit.parents, (std::vector{id(3), id(2)}));
    }

    void aHiddenTipHandsLaneZeroToItsAncestor() {
        // 9 is a newer side branch from 1; the current branch is 5 (hidden) -> 4 -> 1
        const auto rows = rowsOf({commit(5, {4}), commit(9, {1}), commit(4, {1}), commit(1, {})});
        const auto kept = filterHistory(
            rows, [](const git::Commit& c) { return c.id != id(5); }, id(5));
        QCOMPARE(kept.size(), std::size_t{3});
        QVERIFY(kept[0]->lane != 0);
        QCOMPARE(static_cast<int>(kept[1]->lane), 0);
    }

    void nothingKeptIsEmpty() {
        const auto rows = rowsOf({commit(2, {1}), commit(1, {})});
        QVERIFY(filterHistory(
                    rows, [](const git::Commit&) { return false; }, id(2))
                    .empty());
        QVERIFY(filterHistory({}, [](const git::Commit&) { return true; }, {}).empty());
    }

    void aStopIsHeard() {
        std::stop_source source;
        source.request_stop();
        const auto rows = rowsOf({commit(2, {1}), commit(1, {})});
        QVERIFY(filterHistory(
                    rows, [](const git::Commit&) { return true; }, id(2), source.get_token())
                    .empty());
    }

    void matchesWhatPeopleType() {
        auto c = commit(7, {}, "Drop last partial Batch");
        QVERIFY(CommitMatcher("").matches(c));
        QVERIFY(CommitMatcher("  ").empty());
        QVERIFY(CommitMatcher("batch drop").matches(c));
        QVERIFY(CommitMatcher("ADA").matches(c));
        QVERIFY(CommitMatcher("ab00").matches(c));
        QVERIFY(!CommitMatcher("b00").matches(c));  // hashes match from their start only
        QVERIFY(CommitMatcher("2025-11").matches(c));
        QVERIFY(!CommitMatcher("2024").matches(c));
        QVERIFY(CommitMatcher("v0.3").matches(c, "v0.3 main"));
        QVERIFY(!CommitMatcher("batch nothing").matches(c));
        c.summary = "Größe ändern";
        QVERIFY(CommitMatcher("GRÖSSE").matches(c) || CommitMatcher("GRÖẞE").matches(c) ||
                CommitMatcher("größe").matches(c));
        QVERIFY(CommitMatcher("ÄNDERN").matches(c));
        c.authorTime = std::numeric_limits<std::int64_t>::max();
        QVERIFY(!CommitMatcher("2024").matches(c));  // a date that no calendar has
    }

    void theDateIsThatOfTheAuthor() {
        auto c = commit(7, {});
        c.authorOffsetMinutes = -60;  // 23:00 the day before, where the author was
        QVERIFY(CommitMatcher("2025-11-16").matches(c));
    }
};

QTEST_GUILESS_MAIN(TestGraph)
#include "tst_graph.moc"
