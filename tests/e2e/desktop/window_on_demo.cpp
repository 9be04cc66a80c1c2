// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemView>
#include <QAccessible>
#include <QApplication>
#include <QImage>
#include <QSettings>
#include <QStandardPaths>
#include <set>

#include "runglass/ui/shell/main_window.h"
#include "support/test.h"

using namespace runglass;

namespace {

/// What a screen reader is told of a table: one list of cell texts a row.
QList<QStringList> shownCells(QAbstractItemView* view) {
    QList<QStringList> rows;
    auto* interface = QAccessible::queryAccessibleInterface(view);
    auto* table = interface == nullptr ? nullptr : interface->tableInterface();
    if (table == nullptr) {
        qFatal("%s has no accessible table", qPrintable(view->objectName()));
    }
    for (int row = 0; row < table->rowCount(); ++row) {
        QStringList cells;
        for (int column = 0; column < table->columnCount(); ++column) {
            auto* cell = table->cellAt(row, column);
            cells << (cell == nullptr ? QString() : cell->text(QAccessible::Name));
        }
        rows << cells;
    }
    return rows;
}

}  // namespace

/// The desktop on the demo project, driven by keyboard in a real X window; what it shows is compared with
/// what the sqlite3 and git programs say.
class TestWindowOnDemo : public test::TestCase {
    Q_OBJECT
private:
    const std::string m_project = qEnvironmentVariable("RUNGLASS_DEMO_FOLDER").toStdString();
    std::unique_ptr<ui::MainWindow> m_window;

