// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QSignalSpy>

#include "runglass/base/clock.h"
#include "runglass/ui/runs/run_table_model.h"
#include "sample_runs.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;
using Kind = RunColumn::Kind;

namespace {

ArrangementRequest byExperiment() {
    ArrangementRequest request;
    request.groupBy = RunColumn{Kind::Experiment, {}, {}};
    return request;
}

}  // namespace

class RunTableModelTest final : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void obeysTheRulesOfModels_data() {
        QTest::addColumn<int>("count");
        QTest::newRow("none") << 0;
        QTest::newRow("one") << 1;
        QTest::newRow("hundred") << 100;
        QTest::newRow("ten thousand") << 10'000;
    }

    void obeysTheRulesOfModels() {
        QFETCH(int, count);
        RunTableModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const auto table = test::sampleTable(count);
        model.setArrangement(arrange(table, {}));
        QCOMPARE(model.rowCount(), count);
        model.setArrangement(arrange(table, byExperiment()));
        QCOMPARE(model.rowCount(), count + std::min(count, 3));
        for (int row = model.rowCount() - 1; row >= 0; --row) {
            if (model.isGroupRow(row)) {
                model.setFolded(row, true);
            }
        }
        QCOMPARE(model.rowCount(), std::min(count, 3));
        QCOMPARE(model.arrangement().shown.size(), std::size_t(count));
        if (count > 0) {
            model.setFolded(0, false);
            QVERIFY(model.rowCount() > std::min(count, 3));
        }
        model.setAllFolded(false);
        QCOMPARE(model.rowCount(), count + std::min(count, 3));
    }

    void knowsWhereARunIs() {
        RunTableModel model;
        const auto table = test::sampleTable(30);
        model.setArrangement(arrange(table, byExperiment()));
        for (const auto& run : table->runs) {
            const int row = model.rowOf(run->id);
            QVERIFY(row > 0);
            QCOMPARE(model.run(row)->number, run->number);
            QVERIFY(model.isGroupRow(model.groupRow(row)));
        }
        model.setFolded(0, true);
        QCOMPARE(model.rowOf(model.arrangement().table->runs[29]->id), -1);  // the newest run's group
        QCOMPARE(model.rowOf(RunId()), -1);
    }

    void newRunsAreInserted() {
        RunTableModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const auto columns = proposeColumns(*test::sampleTable(30));
        auto request = byExperiment();
        request.columns = columns;
        model.setArrangement(arrange(test::sampleTable(30), request));
        model.setFolded(0, true);
        const QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        const QSignalSpy inserts(&model, &QAbstractItemModel::rowsInserted);
        model.setArrangement(arrange(test::sampleTable(32), request));
        QCOMPARE(resets.count(), 1);  // run 31 belongs to another experiment, which moves to the front
        model.setArrangement(arrange(test::sampleTable(32), request));
        QCOMPARE(resets.count(), 1);
        QCOMPARE(inserts.count(), 0);

        request.groupBy.reset();
        model.setArrangement(arrange(test::sampleTable(32), request));
        const auto before = resets.count();
        model.setArrangement(arrange(test::sampleTable(40), request));
        QCOMPARE(resets.count(), before);
        QCOMPARE(inserts.count(), 1);
        QCOMPARE(model.rowCount(), 40);
        QCOMPARE(model.run(0)->number, 40);
        QCOMPARE(model.rowOf(model.run(39)->id), 39);
    }

    void aChangedRecordIsShownAtOnce() {
        RunTableModel model;
        auto table = test::sampleTable(10);
        model.setArrangement(arrange(table, {}));
        const QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        auto newer = std::make_shared<model::RunTable>(*table);
        auto renamed = std::make_shared<model::RunRecord>(*table->runs[3]);
        renamed->name = "renamed";
        newer->runs.replace(3, renamed);
        model.updateRecords(newer, {renamed->id});
        QCOMPARE(changes.count(), 1);
        const int row = model.rowOf(renamed->id);
        QCOMPARE(model.index(row, model.columnOf(Kind::Name)).data().toString(), QStringLiteral("renamed"));
    }

    void aRunThatGoesOn() {
        RunTableModel model;
        auto table = std::make_shared<model::RunTable>();
        auto run = test::sampleRun(1);
        run->status = model::RunStatus::Running;  // after an end, which it still has
        table->runs.push_back(run);
        ArrangementRequest request;
        request.columns = {{Kind::Status, {}, {}}, {Kind::Ended, {}, {}}};
        model.setArrangement(arrange(table, request));
        QCOMPARE(model.index(0, 1).data().toString(), QString());
        const auto tooltip = [&] { return model.index(0, 0).data(Qt::ToolTipRole).toString(); };
        QVERIFY2(tooltip().contains(QStringLiteral("Last")) && tooltip().contains(QStringLiteral("Ctrl+.")),
                 qPrintable(tooltip()));
        auto newer = std::make_shared<model::RunTable>();
        auto logging = std::make_shared<model::RunRecord>(*run);
        logging->startTimeMs = nowMs();
        newer->runs.push_back(logging);
        model.setArrangement(arrange(newer, request));
        QVERIFY2(!tooltip().contains(QStringLiteral("Last")), qPrintable(tooltip()));
        logging->status = model::RunStatus::Killed;
        QCOMPARE(tooltip().contains(QStringLiteral("Last")), false);
        QVERIFY(!model.index(0, 1).data().toString().isEmpty());
    }

    void showsWhatIsThere() {
        RunTableModel model;
        auto table = std::make_shared<model::RunTable>();
        auto run = test::sampleRun(1);
        run->name = "<b>bold</b>\n2";
        test::addMetric(*run, "val/acc", {0.5, 0.991749});
        test::addParam(*run, "lr", "1e-3");
        table->runs.push_back(run);
        table->metricKeys = {Symbol("val/acc")};
        table->paramKeys = {Symbol("lr")};
        ArrangementRequest request;
        request.columns = {{Kind::Name, {}, {}},
                           RunColumn::metric(Symbol("val/acc")),
                           RunColumn::param(Symbol("lr")),
                           {Kind::Duration, {}, {}},
                           RunColumn::param(Symbol("missing"))};
        model.setArrangement(arrange(table, request));
        const auto text = [&](int column) { return model.index(0, column).data().toString(); };
        QCOMPARE(text(0), QStringLiteral("<b>bold</b>␊2"));
        QCOMPARE(text(1), QStringLiteral("0.9917"));
        QCOMPARE(text(2), QStringLiteral("1e-3"));
        QCOMPARE(text(3), QStringLiteral("0m 31s"));
        QCOMPARE(text(4), QString());
        QVERIFY(model.index(0, 1)
                    .data(Qt::ToolTipRole)
                    .toString()
                    .contains(QStringLiteral("0.99174899999999999")));
        QVERIFY(!model.index(0, 0).data(Qt::ToolTipRole).toString().contains(QStringLiteral("<b>")));
        QVERIFY(!model.index(0, 0).data(Qt::ToolTipRole).toString().contains(QStringLiteral("could not")));
        auto partial = std::make_shared<model::RunRecord>(*run);
        partial->leftOut = 12;
        auto newer = std::make_shared<model::RunTable>(*table);
        newer->runs.replace(0, partial);
        model.updateRecords(newer, {partial->id});
        for (const auto role : {Qt::ToolTipRole, Qt::AccessibleTextRole}) {
            const auto said = model.index(0, 0).data(role).toString().replace(QChar::Nbsp, u' ');
            QVERIFY2(said.contains(QStringLiteral("12 record")), qPrintable(said));
        }
        QVERIFY(model.isBest(0));
    }

    void renamingIsARequest() {
        RunTableModel model;
        model.setArrangement(arrange(test::sampleTable(2), {}));
        QSignalSpy renames(&model, &RunTableModel::renameRequested);
        const auto name = model.index(0, model.columnOf(Kind::Name));
        QVERIFY(name.flags() & Qt::ItemIsEditable);
        QVERIFY(!model.setData(name, QStringLiteral("  "), Qt::EditRole));
        QVERIFY(model.setData(name, QStringLiteral("run-2"), Qt::EditRole));
        QCOMPARE(renames.count(), 0);  // unchanged
        QVERIFY(model.setData(name, QStringLiteral("baseline"), Qt::EditRole));
        QCOMPARE(renames.count(), 1);
        QCOMPARE(renames[0][1].toString(), QStringLiteral("baseline"));
        model.setEditable(false);
        QVERIFY(!(name.flags() & Qt::ItemIsEditable));
    }
};

QTEST_MAIN(RunTableModelTest)
#include "tst_run_table_model.moc"
