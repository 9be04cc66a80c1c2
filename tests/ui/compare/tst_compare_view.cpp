// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/compare/compare_view.h"

#include <QAbstractItemModelTester>
#include <QAccessible>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QLabel>
#include <QListView>
#include <QSignalSpy>

#include "add_runs_popup.h"
#include "compare_sheet.h"
#include "comparison_text.h"
#include "metrics_panel.h"
#include "part_list.h"
#include "run_bar.h"
#include "runglass/ui/theme/theme.h"
#include "support/scratch_project.h"

using namespace runglass;
using namespace runglass::ui;
using test::ScratchProject;

namespace {

const char* const kBefore = R"(import numpy as np


def augment(x, cfg, rng):
    '''Random changes of one batch.'''
    if cfg.noise > 0:
        x = x + rng.normal(0, cfg.noise, x.shape)
    return x.clip(0, 1)


def batches(x, y, size, rng):
    order = rng.permutation(len(x))
    n = len(x) // size * size
    for i in range(0, n, size):
        j = order[i:i + size]
        yield x[j], y[j]


def train_epoch(model, loader, opt, sched, cfg):
    for x, y in loader:
        logits = model(x)
        loss = cross_entropy(logits, y)
        loss.backward()
        clip_grad(model, 1.0)
        opt.step(); opt.zero_grad()
    sched.step()
)";

const char* const kAfter = R"(import numpy as np


def augment(x, cfg, rng):
    '''Random changes of one batch.'''
    if cfg.rotate > 0:
        a = rng.uniform(-cfg.rotate, cfg.rotate, len(x))
        x = rotate_batch(x, a, order=1)
    if cfg.shift > 0:
        d = rng.uniform(-cfg.shift, cfg.shift, (len(x), 2))
        x = shift_batch(x, d * x.shape[-1])
    return x.clip(0, 1)


def batches(x, y, size, rng):
    order = rng.permutation(len(x))
    n = len(x) // size * size
    for i in range(0, n, size):
        j = order[i:i + size]
        yield x[j], y[j]


def train_epoch(model, loader, opt, sched, cfg):
    for x, y in loader:
        logits = model(augment(x, cfg, loader.rng))
        loss = cross_entropy(logits, y, smooth=0.05)
        loss.backward()
        opt.step(); opt.zero_grad()
    sched.step()
)";

struct Lab {
    ScratchProject project;
    std::vector<RunId> ids;

    Lab() {
        const auto before = project.commit("train.py", kBefore, "Before", 1);
        project.write("model.py", "width = 32\n");
        const auto after = project.commit("train.py", kAfter, "After", 2);
        ids = project.addRuns({run("cnn-lr1e-3-cos", before, false), run("cnn-lr3e-3-cos-aug", after, true),
                               run("cnn-lr1e-3-cos-again", before, false), run("third", after, true)});
    }

    static test::ScratchRun run(const std::string& name, const std::string& commit, bool second) {
        test::ScratchRun run;
        run.name = name;
        run.commit = commit;
        run.metrics = {
            {"val/acc", second ? 0.9911 : 0.9824}, {"val/loss", second ? 0.0326 : 0.0581}, {"same", 1.0}};
        run.more = [second](model::RunDetail& detail) {
            const auto param = [&](const char* key, const char* value) {
                detail.record.params.push_back({Symbol(key), Symbol(value)});
            };
            param("lr", second ? "3e-3" : "1e-3");
            param("aug.rotate", second ? "12" : "0");
            param("epochs", "40");
            if (second) {
                param("aug.shift", "0.1");
                detail.record.tags.push_back({Symbol("stage"), Symbol("paper-table-2")});
            }
            detail.command = {"python", "train.py", "--lr", second ? "3e-3" : "1e-3"};
            detail.configFiles.push_back(
                {"configs/cnn.yaml", "",
                 second ? "loss:\n  smoothing: 0.05\n" : "train:\n  clip_norm: 1.0\n"});
            model::Environment environment;
            environment.pythonVersion = "3.11.2";
            environment.packages = {{"numpy", "1.24.2"}, {"torch", second ? "2.4.0" : "2.3.1"}};
            detail.environment = environment;
        };
        return run;
    }
};

