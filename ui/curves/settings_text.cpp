// SPDX-License-Identifier: GPL-3.0-or-later
#include "settings_text.h"

#include <algorithm>
#include <array>

namespace runglass::ui {

namespace {

using series::Band;
using series::Centre;
using series::Overlap;
using series::SmoothingKind;

template <typename Value>
using Word = std::pair<Value, QLatin1String>;

constexpr std::array<Word<XAxis>, 4> kXAxes{{{XAxis::Step, QLatin1String("step")},
                                             {XAxis::Relative, QLatin1String("relative")},
                                             {XAxis::Wall, QLatin1String("time")},
                                             {XAxis::Metric, QLatin1String("metric")}}};
constexpr std::array<Word<SmoothingKind>, 5> kSmoothings{
    {{SmoothingKind::None, QLatin1String("none")},
     {SmoothingKind::Ema, QLatin1String("ema")},
     {SmoothingKind::TimeWeightedEma, QLatin1String("time-ema")},
     {SmoothingKind::Gaussian, QLatin1String("gaussian")},
     {SmoothingKind::RunningMean, QLatin1String("mean")}}};
constexpr std::array<Word<Centre>, 4> kCentres{{{Centre::Mean, QLatin1String("mean")},
                                                {Centre::Median, QLatin1String("median")},
                                                {Centre::Min, QLatin1String("min")},
                                                {Centre::Max, QLatin1String("max")}}};
constexpr std::array<Word<Band>, 6> kBands{{{Band::None, QLatin1String("none")},
                                            {Band::MinMax, QLatin1String("minmax")},
                                            {Band::StandardDeviation, QLatin1String("sd")},
                                            {Band::StandardError, QLatin1String("se")},
                                            {Band::ConfidenceT, QLatin1String("ci")},
                                            {Band::ConfidenceBootstrap, QLatin1String("bootstrap")}}};
constexpr std::array<Word<Overlap>, 2> kOverlaps{
    {{Overlap::KeepAll, QLatin1String("keep")}, {Overlap::LaterOverwrites, QLatin1String("overwrite")}}};

template <typename Words, typename Value>
QString wordOf(const Words& words, Value value) {
    const auto found =
        std::find_if(words.begin(), words.end(), [value](const auto& word) { return word.first == value; });
    return found == words.end() ? QString() : QString(found->second);
}

template <typename Words>
auto valueOfWord(const Words& words, const QString& text) {
    using Value = typename Words::value_type::first_type;
    const auto found =
        std::find_if(words.begin(), words.end(), [&](const auto& word) { return text == word.second; });
    return found == words.end() ? std::optional<Value>() : std::optional<Value>(found->first);
}

}  // namespace

QString textOf(XAxis x) {
    return wordOf(kXAxes, x);
}
QString textOf(SmoothingKind kind) {
    return wordOf(kSmoothings, kind);
}
QString textOf(Centre centre) {
    return wordOf(kCentres, centre);
}
QString textOf(Band band) {
    return wordOf(kBands, band);
}
QString textOf(Overlap overlap) {
    return wordOf(kOverlaps, overlap);
}

std::optional<XAxis> xAxisFromText(const QString& text) {
    return text == QLatin1String("wall") ? std::optional(XAxis::Wall) : valueOfWord(kXAxes, text);
}
std::optional<SmoothingKind> smoothingFromText(const QString& text) {
    return valueOfWord(kSmoothings, text);
}
std::optional<Centre> centreFromText(const QString& text) {
    return valueOfWord(kCentres, text);
}
std::optional<Band> bandFromText(const QString& text) {
    return valueOfWord(kBands, text);
}
std::optional<Overlap> overlapFromText(const QString& text) {
    return valueOfWord(kOverlaps, text);
}

double mostSmoothing(SmoothingKind kind) {
    switch (kind) {
        case SmoothingKind::None:
            return 0;
        case SmoothingKind::Ema:
        case SmoothingKind::TimeWeightedEma:
            return 0.999;
        case SmoothingKind::Gaussian:
            return 100;
        case SmoothingKind::RunningMean:
            break;
    }
    return 500;
}

double usualSmoothing(SmoothingKind kind) {
    switch (kind) {
        case SmoothingKind::None:
            return 0;
        case SmoothingKind::Ema:
        case SmoothingKind::TimeWeightedEma:
            return 0.6;
        case SmoothingKind::Gaussian:
            return 5;
        case SmoothingKind::RunningMean:
            break;
    }
    return 10;
}

}  // namespace runglass::ui
