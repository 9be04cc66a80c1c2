// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace runglass::query {

enum class LexemeKind {
    Word,      ///< bare, or with a quoted part after a dot: metrics.val/acc, metrics.`val acc`, 3e-4, and
    Single,    ///< 'text'
    Double,    ///< "text" or `text`
    Operator,  ///< = == != <> < <= > >=
    Open,
    Close,
    Comma,
    Unterminated,  ///< a quote without its end
    Unknown,
    End,
};

struct Lexeme {
    LexemeKind kind = LexemeKind::End;
    std::size_t position = 0;  ///< bytes
    std::size_t length = 0;
    std::string text;        ///< quotes removed, doubled quotes undone
    bool hasQuotes = false;  ///< a Word with a quoted part: never a keyword nor a number

    [[nodiscard]] bool isKeyword(std::string_view keyword) const;  ///< any case
};

/// Splits any text; the last lexeme is End.
std::vector<Lexeme> lex(std::string_view text);

/// Whether `key` can stand in a filter without quotes.
bool isBareKey(std::string_view key);
/// Whether it is one of the words that the grammar keeps for itself.
bool isReserved(std::string_view word);

}  // namespace runglass::query
