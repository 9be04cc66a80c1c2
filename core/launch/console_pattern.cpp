// SPDX-License-Identifier: GPL-3.0-or-later
#include "console_pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <array>

#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::launch {

namespace {

/// Enough for any sane pattern on a line of 4,096 bytes; reached in about a millisecond by an insane one.
constexpr std::uint32_t kMatchLimit = 50'000;
constexpr std::uint32_t kHeapLimitKib = 1'024;
constexpr std::size_t kMaxExpressionBytes = 4'096;

std::string messageOf(int error) {
    std::array<PCRE2_UCHAR, 256> buffer{};
    pcre2_get_error_message(error, buffer.data(), buffer.size());
    return reinterpret_cast<const char*>(buffer.data());
}

PCRE2_SPTR bytesOf(std::string_view text) {
    return reinterpret_cast<PCRE2_SPTR>(text.data());
}

/// The pattern's table of names: entries of a fixed size, two bytes of group number before the name.
std::vector<std::pair<std::string, unsigned>> groupNames(const pcre2_code* code) {
    std::uint32_t count = 0;
    std::uint32_t entrySize = 0;
    PCRE2_SPTR table = nullptr;
    pcre2_pattern_info(code, PCRE2_INFO_NAMECOUNT, &count);
    pcre2_pattern_info(code, PCRE2_INFO_NAMEENTRYSIZE, &entrySize);
    pcre2_pattern_info(code, PCRE2_INFO_NAMETABLE, &table);
    std::vector<std::pair<std::string, unsigned>> names;
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto* entry = table + static_cast<std::size_t>(i) * entrySize;
        const unsigned number = static_cast<unsigned>(entry[0]) << 8U | entry[1];
        names.emplace_back(reinterpret_cast<const char*>(entry + 2), number);
    }
    return names;
}

}  // namespace

void ConsolePattern::Free::operator()(pcre2_real_code_8* code) const {
    pcre2_code_free(code);
}

void ConsolePattern::Free::operator()(pcre2_real_match_data_8* data) const {
    pcre2_match_data_free(data);
}

void ConsolePattern::Free::operator()(pcre2_real_match_context_8* context) const {
    pcre2_match_context_free(context);
}

Result<ConsolePattern> ConsolePattern::compile(std::string_view expression) {
    if (expression.size() > kMaxExpressionBytes) {
        return Error{
            ErrorCode::TooLarge, tr("The console pattern is longer than {} bytes.", kMaxExpressionBytes), {}};
    }
    int error = 0;
    PCRE2_SIZE offset = 0;
    ConsolePattern pattern;
    pattern.m_code.reset(pcre2_compile(bytesOf(expression), expression.size(),
                                       PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C, &error,
                                       &offset, nullptr));
    if (!pattern.m_code) {
        return Error{ErrorCode::Invalid,
                     tr("The console pattern has a mistake at position {}: {}. The pattern is: {}",
                        offset + 1, messageOf(error), expression),
                     {}};
    }
    pattern.m_groups = groupNames(pattern.m_code.get());
    std::uint32_t groupCount = 0;
    pcre2_pattern_info(pattern.m_code.get(), PCRE2_INFO_CAPTURECOUNT, &groupCount);
    if (pattern.m_groups.empty() && groupCount == 2) {
        pattern.m_groups = {{"key", 1}, {"value", 2}};
    }
    if (pattern.m_groups.empty()) {
        return Error{
            ErrorCode::Invalid,
            tr("The console pattern gives no value. Name its groups `key`, `value` and `step`, as in "
               "(?<key>\\w+) is (?<value>\\S+). The pattern is: {}",
               expression),
            {}};
    }
    pattern.m_data.reset(pcre2_match_data_create_from_pattern(pattern.m_code.get(), nullptr));
    pattern.m_context.reset(pcre2_match_context_create(nullptr));
    if (!pattern.m_data || !pattern.m_context) {
        return Error{ErrorCode::Internal, tr("The console pattern could not be prepared: no memory."), {}};
    }
    pcre2_set_match_limit(pattern.m_context.get(), kMatchLimit);
    pcre2_set_heap_limit(pattern.m_context.get(), kHeapLimitKib);
    return Result<ConsolePattern>(std::move(pattern));
}

LineFinding ConsolePattern::match(std::string_view line) const {
    LineFinding finding;
    std::size_t start = 0;
    while (start <= line.size()) {
        const int count =
            pcre2_match(m_code.get(), bytesOf(line), line.size(), start, 0, m_data.get(), m_context.get());
        if (count < 1) {
            break;
        }
        const PCRE2_SIZE* bounds = pcre2_get_ovector_pointer(m_data.get());
        std::string key;
        std::optional<double> keyedValue;
        for (const auto& [name, number] : m_groups) {
            if (number >= static_cast<unsigned>(count) || bounds[2 * number] == PCRE2_UNSET) {
                continue;
            }
            const auto text = line.substr(bounds[2 * number], bounds[2 * number + 1] - bounds[2 * number]);
            if (name == "key") {
                key = text;
            } else if (name == "value") {
                keyedValue = parseDouble(text);
            } else if (name == "step") {
                finding.step = parseInt(text);
            } else if (const auto value = parseDouble(text)) {
                finding.scalars.emplace_back(name, *value);
            }
        }
        if (!key.empty() && keyedValue) {
            finding.scalars.emplace_back(std::move(key), *keyedValue);
        }
        // \K and empty matches may leave the end where it was.
        start = std::max(bounds[1], start + (bounds[1] <= start ? 1 : 0));
    }
    return finding;
}

}  // namespace runglass::launch
