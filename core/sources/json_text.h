// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "runglass/base/text.h"

namespace runglass::sources {

/// A string of JSON, with its quotes.
inline std::string jsonText(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string json = "\"";
    for (const char c : toValidUtf8(text)) {
        const auto code = static_cast<unsigned char>(c);
        if (code < 0x20) {
            json += "\\u00";
            json += kDigits[code >> 4U];
            json += kDigits[code & 15U];
        } else {
            json += c == '"' || c == '\\' ? "\\" : "";
            json += c;
        }
    }
    return json + '"';
}

}  // namespace runglass::sources
