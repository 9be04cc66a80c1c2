// SPDX-License-Identifier: GPL-3.0-or-later
#include "python_source.h"

#include <algorithm>

namespace runglass::launch {

namespace {

using Kind = PythonToken::Kind;

bool opens(const PythonToken& token) {
    return token.isOperator("(") || token.isOperator("[") || token.isOperator("{");
}

bool closes(const PythonToken& token) {
    return token.isOperator(")") || token.isOperator("]") || token.isOperator("}");
}

}  // namespace

PythonSource::PythonSource(std::string_view text)
    : m_text(text)
    , m_tokens(tokenizePython(text)) {
    matchBrackets();
    findGlobals();
}

void PythonSource::matchBrackets() {
    m_partners.resize(m_tokens.size());
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < m_tokens.size(); ++i) {
        m_partners[i] = i;
        if (opens(m_tokens[i])) {
            open.push_back(i);
        } else if (closes(m_tokens[i]) && !open.empty()) {
            m_partners[open.back()] = i;
            m_partners[i] = open.back();
            open.pop_back();
        }
    }
}

/// `NAME = …` and `NAME: type = …` at the left margin.
void PythonSource::findGlobals() {
    for (std::size_t i = 0; i + 2 < m_tokens.size(); ++i) {
        const bool margin = m_tokens[i].kind == Kind::Newline && m_tokens[i].indent == 0;
        if (!margin || m_tokens[i + 1].kind != Kind::Name) {
            continue;
        }
        const auto end = endOfLine(i + 1);
        std::size_t sign = i + 2;
        if (m_tokens[sign].isOperator(":")) {
            while (sign < end && !m_tokens[sign].isOperator("=")) {
                ++sign;
            }
        }
        if (sign < end && m_tokens[sign].isOperator("=")) {
            m_globals.insert_or_assign(m_tokens[i + 1].source, TokenRange{sign + 1, end});
        }
    }
}

std::size_t PythonSource::endOfLine(std::size_t from) const {
    while (from < m_tokens.size() && m_tokens[from].kind != Kind::Newline) {
        ++from;
    }
    return from;
}

std::optional<std::size_t> PythonSource::closing(std::size_t open) const {
    if (open >= m_tokens.size() || !opens(m_tokens[open]) || m_partners[open] == open) {
        return std::nullopt;
    }
    return m_partners[open];
}

std::vector<PythonArgument> PythonSource::arguments(std::size_t open) const {
    std::vector<PythonArgument> arguments;
    const auto end = closing(open);
    if (!end) {
        return arguments;
    }
    std::size_t begin = open + 1;
    const auto finish = [&](std::size_t at) {
        if (begin < at) {
            PythonArgument argument{{}, {begin, at}};
            if (at - begin > 2 && m_tokens[begin].kind == Kind::Name && m_tokens[begin + 1].isOperator("=")) {
                argument = {m_tokens[begin].source, {begin + 2, at}};
            }
            arguments.push_back(argument);
        }
        begin = at + 1;
    };
    for (std::size_t i = open + 1; i < *end; ++i) {
        if (opens(m_tokens[i])) {
            i = std::max(i, m_partners[i]);
        } else if (m_tokens[i].isOperator(",")) {
            finish(i);
        }
    }
    finish(*end);
    return arguments;
}

TokenRange PythonSource::keyword(const std::vector<PythonArgument>& arguments, std::string_view name) {
    const auto it = std::find_if(arguments.begin(), arguments.end(),
                                 [&](const PythonArgument& argument) { return argument.name == name; });
    return it == arguments.end() ? TokenRange{} : it->value;
}

TokenRange PythonSource::unwrapped(TokenRange range) const {
    while (range.size() >= 2 && m_tokens[range.begin].isOperator("(") &&
           m_partners[range.begin] == range.end - 1) {
        range = {range.begin + 1, range.end - 1};
    }
    return range;
}

TokenRange PythonSource::resolved(TokenRange range) const {
    if (range.size() == 1 && m_tokens[range.begin].kind == Kind::Name) {
        const auto it = m_globals.find(m_tokens[range.begin].source);
        if (it != m_globals.end()) {
            return it->second;
        }
    }
    return range;
}

std::optional<std::string> PythonSource::stringValue(TokenRange range) const {
    range = unwrapped(range);
    if (range.empty()) {
        return std::nullopt;
    }
    std::string value;
    for (std::size_t i = range.begin; i < range.end; ++i) {
        if (m_tokens[i].kind != Kind::String || m_tokens[i].isFormat) {
            return std::nullopt;
        }
        value += m_tokens[i].value;
    }
    return value;
}

std::string_view PythonSource::text(TokenRange range) const {
    if (range.empty()) {
        return {};
    }
    const auto* begin = m_tokens[range.begin].source.data();
    const auto& last = m_tokens[range.end - 1].source;
    return {begin, static_cast<std::size_t>(last.data() + last.size() - begin)};
}

std::string PythonSource::literal(TokenRange range) const {
    const auto target = resolved(range);
    if (const auto value = stringValue(target)) {
        return *value;
    }
    // Only a plain value stands for its name; of an expression the name says more.
    const auto shown = target.size() <= 2 ? target : range;
    return std::string(text(shown));
}

std::vector<std::string> PythonSource::literalList(TokenRange range) const {
    range = resolved(range);
    if (range.size() < 2 || !opens(m_tokens[range.begin]) || m_partners[range.begin] != range.end - 1) {
        return {};
    }
    std::vector<std::string> items;
    for (const auto& item : arguments(range.begin)) {
        const auto* first = at(item.value.begin);
        const bool plain = first->kind == Kind::String || first->kind == Kind::Number ||
                           first->isOperator("-") || first->isName("True") || first->isName("False") ||
                           first->isName("None");
        if (!plain || (item.value.size() > 2 && first->kind != Kind::String)) {
            return {};
        }
        items.push_back(literal(item.value));
    }
    return items;
}

std::string_view PythonSource::lastName(TokenRange range) const {
    if (range.empty() || m_tokens[range.end - 1].kind != Kind::Name) {
        return {};
    }
    for (std::size_t i = range.begin; i < range.end; ++i) {
        const bool name = (i - range.begin) % 2 == 0;
        if (name ? m_tokens[i].kind != Kind::Name : !m_tokens[i].isOperator(".")) {
            return {};
        }
    }
    return m_tokens[range.end - 1].source;
}

}  // namespace runglass::launch
