// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/base/clock.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

namespace runglass {

namespace {

/// Takes pieces off the front of a text; ok() is false from the first one on that is not there.
class TimeText {
public:
    explicit TimeText(std::string_view text)
        : m_rest(text) {}
    /// Exactly `digits` digits.
    int number(std::size_t digits) {
        int value = 0;
        const auto* const begin = m_rest.data();
        const auto* const end = begin + std::min(digits, m_rest.size());
        const auto result = std::from_chars(begin, end, value);
        m_ok = m_ok && m_rest.size() >= digits && *begin != '-' && result.ptr == begin + digits;
        m_rest.remove_prefix(std::min(digits, m_rest.size()));
        return value;
    }
    bool takes(char wanted) {
        const bool there = m_rest.starts_with(wanted);
        m_rest.remove_prefix(there ? 1 : 0);
        return there;
    }
    void expect(char wanted) { m_ok = takes(wanted) && m_ok; }
    /// Digits after the point, as milliseconds; further ones are dropped.
    int milliseconds() {
        int value = 0;
        int scale = 100;
        bool any = false;
        for (; !m_rest.empty() && m_rest.front() >= '0' && m_rest.front() <= '9'; m_rest.remove_prefix(1)) {
            value += (m_rest.front() - '0') * scale;
            scale /= 10;
            any = true;
        }
        m_ok = m_ok && any;
        return value;
    }
    /// Minutes east of UTC.
    int zone() {
        if (m_rest.empty() || takes('Z') || takes('z')) {
            return 0;
        }
        const int sign = takes('-') ? -1 : 1;
        if (sign > 0) {
            expect('+');
        }
        const int hours = number(2);
        takes(':');
        return sign * (hours * 60 + (m_rest.empty() ? 0 : number(2)));
    }
    [[nodiscard]] bool empty() const { return m_rest.empty(); }
    [[nodiscard]] bool ok() const { return m_ok; }

private:
    std::string_view m_rest;
    bool m_ok = true;
};

}  // namespace

std::int64_t nowMs() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::int64_t monotonicMs() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

std::string isoUtc(std::int64_t timeMs) {
    using namespace std::chrono;
    const sys_time<milliseconds> time{milliseconds(timeMs)};
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                       clock.subseconds().count());
}

std::optional<std::int64_t> parseIsoTime(std::string_view text) {
    using namespace std::chrono;
    TimeText rest(text);
    const int y = rest.number(4);
    rest.expect('-');
    const int m = rest.number(2);
    rest.expect('-');
    const int d = rest.number(2);
    if (!rest.takes('T')) {
        rest.expect(' ');
    }
    const int hour = rest.number(2);
    rest.expect(':');
    const int minute = rest.number(2);
    const int second = rest.takes(':') ? rest.number(2) : 0;
    const int millisecond = rest.takes('.') ? rest.milliseconds() : 0;
    const int zone = rest.zone();
    const year_month_day date(year(y), month(static_cast<unsigned>(m)), day(static_cast<unsigned>(d)));
    const bool inRange = date.ok() && hour < 24 && minute < 60 && second <= 60;
    if (!rest.ok() || !rest.empty() || !inRange) {
        return std::nullopt;
    }
    const auto time = sys_days(date) + hours(hour) + minutes(minute - zone) + seconds(second);
    return duration_cast<milliseconds>(time.time_since_epoch()).count() + millisecond;
}

}  // namespace runglass
