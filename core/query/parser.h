// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lexer.h"
#include "node.h"

namespace runglass::query {

struct OrderKey {
    Field field;
    bool descending = false;
};

/// Recursive descent over the grammar:
///
///     filter     = [ any ]
///     any        = all { "or" all }
///     all        = one { "and" one }
///     one        = "not" one | "(" any ")" | comparison
///     comparison = field [ operator value | [ "not" ] like text | [ "not" ] "in" "(" value { "," value } ")"
///                        | "is" [ "not" ] ( "null" | "nan" ) ]      a field alone must be a Boolean
///     field      = name | group "." key | statistic "(" "metrics." key ")"
///     order      = field [ "asc" | "desc" ] { "," … }
///
/// Each parse function returns nothing after a mistake; error() then says which.
class Parser {
public:
    explicit Parser(std::string_view text);

    std::optional<Node> parseFilter();
    std::optional<std::vector<OrderKey>> parseOrder();
    std::optional<Field> parseLoneField();
    /// Whether there is nothing but blanks.
    [[nodiscard]] bool atEnd() const { return current().kind == LexemeKind::End; }
    [[nodiscard]] const FilterError& error() const { return m_error; }

private:
    std::optional<Node> parseAny();
    std::optional<Node> parseAll();
    std::optional<Node> parseOne();
    std::optional<Node> parseGroup();
    std::optional<Node> parseComparison();
    std::optional<Node> parseList(Comparison comparison);
    std::optional<Node> parseIs(Comparison comparison);
    std::optional<Field> parseField();
    std::optional<Field> parseStatistic(Field::Statistic statistic);
    std::optional<Field> fieldOf(const Lexeme& lexeme);
    std::optional<Operand> parseOperand(const Comparison& comparison, std::string_view after);
    bool understand(const Comparison& comparison, const Lexeme& lexeme, Operand& operand);
    bool checkOperator(const Comparison& comparison, const Lexeme& lexeme);

    [[nodiscard]] const Lexeme& current() const { return m_lexemes[m_at]; }
    /// Moves past the current lexeme, but never past the end.
    const Lexeme& take();
    bool takeKeyword(std::string_view keyword);
    [[nodiscard]] std::string_view source(const Lexeme& lexeme) const;
    [[nodiscard]] std::string found(const Lexeme& lexeme) const;
    std::nullopt_t fail(const Lexeme& at, std::string message);

    std::string_view m_text;
    std::vector<Lexeme> m_lexemes;
    std::size_t m_at = 0;
    int m_depth = 0;
    FilterError m_error;
};

}  // namespace runglass::query
