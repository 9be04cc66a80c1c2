// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QDialog>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QMenuBar>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolButton>
#include <filesystem>

#include "command_palette.h"
#include "header_bar.h"
#include "help_dialog.h"
#include "navigation_rail.h"
#include "palette_model.h"
#include "place.h"
#include "runglass/ui/curves/curves_pane.h"
#include "runglass/ui/runs/inspector.h"
#include "runglass/ui/runs/run_table_pane.h"
#include "runglass/ui/session/app_settings.h"
#include "runglass/ui/shell/main_window.h"
#include "runglass/ui/widgets/segmented_control.h"
#include "shell_support.h"
#include "start_page.h"
#include "status_bar.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

QAction* actionOf(const QWidget& window, const char* name) {
    const auto actions = window.actions();
    const auto found = std::find_if(actions.begin(), actions.end(), [&](const QAction* action) {
        return action->objectName() == QLatin1String(name);
    });
    return found == actions.end() ? nullptr : *found;
}

}  // namespace

class WindowTest : public test::ShellTestCase {
    Q_OBJECT
private Q_SLOTS:
    void startsWithoutAProject() {
        MainWindow window;
        test::showWindow(&window);
        QVERIFY(window.session() == nullptr);
        QVERIFY(window.findChild<StartPage*>()->isVisible());
        for (const Place& place : places()) {
            const auto* button =
                window.findChild<RailButton*>(QStringLiteral("rail.") + QLatin1String(place.name));
            QVERIFY(button != nullptr && !button->isEnabled());
        }
        QVERIFY(!window.goTo(QStringLiteral("runs")));
    }

    void opensAProjectAndShowsItsRuns() {
        test::ProjectWindow project({"one", "two"});
        auto& window = project.window;
        const auto& folder = project.folder;
        QTRY_VERIFY(window.session()->loaded());
        QCOMPARE(window.currentPlace(), QStringLiteral("runs"));
        QVERIFY(window.currentView() != nullptr);
        QTRY_VERIFY(window.currentView()->statusText().startsWith(QStringLiteral("2 runs")));
        QVERIFY(AppSettings::instance().recentProjects().first().endsWith(
            QString::fromStdString(folder.path().filename().string())));
        QVERIFY(window.windowTitle().endsWith(QStringLiteral("Runglass")));
    }

    void aSubfolderOpensTheProjectItBelongsTo() {
        const test::TempFolder folder;
        test::makeRuns(folder.path(), {"one"});
        std::filesystem::create_directories(folder / "src/deep");
        MainWindow window;
        QVERIFY(window.openProject(folder / "src/deep").ok());
        QCOMPARE(std::filesystem::canonical(window.session()->project()),
                 std::filesystem::canonical(folder.path()));
    }

    void badFoldersAreRefusedAndNothingChanges() {
        const test::TempFolder folder;
        const auto file = folder.write("file.txt", "x");
        MainWindow window;
        const auto missing = window.openProject(folder / "missing");
        QVERIFY(!missing.ok());
        QVERIFY(missing.error().message.find("missing does not exist") != std::string::npos);
        const auto notFolder = window.openProject(file);
        QVERIFY(!notFolder.ok());
        QVERIFY(notFolder.error().message.find("file.txt is not a folder") != std::string::npos);
        QVERIFY(window.session() == nullptr);
    }

    void placesAreReachedByMouseAndKeys() {
        test::ProjectWindow project({"one"});
        auto& window = project.window;
        const auto& all = places();
        QVERIFY(all.size() >= 2);
        for (std::size_t i = 0; i < all.size(); ++i) {
            QTest::keyClick(&window, static_cast<Qt::Key>(Qt::Key_1 + static_cast<int>(i)),
                            Qt::ControlModifier);
            QCOMPARE(window.currentPlace(), QLatin1String(all[i].name));
            auto* button =
                window.findChild<RailButton*>(QStringLiteral("rail.") + QLatin1String(all[i].name));
            QVERIFY(button->isChecked());
        }
        auto* first = window.findChild<RailButton*>(QStringLiteral("rail.") + QLatin1String(all[0].name));
        QTest::mouseClick(first, Qt::LeftButton);
        QCOMPARE(window.currentPlace(), QLatin1String(all[0].name));
        QTest::keyClick(&window, Qt::Key_Left, Qt::AltModifier);
        QCOMPARE(window.currentPlace(), QLatin1String(all.back().name));
        QTest::keyClick(&window, Qt::Key_Right, Qt::AltModifier);
        QCOMPARE(window.currentPlace(), QLatin1String(all[0].name));
    }

