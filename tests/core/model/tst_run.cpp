// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <limits>

#include "runglass/model/logged_model.h"
#include "runglass/model/run.h"
#include "runglass/model/silence.h"
#include "runglass/model/uncommitted.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::model;

class TestRun : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void summaryFollowsPoints() {
        const double nan = std::numeric_limits<double>::quiet_NaN();
        MetricSummary summary;
        summary.add({5, 100, nan});
        QVERIFY(std::isnan(summary.min) && std::isnan(summary.max));
        summary.add({4, 110, 2.0});
        summary.add({3, 120, -std::numeric_limits<double>::infinity()});
        summary.add({9, 130, nan});
        QCOMPARE(summary.count, std::uint64_t{4});
        QCOMPARE(summary.nanCount, std::uint64_t{2});
        QCOMPARE(summary.max, 2.0);
        QCOMPARE(summary.min, 2.0);  // of the finite values
        QCOMPARE(summary.infiniteCount, std::uint64_t{1});
        QVERIFY(std::isnan(summary.first) && std::isnan(summary.last));
        QCOMPARE(summary.firstStep, std::int64_t{5});
        QCOMPARE(summary.lastStep, std::int64_t{9});
        QCOMPARE(summary.lastTimeMs, std::int64_t{130});
    }
    void listFindsAndSharesRuns() {
        const auto make = [](int i, const char* name) {
            RunRecord record;
            record.id = RunId::derive(std::to_string(i));
            record.number = i;
            record.name = name;
            return std::make_shared<const RunRecord>(record);
        };
        RunList first;
        QVERIFY(!first.find(RunId::derive("0")));
        for (int i = 0; i < 1000; ++i) {
            first.push_back(make(i, "old"));
        }
        RunList second = first;
        second.replace(300, make(300, "new"));
        second.push_back(make(1000, "new"));
        QCOMPARE(first.size(), std::size_t{1000});
        QCOMPARE(second.size(), std::size_t{1001});
        QCOMPARE(first[300]->name, std::string("old"));
        QCOMPARE(second[300]->name, std::string("new"));
        QVERIFY(first[299] == second[299]);
        QVERIFY(!first.find(RunId::derive("1000")));
        std::int64_t expected = 0;
        for (const auto& run : second) {
            QCOMPARE(run->number, expected++);
            QCOMPARE(second.find(run->id).value_or(9999), static_cast<std::size_t>(run->number));
        }
        QCOMPARE(second.end() - second.begin(), std::ptrdiff_t{1001});
    }
    void lookUpByKey() {
        RunRecord record;
        for (const char* key : {"lr", "opt", "batch_size", "seed"}) {
            record.params.push_back({Symbol(key), Symbol(std::string("value of ") + key)});
        }
        record.sortKeys();
        QCOMPARE(record.param(Symbol("opt")).value_or(""), std::string_view("value of opt"));
        QVERIFY(!record.param(Symbol("none")));
        QVERIFY(record.metric(Symbol("loss")) == nullptr);
    }
    void statusNames() {
        for (const char* name : {"scheduled", "running", "finished", "failed", "killed", "lost"}) {
            QCOMPARE(statusName(*statusFromName(name)), std::string_view(name));
        }
        QVERIFY(!statusFromName("FINISHED"));
    }
    // Nobody has looked at the work tree of a run whose tool notes the commit alone.
    void unknownChangesAreNotNone() {
        model::RunRecord run;
        run.source = Symbol("mlflow");
        QVERIFY(!model::hadUncommittedChanges(run));
        run.git.commit = std::string(40, 'c');
        QVERIFY(!model::hadUncommittedChanges(run));
        run.tags = {{Symbol("mlflow.source.git.dirty"), Symbol("false")}};
        QCOMPARE(model::hadUncommittedChanges(run), std::optional(false));
        run.git.dirty = true;
        QCOMPARE(model::hadUncommittedChanges(run), std::optional(true));
        run.tags.clear();
        QCOMPARE(model::hadUncommittedChanges(run), std::optional(true));
        run.git.dirty = false;
        run.git.snapshot = run.git.commit;  // which is what a clean tree looks like
        QCOMPARE(model::hadUncommittedChanges(run), std::optional(false));
    }

    void modelsOfOneNameAreToldApart() {
        std::vector<model::LoggedModel> models(3);
        models[0].id = "m-0";
        models[0].name = "net";
        models[1].id = "m-1";
        models[1].name = "epoch";
        models[2].id = "m-2";
        models[2].name = "epoch";
        QCOMPARE(model::artifactPrefix(models[0], models), std::string("net/"));
        QCOMPARE(model::artifactPrefix(models[2], models), std::string("m-2/"));
        models[1].output = false;  // its files are those of the run that made it
        QCOMPARE(model::artifactPrefix(models[2], models), std::string("epoch/"));
        models[2].name.clear();
        QCOMPARE(model::artifactPrefix(models[2], models), std::string("m-2/"));
    }

    void durations() {
        RunRecord record;
        QVERIFY(!record.durationMs(10));
        record.startTimeMs = 100;
        record.status = RunStatus::Running;
        QCOMPARE(record.durationMs(160).value_or(-1), std::int64_t{60});
        for (const auto still : {RunStatus::Lost, RunStatus::Scheduled}) {  // MLflow has starts of those
            record.status = still;
            QVERIFY(!record.durationMs(160));
        }
        record.endTimeMs = 130;
        QCOMPARE(record.durationMs(160).value_or(-1), std::int64_t{30});
        record.status = RunStatus::Running;  // resumed after that end
        QCOMPARE(record.durationMs(160).value_or(-1), std::int64_t{60});
    }

    void lastSigns() {
        RunRecord record;
        QCOMPARE(lastSignMs(record, 1000), std::int64_t{0});
        record.startTimeMs = 100;
        for (const std::int64_t time : {50, 130, 2000}) {
            record.metrics.emplace_back().summary.lastTimeMs = time;
        }
        QCOMPARE(lastSignMs(record), std::int64_t{2000});
        QCOMPARE(lastSignMs(record, 1000), std::int64_t{130});  // not in the future
        QCOMPARE(lastSignMs(record, 120), std::int64_t{100});
        QCOMPARE(lastSignMs(record, 20), std::int64_t{100});  // and never before the start
        record.status = RunStatus::Running;
        QVERIFY(!quietForMs(record, 2000 + 59'999));
        QVERIFY(quietForMs(record, 2000 + 60'000) == 60'000);
        record.status = RunStatus::Finished;
        QVERIFY(!quietForMs(record, 2000 + 60'000));
        record = {};
        record.status = RunStatus::Running;  // nobody knows since when
        QVERIFY(!quietForMs(record, 2000 + 60'000));
    }
};

QTEST_GUILESS_MAIN(TestRun)
#include "tst_run.moc"
