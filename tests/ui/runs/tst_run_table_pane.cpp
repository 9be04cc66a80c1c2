// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAction>
#include <QClipboard>
#include <QCompleter>
#include <QFile>
#include <QHeaderView>
#include <QLabel>
#include <QPaintEvent>
#include <QSignalSpy>
#include <filesystem>
#include <fstream>

#include "run_table_view.h"
#include "runglass/store/layout.h"
#include "runglass/ui/runs/filter_field.h"
#include "runglass/ui/runs/run_table_model.h"
#include "runglass/ui/runs/run_table_pane.h"
#include "runglass/ui/session/app_settings.h"
#include "runglass/ui/session/project_session.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/label.h"
#include "sample_project.h"
#include "support/own_settings.h"
#include "support/test.h"

#include <QTreeView>
#include <QUndoStack>

using namespace runglass;
using namespace runglass::ui;

namespace {

/// What of a widget is painted from now on.
class Painted final : public QObject {
public:
    explicit Painted(QWidget* widget) { widget->installEventFilter(this); }
    QRegion region;

protected:
    bool eventFilter(QObject* /*watched*/, QEvent* event) override {
        if (event->type() == QEvent::Paint) {
            region += static_cast<QPaintEvent*>(event)->region();
        }
        return false;
    }
};

}  // namespace

class RunTablePaneTest final : public test::TestCase {
    Q_OBJECT

    // One pane over one project, shown and loaded.
    struct Window {
        test::SampleProject project;
        std::unique_ptr<ProjectSession> session;
        RunTablePane pane;

        void open() {
            session = std::make_unique<ProjectSession>(project.path());
            pane.resize(760, 900);
            pane.setSession(session.get());
            session->start();
            pane.show();
        }
        QTreeView* view() { return pane.findChild<QTreeView*>(QStringLiteral("runTable")); }
        RunTableModel* model() { return pane.findChild<RunTableModel*>(); }
        QPoint at(int row, RunColumn::Kind kind) {
            return view()->visualRect(model()->index(row, model()->columnOf(kind))).center();
        }
        int rowNamed(const char* name) {
            for (int row = 0; row < model()->rowCount(); ++row) {
                if (const auto* run = model()->run(row); run && run->name == name) {
                    return row;
                }
            }
            return -1;
        }
        ~Window() { pane.setSession(nullptr); }
    };

    const test::OwnSettings m_settings;

private Q_SLOTS:
    void initTestCase() {
        qputenv("RUNGLASS_BIN", QByteArray::fromStdString(test::runglassProgram().string()));
        Theme::install(*qApp, ThemeChoice::Light);
    }

    // Nothing is logged, and the duration of what goes on is painted anew all the same; nothing else is.
    void theDurationOfARunThatGoesOnTicks() {
        Window window;
        window.project.add({.name = "ends", .points = 3});
        const auto live =
            window.project.add({.name = "goes on", .status = model::RunStatus::Running, .points = 3});
        window.open();
        window.pane.resize(1500, 900);
        QTRY_VERIFY(window.rowNamed("goes on") >= 0);
        auto* view = static_cast<RunTableView*>(window.view());
        QTRY_COMPARE(view->tick(), 1);
        QTest::qWait(300);  // what showing the window painted has been painted
        Painted painted(view->viewport());
        const auto cell = view->visualRect(window.model()->index(
            window.rowNamed("goes on"), window.model()->columnOf(RunColumn::Kind::Duration)));
        QTRY_VERIFY(!painted.region.isEmpty());
        QCOMPARE(painted.region.boundingRect(), cell);
        store::RunEnd end;
        end.timeMs = nowMs();
        QVERIFY(window.project.writer().endRun(live, end).ok());
        QTRY_COMPARE(window.session->runningCount(), 0);
        QCOMPARE(view->tick(), 0);
    }

