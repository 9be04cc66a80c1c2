// SPDX-License-Identifier: GPL-3.0-or-later
// Each case was worked out by hand from MLflow's search documentation and DESIGN §8.
#include <limits>

#include "query_support.h"

using namespace runglass;
using namespace runglass::test;

namespace {

constexpr std::int64_t kNow = 1'794'873'600'000;  // 2026-11-17T00:00:00Z

model::RunRecord sample() {
    model::RunRecord run;
    run.id = *RunId::fromHex("8f3a1c2077aa01b2c41b07e9000000ff");
    run.number = 7;
    run.name = "cnn-lr3e-3 über";
    run.experiment = Symbol("digits");
    run.source = Symbol("runglass");
    run.status = model::RunStatus::Finished;
    run.exitCode = 0;
    run.startTimeMs = kNow - 7'200'000;          // 2026-11-16T22:00:00Z
    run.endTimeMs = kNow - 7'200'000 + 401'000;  // 6m41s later
    run.git.commit = "4c1e9f2a00000000000000000000000000000000";
    run.git.branch = "main";
    run.git.dirty = true;
    run.starred = true;
    addParams(run, {{"lr", "3e-3"},
                    {"batch_size", "10"},
                    {"opt", "adam"},
                    {"note", ""},
                    {"odd key", "it's"},
                    {"optimizer.weight-decay", "0.01"},
                    {"`", "tick"}});
    addTags(run, {{"stage", "production"}, {"mlflow.user", "ada"}});
    addMetric(run, "val/acc", {0.5, 0.91, 0.9});
    addMetric(run, "loss", {std::numeric_limits<double>::quiet_NaN()});
    addMetric(run, "best.f1-score", {1});
    addMetric(run, "grad norm", {std::numeric_limits<double>::infinity()});
    return run;
}

}  // namespace

class TestFilter : public test::TestCase {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { qputenv("TZ", "UTC"); }

