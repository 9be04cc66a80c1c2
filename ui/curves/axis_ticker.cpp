// SPDX-License-Identifier: GPL-3.0-or-later
#include "axis_ticker.h"

#include <QDateTime>
#include <QLocale>
#include <algorithm>
#include <array>
#include <cmath>

#include "runglass/ui/theme/paint.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

constexpr QChar kMinus(0x2212);
constexpr int kMostDigits = 15;
constexpr int kMostTicks = 64;    // against ranges that are not what they should be
constexpr double kDay = 86400;    // seconds
constexpr double kLabelGap = 12;  // pixels between labels side by side
constexpr double kLeastSpacing = 8;
constexpr double kSparser = 1.2;  // by which ticks move apart until their labels fit

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

// The day stands at the first tick and where another begins: `17 Nov 22:20`, `22:40`, … Not only where it is
// another than today, so that a file does not depend on when it is made.
QString wallLabel(double seconds, double step, const QDate& before) {
    const auto time = QDateTime::fromMSecsSinceEpoch(static_cast<std::int64_t>(std::llround(seconds * 1000)));
    const auto date = QLocale::c().toString(
        time.date(), step > 100 * kDay ? QStringLiteral("MMM yyyy") : QStringLiteral("d MMM"));
    if (step >= kDay) {
        return date;
    }
    const auto clock = time.toString(step >= 60 ? QStringLiteral("HH:mm") : QStringLiteral("HH:mm:ss"));
    return time.date() == before ? clock : date + QLatin1Char(' ') + clock;
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

std::vector<Tick> evenTicks(AxisScale scale, double lower, double upper, double rough, double factor = 1) {
    const bool time = scale == AxisScale::Duration || scale == AxisScale::Wall;
    const double step = time                        ? timeStep(rough)
                        : scale == AxisScale::Whole ? std::max(1.0, niceStep(rough))
                                                    : niceStep(rough);
    const double offset = scale == AxisScale::Wall ? wallOffset(lower) : 0;
    std::vector<Tick> ticks;
    QDate day;
    const double first = std::ceil((lower + offset) / step - 1e-9);
    for (int i = 0; i < kMostTicks; ++i) {
        const double value = (first + i) * step - offset;
        if (!(value <= upper + step * 1e-9)) {
            break;
        }
        const double clean = std::abs(value) < step * 1e-9 ? 0 : value;
        ticks.push_back({clean, scale == AxisScale::Duration ? durationLabel(clean, step)
                                : scale == AxisScale::Wall   ? wallLabel(clean, step, day)
                                                             : linearLabel(clean / factor, step / factor)});
        if (scale == AxisScale::Wall) {
            day =
                QDateTime::fromMSecsSinceEpoch(static_cast<std::int64_t>(std::llround(clean * 1000))).date();
        }
    }
    return ticks;
}

// Between two values within a decade.
std::vector<Tick> ticksWithinDecade(double lower, double upper, double share, const AxisUnit& unit) {
    const double from = unit.toValue(lower);
    const double to = unit.toValue(upper);
    auto ticks =
        to > from ? evenTicks(AxisScale::Linear, from, to, (to - from) * share) : std::vector<Tick>();
    for (auto& tick : ticks) {
        tick.value = unit.toAxis(tick.value);
    }
    return ticks;
}

// 1, 2, 5 in each decade where there is room, else each n-th decade.
std::vector<Tick> logTicks(double lower, double upper, double length, double spacing, const AxisUnit& unit) {
    constexpr std::array kStrides{1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300};
    const double first = unit.decadeAt(lower);
    const double last = unit.decadeAt(upper);
    const double decades = last - first;
    if (decades < 0.7) {
        return ticksWithinDecade(lower, upper, spacing / length, unit);
    }
    const double perDecade = length / decades;
    const bool parts = perDecade * std::log10(2.0) >= spacing * 0.8;
    const auto* const stride = std::find_if(kStrides.begin(), kStrides.end() - 1, [&](int decadesApart) {
        return decadesApart * perDecade >= spacing * (1 - 1e-9);
    });
    std::vector<Tick> ticks;
    // An axis reaches a little beyond the smallest and the largest double.
    const int begin = std::max(static_cast<int>(std::floor(first)), -323);
    const int end = std::min(static_cast<int>(std::ceil(last)), 308);
    for (int e = begin; e <= end; ++e) {
        if (e % *stride != 0) {
            continue;
        }
        for (const double factor : {1.0, 2.0, 5.0}) {
            const double value = factor * std::pow(10.0, e);
            const double place = unit.toAxis(value);
            if ((factor == 1 || parts) && place >= lower * (1 - 1e-9) && place <= upper * (1 + 1e-9)) {
                ticks.push_back({place, linearLabel(value, value)});
            }
        }
    }
    return ticks;
}

double shareOf(AxisScale scale, double value, double lower, double upper) {
    return scale == AxisScale::Log ? std::log(value / lower) / std::log(upper / lower)
                                   : (value - lower) / (upper - lower);
}

// Takes the label of each that would touch one before it, and says whether there was any.
bool dropTouching(std::vector<Tick>* ticks, const std::vector<double>& positions, const LabelRow& row) {
    bool any = false;
    double end = -std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < ticks->size(); ++i) {
        auto& label = (*ticks)[i].label;
        const double width = row.widthOf(label);
        const double left = row.place(positions[i], width);
        if (left < end + kLabelGap) {
            label.clear();
            any = true;
        } else if (!label.isEmpty()) {
            end = left + width;
        }
    }
    return any;
}

}  // namespace