class Window {
public:
    explicit Window(const std::filesystem::path& project, QSize size = {1544, 904})
        : session(project) {
        view.resize(size);
        view.setSession(&session);
        tester = std::make_unique<QAbstractItemModelTester>(
            model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        metricsTester = std::make_unique<QAbstractItemModelTester>(
            metrics()->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        session.start();
        view.show();
    }
    ~Window() { view.setSession(nullptr); }
    [[nodiscard]] CompareModel* model() const { return view.findChild<CompareModel*>(); }
    [[nodiscard]] CompareSheet* sheet() const { return view.findChild<CompareSheet*>(); }
    [[nodiscard]] MetricsPanel* metrics() const { return view.findChild<MetricsPanel*>(); }
    [[nodiscard]] QAction* action(const char* name) const {
        for (auto* each : view.viewActions()) {
            if (each->objectName() == QLatin1String(name)) {
                return each;
            }
        }
        return nullptr;
    }
    [[nodiscard]] bool compare(const std::vector<RunId>& runs) {
        if (!QTest::qWaitFor([&] { return session.loaded(); }, 10'000)) {
            return false;
        }
        session.select(runs);
        return QTest::qWaitFor(
            [&] {
                const auto& loaded = model()->comparison();
                if (!loaded || loaded->comparison.runs.size() != runs.size()) {
                    return false;
                }
                for (std::size_t i = 0; i < runs.size(); ++i) {
                    if (loaded->comparison.runs[i].record.id != runs[i]) {
                        return false;
                    }
                }
                return true;
            },
            10'000);
    }
    /// key → cells of a part
    [[nodiscard]] QStringList rows(ComparePart part) const {
        QStringList out;
        const auto parent = model()->partIndex(part);
        for (int i = 0; parent.isValid() && i < model()->rowCount(parent); ++i) {
            QStringList cells;
            for (int c = 0; c < model()->columnCount(); ++c) {
                cells << model()->index(i, c, parent).data().toString();
            }
            out << cells.join(QLatin1Char('|'));
        }
        return out;
    }

    ProjectSession session;
    CompareView view;
    std::unique_ptr<QAbstractItemModelTester> tester;
    std::unique_ptr<QAbstractItemModelTester> metricsTester;
};

void shoot(QWidget& widget, const QString& name) {
    QTest::qWait(60);
    const QPixmap shot = widget.grab();
    QVERIFY(!shot.isNull());
    const QString folder = qEnvironmentVariable("RUNGLASS_SHOTS");
    if (!folder.isEmpty()) {
        QVERIFY(shot.save(folder + QStringLiteral("/compare-") + name + QStringLiteral(".png")));
    }
}

QString textOf(const QWidget& view) {
    QString text;
    for (const auto* label : view.findChildren<Label*>()) {
        text += label->isVisible() ? label->text() + QLatin1Char('\n') : QString();
    }
    for (const auto* label : view.findChildren<QLabel*>()) {
        text += label->isVisible() ? label->text() + QLatin1Char('\n') : QString();
    }
    return text;
}

}  // namespace

class TestCompareView : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { Theme::install(*qApp, ThemeChoice::Light); }

    void partsAndRunsAreReadAndReachedByKeyboard() {
        QAccessible::setActive(true);
        Lab lab;
        Window window(lab.project.path());
        QVERIFY(window.compare({lab.ids[0], lab.ids[1]}));
        auto* parts = window.view.findChild<PartList*>();
        auto* interface = QAccessible::queryAccessibleInterface(parts);
        QCOMPARE(interface->role(), QAccessible::List);
        auto* text = interface->textInterface();
        QVERIFY(text != nullptr);
        const auto lines = text->text(0, text->characterCount()).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), static_cast<qsizetype>(ComparePart::Count));
        QVERIFY2(lines.contains(QStringLiteral("Params, 3 different")),
                 qPrintable(lines.join(QLatin1Char('|'))));
        QVERIFY2(lines.contains(QStringLiteral("Code, 2 different")),
                 qPrintable(lines.join(QLatin1Char('|'))));

        const auto chips = window.view.findChildren<RunChip*>();
        QCOMPARE(chips.size(), 2);
        QCOMPARE(chips[0]->accessibleName(), QStringLiteral("Run A, cnn-lr1e-3-cos, baseline"));
        chips[1]->setFocus(Qt::TabFocusReason);
        QTest::keyClick(chips[1], Qt::Key_Delete);
        QCOMPARE(window.session.selection(), std::vector{lab.ids[0]});
        QAccessible::setActive(false);
    }

