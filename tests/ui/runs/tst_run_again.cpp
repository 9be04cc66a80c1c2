// SPDX-License-Identifier: GPL-3.0-or-later
// "Run again" of a run whose command others have written: nothing starts before the person has seen it.
#include <QAction>
#include <QPlainTextEdit>
#include <QTreeView>
#include <filesystem>
#include <fstream>

#include "runglass/launch/launcher.h"
#include "runglass/ui/runs/run_table_pane.h"
#include "runglass/ui/session/project_session.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/command_question.h"
#include "sample_project.h"
#include "support/own_settings.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;

class RunAgainTest final : public test::TestCase {
    Q_OBJECT

    const test::OwnSettings m_settings;

private Q_SLOTS:
    void initTestCase() {
        qputenv("RUNGLASS_BIN", QByteArray::fromStdString(test::runglassProgram().string()));
        Theme::install(*qApp, ThemeChoice::Light);
    }

    void aCommandFromElsewhereIsLookedAtFirst() {
        const test::SampleProject project;
        const auto made = project.path() / "made";
        // A person who reads one line only would see `train`.
        const std::string command = "train || true" + std::string(300, ' ') + "; touch made # \u202e";
        std::ofstream(project.path() / "dvc.yaml")
            << "stages:\n  a:\n    cmd: '" << command << "'\n    metrics: [m.json]\n";
        std::ofstream(project.path() / "m.json") << "{\"acc\": 1}";
        ProjectSession session(project.path());
        RunTablePane pane;
        pane.resize(760, 400);
        pane.setSession(&session);
        session.start();
        pane.show();
        QTRY_COMPARE(session.runs()->runs.size(), std::size_t{1});
        const auto theirs = session.runs()->runs[0]->id;
        session.select({theirs});
        const auto actions = pane.findChild<QTreeView*>(QStringLiteral("runTable"))->actions();
        auto* again = *std::ranges::find(actions, QStringLiteral("runs.again"), &QAction::objectName);
        const auto question = [&] { return pane.findChild<CommandQuestion*>(); };
        again->trigger();
        QTRY_VERIFY(question());
        QVERIFY(question()->isVisible());
        const auto shown = question()->findChild<QPlainTextEdit*>()->toPlainText();
        QVERIFY2(shown.startsWith(QStringLiteral("sh -c 'train || true  ")), qPrintable(shown));
        QVERIFY2(shown.endsWith(QStringLiteral("; touch made # \uFFFD'")), qPrintable(shown));
        if (const auto folder = qEnvironmentVariable("RUNGLASS_SCREENSHOTS"); !folder.isEmpty()) {
            question()->grab().save(folder + QStringLiteral("/run-again.png"));
        }
        QTest::keyClick(question(), Qt::Key_Return);  // by habit
        QTRY_VERIFY(!question());
        QCOMPARE(session.runs()->runs.size(), std::size_t{1});
        QVERIFY(!std::filesystem::exists(made));

        again->trigger();
        QTRY_VERIFY(question());
        question()->accept();
        QTRY_VERIFY(std::filesystem::exists(made));
        QTRY_COMPARE(session.runs()->runs.size(), std::size_t{2});
        QTRY_COMPARE(session.runningCount(), 0);
        pane.setSession(nullptr);
    }
};

QTEST_MAIN(RunAgainTest)
#include "tst_run_again.moc"
