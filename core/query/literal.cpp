// SPDX-License-Identifier: GPL-3.0-or-later
#include "literal.h"

#include <algorithm>
#include <array>
#include <ctime>

#include "runglass/base/text.h"

namespace runglass::query {

namespace {

struct Unit {
    std::string_view name;
    double ms;
};
constexpr std::array kUnits{Unit{"ms", 1},      Unit{"s", 1e3},      Unit{"m", 60e3},     Unit{"min", 60e3},
                            Unit{"h", 3'600e3}, Unit{"d", 86'400e3}, Unit{"w", 604'800e3}};

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

std::optional<double> unitMs(std::string_view name) {
    for (const auto& unit : kUnits) {
        if (unit.name == name) {
            return unit.ms;
        }
    }
    return std::nullopt;
}

/// Takes exactly `digits` digits off the front of `text` as a number within [low, high].
std::optional<int> takeNumber(std::string_view& text, std::size_t digits, int low, int high) {
    if (text.size() < digits) {
        return std::nullopt;
    }
    int value = 0;
    for (const char c : text.substr(0, digits)) {
        if (!isDigit(c)) {
            return std::nullopt;
        }
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(digits);
    return value >= low && value <= high ? std::optional(value) : std::nullopt;
}

bool take(std::string_view& text, char c) {
    if (!text.starts_with(c)) {
        return false;
    }
    text.remove_prefix(1);
    return true;
}

/// A calendar time in the making, and the field that its precision ends at.
struct Calendar {
    std::tm tm{};
    int ms = 0;
    enum class Precision { Month, Day, Minute, Second, Millisecond } precision = Precision::Month;
    std::optional<int> zoneSeconds;  ///< nothing: local time

    [[nodiscard]] std::int64_t toMs() const {
        std::tm copy = tm;
        copy.tm_isdst = -1;
        const std::time_t seconds = zoneSeconds ? timegm(&copy) - *zoneSeconds : std::mktime(&copy);
        return std::int64_t{seconds} * 1'000 + ms;
    }

    [[nodiscard]] Calendar next() const {
        Calendar later = *this;
        switch (precision) {
            case Precision::Month:
                ++later.tm.tm_mon;
                break;
            case Precision::Day:
                ++later.tm.tm_mday;
                break;
            case Precision::Minute:
                ++later.tm.tm_min;
                break;
            case Precision::Second:
                ++later.tm.tm_sec;
                break;
            case Precision::Millisecond:
                ++later.ms;
                break;
        }
        return later;
    }
};

bool takeDate(std::string_view& text, Calendar& calendar) {
    const auto year = takeNumber(text, 4, 1970, 9999);
    const auto month = year && take(text, '-') ? takeNumber(text, 2, 1, 12) : std::nullopt;
    if (!month) {
        return false;
    }
    calendar.tm.tm_year = *year - 1900;
    calendar.tm.tm_mon = *month - 1;
    calendar.tm.tm_mday = 1;
    if (!take(text, '-')) {
        return text.empty();
    }
    static constexpr std::array kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (*year % 4 == 0 && *year % 100 != 0) || *year % 400 == 0;
    const int last = *month == 2 && leap ? 29 : kDays[static_cast<std::size_t>(*month - 1)];
    const auto day = takeNumber(text, 2, 1, last);
    if (!day) {
        return false;
    }
    calendar.tm.tm_mday = *day;
    calendar.precision = Calendar::Precision::Day;
    return true;
}

bool takeClock(std::string_view& text, Calendar& calendar) {
    const auto hour = takeNumber(text, 2, 0, 23);
    const auto minute = hour && take(text, ':') ? takeNumber(text, 2, 0, 59) : std::nullopt;
    if (!minute) {
        return false;
    }
    calendar.tm.tm_hour = *hour;
    calendar.tm.tm_min = *minute;
    calendar.precision = Calendar::Precision::Minute;
    if (!take(text, ':')) {
        return true;
    }
    const auto second = takeNumber(text, 2, 0, 60);
    if (!second) {
        return false;
    }
    calendar.tm.tm_sec = *second;
    calendar.precision = Calendar::Precision::Second;
    if (!take(text, '.')) {
        return true;
    }
    const auto ms = takeNumber(text, 3, 0, 999);
    calendar.ms = ms.value_or(0);
    calendar.precision = Calendar::Precision::Millisecond;
    return ms.has_value();
}

bool takeZone(std::string_view& text, Calendar& calendar) {
    if (take(text, 'Z') || take(text, 'z')) {
        calendar.zoneSeconds = 0;
        return true;
    }
    const int sign = text.starts_with('-') ? -1 : 1;
    if (!take(text, '+') && !take(text, '-')) {
        return true;
    }
    const auto hours = takeNumber(text, 2, 0, 14);
    take(text, ':');
    const auto minutes = takeNumber(text, 2, 0, 59);
    if (!hours || !minutes) {
        return false;
    }
    calendar.zoneSeconds = sign * (*hours * 3'600 + *minutes * 60);
    return true;
}

}  // namespace

std::optional<double> parseDurationMs(std::string_view text) {
    const bool negative = take(text, '-');
    const double sign = negative ? -1 : 1;
    if (text.empty() || !(isDigit(text[0]) || text[0] == '.')) {
        return std::nullopt;
    }
    if (const auto seconds = parseDouble(text)) {
        return sign * *seconds * 1e3;
    }
    double total = 0;
    while (!text.empty()) {
        const auto unitAt = text.find_first_not_of("0123456789.");
        if (unitAt == std::string_view::npos || unitAt == 0) {
            return std::nullopt;
        }
        const auto unitEnd = std::min(text.find_first_of("0123456789.", unitAt), text.size());
        const auto count = parseDouble(text.substr(0, unitAt));
        const auto unit = unitMs(text.substr(unitAt, unitEnd - unitAt));
        if (!count || !unit) {
            return std::nullopt;
        }
        total += *count * *unit;
        text.remove_prefix(unitEnd);
    }
    return sign * total;
}

std::optional<TimeRange> parseTime(std::string_view text) {
    if (const auto ms = parseInt(text); ms && *ms >= 0 && *ms < INT64_MAX) {
        return TimeRange{*ms, *ms + 1};
    }
    Calendar calendar;
    if (!takeDate(text, calendar)) {
        return std::nullopt;
    }
    if (take(text, 'T') || take(text, ' ')) {
        if (!takeClock(text, calendar) || !takeZone(text, calendar)) {
            return std::nullopt;
        }
    }
    if (!text.empty()) {
        return std::nullopt;
    }
    return TimeRange{calendar.toMs(), calendar.next().toMs()};
}

}  // namespace runglass::query
