// SPDX-License-Identifier: GPL-3.0-or-later
#include "axis_ticker.h"

#include <QDateTime>
#include <QLocale>
#include <algorithm>
#include <array>
#include <cmath>

#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

constexpr QChar kMinus(0x2212);
constexpr int kMostDigits = 15;
constexpr int kMostTicks = 64;  // against ranges that are not what they should be

double niceStep(double rough) {
    const double decade = std::pow(10.0, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * decade >= rough * (1 - 1e-9)) {
            return factor * decade;
        }
    }
    return 10 * decade;
}

QString durationLabel(double seconds, double step) {
    const auto total = static_cast<std::int64_t>(std::llround(seconds));
    if (std::abs(seconds) >= 86400 && step >= 86400) {
        return QStringLiteral("%1d").arg(total / 86400);
    }
    if (std::abs(seconds) >= 3600) {
        const auto minutes = total % 3600 / 60;
        return minutes == 0 ? QStringLiteral("%1h").arg(total / 3600)
                            : QStringLiteral("%1h%2").arg(total / 3600).arg(minutes, 2, 10, QLatin1Char('0'));
    }
    if (std::abs(seconds) >= 60) {
        const auto rest = total % 60;
        return rest == 0 ? QStringLiteral("%1m").arg(total / 60)
                         : QStringLiteral("%1m%2").arg(total / 60).arg(rest, 2, 10, QLatin1Char('0'));
    }
    return seconds == 0 ? QStringLiteral("0") : axisLabel(seconds, step) + QLatin1Char('s');
}

QString wallLabel(double seconds, double step) {
    const auto time = QDateTime::fromMSecsSinceEpoch(static_cast<std::int64_t>(std::llround(seconds * 1000)));
    if (step >= 86400) {
        return QLocale::c().toString(time.date(), QStringLiteral("d MMM"));
    }
    return time.toString(step >= 60 ? QStringLiteral("HH:mm") : QStringLiteral("HH:mm:ss"));
}

double timeStep(double rough) {
    static constexpr std::array kSteps{1.0,    2.0,    5.0,     10.0,    15.0,    30.0,    60.0,
                                       120.0,  300.0,  600.0,   900.0,   1800.,   3600.0,  7200.0,
                                       14400., 21600., 43200.0, 86400.0, 172800., 604800.0};
    if (rough < 1) {
        return niceStep(rough);
    }
    const auto found = std::lower_bound(kSteps.begin(), kSteps.end(), rough * (1 - 1e-9));
    return found != kSteps.end() ? *found : niceStep(rough / 86400) * 86400;
}

// Local midnight is a round time, not a multiple of 86,400 s since 1970.
double wallOffset(double seconds) {
    return QDateTime::fromMSecsSinceEpoch(static_cast<std::int64_t>(seconds * 1000)).offsetFromUtc();
}

// Beyond the largest double there is nothing to name.
QString linearLabel(double value, double step) {
    return std::isfinite(value) ? axisLabel(value, step) : QString();
}

std::vector<Tick> evenTicks(AxisScale scale, double lower, double upper, double rough, double unit) {
    const bool time = scale != AxisScale::Linear;
    const double step = time ? timeStep(rough) : niceStep(rough);
    const double offset = scale == AxisScale::Wall ? wallOffset(lower) : 0;
    std::vector<Tick> ticks;
    const double first = std::ceil((lower + offset) / step - 1e-9);
    for (int i = 0; i < kMostTicks; ++i) {
        const double value = (first + i) * step - offset;
        if (!(value <= upper + step * 1e-9)) {
            break;
        }
        const double clean = std::abs(value) < step * 1e-9 ? 0 : value;
        ticks.push_back({clean, scale == AxisScale::Duration ? durationLabel(clean, step)
                                : scale == AxisScale::Wall   ? wallLabel(clean, step)
                                                             : linearLabel(clean / unit, step / unit)});
    }
    return ticks;
}

