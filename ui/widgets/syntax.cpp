// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/widgets/syntax.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>
#include <string>

namespace runglass::ui {

namespace {

constexpr std::array<std::string_view, 37> kPythonKeywords{
    "False",  "None",     "True",   "and", "as",    "assert", "async",  "await",    "break", "case",
    "class",  "continue", "def",    "del", "elif",  "else",   "except", "finally",  "for",   "from",
    "global", "if",       "import", "in",  "is",    "lambda", "match",  "nonlocal", "not",   "or",
    "pass",   "raise",    "return", "try", "while", "with",   "yield"};
constexpr std::array<std::string_view, 18> kShellKeywords{
    "case", "do",       "done", "elif", "else",  "esac",   "exit", "export", "fi",
    "for",  "function", "if",   "in",   "local", "return", "set",  "then",   "while"};
constexpr std::array<std::string_view, 10> kConstants{"false", "False", "no",   "null", "off",
                                                      "on",    "true",  "True", "yes",  "~"};

bool contains(std::span<const std::string_view> words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

bool isNameByte(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

/// A multi-line string is kept in the state as its closing quote, three times.
constexpr SyntaxState kInTripleSingle = 1;
constexpr SyntaxState kInTripleDouble = 2;

class Lexer {
public:
    Lexer(Language language, std::string_view line, std::vector<SyntaxSpan>* spans)
        : m_language(language)
        , m_line(line)
        , m_spans(spans) {}

    SyntaxState run(SyntaxState state) {
        if (state != 0) {
            state = finishTriple(0, 0, state);
        }
        while (m_at < m_line.size() && state == 0) {
            state = step();
        }
        return state;
    }

private:
    SyntaxState step() {
        const char c = m_line[m_at];
        if (c == '#' && startsComment()) {
            emit(m_at, m_line.size(), SyntaxKind::Comment);
            m_at = m_line.size();
            return 0;
        }
        if (c == '"' || c == '\'') {
            return quoted(m_at);
        }
        if (c == '[' && m_language == Language::Toml && atLineStart()) {
            emit(m_at, m_line.find_last_of(']') + 1, SyntaxKind::Type);
            m_at = std::max(m_at + 1, m_line.find_last_of(']') + 1);
            return 0;
        }
        if (c == '@' && m_language == Language::Python && atLineStart()) {
            const std::size_t begin = m_at++;
            while (m_at < m_line.size() && (isNameByte(m_line[m_at]) || m_line[m_at] == '.')) {
                ++m_at;
            }
            emit(begin, m_at, SyntaxKind::Function);
            return 0;
        }
        if (isDigit(c) || (c == '.' && m_at + 1 < m_line.size() && isDigit(m_line[m_at + 1]))) {
            number();
        } else if (isNameByte(c)) {
            return name();
        } else {
            ++m_at;
        }
        return 0;
    }

    [[nodiscard]] bool startsComment() const {
        switch (m_language) {
            case Language::Python:
            case Language::Toml:
                return true;
            case Language::Yaml:
            case Language::Shell:
                return m_at == 0 || m_line[m_at - 1] == ' ' || m_line[m_at - 1] == '\t';
            default:
                return false;
        }
    }

    [[nodiscard]] bool atLineStart() const { return m_line.find_first_not_of(" \t") == m_at; }

    [[nodiscard]] bool hasTripleStrings() const {
        return m_language == Language::Python || m_language == Language::Toml;
    }

    /// A string whose text, with its prefix, begins at `begin` and whose quote is at m_at.
    SyntaxState quoted(std::size_t begin) {
        const char quote = m_line[m_at];
        if (hasTripleStrings() && m_line.substr(m_at, 3) == std::string(3, quote)) {
            return finishTriple(begin, m_at + 3, quote == '"' ? kInTripleDouble : kInTripleSingle);
        }
        std::size_t i = m_at + 1;
        const bool escapes = quote == '"' || m_language == Language::Python;
        while (i < m_line.size() && m_line[i] != quote) {
            i += escapes && m_line[i] == '\\' ? 2U : 1U;
        }
        m_at = std::min(i + 1, m_line.size());
        emit(begin, m_at, isJsonKey() ? SyntaxKind::Function : SyntaxKind::String);
        return 0;
    }

    [[nodiscard]] bool isJsonKey() const {
        const auto next = m_line.find_first_not_of(" \t", m_at);
        return m_language == Language::Json && next != std::string_view::npos && m_line[next] == ':';
    }

    SyntaxState finishTriple(std::size_t begin, std::size_t from, SyntaxState state) {
        const std::string_view close = state == kInTripleDouble ? "\"\"\"" : "'''";
        const auto end = m_line.find(close, from);
        m_at = end == std::string_view::npos ? m_line.size() : end + 3;
        emit(begin, m_at, SyntaxKind::String);
        return end == std::string_view::npos ? state : SyntaxState{0};
    }

    void number() {
        const std::size_t begin = m_at++;
        while (m_at < m_line.size()) {
            const char c = m_line[m_at];
            const char before = m_line[m_at - 1];
            const bool sign = (c == '+' || c == '-') && (before == 'e' || before == 'E');
            if (!isNameByte(c) && c != '.' && !sign) {
                break;
            }
            ++m_at;
        }
        emit(begin, m_at, SyntaxKind::Number);
    }

    SyntaxState name() {
        const std::size_t begin = m_at;
        while (m_at < m_line.size() && isNameByte(m_line[m_at])) {
            ++m_at;
        }
        const auto word = m_line.substr(begin, m_at - begin);
        if (m_language == Language::Python && m_at < m_line.size() &&
            (m_line[m_at] == '"' || m_line[m_at] == '\'') && isStringPrefix(word)) {
            return quoted(begin);
        }
        if (m_language == Language::Python) {
            pythonName(begin, word);
        } else if (m_language == Language::Shell) {
            if (contains(kShellKeywords, word)) {
                emit(begin, m_at, SyntaxKind::Keyword);
            }
        } else if (contains(kConstants, word) && isWholeValue(begin)) {
            emit(begin, m_at, SyntaxKind::Keyword);
        }
        m_previous = word;
        return 0;
    }

    void pythonName(std::size_t begin, std::string_view word) {
        if (m_previous == "def" || m_previous == "class") {
            emit(begin, m_at, m_previous == "def" ? SyntaxKind::Function : SyntaxKind::Type);
        } else if (contains(kPythonKeywords, word) && !isSoftKeywordAsName(begin, word)) {
            emit(begin, m_at, SyntaxKind::Keyword);
        }
    }

    /// `match` and `case` are names unless a statement starts with them and something to match follows.
    [[nodiscard]] bool isSoftKeywordAsName(std::size_t begin, std::string_view word) const {
        if (word != "match" && word != "case") {
            return false;
        }
        return m_line.find_first_not_of(" \t") != begin || m_at >= m_line.size() || m_line[m_at] != ' ' ||
               m_line.find(':', m_at) == std::string_view::npos || m_line.substr(m_at, 2) == " =";
    }

    static bool isStringPrefix(std::string_view word) {
        return word.size() <= 2 && word.find_first_not_of("rRbBfFuU") == std::string_view::npos;
    }

    /// `no` in `no: 5` or `/no/` is not a constant.
    [[nodiscard]] bool isWholeValue(std::size_t begin) const {
        constexpr std::string_view kBefore = " \t[{,:=";
        constexpr std::string_view kAfter = " \t]},\r";
        return (begin == 0 || kBefore.find(m_line[begin - 1]) != std::string_view::npos) &&
               (m_at == m_line.size() || kAfter.find(m_line[m_at]) != std::string_view::npos);
    }

    void emit(std::size_t begin, std::size_t end, SyntaxKind kind) {
        if (m_spans != nullptr && end > begin) {
            m_spans->push_back({static_cast<int>(begin), static_cast<int>(end), kind});
        }
    }

    Language m_language;
    std::string_view m_line;
    std::vector<SyntaxSpan>* m_spans;
    std::size_t m_at = 0;
    std::string_view m_previous;
};

}  // namespace

Language languageOf(std::string_view path) {
    const auto slash = path.find_last_of('/');
    const auto name = path.substr(slash == std::string_view::npos ? 0 : slash + 1);
    const auto dot = name.find_last_of('.');
    const auto ending = dot == std::string_view::npos ? std::string_view{} : name.substr(dot + 1);
    constexpr std::array<std::pair<std::string_view, Language>, 12> kEndings{{{"py", Language::Python},
                                                                              {"pyi", Language::Python},
                                                                              {"pyx", Language::Python},
                                                                              {"yaml", Language::Yaml},
                                                                              {"yml", Language::Yaml},
                                                                              {"lock", Language::Yaml},
                                                                              {"json", Language::Json},
                                                                              {"ipynb", Language::Json},
                                                                              {"toml", Language::Toml},
                                                                              {"cfg", Language::Toml},
                                                                              {"sh", Language::Shell},
                                                                              {"bash", Language::Shell}}};
    const auto it =
        std::find_if(kEndings.begin(), kEndings.end(), [&](const auto& e) { return e.first == ending; });
    return it == kEndings.end() ? Language::Plain : it->second;
}

SyntaxState highlightLine(Language language, std::string_view line, SyntaxState state,
                          std::vector<SyntaxSpan>* spans) {
    if (language == Language::Plain) {
        return 0;
    }
    return Lexer(language, line, spans).run(state);
}

}  // namespace runglass::ui
