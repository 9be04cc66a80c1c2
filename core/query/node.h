// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "literal.h"
#include "runglass/query/field.h"

namespace runglass::query {

enum class Operator {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Like,
    NotLike,
    ILike,
    NotILike,
    In,
    NotIn,
    IsNull,
    IsNotNull,
    IsNan,
    IsNotNan,
    IsTrue
};

/// The right side of a comparison, understood by the type of the field at parse time.
struct Operand {
    std::string text;              ///< as written, quotes removed; digits of a Hash in lower case
    std::optional<double> number;  ///< also of a quoted text that reads as one; a Duration in milliseconds
    bool quoted = false;
    std::optional<TimeRange> time;
    bool beforeNow = false;  ///< `time` is relative to now
};

struct Comparison {
    Field field;
    Operator op = Operator::Equal;
    std::vector<Operand> operands;  ///< several for in; none for is null and the like

    /// A value that is missing or NaN satisfies nothing but `is null`, `is nan` and their negations.
    [[nodiscard]] bool matches(const model::RunRecord& run, std::int64_t nowMs) const;
};

/// `not` is the complement: it matches exactly the runs that its child does not.
struct Node {
    enum class Kind { And, Or, Not, Comparison };
    Kind kind = Kind::Comparison;
    std::vector<Node> children;
    std::optional<Comparison> comparison;

    [[nodiscard]] bool matches(const model::RunRecord& run, std::int64_t nowMs) const;
};

/// SQL's LIKE: `%` any text, `_` one character (code point); nothing escapes them.
bool like(std::string_view text, std::string_view pattern, bool ignoreCase);

}  // namespace runglass::query
