// SPDX-License-Identifier: GPL-3.0-or-later
#include "console_tokens.h"

#include <algorithm>
#include <cctype>

#include "runglass/base/text.h"

namespace runglass::launch {

namespace {

using Kind = ConsoleToken::Kind;

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

bool isBlank(char c) {
    return c == ' ' || c == '\t';
}

/// Letters, `_` and anything beyond ASCII.
bool startsWord(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool continuesWord(char c) {
    return startsWord(c) || isDigit(c) || std::string_view("-./'@").find(c) != std::string_view::npos;
}

/// Ends a run of characters that belongs together.
bool isBoundary(char c) {
    return isBlank(c) || std::string_view(",;|()[]{}\"=").find(c) != std::string_view::npos;
}

class Lexer {
public:
    explicit Lexer(std::string_view line)
        : m_line(line) {}

    std::vector<ConsoleToken> lex() {
        while (skipBlanks()) {
            const char c = m_line[m_at];
            if (startsNumber()) {
                lexNumber();
            } else if (startsWord(c)) {
                lexWord();
            } else if (c == '/' || c == '~' || c == '\\' || (c == '.' && peek(1) == '/')) {
                add(Kind::Other, runLength());
            } else {
                add(Kind::Mark, 1);
            }
        }
        return std::move(m_tokens);
    }

private:
    [[nodiscard]] char peek(std::size_t ahead) const {
        return m_at + ahead < m_line.size() ? m_line[m_at + ahead] : '\0';
    }

    bool skipBlanks() {
        const auto start = m_at;
        m_tab = false;
        while (m_at < m_line.size() && isBlank(m_line[m_at])) {
            m_tab = m_tab || m_line[m_at] == '\t';
            ++m_at;
        }
        m_blanks = m_at - start;
        return m_at < m_line.size();
    }

    [[nodiscard]] bool startsNumber() const {
        const char c = m_line[m_at];
        const char next = peek(1);
        if (isDigit(c) || (c == '.' && isDigit(next))) {
            return true;
        }
        const bool sign = c == '-' || c == '+';
        return sign && (isDigit(next) || (next == '.' && isDigit(peek(2))) || startsSpecial(1));
    }

    /// `nan`, `inf`, `infinity` at this place, standing alone.
    [[nodiscard]] bool startsSpecial(std::size_t ahead) const {
        std::size_t length = 0;
        while (startsWord(peek(ahead + length)) || isDigit(peek(ahead + length))) {
            ++length;
        }
        const auto word = m_line.substr(std::min(m_at + ahead, m_line.size()), length);
        return length >= 3 && length <= 8 && startsWord(word.front()) && parseDouble(word).has_value();
    }

    ConsoleToken& add(Kind kind, std::size_t length) {
        ConsoleToken token;
        token.kind = kind;
        token.text = m_line.substr(m_at, length);
        token.afterBlank = m_blanks > 0;
        token.afterGap = m_tab || m_blanks > 1;
        m_at += length;
        m_tokens.push_back(token);
        return m_tokens.back();
    }

    /// To the next blank or bracket.
    [[nodiscard]] std::size_t runLength() const {
        std::size_t length = 1;
        while (m_at + length < m_line.size() && !isBoundary(m_line[m_at + length])) {
            ++length;
        }
        return length;
    }

    [[nodiscard]] std::size_t digitsAt(std::size_t ahead) const {
        std::size_t count = 0;
        while (isDigit(peek(ahead + count))) {
            ++count;
        }
        return count;
    }

    /// Length of the decimal number here, 0 where there is none.
    [[nodiscard]] std::size_t numberLength() const {
        std::size_t length = peek(0) == '-' || peek(0) == '+' ? 1 : 0;
        if (startsSpecial(length)) {
            std::size_t end = length;
            while (startsWord(peek(end))) {
                ++end;
            }
            return end;
        }
        std::size_t digits = digitsAt(length);
        length += digits;
        if (peek(length) == '.') {
            const auto fraction = digitsAt(length + 1);
            if (fraction > 0 || digits > 0) {
                length += fraction + 1;
                digits += fraction;
            }
        }
        if (digits > 0 && (peek(length) == 'e' || peek(length) == 'E')) {
            const std::size_t sign = peek(length + 1) == '-' || peek(length + 1) == '+' ? 1 : 0;
            const auto exponent = digitsAt(length + 1 + sign);
            length += exponent > 0 ? 1 + sign + exponent : 0;
        }
        return digits > 0 ? length : 0;
    }

    /// Whether what follows a number leaves it a number: `0.5,` does, `0.5s`, `00:05`, `1.2.3` and `2026-11`
    /// do not.
    [[nodiscard]] bool endsNumber(std::size_t length) const {
        const char next = peek(length);
        if (next == '\0' || isBoundary(next) || next == '\'') {
            return true;
        }
        const char after = peek(length + 1);
        if (next == ':' || next == '.') {
            return after == '\0' || isBlank(after);
        }
        return false;
    }

    /// Length of `0,5` and `1,234.5`: which of the two a comma means, nothing tells. 0 where there is none.
    [[nodiscard]] std::size_t commaNumberLength() const {
        std::size_t length = peek(0) == '-' || peek(0) == '+' ? 1 : 0;
        length += digitsAt(length);
        if (peek(length) != ',' || !isDigit(peek(length + 1))) {
            return 0;
        }
        while (isDigit(peek(length)) ||
               (isDigit(peek(length + 1)) && (peek(length) == ',' || peek(length) == '.'))) {
            ++length;
        }
        return length;
    }

    void lexNumber() {
        if (const auto ambiguous = commaNumberLength(); ambiguous > 0) {
            add(Kind::Other, ambiguous);  // no value is better than a wrong one
            return;
        }
        auto length = numberLength();
        if (length > 1 && m_line[m_at + length - 1] == '.') {
            --length;  // the full stop of a sentence, or the first point of `1..5`
        }
        if (lexRatio(length)) {
            return;
        }
        const bool percent = peek(length) == '%';
        const bool valid = length > 0 && (percent || endsNumber(length));
        const auto value = valid ? parseDouble(m_line.substr(m_at, length)) : std::nullopt;
        if (!value) {
            add(Kind::Other, runLength());
            return;
        }
        auto& token = add(Kind::Number, length);
        token.value = *value;
        token.isPercent = percent;
        token.isWhole = token.text.find_first_of(".eEnN") == std::string_view::npos;
        m_at += percent ? 1 : 0;
    }

    bool lexRatio(std::size_t length) {
        if (peek(length) != '/') {
            return false;
        }
        const auto digits = digitsAt(length + 1);
        const auto done = parseInt(m_line.substr(m_at, length));
        const auto total = parseInt(m_line.substr(std::min(m_at + length + 1, m_line.size()), digits));
        const auto whole = length + 1 + digits;
        if (!done || !total || *total <= 0 || !endsNumber(whole)) {
            return false;
        }
        auto& token = add(Kind::Ratio, whole);
        token.done = *done;
        token.total = *total;
        return true;
    }

    void lexWord() {
        if (startsSpecial(0)) {
            const auto length = numberLength();
            const auto value = parseDouble(m_line.substr(m_at, length));
            if (value && endsNumber(length)) {
                add(Kind::Number, length).value = *value;
                return;
            }
        }
        std::size_t length = 1;
        while (m_at + length < m_line.size() && continuesWord(m_line[m_at + length])) {
            ++length;
        }
        while (length > 1 &&
               std::string_view(".-'").find(m_line[m_at + length - 1]) != std::string_view::npos) {
            --length;
        }
        add(Kind::Word, length);
    }

    std::string_view m_line;
    std::size_t m_at = 0;
    std::size_t m_blanks = 0;
    bool m_tab = false;
    std::vector<ConsoleToken> m_tokens;
};

}  // namespace

std::vector<ConsoleToken> tokensOf(std::string_view line) {
    return Lexer(line).lex();
}

}  // namespace runglass::launch
