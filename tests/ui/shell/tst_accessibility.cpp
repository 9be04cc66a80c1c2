// SPDX-License-Identifier: GPL-3.0-or-later
// What assistive technology finds in the views that paint their content themselves.
#include <QAbstractItemView>
#include <QAccessible>
#include <QSettings>
#include <QTemporaryDir>

#include "fact_list.h"
#include "runglass/base/clock.h"
#include "runglass/store/run_writer.h"
#include "runglass/ui/launch/console_view.h"
#include "runglass/ui/runs/inspector.h"
#include "runglass/ui/runs/run_table_pane.h"
#include "runglass/ui/session/app_settings.h"
#include "runglass/ui/shell/main_window.h"
#include "runglass/ui/widgets/diff_view.h"
#include "runglass/ui/widgets/sparkline.h"
#include "runglass/ui/widgets/status_mark.h"
#include "support/scratch_project.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

QAccessibleInterface* interfaceOf(QObject* object) {
    return QAccessible::queryAccessibleInterface(object);
}

QAccessibleTextInterface* textOf(QObject* object) {
    auto* interface = interfaceOf(object);
    return interface == nullptr ? nullptr : interface->textInterface();
}

QString lineAt(QAccessibleTextInterface* text, int offset) {
    int start = 0;
    int end = 0;
    return text->textAtOffset(offset, QAccessible::LineBoundary, &start, &end);
}

git::FileDiff sampleDiff() {
    using Kind = git::DiffLine::Kind;
    git::FileDiff diff;
    diff.kind = git::ChangeKind::Modified;
    diff.oldPath = diff.newPath = "train.py";
    diff.added = diff.removed = 1;
    git::DiffHunk hunk;
    hunk.oldStart = hunk.newStart = 1;
    hunk.oldLines = hunk.newLines = 2;
    hunk.lines = {{Kind::Context, 1, 1, "import sys"},
                  {Kind::Removed, 2, -1, "lr = 0.1"},
                  {Kind::Added, -1, 2, "lr = 0.3"}};
    diff.hunks = {hunk};
    return diff;
}

}  // namespace

