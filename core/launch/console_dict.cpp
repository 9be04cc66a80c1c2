// SPDX-License-Identifier: GPL-3.0-or-later
// A reader of its own, because what scripts print is neither strict JSON (NaN, Infinity) nor always JSON at
// all.
#include "console_dict.h"

#include <cctype>

#include "runglass/base/text.h"

namespace runglass::launch {

namespace {

constexpr int kMaxDepth = 16;

class DictReader {
public:
    explicit DictReader(std::string_view text)
        : m_text(text) {}

    std::optional<DictNumbers> read() {
        skipBlanks();
        if (!at('{') || !readDict({}, 0)) {
            return std::nullopt;
        }
        skipBlanks();
        return m_at == m_text.size() ? std::optional(std::move(m_numbers)) : std::nullopt;
    }

private:
    [[nodiscard]] bool at(char c) const { return m_at < m_text.size() && m_text[m_at] == c; }
    bool take(char c) {
        skipBlanks();
        if (!at(c)) {
            return false;
        }
        ++m_at;
        return true;
    }
    void skipBlanks() {
        while (m_at < m_text.size() && std::isspace(static_cast<unsigned char>(m_text[m_at])) != 0) {
            ++m_at;
        }
    }

    bool readDict(const std::string& prefix, int depth) {
        ++m_at;
        if (take('}')) {
            return true;
        }
        do {
            skipBlanks();
            std::string key;
            if (at('}')) {
                break;  // Python allows a comma at the end
            }
            if (!readString(key) || !take(':') ||
                !readValue(prefix.empty() ? key : prefix + "/" + key, depth)) {
                return false;
            }
        } while (take(','));
        return take('}');
    }

    bool readValue(const std::string& key, int depth) {
        skipBlanks();
        if (depth >= kMaxDepth || m_at >= m_text.size()) {
            return false;
        }
        if (at('{')) {
            return readDict(key, depth + 1);
        }
        if (at('[') || at('(')) {
            return skipList(depth + 1);
        }
        if (at('"') || at('\'')) {
            std::string ignored;
            return readString(ignored);
        }
        return readBare(key);
    }

    bool skipList(int depth) {
        const char close = m_text[m_at] == '[' ? ']' : ')';
        ++m_at;
        if (take(close)) {
            return true;
        }
        do {
            skipBlanks();
            if (at(close)) {
                break;
            }
            if (!readValue({}, depth)) {
                return false;
            }
        } while (take(','));
        return take(close);
    }

    bool readString(std::string& value) {
        if (!at('"') && !at('\'')) {
            return false;
        }
        const char quote = m_text[m_at];
        for (++m_at; m_at < m_text.size(); ++m_at) {
            if (m_text[m_at] == quote) {
                ++m_at;
                return true;
            }
            if (m_text[m_at] == '\\' && m_at + 1 < m_text.size()) {
                ++m_at;
            }
            value += m_text[m_at];
        }
        return false;
    }

    /// A number, or a word such as `None`, `true` or NumPy 2's `np.float64(0.5)`.
    bool readBare(const std::string& key) {
        auto word = takeWord();
        if (at('(') && (word.starts_with("np.") || word == "tensor")) {
            ++m_at;
            skipBlanks();
            word = takeWord();
            const auto close = m_text.find(')', m_at);
            if (close == std::string_view::npos) {
                return false;
            }
            m_at = close + 1;
        }
        if (!key.empty() && parseDouble(word)) {
            m_numbers.emplace_back(key, word);
        }
        return !word.empty();
    }

    std::string_view takeWord() {
        const auto end = std::min(m_text.find_first_of(",:{}[]()'\" \t", m_at), m_text.size());
        const auto word = m_text.substr(m_at, end - m_at);
        m_at = end;
        return word;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    DictNumbers m_numbers;
};

}  // namespace

std::optional<DictNumbers> parseDictLine(std::string_view text) {
    return DictReader(text).read();
}

}  // namespace runglass::launch
