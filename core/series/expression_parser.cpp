// SPDX-License-Identifier: GPL-3.0-or-later
// Recursive descent over the bytes of the text; the depth of nesting is bounded.
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "runglass/base/translate.h"
#include "runglass/series/expression.h"

namespace runglass::series {

namespace {

constexpr std::size_t kLongest = 4096;  // bytes
constexpr int kDeepest = 60;
constexpr std::size_t kMostOperands = 200;  // on the stack at once, below the room of Expression::value()

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

bool startsWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool inWord(char c) {
    return startsWord(c) || isDigit(c) || c == '.' || c == '/' || c == ':' || c == '@';
}

}  // namespace

class ExpressionParser {
public:
    explicit ExpressionParser(std::string_view text)
        : m_text(text) {}

    std::variant<Expression, ExpressionError> parse() {
        if (m_text.size() > kLongest) {
            return ExpressionError{kLongest, m_text.size() - kLongest,
                                   tr("The expression is longer than {} bytes.", kLongest)};
        }
        if (sum() && !atEnd()) {
            failHere(tr("After this an operator such as + or the end is expected, found `{}`.", rest()));
        }
        if (m_error) {
            return std::move(*m_error);
        }
        return std::move(m_result);
    }

private:
    using Op = Expression::Op;

    void skipSpace() {
        while (m_at < m_text.size() &&
               (m_text[m_at] == ' ' || m_text[m_at] == '\t' || m_text[m_at] == '\n')) {
            ++m_at;
        }
    }
    bool atEnd() {
        skipSpace();
        return m_at == m_text.size();
    }
    bool take(char c) {
        skipSpace();
        if (m_at < m_text.size() && m_text[m_at] == c) {
            ++m_at;
            return true;
        }
        return false;
    }
    // What stands here, for messages: a word, a number or one character.
    std::string rest() {
        skipSpace();
        auto end = m_at;
        while (end < m_text.size() && inWord(m_text[end])) {
            ++end;
        }
        while (end == m_at && end < m_text.size()) {
            ++end;
        }
        return std::string(m_text.substr(m_at, end - m_at));
    }
    bool fail(std::size_t position, std::size_t length, std::string message) {
        if (!m_error) {
            m_error = ExpressionError{position, length, std::move(message)};
        }
        return false;
    }
    bool failHere(std::string message) {
        const auto found = rest();
        return fail(m_at, std::max<std::size_t>(found.size(), 1), std::move(message));
    }
    bool emit(Op op, std::uint32_t key = 0, double number = 0) {
        m_result.m_program.push_back({op, key, number});
        if (op == Op::Number || op == Op::Key) {
            if (++m_operands > kMostOperands) {
                return failHere(tr("The expression is nested too deeply."));
            }
        } else if (!Expression::isUnary(op)) {
            --m_operands;
        }
        return true;
    }

    bool sum() {
        if (!product()) {
            return false;
        }
        for (;;) {
            const bool plus = take('+');
            if (!plus && !take('-')) {
                return true;
            }
            if (!product() || !emit(plus ? Op::Add : Op::Subtract)) {
                return false;
            }
        }
    }
    bool product() {
        if (!sign()) {
            return false;
        }
        for (;;) {
            const bool times = take('*');
            if (!times && !take('/')) {
                return true;
            }
            if (!sign() || !emit(times ? Op::Multiply : Op::Divide)) {
                return false;
            }
        }
    }
    bool sign() {
        if (++m_depth > kDeepest) {
            return failHere(tr("The expression is nested too deeply."));
        }
        bool done = false;
        if (take('-')) {
            done = sign() && emit(Op::Negate);
        } else if (take('+')) {
            done = sign();
        } else {
            done = power();
        }
        --m_depth;
        return done;
    }
    bool power() {
        if (!operand()) {
            return false;
        }
        return !take('^') || (sign() && emit(Op::Power));
    }
    bool operand() {
        if (atEnd()) {
            return failHere(m_text.empty() || m_result.m_program.empty()
                                ? tr("A metric or a number is expected. Example: train/loss - val/loss")
                                : tr("The expression ends where a metric or a number is expected."));
        }
        const char c = m_text[m_at];
        if (take('(')) {
            return sum() && close();
        }
        if (c == '`') {
            return quoted();
        }
        if (isDigit(c) || c == '.') {
            return number();
        }
        if (startsWord(c)) {
            return word();
        }
        return failHere(tr("A metric or a number is expected, found `{}`.", rest()));
    }
    bool close() { return take(')') || failHere(tr("A closing parenthesis is missing.")); }

    bool number() {
        double value = 0;
        const auto* begin = m_text.data() + m_at;
        const auto [end, problem] = std::from_chars(begin, m_text.data() + m_text.size(), value);
        if (problem != std::errc() || !std::isfinite(value)) {
            return failHere(tr("`{}` is not a number that can be used.", rest()));
        }
        m_at += static_cast<std::size_t>(end - begin);
        return emit(Op::Number, 0, value);
    }
    bool quoted() {
        const auto start = m_at;
        const auto end = m_text.find('`', start + 1);
        if (end == std::string_view::npos) {
            return fail(start, m_text.size() - start, tr("The closing backquote is missing."));
        }
        m_at = end + 1;
        if (end == start + 1) {
            return fail(start, 2, tr("Between the backquotes the name of a metric is expected."));
        }
        return key(m_text.substr(start + 1, end - start - 1));
    }
    bool word() {
        const auto start = m_at;
        while (m_at < m_text.size() && inWord(m_text[m_at])) {
            ++m_at;
        }
        // `a/ b` and `(a)/2` divide: a slash at the end of a word is not part of it.
        while (m_text[m_at - 1] == '/') {
            --m_at;
        }
        const auto name = m_text.substr(start, m_at - start);
        const auto function = functionOf(name);
        return function && take('(') ? call(*function, name) : key(name);
    }
    bool key(std::string_view name) {
        auto& keys = m_result.m_keys;
        std::size_t index = 0;
        while (index < keys.size() && keys[index] != name) {
            ++index;
        }
        if (index == keys.size()) {
            keys.emplace_back(name);
        }
        return emit(Op::Key, static_cast<std::uint32_t>(index));
    }
    static std::optional<Op> functionOf(std::string_view name) {
        static constexpr std::array<std::pair<std::string_view, Op>, 8> kFunctions{{{"abs", Op::Abs},
                                                                                    {"exp", Op::Exp},
                                                                                    {"log", Op::Log},
                                                                                    {"log2", Op::Log2},
                                                                                    {"log10", Op::Log10},
                                                                                    {"sqrt", Op::Sqrt},
                                                                                    {"min", Op::Min},
                                                                                    {"max", Op::Max}}};
        for (const auto& [text, op] : kFunctions) {
            if (text == name) {
                return op;
            }
        }
        return std::nullopt;
    }
    bool call(Op function, std::string_view name) {
        if (!sum()) {
            return false;
        }
        if (!Expression::isUnary(function)) {
            if (!take(',')) {
                return failHere(tr("{} takes two values: {}(a, b).", name, name));
            }
            if (!sum()) {
                return false;
            }
        }
        return close() && emit(function);
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::size_t m_operands = 0;
    int m_depth = 0;
    Expression m_result;
    std::optional<ExpressionError> m_error;
};

std::variant<Expression, ExpressionError> Expression::parse(std::string_view text) {
    return ExpressionParser(text).parse();
}

}  // namespace runglass::series
