// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <set>
#include <sstream>

#include "runglass/git/history.h"
#include "support/test.h"

using namespace runglass;

namespace {

git::ObjectId nameOf(const std::string& letter) {
    std::array<std::uint8_t, 20> bytes{};
    bytes[0] = static_cast<std::uint8_t>(letter.at(0));
    return git::ObjectId(bytes);
}

std::string letterOf(const git::ObjectId& id) {
    return std::string(1, static_cast<char>(id.bytes()[0]));
}

/// Edges that change the lane, such as `1>0`.
std::string moves(const std::vector<git::LaneEdge>& edges) {
    std::string text;
    for (const auto& edge : edges) {
        if (edge.from != edge.to) {
            text += (text.empty() ? "" : " ") + std::to_string(edge.from) + ">" + std::to_string(edge.to);
        }
    }
    return text.empty() ? text : text + "\n";
}

/// `* | B`: a star in the commit's lane, a bar where a line passes by, with the lines that change lanes above
/// and below.
std::string drawn(const git::HistoryRow& row) {
    std::string lanes;
    const auto put = [&](std::size_t lane, char mark) {
        lanes.resize(std::max(lanes.size(), 2 * lane + 2), ' ');
        lanes[2 * lane] = mark;
    };
    for (const auto& edge : row.above) {
        if (edge.from == edge.to) {
            put(edge.from, '|');
        }
    }
    put(row.lane, '*');
    return moves(row.above) + lanes + letterOf(row.commit.id) + "\n" + moves(row.below);
}

/// Each line of the graph is a commit and its parents: `M A B`.
std::string draw(const std::string& graph, const std::string& main = {}) {
    git::LaneAssigner lanes = main.empty() ? git::LaneAssigner() : git::LaneAssigner(nameOf(main));
    std::istringstream lines(graph);
    std::string drawing;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string word;
        words >> word;
        git::Commit commit;
        commit.id = nameOf(word);
        while (words >> word) {
            commit.parents.push_back(nameOf(word));
        }
        drawing += drawn(lanes.next(std::move(commit)));
    }
    return drawing;
}

}  // namespace

class TestLanes : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void drawing_data() {
        QTest::addColumn<QString>("graph");
        QTest::addColumn<QString>("main");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* graph, const char* main, const char* expected) {
            QTest::newRow(name) << QString::fromLatin1(graph) << QString::fromLatin1(main)
                                << QString::fromLatin1(expected);
        };
        row("one commit", "A", "A", "* A\n");
        row("a line", "C B\nB A\nA", "C", "* C\n* B\n* A\n");
        row("a branch that is merged", "M B F\nF A\nB A\nA", "M",
            "* M\n"
            "0>1\n"
            "| * F\n"
            "* | B\n"
            "1>0\n"
            "* A\n");
        row("another branch is newer: lane 0 waits for the main line", "F A\nB A\nA", "B",
            "  * F\n"
            "* | B\n"
            "1>0\n"
            "* A\n");
        row("another branch is ahead of the main line", "D C\nC B\nB A\nA", "B",
            "  * D\n"
            "  * C\n"
            "1>0\n"
            "* B\n"
            "* A\n");
        row("a lane is used again", "M L F\nF B\nL B\nB N G\nG A\nN A\nA", "M",
            "* M\n"
            "0>1\n"
            "| * F\n"
            "* | L\n"
            "1>0\n"
            "* B\n"
            "0>1\n"
            "| * G\n"
            "* | N\n"
            "1>0\n"
            "* A\n");
        row("octopus", "M A B C\nC R\nB R\nA R\nR", "M",
            "* M\n"
            "0>1 0>2\n"
            "| | * C\n"
            "| * | B\n"
            "* | | A\n"
            "1>0 2>0\n"
            "* R\n");
        row("criss-cross", "X A B\nY B A\nA R\nB R\nR", "X",
            "* X\n"
            "0>1\n"
            "| | * Y\n"
            "2>0\n"
            "* | | A\n"
            "2>1\n"
            "| * B\n"
            "1>0\n"
            "* R\n");
        row("a second root does not take lane 0", "B\nA", "B", "* B\n  * A\n");
        row("without a main line lanes start at the left", "B\nA", "", "* B\n* A\n");
        row("a branch inside a branch", "M A C\nC B D\nD B\nB A\nA", "M",
            "* M\n"
            "0>1\n"
            "| * C\n"
            "1>2\n"
            "| | * D\n"
            "2>1\n"
            "| * B\n"
            "1>0\n"
            "* A\n");
    }
    void drawing() {
        QFETCH(QString, graph);
        QFETCH(QString, main);
        QFETCH(QString, expected);
        QCOMPARE(QString::fromStdString(draw(graph.toStdString(), main.toStdString())), expected);
    }
    void everyLineIsContinuous() {
        // 500 commits that merge at random: what leaves a row at its bottom enters the next one at its top.
        git::LaneAssigner lanes;
        std::uint32_t random = 1;
        const auto number = [](int i) {
            std::array<std::uint8_t, 20> bytes{};
            bytes[0] = static_cast<std::uint8_t>(1 + i / 250);
            bytes[1] = static_cast<std::uint8_t>(i % 250);
            return git::ObjectId(bytes);
        };
        std::multiset<std::uint16_t> open;
        for (int i = 0; i < 500; ++i) {
            git::Commit commit;
            commit.id = number(i);
            for (const int step : {1, 7}) {
                random = random * 1664525U + 1013904223U;
                const int parent = i + step + static_cast<int>((random >> 16U) % 5U);
                if (parent < 500 && (step == 1 || (random >> 28U) == 0)) {
                    commit.parents.push_back(number(parent));
                }
            }
            const auto row = lanes.next(std::move(commit));
            std::multiset<std::uint16_t> entered;
            for (const auto& edge : row.above) {
                entered.insert(edge.from);
                QVERIFY(edge.to == row.lane || edge.to == edge.from);
            }
            QVERIFY(std::includes(open.begin(), open.end(), entered.begin(), entered.end()));
            QCOMPARE(std::set(entered.begin(), entered.end()), std::set(open.begin(), open.end()));
            open.clear();
            for (const auto& edge : row.below) {
                QVERIFY(edge.from == row.lane || edge.to == edge.from);
                open.insert(edge.to);
            }
        }
        QVERIFY(open.empty());
    }
};

QTEST_APPLESS_MAIN(TestLanes)
#include "tst_lanes.moc"
