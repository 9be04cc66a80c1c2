// SPDX-License-Identifier: GPL-3.0-or-later
#include "iso_time.h"

#include <chrono>
#include <ctime>

#include "runglass/base/text.h"

namespace runglass::sources {
namespace {

/// The next `digits` digits, and past the separator behind them.
std::optional<int> field(std::string_view& text, std::size_t digits, std::string_view separators) {
    const auto value = text.size() >= digits ? parseInt(text.substr(0, digits)) : std::nullopt;
    if (!value || *value < 0) {
        return std::nullopt;
    }
    text.remove_prefix(digits);
    if (!separators.empty()) {
        if (text.empty() || separators.find(text.front()) == std::string_view::npos) {
            return std::nullopt;
        }
        text.remove_prefix(1);
    }
    return static_cast<int>(*value);
}

std::int64_t fractionMs(std::string_view& text) {
    std::int64_t ms = 0;
    std::int64_t unit = 100;
    if (text.empty() || (text.front() != '.' && text.front() != ',')) {
        return 0;
    }
    text.remove_prefix(1);
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        ms += (text.front() - '0') * unit;
        unit /= 10;
        text.remove_prefix(1);
    }
    return ms;
}

std::optional<std::int64_t> offsetMinutes(std::string_view text) {
    if (text.empty() || text == "Z" || text == "z") {
        return 0;
    }
    const auto sign = text.front() == '+' ? 1 : text.front() == '-' ? -1 : 0;
    text.remove_prefix(1);
    const bool colon = text.size() == 5;
    const auto hours = field(text, 2, colon ? ":" : "");
    const auto minutes = text.empty() ? std::optional(0) : field(text, 2, "");
    if (sign == 0 || !hours || !minutes || !text.empty()) {
        return std::nullopt;
    }
    return sign * (*hours * 60 + *minutes);
}

struct IsoTime {
    std::int64_t ms = 0;
    bool hasOffset = false;
};

std::optional<IsoTime> parse(std::string_view text) {
    namespace chrono = std::chrono;
    text = trimmed(text);
    const auto year = field(text, 4, "-");
    const auto month = field(text, 2, "-");
    const auto day = field(text, 2, "T ");
    const auto hour = field(text, 2, ":");
    const auto minute = field(text, 2, ":");
    const auto second = field(text, 2, "");
    if (!year || !month || !day || !hour || !minute || !second || *hour > 23 || *minute > 59 ||
        *second > 60) {
        return std::nullopt;
    }
    const auto ms = fractionMs(text);
    const bool hasOffset = !text.empty();
    const auto offset = offsetMinutes(text);
    const auto date = chrono::year(*year) / chrono::month(static_cast<unsigned>(*month)) /
                      chrono::day(static_cast<unsigned>(*day));
    if (!offset || !date.ok()) {
        return std::nullopt;
    }
    const std::int64_t days = chrono::sys_days(date).time_since_epoch().count();
    return IsoTime{(((days * 24 + *hour) * 60 + *minute - *offset) * 60 + *second) * 1000 + ms, hasOffset};
}

}  // namespace

std::optional<std::int64_t> parseIsoTime(std::string_view text) {
    const auto time = parse(text);
    return time ? std::optional(time->ms) : std::nullopt;
}

std::optional<std::int64_t> parseLocalTime(std::string_view text) {
    const auto time = parse(text);
    if (!time || time->hasOffset) {
        return time ? std::optional(time->ms) : std::nullopt;
    }
    const auto seconds = static_cast<std::time_t>(time->ms / 1000);
    std::tm fields{};
    ::gmtime_r(&seconds, &fields);
    fields.tm_isdst = -1;
    return std::int64_t{std::mktime(&fields)} * 1000 + time->ms % 1000;
}

}  // namespace runglass::sources
