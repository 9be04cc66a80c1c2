// SPDX-License-Identifier: GPL-3.0-or-later
// Text of spreadsheets and of Windows: UTF-16 behind a byte order mark (RFC 2781).
#include "table.h"

namespace runglass::sources {
namespace {

constexpr std::uint32_t kReplacement = 0xFFFD;

void appendUtf8(std::uint32_t code, std::string& text) {
    const auto put = [&](std::uint32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
    const auto putRest = [&](unsigned shift) { put(0x80U | ((code >> shift) & 0x3FU)); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0U | (code >> 6U));
        putRest(0);
    } else if (code < 0x10000) {
        put(0xE0U | (code >> 12U));
        putRest(6);
        putRest(0);
    } else {
        put(0xF0U | (code >> 18U));
        putRest(12);
        putRest(6);
        putRest(0);
    }
}

bool isHigh(std::uint32_t unit) {
    return unit >= 0xD800 && unit < 0xDC00;
}
bool isLow(std::uint32_t unit) {
    return unit >= 0xDC00 && unit < 0xE000;
}

}  // namespace

TextForm textFormOf(std::string_view head) {
    return head.starts_with("\xFF\xFE")   ? TextForm::Utf16Little
           : head.starts_with("\xFE\xFF") ? TextForm::Utf16Big
                                          : TextForm::Utf8;
}

std::string toUtf8(std::string_view bytes, TextForm form) {
    if (form == TextForm::Utf8) {
        return std::string(bytes);
    }
    const std::size_t low = form == TextForm::Utf16Little ? 0 : 1;
    const auto unitAt = [&](std::size_t at) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + low])) |
               static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + 1 - low])) << 8U;
    };
    std::string text;
    text.reserve(bytes.size() / 2);
    for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
        const auto unit = unitAt(at);
        if (isHigh(unit) && at + 3 >= bytes.size()) {
            break;  // the other half is still to come
        }
        if (isHigh(unit) && isLow(unitAt(at + 2))) {
            appendUtf8(0x10000U + ((unit - 0xD800U) << 10U) + (unitAt(at + 2) - 0xDC00U), text);
            at += 2;
        } else {
            appendUtf8(isHigh(unit) || isLow(unit) ? kReplacement : unit, text);
        }
    }
    return text;
}

}  // namespace runglass::sources
