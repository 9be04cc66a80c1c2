// SPDX-License-Identifier: GPL-3.0-or-later
// Columns by room and decimals by choice.
#include <QApplication>
#include <QHeaderView>
#include <QSettings>
#include <QTemporaryDir>
#include <QTreeView>
#include <cmath>
#include <limits>

#include "run_table_settings.h"
#include "runglass/ui/runs/filter_field.h"
#include "runglass/ui/runs/run_table_model.h"
#include "runglass/ui/runs/run_table_pane.h"
#include "runglass/ui/session/app_settings.h"
#include "runglass/ui/theme/theme.h"
#include "sample_project.h"

using namespace runglass;
using namespace runglass::ui;

class ColumnsTest final : public test::TestCase {
    Q_OBJECT

    struct Window {
        explicit Window(const std::filesystem::path& project, int width = 760)
            : session(project) {
            pane.resize(width, 900);
            pane.setSession(&session);
            session.start();
            pane.show();
        }
        ~Window() { pane.setSession(nullptr); }
        [[nodiscard]] QTreeView* view() const {
            return pane.findChild<QTreeView*>(QStringLiteral("runTable"));
        }
        [[nodiscard]] RunTableModel* model() const { return pane.findChild<RunTableModel*>(); }
        [[nodiscard]] FilterField* filter() const { return pane.filterField(); }
        [[nodiscard]] bool shows(RunColumn::Kind kind) const {
            const int column = model()->columnOf(kind);
            return column >= 0 && !view()->header()->isSectionHidden(column);
        }
        [[nodiscard]] int metrics() const {
            int count = 0;
            for (int column = 0; column < model()->columnCount(); ++column) {
                const bool metric =
                    model()->columns()[static_cast<std::size_t>(column)].kind == RunColumn::Kind::Metric;
                count += metric && !view()->header()->isSectionHidden(column) ? 1 : 0;
            }
            return count;
        }

        ProjectSession session;
        RunTablePane pane;
    };