QString axisLabel(double value, double step) {
    if (value == 0) {
        return QStringLiteral("0");
    }
    const double magnitude = std::abs(value);
    QString text;
    if (magnitude >= 1e15 && magnitude < 1e19 && step >= 1 && step < magnitude * 1e-11) {
        text =
            QString::number(value, 'f', 0);  // nearly all of its digits count: shorter than with an exponent
    } else if (magnitude >= 1e15 || magnitude < 1e-3) {
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
                            const AxisUnit& unit) {
    if (!std::isfinite(lower) || !std::isfinite(upper) || !(upper > lower) || length <= 0) {
        return {};
    }
    if (scale == AxisScale::Log) {
        return lower > 0 ? logTicks(lower, upper, length, spacing, unit) : std::vector<Tick>{};
    }
    const double rough = (upper - lower) * spacing / std::max(length, spacing);
    auto ticks = evenTicks(scale, lower, upper, rough, unit.factor);
    return scale == AxisScale::Whole && ticks.empty()  // between two whole numbers
               ? evenTicks(AxisScale::Linear, lower, upper, rough, unit.factor)
               : ticks;
}

double LabelRow::place(double position, double width) const {
    return std::max(std::min(position - width / 2, length + after - width), -before);
}

std::vector<Tick> makeTicks(AxisScale scale, double lower, double upper, const LabelRow& row,
                            double spacing) {
    while (spacing > kLeastSpacing && makeTicks(scale, lower, upper, row.length, spacing).size() < 2) {
        spacing /= 2;  // an axis so short that no two round values lie on it
    }
    const auto positions = [&](const std::vector<Tick>& ticks) {
        std::vector<double> places;
        std::transform(ticks.begin(), ticks.end(), std::back_inserter(places), [&](const Tick& tick) {
            return shareOf(scale, tick.value, lower, upper) * row.length;
        });
        return places;
    };
    for (double apart = spacing; apart <= row.length; apart *= kSparser) {
        auto ticks = makeTicks(scale, lower, upper, row.length, apart);
        if (ticks.size() < 2) {
            break;
        }
        if (!dropTouching(&ticks, positions(ticks), row)) {
            return ticks;
        }
    }
    auto ticks = makeTicks(scale, lower, upper, row.length, spacing);
    const bool relative = scale == AxisScale::Linear || scale == AxisScale::Whole;
    for (std::size_t i = 1; relative && i < ticks.size(); ++i) {
        ticks[i].label =
            QLatin1Char('+') + axisLabel(ticks[i].value - ticks[0].value, ticks[1].value - ticks[0].value);
    }
    dropTouching(&ticks, positions(ticks), row);
    return ticks;
}

void AxisTicker::setRow(double length, double before, double after, const QFont& font) {
    m_row = {length, before, after, [font](const QString& text) { return tabularWidth(font, text); }};
}

std::vector<Tick> AxisTicker::ticks(const QCPRange& range) const {
    return m_row.widthOf ? makeTicks(m_scale, range.lower, range.upper, m_row, m_spacing)
                         : makeTicks(m_scale, range.lower, range.upper, m_row.length, m_spacing, m_unit);
}

void AxisTicker::generate(const QCPRange& range, const QLocale&, QChar, int, QVector<double>& ticks,
                          QVector<double>* subTicks, QVector<QString>* tickLabels) {
    ticks.clear();
    QVector<QString> labels;
    for (const auto& tick : this->ticks(range)) {
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
