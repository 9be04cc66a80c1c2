// SPDX-License-Identifier: GPL-3.0-or-later
#include <limits>

#include "runglass/compare/comparison.h"
#include "runglass/store/database.h"
#include "runglass/store/run_writer.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::compare;

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

model::RunDetail detail(const Pairs& params) {
    model::RunDetail run;
    run.record.id = RunId::generate();
    run.record.name = "run";
    run.record.experiment = Symbol("default");
    run.record.source = Symbol("runglass");
    for (const auto& [key, value] : params) {
        run.record.params.push_back({Symbol(key), Symbol(value)});
    }
    run.record.sortKeys();
    run.environment.emplace();
    return run;
}

const Section& section(const Comparison& comparison, Section::Kind kind) {
    static const Section kNone;
    for (const auto& candidate : comparison.sections) {
        if (candidate.kind == kind) {
            return candidate;
        }
    }
    return kNone;
}

/// `value | value | change`, with `-` for what is not set and `!` before a row that differs; `none` without a
/// row.
std::string text(const Section& section, const std::string& key) {
    for (const auto& row : section.rows) {
        if (row.key == key) {
            std::string line = row.differs ? "!" : "";
            for (const auto& value : row.values) {
                line += value.value_or("-") + " | ";
            }
            return line + row.change;
        }
    }
    return "none";
}

}  // namespace

class TestCompare : public test::TestCase {
    Q_OBJECT

    test::TempFolder m_project;

    void store(const std::vector<model::RunDetail>& runs) {
        auto database = store::Database::open(m_project.path(), store::OpenMode::ReadWrite);
        VERIFY_OK(database);
        store::RunWriter writer(*database);
        for (const auto& run : runs) {
            VERIFY_OK(writer.createRun(run));
        }
    }

    Comparison compared(const std::vector<model::RunDetail>& runs) {
        store(runs);
        std::vector<RunId> ids;
        for (const auto& run : runs) {
            ids.push_back(run.record.id);
        }
        auto result = compareRuns(m_project.path(), ids);
        if (!result) {
            QTest::qFail(result.error().message.c_str(), __FILE__, __LINE__);
            return {};
        }
        return std::move(result).value();
    }

private Q_SLOTS:
    void paramsAndTheirChange() {
        const auto result = compared({detail({{"lr", "1e-3"},
                                              {"same", "x"},
                                              {"gone", "1"},
                                              {"seed", "41"},
                                              {"aug", "true"},
                                              {"wd", "0.1"},
                                              {"form", "1e-3"},
                                              {"opt", "adam"},
                                              {"zero", "0"},
                                              {"sign", "-1"}}),
                                      detail({{"lr", "3e-3"},
                                              {"same", "x"},
                                              {"new", "2"},
                                              {"seed", "42"},
                                              {"aug", "False"},
                                              {"wd", "0.01"},
                                              {"form", "0.001"},
                                              {"opt", "sgd"},
                                              {"zero", "5"},
                                              {"sign", "1"}})});
        const auto& params = section(result, Section::Kind::Params);
        QCOMPARE(text(params, "lr"), std::string("!1e-3 | 3e-3 | × 3"));
        QCOMPARE(text(params, "same"), std::string("x | x | "));
        QCOMPARE(text(params, "gone"), std::string("!1 | - | removed"));
        QCOMPARE(text(params, "new"), std::string("!- | 2 | added"));
        QCOMPARE(text(params, "seed"), std::string("!41 | 42 | +1"));
        QCOMPARE(text(params, "aug"), std::string("!true | False | off"));
        QCOMPARE(text(params, "wd"), std::string("!0.1 | 0.01 | ÷ 10"));
        QCOMPARE(text(params, "form"), std::string("!1e-3 | 0.001 | same number"));
        QCOMPARE(text(params, "opt"), std::string("!adam | sgd | "));
        QCOMPARE(text(params, "zero"), std::string("!0 | 5 | +5"));
        QCOMPARE(text(params, "sign"), std::string("!-1 | 1 | +2"));
        QCOMPARE(params.differing(), std::size_t{10});
        QVERIFY(std::ranges::is_sorted(params.rows, {}, &Row::key));
    }

