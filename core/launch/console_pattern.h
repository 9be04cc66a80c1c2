// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string_view>

#include "console_line.h"
#include "runglass/base/result.h"

struct pcre2_real_code_8;
struct pcre2_real_match_data_8;
struct pcre2_real_match_context_8;

namespace runglass::launch {

/// A project's own regular expression for console lines. Groups `key` and `value` give a scalar, `step` sets
/// the step; any other named group is a scalar of that name; without names, two groups are key and value
/// (Guild AI's rules). PCRE2 with a limit on backtracking, so that neither the expression nor the line can
/// make it slow: a match that hits the limit is no match.
class ConsolePattern {
public:
    static Result<ConsolePattern> compile(std::string_view expression);
    ConsolePattern(ConsolePattern&&) noexcept = default;
    ConsolePattern& operator=(ConsolePattern&&) noexcept = default;

    /// All matches in `line`.
    [[nodiscard]] LineFinding match(std::string_view line) const;

private:
    struct Free {
        void operator()(pcre2_real_code_8* code) const;
        void operator()(pcre2_real_match_data_8* data) const;
        void operator()(pcre2_real_match_context_8* context) const;
    };
    ConsolePattern() = default;

    std::unique_ptr<pcre2_real_code_8, Free> m_code;
    std::unique_ptr<pcre2_real_match_data_8, Free> m_data;
    std::unique_ptr<pcre2_real_match_context_8, Free> m_context;
    std::vector<std::pair<std::string, unsigned>> m_groups;  ///< name → number
};

}  // namespace runglass::launch