// 1, 2, 5 in each decade where there is room, else each (n-th) decade.
std::vector<Tick> logTicks(double lower, double upper, double length, double spacing, double unit) {
    const double decades = std::log10(upper / lower);
    const double perDecade = length / std::max(decades, 1e-9);
    std::vector<Tick> ticks;
    if (decades < 0.7) {
        return evenTicks(AxisScale::Linear, lower, upper, (upper - lower) * spacing / length, unit);
    }
    const bool parts = perDecade * std::log10(2.0) >= spacing * 0.8;
    const int stride = std::max(1, static_cast<int>(std::ceil(spacing / perDecade)));
    for (int e = static_cast<int>(std::floor(std::log10(lower))); e <= std::ceil(std::log10(upper)); ++e) {
        if (e % stride != 0) {
            continue;
        }
        for (const double factor : {1.0, 2.0, 5.0}) {
            const double value = factor * std::pow(10.0, e);
            if ((factor == 1 || parts) && value >= lower * (1 - 1e-9) && value <= upper * (1 + 1e-9)) {
                ticks.push_back({value, linearLabel(value / unit, value / unit)});
            }
        }
    }
    return ticks;
}

}  // namespace

QString axisLabel(double value, double step) {
    if (value == 0) {
        return QStringLiteral("0");
    }
    const double magnitude = std::abs(value);
    QString text;
    if (magnitude >= 1e15 || magnitude < 1e-3) {
        const double digits = std::floor(std::log10(magnitude)) - std::floor(std::log10(step) + 1e-9);
        text = QString::number(value, 'e', std::clamp(static_cast<int>(digits), 0, kMostDigits));
        const auto e = text.indexOf(QLatin1Char('e'));
        auto mantissa = text.left(e);
        while (mantissa.endsWith(QLatin1Char('0'))) {
            mantissa.chop(1);
        }
        mantissa = mantissa.endsWith(QLatin1Char('.')) ? mantissa.chopped(1) : mantissa;
        text = mantissa + QLatin1Char('e') + QString::number(text.mid(e + 1).toInt());
    } else if (magnitude >= 1e4) {
        static constexpr std::array kSuffixes{'k', 'M', 'G', 'T'};
        double scaled = value / 1e3;
        double scaledStep = step / 1e3;
        std::size_t suffix = 0;
        while (std::abs(scaled) >= 1e3 && suffix + 1 < kSuffixes.size()) {
            scaled /= 1e3;
            scaledStep /= 1e3;
            ++suffix;
        }
        const int decimals =
            std::clamp(static_cast<int>(std::ceil(-std::log10(scaledStep) - 1e-9)), 0, kMostDigits);
        text = QString::number(scaled, 'f', decimals) + QLatin1Char(kSuffixes.at(suffix));
    } else {
        const int decimals =
            std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, kMostDigits);
        text = decimals == 0 && magnitude >= 1000 ? formatCount(std::llround(value))
                                                  : QString::number(value, 'f', decimals);
    }
    return text.replace(QLatin1Char('-'), kMinus);
}

std::vector<Tick> makeTicks(AxisScale scale, double lower, double upper, double length, double spacing,
                            double unit) {
    if (!std::isfinite(lower) || !std::isfinite(upper) || !(upper > lower) || length <= 0) {
        return {};
    }
    if (scale == AxisScale::Log) {
        return lower > 0 ? logTicks(lower, upper, length, spacing, unit) : std::vector<Tick>{};
    }
    return evenTicks(scale, lower, upper, (upper - lower) * spacing / std::max(length, spacing), unit);
}

void AxisTicker::generate(const QCPRange& range, const QLocale&, QChar, int, QVector<double>& ticks,
                          QVector<double>* subTicks, QVector<QString>* tickLabels) {
    ticks.clear();
    QVector<QString> labels;
    for (const auto& tick : makeTicks(m_scale, range.lower, range.upper, m_length, m_spacing, m_unit)) {
        ticks.append(tick.value);
        labels.append(tick.label);
    }
    if (subTicks) {
        subTicks->clear();
    }
    if (tickLabels) {
        *tickLabels = labels;
    }
}

}  // namespace runglass::ui
