// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSet>
#include <limits>
#include <optional>

#include "runglass/ui/runs/arrangement.h"
#include "sample_runs.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;
using Kind = RunColumn::Kind;

namespace {

std::vector<int> numbers(const Arrangement& arrangement, std::size_t group = 0) {
    std::vector<int> out;
    for (const auto i : arrangement.groups.at(group).members) {
        out.push_back(static_cast<int>(arrangement.table->runs[static_cast<std::size_t>(i)]->number));
    }
    return out;
}

RunColumn column(Kind kind) {
    return {kind, {}, {}};
}

/// Five runs: two of experiment a, three of b.
std::shared_ptr<model::RunTable> fiveRuns() {
    auto table = std::make_shared<model::RunTable>();
    const char* lr[] = {"10", "9", "1e-1", "auto", ""};
    const double acc[] = {0.5, 0.75, std::numeric_limits<double>::quiet_NaN(), 0.25, 0.75};
    for (int i = 0; i < 5; ++i) {
        auto run = test::sampleRun(i + 1, i < 2 ? "a" : "b");
        test::addMetric(*run, "val/acc", {acc[i]});
        if (*lr[i] != '\0') {
            test::addParam(*run, "lr", lr[i]);
        }
        table->runs.push_back(run);
    }
    table->metricKeys = {Symbol("val/acc")};
    table->paramKeys = {Symbol("lr")};
    return table;
}

}  // namespace

