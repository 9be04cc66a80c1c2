// SPDX-License-Identifier: GPL-3.0-or-later
// What menus, keys and the run table's own gestures do.
#include <QAction>
#include <QApplication>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QTreeView>
#include <algorithm>

#include "header_bar.h"
#include "place.h"
#include "runglass/ui/runs/inspector.h"
#include "runglass/ui/runs/run_table_pane.h"
#include "shell_support.h"

using namespace runglass;
using namespace runglass::ui;

class ActionsTest : public test::ShellTestCase {
    Q_OBJECT

    /// Of the keys that do something while this widget has the focus.
    static QString keyWithTwoOwners(const QWidget* focused) {
        QHash<QKeySequence, const QAction*> owners;
        for (const QWidget* at = focused; at != nullptr; at = at->parentWidget()) {
            for (const QAction* action : at->actions()) {
                if (at != focused && action->shortcutContext() == Qt::WidgetShortcut) {
                    continue;
                }
                for (const QKeySequence& key : action->shortcuts()) {
                    const QAction*& owner = owners[key];
                    if (owner != nullptr && owner != action) {
                        return key.toString() + QLatin1Char(' ') + owner->objectName() + QLatin1Char(' ') +
                               action->objectName();
                    }
                    owner = action;
                }
            }
        }
        return {};
    }

private Q_SLOTS:
    void everyActionIsInAMenuAndHasItsOwnKey() {
        test::ProjectWindow project({"one"});
        auto& window = project.window;
        window.goTo(QStringLiteral("curves"));
        QSet<QAction*> inMenus;
        for (const QAction* top : window.findChild<HeaderBar*>()->menuBar()->actions()) {
            QMenu* menu = top->menu();
            Q_EMIT menu->aboutToShow();
            for (QAction* action : menu->actions()) {
                inMenus.insert(action);
            }
            for (const QMenu* below : menu->findChildren<QMenu*>()) {
                for (QAction* action : below->actions()) {
                    inMenus.insert(action);
                }
            }
        }
        QHash<QKeySequence, QString> keys;
        for (QAction* action : window.actions()) {
            QVERIFY2(inMenus.contains(action), qPrintable(action->objectName() + action->text()));
            for (const QKeySequence& key : action->shortcuts()) {
                QVERIFY2(!keys.contains(key),
                         qPrintable(action->text() + QLatin1Char(' ') + keys.value(key)));
                keys.insert(key, action->text());
            }
        }
        for (QAction* action : window.currentView()->viewActions()) {
            QVERIFY2(inMenus.contains(action), qPrintable(action->objectName()));
            QVERIFY2(!action->objectName().isEmpty(), qPrintable(action->text()));
        }
    }

    // Keys that two actions want reach neither of them.
    void noKeyHasTwoOwnersOnAnyPage() {
        test::ProjectWindow project({"one", "two"});
        auto& window = project.window;
        QTRY_COMPARE(window.session()->shown().size(), std::size_t{2});
        for (const Place& place : places()) {
            QVERIFY(window.goTo(QLatin1String(place.name)));
            QList<const QWidget*> widgets{window.currentView()};
            for (const QWidget* widget : window.currentView()->findChildren<QWidget*>()) {
                widgets << widget;
            }
            for (const QWidget* focused : widgets) {
                const QString twice = keyWithTwoOwners(focused);
                QVERIFY2(twice.isEmpty(), qPrintable(QLatin1String(place.name) + QLatin1Char(' ') + twice));
            }
        }
    }

    void stoppingARunAsksOnce() {
        const test::TempFolder folder;
        test::makeRuns(folder.path(), {"one", "two"}, model::RunStatus::Running);
        MainWindow window;
        test::showWindow(&window);
        QVERIFY(window.openProject(folder.path()).ok());
        QTRY_COMPARE(window.session()->shown().size(), std::size_t{2});
        auto* table = window.findChild<QTreeView*>(QStringLiteral("runTable"));
        QTRY_COMPARE(window.session()->selection().size(), std::size_t{1});
        table->setFocus();
        const auto question = [&window] { return window.findChild<QMessageBox*>(); };
        QTest::keyClick(table, Qt::Key_Period, Qt::ControlModifier);
        QTRY_VERIFY(question() != nullptr);
        // Nobody launched them, so there is nothing that could be sent a signal.
        QVERIFY(question()->text().startsWith(QLatin1String("Mark ")));
        QCOMPARE(window.findChildren<QMessageBox*>().size(), 1);
        question()->reject();
        QTRY_VERIFY(question() == nullptr);
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        table->setFocus();
        QTest::keyClick(table, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(table, Qt::Key_Period, Qt::ControlModifier);
        QTRY_VERIFY(question() != nullptr);
        QVERIFY(question()->text().startsWith(QLatin1String("Mark 2 run")));
        question()->accept();
        QTRY_COMPARE(window.session()->runningCount(), 0);
        for (const auto& run : window.session()->runs()->runs) {
            QVERIFY(run->status == model::RunStatus::Killed && run->endTimeMs == run->startTimeMs);
        }
        window.session()->undoStack()->undo();
        QTRY_COMPARE(window.session()->runningCount(), 2);
        for (const auto& run : window.session()->runs()->runs) {
            QVERIFY(!run->endTimeMs);
        }
        auto* menu = window.findChild<QMenu*>(QStringLiteral("menu.run"));
        Q_EMIT menu->aboutToShow();
        const auto actions = menu->actions();
        QCOMPARE(std::count_if(actions.begin(), actions.end(),
                               [](const QAction* action) {
                                   return action->text().startsWith(QLatin1String("Stop ")) &&
                                          action->text().contains(QLatin1String("run"));
                               }),
                 1);
    }

    void enterOpensARunInTheInspector() {
        test::ProjectWindow project({"one", "two"});
        auto& window = project.window;
        QTRY_COMPARE(window.session()->shown().size(), std::size_t{2});
        window.currentView()->setPanelShown(View::Panel::Inspector, false);
        auto* table = window.findChild<QTreeView*>(QStringLiteral("runTable"));
        auto* inspector = window.currentView()->findChild<Inspector*>();
        QTRY_COMPARE(window.session()->selection().size(), std::size_t{1});
        table->setFocus();
        QVERIFY(!inspector->isVisible());
        QTest::keyClick(table, Qt::Key_Return);
        QVERIFY(inspector->isVisible());
        QVERIFY(inspector->isAncestorOf(QApplication::focusWidget()));
        AppSettings::instance().setState(QStringLiteral("inspector"), {});
    }
};

QTEST_MAIN(ActionsTest)
#include "tst_actions.moc"
