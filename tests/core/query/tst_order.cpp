// SPDX-License-Identifier: GPL-3.0-or-later
#include <limits>

#include "query_support.h"

using namespace runglass;
using namespace runglass::test;

namespace {

model::SharedRun make(const std::string& name, std::optional<double> loss, const std::string& lr,
                      std::int64_t start) {
    auto run = std::make_shared<model::RunRecord>();
    run->id = RunId::derive(name);
    run->name = name;
    run->startTimeMs = start;
    if (loss) {
        addMetric(*run, "loss", {*loss});
    }
    if (!lr.empty()) {
        addParams(*run, {{"lr", lr}});
    }
    return run;
}

std::vector<model::SharedRun> runs() {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double inf = std::numeric_limits<double>::infinity();
    return {make("a", 0.5, "10", 1),    make("b", nan, "9", 2), make("c", {}, "1e1", 3),
            make("d", -inf, "auto", 4), make("e", 0.1, "", 5),  make("f", 0.5, "2", 6)};
}

std::string sorted(std::string_view keys) {
    auto order = query::Order::parse(keys);
    if (const auto* error = std::get_if<query::FilterError>(&order)) {
        return error->message;
    }
    auto rows = runs();
    std::get<query::Order>(order).sort(rows, 0);
    std::string names;
    for (const auto& run : rows) {
        names += run->name;
    }
    // less() must agree with sort().
    for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
        if (std::get<query::Order>(order).less(*rows[i + 1], *rows[i], 0)) {
            return "less() disagrees at " + names;
        }
    }
    return names;
}

}  // namespace

class TestOrder : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void orders() {
        QCOMPARE(sorted(""), std::string("abcdef"));
        // −inf, 0.1, 0.5 twice (the later start first), NaN, missing
        QCOMPARE(sorted("metrics.loss"), std::string("defabc"));
        QCOMPARE(sorted("metrics.loss ASC"), std::string("defabc"));
        QCOMPARE(sorted("metrics.loss desc"), std::string("faedbc"));
        QCOMPARE(sorted("metrics.loss desc, start"), std::string("afedbc"));
        QCOMPARE(sorted("name DESC"), std::string("fedcba"));
        // numbers as numbers, before text; 10 and 1e1 are equal, so the later start comes first
        QCOMPARE(sorted("params.lr"), std::string("fbcade"));
        QCOMPARE(sorted("params.lr desc"), std::string("dcabfe"));
        QCOMPARE(sorted("tags.none"), std::string("fedcba"));
    }
    void errors() {
        const auto error = [](std::string_view text) {
            return std::get<query::FilterError>(query::Order::parse(text));
        };
        QCOMPARE(error("metrics.loss down").position, std::size_t{13});
        QCOMPARE(error("name,").position, std::size_t{5});
        QCOMPARE(error("nonsense").position, std::size_t{0});
    }
    void fieldsReadBack() {
        for (const char* text : {"metrics.val/acc", "min(metrics.loss)", "params.`odd key`",
                                 "tags.mlflow.user", "git.commit", "status", "params.`a``b`"}) {
            const auto field = query::Field::parse(text);
            QVERIFY(std::holds_alternative<query::Field>(field));
            QCOMPARE(std::get<query::Field>(field).text(), std::string(text));
        }
        QCOMPARE(std::get<query::Field>(query::Field::parse("attributes.`Run name`")).text(),
                 std::string("name"));
    }
};

QTEST_GUILESS_MAIN(TestOrder)
#include "tst_order.moc"