    void matches_data() {
        QTest::addColumn<QString>("filter");
        QTest::addColumn<bool>("expected");
        const auto row = [](const char* filter, bool expected) {
            QTest::newRow(filter) << QString::fromUtf8(filter) << expected;
        };
        row("", true);
        row("  \n", true);
        // metrics: the last value, keys with any of MLflow's characters
        row("metrics.val/acc = 0.9", true);
        row("metrics.val/acc > 0.9", false);
        row("metrics.val/acc >= 0.9", true);
        row("metric.val/acc<1", true);
        row("metrics.\"val/acc\" != 0.5", true);
        row("metrics.`val/acc` <> 0.9", false);
        row("metrics.best.f1-score == 1", true);
        row("metrics.`grad norm` > 1e308", true);
        row("metrics.\"grad norm\" = inf", true);
        row("metrics.val/acc > -1", true);
        row("metrics.val/acc in (0.5, 0.9)", true);
        row("metrics.val/acc not in (0.5, 0.91)", true);
        row("max(metrics.val/acc) = 0.91", true);
        row("MIN(metrics.`val/acc`) = 0.5 and first(metrics.val/acc) = 0.5", true);
        row("count(metrics.val/acc) = 3 and last_step(metrics.val/acc) = 2", true);
        row("nan_count(metrics.loss) = 1", true);
        // NaN and what is missing satisfy no comparison
        row("metrics.loss < 1", false);
        row("metrics.loss != 1", false);
        row("metrics.loss is nan", true);
        row("metrics.loss is null", false);
        row("metrics.loss is not nan", false);
        row("metrics.val/acc is not nan", true);
        row("metrics.none is not nan", false);
        row("metrics.none != 1", false);
        row("metrics.none is null", true);
        row("metrics.none is not null", false);
        row("not metrics.none > 1", true);
        row("params.none != 'a'", false);
        row("params.none not in ('a')", false);
        row("params.none not like 'a'", false);
        // params: text, and numbers where both sides are
        row("params.opt = 'adam'", true);
        row("params.opt = \"adam\"", true);
        row("params.opt = adam", true);
        row("params.opt = 'Adam'", false);
        row("param.opt != 'sgd'", true);
        row("parameters.opt in ('sgd', 'adam')", true);
        row("params.opt not in ('sgd')", true);
        row("params.lr = '3e-3'", true);
        row("params.lr = '0.003'", false);
        row("params.lr = 0.003", true);
        row("params.lr < 0.01", true);
        row("params.lr < '0.01'", true);
        row("params.batch_size > 9", true);
        row("params.batch_size > '9'", true);   // as text it would be less
        row("params.batch_size > 'a'", false);  // text against text
        row("params.opt > 1", false);
        row("params.opt != 1", true);
        row("params.optimizer.weight-decay = 0.01", true);
        row("params.note = ''", true);
        row("params.note is null", false);
        row("params.`odd key` = 'it''s'", true);
        row("params.```` = 'tick'", true);
        row("params.opt < 'b' and params.opt > 'a'", true);
        // tags and like
        row("tags.stage like 'prod%'", true);
        row("tags.stage like 'PROD%'", false);
        row("tags.stage ilike 'PROD%'", true);
        row("tags.stage LIKE '%duct%'", true);
        row("tags.stage like 'p_oduction'", true);
        row("tags.stage like 'production_'", false);
        row("tags.stage not like '%x%'", true);
        row("tags.stage not ilike 'PRO%'", false);
        row("tags.mlflow.user = 'ada' and user = 'ada'", true);
        row("name like '%lr3e-3 _ber'", true);  // one _ is one character, not one byte
        row("name like '%'", true);
        row("name like ''", false);
        row("params.note like ''", true);
        row("name like '%%r%%'", true);
        // attributes and their aliases
        row("status = 'finished'", true);
        row("status = 'FINISHED'", true);
        row("attributes.status != failed", true);
        row("status in ('running', 'finished')", true);
        row("status like 'fin%'", true);
        row("run.name like 'cnn%'", true);
        row("run_name like 'cnn%' and attribute.`run name` ilike 'CNN%' and \"Run name\" like 'c%'", true);
        row("experiment = 'digits' and source = runglass", true);
        row("exit_code = 0", true);
        row("signal is null", true);
        row("number = 7", true);
        row("run_id = '8f3a1c2077aa01b2c41b07e9000000ff'", true);
        row("id = 8F3A1C20", true);
        row("id != '8f3a'", false);
        row("git.commit = '4c1e9f2'", true);
        row("git.commit = 4c1e9f2", true);
        row("git.commit = 4c1e", true);
        row("git.commit != 'aaaa'", true);
        row("git.commit in (aaaa, 4c1e9f2)", true);
        row("git.commit not in (aaaa, bbbb)", true);
        row("git.commit like '4c1e%'", true);
        row("git.branch = 'main'", true);
        row("git.snapshot is null", true);
        row("git.dirty", true);
        row("git.dirty = true", true);
        row("git.dirty = FALSE", false);
        row("git.dirty is not null", true);
        row("not git.dirty or archived", false);
        row("starred and not archived", true);
        row("starred != false", true);
        // durations: seconds, or with units
        row("duration = 401", true);
        row("duration > 6m and duration < 7min", true);
        row("duration = 6m41s", true);
        row("duration < 0.2h", true);
        row("duration >= '401s'", true);
        row("duration = 401000ms", true);
        row("duration < 1d and duration < 1w", true);
        // times: milliseconds, dates as wide as they are written, ages
        row("start = 1794866400000", true);
        row("start_time >= 1794866400000", true);
        row("created > 1794866400000", false);
        row("start = '2026-11-16'", true);
        row("start = 2026-11-16", true);
        row("start = 2026-11", true);
        row("start < '2026-11-16'", false);
        row("start <= '2026-11-16'", true);
        row("start > '2026-11-16'", false);
        row("start >= '2026-11-16'", true);
        row("start != '2026-11-16'", false);
        row("start < '2026-11-17'", true);
        row("start = '2026-11-16 22:00'", true);
        row("start = '2026-11-16T22:00:00.000Z'", true);
        row("start = '2026-11-16T23:00:00+01:00'", true);
        row("start = '2026-11-16T23:00:00'", false);
        row("start > -3h", true);
        row("start > '-1h'", false);
        row("end < -1h", true);
        row("start in (1)", false);
        // logic: and before or, not before and
        row("starred or archived and archived", true);
        row("(starred or archived) and archived", false);
        row("not archived and starred", true);
        row("not (archived or starred)", false);
        row("not not starred", true);
        row("NOT archived AND Starred Or archived", true);
        row("metrics.val/acc>0.5and starred", false);
    }
    void matches() {
        QFETCH(QString, filter);
        QFETCH(bool, expected);
        const auto text = filter.toStdString();
        if (text == "start in (1)" || text == "metrics.val/acc>0.5and starred") {
            QVERIFY(errorOf(text).position != std::string::npos);  // not of the language
            return;
        }
        QCOMPARE(filterOf(text).matches(sample(), kNow), expected);
    }

