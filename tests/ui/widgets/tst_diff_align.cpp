// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/widgets/diff_align.h"
#include "runglass/ui/widgets/diff_document.h"
#include "runglass/ui/widgets/syntax.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

using Lines = std::vector<std::string_view>;
using Pairs = std::vector<AlignedPair>;

std::vector<std::string> texts(std::string_view line, const std::vector<ByteRange>& ranges) {
    std::vector<std::string> out;
    for (const auto range : ranges) {
        out.emplace_back(line.substr(static_cast<std::size_t>(range.begin),
                                     static_cast<std::size_t>(range.end - range.begin)));
    }
    return out;
}

using Words = std::vector<std::string>;

/// A file from a drawing: ' ' equal, '-' removed, '+' added; one hunk from line 1 on.
git::FileDiff drawn(std::string path, const std::vector<std::string>& lines, int firstLine = 1) {
    git::FileDiff file;
    file.oldPath = file.newPath = std::move(path);
    git::DiffHunk hunk;
    int oldLine = firstLine;
    int newLine = firstLine;
    for (const auto& drawnLine : lines) {
        git::DiffLine line;
        line.text = drawnLine.substr(1);
        line.kind = drawnLine[0] == '-'   ? git::DiffLine::Kind::Removed
                    : drawnLine[0] == '+' ? git::DiffLine::Kind::Added
                                          : git::DiffLine::Kind::Context;
        line.oldLine = drawnLine[0] == '+' ? -1 : oldLine++;
        line.newLine = drawnLine[0] == '-' ? -1 : newLine++;
        file.added += drawnLine[0] == '+';
        file.removed += drawnLine[0] == '-';
        hunk.lines.push_back(line);
    }
    hunk.oldLines = oldLine - firstLine;
    hunk.newLines = newLine - firstLine;
    hunk.oldStart = hunk.oldLines == 0 ? firstLine - 1 : firstLine;  // as git writes it
    hunk.newStart = hunk.newLines == 0 ? firstLine - 1 : firstLine;
    file.hunks.push_back(hunk);
    return file;
}

std::string drawing(const std::vector<DiffRow>& rows) {
    std::string out;
    for (const auto& row : rows) {
        switch (row.kind) {
            case DiffRow::Kind::File:
                out += "F ";
                break;
            case DiffRow::Kind::Message:
                out += "M ";
                break;
            case DiffRow::Kind::Fold:
                out += "…" + std::to_string(row.count) + " ";
                break;
            case DiffRow::Kind::Line:
                out += (row.left < 0 ? "_" : std::to_string(row.left)) + "|" +
                       (row.right < 0 ? "_" : std::to_string(row.right)) + " ";
        }
    }
    return out;
}

}  // namespace

