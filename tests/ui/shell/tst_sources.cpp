// SPDX-License-Identifier: GPL-3.0-or-later
// Where runs are read from: the search as the window tells of it, further folders, and tables.
#include <QComboBox>
#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QTreeWidget>
#include <QUrl>

#include "runglass/sources/catalogue.h"
#include "runglass/sources/table_mapping.h"
#include "shell_support.h"
#include "sources_dialog.h"
#include "table_dialog.h"
#include "walk_watch.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

constexpr const char* kTable = "when,epoch,loss,lr,who\n1,10,0.5,0.1,me\n2,20,0.25,0.1,me\n";

std::vector<sources::PreviewColumn> columnsNamed(std::initializer_list<const char*> names) {
    std::vector<sources::PreviewColumn> columns;
    for (const char* name : names) {
        columns.push_back({name, {}, std::string(name) != "who"});
    }
    return columns;
}

struct OpenProject {
    test::TempFolder folder;
    MainWindow window;

    void open() {
        QVERIFY(window.openProject(folder.path()).ok());
        QTRY_VERIFY(window.session()->loaded());
    }
    [[nodiscard]] model::SharedRun onlyRun() const {
        const auto& runs = window.session()->runs()->runs;
        return runs.size() == 1 ? runs[0] : nullptr;
    }
    template <typename Widget>
    [[nodiscard]] Widget* part(const char* name) const {
        return window.findChild<Widget*>(QLatin1String(name));
    }
    /// The choice of how a column of the table in the dialog is read.
    [[nodiscard]] QComboBox* role(int row) const {
        auto* list = part<QTreeWidget>("tableColumns");
        return qobject_cast<QComboBox*>(list->itemWidget(list->topLevelItem(row), 1));
    }
    void drop(const std::filesystem::path& file) {
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(QString::fromStdString(file.string()))});
        QDragEnterEvent enter({500, 400}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&window, &enter);
        QDropEvent event(QPointF(500, 400), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&window, &event);
    }
};

}  // namespace

class SourcesTest : public test::ShellTestCase {
    Q_OBJECT
private Q_SLOTS:
    void rolesAndMappingsSayTheSame() {
        const auto columns = columnsNamed({"epoch", "loss", "acc", "who"});
        using Role = ColumnRole;
        sources::TableMapping mapping;
        mapping.step = "epoch";
        mapping.params = {"who"};
        const std::vector all{Role::Step, Role::Metric, Role::Metric, Role::Param};
        QCOMPARE(rolesOf(mapping, columns), all);
        setRoles(all, columns, &mapping);
        QVERIFY(mapping.metrics.empty());  // so that columns that come later are metrics, too
        const std::vector some{Role::Metric, Role::Metric, Role::Ignored, Role::Ignored};
        setRoles(some, columns, &mapping);
        QCOMPARE(mapping.metrics, (std::vector<std::string>{"epoch", "loss"}));
        QVERIFY(mapping.step.empty() && mapping.params.empty());
        QCOMPARE(rolesOf(mapping, columns), some);
        const std::vector several{Role::Step, Role::Metric, Role::Metric, Role::Run};
        setRoles(several, columns, &mapping);
        QCOMPARE(mapping.run, std::string("who"));
        QCOMPARE(rolesOf(mapping, columns), several);
    }

    void aDroppedTableBecomesARunAndIsChangedLater() {
        OpenProject project;
        const auto file = project.folder.write("out/scores.csv", kTable);
        project.open();
        test::showWindow(&project.window);
        project.drop(file);
        auto* dialog = project.part<TableDialog>("tableDialog");
        QVERIFY(dialog != nullptr);
        QTRY_VERIFY(dialog->isLoaded());
        QCOMPARE(project.part<QTreeWidget>("tableColumns")->topLevelItemCount(), 5);
        QCOMPARE(project.role(1)->currentIndex(), static_cast<int>(ColumnRole::Step));
        QCOMPARE(project.role(2)->currentIndex(), static_cast<int>(ColumnRole::Metric));
        QCOMPARE(project.role(4)->currentIndex(), static_cast<int>(ColumnRole::Param));
        // There is one step.
        project.role(0)->setCurrentIndex(static_cast<int>(ColumnRole::Step));
        QCOMPARE(project.role(1)->currentIndex(), static_cast<int>(ColumnRole::Metric));
        project.role(3)->setCurrentIndex(static_cast<int>(ColumnRole::Param));
        project.part<QLineEdit>("tableName")->setText(QStringLiteral("scores"));
        project.part<QPushButton>("tableSave")->click();
        QTRY_VERIFY(project.onlyRun() != nullptr);
        auto run = project.onlyRun();
        QCOMPARE(run->name, std::string("scores"));
        QCOMPARE(run->source.str(), std::string("table"));
        QCOMPARE(run->metrics.size(), std::size_t{2});  // epoch and loss
        QCOMPARE(run->metric(Symbol("loss"))->last, 0.25);
        QCOMPARE(run->metric(Symbol("loss"))->lastStep, std::int64_t{2});
        QCOMPARE(run->param(Symbol("lr")).value_or(""), std::string_view("0.1"));
        QTRY_VERIFY(project.part<TableDialog>("tableDialog") == nullptr);

        // Again: it is known, and can be changed.
        project.drop(file);
        dialog = project.part<TableDialog>("tableDialog");
        QTRY_VERIFY(dialog->isLoaded());
        QCOMPARE(project.part<QPushButton>("tableSave")->text(), QStringLiteral("Change"));
        QCOMPARE(project.role(0)->currentIndex(), static_cast<int>(ColumnRole::Step));
        project.role(1)->setCurrentIndex(static_cast<int>(ColumnRole::Ignored));
        project.role(2)->setCurrentIndex(static_cast<int>(ColumnRole::Ignored));
        QVERIFY(!project.part<QPushButton>("tableSave")->isEnabled());  // nothing to draw
        QVERIFY(project.part<QLabel>("tableProblem")->isVisible());
        project.role(2)->setCurrentIndex(static_cast<int>(ColumnRole::Metric));
        project.part<QPushButton>("tableSave")->click();
        QTRY_COMPARE(project.onlyRun()->metrics.size(), std::size_t{1});
        QCOMPARE(project.onlyRun()->id, run->id);
    }

