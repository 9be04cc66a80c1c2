// SPDX-License-Identifier: GPL-3.0-or-later
// ECMA-48 (5th edition) as terminals implement it; colours by
// https://invisible-island.net/xterm/ctlseqs/ctlseqs.html#SGR
#include "runglass/ui/launch/ansi_parser.h"

#include <algorithm>

namespace runglass::ui {

namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr std::size_t kMaxParameters = 32;
constexpr int kMaxParameter = 100'000;

std::size_t expectedLength(unsigned char first) {
    if (first >= 0xC2 && first <= 0xDF) {
        return 2;
    }
    if (first >= 0xE0 && first <= 0xEF) {
        return 3;
    }
    return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

/// The character of a sequence of the right length; nothing for overlong forms, surrogates and what is beyond
/// Unicode.
char32_t decode(std::string_view bytes) {
    constexpr char32_t kMinimum[] = {0, 0, 0x80, 0x800, 0x10000};
    const auto first = static_cast<unsigned char>(bytes[0]);
    char32_t character = first & (0xFFU >> (bytes.size() + 1));
    for (std::size_t i = 1; i < bytes.size(); ++i) {
        character = character << 6U | (static_cast<unsigned char>(bytes[i]) & 0x3FU);
    }
    const bool surrogate = character >= 0xD800 && character <= 0xDFFF;
    return character < kMinimum[bytes.size()] || surrogate || character > 0x10FFFF ? kReplacement : character;
}

}  // namespace

void AnsiParser::parse(std::string_view bytes) {
    for (const char byte : bytes) {
        parseByte(static_cast<unsigned char>(byte));
    }
}

void AnsiParser::parseByte(unsigned char byte) {
    switch (m_state) {
        case State::Text:
            text(byte);
            break;
        case State::Escape:
            escape(byte);
            break;
        case State::Csi:
            csi(byte);
            break;
        case State::Charset:
            m_state = State::Text;
            break;
        case State::String:
            // Until BEL or ESC \; a line feed ends it too, so that a lonely ESC ] does not swallow the rest
            // of a log.
            if (byte == 0x1B) {
                m_state = State::StringEscape;
            } else if (byte == '\a' || byte == '\n') {
                m_state = State::Text;
                if (byte == '\n') {
                    m_sink->lineFeed();
                }
            }
            break;
        case State::StringEscape:
            m_state = State::Text;
            if (byte != '\\') {
                escape(byte);
            }
            break;
    }
}

void AnsiParser::text(unsigned char byte) {
    if (!m_partial.empty()) {
        continueCharacter(byte);
    } else if (byte < 0x20 || byte == 0x7F) {
        control(byte);
    } else if (byte < 0x80) {
        m_sink->print(byte, m_style);
    } else if (expectedLength(byte) > 0) {
        m_partial.assign(1, static_cast<char>(byte));
    } else {
        m_sink->print(kReplacement, m_style);
    }
}

void AnsiParser::continueCharacter(unsigned char byte) {
    if ((byte & 0xC0U) != 0x80U) {
        for (std::size_t i = 0; i < m_partial.size(); ++i) {
            m_sink->print(kReplacement, m_style);
        }
        m_partial.clear();
        text(byte);
        return;
    }
    m_partial += static_cast<char>(byte);
    if (m_partial.size() == expectedLength(static_cast<unsigned char>(m_partial.front()))) {
        m_sink->print(decode(m_partial), m_style);
        m_partial.clear();
    }
}

void AnsiParser::control(unsigned char byte) {
    switch (byte) {
        case '\n':
            m_sink->lineFeed();
            break;
        case '\r':
            m_sink->carriageReturn();
            break;
        case '\b':
            m_sink->backspace();
            break;
        case '\t':
            m_sink->tab();
            break;
        case 0x1B:
            m_state = State::Escape;
            break;
        case 0x00:
        case '\a':
        case 0x0E:
        case 0x0F:
        case 0x7F:
            break;
        default:
            m_sink->print(kReplacement, m_style);
    }
}

void AnsiParser::escape(unsigned char byte) {
    m_state = State::Text;
    if (byte == '[') {
        m_state = State::Csi;
        m_parameters.clear();
        m_private = false;
    } else if (byte == ']' || byte == 'P' || byte == '_' || byte == '^' || byte == 'X') {
        m_state = State::String;
    } else if (byte == '(' || byte == ')' || byte == '*' || byte == '+') {
        m_state = State::Charset;
    } else if (byte < 0x20) {
        text(byte);
    }
}

void AnsiParser::csi(unsigned char byte) {
    if (byte >= '0' && byte <= '9') {
        if (m_parameters.empty()) {
            m_parameters.push_back(-1);
        }
        int& last = m_parameters.back();
        last = std::min(kMaxParameter, std::max(last, 0) * 10 + (byte - '0'));
    } else if (byte == ';' || byte == ':') {
        if (m_parameters.empty()) {
            m_parameters.push_back(-1);
        }
        if (m_parameters.size() < kMaxParameters) {
            m_parameters.push_back(-1);
        }
    } else if (byte >= 0x3C && byte <= 0x3F) {
        m_private = true;
    } else if (byte >= 0x40 && byte <= 0x7E) {
        m_state = State::Text;
        if (!m_private) {
            finishCsi(byte);
        }
    } else if (byte < 0x20) {
        m_state = State::Text;  // not a sequence after all
        text(byte);
    }
}

int AnsiParser::parameter(std::size_t index, int fallback) const {
    return index < m_parameters.size() && m_parameters[index] >= 0 ? m_parameters[index] : fallback;
}

void AnsiParser::finishCsi(unsigned char final) {
    switch (final) {
        case 'm':
            selectGraphics();
            break;
        case 'K':
            m_sink->eraseLine(parameter(0, 0));
            break;
        case 'G':
            m_sink->moveToColumn(std::max(parameter(0, 1), 1) - 1);
            break;
        case 'C':
            m_sink->moveColumns(std::max(parameter(0, 1), 1));
            break;
        case 'D':
            m_sink->moveColumns(-std::max(parameter(0, 1), 1));
            break;
        default:
            break;
    }
}

void AnsiParser::selectGraphics() {
    if (m_parameters.empty()) {
        m_style = {};
    }
    for (std::size_t i = 0; i < m_parameters.size(); ++i) {
        const int code = parameter(i, 0);
        if (code == 38) {
            i += extendedColor(i + 1, m_style.foreground);
        } else if (code == 48) {
            i += extendedColor(i + 1, m_style.background);
        } else {
            selectSimple(code);
        }
    }
}

/// `5;n` or `2;r;g;b` at `at`; returns how many parameters that were.
std::size_t AnsiParser::extendedColor(std::size_t at, AnsiColor& color) const {
    const int kind = parameter(at, -1);
    if (kind == 5) {
        color = {AnsiColor::Kind::Palette,
                 static_cast<std::uint32_t>(std::clamp(parameter(at + 1, 0), 0, 255))};
        return 2;
    }
    if (kind == 2) {
        const auto part = [&](std::size_t index) {
            return static_cast<std::uint32_t>(std::clamp(parameter(at + index, 0), 0, 255));
        };
        color = {AnsiColor::Kind::Rgb, part(1) << 16U | part(2) << 8U | part(3)};
        return 4;
    }
    return 0;
}

void AnsiParser::selectSimple(int code) {
    const auto palette = [](int index) {
        return AnsiColor{AnsiColor::Kind::Palette, static_cast<std::uint32_t>(index)};
    };
    if (code >= 30 && code <= 37) {
        m_style.foreground = palette(code - 30);
    } else if (code >= 40 && code <= 47) {
        m_style.background = palette(code - 40);
    } else if (code >= 90 && code <= 97) {
        m_style.foreground = palette(code - 90 + 8);
    } else if (code >= 100 && code <= 107) {
        m_style.background = palette(code - 100 + 8);
    } else if (code == 0) {
        m_style = {};
    } else if (code == 1) {
        m_style.bold = true;
    } else if (code == 2) {
        m_style.faint = true;
    } else if (code == 3 || code == 23) {
        m_style.italic = code == 3;
    } else if (code == 4 || code == 24) {
        m_style.underline = code == 4;
    } else if (code == 7 || code == 27) {
        m_style.inverse = code == 7;
    } else if (code == 22) {
        m_style.bold = false;
        m_style.faint = false;
    } else if (code == 39) {
        m_style.foreground = {};
    } else if (code == 49) {
        m_style.background = {};
    }
}

}  // namespace runglass::ui