class TestDiffAlign : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void wordsCoverTheLine() {
        const std::string_view line = "x = f(1e-3, 0.5)  # größe";
        QCOMPARE(texts(line, splitWords(line)), (Words{"x", " ", "=", " ", "f", "(", "1e-3", ",", " ", "0.5",
                                                       ")", "  ", "#", " ", "größe"}));
        QVERIFY(splitWords("").empty());
        QCOMPARE(texts("1-2", splitWords("1-2")), (Words{"1", "-", "2"}));
    }

    void marksOnlyWhatDiffers() {
        const std::string_view a = "    if cfg.noise > 0:";
        const std::string_view b = "    if cfg.rotate > 0:";
        const auto diff = diffWords(a, b);
        QCOMPARE(texts(a, diff.left), Words{"noise"});
        QCOMPARE(texts(b, diff.right), Words{"rotate"});
        // By hand: common without blanks are "if", "cfg", ".", ">", "0", ":" = 2+3+1+1+1+1 = 9 of 14 and 15.
        QCOMPARE(diff.similarity, 2.0 * 9 / (14 + 15));
    }

    void marksJoinOverBlanks() {
        const std::string_view a = "loss = cross_entropy(logits, y)";
        const std::string_view b = "loss = cross_entropy(logits, y, smooth=0.05)";
        const auto diff = diffWords(a, b);
        QVERIFY(diff.left.empty());
        QCOMPARE(texts(b, diff.right), Words{", smooth=0.05"});
    }

    void aNumberChangesAsAWhole() {
        const auto diff = diffWords("lr: 1e-3", "lr: 3e-3");
        QCOMPARE(texts("lr: 1e-3", diff.left), Words{"1e-3"});
        QCOMPARE(texts("lr: 3e-3", diff.right), Words{"3e-3"});
    }

    void unlikeLinesGetNoMarks() {
        const auto diff = diffWords("import os", "return model(x)");
        QCOMPARE(diff.similarity, 0.0);
        QVERIFY(diff.left.empty());
        QVERIFY(diff.right.empty());
    }

    void indentationAloneIsMarked() {
        const auto diff = diffWords("  x = 1", "    x = 1");
        QCOMPARE(diff.left, (std::vector<ByteRange>{{0, 2}}));
        QCOMPARE(diff.right, (std::vector<ByteRange>{{0, 4}}));
    }

    void editedLinesStandOnOneRow() {
        const Lines removed{"for i in range(0, len(x), size):"};
        const Lines added{"n = len(x) // size * size", "for i in range(0, n, size):"};
        QCOMPARE(alignChange(removed, added), (Pairs{{-1, 0}, {0, 1}}));
    }

    void unlikeLinesPairInOrder() {
        QCOMPARE(alignChange(Lines{"aaa", "bbb"}, Lines{"ccc", "ddd", "eee"}),
                 (Pairs{{0, 0}, {1, 1}, {-1, 2}}));
        QCOMPARE(alignChange(Lines{}, Lines{"a"}), (Pairs{{-1, 0}}));
        QCOMPARE(alignChange(Lines{"a"}, Lines{}), (Pairs{{0, -1}}));
        QVERIFY(alignChange(Lines{}, Lines{}).empty());
    }

    void everyLineStandsOnExactlyOneRowInOrder() {
        std::vector<std::string> storage;
        for (int i = 0; i < 300; ++i) {
            storage.push_back("value_" + std::to_string(i * i % 37) + " = compute(" + std::to_string(i % 11) +
                              ")");
        }
        for (const int split : {1, 40, 77, 150, 299}) {
            const Lines removed(storage.begin(), storage.begin() + split);
            const Lines added(storage.begin() + split, storage.end());
            int left = 0;
            int right = 0;
            for (const auto& pair : alignChange(removed, added)) {
                QVERIFY(pair.left >= 0 || pair.right >= 0);
                QVERIFY(pair.left < 0 || pair.left == left++);
                QVERIFY(pair.right < 0 || pair.right == right++);
            }
            QCOMPARE(left, split);
            QCOMPARE(right, 300 - split);
        }
    }

    void laysOutBothModes() {
        const DiffDocument document({drawn("a.py", {" a", "-b = 1", "-c", "+b = 2", " d"})});
        DiffLayoutOptions options;
        options.headings = false;
        QCOMPARE(drawing(layOutDiff(document, options)), std::string("0|0 1|3 2|_ 4|4 "));
        options.mode = DiffMode::Unified;
        QCOMPARE(drawing(layOutDiff(document, options)), std::string("0|0 1|_ 2|_ _|3 4|4 "));
        QCOMPARE(document.files()[0].lines[1].partner, 3);
        QCOMPARE(document.files()[0].lines[2].partner, -1);
        QCOMPARE(document.added(), 1);
        QCOMPARE(document.removed(), 2);
    }

    void foldsEqualLinesAndOpensThem() {
        std::vector<std::string> lines;
        for (int i = 0; i < 10; ++i) {
            lines.push_back(" l" + std::to_string(i));
        }
        lines.insert(lines.begin() + 9, "+new");  // nine equal lines, one added, one equal
        const DiffDocument document({drawn("x.txt", lines)});
        DiffLayoutOptions options;
        options.headings = false;
        QCOMPARE(drawing(layOutDiff(document, options)), std::string("…6 6|6 7|7 8|8 _|9 10|10 "));
        QCOMPARE(layOutDiff(document, options, {{0, 0}}).size(), std::size_t{11});
        options.onlyChanges = false;
        QCOMPARE(layOutDiff(document, options).size(), std::size_t{11});
    }

    void aSingleEqualLineIsNotFolded() {
        std::vector<std::string> lines{"-x"};
        for (int i = 0; i < 7; ++i) {
            lines.push_back(" same");
        }
        lines.emplace_back("-y");
        DiffLayoutOptions options;
        options.headings = false;
        QCOMPARE(layOutDiff(DiffDocument({drawn("x", lines)}), options).size(),
                 std::size_t{9});  // 7 = 3 + 1 + 3
        lines.insert(lines.begin() + 1, " same");
        QCOMPARE(layOutDiff(DiffDocument({drawn("x", lines)}), options).size(),
                 std::size_t{9});  // 3 + fold of 2 + 3
    }

    void gapsBetweenHunksCannotBeOpened() {
        git::FileDiff file = drawn("x", {" a", "-b"}, 5);
        const auto second = drawn("x", {"-c", " d"}, 40);
        file.hunks.push_back(second.hunks[0]);
        const auto rows = layOutDiff(DiffDocument({file}), {});
        // Lines 1-4 and 7-39 are equal and not part of the difference.
        QCOMPARE(drawing(rows), std::string("F …4 0|0 1|_ …33 2|_ 3|3 "));
        QCOMPARE(rows[1].first, -1);
    }

    void filesWithoutLinesSaySo() {
        git::FileDiff binary;
        binary.newPath = "model.bin";
        binary.binary = true;
        QCOMPARE(drawing(layOutDiff(DiffDocument({binary, drawn("b", {"+x"})}), {})),
                 std::string("F M F _|0 "));
        DiffLayoutOptions options;
        options.onlyFile = 1;
        options.headings = false;
        QCOMPARE(drawing(layOutDiff(DiffDocument({binary, drawn("b", {"+x"})}), options)),
                 std::string("_|0 "));
    }

    void badBytesBecomeReplacementCharacters() {
        const DiffDocument document({drawn("x", {"+caf\xe9"})});
        QCOMPARE(document.files()[0].lines[0].text, std::string("caf\xef\xbf\xbd"));
    }

    void columnsCountTabsAndCharacters() {
        QCOMPARE(columnsOf("\tx", 4), 5);
        QCOMPARE(columnsOf("ab\tx", 4), 5);
        QCOMPARE(columnsOf("größe", 4), 5);
    }

    void aMultiLineStringIsKnownOnBothSides() {
        const DiffDocument document({drawn("x.py", {" '''doc", "-old", "+new ''' + 1", " tail", "+x"})});
        const auto& lines = document.files()[0].lines;
        QCOMPARE(static_cast<int>(lines[1].oldState), 1);
        QCOMPARE(static_cast<int>(lines[2].newState), 1);
        QCOMPARE(static_cast<int>(lines[3].oldState), 1);  // the old side is still inside the string
        QCOMPARE(static_cast<int>(lines[3].newState), 0);
    }

    void aLargeDifferenceIsLaidOut() {
        std::vector<std::string> lines;
        for (int i = 0; i < 50'000; ++i) {
            lines.push_back((i % 5 == 0   ? "-"
                             : i % 5 == 1 ? "+"
                                          : " ") +
                            std::string("x = f(") + std::to_string(i) + ")");
        }
        const auto file = drawn("x.py", lines);
        const DiffDocument document({file});
        QCOMPARE(layOutDiff(document, {}).size(), std::size_t{40'001});
    }
};

QTEST_GUILESS_MAIN(TestDiffAlign)
#include "tst_diff_align.moc"
