// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_out.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "runglass/base/text.h"

namespace runglass::tracking {

namespace {

bool needsEscape(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

}  // namespace

void JsonOut::begin(char bracket) {
    separate();
    m_text += bracket;
    m_first = true;
}

void JsonOut::end(char bracket) {
    m_text += bracket;
    m_first = false;
}

void JsonOut::separate() {
    if (!m_first && !m_afterKey) {
        m_text += ',';
    }
    m_first = false;
    m_afterKey = false;
}

void JsonOut::key(std::string_view name) {
    separate();
    m_text += '"';
    m_text += name;
    m_text += "\":";
    m_afterKey = true;
}

void JsonOut::append(std::string_view text) {
    separate();
    m_text += text;
}

void JsonOut::integer(std::int64_t value) {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    append({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

void JsonOut::real(double value) {
    if (!std::isfinite(value)) {
        text(formatDouble(value));
        return;
    }
    std::array<char, 40> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    const std::string_view written(digits.data(), static_cast<std::size_t>(end - digits.data()));
    append(written);
    if (written.find_first_of(".e") == std::string_view::npos) {
        m_text += ".0";  // clients in Python give back a float for a float
    }
}

void JsonOut::text(std::string_view value) {
    separate();
    m_text += '"';
    isValidUtf8(value) ? quoted(value) : quoted(toValidUtf8(value));
    m_text += '"';
}

void JsonOut::quoted(std::string_view value) {
    while (!value.empty()) {
        const auto special = std::find_if(value.begin(), value.end(), needsEscape);
        m_text.append(value.begin(), special);
        value.remove_prefix(static_cast<std::size_t>(special - value.begin()));
        if (value.empty()) {
            return;
        }
        const char c = value.front();
        value.remove_prefix(1);
        if (c == '"' || c == '\\') {
            m_text += '\\';
            m_text += c;
        } else if (c == '\n') {
            m_text += "\\n";
        } else {
            constexpr std::string_view kHex = "0123456789abcdef";
            m_text += "\\u00";
            m_text += kHex[static_cast<unsigned char>(c) >> 4U];
            m_text += kHex[static_cast<unsigned char>(c) & 0xFU];
        }
    }
}

}  // namespace runglass::tracking