    void paletteRunsCommandsByTyping() {
        test::ProjectWindow project({"cnn-cos", "mlp"});
        auto& window = project.window;
        QTRY_VERIFY(window.session()->loaded());
        QTest::keyClick(&window, Qt::Key_K, Qt::ControlModifier);
        auto* palette = window.findChild<CommandPalette*>();
        QVERIFY(palette != nullptr && palette->isVisible());
        auto* input = palette->findChild<QLineEdit*>();
        QVERIFY(input->hasFocus());
        QTest::keyClicks(input, QStringLiteral("theme dark"));
        QTest::keyClick(input, Qt::Key_Return);
        QVERIFY(!palette->isVisible());
        QVERIFY(Theme::current().isDark());
        QCOMPARE(AppSettings::instance().theme(), QStringLiteral("dark"));
        AppSettings::instance().setTheme(QStringLiteral("light"));
        QVERIFY(!Theme::current().isDark());
    }

    void paletteFindsRuns() {
        test::ProjectWindow project({"cnn-cos", "mlp"});
        auto& window = project.window;
        QTRY_VERIFY(window.session()->loaded());
        QTest::keyClick(&window, Qt::Key_K, Qt::ControlModifier);
        auto* palette = window.findChild<CommandPalette*>();
        auto* input = palette->findChild<QLineEdit*>();
        QTest::keyClicks(input, QStringLiteral("#cnn"));
        auto* model = palette->findChild<PaletteModel*>();
        QTRY_COMPARE(model->itemCount(), 1);
        QTest::keyClick(input, Qt::Key_Return);
        QCOMPARE(window.session()->selection().size(), 1U);
        QCOMPARE(window.session()->run(window.session()->selection().front())->name, std::string("cnn-cos"));
    }

    void paletteClosesWithEscapeAndAClickBeside() {
        MainWindow window;
        test::showWindow(&window);
        auto* field = window.findChild<QWidget*>(QStringLiteral("commandField"));
        QTest::mouseClick(field, Qt::LeftButton);
        auto* palette = window.findChild<CommandPalette*>();
        QVERIFY(palette->isVisible());
        QTest::keyClick(palette->findChild<QLineEdit*>(), Qt::Key_Escape);
        QVERIFY(!palette->isVisible());
        QTest::mouseClick(field, Qt::LeftButton);
        QTest::mouseClick(palette, Qt::LeftButton, {}, QPoint(5, 5));
        QVERIFY(!palette->isVisible());
    }

    void curvesAreTheSamePageInOtherLayouts() {
        test::ProjectWindow project({"one"});
        auto& window = project.window;
        QTRY_VERIFY(window.currentView() != nullptr);
        View* page = window.currentView();
        auto* table = page->findChild<RunTablePane*>();
        QVERIFY(table->isVisible() && page->findChild<CurvesPane*>() == nullptr);
        QVERIFY(window.goTo(QStringLiteral("curves")));
        QCOMPARE(window.currentView(), page);
        auto* curves = page->findChild<CurvesPane*>();
        QVERIFY(curves->isVisible() && table->isVisible());
        auto* layouts = page->findChild<SegmentedControl*>();
        QCOMPARE(layouts->currentIndex(), 1);
        QTest::mouseClick(layouts, Qt::LeftButton, {}, QPoint(layouts->width() - 8, 12));
        QVERIFY(curves->isVisible() && !table->isVisible());
        QTest::mouseClick(layouts, Qt::LeftButton, {}, QPoint(8, 12));
        QCOMPARE(window.currentPlace(), QStringLiteral("runs"));
        QVERIFY(!curves->isVisible() && table->isVisible());
        QVERIFY(window.goTo(QStringLiteral("curves")));
        QCOMPARE(layouts->currentIndex(), 2);  // as it was left
        QTest::mouseClick(layouts, Qt::LeftButton, {}, QPoint(layouts->width() / 2, 12));
    }