    void runsHaveTheColoursThatAPersonChose() {
        Lab lab;
        Window window(lab.project.path());
        QVERIFY(window.compare({lab.ids[0], lab.ids[1]}));
        window.session.setColor({lab.ids[1]}, 0x123456);
        QTRY_COMPARE(window.session.run(lab.ids[1])->color, std::optional<std::uint32_t>(0x123456));
        const auto swatch = [&] {
            const auto chips = window.view.findChildren<RunChip*>();
            return chips.back()->grab().toImage().pixelColor(13, 13);
        };
        QTRY_COMPARE(swatch(), QColor(0x12, 0x34, 0x56));
    }

    void showsWhatDiffers() {
        Lab lab;
        Window window(lab.project.path());
        QVERIFY(window.compare({lab.ids[0], lab.ids[1]}));
        QCOMPARE(window.rows(ComparePart::Params), (QStringList{QStringLiteral("aug.rotate|0|12|+12"),
                                                                QStringLiteral("aug.shift|not set|0.1|added"),
                                                                QStringLiteral("lr|1e-3|3e-3|× 3")}));
        QCOMPARE(window.rows(ComparePart::Packages), QStringList{QStringLiteral("torch|2.3.1|2.4.0|minor")});
        QCOMPARE(window.rows(ComparePart::Tags),
                 QStringList{QStringLiteral("stage|not set|paper-table-2|added")});
        QCOMPARE(window.model()->differing(ComparePart::Code), 2);
        QVERIFY(!window.model()->partIndex(ComparePart::Hardware).isValid());
        auto* code = window.sheet()->code();
        QVERIFY(code->isVisible());
        QCOMPARE(code->files()->count(), 2);
        QVERIFY(
            textOf(window.view)
                .contains(QStringLiteral("val/acc: B is 0.0087 above A. 1 run each, no noise estimate.")));
        code->files()->setCurrentIndex(1);
        shoot(window.view, QStringLiteral("light"));
        Theme::current().setChoice(ThemeChoice::Dark);
        shoot(window.view, QStringLiteral("dark"));
        window.view.resize(1224, 624);
        shoot(window.view, QStringLiteral("small-dark"));
        Theme::current().setChoice(ThemeChoice::Light);
    }

    void theBaselineIsTheFirstAndSwaps() {
        Lab lab;
        Window window(lab.project.path());
        QVERIFY(window.compare({lab.ids[0], lab.ids[1]}));
        window.action("compare.swap")->trigger();
        QCOMPARE(window.session.selection(), (std::vector<RunId>{lab.ids[1], lab.ids[0]}));
        QTRY_VERIFY(
            window.rows(ComparePart::Params).contains(QStringLiteral("aug.shift|0.1|not set|removed")));
    }

    void onlyDifferencesIsAToggleWithAKey() {
        Lab lab;
        Window window(lab.project.path());
        QVERIFY(window.compare({lab.ids[0], lab.ids[1]}));
        const auto before = window.rows(ComparePart::Params).size();
        window.sheet()->setFocus();
        QTest::keyClick(window.sheet(), Qt::Key_D);
        if (window.model()->onlyDifferences()) {  // shortcuts need an active window, which offscreen may lack
            window.action("compare.onlyDifferences")->trigger();
        }
        QCOMPARE(window.rows(ComparePart::Params).size(), before + 1);
        QVERIFY(window.rows(ComparePart::Params).contains(QStringLiteral("epochs|40|40|")));
        QCOMPARE(window.metrics()->model()->rowCount(), 3);
        shoot(window.view, QStringLiteral("all-rows"));
    }