    // Where both are, a row and its curve are highlighted together.
    void aRowAndItsCurveAreHighlightedTogether() {
        Window window;
        window.project.addTypicalRuns();
        window.open();
        QTRY_COMPARE(window.model()->rowCount(), 24 + 3);
        const auto rowOf = [&](bool visible) {
            for (int row = 0; row < window.model()->rowCount(); ++row) {
                const auto* run = window.model()->run(row);
                if (run && window.session->isVisible(run->id) == visible) {
                    return row;
                }
            }
            return -1;
        };
        const int row = rowOf(true);
        const auto id = window.model()->run(row)->id;
        auto* table = window.view()->viewport();
        const auto at = window.at(row, RunColumn::Kind::Name);
        QTest::mouseMove(table, at);
        QCOMPARE(window.session->highlighted(), std::optional(id));
        QVERIFY(window.session->selection().empty());
        window.session->setVisible({id}, false);  // has no curve any more
        QTest::mouseMove(table, at + QPoint(1, 0));
        QVERIFY(!window.session->highlighted());
        QTest::mouseMove(table, QPoint(at.x(), table->height() - 2));
        QVERIFY(rowOf(false) >= 0);

        // And the other way round: the mouse is on a curve.
        const auto isMarked = [&] {
            const auto picture = table->grab().toImage();
            const auto place =
                window.view()->visualRect(window.model()->index(row, 0)).topLeft() + QPoint(1, 2);
            return picture.pixelColor(place) == themeColor(Token::SurfaceHover);
        };
        QVERIFY(!isMarked());
        window.session->setHighlighted(id);
        QTRY_VERIFY(isMarked());
        QVERIFY(window.session->selection().empty());
        window.session->setHighlighted(std::nullopt);
        QTRY_VERIFY(!isMarked());
    }

    void showsRunsInGroups() {
        Window window;
        window.project.addTypicalRuns();
        window.open();
        QTRY_COMPARE(window.model()->rowCount(), 24 + 3);
        QVERIFY(window.model()->isGroupRow(0));
        QCOMPARE(window.session->shown().size(), std::size_t(24));
        if (const auto folder = qEnvironmentVariable("RUNGLASS_SCREENSHOTS"); !folder.isEmpty()) {
            window.pane.setSort(RunColumn::metric(Symbol("val/acc")), true);
            QTest::qWait(300);
            QTest::mouseClick(window.view()->viewport(), Qt::LeftButton, {},
                              window.at(1, RunColumn::Kind::Name));
            QTest::qWait(100);
            window.pane.grab().save(folder + QStringLiteral("/runs-light.png"));
            Theme::current().setChoice(ThemeChoice::Dark);
            QTest::qWait(100);
            window.pane.grab().save(folder + QStringLiteral("/runs-dark.png"));
            Theme::current().setChoice(ThemeChoice::Light);
        }
    }

    void emptyProjectSaysWhatToDo() {
        Window window;
        window.open();
        QTRY_VERIFY(window.session->loaded());
        QTRY_VERIFY(!window.view()->isVisible());
    }

    void filterNarrowsAndSaysWhereItIsWrong() {
        Window window;
        window.project.addTypicalRuns();
        window.open();
        QTRY_COMPARE(window.session->shown().size(), std::size_t(24));
        auto* field = window.pane.filterField();
        field->setText(QStringLiteral("params.opt = 'sgd'"));
        std::size_t expected = 0;
        const auto opt = Symbol("opt");
        for (const auto& run : window.session->runs()->runs) {
            expected += run->param(opt) == "sgd" ? 1U : 0U;
        }
        QTRY_COMPARE(window.session->shown().size(), expected);
        QVERIFY(!field->mistake());
        field->setText(QStringLiteral("params.opt = "));
        QVERIFY(field->mistake());
        auto* message = window.pane.findChild<QLabel*>(QStringLiteral("filterMistake"));
        QVERIFY(message->isVisible() && !message->text().isEmpty());
        QCOMPARE(window.session->shown().size(), expected);  // the last valid filter stays in force
        field->setText(QStringLiteral("params.opt = 'nobody'"));
        QTRY_COMPARE(window.session->shown().size(), std::size_t(0));
        QVERIFY(!window.view()->isVisible() && !message->isVisible());
        QTest::keyClick(field, Qt::Key_Escape);
        QTRY_COMPARE(window.session->shown().size(), std::size_t(24));
    }

