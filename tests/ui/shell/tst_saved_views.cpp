// SPDX-License-Identifier: GPL-3.0-or-later
// One saved view holds the run table and the charts, in a file of the project.
#include <QFile>
#include <QInputDialog>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMenu>
#include <QTimer>
#include <fstream>

#include "runglass/ui/curves/curves_pane.h"
#include "runglass/ui/runs/filter_field.h"
#include "runglass/ui/runs/run_table_model.h"
#include "runglass/ui/runs/run_table_pane.h"
#include "runglass/ui/session/saved_views.h"
#include "shell_support.h"
#include "views_button.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

struct Page {
    MainWindow window;

    Page(const std::filesystem::path& project, const char* place) {
        QVERIFY(window.openProject(project).ok());
        window.goTo(QLatin1String(place));
    }
    [[nodiscard]] RunTablePane* table() const { return window.findChild<RunTablePane*>(); }
    [[nodiscard]] CurvesPane* curves() const { return window.findChild<CurvesPane*>(); }
    [[nodiscard]] ViewsButton* views() const { return window.findChild<ViewsButton*>(); }
    [[nodiscard]] QAction* action(const char* name) const {
        return window.findChild<QAction*>(QLatin1String(name));
    }
    [[nodiscard]] bool isReady() const {
        return table() != nullptr && table()->isArranged() && window.session()->loaded();
    }
};

/// By another road than that of the program.
QString inFile(const std::filesystem::path& file, const char* expression) {
    const auto read = test::runProcess(
        {"python3", "-c",
         std::string("import json, sys; v = json.load(open(sys.argv[1])); print(") + expression + ")",
         file.native()});
    return QString::fromStdString(read.out + read.err).trimmed();
}

}  // namespace

class SavedViewsTest : public test::ShellTestCase {
    Q_OBJECT
private Q_SLOTS:
    void aViewHoldsTableAndCharts() {
        const test::TempFolder folder;
        test::makeRuns(folder.path(), {"one", "two", "three"});
        const auto name = QStringLiteral("The & best");
        {
            Page page(folder.path(), "curves");
            test::showWindow(&page.window);
            QTRY_VERIFY(page.isReady() && page.curves() != nullptr);
            QCOMPARE(page.views()->text(), QStringLiteral("Views"));
            page.table()->setGroupBy(std::nullopt);
            page.table()->setFilter(QStringLiteral("run.name != 'two'"));
            auto settings = page.curves()->settings();
            settings.smoothing = 0.75;
            page.curves()->setSettings(settings);
            // Ctrl+S asks for the name the first time.
            QTimer::singleShot(0, &page.window, [name] {
                auto* dialog = qobject_cast<QInputDialog*>(QApplication::activeModalWidget());
                QVERIFY(dialog != nullptr);
                dialog->setTextValue(name);
                dialog->accept();
            });
            QCOMPARE(page.action("view.save")->shortcut(), QKeySequence(QKeySequence::Save));
            page.action("view.save")->trigger();
            QTRY_COMPARE(page.views()->text(), QStringLiteral("The && best"));
            QTRY_COMPARE(page.views()->names(), QStringList{name});
            page.table()->setSort(RunColumn{RunColumn::Kind::Name, {}, {}}, true);
            QCOMPARE(page.views()->text(), QStringLiteral("The && best, changed"));
        }
        const auto file = saved_views::file(folder.path(), name);
        QCOMPARE(inFile(file, "v['version'], v['runs']['filter'], v['curves']['smoothing']['amount']"),
                 QStringLiteral("1 run.name != 'two' 0.75"));

        // Somewhere else in the meantime; then back, from a page without charts.
        Page page(folder.path(), "runs");
        test::showWindow(&page.window);
        QTRY_VERIFY(page.isReady());
        QTRY_COMPARE(page.views()->names(), QStringList{name});
        page.table()->setFilter({});
        page.table()->setGroupBy(RunColumn{RunColumn::Kind::Experiment, {}, {}});
        QMenu menu;
        page.views()->fillMenu(&menu);
        QCOMPARE(menu.actions().front()->text(), QStringLiteral("The && best"));
        menu.actions().front()->trigger();
        QTRY_COMPARE(page.views()->text(), QStringLiteral("The && best"));
        QCOMPARE(page.table()->filterField()->text(), QStringLiteral("run.name != 'two'"));
        auto* model = page.window.findChild<RunTableModel*>();
        QTRY_COMPARE(model->rowCount(), 2);
        QVERIFY(!model->arrangement().grouped);
        QVERIFY(page.curves() == nullptr);
        page.action("view.save")->trigger();  // the charts are not forgotten for not being there
        QTRY_COMPARE(inFile(file, "v['curves']['smoothing']['amount']"), QStringLiteral("0.75"));
        page.window.goTo(QStringLiteral("curves"));
        QTRY_VERIFY(page.curves() != nullptr);
        QCOMPARE(page.curves()->settings().smoothing, 0.75);

        QMenu now;
        page.views()->fillMenu(&now);
        now.actions().back()->trigger();
        QTRY_VERIFY(page.views()->names().isEmpty());
        QVERIFY(!std::filesystem::exists(file));
        QCOMPARE(page.views()->text(), QStringLiteral("Views"));
    }

