// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/widgets/diff_view.h"

#include <QApplication>
#include <QClipboard>
#include <QScrollBar>

#include "runglass/ui/theme/theme.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

using Kind = git::DiffLine::Kind;

/// A file whose lines are " text", "-text" or "+text", from line 1 on.
git::FileDiff fileOf(std::string path, const std::vector<std::string>& lines) {
    git::FileDiff file;
    file.oldPath = file.newPath = std::move(path);
    git::DiffHunk hunk;
    hunk.oldStart = hunk.newStart = 1;
    for (const auto& drawn : lines) {
        git::DiffLine line;
        line.kind = drawn[0] == '-' ? Kind::Removed : drawn[0] == '+' ? Kind::Added : Kind::Context;
        line.oldLine = line.kind == Kind::Added ? -1 : ++hunk.oldLines;
        line.newLine = line.kind == Kind::Removed ? -1 : ++hunk.newLines;
        line.text = drawn.substr(1);
        file.added += line.kind == Kind::Added;
        file.removed += line.kind == Kind::Removed;
        hunk.lines.push_back(std::move(line));
    }
    file.hunks.push_back(std::move(hunk));
    return file;
}

SharedDiffDocument sample() {
    return std::make_shared<DiffDocument>(
        std::vector{fileOf("train.py", {" def augment(x, cfg, rng):",
                                        "     '''Random changes of one batch.'''",
                                        "-    if cfg.noise > 0:",
                                        "-        x = x + rng.normal(0, cfg.noise, x.shape)",
                                        "+    if cfg.rotate > 0:",
                                        "+        a = rng.uniform(-cfg.rotate, cfg.rotate, len(x))",
                                        "+        x = rotate_batch(x, a, order=1)",
                                        "+    if cfg.shift > 0:",
                                        "     return x.clip(0, 1)",
                                        " ",
                                        " a1",
                                        " a2",
                                        " a3",
                                        " a4",
                                        " a5 needle",
                                        " a6",
                                        " a7",
                                        " def train_epoch(model, loader, opt, sched, cfg):",
                                        "-        logits = model(x)",
                                        "+        logits = model(augment(x, cfg, loader.rng))",
                                        "         loss.backward()",
                                        "-        clip_grad(model, 1.0)",
                                        "         opt.step(); opt.zero_grad()"}),
                    fileOf("configs/cnn.yaml",
                           {" train:", "-  batch_size: 96", "+  batch_size: 128", "   epochs: 40 # all"})});
}

}  // namespace

