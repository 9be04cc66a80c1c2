// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace runglass::launch {

/// A token of Python source (https://docs.python.org/3/reference/lexical_analysis.html), as far as reading
/// declarations needs: comments and line joins are gone, indentation is told at the start of each logical
/// line.
struct PythonToken {
    enum class Kind { Name, Number, String, Operator, Newline };
    Kind kind = Kind::Operator;
    std::string_view source;  ///< as written
    std::string value;        ///< of a String: without quotes, escapes decoded
    bool isFormat = false;    ///< f-string: its value is not known
    int indent = 0;           ///< of a Newline: columns before the next logical line

    [[nodiscard]] bool isOperator(std::string_view text) const {
        return kind == Kind::Operator && source == text;
    }
    [[nodiscard]] bool isName(std::string_view text) const { return kind == Kind::Name && source == text; }
};

/// Consecutive tokens [begin, end).
struct TokenRange {
    std::size_t begin = 0;
    std::size_t end = 0;
    [[nodiscard]] bool empty() const { return begin >= end; }
    [[nodiscard]] std::size_t size() const { return empty() ? 0 : end - begin; }
};

/// An argument of a call or an item of a list: `value`, or `name=value`.
struct PythonArgument {
    std::string_view name;
    TokenRange value;
};

/// The tokens of a script with the questions that the flag readers ask. Never fails: what is not Python gives
/// tokens that nothing recognises. Borrows the text. Time and memory are linear in its length.
class PythonSource {
public:
    explicit PythonSource(std::string_view text);

    [[nodiscard]] const std::vector<PythonToken>& tokens() const { return m_tokens; }
    [[nodiscard]] const PythonToken* at(std::size_t index) const {
        return index < m_tokens.size() ? &m_tokens[index] : nullptr;
    }
    /// Index of the bracket that closes the one at `open`; nothing where it stays open.
    [[nodiscard]] std::optional<std::size_t> closing(std::size_t open) const;
    /// What stands between a bracket and its partner, split at its own commas.
    [[nodiscard]] std::vector<PythonArgument> arguments(std::size_t open) const;
    /// The argument `name=…`; an empty range where there is none.
    static TokenRange keyword(const std::vector<PythonArgument>& arguments, std::string_view name);

    /// The range as text: of strings their joined value, of anything else the source. A name that was
    /// assigned a literal at the top of the module stands for that.
    [[nodiscard]] std::string literal(TokenRange range) const;
    /// Value of adjacent string literals, also in parentheses; nothing for anything else.
    [[nodiscard]] std::optional<std::string> stringValue(TokenRange range) const;
    /// Items of a list, tuple or set of literals; empty for anything else.
    [[nodiscard]] std::vector<std::string> literalList(TokenRange range) const;
    /// Last name of `a.b.c`, or the only one; empty for other expressions.
    [[nodiscard]] std::string_view lastName(TokenRange range) const;
    [[nodiscard]] bool isTrue(TokenRange range) const {
        return range.size() == 1 && m_tokens[range.begin].isName("True");
    }
    /// The source text of the range.
    [[nodiscard]] std::string_view text(TokenRange range) const;
    /// First index at or after `from` where the logical line ends (its Newline token, or the number of
    /// tokens).
    [[nodiscard]] std::size_t endOfLine(std::size_t from) const;
    /// `range` without parentheses around all of it.
    [[nodiscard]] TokenRange unwrapped(TokenRange range) const;

private:
    void matchBrackets();
    void findGlobals();
    [[nodiscard]] TokenRange resolved(TokenRange range) const;

    std::string_view m_text;
    std::vector<PythonToken> m_tokens;
    std::vector<std::size_t> m_partners;  ///< of each bracket; itself where it has none
    std::unordered_map<std::string_view, TokenRange> m_globals;
};

std::vector<PythonToken> tokenizePython(std::string_view text);

}  // namespace runglass::launch