    QTemporaryDir m_settings;

private Q_SLOTS:
    void initTestCase() {
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_settings.path());
        Theme::install(*qApp, ThemeChoice::Light);
    }

    /// Proposed columns come and go with the room for them, none is cut, and names take the rest.
    // Views are files that people keep: names as everywhere in them, and those of before are understood.
    void viewsOfBeforeAreUnderstood() {
        RunTableSettings settings;
        settings.groupBy = RunColumn{RunColumn::Kind::Experiment, {}, {}};
        settings.sortBy = RunColumn{RunColumn::Kind::Name, {}, {}};
        auto json = settings.toJson();
        QCOMPARE(json[QLatin1String("group_by")].toString(), QStringLiteral("experiment"));
        QVERIFY(RunTableSettings::fromJson(json).groupBy == settings.groupBy);
        QVERIFY(RunTableSettings::fromJson(json).sortBy == settings.sortBy);
        for (const auto& [now, before] : {std::pair("group_by", "groupBy"), std::pair("sort_by", "sortBy")}) {
            json[QLatin1String(before)] = json.take(QLatin1String(now));
        }
        QVERIFY(RunTableSettings::fromJson(json).groupBy == settings.groupBy);
        QVERIFY(RunTableSettings::fromJson(json).sortBy == settings.sortBy);
        json[QLatin1String("group_by")] = QString();  // not grouped, whatever was before
        QVERIFY(!RunTableSettings::fromJson(json).groupBy);
    }

    void columnsFitTheTable() {
        test::SampleProject project;
        project.addTypicalRuns();
        Window window(project.path(), 448);
        QTRY_COMPARE(window.model()->rowCount(), 27);
        auto* header = window.view()->header();
        for (const int width : {448, 560, 900, 1400, 448}) {
            window.pane.resize(width, 900);
            QTest::qWait(20);
            const int room = window.view()->viewport()->width();
            QVERIFY2(header->length() <= room, qPrintable(QString::number(width)));
            QVERIFY(window.shows(RunColumn::Kind::Duration));
            QVERIFY(window.metrics() >= 1);
            const int name = window.model()->columnOf(RunColumn::Kind::Name);
            QVERIFY(header->sectionSize(name) == 420 || header->length() == room);
            const QFontMetricsF bold(Theme::current().font(TextRole::Body, 600));
            for (int column = name + 1; column < header->count(); ++column) {
                for (int row = 0; !header->isSectionHidden(column) && row < 27; ++row) {
                    const auto text = window.model()->index(row, column).data().toString();
                    QVERIFY2(window.model()->isGroupRow(row) || header->sectionSize(column) == 140 ||
                                 bold.horizontalAdvance(text) <= header->sectionSize(column),
                             qPrintable(text));
                }
            }
            QVERIFY(width != 448 || !window.shows(RunColumn::Kind::Commit));
            QVERIFY(width != 1400 || window.shows(RunColumn::Kind::Commit));
        }
        // What a person chose is shown, room or not.
        window.pane.setColumns({{RunColumn::Kind::Visibility, {}, {}},
                                {RunColumn::Kind::Name, {}, {}},
                                {RunColumn::Kind::Experiment, {}, {}},
                                {RunColumn::Kind::Started, {}, {}},
                                {RunColumn::Kind::Ended, {}, {}},
                                {RunColumn::Kind::Commit, {}, {}},
                                {RunColumn::Kind::Branch, {}, {}},
                                {RunColumn::Kind::Id, {}, {}}});
        QTRY_COMPARE(window.model()->columnCount(), 8);
        QCOMPARE(header->hiddenSectionCount(), 0);
        QVERIFY(header->length() > window.view()->viewport()->width());
    }

    // The best value of a run that diverged since is no news about it.
    void theHeaderNamesTheValueAndNanIsSeen() {
        model::MetricSummary summary;
        model::RunRecord run;
        summary.count = 3;
        summary.min = 0.25;
        summary.max = 0.5;
        summary.last = 0.5;
        auto& loss = run.metrics.emplace_back();
        loss.key = Symbol("loss");
        loss.summary = summary;
        auto column = RunColumn::metric(Symbol("loss"));
        QCOMPARE(column.statistic(), QStringLiteral("min"));
        QCOMPARE(std::get<double>(cellValue(run, column, {})), 0.25);
        loss.summary.last = std::numeric_limits<double>::quiet_NaN();
        QVERIFY(std::isnan(std::get<double>(cellValue(run, column, {}))));
        column.value = RunColumn::Value::Last;
        QCOMPARE(column.statistic(), QString());
        QCOMPARE(RunColumn::metric(Symbol("val/acc")).statistic(), QStringLiteral("max"));
    }

    void decimalsAreChosenByColumn() {
        test::SampleProject project;
        project.addTypicalRuns();
        const auto accuracy = RunColumn::metric(Symbol("val/acc"));
        const auto cell = [&](const Window& window) {
            const auto& columns = window.model()->columns();
            const auto at = std::find(columns.begin(), columns.end(), accuracy) - columns.begin();
            QString text;
            for (int row = 0; row < window.model()->rowCount() && !text.contains(QLatin1Char('.')); ++row) {
                text = window.model()->index(row, static_cast<int>(at)).data().toString();
            }
            return text;
        };
        const auto decimals = [&](const Window& window) {
            const auto text = cell(window);
            return text.size() - text.indexOf(QLatin1Char('.')) - 1;
        };
        {
            Window window(project.path());
            QTRY_COMPARE(window.model()->rowCount(), 27);
            QCOMPARE(decimals(window), qsizetype{4});
            window.pane.setDecimals(accuracy, 6);
            QTRY_COMPARE(decimals(window), qsizetype{6});
        }
        Window again(project.path());  // kept with the project
        QTRY_COMPARE(again.model()->rowCount(), 27);
        QTRY_COMPARE(decimals(again), qsizetype{6});
        again.pane.setDecimals(accuracy, std::nullopt);
        QTRY_COMPARE(decimals(again), qsizetype{4});
    }
};

QTEST_MAIN(ColumnsTest)
#include "tst_columns.moc"
