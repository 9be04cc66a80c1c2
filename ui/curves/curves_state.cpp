// SPDX-License-Identifier: GPL-3.0-or-later
#include "curves_state.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>
#include <cmath>

#include "runglass/ui/session/app_settings.h"
#include "settings_text.h"

namespace runglass::ui {

namespace {

constexpr QLatin1String kView("curves");
constexpr qsizetype kMostCharts = 1000;  // made by hand; more would be a mistake or an attack

// A chart made by hand is `=c1`; a metric whose key begins with = has it twice.
QString textOfId(Symbol id) {
    if (const auto name = customName(id); !name.isEmpty()) {
        return QLatin1Char('=') + name;
    }
    const auto key = QString::fromStdString(id.str());
    return key.startsWith(QLatin1Char('=')) ? QLatin1Char('=') + key : key;
}

Symbol idFromText(const QString& text) {
    if (text.startsWith(QLatin1String("=="))) {
        return Symbol(text.mid(1).toStdString());
    }
    return text.startsWith(QLatin1Char('=')) ? customId(text.mid(1)) : Symbol(text.toStdString());
}

QJsonArray textsOf(const std::vector<Symbol>& ids) {
    QJsonArray texts;
    for (const Symbol id : ids) {
        texts.append(textOfId(id));
    }
    return texts;
}

std::vector<Symbol> idsOf(const QJsonValue& texts) {
    std::vector<Symbol> ids;
    for (const auto& text : texts.toArray()) {
        const Symbol id = idFromText(text.toString());
        if (!id.empty() && std::find(ids.begin(), ids.end(), id) == ids.end()) {
            ids.push_back(id);
        }
    }
    return ids;
}

QJsonObject jsonOf(const ChartOverrides& own) {
    QJsonObject json;
    if (own.smoothing) {
        json[QLatin1String("smoothing")] = *own.smoothing;
    }
    if (own.logY) {
        json[QLatin1String("log_y")] = *own.logY;
    }
    if (own.robustY) {
        json[QLatin1String("robust_y")] = *own.robustY;
    }
    if (own.yLimits) {
        json[QLatin1String("y_limits")] = QJsonArray{own.yLimits->first, own.yLimits->second};
    }
    return json;
}

template <typename T>
void take(const QJsonValue& value, std::optional<T>* target) {
    if constexpr (std::is_same_v<T, bool>) {
        if (value.isBool()) {
            *target = value.toBool();
        }
    } else if (value.isDouble()) {
        *target = value.toDouble();
    }
}

ChartOverrides overridesOf(const QJsonObject& json) {
    ChartOverrides own;
    take(json[QLatin1String("smoothing")], &own.smoothing);
    if (own.smoothing) {
        own.smoothing = std::clamp(*own.smoothing, 0.0, mostSmoothing(series::SmoothingKind::RunningMean));
    }
    take(json[QLatin1String("log_y")], &own.logY);
    take(json[QLatin1String("robust_y")], &own.robustY);
    const auto limits = json[QLatin1String("y_limits")].toArray();
    if (limits.size() == 2 && limits[0].toDouble() < limits[1].toDouble()) {
        own.yLimits = std::pair(limits[0].toDouble(), limits[1].toDouble());
    }
    return own;
}

QJsonObject jsonOf(const ChartSettings& settings) {
    return {
        {QStringLiteral("x"), textOf(settings.x)},
        {QStringLiteral("x_metric"), QString::fromStdString(settings.xMetric.str())},
        {QStringLiteral("defined_x"), settings.definedX},
        {QStringLiteral("smoothing"), QJsonObject{{QStringLiteral("kind"), textOf(settings.smoothingKind)},
                                                  {QStringLiteral("amount"), settings.smoothing}}},
        {QStringLiteral("log_x"), settings.logX},
        {QStringLiteral("log_y"), settings.logY},
        {QStringLiteral("robust_y"), settings.robustY},
        {QStringLiteral("overlap"), textOf(settings.overlap)},
        {QStringLiteral("group"), QJsonObject{{QStringLiteral("by"), textOf(settings.group.by)},
                                              {QStringLiteral("centre"), textOf(settings.group.centre)},
                                              {QStringLiteral("band"), textOf(settings.group.band)}}}};
}

ChartSettings settingsFrom(const QJsonObject& json) {
    ChartSettings settings;
    settings.x = xAxisFromText(json[QLatin1String("x")].toString()).value_or(settings.x);
    settings.xMetric = Symbol(json[QLatin1String("x_metric")].toString().toStdString());
    if (settings.x == XAxis::Metric && settings.xMetric.empty()) {
        settings.x = XAxis::Step;
    }
    settings.definedX = json[QLatin1String("defined_x")].toBool(true);
    const auto smoothing = json[QLatin1String("smoothing")].toObject();
    settings.smoothingKind =
        smoothingFromText(smoothing[QLatin1String("kind")].toString()).value_or(settings.smoothingKind);
    settings.smoothing = std::clamp(smoothing[QLatin1String("amount")].toDouble(settings.smoothing), 0.0,
                                    mostSmoothing(settings.smoothingKind));
    settings.logX = json[QLatin1String("log_x")].toBool();
    settings.logY = json[QLatin1String("log_y")].toBool();
    settings.robustY = json[QLatin1String("robust_y")].toBool();
    settings.overlap = overlapFromText(json[QLatin1String("overlap")].toString()).value_or(settings.overlap);
    const auto group = json[QLatin1String("group")].toObject();
    settings.group.by = runKeyFromText(group[QLatin1String("by")].toString());
    settings.group.centre =
        centreFromText(group[QLatin1String("centre")].toString()).value_or(settings.group.centre);
    settings.group.band = bandFromText(group[QLatin1String("band")].toString()).value_or(settings.group.band);
    return settings;
}

QJsonArray jsonOf(const std::vector<ChartSpec>& charts) {
    QJsonArray array;
    for (const auto& chart : charts) {
        QJsonArray lines;
        for (const auto& text : chart.texts) {
            lines.append(QString::fromStdString(text));
        }
        array.append(QJsonObject{{QStringLiteral("id"), customName(chart.id)},
                                 {QStringLiteral("title"), chart.title},
                                 {QStringLiteral("lines"), lines}});
    }
    return array;
}

std::vector<ChartSpec> chartsFrom(const QJsonArray& array) {
    std::vector<ChartSpec> charts;
    for (qsizetype i = 0; i < std::min(array.size(), kMostCharts); ++i) {
        const auto json = array[i].toObject();
        std::vector<std::string> texts;
        for (const auto& line : json[QLatin1String("lines")].toArray()) {
            texts.push_back(line.toString().toStdString());
        }
        const auto id = customId(json[QLatin1String("id")].toString());
        const bool known =
            std::any_of(charts.begin(), charts.end(), [id](const ChartSpec& spec) { return spec.id == id; });
        auto chart = ChartSpec::custom(id, json[QLatin1String("title")].toString(), texts);
        if (!id.empty() && !known && !chart.lines.empty()) {
            charts.push_back(std::move(chart));
        }
    }
    return charts;
}

}  // namespace

QJsonObject CurvesState::toJson() const {
    auto json = jsonOf(settings);
    json[QLatin1String("color_by")] = textOf(looks.color);
    json[QLatin1String("style_by")] = textOf(looks.style);
    json[QLatin1String("linked_x")] = linkedX;
    json[QLatin1String("tooltip_order")] = textOf(tooltipOrder);
    json[QLatin1String("pinned")] = textsOf(pinned);
    json[QLatin1String("order")] = textsOf(order);
    json[QLatin1String("charts")] = jsonOf(custom);
    QJsonObject single;
    for (const auto& [id, overrides] : own) {
        if (!overrides.empty()) {
            single[textOfId(id)] = jsonOf(overrides);
        }
    }
    json[QLatin1String("own")] = single;
    auto titles = folded.values();
    titles.sort();  // a set has no order, and a file must not change by itself
    json[QLatin1String("folded")] = QJsonArray::fromStringList(titles);
    return json;
}

CurvesState CurvesState::fromJson(const QJsonObject& json) {
    CurvesState state;
    state.settings = settingsFrom(json);
    state.looks.color = runKeyFromText(json[QLatin1String("color_by")].toString());
    state.looks.style = runKeyFromText(json[QLatin1String("style_by")].toString());
    state.linkedX = json[QLatin1String("linked_x")].toBool(true);
    state.tooltipOrder = tooltipOrderFromText(json[QLatin1String("tooltip_order")].toString());
    state.pinned = idsOf(json[QLatin1String("pinned")]);
    state.order = idsOf(json[QLatin1String("order")]);
    state.custom = chartsFrom(json[QLatin1String("charts")].toArray());
    const auto single = json[QLatin1String("own")].toObject();
    for (auto it = single.begin(); it != single.end(); ++it) {
        state.own[idFromText(it.key())] = overridesOf(it->toObject());
    }
    if (const auto titles = json[QLatin1String("folded")]; titles.isArray()) {
        state.folded.clear();
        for (const auto& title : titles.toArray()) {
            state.folded.insert(title.toString());
        }
    }
    return state;
}

CurvesState CurvesState::load(const std::filesystem::path& project) {
    return fromJson(QJsonDocument::fromJson(AppSettings::instance().projectState(project, kView)).object());
}

void CurvesState::save(const std::filesystem::path& project) const {
    AppSettings::instance().setProjectState(project, kView,
                                            QJsonDocument(toJson()).toJson(QJsonDocument::Compact));
}

}  // namespace runglass::ui