    void stepsThroughAllDifferences() {
        Lab lab;
        Window window(lab.project.path());
        QVERIFY(window.compare({lab.ids[0], lab.ids[1]}));
        QTest::qWait(20);
        int steps = 0;
        while (steps < 100 && window.sheet()->goToDifference(true)) {
            ++steps;
        }
        // 3 params, 2 config keys, code: model.py 1 change and train.py 3 (augment, logits+loss, clip_grad),
        // 1 package, command line, tag
        const int rows = static_cast<int>(
            window.rows(ComparePart::Params).size() + window.rows(ComparePart::Config).size() +
            window.rows(ComparePart::Packages).size() + window.rows(ComparePart::CommandLine).size() +
            window.rows(ComparePart::Tags).size() + window.rows(ComparePart::Environment).size() +
            window.rows(ComparePart::Hardware).size() + window.rows(ComparePart::Data).size());
        QCOMPARE(steps, rows + 4);
        int back = 0;
        while (back < 100 && window.sheet()->goToDifference(false)) {
            ++back;
        }
        QCOMPARE(back, steps - 1);
    }

    void threeRunsHaveAColumnEach() {
        Lab lab;
        Window window(lab.project.path());
        QVERIFY(window.compare({lab.ids[0], lab.ids[1], lab.ids[2]}));
        QCOMPARE(window.model()->columnCount(), 4);
        QVERIFY(window.rows(ComparePart::Params).contains(QStringLiteral("lr|1e-3|3e-3|1e-3")));
        QCOMPARE(window.metrics()->model()->columnCount(), 4);
        shoot(window.view, QStringLiteral("three"));
    }

    void equalRunsAreSaidToBeEqual() {
        Lab lab;
        Window window(lab.project.path());
        QVERIFY(window.compare({lab.ids[0], lab.ids[2]}));
        QVERIFY(window.model()->allEqual());
        QTRY_VERIFY(textOf(window.view).contains(QStringLiteral("These runs are equal")));
        shoot(window.view, QStringLiteral("equal"));
    }

    void fewerThanTwoRunsSayWhatToDo() {
        Lab lab;
        Window window(lab.project.path());
        QTRY_VERIFY(window.session.loaded());
        QTRY_VERIFY(textOf(window.view).contains(QStringLiteral("No runs are selected")));
        shoot(window.view, QStringLiteral("none"));
        window.session.select({lab.ids[0]});
        QTRY_VERIFY(textOf(window.view).contains(QStringLiteral("One run is selected")));
        shoot(window.view, QStringLiteral("one"));
        QVERIFY(window.compare({lab.ids[0], lab.ids[1]}));
        window.session.select({lab.ids[0]});
        QTRY_VERIFY(window.model()->comparison() == nullptr);
    }

    void addsRunsByTyping() {
        Lab lab;
        Window window(lab.project.path());
        QTRY_VERIFY(window.session.loaded());
        window.session.select({lab.ids[0]});
        window.action("compare.addRuns")->trigger();
        auto* popup = window.view.findChild<AddRunsPopup*>();
        QVERIFY(popup->isVisible());
        auto* list = popup->findChild<QListView*>();
        QCOMPARE(list->model()->rowCount(), 3);
        auto* search = popup->findChild<SearchField*>();
        QTest::keyClicks(search, QStringLiteral("AUG"));
        QCOMPARE(list->model()->rowCount(), 1);
        QTest::keyClick(search, Qt::Key_Return);
        QCOMPARE(window.session.selection(), (std::vector<RunId>{lab.ids[0], lab.ids[1]}));
        popup->hide();
        QTRY_VERIFY(window.model()->comparison() != nullptr);
    }

    void copiesWhatIsShown() {
        Lab lab;
        Window window(lab.project.path());
        QVERIFY(window.compare({lab.ids[0], lab.ids[1]}));
        window.action("compare.copyMarkdown")->trigger();
        const QString markdown = QApplication::clipboard()->text();
        QVERIFY(markdown.startsWith(QStringLiteral(
            "| part | key | cnn-lr1e-3-cos | cnn-lr3e-3-cos-aug |\n| --- | --- | --- | --- |\n")));
        QVERIFY(markdown.contains(QStringLiteral("| Params | lr | 1e-3 | 3e-3 |")));
        QVERIFY(markdown.contains(QStringLiteral("| Metrics (last) | val/acc | 0.9824 | 0.9911 |")));
        QVERIFY(!markdown.contains(QStringLiteral("epochs")));
        window.action("compare.copyCsv")->trigger();
        QVERIFY(QApplication::clipboard()->text().contains(QStringLiteral("Params,lr,1e-3,3e-3\r\n")));
    }

