// SPDX-License-Identifier: GPL-3.0-or-later
#include <QClipboard>
#include <QLabel>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>

#include "runglass/ui/runs/filter_field.h"
#include "runglass/ui/runs/run_table_model.h"
#include "runglass/ui/runs/run_table_pane.h"
#include "runglass/ui/session/project_session.h"
#include "runglass/ui/theme/theme.h"
#include "sample_project.h"
#include "support/test.h"

#include <QTreeView>

using namespace runglass;
using namespace runglass::ui;

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

private Q_SLOTS:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("RunglassTest"));
        QCoreApplication::setApplicationName(QStringLiteral("tst_run_table_pane"));
        QSettings().clear();
        Theme::install(*qApp, ThemeChoice::Light);
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
};

QTEST_MAIN(RunTablePaneTest)
#include "tst_run_table_pane.moc"