    void returnMeansTheFilterAndNotTheFirstProposal() {
        Window window;
        window.project.addTypicalRuns();
        window.open();
        QTRY_COMPARE(window.session->shown().size(), std::size_t(24));
        auto* field = window.pane.filterField();
        field->setFocus();
        auto* popup = field->findChild<QCompleter*>()->popup();
        QTest::keyClicks(field, QStringLiteral("params.opt = 'sgd' "));
        QTRY_VERIFY(popup->isVisible());
        QTest::keyClick(popup, Qt::Key_Return);
        QVERIFY(!popup->isVisible());
        QCOMPARE(field->text(), QStringLiteral("params.opt = 'sgd' "));
        QVERIFY(!field->mistake());
        // A word that is no filter yet is completed.
        field->clear();
        QTest::keyClicks(field, QStringLiteral("params.op"));
        QTRY_VERIFY(popup->isVisible());
        QTest::keyClick(popup, Qt::Key_Return);
        QCOMPARE(field->text(), QStringLiteral("params.opt"));
    }

    void archivingAllRunsIsNoEmptyProject() {
        Window window;
        window.project.add({"only"});
        window.open();
        QTRY_COMPARE(window.session->shown().size(), std::size_t(1));
        window.session->setArchived(window.session->shown(), true);
        QTRY_VERIFY(!window.view()->isVisible());
        bool said = false;
        for (const auto* label : window.pane.findChildren<Label*>()) {
            said = said || (label->isVisible() && label->text() == QLatin1String("All runs are archived"));
            QVERIFY(!label->isVisible() || label->text() != QLatin1String("No runs yet"));
        }
        QVERIFY(said);
    }

    void swatchesToggleAndPaint() {
        Window window;
        for (const char* name : {"a", "b", "c", "d"}) {
            window.project.add({name});
        }
        window.open();
        QTRY_COMPARE(window.model()->rowCount(), 5);
        const auto id = [&](int row) { return window.model()->run(row)->id; };
        auto* viewport = window.view()->viewport();
        QTest::mouseClick(viewport, Qt::LeftButton, {}, window.at(1, RunColumn::Kind::Visibility));
        QVERIFY(!window.session->isVisible(id(1)));
        QTest::mousePress(viewport, Qt::LeftButton, {}, window.at(2, RunColumn::Kind::Visibility));
        QTest::mouseMove(viewport, window.at(4, RunColumn::Kind::Visibility));
        QTest::mouseRelease(viewport, Qt::LeftButton, {}, window.at(4, RunColumn::Kind::Visibility));
        for (int row = 1; row <= 4; ++row) {
            QVERIFY(!window.session->isVisible(id(row)));
        }
        QTest::mouseClick(viewport, Qt::LeftButton, {}, window.at(3, RunColumn::Kind::Name));
        QCOMPARE(window.session->selection(), std::vector<RunId>{id(3)});
        QTest::keyClick(window.view(), Qt::Key_Space);
        QVERIFY(window.session->isVisible(id(3)));
        QTest::keyClick(window.view(), Qt::Key_Space, Qt::ShiftModifier);
        QVERIFY(window.session->isVisible(id(3)) && !window.session->isVisible(id(2)));
    }