    void csvQuotesAndDisarmsFormulas() {
        LoadedComparison loaded;
        loaded.comparison.runs.resize(2);
        compare::Section section;
        section.rows.push_back({"k,1", {std::string("=1+1"), std::string("say \"x\"")}, true, {}});
        section.rows.push_back({"n", {std::string("-3"), std::nullopt}, true, {}});
        loaded.comparison.sections.push_back(section);
        const QString csv = comparisonText(loaded, TextFormat::Csv, true);
        QVERIFY(csv.contains(QStringLiteral("Params,\"k,1\",'=1+1,\"say \"\"x\"\"\"\r\n")));
        QVERIFY(csv.contains(QStringLiteral("Params,n,-3,\r\n")));
    }

    void findNarrowsTheRows() {
        Lab lab;
        Window window(lab.project.path());
        QVERIFY(window.compare({lab.ids[0], lab.ids[1]}));
        window.model()->setFilter(QStringLiteral("ROTATE"));
        QCOMPARE(window.rows(ComparePart::Params), QStringList{QStringLiteral("aug.rotate|0|12|+12")});
        window.model()->setFilter({});
        QCOMPARE(window.rows(ComparePart::Params).size(), 3);
    }

    void aLiveRunIsComparedAgain() {
        Lab lab;
        Window window(lab.project.path());
        QVERIFY(window.compare({lab.ids[0], lab.ids[1]}));
        auto* sheet = window.sheet();
        sheet->code()->files()->setCurrentIndex(1);
        sheet->goToPart(ComparePart::Packages);
        sheet->setCurrentIndex(window.model()->index(0, 0, window.model()->partIndex(ComparePart::Packages)));
        const auto code = sheet->code()->diff()->document();
        auto database = store::Database::open(lab.project.path(), store::OpenMode::ReadWrite);
        VERIFY_OK(database);
        VERIFY_OK(store::RunWriter(*database).setTag(lab.ids[0], "stage", "draft"));
        QTRY_VERIFY_WITH_TIMEOUT(
            window.rows(ComparePart::Tags).contains(QStringLiteral("stage|draft|paper-table-2|")) ||
                window.rows(ComparePart::Tags)
                    .join(QString())
                    .contains(QStringLiteral("stage|draft|paper-table-2")),
            10'000);
        QCOMPARE(sheet->code()->diff()->document(), code);  // the reader's place in the code is kept
        QCOMPARE(sheet->code()->files()->currentIndex(), 1);
        QCOMPARE(window.model()->rowOf(sheet->currentIndex())->key, std::string("torch"));
    }

    void tenThousandSelectedRunsCompareTheFirst() {
        ScratchProject project;
        const auto commit = project.commit("a", "1", "One", 1);
        std::vector<test::ScratchRun> runs;
        for (int i = 0; i < 10'000; ++i) {
            runs.push_back({"r" + std::to_string(i), commit, {{"val/acc", 0.9 + 1e-6 * i}}});
        }
        const auto ids = project.addRuns(runs);
        Window window(project.path());
        QTRY_VERIFY(window.session.loaded());
        window.session.select(ids);
        QTRY_VERIFY(window.model()->comparison() != nullptr);
        QCOMPARE(window.model()->runCount(), static_cast<int>(kMostCompared));
        shoot(window.view, QStringLiteral("many"));
    }

    void withoutGitTheRestIsCompared() {
        ScratchProject project(false);
        const auto ids = project.addRuns({Lab::run("a", "", false), Lab::run("b", "", true)});
        Window window(project.path());
        QVERIFY(window.compare(ids));
        QCOMPARE(window.rows(ComparePart::Params).size(), 3);
        QVERIFY(window.model()->partIndex(ComparePart::Code).isValid());
        shoot(window.view, QStringLiteral("no-git"));
    }
};

QTEST_MAIN(TestCompareView)
#include "tst_compare_view.moc"
