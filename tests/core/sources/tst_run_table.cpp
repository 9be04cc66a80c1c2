// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/sources/run_table.h"

#include "fake_format.h"
#include "support/test.h"

using namespace runglass;
using Order = sources::RunTableBuilder::Order;

namespace {

model::SharedRun run(const char* name, std::int64_t startMs, const char* source) {
    auto record = std::make_shared<model::RunRecord>();
    record->id = RunId::derive(name);
    record->name = name;
    record->startTimeMs = startMs;
    record->source = Symbol(source);
    record->params = {{Symbol(std::string("param of ") + source), Symbol("1")}};
    return record;
}

model::SharedRunTable table(const std::vector<model::SharedRun>& runs) {
    auto made = std::make_shared<model::RunTable>();
    for (const auto& one : runs) {
        made->runs.push_back(one);
        made->paramKeys = {one->params[0].key};
    }
    return made;
}

sources::SharedForeignRuns foreign(std::vector<model::SharedRun> runs) {
    auto made = std::make_shared<sources::ForeignRuns>();
    made->runs = std::move(runs);
    return made;
}

std::string namesOf(const model::SharedRunTable& table) {
    std::string names;
    for (const auto& one : table->runs) {
        names += one->name + " ";
    }
    return names;
}

}  // namespace

class TestRunTable : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void mixesByStartAndThenKeepsPlaces() {
        sources::RunTableBuilder builder;
        const auto own = table({run("o1", 10, "runglass"), run("o2", 30, "runglass")});
        const auto first = builder.build(own, foreign({run("f1", 5, "mlflow"), run("f2", 20, "mlflow")}), {},
                                         Order::ByStart);
        QCOMPARE(namesOf(first), std::string("f1 o1 f2 o2 "));
        QCOMPARE(first->paramKeys.size(), std::size_t{2});
        const auto found = foreign({run("f0", 1, "mlflow"), run("f1", 5, "mlflow")});
        QCOMPARE(namesOf(builder.build(own, found, {}, Order::Kept)), std::string("f1 o1 o2 f0 "));
        QCOMPARE(namesOf(builder.build(own, found, {}, Order::ByStart)), std::string("f0 f1 o1 o2 "));
    }

    void theRunDatabaseWins() {
        sources::RunTableBuilder builder;
        const auto own = table({run("same", 10, "runglass")});
        const auto built = builder.build(own, foreign({run("same", 10, "mlflow")}), {}, Order::ByStart);
        QCOMPARE(built->runs.size(), std::size_t{1});
        QCOMPARE(built->runs[0]->source.str(), std::string("runglass"));
    }

    void marksLieOverForeignRunsOnly() {
        sources::RunTableBuilder builder;
        const auto own = table({run("mine", 10, "runglass")});
        const auto theirs = foreign({run("theirs", 20, "mlflow")});
        store::Mark mark;
        mark.id = RunId::derive("theirs");
        mark.starred = true;
        const auto marked = builder.build(own, theirs, {mark}, Order::ByStart);
        QVERIFY(marked->runs[1]->starred);
        QVERIFY(!theirs->runs[0]->starred);
        QVERIFY(builder.build(own, theirs, {mark}, Order::Kept)->runs[1] == marked->runs[1]);
        QVERIFY(builder.build(own, theirs, {}, Order::Kept)->runs[1] == theirs->runs[0]);
    }

    void resolvesIdsPrefixesAndNames() {
        const auto all = table({run("alpha", 1, "mlflow"), run("beta", 2, "mlflow")});
        const auto id = RunId::derive("alpha");
        QVERIFY(*sources::resolveRun(*all, id.hex()) == id);
        QVERIFY(*sources::resolveRun(*all, id.hex().substr(0, 6)) == id);
        QVERIFY(*sources::resolveRun(*all, "alpha") == id);
        QVERIFY(sources::resolveRun(*all, id.hex().substr(0, 3)).error().code == ErrorCode::NotFound);
        QVERIFY(sources::resolveRun(*all, "gamma").error().code == ErrorCode::NotFound);
        auto twice = std::make_shared<model::RunTable>(*all);
        auto same = std::make_shared<model::RunRecord>(*run("other", 3, "mlflow"));
        same->name = "alpha";
        twice->runs.push_back(same);
        const auto unclear = sources::resolveRun(*twice, "alpha");
        QVERIFY(unclear.error().code == ErrorCode::Ambiguous);
        QVERIFY(unclear.error().message.find(id.shortHex()) != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestRunTable)
#include "tst_run_table.moc"
