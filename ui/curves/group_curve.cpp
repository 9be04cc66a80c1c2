// SPDX-License-Identifier: GPL-3.0-or-later
// The line of a group of runs, and its band.
#include <algorithm>
#include <cmath>
#include <limits>

#include "curve_parts.h"
#include "runglass/series/aggregation.h"

namespace runglass::ui {

struct GroupOrigin {
    std::vector<SharedCurve> members;  ///< not smoothed
    series::Aggregate aggregate;
};

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

CurveLine bandLine(const Curve& curve, model::Column<double> ys) {
    return lineOf({}, 0, curve.origin.settings.logY ? series::showableOnLogAxis(ys) : std::move(ys));
}

/// One edge of a band around a smoothed line: its distance from the line is what is smoothed, so that it goes
/// along with the line, and only where there is one: a single run would get the width of those before.
CurveLine smoothedEdge(const Curve& curve, const series::Aggregate& aggregate,
                       const std::vector<double>& edge, const std::stop_token& stop) {
    constexpr double kMost = std::numeric_limits<double>::max();
    model::Column<double> distances(edge.size(), std::numeric_limits<double>::quiet_NaN());
    for (std::size_t i = 0; i < edge.size(); ++i) {
        if (aggregate.n[i] > 1) {
            distances[i] = std::clamp(edge[i] - aggregate.centre[i], -kMost, kMost);
        }
    }
    auto ys = series::smoothedTail({}, curve.xs, distances, curve.segments,
                                   curve.origin.settings.smoothingOf(), stop)
                  .values;
    for (std::size_t i = 0; i < ys.size(); ++i) {
        ys[i] = std::clamp(ys[i] + curve.smoothed->ys[i], -kMost, kMost);
    }
    return bandLine(curve, std::move(ys));
}

std::optional<CurveBand> bandOf(const Curve& curve, const series::Aggregate& aggregate,
                                const std::stop_token& stop) {
    if (aggregate.lower.empty() || stop.stop_requested()) {
        return std::nullopt;
    }
    if (curve.smoothed) {
        return CurveBand{smoothedEdge(curve, aggregate, aggregate.lower, stop),
                         smoothedEdge(curve, aggregate, aggregate.upper, stop)};
    }
    return CurveBand{bandLine(curve, {aggregate.lower.begin(), aggregate.lower.end()}),
                     bandLine(curve, {aggregate.upper.begin(), aggregate.upper.end()})};
}

/// The least x at which a member has another value than before, when it has more points.
double firstChange(const Curve& before, const Curve& now) {
    const auto known = before.xs.size();
    if (now.xs.size() == known) {
        return kInfinity;
    }
    double x = std::nextafter(before.xs[known - 1], kInfinity);  // from there a line leads to what is new
    for (auto i = known; i < now.xs.size(); ++i) {
        x = std::min(x, now.xs[i]);
    }
    return x;
}

/// Values of members that are not finite, those before `known` points of each are in `former`.
std::shared_ptr<const LostValues> lostOf(const std::vector<SharedCurve>& members,
                                         const std::vector<std::size_t>& known,
                                         const std::shared_ptr<const LostValues>& former) {
    std::vector<std::pair<double, double>> found;
    for (std::size_t m = 0; m < members.size(); ++m) {
        const auto& member = *members[m];
        const auto& values = member.series->values;
        for (auto i = known[m]; i < values.size(); ++i) {
            if (!std::isfinite(values[i]) && std::isfinite(member.xs[i])) {
                found.emplace_back(member.xs[i], values[i]);
            }
        }
    }
    if (found.empty()) {
        return former;
    }
    for (std::size_t i = 0; former && i < former->values.size(); ++i) {
        found.emplace_back(former->xs[i], former->values[i]);
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    auto lost = std::make_shared<LostValues>();
    std::vector<double> xs;
    for (const auto& [x, value] : found) {
        xs.push_back(x);
        lost->values.push_back(value);
    }
    lost->xs = series::Abscissa(xs);
    lost->pyramid = series::Pyramid(lost->values);
    return lost;
}

series::Aggregation aggregationOf(const ChartSettings& settings) {
    series::Aggregation how;
    how.centre = settings.group.centre;
    how.band = settings.group.band;
    how.logX = settings.logX;
    how.logY = settings.logY;
    return how;
}

/// Whether `former` is of the same members, each with some of its points.
bool sameGroup(const Curve& former, const std::vector<CurveInput>& members, const ChartSettings& settings,
               const ChartSettings& plain) {
    const auto* origin = former.origin.group.get();
    return origin != nullptr && former.origin.settings.group == settings.group &&
           std::equal(members.begin(), members.end(), origin->members.begin(), origin->members.end(),
                      [&](const CurveInput& input, const SharedCurve& member) {
                          return goesOn(*member, input, plain);
                      });
}

model::SharedSeries seriesOf(const series::Aggregate& aggregate, XAxis x) {
    model::Series series;
    series.values.assign(aggregate.centre.begin(), aggregate.centre.end());
    series.steps.assign(series.values.size(), 0);
    series.timesMs.assign(series.values.size(), 0);
    for (std::size_t i = 0; x == XAxis::Step && i < series.steps.size(); ++i) {
        series.steps[i] = static_cast<std::int64_t>(aggregate.xs[i]);
    }
    return model::share(std::move(series));
}

}  // namespace

SharedCurve makeGroupCurve(const std::vector<CurveInput>& members, const ChartSettings& settings,
                           const SharedCurve& former, const std::stop_token& stop) {
    auto plain = settings;
    plain.smoothing = 0;
    const bool more = former && sameGroup(*former, members, settings, plain);
    const auto* const before = more ? former->origin.group.get() : nullptr;
    auto origin = std::make_shared<GroupOrigin>();
    auto curve = std::make_shared<Curve>();
    std::vector<series::GroupMember> group;
    std::vector<std::size_t> known;
    double from = before ? kInfinity : -kInfinity;
    for (std::size_t i = 0; i < members.size(); ++i) {
        auto member = makeCurve(members[i], plain, before ? before->members[i] : nullptr, stop);
        if (!member) {
            return nullptr;
        }
        from = before ? std::min(from, firstChange(*before->members[i], *member)) : from;
        known.push_back(before ? before->members[i]->xs.size() : 0);
        curve->notShown += member->notShown;
        curve->withoutX += member->withoutX;
        group.push_back({member->xs, member->segments, member->series->values});
        origin->members.push_back(std::move(member));
    }
    const auto how = aggregationOf(settings);
    origin->aggregate = before ? series::aggregateOn(before->aggregate, from, group, how, stop)
                               : series::aggregate(group, how, stop);
    curve->series = seriesOf(origin->aggregate, settings.x);
    curve->xs = series::Abscissa(origin->aggregate.xs);
    curve->n = origin->aggregate.n;
    curve->lost = lostOf(origin->members, known, before ? former->lost : nullptr);
    curve->origin = {{}, settings, {}, origin};
    prepareSegments(curve.get(), {});
    makeLines(curve.get(), {}, stop);
    curve->band = bandOf(*curve, origin->aggregate, stop);
    return stop.stop_requested() ? nullptr : curve;
}

}  // namespace runglass::ui
