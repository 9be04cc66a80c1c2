// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <limits>

#include "runglass/series/expression.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::series;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Expression parsed(std::string_view text) {
    auto result = Expression::parse(text);
    if (const auto* error = std::get_if<ExpressionError>(&result)) {
        QTest::qFail(qPrintable(QString::fromStdString(error->message)), __FILE__, __LINE__);
        return std::get<Expression>(Expression::parse("0"));
    }
    return std::get<Expression>(std::move(result));
}

double number(std::string_view text) {
    return parsed(text).value({});
}

ExpressionError mistake(std::string_view text) {
    auto result = Expression::parse(text);
    const auto* error = std::get_if<ExpressionError>(&result);
    return error ? *error : ExpressionError{};
}

model::Series seriesOf(const std::vector<model::Point>& points) {
    model::Series series;
    for (const auto& point : points) {
        series.push(point);
    }
    return series;
}

}  // namespace

class ExpressionTest final : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void arithmetic() {
        QCOMPARE(number("1 + 2 * 3"), 7.0);
        QCOMPARE(number("(1 + 2) * 3"), 9.0);
        QCOMPARE(number("2 ^ 3 ^ 2"), 512.0);
        QCOMPARE(number("-2^2"), -4.0);
        QCOMPARE(number("2 ^ -1"), 0.5);
        QCOMPARE(number("7 - 2 - 1"), 4.0);
        QCOMPARE(number("8 / 2 / 2"), 2.0);
        QCOMPARE(number("--3"), 3.0);
        QCOMPARE(number("1e-3 * 2"), 2e-3);
        QCOMPARE(number("exp(0) + log(exp(1)) + sqrt(16) + log2(8) + log10(100) + abs(-1)"), 12.0);
        QCOMPARE(number("min(3, max(1, 2))"), 2.0);
        QCOMPARE(number("1 / 0"), kInfinity);
        QVERIFY(std::isnan(number("sqrt(-1)")));
        QVERIFY(std::isnan(number("max(1, 0 / 0)")));
    }

    void keysAndDivision() {
        using Keys = std::vector<std::string>;
        QCOMPARE(parsed("train/loss - val/loss").keys(), (Keys{"train/loss", "val/loss"}));
        QCOMPARE(parsed("a / b + a").keys(), (Keys{"a", "b"}));
        QCOMPARE(parsed("a/ b").keys(), (Keys{"a", "b"}));
        QCOMPARE(parsed("mAP@0.5:0.95").keys(), (Keys{"mAP@0.5:0.95"}));
        QCOMPARE(parsed("`val-loss (EMA)` * 2").keys(), (Keys{"val-loss (EMA)"}));
        QCOMPARE(parsed("log + log(log)").keys(), (Keys{"log"}));  // a function only before a parenthesis
        QCOMPARE(parsed("größe").keys(), (Keys{"größe"}));
        QVERIFY(parsed(" `a b` ").isKey());
        QVERIFY(!parsed("-a").isKey());
        const double values[] = {6, 4};
        QCOMPARE(parsed("a / b + a").value(values), 7.5);
    }

    void mistakesHaveAPlace() {
        QCOMPARE(mistake("").position, std::size_t(0));
        QVERIFY(mistake("").message.find("train/loss - val/loss") != std::string::npos);
        QCOMPARE(mistake("a - ").position, std::size_t(4));
        QCOMPARE(mistake("a b").position, std::size_t(2));
        QVERIFY(mistake("a b").message.find("`b`") != std::string::npos);
        QCOMPARE(mistake("(a + 1").position, std::size_t(6));
        QCOMPARE(mistake("a + )").position, std::size_t(4));
        QCOMPARE(mistake("`a").position, std::size_t(0));
        QCOMPARE(mistake("a + ``").position, std::size_t(4));
        QCOMPARE(mistake("min(a)").position, std::size_t(5));
        QVERIFY(mistake("min(a)").message.find("two values") != std::string::npos);
        QCOMPARE(mistake("1e999").position, std::size_t(0));
        QCOMPARE(mistake("a ? b").position, std::size_t(2));
    }

    void nestingIsBounded() {
        QVERIFY(!mistake(std::string(1000, '(') + "a" + std::string(1000, ')')).message.empty());
        QVERIFY(!mistake(std::string(2000, '-') + "1").message.empty());
        QVERIFY(!mistake(std::string(5000, 'a')).message.empty());
        std::string right = "a";  // each + waits for its right side
        for (int i = 0; i < 55; ++i) {
            right = "1 + (" + right + ")";
        }
        QCOMPARE(parsed(right).value(std::vector<double>{2}), 57.0);
        std::string flat = "0";
        for (int i = 1; i <= 300; ++i) {
            flat += " + " + std::to_string(i);
        }
        QCOMPARE(number(flat), 45150.0);
    }

    void joinsByStep() {
        const auto a = seriesOf({{0, 10, 1}, {2, 12, 3}, {4, 14, 5}, {6, 16, 7}});
        const auto b = seriesOf({{2, 22, 10}, {4, 13, 20}, {5, 25, 30}});
        const model::SeriesView views[] = {a, b};
        const auto result = evaluate(parsed("b1 - a1 + a1 * 0"), std::vector<model::SeriesView>{b, a});
        QCOMPARE(result.steps, (model::Column<std::int64_t>{2, 4}));
        QCOMPARE(result.values, (model::Column<double>{7, 15}));
        QCOMPARE(result.timesMs, (model::Column<std::int64_t>{22, 14}));
        QCOMPARE(evaluate(parsed("x + y"), views).values, (model::Column<double>{13, 25}));
    }

    void aRestartedRunCountsWithItsLastPoint() {
        const auto a = seriesOf({{0, 0, 1}, {1, 1, 2}, {2, 2, 3}, {1, 3, 20}, {2, 4, 30}});
        const auto b = seriesOf({{2, 0, 1}, {1, 0, 1}});  // steps back as well
        const model::SeriesView views[] = {a, b};
        const auto result = evaluate(parsed("a + b"), views);
        QCOMPARE(result.steps, (model::Column<std::int64_t>{1, 2}));
        QCOMPARE(result.values, (model::Column<double>{21, 31}));
    }

    void oneMetricKeepsEveryPoint() {
        const auto a = seriesOf({{3, 0, 1}, {1, 1, 2}, {1, 2, 4}});
        const model::SeriesView views[] = {a};
        const auto result = evaluate(parsed("2 * a"), views);
        QCOMPARE(result.steps, (model::Column<std::int64_t>{3, 1, 1}));
        QCOMPARE(result.values, (model::Column<double>{2, 4, 8}));
        QVERIFY(evaluate(parsed("1"), {}).empty());
    }
};

QTEST_APPLESS_MAIN(ExpressionTest)
#include "tst_expression.moc"
