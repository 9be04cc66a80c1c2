// SPDX-License-Identifier: GPL-3.0-or-later
#include "curve_order.h"

#include <QCoreApplication>
#include <algorithm>
#include <array>

#include "run_groups.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

constexpr std::array kLineStyles{Qt::SolidLine, Qt::DashLine, Qt::DotLine};

bool has(const model::RunRecord& run, const ChartLine& line) {
    const auto& keys = line.expression.keys();
    return !keys.empty() && std::all_of(keys.begin(), keys.end(), [&](const std::string& key) {
        return run.metric(Symbol::find(key)) != nullptr;
    });
}

std::optional<CurveInput> inputOf(const CurveOrder& order, const CurveOrder::Line& line,
                                  const CurveOrder::Member& member) {
    std::vector<model::SeriesView> views;
    for (const auto key : line.keys) {
        if (!member.series[key]) {
            return std::nullopt;
        }
        views.emplace_back(*member.series[key]);
    }
    if (views.empty()) {
        return std::nullopt;
    }
    auto series = line.expression.isKey() ? member.series[line.keys.front()]
                                          : model::share(series::evaluate(line.expression, views));
    return CurveInput{std::move(series), member.startMs, order.xKey ? member.series[*order.xKey] : nullptr};
}

}  // namespace

std::vector<Symbol> keysOf(const ChartSpec& spec, const ChartSettings& settings) {
    std::vector<Symbol> keys;
    const auto add = [&keys](Symbol key) {
        if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
            keys.push_back(key);
        }
    };
    for (const auto& line : spec.lines) {
        for (const auto& key : line.expression.keys()) {
            add(Symbol(key));
        }
    }
    if (settings.x == XAxis::Metric) {
        add(settings.xMetric);
    }
    return keys;
}

std::vector<CurveUnit> curveUnits(const std::vector<model::SharedRun>& runs, const ChartSpec& spec,
                                  const ChartSettings& settings) {
    std::vector<model::SharedRun> wanted;
    std::copy_if(runs.begin(), runs.end(), std::back_inserter(wanted), [&](const model::SharedRun& run) {
        return std::any_of(spec.lines.begin(), spec.lines.end(),
                           [&](const ChartLine& line) { return has(*run, line); });
    });
    std::vector<CurveUnit> units;
    if (!settings.group.by.empty()) {
        for (auto& group : groupRuns(wanted, settings.group.by)) {
            units.push_back({group.id, std::move(group.name), std::move(group.members)});
        }
        return units;
    }
    for (const auto& run : wanted) {
        units.push_back({run->id, projectText(run->name.empty() ? run->id.shortHex() : run->name), {run}});
    }
    return units;
}

CurveOrder orderOf(const RunId& id, const ChartSpec& spec, const ChartSettings& settings) {
    const auto keys = keysOf(spec, settings);
    const auto placeOf = [&keys](Symbol key) {
        return static_cast<std::size_t>(std::find(keys.begin(), keys.end(), key) - keys.begin());
    };
    CurveOrder order;
    order.id = id;
    order.group = !settings.group.by.empty();
    for (const auto& line : spec.lines) {
        CurveOrder::Line wanted{line.expression, {}};
        for (const auto& key : line.expression.keys()) {
            wanted.keys.push_back(placeOf(Symbol(key)));
        }
        order.lines.push_back(std::move(wanted));
    }
    if (settings.x == XAxis::Metric) {
        order.xKey = placeOf(settings.xMetric);
    }
    return order;
}

std::vector<SharedCurve> makeCurves(const CurveOrder& order, const ChartSettings& settings,
                                    const std::stop_token& stop) {
    std::vector<SharedCurve> curves;
    for (std::size_t i = 0; i < order.lines.size(); ++i) {
        const auto& line = order.lines[i];
        const auto former = i < order.former.size() ? order.former[i] : nullptr;
        std::vector<CurveInput> inputs;
        for (const auto& member : order.members) {
            if (auto input = inputOf(order, line, member)) {
                inputs.push_back(std::move(*input));
            }
        }
        if (inputs.empty() || stop.stop_requested()) {
            curves.push_back(nullptr);
        } else if (order.group) {
            curves.push_back(makeGroupCurve(inputs, settings, former, stop));
        } else {
            curves.push_back(makeCurve(inputs.front(), settings, former, stop));
        }
    }
    return curves;
}

Qt::PenStyle lineStyle(std::size_t line) {
    return kLineStyles[line % kLineStyles.size()];
}

void dress(DrawnCurve* drawn, const CurveUnit& unit, const ChartSpec& spec, std::size_t line, bool group,
           const CurveLooks& looks) {
    const auto& first = *unit.members.front();
    const bool several = spec.lines.size() > 1;
    drawn->run = unit.id;
    drawn->members.clear();
    std::transform(unit.members.begin(), unit.members.end(), std::back_inserter(drawn->members),
                   [](const model::SharedRun& run) { return run->id; });
    drawn->group = group;
    drawn->name =
        several ? QCoreApplication::translate("ChartData", "%1, %2").arg(unit.name, spec.lines[line].name)
                : unit.name;
    drawn->color = group ? looks.groupColor(first) : looks.color(first);
    drawn->style = several ? lineStyle(line) : looks.style(first);
    drawn->live = std::any_of(unit.members.begin(), unit.members.end(), [](const model::SharedRun& run) {
        return run->status == model::RunStatus::Running;
    });
}

}  // namespace runglass::ui