    void aTableFromElsewhereIsReadWhereItLies() {
        OpenProject project;
        const test::TempFolder elsewhere;
        const auto outside = elsewhere.write("x.csv", kTable);
        project.open();
        test::showWindow(&project.window);
        project.drop(outside);
        auto* dialog = project.part<TableDialog>("tableDialog");
        QVERIFY(dialog != nullptr);
        QTRY_VERIFY(dialog->isLoaded());
        project.part<QPushButton>("tableSave")->click();
        QTRY_VERIFY(project.onlyRun() != nullptr);
        QCOMPARE(project.onlyRun()->metric(Symbol("loss"))->last, 0.25);
        QTRY_VERIFY(project.part<TableDialog>("tableDialog") == nullptr);
        project.drop(outside);  // again: to be changed
        dialog = project.part<TableDialog>("tableDialog");
        QTRY_VERIFY(dialog->isLoaded());
        QCOMPARE(project.part<QPushButton>("tableSave")->text(), QStringLiteral("Change"));
    }

    void whatIsNoTableIsSaid() {
        OpenProject project;
        const auto empty = project.folder.write("empty.csv", "");
        project.open();
        test::showWindow(&project.window);
        project.drop(empty);
        auto* problem = project.part<QLabel>("tableProblem");
        QTRY_VERIFY(problem->isVisible());
        QVERIFY2(problem->text().contains(QStringLiteral("empty.csv")), qPrintable(problem->text()));
        QVERIFY(!project.part<QPushButton>("tableSave")->isEnabled());
    }

    void furtherFoldersAreSearchedAndForgotten() {
        OpenProject project;
        const test::TempFolder elsewhere;
        elsewhere.write("logs/history.csv", "epoch,loss,val_loss\n0,0.5,0.6\n");
        project.open();
        test::showWindow(&project.window);
        project.part<QAction>("file.sources")->trigger();
        auto* dialog = project.part<SourcesDialog>("sourcesDialog");
        QVERIFY(dialog != nullptr);
        QCOMPARE(project.part<QLabel>("sourcesFound")->text(), QStringLiteral("No runs so far."));
        dialog->addFolder(QString::fromStdString(elsewhere.path().string()));
        auto* folders = project.part<QTreeWidget>("sourceFolders");
        QTRY_COMPARE(folders->topLevelItemCount(), 1);
        QTRY_VERIFY(project.onlyRun() != nullptr);
        QCOMPARE(project.part<QLabel>("sourcesFound")->text(), QStringLiteral("keras 1"));
        QCOMPARE(sources::furtherFolders(project.folder.path()), (std::vector{elsewhere.path()}));
        QVERIFY(!project.part<QPushButton>("removeFolder")->isEnabled());
        folders->setCurrentItem(folders->topLevelItem(0));
        project.part<QPushButton>("removeFolder")->click();
        QTRY_COMPARE(folders->topLevelItemCount(), 0);
        QTRY_COMPARE(project.window.session()->runs()->runs.size(), std::size_t{0});
    }

    void tablesAreListedAndRemoved() {
        OpenProject project;
        project.folder.write("scores.csv", kTable);
        sources::TableMapping mapping;
        mapping.path = "scores.csv";
        mapping.step = "epoch";
        mapping.metrics = {"loss"};
        VERIFY_OK(sources::saveTableMapping(project.folder.path(), mapping));
        project.open();
        QTRY_VERIFY(project.onlyRun() != nullptr);
        test::showWindow(&project.window);
        project.part<QAction>("file.sources")->trigger();
        auto* tables = project.part<QTreeWidget>("sourceTables");
        QTRY_COMPARE(tables->topLevelItemCount(), 1);
        QCOMPARE(tables->topLevelItem(0)->text(1), QStringLiteral("step: epoch; metrics: loss"));
        tables->setCurrentItem(tables->topLevelItem(0));
        project.part<QPushButton>("removeTable")->click();
        QTRY_COMPARE(project.window.session()->runs()->runs.size(), std::size_t{0});
        QVERIFY(sources::readTableMappings(project.folder.path())->empty());
    }

    void aLongSearchIsShownAndACancelledOneIsSaid() {
        OpenProject project;
        for (int i = 0; i < 200; ++i) {
            project.folder.write("logs/" + std::to_string(i) + "/history.csv", "epoch,loss\n0,0.5\n");
        }
        QVERIFY(project.window.openProject(project.folder.path()).ok());
        auto* watch = project.window.findChild<WalkWatch*>();
        QVERIFY(watch->parent() == &project.window);
        watch->cancel();
        QTRY_VERIFY(watch->cancelled());
        test::showWindow(&project.window);
        project.part<QAction>("view.refresh")->trigger();
        QVERIFY(!watch->cancelled());
        QTRY_VERIFY(!project.window.session()->walk().running);
        QTRY_COMPARE(project.window.session()->runs()->runs.size(), std::size_t{200});
        QVERIFY(!watch->cancelled());
    }
};

QTEST_MAIN(SourcesTest)
#include "tst_sources.moc"
