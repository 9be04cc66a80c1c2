// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>

#include "runglass/launch/spool.h"
#include "support/test.h"

using namespace runglass;
using launch::SpoolParser;

namespace {

/// JSON with ' for ": moc loses its way in raw string literals.
std::string json(std::string text) {
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

const std::string kEverything = json(
    "{'artifact':{'path':'a/"
    "b.pt'},'dataset':{'name':'d','path':'p','digest':'x'},'name':'n','experiment':'e',"
    "'note':'m','run':{'command':['python','train.py'],'cwd':'/w','start_time_ms':5},"
    "'end':{'exit_code':3,'error':'E'},'unknown':1}");

}  // namespace

class TestSpool : public test::TestCase {
    Q_OBJECT

    SpoolParser m_parser;

private Q_SLOTS:
    void metricsKeepOrderStepAndTime() {
        const auto record =
            m_parser.parse(json("{'metrics':{'loss':0.1,'acc':1,'ok':true},'step':-9223372036854775808,'time_"
                                "ms':1750000000123}"));
        VERIFY_OK(record);
        QCOMPARE(record->metrics.size(), std::size_t{3});
        QCOMPARE(record->metrics[0].key, std::string("loss"));
        QCOMPARE(record->metrics[0].value, 0.1);
        QCOMPARE(record->metrics[1].value, 1.0);
        QCOMPARE(record->metrics[2].value, 1.0);
        QCOMPARE(*record->step, std::numeric_limits<std::int64_t>::min());
        QCOMPARE(*record->timeMs, std::int64_t{1750000000123});
    }

    void nonFiniteValuesInEverySpelling() {
        for (const std::string& line : {json("{'metrics':{'a':'NaN','b':'Infinity','c':'-Infinity'}}"),
                                        json("{'metrics':{'a':NaN,'b':Infinity,'c':-Infinity}}")}) {
            const auto record = m_parser.parse(line);
            VERIFY_OK(record);
            QVERIFY(std::isnan(record->metrics[0].value));
            QCOMPARE(record->metrics[1].value, std::numeric_limits<double>::infinity());
            QCOMPARE(record->metrics[2].value, -std::numeric_limits<double>::infinity());
        }
    }

    void bareNaNInsideTextStaysText() {
        const auto record = m_parser.parse(json("{'metrics':{'a':NaN},'tags':{'t':'a \\'NaN, Infinity'}}"));
        VERIFY_OK(record);
        QCOMPARE(record->tags[0].second, std::string("a \"NaN, Infinity"));
    }

    void doublesAreReadToTheLastBit() {
        const auto record = m_parser.parse(
            json("{'metrics':{'a':0.1234567890123456789,'b':5e-324,'c':-0.0,'d':1.7976931348623157e308}}"));
        VERIFY_OK(record);
        QCOMPARE(record->metrics[0].value, 0.1234567890123456789);
        QCOMPARE(record->metrics[1].value, std::numeric_limits<double>::denorm_min());
        QVERIFY(std::signbit(record->metrics[2].value));
        QCOMPARE(record->metrics[3].value, std::numeric_limits<double>::max());
    }

    void nestedObjectsBecomeKeys() {
        const auto record =
            m_parser.parse(json("{'params':{'lr':1e-3,'model':{'depth':4,'act':'relu'},'sizes':[1, "
                                "2],'none':null},'tags':{'x':null,'y':1}}"));
        VERIFY_OK(record);
        const std::vector<model::Variable> expected = {{"lr", "0.001"},
                                                       {"model/depth", "4"},
                                                       {"model/act", "relu"},
                                                       {"sizes", "[1,2]"},
                                                       {"none", "null"}};
        QCOMPARE(record->params, expected);
        QCOMPARE(record->removedTags, std::vector<std::string>{"x"});
        QCOMPARE(record->tags, (std::vector<model::Variable>{{"y", "1"}}));
    }

