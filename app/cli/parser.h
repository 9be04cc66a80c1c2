// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "invocation.h"

namespace runglass::cli {

/// Reads words the way GNU programs do: `--name value`, `--name=value`, `-o value`, `-ovalue`, `--` ends the
/// options, options and arguments in any order.
class Parser {
public:
    explicit Parser(std::span<const std::string> words)
        : m_words(words) {}
    Result<Invocation> parse();

private:
    Result<void> takeCommand(const std::string& word);
    Result<void> takeLong(const std::string& word);
    Result<void> takeShort(const std::string& word);
    Result<void> takeOption(const Option& option, std::optional<std::string> value);
    [[nodiscard]] Result<void> checkArguments() const;
    [[nodiscard]] const Option* findLong(std::string_view name) const;
    [[nodiscard]] const Option* findLetter(char letter) const;
    [[nodiscard]] Error unknownOption(std::string_view name) const;

    std::span<const std::string> m_words;
    std::size_t m_next = 0;
    Invocation m_result;
};

/// The candidate nearest to a mistyped word, or empty when none is near (at most a third of its letters
/// differ).
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace runglass::cli