    void theInspectorGivesWayOnNarrowWindows() {
        const test::TempFolder folder;
        test::makeRuns(folder.path(), {"one"});
        AppSettings::instance().setState(QStringLiteral("inspector"), {});
        MainWindow window;
        test::showWindow(&window);
        QVERIFY(window.openProject(folder.path()).ok());
        QTRY_VERIFY(window.currentView() != nullptr);
        auto* inspector = window.currentView()->findChild<Inspector*>();
        QVERIFY(inspector->isVisible());
        window.resize(1280, 720);
        QTRY_VERIFY(!inspector->isVisible());
        QTest::keyClick(&window, Qt::Key_I, Qt::ControlModifier | Qt::AltModifier);
        QVERIFY(inspector->isVisible());  // a person's wish counts more than the width
        window.resize(1100, 720);
        QCoreApplication::processEvents();
        QVERIFY(inspector->isVisible());
        AppSettings::instance().setState(QStringLiteral("inspector"), {});
    }

    void characterKeysCanBeSwitchedOff() {
        test::ProjectWindow project({"one"});
        auto& window = project.window;
        QTRY_VERIFY(window.currentView() != nullptr);
        const auto letters = [&] {
            QStringList names;
            for (const QAction* action : window.currentView()->viewActions()) {
                const QString keys = action->shortcut().toString();
                if (keys.size() == 1) {
                    names.push_back(keys);
                }
            }
            return names;
        };
        const QStringList before = letters();
        QVERIFY(before.contains(QStringLiteral("T")));
        AppSettings::instance().setSingleLetterShortcuts(false);
        QVERIFY2(letters().isEmpty(), qPrintable(letters().join(QLatin1Char(' '))));
        QVERIFY(window.goTo(QStringLiteral("curves")));
        QVERIFY2(letters().isEmpty(), qPrintable(letters().join(QLatin1Char(' '))));
        AppSettings::instance().setSingleLetterShortcuts(true);
        QVERIFY(window.goTo(QStringLiteral("runs")));
        QCOMPARE(letters(), before);
    }

