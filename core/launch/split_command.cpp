// SPDX-License-Identifier: GPL-3.0-or-later
// Word splitting and quoting of the POSIX shell (XCU §2.2), without any expansion.
#include <algorithm>
#include <cctype>

#include "runglass/launch/script_flags.h"

namespace runglass::launch {

namespace {

class Splitter {
public:
    explicit Splitter(std::string_view line)
        : m_line(line) {}

    SplitCommand split() {
        while (m_at < m_line.size()) {
            const char c = m_line[m_at];
            if (!m_inWord) {
                m_begin = m_at;
            }
            ++m_at;
            if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
                endWord(m_at - 1);
            } else if (c == '\'') {
                singleQuoted();
            } else if (c == '"') {
                doubleQuoted();
            } else if (c == '\\') {
                escaped();
            } else {
                m_inWord = true;
                m_word += c;
            }
        }
        endWord(m_line.size());
        return std::move(m_result);
    }

private:
    void endWord(std::size_t end) {
        if (m_inWord) {
            m_result.ranges.push_back({m_begin, end});
            m_result.words.push_back(std::move(m_word));
            m_word.clear();
            m_inWord = false;
        }
    }

    void singleQuoted() {
        m_inWord = true;
        const auto end = m_line.find('\'', m_at);
        m_result.complete = end != std::string_view::npos;
        m_word += m_line.substr(m_at, end - m_at);
        m_at = m_result.complete ? end + 1 : m_line.size();
    }

    void doubleQuoted() {
        m_inWord = true;
        while (m_at < m_line.size() && m_line[m_at] != '"') {
            if (m_line[m_at] == '\\' && m_at + 1 < m_line.size()) {
                const char next = m_line[m_at + 1];
                if (next == '\n') {
                    m_at += 2;
                    continue;
                }
                // Only these are special behind a backslash between double quotes.
                if (std::string_view("$`\"\\").find(next) != std::string_view::npos) {
                    ++m_at;
                }
            }
            m_word += m_line[m_at];
            ++m_at;
        }
        m_result.complete = m_at < m_line.size();
        ++m_at;
    }

    void escaped() {
        if (m_at == m_line.size()) {
            m_result.complete = false;
            return;
        }
        if (m_line[m_at] != '\n') {  // a backslash at the end of a line joins it with the next
            m_inWord = true;
            m_word += m_line[m_at];
        }
        ++m_at;
    }

    std::string_view m_line;
    std::size_t m_at = 0;
    std::size_t m_begin = 0;  ///< of the current word
    std::string m_word;
    bool m_inWord = false;
    SplitCommand m_result;
};

/// Whether a shell takes the word as it is. Braces and `~` are safe here, since nothing is expanded, but
/// people paste commands into shells.
bool needsNoQuotes(std::string_view word) {
    return !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c >= 0x80 ||
               std::string_view("-_./:=,+@%^").find(static_cast<char>(c)) != std::string_view::npos;
    });
}

}  // namespace

SplitCommand splitCommand(std::string_view line) {
    return Splitter(line).split();
}

std::string joinCommand(const std::vector<std::string>& command) {
    std::string line;
    for (const auto& word : command) {
        if (!line.empty()) {
            line += ' ';
        }
        if (needsNoQuotes(word)) {
            line += word;
            continue;
        }
        line += '\'';
        for (const char c : word) {
            line += c == '\'' ? std::string("'\\''") : std::string(1, c);
        }
        line += '\'';
    }
    return line;
}

}  // namespace runglass::launch
