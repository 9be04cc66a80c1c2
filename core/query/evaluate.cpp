// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "node.h"
#include "runglass/base/text.h"

namespace runglass::query {

namespace {

template <typename T>
bool compare(Operator op, const T& left, const T& right) {
    switch (op) {
        case Operator::Equal:
        case Operator::In:
        case Operator::NotIn:
            return left == right;
        case Operator::NotEqual:
            return left != right;
        case Operator::Less:
            return left < right;
        case Operator::LessEqual:
            return left <= right;
        case Operator::Greater:
            return left > right;
        case Operator::GreaterEqual:
            return left >= right;
        default:
            return false;
    }
}

bool isOrdering(Operator op) {
    return op == Operator::Less || op == Operator::LessEqual || op == Operator::Greater ||
           op == Operator::GreaterEqual;
}

/// A time against a stretch of time: before it, within it or after it.
bool compareTime(Operator op, double time, TimeRange limits) {
    const auto begin = static_cast<double>(limits.begin);
    const auto end = static_cast<double>(limits.end);
    switch (op) {
        case Operator::Equal:
            return time >= begin && time < end;
        case Operator::NotEqual:
            return time < begin || time >= end;
        case Operator::Less:
            return time < begin;
        case Operator::LessEqual:
            return time < end;
        case Operator::Greater:
            return time >= end;
        case Operator::GreaterEqual:
            return time >= begin;
        default:
            return false;
    }
}

/// An unquoted number compares as a number. Quoted text compares as text, but `<` and `>` see numbers where
/// both sides are: as text, 10 would be less than 9.
bool compareFlexible(Operator op, std::string_view value, const Operand& operand) {
    const bool numeric = operand.number && (!operand.quoted || isOrdering(op));
    if (!numeric) {
        return compare(op, value, std::string_view(operand.text));
    }
    if (const auto number = parseDouble(value)) {
        return compare(op, *number, *operand.number);
    }
    return operand.quoted ? compare(op, value, std::string_view(operand.text)) : op == Operator::NotEqual;
}

bool compareOperand(const Comparison& comparison, const Value& value, const Operand& operand,
                    std::int64_t nowMs) {
    const auto op = comparison.op;
    switch (comparison.field.type()) {
        case FieldType::Number:
        case FieldType::Duration:
            return operand.number && !std::isnan(value.number) && compare(op, value.number, *operand.number);
        case FieldType::Boolean:
            return operand.number && compare(op, value.number, *operand.number);
        case FieldType::Time: {
            TimeRange range = operand.time.value_or(TimeRange{});
            if (operand.beforeNow) {
                range = {nowMs + range.begin, nowMs + range.end};
            }
            return compareTime(op, value.number, range);
        }
        case FieldType::Flexible:
            return compareFlexible(op, value.text, operand);
        case FieldType::Hash:
            return value.text.starts_with(operand.text) != (op == Operator::NotEqual);
        case FieldType::Text:
        case FieldType::Status:
            return compare(op, value.text, std::string_view(operand.text));
    }
    return false;
}

}  // namespace

bool Comparison::matches(const model::RunRecord& run, std::int64_t nowMs) const {
    std::string scratch;
    const Value value = field.valueOf(run, nowMs, scratch);
    const bool missing = value.kind == Value::Kind::Missing;
    const bool nan = value.kind == Value::Kind::Number && std::isnan(value.number);
    switch (op) {
        case Operator::IsNull:
            return missing;
        case Operator::IsNotNull:
            return !missing;
        case Operator::IsNan:
            return nan;
        case Operator::IsNotNan:
            return !missing && !nan;
        case Operator::IsTrue:
            return value.number != 0;
        default:
            break;
    }
    if (missing || nan) {
        return false;
    }
    switch (op) {
        case Operator::Like:
        case Operator::ILike:
            return like(value.text, operands[0].text, op == Operator::ILike);
        case Operator::NotLike:
        case Operator::NotILike:
            return !like(value.text, operands[0].text, op == Operator::NotILike);
        case Operator::In:
        case Operator::NotIn: {
            const auto equals = [&](const Operand& operand) {
                return compareOperand(*this, value, operand, nowMs);
            };
            return std::ranges::any_of(operands, equals) == (op == Operator::In);
        }
        default:
            return compareOperand(*this, value, operands[0], nowMs);
    }
}

bool Node::matches(const model::RunRecord& run, std::int64_t nowMs) const {
    const auto childMatches = [&](const Node& child) { return child.matches(run, nowMs); };
    switch (kind) {
        case Kind::And:
            return std::ranges::all_of(children, childMatches);
        case Kind::Or:
            return std::ranges::any_of(children, childMatches);
        case Kind::Not:
            return !children[0].matches(run, nowMs);
        case Kind::Comparison:
            return comparison->matches(run, nowMs);
    }
    return false;
}

namespace {

char foldCase(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::size_t characterLength(std::string_view text) {
    std::size_t length = 1;
    while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) {
        ++length;
    }
    return length;
}

}  // namespace

bool like(std::string_view text, std::string_view pattern, bool ignoreCase) {
    // Greedy with one point to fall back to: after a `%`, what came before it never has to be tried again.
    std::size_t at = 0;
    std::size_t in = 0;
    std::size_t retryAt = 0;
    std::optional<std::size_t> retryIn;
    while (at < text.size()) {
        const char p = in < pattern.size() ? pattern[in] : '\0';
        if (p == '%' && in < pattern.size()) {
            retryIn = ++in;
            retryAt = at;
        } else if (p == '_' && in < pattern.size()) {
            at += characterLength(text.substr(at));
            ++in;
        } else if (in < pattern.size() &&
                   (p == text[at] || (ignoreCase && foldCase(p) == foldCase(text[at])))) {
            ++at;
            ++in;
        } else if (retryIn) {
            in = *retryIn;
            retryAt += characterLength(text.substr(retryAt));
            at = retryAt;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('%', in) == std::string_view::npos;
}

}  // namespace runglass::query
