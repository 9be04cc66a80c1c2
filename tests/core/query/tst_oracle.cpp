// SPDX-License-Identifier: GPL-3.0-or-later
// Random filters over random runs, against SQLite: the same data in a table, the same filter as a WHERE
// clause that is written beside it. SQL knows three truth values where the language knows two, hence the
// coalesce; NaN is NULL there.
#include <cmath>
#include <limits>
#include <random>

#include "query_support.h"
#include "runglass/base/text.h"

using namespace runglass;
using namespace runglass::test;

namespace {

struct Pair {
    std::string filter;
    std::string sql;
};

class Generator {
public:
    explicit Generator(unsigned seed)
        : m_random(seed) {}

    int below(int n) { return static_cast<int>(m_random() % static_cast<unsigned>(n)); }
    template <typename T>
    const T& pick(const std::vector<T>& from) {
        return from[static_cast<std::size_t>(below(static_cast<int>(from.size())))];
    }

    Pair expression(int depth) {
        switch (depth == 0 ? 3 : below(5)) {
            case 0:
                return join(depth, "and");
            case 1:
                return join(depth, "or");
            case 2: {
                const auto inner = expression(depth - 1);
                return {"not (" + inner.filter + ")", "NOT (" + inner.sql + ")"};
            }
            default:
                return comparison();
        }
    }

private:
    Pair join(int depth, const std::string& word) {
        const auto left = expression(depth - 1);
        const auto right = expression(depth - 1);
        return {"(" + left.filter + ") " + word + " (" + right.filter + ")",
                "(" + left.sql + ") " + word + " (" + right.sql + ")"};
    }

    Pair comparison() {
        switch (below(7)) {
            case 0:
            case 1:
                return metric();
            case 2:
                return param();
            case 3:
                return list();
            case 4:
                return pattern();
            case 5:
                return null();
            default:
                return attribute();
        }
    }

    static Pair total(const std::string& filter, const std::string& sql) {
        return {filter, "coalesce(" + sql + ", 0)"};
    }

