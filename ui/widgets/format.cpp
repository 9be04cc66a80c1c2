// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/widgets/format.h"

#include <QDateTime>
#include <QLocale>
#include <algorithm>
#include <array>
#include <cmath>

#include "runglass/base/text.h"

namespace runglass::ui {

namespace {

constexpr QChar kMinus(0x2212);
constexpr QChar kThinSpace(0x2009);
constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;

QString withMinus(QString text) {
    return text.replace(QLatin1Char('-'), kMinus);
}

// `3.1e-04` as C writes it becomes `3.1e−4`.
QString scientific(double value) {
    const auto text = QString::number(value, 'e', 1);
    const auto e = text.indexOf(QLatin1Char('e'));
    const int exponent = text.mid(e + 1).toInt();
    auto mantissa = text.left(e);
    if (mantissa.endsWith(QLatin1String(".0"))) {
        mantissa.chop(2);
    }
    return mantissa + QLatin1Char('e') + QString::number(exponent);
}

QString twoUnits(std::int64_t major, const char* majorUnit, std::int64_t minor, const char* minorUnit,
                 int minorWidth) {
    return QStringLiteral("%1%2 %3%4")
        .arg(major)
        .arg(QLatin1String(majorUnit))
        .arg(minor, minorWidth, 10, QLatin1Char('0'))
        .arg(QLatin1String(minorUnit));
}

}  // namespace

int metricDecimals(double largestMagnitude) {
    if (!std::isfinite(largestMagnitude) || largestMagnitude < 10) {
        return 4;
    }
    return std::max(0, 4 - static_cast<int>(std::floor(std::log10(largestMagnitude))));
}

QString formatMetric(double value, int decimals) {
    if (std::isnan(value)) {
        return QStringLiteral("NaN");
    }
    if (std::isinf(value)) {
        return value > 0 ? QStringLiteral("∞") : QStringLiteral("−∞");
    }
    const double magnitude = std::abs(value);
    if (magnitude != 0 && (magnitude < 1e-3 || magnitude >= 1e6)) {
        return withMinus(scientific(value));
    }
    return withMinus(QString::number(value, 'f', decimals));
}

QString formatExact(double value) {
    return std::isfinite(value) ? withMinus(QString::number(value, 'g', 17)) : formatMetric(value);
}

QString formatCount(std::int64_t value) {
    auto text = QString::number(value);
    const qsizetype first = value < 0 ? 1 : 0;
    for (qsizetype at = text.size() - 3; at > first; at -= 3) {
        text.insert(at, kThinSpace);
    }
    return withMinus(text);
}

QString formatUncertain(double mean, double deviation, std::int64_t n) {
    const double magnitude = std::abs(deviation);
    const int decimals = magnitude > 0 && std::isfinite(magnitude)
                             ? std::clamp(1 - static_cast<int>(std::floor(std::log10(magnitude))), 0, 8)
                             : 4;
    return QStringLiteral("%1 ± %2 (n %3)")
        .arg(formatMetric(mean, decimals), withMinus(QString::number(deviation, 'f', decimals)),
             formatCount(n));
}

QString formatDuration(std::int64_t milliseconds) {
    const auto ms = std::max<std::int64_t>(0, milliseconds);
    if (ms < 10 * kSecond) {
        // Whole seconds would hide most of what sets quick runs apart. Never "10.0s", a form that comes once.
        const auto tenths = std::min<std::int64_t>((ms + kSecond / 20) / (kSecond / 10), 99);
        return QStringLiteral("%1.%2s").arg(tenths / 10).arg(tenths % 10);
    }
    if (ms < kHour) {
        return twoUnits(ms / kMinute, "m", ms % kMinute / kSecond, "s", 2);
    }
    if (ms < kDay) {
        return twoUnits(ms / kHour, "h", ms % kHour / kMinute, "m", 2);
    }
    return twoUnits(ms / kDay, "d", ms % kDay / kHour, "h", 1);
}

QString formatTime(std::int64_t timeMs, std::int64_t nowMs) {
    const auto time = QDateTime::fromMSecsSinceEpoch(timeMs);
    const auto now = QDateTime::fromMSecsSinceEpoch(nowMs);
    if (time.date() == now.date()) {
        return time.toString(QStringLiteral("HH:mm"));
    }
    if (time.date().year() == now.date().year()) {
        return QLocale::c().toString(time.date(), QStringLiteral("d MMM"));
    }
    return time.date().toString(Qt::ISODate);
}

QString formatFullTime(std::int64_t timeMs) {
    const auto time = QDateTime::fromMSecsSinceEpoch(timeMs);
    const auto withOffset = time.toOffsetFromUtc(time.offsetFromUtc());
    return withOffset.toString(Qt::ISODate).replace(QLatin1Char('T'), QLatin1Char(' '));
}

QString formatBytes(std::int64_t bytes) {
    constexpr std::array kUnits{"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (std::abs(value) >= 999.5 && unit + 1 < kUnits.size()) {
        value /= 1000;
        ++unit;
    }
    const int decimals = unit > 0 && std::abs(value) < 9.95 ? 1 : 0;
    return QStringLiteral("%1 %2").arg(withMinus(QString::number(value, 'f', decimals)),
                                       QLatin1String(kUnits.at(unit)));
}

QString projectText(std::string_view utf8) {
    auto text = QString::fromStdString(isValidUtf8(utf8) ? std::string(utf8) : toValidUtf8(utf8));
    for (auto& c : text) {
        if (c.unicode() < 0x20) {
            c = QChar(0x2400 + c.unicode());  // the control pictures: ␊ for a line feed
        } else if (c.unicode() == 0x7f || (c.unicode() >= 0x202a && c.unicode() <= 0x202e) ||
                   (c.unicode() >= 0x2066 && c.unicode() <= 0x2069)) {
            c = QChar::ReplacementCharacter;  // overrides of the writing direction could disguise a name
        }
    }
    return text;
}

}  // namespace runglass::ui
