// SPDX-License-Identifier: GPL-3.0-or-later
#include "chart_data.h"

#include <algorithm>

#include "runglass/ui/session/series_growth.h"

namespace runglass::ui {

namespace {

// Series arrive one by one; waiting this long makes one drawing of those that come together.
constexpr int kGatherMs = 15;
// With thousands of curves each drawing takes longer than that: fewer of them, so that reading gets on.
constexpr int kMostGatherMs = 400;
constexpr std::size_t kCurvesPerMs = 20;
// Robust limits look at every point: not with each that arrives.
constexpr int kRobustMs = 300;

bool sameMembers(const CurveUnit& a, const CurveUnit& b) {
    return std::equal(a.members.begin(), a.members.end(), b.members.begin(), b.members.end(),
                      [](const auto& x, const auto& y) { return x->id == y->id; });
}

}  // namespace

ChartData::ChartData(ProjectSession* session, ChartSpec spec, QObject* parent)
    : QObject(parent)
    , m_session(session)
    , m_spec(std::move(spec))
    , m_looks(std::make_shared<const CurveLooks>(LooksChoice(), std::vector<model::SharedRun>()))
    , m_runs(std::make_shared<const std::vector<model::SharedRun>>()) {
    m_buildTimer.setSingleShot(true);
    connect(&m_buildTimer, &QTimer::timeout, this, &ChartData::build);
    m_robustTimer.setSingleShot(true);
    connect(&m_robustTimer, &QTimer::timeout, this, [this] {
        if (std::exchange(m_robustAgain, false)) {
            refreshRobustLimits();
        }
    });
    m_keys = keysOf(m_spec, m_settings);
}

void ChartData::setSettings(const ChartSettings& settings) {
    auto drawnOnly = settings;  // what changes nothing in the curves
    drawnOnly.robustY = m_settings.robustY;
    const bool rebuild = drawnOnly != m_settings;
    const bool otherKeys = keysOf(m_spec, settings) != m_keys;
    const bool otherUnits = settings.group.by != m_settings.group.by;
    m_settings = settings;
    if (!rebuild) {
        m_built.robustY = settings.robustY;
        present();
        return;
    }
    if (otherKeys) {
        m_keys = keysOf(m_spec, m_settings);
        m_inputs.clear();  // the session has the series still
        m_asked = 0;
    }
    if (otherKeys || otherUnits) {
        arrangeUnits();
        request();
    }
    markStale();
    m_buildJob.cancel();
    build();  // what is on screen stays until then, with its own axes
}

void ChartData::setLooks(SharedLooks looks) {
    m_looks = std::move(looks);
    for (auto& unit : m_units) {
        dressUnit(&unit);
    }
    present();
}

void ChartData::setRuns(const VisibleRuns::List& runs) {
    m_runs = runs;
    arrangeUnits();
    request();
    present();
}

void ChartData::arrangeUnits() {
    std::unordered_map<RunId, std::size_t> places;
    for (std::size_t i = 0; i < m_units.size(); ++i) {
        places.emplace(m_units[i].base.id, i);
    }
    std::vector<Unit> units;
    std::unordered_map<RunId, Input> inputs;
    m_unitOf.clear();
    for (auto& base : curveUnits(*m_runs, m_spec, m_settings)) {
        for (const auto& run : base.members) {
            m_unitOf.emplace(run->id, units.size());
            auto& input = inputs[run->id];
            if (auto known = m_inputs.find(run->id); known != m_inputs.end()) {
                input = std::move(known->second);
            }
            input.series.resize(m_keys.size());
            input.asked.resize(m_keys.size());
            // What the session keeps of it may be another series now, which the record need not show: a file
            // may have been replaced.
            input.changed = input.changed || (input.run && input.run != run);
            input.run = run;
        }
        Unit unit{std::move(base), {}, true};
        if (const auto place = places.find(unit.base.id); place != places.end()) {
            auto& before = m_units[place->second];
            unit.stale = before.stale || !sameMembers(before.base, unit.base);
            unit.drawn = std::move(before.drawn);
        }
        dressUnit(&unit);
        units.push_back(std::move(unit));
    }
    m_inputs = std::move(inputs);
    m_units = std::move(units);
}

void ChartData::request() {
    for (auto& [id, input] : m_inputs) {
        for (std::size_t k = 0; k < m_keys.size(); ++k) {
            const auto* summary = input.run->metric(m_keys[k]);
            const bool complete =
                !summary || (!input.changed && input.series[k] && input.series[k]->size() >= summary->count);
            if (!complete && !input.asked[k]) {
                ask(&input, k);
            }
        }
        input.changed = false;
    }
    if (anyStale() && m_asked == 0 && !m_buildTimer.isActive()) {
        startBuildTimer();  // a group lost a member: nothing is on its way, and still it is another
    }
}

void ChartData::ask(Input* input, std::size_t key) {
    input->asked[key] = true;
    ++m_asked;
    m_session->requestSeries(input->run->id, m_keys[key], this,
                             [this, id = input->run->id, symbol = m_keys[key]](
                                 const Result<model::SharedSeries>& series) { take(id, symbol, series); });
}

void ChartData::take(const RunId& id, Symbol key, const Result<model::SharedSeries>& series) {
    m_asked -= m_asked > 0 ? 1 : 0;
    const auto found = m_inputs.find(id);
    const auto place = std::find(m_keys.begin(), m_keys.end(), key);
    if (found == m_inputs.end() || place == m_keys.end()) {
        return;
    }
    auto& input = found->second;
    const auto k = static_cast<std::size_t>(place - m_keys.begin());
    input.asked[k] = false;
    if (series && *series && input.series[k] != *series) {
        input.series[k] = *series;
        m_units[m_unitOf.at(id)].stale = true;
        // Points that came while these were being read announced themselves in vain.
        const auto* summary = input.run->metric(key);
        if (summary && (*series)->size() < summary->count) {
            ask(&input, k);
        }
    } else if (m_asked > 0 || !anyStale()) {
        return;
    }
    // A group is made of all its runs: drawing it with each that arrives would make it jump.
    const bool complete = m_settings.group.by.empty() || m_asked == 0;
    if (complete && !m_buildTimer.isActive()) {
        startBuildTimer();
    }
}

bool ChartData::anyStale() const {
    return std::any_of(m_units.begin(), m_units.end(), [](const Unit& unit) { return unit.stale; });
}

void ChartData::startBuildTimer() {
    const auto wait = m_asked > 0 ? static_cast<int>(m_units.size() / kCurvesPerMs) : 0;
    m_buildTimer.start(std::clamp(wait, kGatherMs, kMostGatherMs));
}

void ChartData::markStale() {
    for (auto& unit : m_units) {
        unit.stale = true;
    }
}

void ChartData::build() {
    if (m_buildJob.running()) {
        return;  // its end starts the next: points that arrive faster than curves are made do not starve them
    }
    std::vector<CurveOrder> orders;
    for (auto& unit : m_units) {
        if (!unit.stale) {
            continue;
        }
        auto order = orderOf(unit.base.id, m_spec, m_settings);
        bool any = false;
        for (const auto& run : unit.base.members) {
            order.members.push_back({m_inputs.at(run->id).series, run->startTimeMs});
            const auto& series = order.members.back().series;
            any = any ||
                  std::any_of(series.begin(), series.end(), [](const auto& one) { return one != nullptr; });
        }
        if (any) {
            unit.stale = false;
            std::transform(unit.drawn.begin(), unit.drawn.end(), std::back_inserter(order.former),
                           [](const DrawnCurve& drawn) { return drawn.curve; });
            orders.push_back(std::move(order));
        }
    }
    if (orders.empty()) {
        if (std::none_of(m_units.begin(), m_units.end(), [](const Unit& unit) { return unit.stale; })) {
            m_built = m_settings;
            present();
        }
        return;
    }
    m_buildJob = jobs::start(
        m_session->pool(), m_session->guiExecutor(),
        [orders = std::move(orders), settings = m_settings](jobs::JobContext& context) {
            Built built;
            for (const auto& order : orders) {
                if (context.stop.stop_requested()) {
                    break;
                }
                built.emplace_back(order.id, makeCurves(order, settings, context.stop));
            }
            return built;
        },
        [this, settings = m_settings](Built built) { takeCurves(std::move(built), settings); });
}

void ChartData::takeCurves(Built built, const ChartSettings& settings) {
    m_built = settings;
    std::unordered_map<RunId, Curves*> byId;
    for (auto& [id, curves] : built) {
        byId.emplace(id, &curves);
    }
    bool stale = false;
    for (auto& unit : m_units) {
        stale = stale || unit.stale;
        const auto found = byId.find(unit.base.id);
        if (found == byId.end()) {
            continue;
        }
        unit.drawn.resize(m_spec.lines.size());
        for (std::size_t i = 0; i < unit.drawn.size(); ++i) {
            unit.drawn[i].curve = std::move((*found->second)[i]);
        }
        dressUnit(&unit);
    }
    present();
    if (stale && m_asked == 0) {
        startBuildTimer();
    }
}

// Names and colours; the curves themselves stay.
void ChartData::dressUnit(Unit* unit) const {
    for (std::size_t i = 0; i < unit->drawn.size(); ++i) {
        dress(&unit->drawn[i], unit->base, m_spec, i, !m_settings.group.by.empty(), *m_looks);
    }
}

void ChartData::appendDrawn(const Unit& unit, std::vector<DrawnCurve>* all) {
    std::copy_if(unit.drawn.begin(), unit.drawn.end(), std::back_inserter(*all),
                 [](const DrawnCurve& drawn) { return drawn.curve != nullptr; });
}

std::vector<DrawnCurve> ChartData::inPresentTheme() const {
    std::vector<DrawnCurve> all;
    for (auto unit : m_units) {
        dressUnit(&unit);
        appendDrawn(unit, &all);
    }
    return all;
}

void ChartData::present() {
    std::vector<DrawnCurve> all;
    for (const auto& unit : m_units) {
        appendDrawn(unit, &all);
    }
    Q_EMIT curvesReady(all, m_built);
    refreshRobustLimits();
}

void ChartData::refreshRobustLimits() {
    if (m_robustTimer.isActive()) {
        m_robustAgain = true;
        return;
    }
    updateRobustLimits();
    m_robustTimer.start(kRobustMs);
}

void ChartData::setXRange(double lower, double upper) {
    if (lower != m_lowerX || upper != m_upperX) {
        m_lowerX = lower;
        m_upperX = upper;
        updateRobustLimits();
    }
}

void ChartData::updateRobustLimits() {
    if (!m_settings.robustY) {
        return;
    }
    std::vector<SharedCurve> curves;
    for (const auto& unit : m_units) {
        for (const auto& drawn : unit.drawn) {
            if (drawn.curve) {
                curves.push_back(drawn.curve);
            }
        }
    }
    m_robustJob = jobs::start(
        m_session->pool(), m_session->guiExecutor(),
        [curves = std::move(curves), lower = m_lowerX, upper = m_upperX](jobs::JobContext& context) {
            return robustExtent(curves, lower, upper, context.stop);
        },
        [this](const series::Extent& limits) { Q_EMIT robustLimitsReady(limits); });
}

}  // namespace runglass::ui