    void aDroppedFolderOpens() {
        const test::TempFolder folder;
        test::makeRuns(folder.path(), {"one"});
        MainWindow window;
        test::showWindow(&window);
        const auto dropOn = [&window](const QString& path) {
            QMimeData data;
            data.setUrls({QUrl::fromLocalFile(path)});
            QDragEnterEvent enter(QPoint(500, 400), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
            QApplication::sendEvent(&window, &enter);
            QVERIFY(enter.isAccepted());
            QDropEvent drop(QPointF(500, 400), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
            QApplication::sendEvent(&window, &drop);
        };
        dropOn(QString::fromStdString(folder.path().string()));
        QVERIFY(window.session() != nullptr);
        // What is no folder is said, and the project stays.
        dropOn(QStringLiteral("/nonexistent/x"));
        QVERIFY(window.session() != nullptr);
        QCOMPARE(window.findChildren<QWidget*>(QStringLiteral("toast")).size(), 1);
    }

    void whatCannotBeReadIsNamedUntilItCan() {
        const test::TempFolder folder;
        test::makeRuns(folder.path(), {"one"});
        const auto broken = std::string("SQLite format 3\0", 16) + std::string(4096, '\xa5');
        folder.write("a.db", broken);
        folder.write("b.db", broken);
        MainWindow window;
        test::showWindow(&window);
        QVERIFY(window.openProject(folder.path()).ok());
        const auto toasts = [&] { return window.findChildren<QWidget*>(QStringLiteral("toast")); };
        QTRY_COMPARE(toasts().size(), 1);
        const auto said = toasts().front()->accessibleName();
        QVERIFY2(said.contains(QLatin1String("\na.db")) && said.contains(QLatin1String("\nb.db")),
                 qPrintable(said));
        std::filesystem::remove(folder / "a.db");
        QTRY_VERIFY(toasts().size() == 1 &&
                    !toasts().front()->accessibleName().contains(QLatin1String("a.db")));
        std::filesystem::remove(folder / "b.db");
        QTRY_COMPARE(toasts().size(), 0);
    }

    void everyPageHasItsHelp() {
        test::ProjectWindow project({"one"});
        auto& window = project.window;
        QTRY_VERIFY(window.currentView() != nullptr);
        for (const Place& place : places()) {
            QVERIFY(window.goTo(QLatin1String(place.name)));
            actionOf(window, "help.view")->trigger();
            auto* help = window.findChild<HelpDialog*>();
            QVERIFY(help != nullptr && help->isVisible());
            QCOMPARE(help->currentPage(), QLatin1String(place.name));
            help->close();
        }
        QCOMPARE(actionOf(window, "help.view")->shortcut(), QKeySequence(Qt::Key_F1));
    }

    void togglesOfPanelsThatAPageLacksSaySo() {
        test::ProjectWindow project({"one"});
        auto& window = project.window;
        QTRY_VERIFY(window.currentView() != nullptr);
        const auto* toggle = window.findChild<HeaderBar*>()->inspectorToggle();
        QVERIFY(toggle->isEnabled());
        QCOMPARE(toggle->toolTip(), QStringLiteral("Inspector"));
        QVERIFY(window.goTo(QStringLiteral("compare")));
        QVERIFY(!toggle->isEnabled());
        QVERIFY(toggle->toolTip().contains(QStringLiteral("has none")));
    }

    void closingAProjectReturnsToTheStartPage() {
        test::ProjectWindow project({"one"});
        auto& window = project.window;
        const auto& folder = project.folder;
        QTRY_VERIFY(window.session()->loaded());
        actionOf(window, "file.close")->trigger();
        QVERIFY(window.session() == nullptr);
        QVERIFY(window.findChild<StartPage*>()->isVisible());
        QVERIFY(window.openProject(folder.path()).ok());
        QTRY_VERIFY(window.session()->loaded());
        QTRY_VERIFY(window.currentView()->statusText().startsWith(QStringLiteral("1 run")));
    }

    void oneProjectFollowsAnother() {
        const test::TempFolder a;
        const test::TempFolder b;
        test::makeRuns(a.path(), {"one"});
        test::makeRuns(b.path(), {"one", "two", "three"});
        MainWindow window;
        test::showWindow(&window);
        for (int i = 0; i < 3; ++i) {
            QVERIFY(window.openProject(a.path()).ok());
            QVERIFY(window.openProject(b.path()).ok());
        }
        QTRY_VERIFY(window.session()->loaded());
        QTRY_VERIFY(window.currentView()->statusText().startsWith(QStringLiteral("3 runs")));
    }

    void theHeaderFitsFromTheSmallestWindowOn() {
        const test::TempFolder folder;
        test::makeRuns(folder.path(), {"one"});
        test::git(folder.path(), {"init", "-q"});
        MainWindow window;
        test::showWindow(&window);
        QVERIFY(window.openProject(folder.path()).ok());
        QTRY_VERIFY(window.session()->git().isRepository);
        auto* header = window.findChild<HeaderBar*>();
        auto* field = window.findChild<QWidget*>(QStringLiteral("commandField"));
        for (const int width : {1024, 1280, 1600, 2400}) {
            window.resize(width, 700);
            QCoreApplication::processEvents();
            int right = 0;
            for (const QObject* child : header->children()) {
                const auto* widget = qobject_cast<const QWidget*>(child);
                if (widget == nullptr || widget == field || widget->isHidden()) {
                    continue;
                }
                QVERIFY2(!widget->geometry().intersects(field->geometry()),
                         qPrintable(QString::number(width)));
                right = qMax(right, widget->geometry().right());
            }
            QVERIFY(right < width);
            QVERIFY(field->isVisible() && field->width() >= 60);
        }
        QCOMPARE(field->width(), 320);
        QCOMPARE(field->geometry().center().x(), header->rect().center().x());
    }

    void geometryIsRemembered() {
        {
            MainWindow window;
            window.resize(1234, 777);
            window.show();
            window.close();
        }
        MainWindow again;
        QCOMPARE(again.size(), QSize(1234, 777));
        AppSettings::instance().setState(QStringLiteral("window"), {});
    }
};

QTEST_MAIN(WindowTest)
#include "tst_window.moc"
