// SPDX-License-Identifier: GPL-3.0-or-later
#include <QClipboard>
#include <QDesktopServices>
#include <QFileDialog>
#include <QLabel>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabBar>
#include <QTableView>
#include <QToolButton>
#include <algorithm>
#include <array>

#include "artifact_window.h"
#include "fact_list.h"
#include "image_pane.h"
#include "inspector_parts.h"
#include "runglass/store/logged_models.h"
#include "runglass/store/model_registry.h"
#include "runglass/ui/runs/inspector.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/label.h"
#include "sample_project.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

/// Stands for the desktop: remembers what it was asked to open.
class Desktop final : public QObject {
    Q_OBJECT
public:
    Desktop() { QDesktopServices::setUrlHandler(QStringLiteral("file"), this, "open"); }
    ~Desktop() override { QDesktopServices::unsetUrlHandler(QStringLiteral("file")); }
    QList<QUrl> opened;

public Q_SLOTS:
    void open(const QUrl& url) { opened << url; }
};

/// The first section of that title.
FactList* listOf(const Inspector& inspector, const QString& title) {
    for (auto* list : inspector.findChildren<FactList*>()) {
        if (list->accessibleName() == title) {
            return list;
        }
    }
    return nullptr;
}

/// The inspector on a project of ours.
struct Shown {
    ProjectSession session;
    Inspector inspector;

    explicit Shown(const test::SampleProject& project)
        : session(project.path()) {
        inspector.resize(inspector.sizeHint().width(), 940);
        inspector.setSession(&session);
        session.start();
        inspector.show();
    }
    ~Shown() { inspector.setSession(nullptr); }
};

/// A project with one foreign run, and the inspector on it.
struct Inspected {
    Inspected() {
        project.write("runs/1/run.json", R"({"status": "COMPLETED", "experiment": {"name": "e"}})");
        project.write("runs/1/cout.txt", "");
        project.write("runs/1/notes.txt", "first\nsecond");
        project.write("runs/1/table.csv", "x,y\n1,a\n2,b\n");
        project.write("runs/1/model.pkl", std::string("\x80\4\0", 3));
        QImage image(4, 3, QImage::Format_RGB32);
        image.fill(Qt::red);
        image.save(QString::fromStdString(project / "runs/1/red.png"));
        session.emplace(project.path());
        inspector.setSession(&*session);
        session->start();
        inspector.resize(320, 900);
        inspector.show();
    }
    ~Inspected() { inspector.setSession(nullptr); }

    /// The list that is seen; null while nothing is there.
    [[nodiscard]] FactList* files() const {
        for (auto* list : inspector.findChildren<FactList*>()) {
            if (list->accessibleName() == QStringLiteral("Data and files") && list->textLines() == 4 &&
                list->isVisible()) {
                return list;
            }
        }
        return nullptr;
    }
    [[nodiscard]] ArtifactWindow* window() const { return inspector.findChild<ArtifactWindow*>(); }
    /// Opens the line of that name by a click.
    void open(const QString& name) {
        delete window();
        auto* list = files();
        QVERIFY(QTest::qWaitFor([&] { return list->height() >= list->sizeHint().height(); }));
        for (int line = 0; line < list->textLines(); ++line) {
            if (list->facts()[static_cast<std::size_t>(line)].key == name) {
                QTest::mouseClick(list, Qt::LeftButton, {}, list->textLineRect(line).center());
            }
        }
    }

    test::TempFolder project;
    std::optional<ProjectSession> session;
    Inspector inspector;
};

}  // namespace

