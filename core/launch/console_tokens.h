// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace runglass::launch {

/// A piece of a console line. What merely starts like a number (times, dates, versions, sizes with units,
/// paths) is Other, and so never becomes a value.
struct ConsoleToken {
    enum class Kind { Word, Number, Ratio, Other, Mark };
    Kind kind = Kind::Other;
    std::string_view text;
    double value = 0;       ///< of a Number
    std::int64_t done = 0;  ///< of a Ratio `done/total`
    std::int64_t total = 0;
    bool isWhole = false;     ///< a Number without point and exponent
    bool isPercent = false;   ///< a Number followed by `%`
    bool afterGap = false;    ///< a tab or several blanks stand before it
    bool afterBlank = false;  ///< at least one blank stands before it

    [[nodiscard]] bool isMark(char c) const { return kind == Kind::Mark && text.front() == c; }
};

std::vector<ConsoleToken> tokensOf(std::string_view line);

}  // namespace runglass::launch