    QStringList query(const std::string& sql) const {
        const auto result = test::runProcess(
            {"sqlite3", "-readonly", "-cmd", ".timeout 5000", m_project + "/.runglass/runs.db", sql});
        if (result.exitCode != 0) {
            qFatal("sqlite3: %s", result.err.c_str());
        }
        return QString::fromStdString(result.out).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    }
    QAbstractItemView* table(const QString& name) const {
        // Pages are made after the frame is on the screen.
        const auto find = [&] { return m_window->findChild<QAbstractItemView*>(name); };
        if (!QTest::qWaitFor([&] { return find() != nullptr && find()->isVisible(); }, 10'000)) {
            qFatal("there is no table named %s", qPrintable(name));
        }
        return find();
    }
    /// Through the window system's way in, so that shortcuts work as they do for a person.
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) const {
        QTest::keyClick(m_window->windowHandle(), key, modifiers);
    }

private Q_SLOTS:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        QSettings().clear();
        ui::Theme::install(*qApp, ui::ThemeChoice::Light);
        m_window = std::make_unique<ui::MainWindow>(true);
        m_window->resize(1600, 1000);
        VERIFY_OK(m_window->openProject(m_project));
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get(), 20'000));
        m_window->raise();
        m_window->activateWindow();  // the window manager need not give the focus to a new window
        QVERIFY(QTest::qWaitForWindowActive(m_window.get(), 20'000));
        QTRY_VERIFY_WITH_TIMEOUT(m_window->session()->loaded(), 20'000);
    }
    void cleanupTestCase() { m_window.reset(); }

    void runTableShowsEveryRun() {
        press(Qt::Key_1, Qt::ControlModifier);
        QTRY_COMPARE(m_window->currentPlace(), QStringLiteral("runs"));
        auto* runs = table(QStringLiteral("runTable"));
        const auto names = query("SELECT name FROM run WHERE NOT archived");
        const auto shown = [&] {
            QStringList found;
            for (const auto& cells : shownCells(runs)) {
                for (const auto& cell : cells) {
                    if (names.contains(cell)) {
                        found << cell;
                    }
                }
            }
            found.sort();
            return found;
        };
        auto expected = names;
        expected.sort();
        QTRY_COMPARE_WITH_TIMEOUT(shown(), expected, 10'000);
    }

    void filterIsTypedAndCleared() {
        table(QStringLiteral("runTable"))->setFocus();
        press(Qt::Key_Slash);
        auto* field = m_window->findChild<QWidget*>(QStringLiteral("runFilter"));
        QTRY_COMPARE(QApplication::focusWidget(), field);
        QTest::keyClicks(field, QStringLiteral("status = 'failed'"));
        press(Qt::Key_Return);
        const int failed = query("SELECT count(*) FROM run WHERE status = 3").value(0).toInt();
        QTRY_COMPARE_WITH_TIMEOUT(static_cast<int>(m_window->session()->shown().size()), failed, 5'000);
        field->setFocus();
        QTest::keyClick(field, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(field, Qt::Key_Delete);
        QTest::keyClick(field, Qt::Key_Return);
        const auto all = static_cast<std::size_t>(query("SELECT number FROM run WHERE NOT archived").size());
        QTRY_COMPARE_WITH_TIMEOUT(m_window->session()->shown().size(), all, 5'000);
    }

    void historyShowsEveryCommit() {
        press(Qt::Key_4, Qt::ControlModifier);
        QTRY_COMPARE(m_window->currentPlace(), QStringLiteral("history"));
        const auto log = QString::fromStdString(test::git(m_project, {"log", "--branches", "--format=%s"}));
        const auto summaries = log.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        auto* history = table(QStringLiteral("historyTable"));
        const auto texts = [&] {
            std::set<QString> found;
            for (const auto& cells : shownCells(history)) {
                for (const auto& summary : summaries) {
                    if (cells.join(QLatin1Char('\n')).contains(summary)) {
                        found.insert(summary);
                    }
                }
            }
            return found;
        };
        QTRY_COMPARE_WITH_TIMEOUT(texts(), std::set<QString>(summaries.begin(), summaries.end()), 10'000);
    }

    void compareShowsWhatDiffers() {
        const auto id = [&](const char* name) {
            const auto hex =
                query(std::string("SELECT lower(hex(id)) FROM run WHERE name = '") + name + "'").value(0);
            return *RunId::fromHex(hex.toStdString());
        };
        m_window->session()->select({id("mlp-32"), id("mlp-128")});
        press(Qt::Key_3, Qt::ControlModifier);
        QTRY_COMPARE(m_window->currentPlace(), QStringLiteral("compare"));
        QTRY_VERIFY_WITH_TIMEOUT(m_window->currentView()->statusText().contains(QLatin1String("2 runs")),
                                 10'000);
    }

    void launchedRunAppearsByItself() {
        const auto before = query("SELECT number FROM run").size();
        const auto started = test::runProcess(
            {qEnvironmentVariable("RUNGLASS_BIN").toStdString(), "run", "--project", m_project, "--name",
             "from-outside", "--", "/bin/sh", "-c", "for i in 1 2 3; do echo epoch=$i loss=0.$i; done"});
        QVERIFY2(started.exitCode == 0, started.err.c_str());
        QCOMPARE(query("SELECT number FROM run").size(), before + 1);
        const auto find = [&]() -> model::SharedRun {
            for (const auto& run : m_window->session()->runs()->runs) {
                if (run->name == "from-outside" && run->status == model::RunStatus::Finished) {
                    return run;
                }
            }
            return nullptr;
        };
        QTRY_VERIFY_WITH_TIMEOUT(find() != nullptr, 5'000);
        const auto* loss = find()->metric(Symbol("loss"));
        QVERIFY(loss != nullptr);
        QCOMPARE(loss->count, std::uint64_t{3});
        QCOMPARE(loss->last, 0.3);
        m_window->session()->setArchived({find()->id}, true);
        QTRY_COMPARE_WITH_TIMEOUT(query("SELECT archived FROM run ORDER BY number DESC LIMIT 1"),
                                  QStringList{QStringLiteral("1")}, 5'000);
        m_window->session()->undoStack()->undo();
        QTRY_COMPARE_WITH_TIMEOUT(query("SELECT archived FROM run ORDER BY number DESC LIMIT 1"),
                                  QStringList{QStringLiteral("0")}, 5'000);
    }

    void everyPlacePaintsSomething() {
        for (const auto& place : ui::MainWindow::placeNames()) {
            QVERIFY(m_window->goTo(place));
            const auto colours = [&] {
                const QImage image = m_window->currentView()->grab().toImage();
                std::set<QRgb> found;
                for (int y = 0; y < image.height(); y += 3) {
                    for (int x = 0; x < image.width(); x += 3) {
                        found.insert(image.pixel(x, y));
                    }
                }
                return found.size();
            };
            QTRY_VERIFY_WITH_TIMEOUT(colours() > 40, 10'000);
        }
    }
};

QTEST_MAIN(TestWindowOnDemo)
#include "window_on_demo.moc"
