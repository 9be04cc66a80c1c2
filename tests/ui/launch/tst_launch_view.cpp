// SPDX-License-Identifier: GPL-3.0-or-later
// The view over real projects: runs are really started, with the built supervisor.
#include <unistd.h>

#include <QAccessible>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTreeView>
#include <fstream>

#include "runglass/base/clock.h"
#include "runglass/launch/launcher.h"
#include "runglass/store/run_writer.h"
#include "runglass/ui/launch/console_pane.h"
#include "runglass/ui/launch/console_view.h"
#include "runglass/ui/launch/launch_view.h"
#include "runglass/ui/session/project_session.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/banner.h"
#include "runglass/ui/widgets/command_question.h"
#include "runglass/ui/widgets/label.h"
#include "support/test.h"
#include "support/unprivileged.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

const char* const kScript =
    "import argparse, sys, time\n"
    "p = argparse.ArgumentParser()\n"
    "p.add_argument('--lr', type=float, default=1e-3)\n"
    "p.add_argument('--epochs', type=int, default=3)\n"
    "p.add_argument('--opt', choices=['adam', 'sgd'], default='adam')\n"
    "p.add_argument('--amp', action='store_true')\n"
    "p.add_argument('--sleep', type=float, default=0)\n"
    "a = p.parse_args()\n"
    "for e in range(a.epochs):\n"
    "    print(f'epoch {e} \\x1b[32mloss={a.lr * e}\\x1b[0m', flush=True)\n"
    "    time.sleep(a.sleep)\n";

}  // namespace

class LaunchViewTest final : public test::TestCase {
    Q_OBJECT

    struct Window {
        test::TempFolder folder;
        std::unique_ptr<ProjectSession> session;
        LaunchView view;

        explicit Window(bool withGit = true) {
            folder.write("train.py", kScript);
            if (withGit) {
                test::git(folder.path(), {"init", "-q"});
                test::git(folder.path(), {"add", "."});
                test::git(folder.path(), {"commit", "-q", "-m", "first"});
            }
        }
        void open() {
            session = std::make_unique<ProjectSession>(folder.path());
            view.resize(1300, 900);
            view.setSession(session.get());
            session->start();
            view.show();
        }
        ~Window() {
            if (session) {
                for (const auto& run : session->runs()->runs) {
                    if (!model::isTerminal(run->status)) {
                        static_cast<void>(launch::requestStop(folder.path(), run->id).ok());
                        static_cast<void>(launch::waitForEnd(folder.path(), run->id).ok());
                    }
                }
            }
            view.setSession(nullptr);
        }
        template <typename T>
        T* child(const char* name) {
            return view.findChild<T*>(QString::fromUtf8(name));
        }
        QPlainTextEdit* command() { return child<QPlainTextEdit>("command"); }
        QString allOutput() {
            auto* console = view.findChild<ConsoleView*>();
            console->selectAll();
            return console->selectedText();
        }
        model::SharedRun onlyRun() {
            return session->runs()->runs.size() == 1 ? session->runs()->runs[0] : nullptr;
        }
    };

    test::TempFolder m_settings;