    void keysSelectFoldAndCopy() {
        Window window;
        window.project.addTypicalRuns();
        window.open();
        QTRY_COMPARE(window.model()->rowCount(), 27);
        auto* view = window.view();
        QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, window.at(1, RunColumn::Kind::Name));
        QTest::keyClick(view, Qt::Key_Down);
        QTest::keyClick(view, Qt::Key_Down, Qt::ShiftModifier);
        QCOMPARE(window.session->selection().size(), std::size_t(2));
        QCOMPARE(window.session->selection().front(), window.model()->run(3)->id);  // the current one leads
        QTest::keyClick(view, Qt::Key_C, Qt::ControlModifier);
        const auto lines = QGuiApplication::clipboard()->text().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 3);
        QVERIFY(lines[0].contains(QStringLiteral("\tval/acc\t")));
        QTest::keyClick(view, Qt::Key_Left);
        QCOMPARE(view->currentIndex().row(), 0);
        QTest::keyClick(view, Qt::Key_Left);
        QVERIFY(window.model()->isFolded(0));
        QTest::keyClick(view, Qt::Key_Right);
        QVERIFY(!window.model()->isFolded(0));
        QTest::keyClick(view, Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(window.session->selection().size(), std::size_t(24));
    }

    void editsReachTheDatabaseAndCanBeUndone() {
        Window window;
        const auto id = window.project.add({"before"});
        window.project.add({"other"});
        window.open();
        QTRY_COMPARE(window.model()->rowCount(), 3);
        auto* view = window.view();
        QTest::mouseClick(view->viewport(), Qt::LeftButton, {},
                          window.at(window.rowNamed("before"), RunColumn::Kind::Name));
        QTest::keyClick(view, Qt::Key_F2);
        auto* editor = view->viewport()->findChild<QLineEdit*>();
        QVERIFY(editor);
        editor->setText(QStringLiteral("after"));
        QTest::keyClick(editor, Qt::Key_Return);
        QTRY_COMPARE(window.session->run(id)->name, std::string("after"));
        view->setFocus();
        QTest::keyClick(view, Qt::Key_S);
        QTRY_VERIFY(window.session->run(id)->starred);
        QTest::keyClick(view, Qt::Key_Delete);
        QTRY_COMPARE(window.session->shown().size(), std::size_t(1));
        window.session->undoStack()->undo();
        QTRY_COMPARE(window.session->shown().size(), std::size_t(2));
        window.session->undoStack()->undo();
        QTRY_VERIFY(!window.session->run(id)->starred);
    }

    void lettersCanBeSwitchedOff() {
        Window window;
        const auto id = window.project.add({"one"});
        window.open();
        QTRY_COMPARE(window.model()->rowCount(), 2);
        auto* view = window.view();
        QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, window.at(1, RunColumn::Kind::Name));
        const auto actions = window.pane.viewActions();
        const auto star = std::find_if(actions.begin(), actions.end(), [](const QAction* action) {
            return action->objectName() == QLatin1String("runs.star");
        });
        auto& settings = AppSettings::instance();
        settings.setSingleLetterShortcuts(false);
        QVERIFY((*star)->shortcut().isEmpty());
        QTest::keyClick(view, Qt::Key_S);
        QTest::keyClick(view, Qt::Key_Space);  // not a letter: still hides the run
        QVERIFY(!window.session->isVisible(id));
        settings.setSingleLetterShortcuts(true);
        QCOMPARE((*star)->shortcut(), QKeySequence(Qt::Key_S));
        QCOMPARE(window.session->undoStack()->count(), 0);  // S did nothing while it was off
        QTest::keyClick(view, Qt::Key_S);
        QTRY_VERIFY(window.session->run(id)->starred);
    }

    void bestRunBecomesTheBaseline() {
        Window window;
        const auto worse = window.project.add({.name = "worse", .quality = 0.5});
        const auto best = window.project.add({.name = "best", .quality = 0.9});
        window.project.add({.name = "elsewhere", .experiment = "other", .quality = 0.99});
        window.open();
        QTRY_COMPARE(window.model()->rowCount(), 5);
        auto* view = window.view();
        QSignalSpy compared(&window.pane, &RunTablePane::compareRequested);
        const auto click = [&](const char* name) {
            QTest::mouseClick(view->viewport(), Qt::LeftButton, {},
                              window.at(window.rowNamed(name), RunColumn::Kind::Name));
        };
        click("best");
        QTest::keyClick(view, Qt::Key_B, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(compared.count(), 0);  // nothing to set against it
        click("worse");
        QTest::keyClick(view, Qt::Key_B, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(compared.count(), 1);
        QCOMPARE(window.session->selection(), (std::vector<RunId>{best, worse}));
    }

    void runsAgainWithTheSameCommand() {
        Window window;
        model::RunDetail detail;
        detail.record.id = RunId::derive("again");
        detail.record.name = "touch";
        detail.record.experiment = Symbol("files");
        detail.command = {"/bin/sh", "-c", "echo again > witness"};
        detail.workingDirectory = window.project.path().string();
        VERIFY_OK(window.project.writer().createRun(detail));
        // Launched here: its command is none that others have written.
        const auto folder = store::Layout(window.project.path()).runFolder(detail.record.id);
        std::filesystem::create_directories(folder);
        std::ofstream(folder / "end") << "";
        window.open();
        QTRY_COMPARE(window.model()->rowCount(), 2);
        QTest::mouseClick(window.view()->viewport(), Qt::LeftButton, {}, window.at(1, RunColumn::Kind::Name));
        QTest::keyClick(window.view(), Qt::Key_R, Qt::ControlModifier);
        QTRY_COMPARE(window.session->runs()->runs.size(), std::size_t(2));
        const auto again = window.session->runs()->runs.back();
        QCOMPARE(again->experiment.str(), std::string("files"));
        QTRY_COMPARE(window.session->run(again->id)->status, model::RunStatus::Finished);
        QFile witness(QString::fromStdString((window.project.path() / "witness").string()));
        QVERIFY(witness.open(QIODevice::ReadOnly));
        QCOMPARE(witness.readAll(), QByteArray("again\n"));
        QTRY_COMPARE(window.session->selection(), std::vector<RunId>{again->id});
        QVERIFY(window.session->problems().empty());
    }

    void onlyOwnRunsThatGoOnCanBeStopped() {
        Window window;
        window.project.add({"over"});
        test::SampleProject::Spec spec{"goes on"};
        spec.status = model::RunStatus::Running;
        window.project.add(spec);
        const auto theirs = window.project.path() / "mlruns/1" / std::string(32, 'a');
        std::filesystem::create_directories(theirs);
        std::ofstream(theirs.parent_path() / "meta.yaml") << "name: e\n";
        std::ofstream(theirs / "meta.yaml")
            << "run_name: theirs\nstatus: 1\nstart_time: " << nowMs() << "\nend_time: null\n";
        window.open();
        QTRY_VERIFY(window.rowNamed("theirs") >= 0);
        QCOMPARE(window.model()->run(window.rowNamed("theirs"))->status, model::RunStatus::Running);
        const auto actions = window.view()->actions();  // the window's own menu has its own
        const auto* stop = *std::find_if(actions.begin(), actions.end(), [](const QAction* action) {
            return action->objectName() == QStringLiteral("runs.stop");
        });
        const auto canStop = [&](const char* name) {
            window.session->select({window.model()->run(window.rowNamed(name))->id});
            return stop->isEnabled();
        };
        QVERIFY(canStop("goes on"));
        QVERIFY(!canStop("over"));
        QVERIFY(!canStop("theirs"));
    }

    void saysWhyARunCannotRunAgain() {
        Window window;
        model::RunDetail detail;
        detail.record.id = RunId::derive("foreign");
        detail.record.name = "imported";
        VERIFY_OK(window.project.writer().createRun(detail));
        window.open();
        QTRY_COMPARE(window.model()->rowCount(), 2);
        QTest::mouseClick(window.view()->viewport(), Qt::LeftButton, {}, window.at(1, RunColumn::Kind::Name));
        QTest::keyClick(window.view(), Qt::Key_R, Qt::ControlModifier);
        QTRY_COMPARE(window.session->problems().size(), std::size_t(1));
        QCOMPARE(window.session->problems()[0].message,
                 QStringLiteral("imported cannot run again: no command was recorded with it."));
        QCOMPARE(window.session->runs()->runs.size(), std::size_t(1));
    }

    void headerSortsBetterEndFirst() {
        Window window;
        window.project.addTypicalRuns();
        window.open();
        QTRY_COMPARE(window.model()->rowCount(), 27);
        window.pane.setGroupBy(std::nullopt);
        QTRY_COMPARE(window.model()->rowCount(), 24);
        auto* header = window.view()->header();
        const auto click = [&](const RunColumn& column) {
            const auto& columns = window.model()->columns();
            const auto at =
                static_cast<int>(std::find(columns.begin(), columns.end(), column) - columns.begin());
            QTest::mouseClick(header->viewport(), Qt::LeftButton, {},
                              QPoint(header->sectionViewportPosition(at) + 20, header->height() / 2));
        };
        const auto values = [&](const RunColumn& column) {
            std::vector<double> out;
            for (int row = 0; row < window.model()->rowCount(); ++row) {
                const auto value = cellValue(*window.model()->run(row), column, {});
                if (const auto* number = std::get_if<double>(&value)) {
                    out.push_back(*number);
                }
            }
            return out;
        };
        const auto falls = [&](const RunColumn& column) {
            auto all = values(column);
            std::reverse(all.begin(), all.end());
            return std::is_sorted(all.begin(), all.end());
        };
        const auto rises = [&](const RunColumn& column) {
            const auto all = values(column);
            return std::is_sorted(all.begin(), all.end());
        };
        const auto acc = RunColumn::metric(Symbol("val/acc"));
        click(acc);
        QTRY_VERIFY(falls(acc));
        const auto loss = RunColumn::metric(Symbol("val/loss"));
        click(loss);
        QTRY_VERIFY(rises(loss));
        click(loss);
        QTRY_VERIFY(falls(loss));
    }
};

QTEST_MAIN(RunTablePaneTest)
#include "tst_run_table_pane.moc"
