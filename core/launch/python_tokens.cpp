// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cctype>

#include "python_source.h"

namespace runglass::launch {

namespace {

using Kind = PythonToken::Kind;

bool startsName(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool continuesName(char c) {
    return startsName(c) || std::isdigit(static_cast<unsigned char>(c)) != 0;
}

class Tokenizer {
public:
    explicit Tokenizer(std::string_view text)
        : m_text(text) {}

    std::vector<PythonToken> run() {
        m_tokens.reserve(m_text.size() / 4);
        startLine();
        while (m_at < m_text.size()) {
            step();
        }
        return std::move(m_tokens);
    }

private:
    [[nodiscard]] char peek(std::size_t ahead = 0) const {
        return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : '\0';
    }

    void step() {
        const char c = peek();
        if (c == '\n') {
            ++m_at;
            if (m_depth == 0) {
                startLine();
            }
        } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f') {
            ++m_at;
        } else if (c == '#') {
            m_at = std::min(m_text.find('\n', m_at), m_text.size());
        } else if (c == '\\' && (peek(1) == '\n' || (peek(1) == '\r' && peek(2) == '\n'))) {
            m_at += peek(1) == '\n' ? 2 : 3;
        } else if (c == '"' || c == '\'') {
            readString(m_at);
        } else if (startsName(c)) {
            readName();
        } else if (std::isdigit(static_cast<unsigned char>(c)) != 0 ||
                   (c == '.' && std::isdigit(static_cast<unsigned char>(peek(1))) != 0)) {
            readNumber();
        } else {
            readOperator();
        }
    }

    /// Notes the indentation of the next line that has something on it.
    void startLine() {
        for (;;) {
            const auto start = m_at;
            int indent = 0;
            while (peek() == ' ' || peek() == '\t' || peek() == '\f') {
                indent += peek() == '\t' ? 8 - indent % 8 : 1;
                ++m_at;
            }
            if (peek() == '\r') {
                ++m_at;
            }
            if (peek() == '#') {
                m_at = std::min(m_text.find('\n', m_at), m_text.size());
            }
            if (peek() != '\n' || m_at >= m_text.size()) {
                PythonToken token;
                token.kind = Kind::Newline;
                token.source = m_text.substr(start, 0);
                token.indent = indent;
                m_tokens.push_back(std::move(token));
                return;
            }
            ++m_at;
        }
    }

    PythonToken& add(Kind kind, std::size_t begin) {
        PythonToken token;
        token.kind = kind;
        token.source = m_text.substr(begin, m_at - begin);
        m_tokens.push_back(std::move(token));
        return m_tokens.back();
    }

    void readName() {
        const auto begin = m_at;
        while (continuesName(peek()) && m_at < m_text.size()) {
            ++m_at;
        }
        const auto name = m_text.substr(begin, m_at - begin);
        const bool prefix = name.size() <= 2 && (peek() == '"' || peek() == '\'') &&
                            name.find_first_not_of("rRbBuUfF") == std::string_view::npos;
        if (prefix) {
            readString(begin);
        } else {
            add(Kind::Name, begin);
        }
    }

    void readNumber() {
        const auto begin = m_at;
        while (continuesName(peek()) || peek() == '.' ||
               ((peek() == '+' || peek() == '-') && (m_text[m_at - 1] == 'e' || m_text[m_at - 1] == 'E') &&
                m_text[begin] != '0')) {
            ++m_at;
        }
        add(Kind::Number, begin);
    }

    void readOperator() {
        constexpr std::array<std::string_view, 5> kLong = {"**=", "//=", "->", ":=", "=="};
        const auto begin = m_at;
        const auto rest = m_text.substr(m_at);
        const auto* it = std::find_if(kLong.begin(), kLong.end(),
                                      [&](std::string_view text) { return rest.starts_with(text); });
        const char c = peek();
        m_at += it == kLong.end() ? 1 : it->size();
        if (it == kLong.end() && m_at < m_text.size() && peek() == '=' &&
            std::string_view("!<>+-*/%&|^@").find(c) != std::string_view::npos) {
            ++m_at;  // an augmented assignment or a comparison, never the `=` of a keyword
        }
        if (c == '(' || c == '[' || c == '{') {
            ++m_depth;
        } else if ((c == ')' || c == ']' || c == '}') && m_depth > 0) {
            --m_depth;
        }
        add(Kind::Operator, begin);
    }

    /// At the opening quote; `begin` is where the prefix starts.
    void readString(std::size_t begin) {
        const auto prefix = m_text.substr(begin, m_at - begin);
        const bool raw = prefix.find_first_of("rR") != std::string_view::npos;
        const char quote = peek();
        const bool triple = peek(1) == quote && peek(2) == quote;
        m_at += triple ? 3 : 1;
        std::string value;
        while (m_at < m_text.size() && !atEnd(quote, triple)) {
            if (!triple && peek() == '\n') {
                break;  // an unfinished string ends with its line
            }
            if (peek() == '\\' && m_at + 1 < m_text.size()) {
                readEscape(raw, value);
            } else {
                value += peek();
                ++m_at;
            }
        }
        if (m_at < m_text.size() && atEnd(quote, triple)) {
            m_at += triple ? 3 : 1;
        }
        auto& token = add(Kind::String, begin);
        token.value = std::move(value);
        token.isFormat = prefix.find_first_of("fF") != std::string_view::npos;
    }

    [[nodiscard]] bool atEnd(char quote, bool triple) const {
        return peek() == quote && (!triple || (peek(1) == quote && peek(2) == quote));
    }

    /// Octal, hex and named characters stay as written: flag declarations do not use them.
    void readEscape(bool raw, std::string& value) {
        const char c = peek(1);
        if (raw) {
            value += '\\';
            value += c;
        } else if (c == 'n' || c == 't') {
            value += c == 'n' ? '\n' : '\t';
        } else if (c == '\\' || c == '"' || c == '\'') {
            value += c;
        } else if (c != '\n') {
            value += '\\';
            value += c;
        }
        m_at += 2;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    int m_depth = 0;  ///< of open brackets
    std::vector<PythonToken> m_tokens;
};

}  // namespace

std::vector<PythonToken> tokenizePython(std::string_view text) {
    return Tokenizer(text).run();
}

}  // namespace runglass::launch