    void errors_data() {
        QTest::addColumn<QString>("filter");
        QTest::addColumn<int>("position");
        QTest::addColumn<int>("length");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* filter, int position, int length, const char* message) {
            QTest::newRow(filter) << QString::fromUtf8(filter) << position << length
                                  << QString::fromUtf8(message);
        };
        // VISUAL.md §9, first example: people count from 1, this position from 0
        row("metrics.val_acc > adam", 18, 4,
            "After `>` a number is expected, found `adam`. Example: metrics.val_acc > 0.9");
        row("metrics.val_acc > '0.9'", 18, 5, "Numbers are written without quotes");
        row("metrics.loss = nan", 15, 3, "is nan");
        row("metrics.loss = 'NaN'", 15, 5, "NaN is asked for with `is nan`");
        row("metrics.loss >", 14, 0, "but the text ends");
        row("metrics.loss", 12, 0, "a comparison such as");
        row("metrics.loss 3", 13, 1, "found `3`");
        row("metrics. > 3", 0, 8, "a key is expected");
        row("val_acc > 0.9", 0, 7, "is not a field");
        row("run.nonsense = 3", 0, 12, "`nonsense` is not an attribute");
        row("foo.bar = 1", 0, 7, "is not a field");
        row("params.a = 1 params.b = 2", 13, 8, "`and`, `or` or the end");
        row("params.a = 1 && params.b = 2", 13, 1, "`and`, `or` or the end");
        row("params.a = 'x", 11, 2, "a quote is not closed");
        row("params.a = null", 11, 4, "is null");
        row("params.a = and", 11, 3, "a value is expected");
        row("params.a in 'x'", 12, 3, "a list in parentheses");
        row("params.a in ()", 13, 1, "a value is expected");
        row("params.a in ('x' 'y')", 17, 3, "a `,` or `)`");
        row("params.a in ('x'", 16, 0, "a `,` or `)`");
        row("params.a not 3", 13, 1, "`in`, `like` or `ilike`");
        row("params.a is 3", 12, 1, "null");
        row("params.a is nan", 12, 3, "Only metrics can be NaN");
        row("(status = 'failed'", 18, 0, "the `(` at position 1");
        row("status = 'failed')", 17, 1, "the end of the filter");
        row("status = 'finnished'", 9, 11, "one of scheduled, running, finished");
        row("status > 'a'", 7, 1, "cannot be compared with `>`");
        row("metrics.loss like 'a'", 13, 4, "cannot be compared with `like`");
        row("duration > 5 parsecs", 13, 7, "the end of the filter");
        row("duration > 5parsecs", 11, 8, "a duration is expected");
        row("start > 'yesterday'", 8, 11, "a date or an age");
        row("start > 2026-02-30", 8, 10, "a date or an age");
        row("start > 2h", 8, 2, "a date or an age");
        row("git.commit = 'main'", 13, 6, "hex digits");
        row("git.commit = '4c1'", 13, 5, "hex digits");
        row("git.dirty = maybe", 12, 5, "true or false");
        row("min(params.lr) > 1", 4, 9, "A metric is expected");
        row("min(metrics.lr > 1", 15, 1, "A `)` is expected");
        row("and", 0, 3, "A field is expected");
        row("metrics.`{0} {}` > {}", 19, 1,
            "After `>` a number is expected, found `{`. Example: metrics.`{0} {}` > 0.9");
        row("params.über ~ 3", 13, 1, "a comparison such as");  // bytes, not characters
        row("status = 'failed'; drop table runs", 17, 1, "the end of the filter");
    }
    void errors() {
        QFETCH(QString, filter);
        QFETCH(int, position);
        QFETCH(int, length);
        QFETCH(QString, message);
        const auto error = errorOf(filter.toStdString());
        QVERIFY2(QString::fromStdString(error.message).contains(message), error.message.c_str());
        QCOMPARE(static_cast<int>(error.position), position);
        QCOMPARE(static_cast<int>(error.length), length);
    }

    void depthIsBounded() {
        const auto nested = [](int depth, const char* open, const char* close) {
            std::string text;
            for (int i = 0; i < depth; ++i) {
                text += open;
            }
            text += "starred";
            for (int i = 0; i < depth; ++i) {
                text += close;
            }
            return text;
        };
        QVERIFY(filterOf(nested(60, "(", ")")).matches(sample(), kNow));
        QVERIFY(filterOf(nested(60, "not ", "")).matches(sample(), kNow));
        QVERIFY(QString::fromStdString(errorOf(nested(100'000, "(", ")")).message)
                    .contains(QStringLiteral("nested")));
        QVERIFY(QString::fromStdString(errorOf(nested(100'000, "not ", "")).message)
                    .contains(QStringLiteral("nested")));
        // A long chain is not deep.
        std::string chain = "archived";
        for (int i = 0; i < 20'000; ++i) {
            chain += " or archived";
        }
        QVERIFY(filterOf(chain + " or starred").matches(sample(), kNow));
    }

    void likeIsNotExponential() {
        auto run = sample();
        run.name = std::string(20'000, 'a');
        const auto filter = filterOf("name like '%a%a%a%a%a%a%a%a%a%a%a%a%b'");
        QVERIFY(!filter.matches(run, kNow));
    }

    /// The key is new to the program when the filter is made and known when it is used.
    void keysThatComeLater() {
        const auto filter = filterOf("metrics.never_seen_before_7af3 > 1");
        QVERIFY(!filter.matches(sample(), kNow));
        auto run = sample();
        addMetric(run, "never_seen_before_7af3", {2});
        QVERIFY(filter.matches(run, kNow));
    }

    void runningRunsLastUntilNow() {
        auto run = sample();
        run.status = model::RunStatus::Running;
        run.endTimeMs.reset();
        QVERIFY(filterOf("duration = 2h").matches(run, kNow));
        QVERIFY(filterOf("duration > 2h").matches(run, kNow + 1));
    }
};

QTEST_GUILESS_MAIN(TestFilter)
#include "tst_filter.moc"
