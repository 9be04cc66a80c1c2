// SPDX-License-Identifier: GPL-3.0-or-later
#include <QPlainTextEdit>
#include <QTabBar>
#include <QToolButton>
#include <algorithm>

#include "runglass/ui/runs/inspector.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/label.h"
#include "sample_project.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;

class InspectorTest final : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { Theme::install(*qApp, ThemeChoice::Light); }

    void followsTheSelection() {
        test::SampleProject project;
        project.addTypicalRuns();
        ProjectSession session(project.path());
        Inspector inspector;
        inspector.resize(inspector.sizeHint().width(), 940);
        inspector.setSession(&session);
        session.start();
        inspector.show();
        QVERIFY(!inspector.run());
        QTRY_VERIFY(session.loaded());
        RunId best;
        for (const auto& run : session.runs()->runs) {
            if (run->name == "cnn-lr3e-3-cos-aug s3") {
                best = run->id;
            }
        }
        session.select({best});
        QCOMPARE(inspector.run(), std::optional(best));
        auto* note = inspector.findChild<QPlainTextEdit*>(QStringLiteral("runNote"));
        QTRY_COMPARE(note->toPlainText(), QStringLiteral("First run with **augmentation**."));
        if (const auto folder = qEnvironmentVariable("RUNGLASS_SCREENSHOTS"); !folder.isEmpty()) {
            QTest::qWait(400);
            inspector.grab().save(folder + QStringLiteral("/inspector-light.png"));
        }
        session.select({});
        QVERIFY(!inspector.run());
        inspector.setSession(nullptr);
    }

    void aFailedRunTellsItsExitCode() {
        test::SampleProject project;
        test::SampleProject::Spec spec{"broken"};
        spec.status = model::RunStatus::Failed;
        const auto failed = project.add(spec);
        const auto fine = project.add({"fine"});
        ProjectSession session(project.path());
        Inspector inspector;
        inspector.setSession(&session);
        session.start();
        inspector.show();
        QTRY_VERIFY(session.loaded());
        const auto saysExit = [&] {
            const auto labels = inspector.findChildren<Label*>();
            return std::ranges::any_of(labels, [](const Label* label) {
                return label->text().endsWith(QStringLiteral("  exit 1"));
            });
        };
        session.select({failed});
        QTRY_VERIFY(saysExit());
        session.select({fine});
        QTRY_VERIFY(!saysExit());
        inspector.setSession(nullptr);
    }

    void aNoteTypedBelongsToItsRun() {
        test::SampleProject project;
        const auto first = project.add({"first"});
        const auto second = project.add({"second"});
        ProjectSession session(project.path());
        Inspector inspector;
        inspector.setSession(&session);
        session.start();
        inspector.show();
        QTRY_VERIFY(session.loaded());
        session.select({first});
        auto* note = inspector.findChild<QPlainTextEdit*>(QStringLiteral("runNote"));
        QTRY_VERIFY(!note->toPlainText().isEmpty());
        note->setPlainText(QStringLiteral("changed"));
        session.select({second});  // without leaving the editor
        const auto noteOf = [&](const RunId& id) {
            QString text = QStringLiteral("?");
            session.requestDetail(id, &inspector, [&text](const Result<model::RunDetail>& detail) {
                text = detail ? QString::fromStdString(detail->note) : QString();
            });
            return QTest::qWaitFor([&] { return text != QStringLiteral("?"); }) ? text : QString();
        };
        QTRY_COMPARE(noteOf(first), QStringLiteral("changed"));
        QCOMPARE(noteOf(second), QStringLiteral("First run with **augmentation**."));
        inspector.setSession(nullptr);
    }
};

QTEST_MAIN(InspectorTest)
#include "tst_inspector.moc"
