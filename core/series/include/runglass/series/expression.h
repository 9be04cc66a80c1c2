// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "runglass/model/series.h"

namespace runglass::series {

/// A mistake in an expression: byte position (0-based) and length in the text, and a message for people.
struct ExpressionError {
    std::size_t position = 0;
    std::size_t length = 0;
    std::string message;
};

/// A formula over metrics: `train/loss - val/loss`, `exp(val/nll)`, `100 * (1 - acc)`.
///
/// Metrics are written as they are (letters, digits, `_ . / : @`), others between backquotes. `a/b` without
/// spaces is the metric a/b; `a / b` divides. There are `+ - * / ^`, parentheses, numbers, and `abs exp log
/// log2 log10 sqrt min max`; `^` binds to the right and tighter than a sign before it (−2^2 is −4).
/// Arithmetic is that of IEEE 754: a division by zero gives an infinity, never an error.
class Expression {
public:
    static std::variant<Expression, ExpressionError> parse(std::string_view text);
    /// A metric alone, whatever its name.
    static Expression ofKey(std::string_view key);

    /// The metrics, each once, in the order in which they are first named.
    [[nodiscard]] const std::vector<std::string>& keys() const { return m_keys; }
    /// A metric's name alone: its series needs no arithmetic.
    [[nodiscard]] bool isKey() const;
    /// `values[i]` is that of keys()[i].
    [[nodiscard]] double value(std::span<const double> values) const;

private:
    friend class ExpressionParser;
    enum class Op : std::uint8_t {
        Number,
        Key,
        Add,
        Subtract,
        Multiply,
        Divide,
        Power,
        Negate,
        Abs,
        Exp,
        Log,
        Log2,
        Log10,
        Sqrt,
        Min,
        Max
    };
    /// Reverse Polish: operands come before their operator.
    struct Instruction {
        Op op = Op::Number;
        std::uint32_t key = 0;
        double number = 0;
    };
    static double apply(Op op, double a, double b);
    static bool isUnary(Op op);

    std::vector<std::string> m_keys;
    std::vector<Instruction> m_program;
};

/// The expression at every step that all series have, in the order of steps. `series[i]` is that of
/// expression.keys()[i]. Where a series has a step more than once (a restarted run), the point that came last
/// counts; a point of the result has the latest time of those that it was made of. With one series every
/// point is kept, in order of arrival. An expression without metrics has no points.
model::Series evaluate(const Expression& expression, std::span<const model::SeriesView> series);

}  // namespace runglass::series