class InspectorTest final : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void timeGoesOnWithoutNewData() {
        test::SampleProject project;
        const auto id =
            project.add({.name = "live", .status = model::RunStatus::Running, .points = 3, .agoMs = 10'000});
        Shown shown(project);
        QTRY_VERIFY(shown.session.loaded());
        shown.session.select({id});
        const auto times = [&] {
            for (const auto* label : shown.inspector.findChildren<Label*>()) {
                if (label->text().contains(QLatin1String(" for "))) {
                    return label->text();
                }
            }
            return QString();
        };
        QTRY_VERIFY(!times().isEmpty());
        const auto before = times();
        QTRY_VERIFY(times() != before);
    }

    void initTestCase() { Theme::install(*qApp, ThemeChoice::Light); }

    void followsTheSelection() {
        test::SampleProject project;
        project.addTypicalRuns();
        Shown shown(project);
        auto& [session, inspector] = shown;
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
    }

    void aFailedRunTellsItsExitCode() {
        test::SampleProject project;
        test::SampleProject::Spec spec{"broken"};
        spec.status = model::RunStatus::Failed;
        const auto failed = project.add(spec);
        const auto fine = project.add({"fine"});
        Shown shown(project);
        auto& [session, inspector] = shown;
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
    }

    void aNoteTypedBelongsToItsRun() {
        test::SampleProject project;
        const auto first = project.add({"first"});
        const auto second = project.add({"second"});
        Shown shown(project);
        auto& [session, inspector] = shown;
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
    }

    void parentAndChildrenAreAClickAway() {
        test::SampleProject project;
        const auto sweep = project.add({"sweep"});
        test::SampleProject::Spec fold{"fold 0"};
        fold.parent = sweep;
        const auto first = project.add(fold);
        Shown shown(project);
        auto& [session, inspector] = shown;
        QTRY_VERIFY(session.loaded());
        auto* list = listOf(inspector, QStringLiteral("Nested runs"));
        session.select({first});
        QCOMPARE(list->lineText(0), QStringLiteral("Parent: sweep finished"));
        QCOMPARE(list->textLines(), 1);
        QVERIFY(QTest::qWaitFor([&] { return list->height() >= list->sizeHint().height(); }));
        QTest::mouseClick(list, Qt::LeftButton, {}, list->textLineRect(0).center());
        QCOMPARE(inspector.run(), std::optional(sweep));
        QCOMPARE(list->lineText(0), QStringLiteral("Children: 1"));

        // One more starts meanwhile.
        fold.name = "fold 1";
        fold.status = model::RunStatus::Running;
        const auto second = project.add(fold);
        QTRY_COMPARE(list->lineText(0), QStringLiteral("Children: 2 1 running"));
        fold.parent = second;
        project.add(fold);
        session.select({second});
        QTRY_COMPARE(list->textLines(), 2);
        QCOMPARE(list->lineText(1), QStringLiteral("Children: 1 running"));
        session.select({sweep});
        QString filter;
        connect(&inspector, &Inspector::filterRequested, &inspector,
                [&](const QString& text) { filter = text; });
        QTest::mouseClick(list, Qt::LeftButton, {}, list->textLineRect(0).center());
        QCOMPARE(filter, QStringLiteral("parent = '%1'").arg(QString::fromStdString(sweep.shortHex())));
        QMenu menu;
        Q_EMIT list->menuRequested(list->facts()[0].item, &menu);
        menu.actions().last()->trigger();
        QCOMPARE(session.selection(), (std::vector<RunId>{second, first}));
    }

    void whatArrivesForTheRunIsSeenWithinASecond() {
        test::SampleProject project;
        test::SampleProject::Spec spec{"goes on"};
        spec.status = model::RunStatus::Running;
        const auto id = project.add(spec);
        Shown shown(project);
        auto& [session, inspector] = shown;
        QTRY_VERIFY(session.loaded());
        session.select({id});
        const auto* files = listOf(inspector, QStringLiteral("Data and files"));
        QTRY_COMPARE(files->textLines(), 1);  // its data set
        const auto extent = files->facts()[0].value;
        QVERIFY2(extent.startsWith(QStringLiteral("3.0 MB in 2 file")), qPrintable(extent));
        auto* note = inspector.findChild<QPlainTextEdit*>(QStringLiteral("runNote"));
        QTRY_VERIFY(!note->toPlainText().isEmpty());
        inspector.activateWindow();
        note->setFocus();
        QTRY_VERIFY(note->hasFocus());
        note->setPlainText(QStringLiteral("being typed"));

        const auto put = store::ArtifactFiles(project.database()).put(id, {"late.txt", "", 12, nowMs()});
        QVERIFY(put.ok());
        QTRY_COMPARE_WITH_TIMEOUT(files->textLines(), 2, 5000);
        QCOMPARE(files->facts()[1].key, QStringLiteral("late.txt"));
        QCOMPARE(note->toPlainText(), QStringLiteral("being typed"));
    }

    /// A script that has died without a word, and a run that goes on after an end.
    void aRunningRunSaysWhenItLastLogged() {
        test::SampleProject project;
        const auto id = project.add({.name = "silent", .points = 3, .agoMs = 7'230'000});
        const auto ended = project.add({.name = "ended", .points = 3, .agoMs = 7'230'000});
        QVERIFY(project.writer().setStatus(id, model::RunStatus::Running).ok());  // its end is still there
        Shown shown(project);
        auto& [session, inspector] = shown;
        QTRY_VERIFY(session.loaded());
        const auto says = [&](const QString& text) {
            const auto labels = inspector.findChildren<Label*>();
            return std::any_of(labels.begin(), labels.end(),
                               [&](const Label* label) { return label->text().contains(text); });
        };
        session.select({id});
        QTRY_VERIFY(says(QStringLiteral("running, last logged 2h ago")));
        QVERIFY(!says(QStringLiteral("took")));
        session.select({ended});
        QTRY_VERIFY(says(QStringLiteral("took")));
        QVERIFY(!says(QStringLiteral("logged")));
        session.select({id});
        const auto now = nowMs();
        QVERIFY(
            project.writer().appendPoints(id, std::array{store::MetricPoint{"loss", {99, now, 0.1}}}).ok());
        QTRY_VERIFY(says(QStringLiteral("running for 2h 00m")));
    }

    void modelsShowTheirStateAndWhatIsRegistered() {
        test::SampleProject project;
        test::SampleProject::Spec spec{"trains"};
        spec.status = model::RunStatus::Running;
        const auto id = project.add(spec);
        Shown shown(project);
        auto& [session, inspector] = shown;
        QTRY_VERIFY(session.loaded());
        session.select({id});
        auto* list = listOf(inspector, QStringLiteral("Models"));
        QVERIFY(list->isHidden());

        store::LoggedModel model;
        model.id = "m-" + std::string(32, 'a');
        model.name = "net";
        model.type = "classifier";
        model.sourceRun = id.hex();
        store::LoggedModels models(project.database());
        QVERIFY(models.create(model).ok());
        QTRY_COMPARE(list->textLines(), 1);
        QCOMPARE(list->lineText(0), QStringLiteral("net (classifier): pending"));
        QVERIFY(models.setStatus(model.id, store::LoggedModelStatus::Ready, 1).ok());
        store::ModelRegistry registry(project.database());
        QVERIFY(registry.create({"reg", 1, 1, {}, {}, {}}).ok());
        store::ModelVersion version;
        version.model = "reg";
        version.run = id.hex();
        version.loggedModel = model.id;
        QVERIFY(registry.createVersion(version).ok());
        QVERIFY(registry.setAlias("reg", "champion", 1, 1).ok());
        version.loggedModel.clear();  // files of the run itself
        QVERIFY(registry.createVersion(version).ok());
        QVERIFY(registry.setStage("reg", 2, "Production", 1).ok());
        QTRY_COMPARE(list->textLines(), 2);
        QTRY_COMPARE(list->lineText(1), QStringLiteral("reg v2 (registered): Production"));
        QCOMPARE(list->lineText(0), QStringLiteral("net (classifier): ready, reg v1, @champion"));
        if (const auto folder = qEnvironmentVariable("RUNGLASS_SCREENSHOTS"); !folder.isEmpty()) {
            QTest::qWait(400);
            inspector.grab().save(folder + QStringLiteral("/inspector-models.png"));
        }

        auto* tabs = inspector.findChild<QTabBar*>();
        QVERIFY(QTest::qWaitFor([&] { return list->height() >= list->sizeHint().height(); }));
        QTest::mouseClick(list, Qt::LeftButton, {}, list->textLineRect(0).center());
        QCOMPARE(tabs->tabText(tabs->currentIndex()), QStringLiteral("Files"));
    }

    // A reading of the detail that began before an edit was stored does not take it back.
    void aNoteIsNotTakenBackByAnOlderReading() {
        NoteEditor note;
        note.setNote(QStringLiteral("old"));
        note.setPlainText(QStringLiteral("new"));
        note.commit();
        note.setNote(QStringLiteral("old"));
        QCOMPARE(note.toPlainText(), QStringLiteral("new"));
        note.setNote(QStringLiteral("new"));
        note.setNote(QStringLiteral("of someone else"));
        QCOMPARE(note.toPlainText(), QStringLiteral("of someone else"));
    }

    void filesAreLookedAtHere() {
        Inspected inspected;
        QTRY_COMPARE(inspected.session->runs()->runs.size(), 1U);
        inspected.session->select({inspected.session->runs()->runs[0]->id});
        QTRY_VERIFY(inspected.files());
        Desktop desktop;

        inspected.open(QStringLiteral("notes.txt"));
        QVERIFY(inspected.window());
        auto* text = inspected.window()->findChild<QPlainTextEdit*>();
        QTRY_VERIFY(text->isVisible());
        QCOMPARE(text->toPlainText(), QStringLiteral("first\nsecond"));
        QVERIFY(text->isReadOnly());

        inspected.open(QStringLiteral("table.csv"));
        auto* table = inspected.window()->findChild<QTableView*>();
        QTRY_VERIFY(table->isVisible());
        QCOMPARE(table->model()->rowCount(), 2);
        QCOMPARE(table->model()->headerData(1, Qt::Horizontal).toString(), QStringLiteral("y"));
        QCOMPARE(table->model()->index(1, 0).data().toString(), QStringLiteral("2"));

        inspected.open(QStringLiteral("red.png"));
        auto* image = inspected.window()->findChild<ImagePane*>();
        QTRY_VERIFY(image->isVisible());
        QCOMPARE(image->image().size(), QSize(4, 3));
        QCOMPARE(image->image().pixelColor(0, 0), QColor(Qt::red));

        inspected.open(QStringLiteral("model.pkl"));
        const auto labels = [&] { return inspected.window()->findChildren<QLabel*>(); };
        QTRY_VERIFY(std::ranges::any_of(labels(), [](const QLabel* label) {
            return label->isVisible() && label->text().startsWith(QStringLiteral("3 B of data"));
        }));
        QVERIFY(desktop.opened.isEmpty());  // nothing is handed to another program

        inspected.window()->findChild<QPushButton*>(QStringLiteral("openFolder"))->click();
        const auto folder = QString::fromStdString(std::filesystem::canonical(inspected.project / "runs/1"));
        QTRY_COMPARE(desktop.opened, QList<QUrl>{QUrl::fromLocalFile(folder)});
        inspected.window()->findChild<QPushButton*>(QStringLiteral("copyPath"))->click();
        QTRY_COMPARE(QGuiApplication::clipboard()->text(), folder + QStringLiteral("/model.pkl"));
    }

    void filesAreSavedAndReachedByKeys() {
        Inspected inspected;
        QTRY_COMPARE(inspected.session->runs()->runs.size(), 1U);
        inspected.session->select({inspected.session->runs()->runs[0]->id});
        QTRY_VERIFY(inspected.files());
        auto* list = inspected.files();
        QCOMPARE(list->focusPolicy(), Qt::TabFocus);
        list->setFocus();
        QTest::keyClick(list, Qt::Key_Home);
        QTest::keyClick(list, Qt::Key_Down);
        QTest::keyClick(list, Qt::Key_Return);
        QVERIFY(inspected.window());
        QCOMPARE(inspected.window()->windowTitle(), QStringLiteral("notes.txt"));

        QMenu menu;
        Q_EMIT list->menuRequested(list->facts()[0].item, &menu);
        QStringList entries;
        for (const auto* action : menu.actions()) {
            entries << action->text();
        }
        QCOMPARE(entries, (QStringList{QStringLiteral("Open"), QStringLiteral("Save as…"),
                                       QStringLiteral("Open folder"), QStringLiteral("Copy path")}));
        menu.actions()[1]->trigger();
        auto* dialog = inspected.inspector.findChild<QFileDialog*>(QStringLiteral("saveArtifact"));
        QVERIFY(dialog);
        const auto target = QString::fromStdString(inspected.project / "saved.pkl");
        Q_EMIT dialog->fileSelected(target);
        dialog->close();
        QTRY_VERIFY(QFile::exists(target));
        QFile saved(target);
        QVERIFY(saved.open(QIODevice::ReadOnly));
        QCOMPARE(saved.readAll(), QByteArray("\x80\4\0", 3));

        // What cannot be written is said, and nothing is left behind.
        Q_EMIT list->menuRequested(list->facts()[0].item, &menu);
        menu.actions()[5]->trigger();
        dialog = inspected.inspector.findChildren<QFileDialog*>(QStringLiteral("saveArtifact")).last();
        Q_EMIT dialog->fileSelected(QString::fromStdString(inspected.project / "no/where.pkl"));
        dialog->close();
        QTRY_COMPARE(inspected.session->problems().size(), 1U);
        QCOMPARE(inspected.session->problems()[0].message, QStringLiteral("model.pkl was not saved."));
    }
};

QTEST_MAIN(InspectorTest)
#include "tst_inspector.moc"
