// SPDX-License-Identifier: GPL-3.0-or-later
#include "query_support.h"

using namespace runglass;
using namespace runglass::test;

namespace {

model::RunTable table() {
    model::RunTable result;
    for (const char* opt : {"sgd", "adam", "adam"}) {
        auto run = std::make_shared<model::RunRecord>();
        addParams(*run, {{"opt", opt}});
        run->git.branch = "main";
        result.runs.push_back(run);
    }
    result.metricKeys = {Symbol("loss"), Symbol("val acc"), Symbol("val/acc")};
    result.paramKeys = {Symbol("opt")};
    return result;
}

/// Completions at the `|` of `text`, joined by blanks.
std::vector<std::string> at(std::string text, std::size_t* position = nullptr,
                            std::size_t* length = nullptr) {
    const auto cursor = text.find('|');
    text.erase(cursor, 1);
    std::vector<std::string> words;
    for (const auto& completion : query::complete(text, cursor, table())) {
        words.push_back(completion.text);
        if (position != nullptr) {
            *position = completion.position;
            *length = completion.length;
        }
    }
    return words;
}

using Words = std::vector<std::string>;

}  // namespace

class TestComplete : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void fields() {
        std::size_t position = 99;
        std::size_t length = 99;
        QCOMPARE(
            at("metrics.|", &position, &length),
            (Words{"metrics.loss", "metrics.`val acc`", "metrics.val/acc", "first(metrics.", "min(metrics.",
                   "max(metrics.", "count(metrics.", "nan_count(metrics.", "last_step(metrics."}));
        QCOMPARE(position, std::size_t{0});
        QCOMPARE(length, std::size_t{8});
        QCOMPARE(at("status = 'failed' and par|", &position, &length), (Words{"params.opt", "parent"}));
        QCOMPARE(position, std::size_t{22});
        QCOMPARE(at("LOSS|"), Words{"metrics.loss"});
        QCOMPARE(at("min(|").at(0), std::string("metrics.loss"));
        QCOMPARE(at("not (git.d|"), Words{"git.dirty"});
        QVERIFY(at("|").size() > 20);
    }
    void operators() {
        QCOMPARE(at("metrics.loss |").at(0), std::string(">"));
        QCOMPARE(at("params.opt no|"), (Words{"not in (", "not like", "is not null"}));
        QCOMPARE(at("git.dirty |").at(0), std::string("="));
        QCOMPARE(at("min(metrics.loss) |").at(0), std::string(">"));
    }
    void values() {
        QCOMPARE(at("params.opt = |"), (Words{"'adam'", "'sgd'"}));  // the more frequent first
        std::size_t position = 0;
        std::size_t length = 0;
        QCOMPARE(at("params.opt = 's|", &position, &length), Words{"'sgd'"});
        QCOMPARE(position, std::size_t{13});
        QCOMPARE(length, std::size_t{2});
        QCOMPARE(at("params.opt in ('adam', |"), (Words{"'adam'", "'sgd'"}));
        QCOMPARE(at("git.dirty = t|"), Words{"true"});
        QCOMPARE(at("git.branch = |"), Words{"'main'"});
        QCOMPARE(at("metrics.loss > |"), Words{});
    }
    void joins() {
        QCOMPARE(at("params.opt = 'adam' |"), (Words{"and", "or"}));
        QCOMPARE(at("params.opt in ('adam') a|"), Words{"and"});
        QCOMPARE(at("metrics.loss is null |"), (Words{"and", "or"}));
    }
    void colours() {
        using K = query::Token::Kind;
        const auto kinds = [](std::string_view text) {
            std::vector<int> found;
            for (const auto& token : query::tokenize(text)) {
                found.push_back(static_cast<int>(token.kind));
            }
            return found;
        };
        const auto expected = [](std::initializer_list<K> list) {
            std::vector<int> result;
            for (const auto kind : list) {
                result.push_back(static_cast<int>(kind));
            }
            return result;
        };
        QCOMPARE(kinds("metrics.`a b` > 3 and (params.x in ('a', b) or not status = finished)"),
                 expected({K::Field, K::Operator, K::Number, K::Keyword, K::Parenthesis, K::Field, K::Keyword,
                           K::Parenthesis, K::String, K::Comma, K::String, K::Parenthesis, K::Keyword,
                           K::Keyword, K::Field, K::Operator, K::String, K::Parenthesis}));
        QCOMPARE(kinds("duration < 5m ; 'open"),
                 expected({K::Field, K::Operator, K::Number, K::Unknown, K::Unknown}));
        QCOMPARE(kinds("metrics.x is not nan"), expected({K::Field, K::Keyword, K::Keyword, K::Keyword}));
    }
};

QTEST_GUILESS_MAIN(TestComplete)
#include "tst_complete.moc"