class AccessibilityTest : public test::TestCase {
    Q_OBJECT
private:
    QTemporaryDir m_settings;

private Q_SLOTS:
    void initTestCase() {
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_settings.path());
        Theme::install(*qApp, ThemeChoice::Light);
        QAccessible::setActive(true);
    }

    void consoleIsReadAsText() {
        ConsoleBuffer buffer;
        ConsoleView view;
        view.resize(600, 200);
        view.setBuffer(&buffer);
        view.show();
        QCOMPARE(interfaceOf(&view)->role(), QAccessible::Terminal);
        QVERIFY(interfaceOf(&view)->state().readOnly);
        auto* text = textOf(&view);
        QVERIFY(text != nullptr);
        QCOMPARE(text->characterCount(), 0);
        buffer.append({0, launch::Stream::Out, 0, "epoch 1\n\x1b[31mloss 0.5\x1b[0m\nlast"});
        view.bufferGrown();
        QCOMPARE(text->text(0, -1), QStringLiteral("epoch 1\nloss 0.5\nlast\n"));
        QCOMPARE(text->text(6, 12), QStringLiteral("1\nloss"));
        QCOMPARE(lineAt(text, 10), QStringLiteral("loss 0.5\n"));
        QCOMPARE(text->cursorPosition(), 17);  // follows the end
        QCOMPARE(text->selectionCount(), 0);
        view.setFocus();
        QTest::keyClick(&view, Qt::Key_A, Qt::ControlModifier);
        int start = -1;
        int end = -1;
        text->selection(0, &start, &end);
        QCOMPARE(text->text(start, end), view.selectedText());
        const auto rect = text->characterRect(10);
        QVERIFY(view.rect().contains(view.mapFromGlobal(rect.topLeft())));
        QCOMPARE(text->offsetAtPoint(rect.center()), 8);
    }

    void differencesSayWhatIsAddedAndRemoved() {
        DiffView view;
        view.resize(800, 300);
        view.setDocument(std::make_shared<DiffDocument>(std::vector<git::FileDiff>{sampleDiff()}));
        view.setOnlyChanges(false);
        view.show();
        auto* text = textOf(&view);
        QVERIFY(text != nullptr);
        QCOMPARE(text->text(0, -1),
                 QStringLiteral("train.py, +1 −1\n1: import sys\nremoved 2: lr = 0.1, added 2: lr = 0.3\n"));
        QVERIFY(view.goToDifference(true));
        QCOMPARE(lineAt(text, text->cursorPosition()),
                 QStringLiteral("removed 2: lr = 0.1, added 2: lr = 0.3\n"));
        view.setMode(DiffMode::Unified);
        QCOMPARE(text->text(0, -1),
                 QStringLiteral("train.py, +1 −1\n1: import sys\nremoved 2: lr = 0.1\nadded 2: lr = 0.3\n"));
        view.selectAll();
        int start = -1;
        int end = -1;
        text->selection(0, &start, &end);
        QCOMPARE(text->text(start, end).split(QLatin1Char('\n')).last(), QStringLiteral("added 2: lr = 0.3"));
    }

    void factsAreReadLineByLine() {
        FactList facts(QStringLiteral("Params"), FactList::Style::Facts);
        facts.setFacts({{.key = QStringLiteral("lr"),
                         .value = QStringLiteral("0.3"),
                         .remark = QStringLiteral("was 0.1")},
                        {.key = QStringLiteral("opt"), .value = QStringLiteral("adam")}});
        QCOMPARE(interfaceOf(&facts)->text(QAccessible::Name), QStringLiteral("Params"));
        QCOMPARE(textOf(&facts)->text(0, -1), QStringLiteral("lr: 0.3 was 0.1\nopt: adam\n"));
        FactList numbers(QStringLiteral("Metrics"), FactList::Style::Numbers);
        numbers.setFacts({{.key = QStringLiteral("val/acc"),
                           .value = QStringLiteral("0.99"),
                           .remark = QStringLiteral("0.98")}});
        QCOMPARE(textOf(&numbers)->text(0, -1), QStringLiteral("val/acc: best 0.99, last 0.98\n"));
    }

    void marksAndSmallCurvesHaveWords() {
        StatusMark mark;
        mark.setStatus(model::RunStatus::Failed);
        QCOMPARE(interfaceOf(&mark)->text(QAccessible::Name), QStringLiteral("failed"));
        Sparkline curve;
        curve.setValues({0.5, 0.25, 0.125}, Qt::red);
        QCOMPARE(interfaceOf(&curve)->text(QAccessible::Name),
                 QStringLiteral("From 0.5000 to 0.1250 over 3 values"));
    }

    void runTableAndHistoryAreTables() {
        const test::ScratchProject project;
        const auto first = project.commit("train.py", "print(1)\n", "Logistic regression baseline");
        project.addRuns({{"first", first, {{"val/acc", 0.9}}},
                         {"second", first, {{"val/acc", 0.8}}, model::RunStatus::Failed}});
        MainWindow window;
        window.resize(1600, 900);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        QVERIFY(window.openProject(project.path()).ok());
        QVERIFY(window.goTo(QStringLiteral("runs")));
        auto* view = window.findChild<QAbstractItemView*>(QStringLiteral("runTable"));
        QVERIFY(view != nullptr);
        QTRY_COMPARE(view->model()->rowCount(), 3);  // a group and two runs
        auto* table = interfaceOf(view)->tableInterface();
        QVERIFY(table != nullptr);
        QTRY_COMPARE(table->rowCount(), 3);
        const auto cell = [&](int row, const QString& title) {
            for (int column = 0; column < table->columnCount(); ++column) {
                const auto header =
                    view->model()->headerData(column, Qt::Horizontal, Qt::AccessibleTextRole).toString();
                if (header == title) {
                    return table->cellAt(row, column)->text(QAccessible::Name);
                }
            }
            return QStringLiteral("no such column");
        };
        QCOMPARE(cell(1, QStringLiteral("State")), QStringLiteral("failed"));
        QCOMPARE(cell(1, QStringLiteral("Name")), QStringLiteral("second"));
        QCOMPARE(cell(2, QStringLiteral("Largest value of metric val/acc")), QStringLiteral("0.9000"));
        QTRY_COMPARE(window.session()->selection().size(), std::size_t{1});
        QVERIFY(table->isRowSelected(1));

        QVERIFY(window.goTo(QStringLiteral("history")));
        auto* commits = window.findChild<QAbstractItemView*>(QStringLiteral("historyTable"));
        QVERIFY(commits != nullptr);
        QTRY_COMPARE(commits->model()->rowCount(), 1);
        auto* history = interfaceOf(commits)->tableInterface();
        QVERIFY(history != nullptr);
        QTRY_VERIFY(history->cellAt(0, 1)->text(QAccessible::Name).contains(QLatin1String("1 failed")));
        const auto row = history->cellAt(0, 1)->text(QAccessible::Name);
        for (const char* part : {"Logistic regression baseline", "main", "1 finished", "best 0.9"}) {
            QVERIFY2(row.contains(QLatin1String(part)), qPrintable(row));
        }
    }
};

QTEST_MAIN(AccessibilityTest)
#include "tst_accessibility.moc"