class ArrangementTest final : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void newestFirst() {
        QCOMPARE(numbers(*arrange(fiveRuns(), {})), (std::vector<int>{5, 4, 3, 2, 1}));
        QCOMPARE(numbers(*arrange(test::sampleTable(0), {})), std::vector<int>{});
    }

    // Imported runs come last and may have started first; what is scheduled has yet to start.
    void newestIsWhatStartedLast() {
        const auto table = fiveRuns();
        const std::optional<std::int64_t> starts[] = {3'000, 1'000, std::nullopt, 2'000, std::nullopt};
        for (std::size_t i = 0; i < 5; ++i) {
            auto run = std::make_shared<model::RunRecord>(*table->runs[i]);
            run->startTimeMs = starts[i];
            run->status = i == 4 ? model::RunStatus::Scheduled : model::RunStatus::Finished;
            table->runs.replace(i, run);
        }
        QCOMPARE(numbers(*arrange(table, {})), (std::vector<int>{5, 1, 4, 2, 3}));
        ArrangementRequest request;
        request.groupBy = column(Kind::Experiment);
        auto ended = std::make_shared<model::RunRecord>(*table->runs[4]);
        ended->status = model::RunStatus::Killed;
        table->runs.replace(4, ended);
        const auto groups = arrange(table, request)->groups;
        QCOMPARE(groups.at(0).title, QStringLiteral("a"));
        QCOMPARE(groups.at(1).title, QStringLiteral("b"));
    }

    void numbersSortAsNumbersBeforeTextBeforeNothing() {
        ArrangementRequest request;
        request.sortBy = RunColumn::param(Symbol("lr"));
        QCOMPARE(numbers(*arrange(fiveRuns(), request)), (std::vector<int>{3, 2, 1, 4, 5}));
        request.descending = true;  // what is missing stays last
        QCOMPARE(numbers(*arrange(fiveRuns(), request)), (std::vector<int>{1, 2, 3, 4, 5}));
    }

    void nanSortsLastAndEqualValuesNewestFirst() {
        ArrangementRequest request;
        request.sortBy = RunColumn::metric(Symbol("val/acc"));
        request.descending = true;
        QCOMPARE(numbers(*arrange(fiveRuns(), request)), (std::vector<int>{5, 2, 1, 4, 3}));
    }

    void groupsWithStatistics() {
        ArrangementRequest request;
        request.groupBy = column(Kind::Experiment);
        request.columns = {column(Kind::Name), RunColumn::metric(Symbol("val/acc"))};
        const auto result = arrange(fiveRuns(), request);
        QCOMPARE(result->groups.size(), std::size_t(2));
        QCOMPARE(result->groups[0].title, QStringLiteral("b"));  // has the newest run
        QCOMPARE(numbers(*result, 0), (std::vector<int>{5, 4, 3}));
        const auto& statistics = result->groups[0].statistics;
        QCOMPARE(statistics.n, 2);  // NaN is no value
        QCOMPARE(statistics.best, std::optional(0.75));
        QCOMPARE(statistics.mean, 0.5);
        QCOMPARE(statistics.deviation, std::sqrt(0.125));  // of 0.25 and 0.75, by hand
        QCOMPARE(result->groups[0].bestMember, 4);
    }

    void groupsByParamInOrderOfValue() {
        ArrangementRequest request;
        request.groupBy = RunColumn::param(Symbol("lr"));
        const auto result = arrange(fiveRuns(), request);
        QStringList titles;
        for (const auto& group : result->groups) {
            titles << group.title;
        }
        QCOMPARE(titles, (QStringList{QStringLiteral("1e-1"), QStringLiteral("9"), QStringLiteral("10"),
                                      QStringLiteral("auto"), QString()}));
    }

    // Run 2 and 3 are nested in 1, 4 in 2; 5 is in one that is gone.
    void groupsByFamily() {
        auto table = std::make_shared<model::RunTable>();
        const int parents[] = {0, 1, 1, 2, 99, 0};
        for (int i = 1; i <= 6; ++i) {
            auto run = test::sampleRun(i);
            if (const int parent = parents[i - 1]; parent > 0) {
                run->parent = RunId::derive("run " + std::to_string(parent));
            }
            table->runs.push_back(run);
        }
        ArrangementRequest request;
        request.groupBy = column(Kind::Parent);
        const auto result = arrange(table, request);
        QCOMPARE(result->groups.size(), std::size_t(3));
        const auto gone = RunId::derive("run 99");
        QCOMPARE(result->groups[0].title, QString::fromStdString(gone.shortHex()));
        QCOMPARE(numbers(*result, 0), (std::vector<int>{5}));
        QCOMPARE(result->groups[1].title, QStringLiteral("run-1"));
        QCOMPARE(numbers(*result, 1), (std::vector<int>{1, 4, 3, 2}));  // the top first
        QCOMPARE(result->groups[2].title, QStringLiteral("Not nested"));
        QCOMPARE(numbers(*result, 2), (std::vector<int>{6}));

        const CellContext context{0, table.get()};
        const auto parentOf = [&](std::size_t i) {
            return cellText(*table->runs[i], column(Kind::Parent), 0, context);
        };
        QCOMPARE(parentOf(0), QString());
        QCOMPARE(parentOf(3), QStringLiteral("run-2"));
        QCOMPARE(parentOf(4), QString::fromStdString(gone.shortHex()));
    }

    // Two sweeps of one name are two families; files of other tools may name each other in a circle.
    void familiesAreToldApartById() {
        auto table = std::make_shared<model::RunTable>();
        const int parents[] = {0, 0, 1, 2, 6, 5};
        for (int i = 1; i <= 6; ++i) {
            auto run = test::sampleRun(i);
            run->name = "sweep";
            if (const int parent = parents[i - 1]; parent > 0) {
                run->parent = RunId::derive("run " + std::to_string(parent));
            }
            table->runs.push_back(run);
        }
        ArrangementRequest request;
        request.groupBy = column(Kind::Parent);
        const auto groups = arrange(table, request)->groups;
        QVERIFY(groups.size() >= 3);
        std::size_t members = 0;
        QSet<QString> keys;
        for (const auto& group : groups) {
            QCOMPARE(group.title, QStringLiteral("sweep"));
            members += group.members.size();
            keys.insert(group.key);
        }
        QCOMPARE(members, std::size_t(6));
        QCOMPARE(static_cast<std::size_t>(keys.size()), groups.size());
    }

    void archivedRunsAreLeftOut() {
        auto table = fiveRuns();
        auto archived = std::make_shared<model::RunRecord>(*table->runs[2]);
        archived->archived = true;
        table->runs.replace(2, archived);
        QCOMPARE(numbers(*arrange(table, {})), (std::vector<int>{5, 4, 2, 1}));
        QCOMPARE(arrange(table, {})->candidates, std::size_t(4));
        ArrangementRequest request;
        request.showArchived = true;
        QCOMPARE(numbers(*arrange(table, request)).size(), std::size_t(5));
    }

    void proposesColumnsThatVary() {
        const auto table = test::sampleTable(30);
        const auto columns = proposeColumns(*table);
        const auto has = [&](const RunColumn& wanted) {
            return std::find(columns.begin(), columns.end(), wanted) != columns.end();
        };
        QVERIFY(has({Kind::Metric, Symbol("val/acc"), RunColumn::Value::Max}));
        QVERIFY(has({Kind::Metric, Symbol("val/loss"), RunColumn::Value::Min}));
        QVERIFY(has(RunColumn::param(Symbol("lr"))));
        QVERIFY(!has(RunColumn::param(Symbol("data"))));  // the same in all runs
        QCOMPARE(proposeColumns(model::RunTable{}).size(), std::size_t(5));
        QVERIFY(!has(column(Kind::Parent)));
        auto nested = std::make_shared<model::RunRecord>(*table->runs[1]);
        nested->parent = table->runs[0]->id;
        table->runs.replace(1, nested);
        const auto withParent = proposeColumns(*table);
        QVERIFY(std::find(withParent.begin(), withParent.end(), column(Kind::Parent)) != withParent.end());
    }

    void proposesNoColumnOfTheMachine() {
        model::RunTable table;
        auto run = std::make_shared<model::RunRecord>();
        for (const auto* key : {"epoch", "system/cpu_percent", "system/io_error", "system/eval_acc"}) {
            run->metrics.push_back({Symbol(key), {}});
            table.metricKeys.emplace_back(key);
        }
        table.runs.push_back(run);
        QStringList metrics;
        for (const auto& column : proposeColumns(table)) {
            if (column.kind == Kind::Metric) {
                metrics << QString::fromStdString(column.key.str());
            }
        }
        QCOMPARE(metrics, QStringList{QStringLiteral("epoch")});
    }

    void columnsShareDecimalsAndAlignment() {
        auto table = fiveRuns();
        ArrangementRequest request;
        request.columns = {RunColumn::metric(Symbol("val/acc")), RunColumn::param(Symbol("lr")),
                           column(Kind::Name)};
        auto result = arrange(table, request);
        QCOMPARE(result->formats[0].decimals, 4);
        QVERIFY(result->formats[0].alignRight);
        QVERIFY(!result->formats[1].alignRight);  // one value is a word
        QVERIFY(!result->formats[2].alignRight);
    }

    void columnsSurviveAsText() {
        const std::vector<RunColumn> columns{column(Kind::Name),
                                             {Kind::Metric, Symbol("val/acc:top.5"), RunColumn::Value::Max},
                                             RunColumn::param(Symbol("model.depth")),
                                             RunColumn::tag(Symbol("")),
                                             column(Kind::Duration)};
        for (const auto& wanted : columns) {
            if (wanted.kind == Kind::Tag) {
                continue;  // an empty key is no column
            }
            QVERIFY(RunColumn::fromText(wanted.toText()) == wanted);
        }
        for (const char* bad : {"", "nonsense", "metric:x", "metric.best:x", "param", "name:x"}) {
            QVERIFY2(!RunColumn::fromText(QString::fromLatin1(bad)), bad);
        }
    }

    void stops() {
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(!arrange(fiveRuns(), {}, stop.get_token()));
    }
};

QTEST_MAIN(ArrangementTest)
#include "tst_arrangement.moc"
