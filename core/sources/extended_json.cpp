// SPDX-License-Identifier: GPL-3.0-or-later
#include "extended_json.h"

#include <algorithm>
#include <array>

namespace runglass::sources {

namespace {

/// Length of the string literal that starts at the quote in front.
std::size_t literalLength(std::string_view json) {
    for (std::size_t i = 1; i < json.size(); ++i) {
        if (json[i] == '\\') {
            ++i;
        } else if (json[i] == '"') {
            return i + 1;
        }
    }
    return json.size();
}

std::size_t bareNumberLength(std::string_view json) {
    constexpr std::array<std::string_view, 3> kWords{"NaN", "Infinity", "-Infinity"};
    const auto* const found = std::find_if(kWords.begin(), kWords.end(),
                                           [&](std::string_view word) { return json.starts_with(word); });
    return found != kWords.end() ? found->size() : 0;
}

}  // namespace

std::string quoteBareNumbers(std::string_view json) {
    std::string result;
    result.reserve(json.size());
    while (!json.empty()) {
        const auto next = std::min(json.find_first_of("\"NI-"), json.size());
        result += json.substr(0, next);
        json.remove_prefix(next);
        if (json.empty()) {
            break;
        }
        if (const auto length = bareNumberLength(json); length > 0) {
            result += '"';
            result += json.substr(0, length);
            result += '"';
            json.remove_prefix(length);
        } else {
            const auto taken = json.front() == '"' ? literalLength(json) : 1;
            result += json.substr(0, taken);
            json.remove_prefix(taken);
        }
    }
    return result;
}

}  // namespace runglass::sources
