// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_reader.h"

#include "runglass/base/text.h"

namespace runglass::sources {
namespace {

bool isSpace(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

void appendUtf8(std::string& text, unsigned code) {
    const auto put = [&](unsigned byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0U | code >> 6U);
        put(0x80U | (code & 0x3FU));
    } else if (code < 0x10000) {
        put(0xE0U | code >> 12U);
        put(0x80U | (code >> 6U & 0x3FU));
        put(0x80U | (code & 0x3FU));
    } else {
        put(0xF0U | code >> 18U);
        put(0x80U | (code >> 12U & 0x3FU));
        put(0x80U | (code >> 6U & 0x3FU));
        put(0x80U | (code & 0x3FU));
    }
}

}  // namespace

bool JsonReader::fail() {
    m_ok = false;
    return false;
}

void JsonReader::space() {
    while (m_at < m_text.size() && isSpace(m_text[m_at])) {
        ++m_at;
    }
}

bool JsonReader::atEnd() {
    space();
    return m_at == m_text.size();
}

bool JsonReader::take(char c) {
    space();
    if (!m_ok || m_at >= m_text.size() || m_text[m_at] != c) {
        return false;
    }
    ++m_at;
    return true;
}

JsonKind JsonReader::peek() {
    space();
    if (!m_ok || m_at >= m_text.size()) {
        fail();
        return JsonKind::Nothing;
    }
    switch (m_text[m_at]) {
        case '{':
            return JsonKind::Object;
        case '[':
            return JsonKind::Array;
        case '"':
            return JsonKind::String;
        case 't':
        case 'f':
            return JsonKind::Bool;
        case 'n':
            return JsonKind::Null;
        case '-':
        case 'N':  // NaN
        case 'I':  // Infinity
            return JsonKind::Number;
        default:
            return m_text[m_at] >= '0' && m_text[m_at] <= '9' ? JsonKind::Number : JsonKind::Nothing;
    }
}

bool JsonReader::enterObject() {
    if (!take('{')) {
        return false;
    }
    m_first.push_back(true);
    return m_first.size() <= kMaxDepth || fail();
}

bool JsonReader::enterArray() {
    if (!take('[')) {
        return false;
    }
    m_first.push_back(true);
    return m_first.size() <= kMaxDepth || fail();
}

bool JsonReader::goesOn(char end) {
    if (!m_ok || m_first.empty()) {
        return fail();
    }
    if (take(end)) {
        m_first.pop_back();
        return false;
    }
    if (!m_first.back() && !take(',')) {
        return fail();
    }
    m_first.back() = false;
    space();
    return true;
}

bool JsonReader::nextKey(std::string& key) {
    if (!goesOn('}')) {
        return false;
    }
    key.clear();
    return (stringInto(key) && take(':')) || fail();
}

bool JsonReader::nextItem() {
    return goesOn(']') && (m_at < m_text.size() || fail());
}

std::optional<unsigned> JsonReader::fourDigits() {
    if (m_text.size() - m_at < 4) {
        return std::nullopt;
    }
    unsigned code = 0;
    for (int i = 0; i < 4; ++i) {
        const char c = m_text[m_at++];
        const auto digit = c >= '0' && c <= '9'   ? c - '0'
                           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                  : -1;
        if (digit < 0) {
            return std::nullopt;
        }
        code = code << 4U | static_cast<unsigned>(digit);
    }
    return code;
}

/// What follows a backslash (RFC 8259, section 7).
void JsonReader::escapeInto(std::string& value) {
    const char c = m_at < m_text.size() ? m_text[m_at++] : '\0';
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    if (const auto known = kNames.find(c); known != std::string_view::npos) {
        value += kMeanings[known];
        return;
    }
    auto code = c == 'u' ? fourDigits() : std::nullopt;
    if (!code) {
        fail();
        return;
    }
    if (*code >= 0xD800 && *code < 0xDC00 && m_text.substr(m_at, 2) == "\\u") {
        m_at += 2;
        const auto low = fourDigits();
        if (!low) {
            fail();
            return;
        }
        if (*low >= 0xDC00 && *low < 0xE000) {
            code = 0x10000U + ((*code - 0xD800U) << 10U) + (*low - 0xDC00U);
        } else {
            appendUtf8(value, 0xFFFDU);
            code = low;
        }
    }
    const bool lone = *code >= 0xD800 && *code < 0xE000;
    appendUtf8(value, lone ? 0xFFFDU : *code);
}

bool JsonReader::stringInto(std::string& value) {
    if (m_at >= m_text.size() || m_text[m_at] != '"') {
        return fail();
    }
    ++m_at;
    while (m_ok && m_at < m_text.size()) {
        const auto end = m_text.find_first_of("\"\\", m_at);
        if (end == std::string_view::npos) {
            break;
        }
        value += m_text.substr(m_at, end - m_at);
        m_at = end + 1;
        if (m_text[end] == '"') {
            return true;
        }
        escapeInto(value);
    }
    return fail();
}

void JsonReader::skipString() {
    for (++m_at; m_at < m_text.size(); ++m_at) {
        m_at = m_text.find_first_of("\"\\", m_at);
        if (m_at == std::string_view::npos) {
            break;
        }
        if (m_text[m_at] == '"') {
            ++m_at;
            return;
        }
        ++m_at;  // whatever is escaped
    }
    m_at = m_text.size();
    fail();
}

std::string_view JsonReader::word() {
    const auto start = m_at;
    while (m_at < m_text.size()) {
        const char c = m_text[m_at];
        const bool part = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          c == '-' || c == '+' || c == '.' || c == '_';
        if (!part) {
            break;
        }
        ++m_at;
    }
    if (m_at == start) {
        fail();
    }
    return m_text.substr(start, m_at - start);
}

std::optional<std::string> JsonReader::string() {
    if (peek() != JsonKind::String) {
        skip();
        return std::nullopt;
    }
    std::string value;
    return stringInto(value) ? std::optional(std::move(value)) : std::nullopt;
}

std::optional<double> JsonReader::number() {
    if (peek() != JsonKind::Number) {
        skip();
        return std::nullopt;
    }
    return parseDouble(word());
}

std::optional<bool> JsonReader::boolean() {
    const auto text = skip();
    return text == "true" ? std::optional(true) : text == "false" ? std::optional(false) : std::nullopt;
}

std::string_view JsonReader::skip() {
    space();
    const auto start = m_at;
    std::size_t depth = 0;
    while (m_ok) {
        space();
        if (m_at >= m_text.size()) {
            fail();
            break;
        }
        switch (m_text[m_at]) {
            case '{':
            case '[':
                ++depth;
                ++m_at;
                break;
            case '}':
            case ']':
                if (depth == 0) {
                    fail();
                    break;
                }
                --depth;
                ++m_at;
                break;
            case ',':
            case ':':
                if (depth == 0) {
                    fail();
                    break;
                }
                ++m_at;
                break;
            case '"':
                skipString();
                break;
            default:
                word();
        }
        if (depth == 0) {
            break;
        }
    }
    return m_ok ? m_text.substr(start, m_at - start) : std::string_view();
}

JsonLeaf JsonLeaf::ofWord(JsonKind kind, std::string_view word) {
    JsonLeaf leaf;
    leaf.kind = kind;
    leaf.text = word;
    bool good = true;
    if (kind == JsonKind::Number) {
        const auto number = parseDouble(word);
        good = number.has_value();
        leaf.number = number.value_or(0);
    } else if (kind == JsonKind::Bool) {
        good = word == "true" || word == "false";
    } else if (kind == JsonKind::Null) {
        good = word == "null";
    }
    leaf.kind = good ? kind : JsonKind::Nothing;
    return leaf;
}

bool isSoundJson(std::string_view text) {
    JsonReader json(text);
    std::string key;
    bool sound = true;
    return forEachJsonLeaf(json, key,
                           [&](std::string_view, const JsonLeaf& leaf) {
                               sound = sound && leaf.kind != JsonKind::Nothing;
                           }) &&
           sound && json.atEnd();
}

namespace {

/// The depth is the reader's limit at most.
void passOver(JsonReader& json) {
    if (json.peek() == JsonKind::Object) {
        json.enterObject();
        for (std::string key; json.nextKey(key);) {
            passOver(json);
        }
    } else if (json.peek() == JsonKind::Array) {
        json.enterArray();
        while (json.nextItem()) {
            passOver(json);
        }
    } else {
        json.skip();
    }
}

}  // namespace

std::size_t placeOfMistake(std::string_view text) {
    JsonReader json(text);
    passOver(json);
    return json.offset();
}

}  // namespace runglass::sources
