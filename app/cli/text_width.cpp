// SPDX-License-Identifier: GPL-3.0-or-later
#include "text_width.h"

#include <utf8proc.h>

#include "runglass/base/text.h"

namespace runglass::cli {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// Calls `visit(code point, its bytes)` for each character of valid UTF-8.
template <typename Visitor>
void forEachCodePoint(std::string_view text, const Visitor& visit) {
    const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    std::size_t position = 0;
    while (position < text.size()) {
        utf8proc_int32_t codePoint = -1;
        const auto length = utf8proc_iterate(
            bytes + position, static_cast<utf8proc_ssize_t>(text.size() - position), &codePoint);
        const auto taken = length > 0 ? static_cast<std::size_t>(length) : std::size_t{1};
        visit(codePoint, text.substr(position, taken));
        position += taken;
    }
}

std::size_t widthOf(utf8proc_int32_t codePoint) {
    const int width = codePoint < 0 ? 1 : utf8proc_charwidth(codePoint);
    return width > 0 ? static_cast<std::size_t>(width) : 0;
}

bool isDangerous(utf8proc_int32_t c) {
    const bool control = c < 0x20 || (c >= 0x7F && c < 0xA0);
    const bool bidirectional = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E ||
                               c == 0x200F || c == 0x061C;
    return control || bidirectional || c == 0x2028 || c == 0x2029;
}

}  // namespace

std::size_t textWidth(std::string_view text) {
    std::size_t width = 0;
    forEachCodePoint(text, [&](utf8proc_int32_t c, std::string_view) { width += widthOf(c); });
    return width;
}

std::string printable(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    forEachCodePoint(text, [&](utf8proc_int32_t c, std::string_view bytes) {
        if (c == '\n' || c == '\t') {
            result += ' ';
        } else if (isDangerous(c)) {  // a byte that is not UTF-8 comes as -1
            result += kReplacement;
        } else {
            result += bytes;
        }
    });
    return result;
}

std::string elided(const std::string& text, std::size_t width) {
    if (textWidth(text) <= width) {
        return text;
    }
    if (width == 0) {
        return {};
    }
    std::string result;
    std::size_t used = 0;
    bool full = false;
    forEachCodePoint(text, [&](utf8proc_int32_t c, std::string_view bytes) {
        full = full || used + widthOf(c) > width - 1;
        if (!full) {
            result += bytes;
            used += widthOf(c);
        }
    });
    return result + "…";
}

}  // namespace runglass::cli