    void everyOtherMember() {
        const auto record = m_parser.parse(kEverything);
        VERIFY_OK(record);
        QCOMPARE(record->artifact->path, std::string("a/b.pt"));
        QCOMPARE(record->dataset->digest, std::string("x"));
        QCOMPARE(*record->name, std::string("n"));
        QCOMPARE(*record->experiment, std::string("e"));
        QCOMPARE(*record->note, std::string("m"));
        QCOMPARE(record->start->command, (std::vector<std::string>{"python", "train.py"}));
        QCOMPARE(*record->start->startTimeMs, std::int64_t{5});
        QCOMPARE(*record->end->exitCode, 3);
        QCOMPARE(record->end->error, std::string("E"));
    }

    void badLinesSayWhy_data() {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("reason");
        QTest::newRow("no JSON") << QByteArray("loss=0.1") << "not JSON";
        QTest::newRow("half a line") << QByteArray("{'metrics':{'loss':0.") << "not JSON";
        QTest::newRow("array") << QByteArray("[1]") << "not a JSON object";
        QTest::newRow("empty") << QByteArray("") << "not JSON";
        QTest::newRow("nothing known") << QByteArray("{'loss':1}") << "none of the members";
        QTest::newRow("step only") << QByteArray("{'step':1}") << "none of the members";
        QTest::newRow("text as a value")
            << QByteArray("{'metrics':{'loss':'low'}}") << "`metrics/loss` must be a number";
        QTest::newRow("metrics no object") << QByteArray("{'metrics':3}") << "`metrics` must be an object";
        QTest::newRow("step text") << QByteArray("{'metrics':{'a':1},'step':'x'}")
                                   << "`step` must be an integer";
        QTest::newRow("step fraction")
            << QByteArray("{'metrics':{'a':1},'step':1.5}") << "`step` must be an integer";
        QTest::newRow("artifact") << QByteArray("{'artifact':{}}") << "`artifact` must be";
        QTest::newRow("empty key") << QByteArray("{'metrics':{'':1}}") << "empty";
        QTest::newRow("not UTF-8") << QByteArray("{\"tags\":{\"a\":\"\xff\"}}") << "UTF-8";
        QTest::newRow("deep") << QByteArray("{'params':")
                                     .append(QByteArray("{'a':").repeated(40))
                                     .append("1")
                                     .append(QByteArray("}").repeated(41))
                              << "nested deeper";
        QTest::newRow("very deep") << QByteArray("{\"params\":").append(QByteArray("[").repeated(100000))
                                   << "not JSON";
        QTest::newRow("too long") << QByteArray("{\"note\":\"").append(QByteArray(1 << 20, 'x')).append("\"}")
                                  << "longer than";
    }
    void badLinesSayWhy() {
        QFETCH(QByteArray, line);
        QFETCH(QString, reason);
        const auto record = m_parser.parse(json(line.toStdString()));
        QVERIFY(!record.ok());
        QVERIFY2(QString::fromStdString(record.error().message).contains(reason),
                 record.error().message.c_str());
        VERIFY_OK(m_parser.parse(json("{'metrics':{'still':1}}")));
    }

    void artifactNamesStayInTheirFolder() {
        QCOMPARE(launch::sanitizedArtifactName("a/b.pt"), std::string("a/b.pt"));
        QCOMPARE(launch::sanitizedArtifactName("/etc/passwd"), std::string("etc/passwd"));
        QCOMPARE(launch::sanitizedArtifactName("../../x/./..//y"), std::string("x/y"));
        QCOMPARE(launch::sanitizedArtifactName("a\nb"), std::string("a_b"));
        QCOMPARE(launch::sanitizedArtifactName("..").size(), std::size_t{0});
        const std::string longName =
            launch::sanitizedArtifactName(std::string(199, 'a') + "\xc3\xa4\xc3\xa4");
        QCOMPARE(longName, std::string(199, 'a'));
    }
};

QTEST_GUILESS_MAIN(TestSpool)
#include "tst_spool.moc"