    void packages() {
        auto before = detail({});
        auto after = detail({});
        before.environment->packages = {{"a", "1.9.3"}, {"b", "1.2.3"},  {"c", "1.2.3"}, {"d", "2.0"},
                                        {"e", "1.0"},   {"f", "1.0rc1"}, {"g", "2.0.0"}};
        after.environment->packages = {{"a", "2.0"}, {"b", "1.10.0"}, {"c", "1.2.4"}, {"d", "2.0.0"},
                                       {"f", "1.0"}, {"g", "1.26.4"}, {"h", "1"}};
        const auto result = compared({before, after});
        const auto& packages = section(result, Section::Kind::Packages);
        const auto change = [&](const char* name) {
            const auto line = text(packages, name);
            return line.substr(line.rfind("| ") + 2);
        };
        QCOMPARE(change("a"), std::string("major"));
        QCOMPARE(change("b"), std::string("minor"));
        QCOMPARE(change("c"), std::string("patch"));
        QCOMPARE(change("d"), std::string("build"));  // 2.0 and 2.0.0: nothing that a number shows
        QCOMPARE(change("e"), std::string("removed"));
        QCOMPARE(change("f"), std::string("build"));
        QCOMPARE(change("g"), std::string("major, older"));
        QCOMPARE(change("h"), std::string("added"));
    }

    void configFilesByValue() {
        auto before = detail({});
        auto after = detail({});
        before.configFiles = {{"small.yaml", "00", "model:\n  depth: 3\n  name: cnn\n"}};
        after.configFiles = {{"large.yaml", "11", "model:\n  depth: 12\n  name: cnn\n"}};
        const auto result = compared({before, after});
        const auto& config = section(result, Section::Kind::Config);
        QCOMPARE(text(config, "model.depth"), std::string("!3 | 12 | × 4"));
        QCOMPARE(text(config, "model.name"), std::string("cnn | cnn | "));
        QCOMPARE(text(config, "(file)"), std::string("!small.yaml | large.yaml | "));
    }

    void commandLines() {
        auto before = detail({});
        auto after = detail({});
        before.command = {"python", "train.py", "--lr", "-0.5", "--fast", "opt=adam", "-b=1"};
        after.command = {"python", "train2.py", "--lr", "1e-3", "opt=sgd", "-b=1"};
        const auto result = compared({before, after});
        const auto& command = section(result, Section::Kind::CommandLine);
        QCOMPARE(text(command, "argument 0"), std::string("python | python | "));
        QCOMPARE(text(command, "argument 1"), std::string("!train.py | train2.py | "));
        QCOMPARE(text(command, "--lr"), std::string("!-0.5 | 1e-3 | +0.501"));
        QCOMPARE(text(command, "--fast"),
                 std::string("!opt=adam | - | removed"));  // what a flag takes cannot be known
        QCOMPARE(text(command, "-b"), std::string("1 | 1 | "));
    }

    void environmentHardwareDataTags() {
        auto before = detail({});
        auto after = detail({});
        before.environment->pythonVersion = "3.10.2";
        after.environment->pythonVersion = "3.11.2";
        before.environment->variables = {{"OMP_NUM_THREADS", "4"}};
        after.environment->variables = {{"OMP_NUM_THREADS", "8"}};
        after.environment->withheld = {"API_TOKEN"};
        before.environment->hardware.gpus = {"A"};
        after.environment->hardware.gpus = {"A", "B"};
        before.datasets = {{"digits", "sha256:aa", "d.csv", ""}};
        after.datasets = {{"digits", "sha256:bb", "d.csv", ""}};
        after.record.tags = {{Symbol("stage"), Symbol("prod")}};
        const auto result = compared({before, after});
        QCOMPARE(text(section(result, Section::Kind::Environment), "Python"),
                 std::string("!3.10.2 | 3.11.2 | "));
        QCOMPARE(text(section(result, Section::Kind::Environment), "$OMP_NUM_THREADS"),
                 std::string("!4 | 8 | × 2"));
        QCOMPARE(text(section(result, Section::Kind::Environment), "$API_TOKEN"),
                 std::string("!- | (withheld) | added"));
        QCOMPARE(text(section(result, Section::Kind::Hardware), "GPU 0"), std::string("A | A | "));
        QCOMPARE(text(section(result, Section::Kind::Hardware), "GPU 1"), std::string("!- | B | added"));
        QCOMPARE(text(section(result, Section::Kind::Data), "digits"),
                 std::string("!sha256:aa | sha256:bb | "));
        QCOMPARE(text(section(result, Section::Kind::Tags), "stage"), std::string("!- | prod | added"));
    }

