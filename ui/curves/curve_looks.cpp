// SPDX-License-Identifier: GPL-3.0-or-later
#include "curve_looks.h"

#include <QCoreApplication>
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "runglass/ui/session/palette_slot.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

constexpr std::array kStyles{Qt::SolidLine, Qt::DashLine, Qt::DotLine};
constexpr double kLogFrom = 100;  // largest over smallest value

QString translated(const char* text) {
    return QCoreApplication::translate("CurveLegend", text);
}

}  // namespace

std::optional<double> numberOf(std::string_view text) {
    double value = 0;
    const auto* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, value);
    return parsed.ec == std::errc() && parsed.ptr == end && std::isfinite(value) ? std::optional(value)
                                                                                 : std::nullopt;
}

QString valueText(const RunKey& key, const std::string& value) {
    if (key.kind == RunKey::Kind::Experiment) {
        return value.empty() ? translated(QT_TRANSLATE_NOOP("CurveLegend", "no experiment"))
                             : projectText(value);
    }
    return value.empty() ? translated(QT_TRANSLATE_NOOP("CurveLegend", "%1 not set")).arg(nameOf(key))
                         : QStringLiteral("%1 = %2").arg(nameOf(key), projectText(value));
}

double ColorScale::share(double value) const {
    if (log) {
        return value > 0 ? std::clamp(std::log(value / lower) / std::log(upper / lower), 0.0, 1.0) : 0.0;
    }
    return std::clamp((value - lower) / (upper - lower), 0.0, 1.0);
}

std::optional<ColorScale> ColorScale::of(const std::vector<std::string>& values) {
    std::optional<ColorScale> scale;
    for (const auto& text : values) {
        if (text.empty()) {
            continue;  // a run without the param has the colour of what is missing
        }
        const auto value = numberOf(text);
        if (!value) {
            return std::nullopt;
        }
        if (!scale) {
            scale = ColorScale{*value, *value, false};
        }
        scale->lower = std::min(scale->lower, *value);
        scale->upper = std::max(scale->upper, *value);
    }
    if (!scale || !(scale->upper > scale->lower)) {
        return std::nullopt;
    }
    scale->log = scale->lower > 0 && scale->upper / scale->lower >= kLogFrom;
    return scale;
}

CurveLooks::CurveLooks(const LooksChoice& choice, const std::vector<model::SharedRun>& runs,
                       const CurveLooks* before)
    : m_choice(choice) {
    if (before && before->m_choice.color == choice.color) {
        m_colorValues = before->m_colorValues;
    }
    if (before && before->m_choice.style == choice.style) {
        m_styleValues = before->m_styleValues;
    }
    collect(choice.color, runs, &m_colorValues);
    collect(choice.style, runs, &m_styleValues);
    if (choice.color.kind == RunKey::Kind::Param || choice.color.kind == RunKey::Kind::Tag) {
        m_scale = ColorScale::of(m_colorValues);
    }
}

void CurveLooks::collect(const RunKey& key, const std::vector<model::SharedRun>& runs, Slots* slots) {
    if (key.empty()) {
        return;
    }
    QHash<QString, bool> known;
    for (const auto& value : *slots) {
        known.insert(QString::fromStdString(value), true);
    }
    for (const auto& run : runs) {
        auto value = valueOf(*run, key);
        auto& seen = known[QString::fromStdString(value)];
        if (!seen) {
            seen = true;
            slots->push_back(std::move(value));
        }
    }
}

int CurveLooks::slotOf(const Slots& slots, const std::string& value) {
    const auto found = std::find(slots.begin(), slots.end(), value);
    return static_cast<int>(found - slots.begin());
}

QColor CurveLooks::groupColor(const model::RunRecord& member) const {
    auto& theme = Theme::current();
    const auto value = valueOf(member, m_choice.color);
    if (m_scale) {
        const auto number = numberOf(value);
        return number ? theme.sequential(m_scale->share(*number)) : theme.color(Token::TextDisabled);
    }
    return theme.seriesColor(slotOf(m_colorValues, value));
}

QColor CurveLooks::color(const model::RunRecord& run) const {
    if (run.color) {
        return QColor::fromRgb(*run.color);
    }
    return m_choice.color.empty() ? Theme::current().seriesColor(paletteSlot(run)) : groupColor(run);
}

Qt::PenStyle CurveLooks::style(const model::RunRecord& run) const {
    if (!m_choice.style.empty()) {
        const auto slot = static_cast<std::size_t>(slotOf(m_styleValues, valueOf(run, m_choice.style)));
        return kStyles[slot % kStyles.size()];
    }
    // Dashes help where the palette repeats; with colours by value a repeated colour is meant.
    return m_choice.color.empty() ? Theme::current().seriesPenStyle(paletteSlot(run)) : Qt::SolidLine;
}

std::vector<CurveLooks::Entry> CurveLooks::legend() const {
    std::vector<Entry> entries;
    if (!m_scale) {
        for (std::size_t i = 0; i < m_colorValues.size(); ++i) {
            entries.push_back({valueText(m_choice.color, m_colorValues[i]),
                               Theme::current().seriesColor(static_cast<int>(i)), Qt::SolidLine});
        }
    }
    for (std::size_t i = 0; i < m_styleValues.size(); ++i) {
        entries.push_back(
            {valueText(m_choice.style, m_styleValues[i]), QColor(), kStyles[i % kStyles.size()]});
    }
    return entries;
}

}  // namespace runglass::ui
