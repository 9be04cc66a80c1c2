// SPDX-License-Identifier: GPL-3.0-or-later
#include "lexer.h"

#include <algorithm>
#include <array>

#include "runglass/base/text.h"

namespace runglass::query {

namespace {

bool isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Characters of bare words: those of MLflow's keys (but the blank), and what else occurs in keys, dates and
/// paths.
bool isWordCharacter(char c) {
    const bool letterOrDigit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return letterOrDigit || static_cast<unsigned char>(c) >= 0x80 ||
           std::string_view("_./-:@%+#$").find(c) != std::string_view::npos;
}

class Lexer {
public:
    explicit Lexer(std::string_view text)
        : m_text(text) {}

    std::vector<Lexeme> run() {
        std::vector<Lexeme> lexemes;
        do {
            lexemes.push_back(next());
        } while (lexemes.back().kind != LexemeKind::End);
        return lexemes;
    }

private:
    Lexeme next() {
        while (m_at < m_text.size() && isBlank(m_text[m_at])) {
            ++m_at;
        }
        Lexeme lexeme;
        lexeme.position = m_at;
        if (m_at < m_text.size()) {
            read(lexeme);
        }
        lexeme.length = m_at - lexeme.position;
        return lexeme;
    }

    void read(Lexeme& lexeme) {
        const char c = m_text[m_at];
        if (c == '\'' || c == '"' || c == '`') {
            lexeme.kind = c == '\'' ? LexemeKind::Single : LexemeKind::Double;
            readQuoted(lexeme);
        } else if (isWordCharacter(c)) {
            lexeme.kind = LexemeKind::Word;
            readWord(lexeme);
        } else if (const auto length = operatorLength(); length > 0) {
            lexeme.kind = LexemeKind::Operator;
            lexeme.text = m_text.substr(m_at, length);
            m_at += length;
        } else {
            lexeme.kind = c == '('   ? LexemeKind::Open
                          : c == ')' ? LexemeKind::Close
                          : c == ',' ? LexemeKind::Comma
                                     : LexemeKind::Unknown;
            lexeme.text = c;
            ++m_at;
        }
    }

    void readWord(Lexeme& lexeme) {
        while (m_at < m_text.size()) {
            const char c = m_text[m_at];
            if (isWordCharacter(c)) {
                lexeme.text += c;
                ++m_at;
            } else if ((c == '"' || c == '`') && lexeme.text.ends_with('.')) {
                lexeme.hasQuotes = true;
                readQuoted(lexeme);
            } else {
                return;
            }
        }
    }

    /// The quote is written twice to stand for itself, as in SQL.
    void readQuoted(Lexeme& lexeme) {
        const char quote = m_text[m_at++];
        while (m_at < m_text.size()) {
            const char c = m_text[m_at++];
            if (c != quote) {
                lexeme.text += c;
            } else if (m_at < m_text.size() && m_text[m_at] == quote) {
                lexeme.text += c;
                ++m_at;
            } else {
                return;
            }
        }
        lexeme.kind = LexemeKind::Unterminated;
    }

    [[nodiscard]] std::size_t operatorLength() const {
        const auto rest = m_text.substr(m_at);
        for (const std::string_view candidate : {"==", "!=", "<>", "<=", ">="}) {
            if (rest.starts_with(candidate)) {
                return 2;
            }
        }
        return rest[0] == '=' || rest[0] == '<' || rest[0] == '>' ? 1 : 0;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

}  // namespace

bool Lexeme::isKeyword(std::string_view keyword) const {
    return kind == LexemeKind::Word && !hasQuotes && text.size() == keyword.size() &&
           startsWithIgnoringCase(text, keyword);
}

std::vector<Lexeme> lex(std::string_view text) {
    return Lexer(text).run();
}

bool isBareKey(std::string_view key) {
    return !key.empty() && std::ranges::all_of(key, isWordCharacter);
}

bool isReserved(std::string_view word) {
    static constexpr std::array kWords{"and", "or", "not", "in", "is", "null", "like", "ilike"};
    return std::ranges::any_of(kWords, [&](std::string_view reserved) {
        return word.size() == reserved.size() && startsWithIgnoringCase(word, reserved);
    });
}

}  // namespace runglass::query