class TestDiffView : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { Theme::install(*qApp, ThemeChoice::Light); }

    void showsBothFilesAndFolds() {
        DiffView view;
        view.resize(900, 500);
        view.setDocument(sample());
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        int folds = 0;
        for (const auto& row : view.rows()) {
            folds += row.kind == DiffRow::Kind::Fold;
        }
        QCOMPARE(folds, 1);
        save(view, "side");
        Theme::current().setChoice(ThemeChoice::Dark);
        view.setMode(DiffMode::Unified);
        save(view, "unified-dark");
        Theme::current().setChoice(ThemeChoice::Light);
    }

    void aClickOpensAFold() {
        DiffView view;
        view.resize(900, 500);
        view.setDocument(sample());
        view.show();
        int y = 0;
        int fold = -1;
        for (int i = 0; i < static_cast<int>(view.rows().size()); ++i) {
            if (view.rows()[static_cast<std::size_t>(i)].kind == DiffRow::Kind::Fold) {
                fold = i;
            }
        }
        QVERIFY(fold > 0);
        const int hidden = view.rows()[static_cast<std::size_t>(fold)].count;
        const auto before = view.rows().size();
        // Rows are 18, headings 26: the fold lies after the heading and `fold - 1` lines.
        y = 26 + (fold - 1) * 18 + 8;
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, QPoint(100, y));
        QCOMPARE(view.rows().size(), before - 1 + static_cast<std::size_t>(hidden));
    }

    void enterOpensTheFirstFoldInSight() {
        DiffView view;
        view.resize(900, 500);
        view.setDocument(sample());
        view.show();
        const auto before = view.rows().size();
        QTest::keyClick(&view, Qt::Key_Return);
        QVERIFY(view.rows().size() > before);
    }

    void stepsThroughDifferences() {
        DiffView view;
        view.resize(900, 120);
        view.setDocument(sample());
        view.show();
        int steps = 0;
        while (view.goToDifference(true)) {
            ++steps;
        }
        QCOMPARE(steps, 4);  // train.py: the first block, logits, clip_grad; cnn.yaml: batch_size
        QVERIFY(view.verticalScrollBar()->value() > 0);
        int back = 0;
        while (view.goToDifference(false)) {
            ++back;
        }
        QCOMPARE(back, 3);
    }

    void selectsOneSideAndCopies() {
        DiffView view;
        view.resize(900, 500);
        view.setOnlyFile(1);
        view.setDocument(sample());
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QTest::mousePress(view.viewport(), Qt::LeftButton, {}, QPoint(40, 9));
        QTest::mouseMove(view.viewport(), QPoint(449, 30));
        QTest::mouseRelease(view.viewport(), Qt::LeftButton, {}, QPoint(449, 30));
        QCOMPARE(view.selectedText(), QStringLiteral("train:\n  batch_size: 96"));
        QTest::keyClick(&view, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("train:\n  batch_size: 96"));
        QTest::mouseDClick(view.viewport(), Qt::LeftButton, {}, QPoint(450 + 60 + 20, 9));
        QTest::keyClick(&view, Qt::Key_A, Qt::ControlModifier);
        QVERIFY(view.selectedText().endsWith(QStringLiteral("epochs: 40 # all")));
    }

    void copyingOverAFoldTakesTheFoldedLines() {
        DiffView view;
        view.resize(900, 500);
        view.setOnlyFile(0);
        view.setDocument(sample());
        view.selectAll();
        QVERIFY(view.selectedText().contains(QStringLiteral("a5 needle")));
        QVERIFY(!view.selectedText().contains(QStringLiteral("cfg.noise")));  // the new side alone
    }

    void findOpensTheFoldThatHoldsTheHit() {
        DiffView view;
        view.resize(900, 500);
        view.setDocument(sample());
        view.show();
        view.setFindText(QStringLiteral("NEEDLE"));
        const auto before = view.rows().size();
        QVERIFY(view.findNext(true));
        QVERIFY(view.rows().size() > before);
        QVERIFY(view.findNext(true));  // wraps to the same place
        view.setFindText(QStringLiteral("nowhere"));
        QVERIFY(!view.findNext(true));
    }

    void oddTextIsShownSafely() {
        DiffView view;
        view.resize(900, 500);
        std::string lengthy(200'000, 'x');
        view.setDocument(std::make_shared<DiffDocument>(
            std::vector{fileOf("x", {"+a\tb\r", "+caf\xe9 \x01\x1b[31m",
                                     "+\xe2\x80\xae"
                                     "evil",
                                     "+" + lengthy, "+\xf0\x9f\x98\x80 ok"})}));
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        save(view, "odd");
        view.selectAll();
        const QString text = view.selectedText();
        QVERIFY(text.startsWith(QStringLiteral("a\tb\u240d\ncaf\ufffd \u2401\u241b[31m\n\ufffdevil\n")));
        QVERIFY(text.endsWith(QStringLiteral("\U0001F600 ok")));
        QVERIFY(view.horizontalScrollBar()->maximum() > 0);
    }

    void emptyAndNull() {
        DiffView view;
        view.resize(300, 200);
        view.show();
        QTest::keyClick(&view, Qt::Key_End);
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, QPoint(20, 20));
        QVERIFY(!view.goToDifference(true));
        view.setDocument(std::make_shared<DiffDocument>(std::vector<git::FileDiff>{}));
        QVERIFY(view.selectedText().isEmpty());
        view.setDocument(nullptr);
        QVERIFY(!view.grab().isNull());
    }

    void fiftyThousandLinesScroll() {
        std::vector<std::string> lines;
        for (int i = 0; i < 50'000; ++i) {
            lines.push_back((i % 3 == 0   ? "-"
                             : i % 3 == 1 ? "+"
                                          : " ") +
                            std::string("x = f(") + std::to_string(i) + ", 'text')");
        }
        DiffView view;
        view.resize(1200, 900);
        view.setDocument(std::make_shared<DiffDocument>(std::vector{fileOf("x.py", lines)}));
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QElapsedTimer timer;
        timer.start();
        constexpr int kFrames = 50;
        for (int i = 0; i < kFrames; ++i) {
            view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum() * i / kFrames);
            view.viewport()->repaint();
        }
        const double ms = static_cast<double>(timer.elapsed()) / kFrames;
        qInfo("a frame of a 50,000-line diff, no line cached: %.1f ms", ms);
        QVERIFY2(ms < 100, qPrintable(QString::number(ms)));
    }

private:
    /// RUNGLASS_SHOTS=folder keeps pictures to look at.
    static void save(QWidget& widget, const char* name) {
        const QString folder = qEnvironmentVariable("RUNGLASS_SHOTS");
        const QPixmap shot = widget.grab();
        QVERIFY(!shot.isNull());
        if (!folder.isEmpty()) {
            QVERIFY(
                shot.save(folder + QStringLiteral("/diff-") + QLatin1String(name) + QStringLiteral(".png")));
        }
    }
};

QTEST_MAIN(TestDiffView)
#include "tst_diff_view.moc"