    /// A run that a script logged which was started elsewhere.
    static void addServed(const Window& window, model::RunStatus status, std::int64_t tookMs) {
        auto database = *store::Database::open(window.folder.path(), store::OpenMode::ReadWrite);
        model::RunDetail detail;
        detail.record.id = RunId::generate();
        detail.record.name = "served";
        detail.record.source = Symbol("runglass");
        detail.record.status = status;
        const auto now = nowMs();
        detail.record.startTimeMs = now - tookMs;
        if (model::isTerminal(status)) {
            detail.record.endTimeMs = now;
        }
        VERIFY_OK(store::RunWriter(database).createRun(detail));
    }

private Q_SLOTS:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope,
                           QString::fromStdString(m_settings.path().string()));
        qputenv("RUNGLASS_BIN", QByteArray::fromStdString(test::runglassProgram().string()));
        Theme::install(*qApp, ThemeChoice::Light);
    }

    void proposesTheScriptAndShowsItsFlags() {
        Window window;
        window.open();
        QTRY_COMPARE(window.command()->toPlainText(), QStringLiteral("python3 train.py"));
        QTRY_VERIFY(window.child<QLineEdit>("--lr"));
        QCOMPARE(window.child<QLineEdit>("--lr")->placeholderText(), QStringLiteral("1e-3"));
        QCOMPARE(window.child<QComboBox>("--opt")->currentText(), QStringLiteral("adam"));
        QVERIFY(!window.child<QCheckBox>("--amp")->isChecked());
    }

    void formAndCommandFollowEachOther() {
        Window window;
        window.open();
        QTRY_VERIFY(window.child<QLineEdit>("--lr"));
        auto* lr = window.child<QLineEdit>("--lr");
        lr->setFocus();
        QTest::keyClicks(lr, QStringLiteral("3e-3"));
        QCOMPARE(window.command()->toPlainText(), QStringLiteral("python3 train.py --lr 3e-3"));
        QTest::mouseClick(window.child<QCheckBox>("--amp"), Qt::LeftButton, {}, QPoint(6, 8));
        QCOMPARE(window.command()->toPlainText(), QStringLiteral("python3 train.py --lr 3e-3 --amp"));
        window.command()->setPlainText(QStringLiteral("python3 train.py --opt sgd --epochs=7"));
        QCOMPARE(window.child<QComboBox>("--opt")->currentText(), QStringLiteral("sgd"));
        QCOMPARE(window.child<QLineEdit>("--epochs")->text(), QStringLiteral("7"));
        QVERIFY(lr->text().isEmpty());
        QVERIFY(!window.child<QCheckBox>("--amp")->isChecked());
        QTest::mouseClick(window.child<QPushButton>("onlySet"), Qt::LeftButton);
        QTRY_VERIFY(!lr->isVisible());
        QVERIFY(window.child<QLineEdit>("--epochs")->isVisible());
    }

    void launchesAndShowsTheConsole() {
        Window window;
        window.open();
        QTRY_COMPARE(window.command()->toPlainText(), QStringLiteral("python3 train.py"));
        QTRY_VERIFY(window.child<QPushButton>("launch")->isEnabled());
        window.command()->setPlainText(QStringLiteral("python3 train.py --lr 0.5 --epochs 4"));
        window.command()->setFocus();
        QTest::keyClick(window.command(), Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY_WITH_TIMEOUT(window.onlyRun() && model::isTerminal(window.onlyRun()->status), 20'000);
        QCOMPARE(window.onlyRun()->status, model::RunStatus::Finished);
        QTRY_COMPARE(window.session->selection(), std::vector{window.onlyRun()->id});
        QTRY_COMPARE_WITH_TIMEOUT(
            window.allOutput(),
            QStringLiteral("epoch 0 loss=0.0\nepoch 1 loss=0.5\nepoch 2 loss=1.0\nepoch 3 loss=1.5"), 10'000);
        QCOMPARE(window.onlyRun()->param(Symbol("lr")).value_or(""), std::string_view("0.5"));
        auto* list = window.child<QTreeView>("launchRuns");
        QTRY_COMPARE(list->model()->rowCount(), 1);
        QTRY_COMPARE(list->selectionModel()->selectedRows().size(), 1);
        auto* resources = QAccessible::queryAccessibleInterface(window.child<QWidget>("resources"));
        QCOMPARE(resources->text(QAccessible::Name), QStringLiteral("Resources"));
        QVERIFY(resources->textInterface() != nullptr);
        QTRY_VERIFY(resources->textInterface()->characterCount() > 0);
        // Search goes through the hits and wraps around.
        auto* search = window.child<QLineEdit>("consoleSearch");
        search->setText(QStringLiteral("EPOCH"));
        auto* console = window.view.findChild<ConsoleView*>();
        QTRY_COMPARE(console->hitCount(), std::size_t(4));
        QCOMPARE(console->currentHit().value_or(99), std::size_t(0));
        QTest::keyClick(console, Qt::Key_F3, Qt::ShiftModifier);
        QCOMPARE(console->currentHit().value_or(99), std::size_t(3));
        QTest::keyClick(console, Qt::Key_F3);
        QCOMPARE(console->currentHit().value_or(99), std::size_t(0));
    }

    void theConsoleOfARunOfAnotherTool() {
        Window window;
        const auto& folder = window.folder;
        folder.write("runs/7/run.json",
                     R"({"experiment": {"name": "e"}, "command": "main", "status": "RUNNING",)"
                     R"( "start_time": "2024-01-02T03:04:05.250000", "heartbeat": "2024-01-02T03:05:05"})");
        folder.write("runs/7/config.json", "{}");
        const auto file = folder.write("runs/7/cout.txt", "loading\n\x1b[31mred\x1b[0m\n");
        window.open();
        QTRY_VERIFY(window.onlyRun() != nullptr);
        window.session->select({window.onlyRun()->id});
        QTRY_COMPARE(window.allOutput(), QStringLiteral("loading\nred"));
        QVERIFY(!window.child<QPushButton>("stop")->isVisible());  // it is not ours to stop
        std::ofstream(file, std::ios::app) << "epoch 1\n";
        QTRY_COMPARE(window.allOutput(), QStringLiteral("loading\nred\nepoch 1"));
        std::ofstream(file, std::ios::trunc) << "anew\n";
        QTRY_COMPARE(window.allOutput(), QStringLiteral("anew"));
    }

    void aCommandFromElsewhereIsLookedAtFirst() {
        Window window;
        window.folder.write("dvc.yaml", "stages:\n  a:\n    cmd: touch made > out\n    metrics: [m.json]\n");
        window.folder.write("m.json", "{\"acc\": 1}");
        window.open();
        QTRY_VERIFY(window.onlyRun());
        const auto theirs = window.onlyRun()->id;
        window.session->select({theirs});
        const auto actions = window.view.viewActions();
        auto* again = *std::ranges::find(actions, QStringLiteral("launch.again"), &QAction::objectName);
        const auto question = [&] { return window.view.findChild<CommandQuestion*>(); };
        again->trigger();
        QTRY_VERIFY(question());
        QCOMPARE(question()->findChild<QPlainTextEdit*>()->toPlainText(),
                 QStringLiteral("sh -c 'touch made > out'"));
        question()->reject();
        QTRY_VERIFY(!question());
        QVERIFY(window.onlyRun());
        QVERIFY(!std::filesystem::exists(window.folder / "made"));
        again->trigger();
        QTRY_VERIFY(question());
        question()->accept();
        QTRY_COMPARE(window.session->runs()->runs.size(), std::size_t{2});
        QTRY_VERIFY(std::filesystem::exists(window.folder / "made"));
        // What was launched here runs again without a question.
        QTRY_VERIFY(window.session->selection() != std::vector{theirs});
        QTRY_COMPARE(window.session->runningCount(), 0);
        again->trigger();
        QTRY_COMPARE(window.session->runs()->runs.size(), std::size_t{3});
        QVERIFY(!question());
    }

    void historyByUpAndDown() {
        Window window;
        window.open();
        QTRY_COMPARE(window.command()->toPlainText(), QStringLiteral("python3 train.py"));
        QTRY_VERIFY(window.child<QPushButton>("launch")->isEnabled());
        window.command()->setPlainText(QStringLiteral("true --first"));
        QTest::mouseClick(window.child<QPushButton>("launch"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(window.onlyRun() != nullptr, 10'000);
        window.command()->setPlainText(QStringLiteral("being written"));
        QTest::keyClick(window.command(), Qt::Key_Up);
        QCOMPARE(window.command()->toPlainText(), QStringLiteral("true --first"));
        QTest::keyClick(window.command(), Qt::Key_Up);
        QCOMPARE(window.command()->toPlainText(), QStringLiteral("true --first"));
        QTest::keyClick(window.command(), Qt::Key_Down);
        QCOMPARE(window.command()->toPlainText(), QStringLiteral("being written"));
        // The history is there again the next time.
        LaunchView second;
        second.setSession(window.session.get());
        QCOMPARE(second.findChild<QPlainTextEdit*>(QStringLiteral("command"))->toPlainText(),
                 QStringLiteral("true --first"));
        second.setSession(nullptr);
        QTRY_VERIFY_WITH_TIMEOUT(model::isTerminal(window.onlyRun()->status), 10'000);
    }

    void stopAsksOnce() {
        Window window;
        window.open();
        QTRY_VERIFY(window.child<QPushButton>("launch")->isEnabled());
        window.command()->setPlainText(QStringLiteral("python3 train.py --epochs 1000 --sleep 0.05"));
        QTest::mouseClick(window.child<QPushButton>("launch"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(window.onlyRun() && window.onlyRun()->status == model::RunStatus::Running,
                                 10'000);
        auto* stop = window.child<QPushButton>("stop");
        QTRY_VERIFY(stop->isVisible());
        auto* console = window.view.findChild<ConsoleView*>();
        QTRY_VERIFY_WITH_TIMEOUT(console->verticalScrollBar()->maximum() > 3, 20'000);
        // Scrolling up lets go of the end, End takes hold of it again.
        QVERIFY(console->isFollowing());
        QTest::keyClick(console, Qt::Key_PageUp);
        QVERIFY(!console->isFollowing());
        QVERIFY(!window.child<QPushButton>("follow")->isChecked());
        QTest::keyClick(console, Qt::Key_End);
        QVERIFY(console->isFollowing());
        QTest::mouseClick(stop, Qt::LeftButton);
        QCOMPARE(stop->text(), QStringLiteral("Stop this run?"));
        QCOMPARE(window.onlyRun()->status, model::RunStatus::Running);
        QTest::mouseClick(stop, Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(window.onlyRun()->status, model::RunStatus::Killed, 20'000);
        QTRY_VERIFY(!stop->isVisible());
    }

    /// What scripts log that were started elsewhere: there is nothing to read and nobody to stop.
    void aRunThatWasNotLaunched() {
        Window window;
        addServed(window, model::RunStatus::Running, 60'000);
        window.open();
        QTRY_VERIFY(window.onlyRun() != nullptr);
        window.session->select({window.onlyRun()->id});
        auto* stop = window.child<QPushButton>("stop");
        QTRY_COMPARE(stop->text(), QStringLiteral("Mark as ended…"));
        QVERIFY(stop->isVisible());
        QVERIFY(!window.child<QPushButton>("follow")->isVisible());
        const QSignalSpy asked(&window.view, &View::stopRequested);
        const QSignalSpy problems(window.session.get(), &ProjectSession::problemRaised);
        QTest::mouseClick(stop, Qt::LeftButton);
        QCOMPARE(asked.count(), 1);
        QCOMPARE(problems.count(), 0);
    }

    /// Marked as ended soon after its begin: it was not too short to be sampled, and has one state
    /// everywhere.
    void aRunThatWasNotLaunchedAndEnded() {
        Window window;
        addServed(window, model::RunStatus::Killed, 1000);
        window.open();
        QTRY_VERIFY(window.onlyRun() != nullptr);
        auto* resources = QAccessible::queryAccessibleInterface(window.child<QWidget>("resources"));
        const auto said = [&] {
            auto* text = resources->textInterface();
            return text->text(0, text->characterCount()).trimmed();
        };
        QTRY_COMPARE(said(), QStringLiteral("None: only runs that are launched are sampled"));
        bool isListed = false;
        for (const auto* list : window.view.findChildren<QAbstractItemView*>()) {
            const auto* runs = list->model();
            for (int column = 0; runs != nullptr && column < runs->columnCount(); ++column) {
                isListed = isListed || runs->index(0, column).data().toString() == QLatin1String("killed");
            }
        }
        QVERIFY(isListed);
    }

    void mistakesAreTold() {
        Window window;
        window.open();
        auto* mistake = window.child<Label>("mistake");
        window.command()->setPlainText(QStringLiteral("pythno3 train.py"));
        QTRY_VERIFY2(mistake->text().startsWith(QLatin1String("`pythno3` is not in PATH.")),
                     qPrintable(mistake->text()));
        QVERIFY(mistake->text().contains(QLatin1String("python3")));
        window.command()->setPlainText(QStringLiteral("python3 gone.py"));
        QTRY_COMPARE(mistake->text(), QStringLiteral("gone.py does not exist in the working folder."));
        window.command()->setPlainText(QStringLiteral("python3 'train.py"));
        QTRY_VERIFY(mistake->text().startsWith(QLatin1String("A quote is open.")));
        QVERIFY(!window.child<QPushButton>("launch")->isEnabled());
        window.command()->setPlainText(QStringLiteral("./train.py"));
        QTRY_VERIFY(mistake->text().contains(QLatin1String("cannot be executed")));
        window.command()->setPlainText(QStringLiteral("python3 train.py"));
        QTRY_VERIFY(mistake->text().isEmpty());
        QVERIFY(!mistake->isVisible());
    }

    /// What does not start is a run all the same, with its reason in the log.
    void aCommandThatDoesNotExist() {
        Window window;
        window.open();
        QTRY_VERIFY(window.child<QPushButton>("launch")->isEnabled());
        window.command()->setPlainText(QStringLiteral("no-such-program-here"));
        QTest::mouseClick(window.child<QPushButton>("launch"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(window.onlyRun() && model::isTerminal(window.onlyRun()->status), 20'000);
        QCOMPARE(window.onlyRun()->exitCode.value_or(0), 127);
        QTRY_VERIFY_WITH_TIMEOUT(window.allOutput().contains(QLatin1String("no-such-program-here")), 10'000);
    }

    void withoutGit() {
        Window window(false);
        window.open();
        QTRY_VERIFY(window.view.isSettled());
        QTRY_VERIFY(window.child<QPushButton>("launch")->isEnabled());
    }

    void leftOutFilesAreTold() {
        Window window;
        window.folder.write("big.bin", std::string(11U << 20U, 'x'));
        window.open();
        QTRY_VERIFY_WITH_TIMEOUT(
            [&] {
                const auto banners = window.view.findChildren<Banner*>();
                return std::any_of(banners.begin(), banners.end(), [](const Banner* banner) {
                    return banner->text().contains(QLatin1String("big.bin"));
                });
            }(),
            10'000);
    }

    void readOnlyProject() {
        Window window;
        namespace fs = std::filesystem;
        fs::permissions(window.folder.path(), fs::perms::owner_read | fs::perms::owner_exec |
                                                  fs::perms::others_read | fs::perms::others_exec);
        const test::Unprivileged nobody;
        if (const char* why = nobody.whyNot(window.folder.path())) {
            QSKIP(why);
        }
        window.open();
        QTRY_VERIFY(window.child<Banner>("readOnly")->isVisible());
        QVERIFY(!window.child<QPushButton>("launch")->isEnabled());
    }

    /// A first look shows the newest run, without selecting it elsewhere.
    void showsTheNewestRun() {
        Window window;
        launch::LaunchSpec spec;
        spec.project = window.folder.path();
        spec.command = {"python3", "train.py"};
        const auto run = launch::launch(spec);
        VERIFY_OK(run);
        VERIFY_OK(launch::waitForEnd(window.folder.path(), *run));
        window.open();
        auto* list = window.child<QTreeView>("launchRuns");
        QTRY_COMPARE(list->model()->rowCount(), 1);
        QTRY_COMPARE(list->selectionModel()->selectedRows().size(), 1);
        QVERIFY(window.session->selection().empty());
        QTRY_VERIFY(window.allOutput().startsWith(QLatin1String("epoch 0")));
    }

    void withoutProject() {
        LaunchView view;
        view.setSession(nullptr);
        view.resize(1000, 700);
        view.show();
        QVERIFY(!view.findChild<QPushButton*>(QStringLiteral("launch"))->isEnabled());
        QVERIFY(view.statusText().isEmpty());
        view.startFind();
        for (auto* action : view.viewActions()) {
            action->trigger();
        }
    }
};

QTEST_MAIN(LaunchViewTest)
#include "tst_launch_view.moc"