    Pair metric() {
        const auto key = pick<std::string>({"loss", "acc"});
        const auto op = pick<std::string>({"<", "<=", "=", "!=", ">", ">="});
        const auto value = pick<std::string>({"0", "0.25", "-1", "0.5", "1e-3"});
        return total("metrics." + key + " " + op + " " + value, key + " " + op + " " + value);
    }
    Pair param() {
        if (below(2) == 0) {
            const auto op = pick<std::string>({"=", "!=", "<", ">="});
            const auto value = pick<std::string>({"adam", "sgd", "it''s", ""});
            return total("params.opt " + op + " '" + value + "'", "opt " + op + " '" + value + "'");
        }
        const auto op = pick<std::string>({"=", "!=", "<", "<=", ">", ">="});
        const auto value = pick<std::string>({"9", "10", "64"});  // batch sizes are always numbers here
        return total("params.batch " + op + " " + value, "CAST(batch AS REAL) " + op + " " + value);
    }
    Pair list() {
        const auto in = pick<std::string>({" in ", " not in "});
        const auto values = pick<std::string>({"('adam')", "('sgd', 'rmsprop')", "('it''s', '')"});
        return total("params.opt" + in + values, "opt" + in + values);
    }
    Pair pattern() {
        const auto like = pick<std::string>({" like ", " not like "});
        const auto value = pick<std::string>({"'%a%'", "'_d%'", "'%'", "'sgd'", "'%s'", "'a__m'"});
        return total("params.opt" + like + value, "opt" + like + value);
    }
    Pair null() {
        const auto is = pick<std::string>({" is null", " is not null"});
        return {"params.opt" + is, "opt" + is};
    }
    Pair attribute() {
        if (below(2) == 0) {
            const auto op = pick<std::string>({"=", "!="});
            const auto value = pick<std::string>({"finished", "failed", "running"});
            return total("status " + op + " '" + value + "'", "status " + op + " '" + value + "'");
        }
        const auto op = pick<std::string>({"<", ">="});
        const int minutes = below(10);
        return total("duration " + op + " " + std::to_string(minutes) + "m",
                     "(ended - started) " + op + " " + std::to_string(minutes * 60'000));
    }

    std::mt19937 m_random;
};

std::string sqlNumber(double value) {
    return std::isnan(value) ? "NULL" : formatDouble(value);
}

}  // namespace

class TestOracle : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void agreesWithSqlite() {
        Generator random(20'261'117);
        std::vector<model::RunRecord> runs;
        std::string script =
            "PRAGMA case_sensitive_like=1;\nCREATE TABLE r(n INTEGER PRIMARY KEY, loss REAL, acc REAL, opt "
            "TEXT, "
            "batch TEXT, status TEXT, started INTEGER, ended INTEGER);\n";
        for (int i = 0; i < 400; ++i) {
            runs.push_back(randomRun(random, i, script));
        }
        std::vector<Pair> pairs;
        for (int i = 0; i < 600; ++i) {
            pairs.push_back(random.expression(3));
            script += "SELECT coalesce(group_concat(n), '') FROM (SELECT n FROM r WHERE " + pairs.back().sql +
                      " ORDER BY n);\n";
        }
        const auto sqlite = test::runProcess({"sqlite3", "-batch", ":memory:"}, {}, script);
        QVERIFY2(sqlite.exitCode == 0 && sqlite.err.empty(), sqlite.err.c_str());
        const auto answers = QString::fromStdString(sqlite.out).split(QLatin1Char('\n'));
        QCOMPARE(answers.size(), static_cast<qsizetype>(pairs.size()) + 1);
        std::size_t matched = 0;
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            const auto filter = filterOf(pairs[i].filter);
            std::string numbers;
            for (const auto& run : runs) {
                if (filter.matches(run, 0)) {
                    numbers += (numbers.empty() ? "" : ",") + std::to_string(run.number);
                    ++matched;
                }
            }
            QVERIFY2(QString::fromStdString(numbers) == answers[static_cast<qsizetype>(i)],
                     pairs[i].filter.c_str());
        }
        QVERIFY(matched > 10'000 &&
                matched < 230'000);  // neither all nor nothing: the comparison means something
    }

private:
    static model::RunRecord randomRun(Generator& random, int number, std::string& script) {
        model::RunRecord run;
        run.number = number;
        std::string columns = std::to_string(number);
        for (const char* key : {"loss", "acc"}) {
            const int kind = random.below(8);
            double value = random.pick<double>({0, 0.25, -1, 0.5, 1e-3, 0.1, 1e300});
            if (kind == 0) {
                value = std::numeric_limits<double>::quiet_NaN();
            }
            if (kind != 1) {
                addMetric(run, key, {value});
            }
            columns += ", " + (kind == 1 ? std::string("NULL") : sqlNumber(value));
        }
        const auto opt = random.pick<std::string>({"adam", "sgd", "rmsprop", "", "it's", "ÄDAM"});
        const bool hasOpt = random.below(4) != 0;
        const auto batch = random.pick<std::string>({"8", "9", "10", "64", "128"});
        addParams(run, hasOpt ? Pairs{{"opt", opt}, {"batch", batch}} : Pairs{{"batch", batch}});
        columns += hasOpt ? (opt == "it's" ? ", 'it''s'" : ", '" + opt + "'") : ", NULL";
        columns += ", '" + batch + "'";
        run.status = random.pick<model::RunStatus>(
            {model::RunStatus::Finished, model::RunStatus::Failed, model::RunStatus::Killed});
        columns += ", '" + std::string(model::statusName(run.status)) + "'";
        run.startTimeMs = 1'000 + random.below(1'000'000);
        columns += ", " + std::to_string(*run.startTimeMs);
        if (random.below(5) != 0) {
            run.endTimeMs = *run.startTimeMs + random.below(600'000);
        }
        columns += ", " + (run.endTimeMs ? std::to_string(*run.endTimeMs) : std::string("NULL"));
        script += "INSERT INTO r VALUES(" + columns + ");\n";
        return run;
    }
};

QTEST_GUILESS_MAIN(TestOracle)
#include "tst_oracle.moc"
