// SPDX-License-Identifier: GPL-3.0-or-later
// The ends of the grammar: fields and values.
#include <algorithm>

#include "attributes.h"
#include "parser.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/model/status.h"

namespace runglass::query {

namespace {

constexpr std::size_t kLeastHashDigits = 4;
constexpr double kLongestAgeMs = 1e15;  // 30,000 years

bool equalsIgnoringCase(std::string_view a, std::string_view b) {
    return a.size() == b.size() && startsWithIgnoringCase(a, b);
}

std::string lowered(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return text;
}

std::optional<Field::Group> groupOf(std::string_view word) {
    const auto isOneOf = [&](std::initializer_list<std::string_view> names) {
        return std::ranges::any_of(names, [&](auto name) { return equalsIgnoringCase(word, name); });
    };
    if (isOneOf({"metrics", "metric"})) {
        return Field::Group::Metric;
    }
    if (isOneOf({"params", "param", "parameters", "parameter"})) {
        return Field::Group::Param;
    }
    if (isOneOf({"tags", "tag"})) {
        return Field::Group::Tag;
    }
    return isOneOf({"attributes", "attribute", "attr", "run"}) ? std::optional(Field::Group::Attribute)
                                                               : std::nullopt;
}

bool isLike(Operator op) {
    return op == Operator::Like || op == Operator::NotLike || op == Operator::ILike ||
           op == Operator::NotILike;
}

bool isOrdering(Operator op) {
    return op == Operator::Less || op == Operator::LessEqual || op == Operator::Greater ||
           op == Operator::GreaterEqual;
}

bool fits(Operator op, FieldType type) {
    const bool list = op == Operator::In || op == Operator::NotIn;
    switch (type) {
        case FieldType::Number:
            return !isLike(op);
        case FieldType::Duration:
        case FieldType::Time:
            return !isLike(op) && !list;
        case FieldType::Text:
        case FieldType::Flexible:
            return true;
        case FieldType::Hash:
        case FieldType::Status:
            return !isOrdering(op);
        case FieldType::Boolean:
            return op == Operator::Equal || op == Operator::NotEqual;
    }
    return false;
}

/// What may stand on the right of a field, in words, with an example.
std::string expectation(const Comparison& comparison, const std::string& found) {
    const auto field = toValidUtf8(comparison.field.text());
    switch (comparison.field.type()) {
        case FieldType::Number:
            return tr("a number is expected, {}. Example: {} > 0.9", found, field);
        case FieldType::Duration:
            return tr("a duration is expected, {}. Example: {} < 5m", found, field);
        case FieldType::Time:
            return tr("a date or an age is expected, {}. Examples: {} >= '2026-11-17', {} > -2h", found,
                      field, field);
        case FieldType::Hash:
            return tr("at least 4 hex digits are expected, {}. Example: {} = '4c1e9f2'", found, field);
        case FieldType::Status:
            return tr(
                "one of scheduled, running, finished, failed, killed and lost is expected, {}. Example: {} "
                "= "
                "'finished'",
                found, field);
        case FieldType::Boolean:
            return tr("true or false is expected, {}. Example: {} = true", found, field);
        case FieldType::Text:
        case FieldType::Flexible:
            break;
    }
    return tr("a value is expected, {}. Example: {} = 'adam'", found, field);
}

}  // namespace

std::optional<Field> Parser::parseField() {
    const Lexeme& lexeme = take();
    if (lexeme.kind == LexemeKind::Word && !lexeme.hasQuotes && current().kind == LexemeKind::Open) {
        for (const auto& [name, statistic] : statisticNames()) {
            if (lexeme.isKeyword(name)) {
                return parseStatistic(statistic);
            }
        }
    }
    return fieldOf(lexeme);
}

std::optional<Field> Parser::parseStatistic(Field::Statistic statistic) {
    take();  // the parenthesis
    const Lexeme& inner = take();
    auto field = fieldOf(inner);
    if (!field) {
        return std::nullopt;
    }
    if (field->group() != Field::Group::Metric) {
        return fail(inner, tr("A metric is expected in the parentheses, {}. Example: min(metrics.loss)",
                              found(inner)));
    }
    const Lexeme& close = take();
    if (close.kind != LexemeKind::Close) {
        return fail(close, tr("A `)` is expected after the metric, {}.", found(close)));
    }
    return Field::metric(field->key(), statistic);
}

std::optional<Field> Parser::fieldOf(const Lexeme& lexeme) {
    const bool named = lexeme.kind == LexemeKind::Word || lexeme.kind == LexemeKind::Double;
    if (!named || lexeme.text.empty() ||
        (lexeme.kind == LexemeKind::Word && !lexeme.hasQuotes && isReserved(lexeme.text))) {
        return fail(lexeme,
                    tr("A field is expected here, {}. Examples: metrics.loss, params.lr, tags.stage, status",
                       found(lexeme)));
    }
    if (auto attribute = Field::attribute(lexeme.text)) {
        return attribute;
    }
    const auto dot = lexeme.text.find('.');
    const auto group = dot == std::string::npos ? std::nullopt : groupOf(lexeme.text.substr(0, dot));
    const auto key = dot == std::string::npos ? std::string() : lexeme.text.substr(dot + 1);
    if (!group) {
        return fail(lexeme,
                    tr("`{}` is not a field. Write metrics.{}, params.{} or tags.{}, or one of status, name, "
                       "start, duration, git.commit …",
                       toValidUtf8(lexeme.text), "KEY", "KEY", "KEY"));
    }
    if (key.empty()) {
        return fail(lexeme, tr("After `{}` a key is expected. Example: {}val_acc", lexeme.text, lexeme.text));
    }
    switch (*group) {
        case Field::Group::Metric:
            return Field::metric(key);
        case Field::Group::Param:
            return Field::param(key);
        case Field::Group::Tag:
            return Field::tag(key);
        case Field::Group::Attribute:
            break;
    }
    auto attribute = Field::attribute(key);
    if (!attribute) {
        return fail(lexeme,
                    tr("`{}` is not an attribute of runs. There are status, name, experiment, start, end, "
                       "duration, source, git.commit …",
                       toValidUtf8(key)));
    }
    return attribute;
}

bool Parser::checkOperator(const Comparison& comparison, const Lexeme& lexeme) {
    if (fits(comparison.op, comparison.field.type())) {
        return true;
    }
    fail(lexeme,
         tr("`{}` cannot be compared with `{}`.", toValidUtf8(comparison.field.text()), source(lexeme)));
    return false;
}

std::optional<Operand> Parser::parseOperand(const Comparison& comparison, std::string_view after) {
    const Lexeme& lexeme = take();
    Operand operand;
    operand.quoted = lexeme.kind != LexemeKind::Word;
    operand.text = lexeme.text;
    const bool value = lexeme.kind == LexemeKind::Word || lexeme.kind == LexemeKind::Single ||
                       lexeme.kind == LexemeKind::Double;
    if (value && lexeme.isKeyword("null")) {
        return fail(lexeme, tr("A missing value is asked for with `is null` or `is not null`."));
    }
    const bool reserved = lexeme.kind == LexemeKind::Word && isReserved(lexeme.text);
    if (value && !reserved && understand(comparison, lexeme, operand)) {
        return operand;
    }
    if (!m_error.message.empty()) {
        return std::nullopt;
    }
    return fail(lexeme, tr("After `{}` {}", after, expectation(comparison, found(lexeme))));
}

/// Fills `operand` by the type of the field. False: the value is not of that type; a mistake that deserves
/// words of its own is already in m_error.
bool Parser::understand(const Comparison& comparison, const Lexeme& lexeme, Operand& operand) {
    operand.number = parseDouble(operand.text);
    const bool like = isLike(comparison.op);
    switch (comparison.field.type()) {
        case FieldType::Number:
            if (operand.number && *operand.number != *operand.number) {
                fail(lexeme, tr("NaN is asked for with `is nan` or `is not nan`."));
                return false;
            }
            if (operand.number && operand.quoted) {
                fail(lexeme, tr("Numbers are written without quotes. Example: {} > {}",
                                comparison.field.text(), operand.text));
                return false;
            }
            return operand.number.has_value();
        case FieldType::Duration:
            operand.number = parseDurationMs(operand.text);
            return operand.number.has_value();
        case FieldType::Time:
            operand.time = parseTime(operand.text);
            if (const auto age = parseDurationMs(operand.text);
                !operand.time && age && *age <= 0 && *age >= -kLongestAgeMs) {
                const auto begin = static_cast<std::int64_t>(*age);
                operand.time = TimeRange{begin, begin + 1};
                operand.beforeNow = true;
            }
            return operand.time.has_value();
        case FieldType::Hash:
            operand.text = lowered(operand.text);
            return like || (operand.text.size() >= kLeastHashDigits &&
                            operand.text.find_first_not_of("0123456789abcdef") == std::string::npos);
        case FieldType::Status:
            operand.text = lowered(operand.text);
            return like || model::statusFromName(operand.text).has_value();
        case FieldType::Boolean:
            operand.text = lowered(operand.text);
            operand.number = operand.text == "true" || operand.text == "1" ? 1.0 : 0.0;
            return operand.text == "true" || operand.text == "false" || operand.text == "1" ||
                   operand.text == "0";
        case FieldType::Text:
        case FieldType::Flexible:
            break;
    }
    return true;
}

}  // namespace runglass::query