    // A colleague's view, by git pull while the window is open.
    void aFileThatArrivesIsInTheMenu() {
        const test::TempFolder folder;
        test::makeRuns(folder.path(), {"one"});
        Page page(folder.path(), "runs");
        test::showWindow(&page.window);
        QTRY_VERIFY(page.isReady());
        const auto name = QStringLiteral("from a colleague");
        VERIFY_OK(saved_views::write(folder.path(), name, {}));
        QVERIFY(page.views()->names().isEmpty());
        QStringList listed;
        QTimer::singleShot(0, &page.window, [&] {
            auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
            QVERIFY(menu != nullptr);
            [[maybe_unused]] const bool found =
                QTest::qWaitFor([&] { return menu->actions().front()->text() == name; });
            for (const auto* action : menu->actions()) {
                listed << action->text();
            }
            menu->close();
        });
        page.views()->click();
        QCOMPARE(listed.front(), name);
        QCOMPARE(listed.count(QStringLiteral("Save view")), 1);
        QVERIFY(!listed.contains(QStringLiteral("No view is saved yet")));
    }

    void aDamagedViewIsSaidAndLeftAlone() {
        const test::TempFolder folder;
        test::makeRuns(folder.path(), {"one"});
        const auto file = folder.write(".runglass/views/broken.json", "{\"version\": 1, ");
        Page page(folder.path(), "runs");
        test::showWindow(&page.window);
        QTRY_VERIFY(page.isReady());
        QTRY_COMPARE(page.views()->names(), QStringList{QStringLiteral("broken")});
        page.table()->setFilter(QStringLiteral("status = 'finished'"));
        page.views()->choose(QStringLiteral("broken"));
        QTRY_COMPARE(page.window.session()->problems().size(), std::size_t{1});
        const auto& problem = page.window.session()->problems().front();
        QVERIFY2(problem.message.contains(QStringLiteral("broken.json")), qPrintable(problem.message));
        QCOMPARE(page.table()->filterField()->text(), QStringLiteral("status = 'finished'"));
        page.views()->saveAs(QStringLiteral("broken"));
        QTRY_COMPARE(page.window.session()->problems().size(), std::size_t{2});
        QCOMPARE(page.views()->text(), QStringLiteral("Views"));
        std::ifstream in(file);
        QCOMPARE(std::string(std::istreambuf_iterator<char>(in), {}), std::string("{\"version\": 1, "));
    }

    void oddValuesAreLeftOut() {
        const test::TempFolder folder;
        test::makeRuns(folder.path(), {"one"});
        folder.write(".runglass/views/odd.json",
                     R"({"version": 1, "runs": {"columns": ["name", "nonsense"], "decimals": {"x": 99},)"
                     R"( "filter": 7}, "curves": 5, "more": {"kept": true}})");
        Page page(folder.path(), "runs");
        test::showWindow(&page.window);
        QTRY_VERIFY(page.isReady());
        page.views()->choose(QStringLiteral("odd"));
        QTRY_COMPARE(page.views()->text(), QStringLiteral("odd"));
        QTRY_COMPARE(page.table()->columns().size(), std::size_t{1});
        QVERIFY(page.table()->filterField()->text().isEmpty());
        page.views()->saveAs(QStringLiteral("odd"));
        QTRY_COMPARE(inFile(saved_views::file(folder.path(), QStringLiteral("odd")),
                            "v['runs']['columns'], v['more']"),
                     QStringLiteral("['name'] {'kept': True}"));
    }
};

QTEST_MAIN(SavedViewsTest)
#include "tst_saved_views.moc"
