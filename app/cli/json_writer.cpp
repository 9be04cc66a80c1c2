// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_writer.h"

#include <fmt/format.h>

#include <cmath>

#include "output.h"
#include "runglass/base/text.h"

namespace runglass::cli {

namespace {

constexpr std::size_t kBufferSize = 1U << 16U;

void appendEscaped(std::string& out, std::string_view text) {
    for (const char c : text) {
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
                    out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
                } else {
                    out += c;
                }
        }
    }
}

}  // namespace

JsonWriter::~JsonWriter() {
    m_buffer += '\n';
    flush(0);
}

void JsonWriter::key(std::string_view name) {
    text(name);
    m_buffer += ": ";
    m_afterKey = true;
}

void JsonWriter::text(std::string_view value) {
    separate();
    m_buffer += '"';
    appendEscaped(m_buffer, isValidUtf8(value) ? std::string(value) : toValidUtf8(value));
    m_buffer += '"';
}

void JsonWriter::number(double value) {
    if (!std::isfinite(value)) {
        text(formatDouble(value));
        return;
    }
    separate();
    m_buffer += formatDouble(value);
}

void JsonWriter::integer(std::int64_t value) {
    separate();
    m_buffer += std::to_string(value);
}

void JsonWriter::boolean(bool value) {
    separate();
    m_buffer += value ? "true" : "false";
}

void JsonWriter::null() {
    separate();
    m_buffer += "null";
}

void JsonWriter::textOrNull(std::string_view value) {
    value.empty() ? null() : text(value);
}

void JsonWriter::begin(char bracket) {
    separate();
    m_buffer += bracket;
    m_hasMembers.push_back(false);
}

void JsonWriter::end(char bracket) {
    const bool hadMembers = m_hasMembers.back();
    const bool lines = static_cast<int>(m_hasMembers.size()) <= m_depthOfLines;
    m_hasMembers.pop_back();
    if (hadMembers && lines) {
        lineBreak();
    }
    m_buffer += bracket;
    flush(kBufferSize);
}

void JsonWriter::separate() {
    if (m_afterKey || m_hasMembers.empty()) {
        m_afterKey = false;
        return;
    }
    const bool lines = static_cast<int>(m_hasMembers.size()) <= m_depthOfLines;
    if (m_hasMembers.back()) {
        m_buffer += lines ? "," : ", ";
    }
    m_hasMembers.back() = true;
    if (lines) {
        lineBreak();
    }
}

void JsonWriter::lineBreak() {
    m_buffer += '\n';
    m_buffer.append(2 * m_hasMembers.size(), ' ');
}

void JsonWriter::flush(std::size_t above) {
    if (m_buffer.size() <= above) {
        return;
    }
    if (m_into != nullptr) {
        *m_into += m_buffer;
    } else {
        print(m_buffer);
    }
    m_buffer.clear();
}

}  // namespace runglass::cli