    void metrics() {
        const auto runs = std::vector{detail({}), detail({}), detail({})};
        store(runs);
        const double nan = std::numeric_limits<double>::quiet_NaN();
        {
            auto database = store::Database::open(m_project.path(), store::OpenMode::ReadWrite);
            VERIFY_OK(database);
            store::RunWriter writer(*database);
            const auto log = [&](std::size_t run, const char* key, double value) {
                const store::MetricPoint point{key, {0, 1'000, value}};
                VERIFY_OK(writer.appendPoints(runs[run].record.id, std::span(&point, 1)));
            };
            for (std::size_t i = 0; i < 3; ++i) {
                log(i, "same", 0.5);
                for (std::size_t extra = 0; extra < i; ++extra) {
                    log(i, "same", 0.5);  // more points, the same value
                }
                log(i, "nan", nan);
                log(i, "other", i == 2 ? 0.25 : 0.5);
            }
            log(0, "one", 1);
        }
        const auto result =
            compareRuns(m_project.path(), {runs[0].record.id, runs[1].record.id, runs[2].record.id});
        VERIFY_OK(result);
        QCOMPARE(result->metrics.size(), std::size_t{4});
        const auto row = [&](std::size_t i) {
            return result->metrics[i].key + (result->metrics[i].differs ? "!" : "");
        };
        QCOMPARE(row(0), std::string("nan"));  // NaN equals itself here: nothing differs
        QCOMPARE(row(1), std::string("one!"));
        QCOMPARE(row(2), std::string("other!"));
        QCOMPARE(row(3), std::string("same"));
        QVERIFY(result->metrics[1].values[0].has_value() && !result->metrics[1].values[2].has_value());
        QVERIFY(section(*result, Section::Kind::Params).rows.empty());
    }

    void codeOfSnapshotsAndCommits() {
        test::git(m_project.path(), {"init", "-q"});
        m_project.write("train.py", "a\nb\nc\n");
        test::git(m_project.path(), {"add", "train.py"});
        test::git(m_project.path(), {"commit", "-q", "-m", "one"});
        const auto head = [&] { return test::git(m_project.path(), {"rev-parse", "HEAD"}).substr(0, 40); };
        const auto first = head();
        m_project.write("train.py", "a\nB\nc\nd\n");
        test::git(m_project.path(), {"commit", "-q", "-a", "-m", "two"});
        auto before = detail({});
        auto after = detail({});
        auto none = detail({});
        before.record.git.commit = first;
        after.record.git.commit = first;  // the snapshot counts, not the commit
        after.record.git.snapshot = head();
        const auto result = compared({before, after});
        QVERIFY2(result.code.has_value(), result.codeProblem.c_str());
        QCOMPARE(result.code->size(), std::size_t{1});
        QCOMPARE(result.code->front().path(), std::string("train.py"));
        QCOMPARE(result.code->front().added, 2);
        QCOMPARE(result.code->front().removed, 1);

        const auto without = compared({detail({}), none});
        QVERIFY(!without.code.has_value());
        QVERIFY(without.codeProblem.find("was not recorded") != std::string::npos);

        auto lost = detail({});
        lost.record.git.commit = std::string(40, 'e');
        auto other = detail({});
        other.record.git.commit = first;
        const auto gone = compared({other, lost});
        QVERIFY(!gone.code.has_value() && !gone.codeProblem.empty());

        auto same = detail({});
        same.record.git.commit = first;
        auto again = detail({});
        again.record.git.commit = first;
        const auto equal = compared({same, again});
        QVERIFY(equal.code.has_value() && equal.code->empty());
    }

    void mistakes() {
        const auto run = detail({});
        store({run});
        QCOMPARE(compareRuns(m_project.path(), {run.record.id}).error().code, ErrorCode::Invalid);
        QCOMPARE(compareRuns(m_project.path(), {run.record.id, RunId::generate()}).error().code,
                 ErrorCode::NotFound);
        std::stop_source source;
        source.request_stop();
        QCOMPARE(compareRuns(m_project.path(), {run.record.id, run.record.id}, {}, source.get_token())
                     .error()
                     .code,
                 ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestCompare)
#include "tst_compare.moc"
