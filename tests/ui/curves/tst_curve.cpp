// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <limits>

#include "axis_ticker.h"
#include "curve.h"
#include "hidden_remark.h"
#include "support/test.h"
#include "tooltip_rows.h"
#include "zoom_history.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

model::SharedSeries makeSeries(const std::vector<double>& values, std::int64_t stepSize = 10) {
    model::Series series;
    std::int64_t step = 0;
    for (const double value : values) {
        series.push({step, 1'000'000 + step * 100, value});
        step += stepSize;
    }
    return model::share(std::move(series));
}

/// Values that count from 0.
model::SharedSeries atSteps(std::initializer_list<std::int64_t> steps) {
    model::Series series;
    for (const auto step : steps) {
        series.push({step, 0, static_cast<double>(series.size())});
    }
    return model::share(std::move(series));
}

std::vector<double> valuesOf(const Curve& curve) {
    return {curve.series->values.begin(), curve.series->values.end()};
}

QStringList labels(AxisScale scale, double lower, double upper, double length = 300, double spacing = 60) {
    QStringList out;
    for (const auto& tick : makeTicks(scale, lower, upper, length, spacing)) {
        out << tick.label;
    }
    return out;
}

ChartSettings raw() {
    ChartSettings settings;
    settings.smoothing = 0;
    return settings;
}

}  // namespace

class CurveTest final : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void xIsStepOrTime() {
        auto settings = raw();
        QCOMPARE(makeCurve(makeSeries({1, 2, 3}), settings, {})->xs,
                 series::Abscissa(std::vector<double>{0, 10, 20}));
        settings.x = XAxis::Relative;
        QCOMPARE(makeCurve(makeSeries({1, 2, 3}), settings, {})->xs,
                 series::Abscissa(std::vector<double>{0, 1, 2}));
        QCOMPARE(makeCurve(makeSeries({1, 2}), settings, 999'000)->xs,
                 series::Abscissa(std::vector<double>{1, 2}));
        settings.x = XAxis::Wall;
        QCOMPARE(makeCurve(makeSeries({1}), settings, 999'000)->xs,
                 series::Abscissa(std::vector<double>{1000}));
        QVERIFY(makeCurve(makeSeries({}), settings, {})->empty());
    }

    void logHidesWhatItCannotShow() {
        auto settings = raw();
        settings.logY = true;
        const auto curve = makeCurve(makeSeries({1, 0, -2, 10, kNan}), settings, {});
        QCOMPARE(curve->notShown.byY, std::size_t(2));
        const auto extent = curve->extent(-1e9, 1e9);
        QCOMPARE(extent.min, 1.0);
        QCOMPARE(extent.max, 10.0);
        QCOMPARE(curve->series->values[1], 0.0);  // the data itself is as it was
    }

    void extentLooksAtTheWindowOnly() {
        const auto curve = makeCurve(makeSeries({5, 1, 9, 2}), raw(), {});
        QCOMPARE(curve->extent(10, 20).min, 1.0);
        QCOMPARE(curve->extent(10, 20).max, 9.0);
        QVERIFY(curve->extent(11, 19).empty());
    }

    void nearestPointOfTheLaterSegment() {
        const auto curve = makeCurve(atSteps({0, 10, 20, 30, 10, 20}), raw(), {});  // restarted at 10
        QCOMPARE(curve->segments.size(), std::size_t(2));
        QCOMPARE(curve->nearest(11), std::optional<std::size_t>(4));
        QCOMPARE(curve->nearest(26), std::optional<std::size_t>(3));
        QVERIFY(!curve->nearest(31));
        QVERIFY(!curve->nearest(-1));
    }

    // METHODS.md §2.1 by hand: of 0 … 20, ⌈20·0.05⌉ = 1 and ⌊20·0.95⌋ = 19.
    void robustLimitsAsTensorBoard() {
        std::vector<double> values;
        for (int i = 20; i >= 0; --i) {
            values.push_back(i);
        }
        values.push_back(kNan);
        const std::vector<SharedCurve> curves{makeCurve(makeSeries(values), raw(), {})};
        const auto extent = robustExtent(curves, -1e9, 1e9);
        QCOMPARE(extent.min, 1.0);
        QCOMPARE(extent.max, 19.0);
        const std::vector<SharedCurve> two{makeCurve(makeSeries({3, 8}), raw(), {})};
        QCOMPARE(robustExtent(two, -1e9, 1e9).min, 3.0);
        QCOMPARE(robustExtent(two, -1e9, 1e9).max, 8.0);
        QVERIFY(robustExtent({}, 0, 1).empty());
    }

    void ticksAreRound() {
        QCOMPARE(labels(AxisScale::Linear, 0, 4000),
                 (QStringList{QStringLiteral("0"), QStringLiteral("1\u2009000"), QStringLiteral("2\u2009000"),
                              QStringLiteral("3\u2009000"), QStringLiteral("4\u2009000")}));
        QCOMPARE(labels(AxisScale::Linear, 0.9, 1, 120, 24),
                 (QStringList{QStringLiteral("0.90"), QStringLiteral("0.92"), QStringLiteral("0.94"),
                              QStringLiteral("0.96"), QStringLiteral("0.98"), QStringLiteral("1.00")}));
        QCOMPARE(labels(AxisScale::Log, 0.02, 1, 200, 24),
                 (QStringList{QStringLiteral("0.02"), QStringLiteral("0.05"), QStringLiteral("0.1"),
                              QStringLiteral("0.2"), QStringLiteral("0.5"), QStringLiteral("1")}));
        QCOMPARE(labels(AxisScale::Duration, 0, 7200, 300, 60),
                 (QStringList{QStringLiteral("0"), QStringLiteral("30m"), QStringLiteral("1h"),
                              QStringLiteral("1h30"), QStringLiteral("2h")}));
        QCOMPARE(labels(AxisScale::Linear, 0, 40'000).last(), QStringLiteral("40k"));
        QCOMPARE(labels(AxisScale::Linear, -0.0002, 0.0002, 100, 40).first(),
                 QStringLiteral("−2e-4").replace(QLatin1Char('-'), QChar(0x2212)));
        QVERIFY(labels(AxisScale::Linear, 1, 1).isEmpty());
        QVERIFY(labels(AxisScale::Linear, kNan, 1).isEmpty());
        QVERIFY(labels(AxisScale::Log, -1, 1).isEmpty());
        QVERIFY(labels(AxisScale::Linear, 1e308, 1.5e308).size() < 64);
        QVERIFY(labels(AxisScale::Linear, 9e15, 9e15 + 4).size() < 64);
    }

    void tooltipRanksByGoal() {
        std::vector<DrawnCurve> curves;
        const std::vector<std::vector<double>> values{{0.5, 0.5}, {0.9, 0.9}, {kNan, kNan}, {0.7, 0.7}};
        for (std::size_t i = 0; i < values.size(); ++i) {
            DrawnCurve drawn;
            drawn.run = RunId::derive(std::to_string(i));
            drawn.name = QString::number(i);
            drawn.curve = makeCurve(makeSeries(values[i]), raw(), {});
            curves.push_back(drawn);
        }
        const auto names = [&](model::Goal goal, TooltipOrder order = TooltipOrder::Best) {
            QString out;
            for (const auto& row : tooltipRows(curves, {5, 0.68, goal, order, {curves[3].run}})) {
                out += row.name + QString::number(row.rank) + QLatin1Char(' ');
            }
            return out.trimmed();
        };
        // Name and rank: the rank stays that of the goal, whatever the order.
        QCOMPARE(names(model::Goal::Maximize), QStringLiteral("11 32 03 20"));
        QCOMPARE(names(model::Goal::Minimize), QStringLiteral("01 32 13 20"));
        QCOMPARE(names(model::Goal::Minimize, TooltipOrder::Largest), QStringLiteral("13 32 01 20"));
        QCOMPARE(names(model::Goal::Maximize, TooltipOrder::Smallest), QStringLiteral("03 32 11 20"));
        QCOMPARE(names(model::Goal::Maximize, TooltipOrder::Name), QStringLiteral("03 11 20 32"));
        QCOMPARE(names(model::Goal::Maximize, TooltipOrder::Nearest), QStringLiteral("32 03 11 20"));
        QVERIFY(tooltipRows(curves, {99, 0, model::Goal::Unknown, TooltipOrder::Best, {}}).empty());
        const auto rows = tooltipRows(curves, {5, 0, model::Goal::Maximize, TooltipOrder::Best, {}});
        QCOMPARE(tooltipText(rows, false).split(QLatin1Char('\n')).first(),
                 QStringLiteral("rank\tname\tstep\ttime_ms\tvalue"));
        QCOMPARE(tooltipText(rows, false).split(QLatin1Char('\n'))[1],
                 QStringLiteral("1\t1\t10\t1001000\t0.9"));
    }

    void xOfAnotherMetricIsJoinedByStep() {
        auto settings = raw();
        settings.x = XAxis::Metric;
        CurveInput input{makeSeries({1, 2, 3, 4}), {}, makeSeries({5, 3, kNan, 4})};
        const auto curve = makeCurve(input, settings);
        QCOMPARE(std::vector<double>(curve->xs.begin(), curve->xs.end()), (std::vector<double>{3, 4, 5}));
        QCOMPARE(valuesOf(*curve), (std::vector<double>{2, 4, 1}));
        QCOMPARE(curve->withoutX, std::size_t(1));
        input.xSeries = nullptr;
        QVERIFY(makeCurve(input, settings)->empty());
    }

    // Those of a file without times are not all at one moment of 1970.
    void pointsWithoutATimeHaveNoPlaceInTime() {
        auto settings = raw();
        settings.x = XAxis::Wall;
        model::Series series;
        series.push({0, 0, 7});
        series.push({1, 5'000, 8});
        series.push({2, 0, 9});
        series.push({3, 6'500, 10});
        const auto some = model::share(std::move(series));
        auto curve = makeCurve(some, settings, {});
        QCOMPARE(curve->withoutX, std::size_t(2));
        QCOMPARE(std::vector<double>(curve->xs.begin(), curve->xs.end()), (std::vector<double>{5, 6.5}));
        QCOMPARE(valuesOf(*curve), (std::vector<double>{8, 10}));
        DrawnCurve drawn;
        drawn.curve = curve;
        QCOMPARE(remarkOnHidden({drawn}), QStringLiteral("2 points have no time"));

        settings.x = XAxis::Relative;  // since the first that has one
        curve = makeCurve(some, settings, {});
        QCOMPARE(curve->withoutX, std::size_t(2));
        QCOMPARE(std::vector<double>(curve->xs.begin(), curve->xs.end()), (std::vector<double>{0, 1.5}));
        const auto none = makeCurve(atSteps({0, 10, 20}), settings, {});
        QVERIFY(none->empty());
        QCOMPARE(none->withoutX, std::size_t(3));
        QCOMPARE(makeGroupCurve({{some, {}, nullptr}, {some, {}, nullptr}}, settings)->withoutX,
                 std::size_t(4));
        settings.x = XAxis::Step;
        QCOMPARE(makeCurve(some, settings, {})->withoutX, std::size_t(0));
    }

    void logXDropsWhatItCannotShow() {
        auto settings = raw();
        settings.logX = true;
        const auto curve = makeCurve(makeSeries({9, 1, 2}), settings, {});
        QCOMPARE(curve->notShown.byX, std::size_t(1));
        QCOMPARE(curve->xRange()->first, 10.0);
        QCOMPARE(curve->extent(-1e9, 1e9).max, 2.0);
        const auto nothing = makeCurve(makeSeries({9}), settings, {});
        QVERIFY(nothing->empty() && !nothing->xRange());
    }

    void laterOverwritesEarlier() {
        const auto series = atSteps({0, 10, 20, 30, 10, 20});
        auto settings = raw();
        QCOMPARE(makeCurve(series, settings, {})->segments.size(), std::size_t(2));
        settings.overlap = series::Overlap::LaterOverwrites;
        const auto curve = makeCurve(series, settings, {});
        QCOMPARE(curve->segments.size(), std::size_t(1));
        QCOMPARE(valuesOf(*curve), (std::vector<double>{0, 4, 5}));
        // A restart from the first step leaves nothing of what was before.
        QCOMPARE(valuesOf(*makeCurve(atSteps({5, 10, 0, 10}), settings, {})), (std::vector<double>{2, 3}));
    }

    void groupsHaveMeanAndBand() {
        auto settings = raw();
        settings.group.by = {RunKey::Kind::Experiment, {}};
        const std::vector<CurveInput> members{{makeSeries({1, 2, 3}), {}, nullptr},
                                              {makeSeries({3, 6, 9}), {}, nullptr},
                                              {makeSeries({5, 10}), {}, nullptr}};
        const auto curve = makeGroupCurve(members, settings);
        QCOMPARE(valuesOf(*curve), (std::vector<double>{3, 6, 6}));
        QCOMPARE(curve->n, (std::vector<std::uint32_t>{3, 3, 2}));
        // Sample standard deviations: 2, 4, and of {3, 9} √18.
        QCOMPARE(curve->band->lower.ys[1], 2.0);
        QCOMPARE(curve->band->upper.ys[0], 5.0);
        QCOMPARE(curve->band->upper.ys[2], 6 + std::sqrt(18.0));
        QCOMPARE(curve->extent(-1, 100).max, 6 + std::sqrt(18.0));
        settings.group.band = series::Band::None;
        QVERIFY(!makeGroupCurve(members, settings)->band);
    }

    // Distances 2, 4 and √18 of the standard deviation, averaged as METHODS.md §2.1 does with weight 0.5:
    // 2; (0.5·1 + 0.5·4) / 0.75; then a single run, which has none.
    void aSmoothedBandGoesWithItsLineAndEndsWithTheSecondRun() {
        auto settings = raw();
        settings.smoothingKind = series::SmoothingKind::Ema;
        settings.smoothing = 0.5;
        settings.group.by = {RunKey::Kind::Experiment, {}};
        const std::vector<CurveInput> members{{makeSeries({1, 2, 3, 8}), {}, nullptr},
                                              {makeSeries({3, 6}), {}, nullptr},
                                              {makeSeries({5, 10}), {}, nullptr}};
        const std::vector<double> width{2, (0.5 * 1 + 0.5 * 4) / 0.75};
        auto curve = makeGroupCurve(members, settings);
        QCOMPARE(curve->n, (std::vector<std::uint32_t>{3, 3, 1, 1}));
        for (std::size_t i = 0; i < 2; ++i) {
            QCOMPARE(curve->band->upper.ys[i], curve->smoothed->ys[i] + width[i]);
            QCOMPARE(curve->band->lower.ys[i], curve->smoothed->ys[i] - width[i]);
        }
        for (const auto band : {series::Band::StandardDeviation, series::Band::StandardError,
                                series::Band::ConfidenceT, series::Band::MinMax}) {
            settings.group.band = band;
            DrawnCurve drawn;
            drawn.group = true;
            drawn.curve = curve = makeGroupCurve(members, settings);
            QVERIFY(std::isnan(curve->band->upper.ys[2]) && std::isnan(curve->band->lower.ys[3]));
            const auto row = tooltipRows({drawn}, {10, 0, model::Goal::Unknown, TooltipOrder::Best, {}})[0];
            QCOMPARE(row.n, std::uint32_t(3));
            QCOMPARE(row.even, band != series::Band::MinMax);
        }
        settings.group.centre = series::Centre::Median;  // the band goes around the mean
        settings.group.band = series::Band::StandardDeviation;
        DrawnCurve drawn;
        drawn.curve = makeGroupCurve(members, settings);
        QVERIFY(!tooltipRows({drawn}, {10, 0, model::Goal::Unknown, TooltipOrder::Best, {}})[0].even);
    }

    void groupsKeepWhatIsNotFiniteAndWhatTheAxisCannotShow() {
        auto settings = raw();
        settings.group.by = {RunKey::Kind::Experiment, {}};
        const std::vector<CurveInput> members{{makeSeries({1, kNan, 3, kInfinity, -5}), {}, {}},
                                              {makeSeries({2, kNan, 4, 6, 0}), {}, {}}};
        const auto curve = makeGroupCurve(members, settings);
        QCOMPARE(curve->series->size(), std::size_t(5));
        QVERIFY(std::isnan(curve->series->values[1]));  // a gap, not joined across
        QCOMPARE(curve->series->values[3], 6.0);
        QVERIFY(curve->lost != nullptr);
        QCOMPARE(curve->lost->values.size(), std::size_t(3));  // NaN twice, and an infinity, by x
        QVERIFY(std::isnan(curve->lost->values[1]) && std::isinf(curve->lost->values[2]));
        QCOMPARE(curve->notShown.byY, std::size_t(0));
        settings.logY = true;
        QCOMPARE(makeGroupCurve(members, settings)->notShown.byY, std::size_t(2));  // −5 and 0
    }

    void neighbouringTicksHaveDifferentLabels() {
        for (const auto& [lower, upper] :
             {std::pair(1.2340e-4, 1.2389e-4), std::pair(9.007199254740992e15, 9.007199254741012e15),
              std::pair(123456.0, 123456.5), std::pair(0.5, 0.5 + 1e-9), std::pair(1e-308, 3e-308)}) {
            const auto ticks = makeTicks(AxisScale::Linear, lower, upper, 300, 36);
            QVERIFY2(ticks.size() >= 3, qPrintable(QString::number(lower)));
            for (std::size_t i = 1; i < ticks.size(); ++i) {
                QVERIFY2(ticks[i].label != ticks[i - 1].label, qPrintable(ticks[i].label));
            }
        }
        // An axis that counts in units says the values.
        QCOMPARE(makeTicks(AxisScale::Linear, -1e248, 1e248, 300, 100, {1e-60, 1}).front().label,
                 QStringLiteral("−1e308"));
    }

    void zoomGoesBackAndForth() {
        ZoomHistory history;
        Zoom first;
        first.sharedX = Range(1, 2);
        Zoom second;
        second.sharedX = Range(1.2, 1.5);
        QVERIFY(!history.back());
        history.go(first, false);
        history.go(second, false);
        QVERIFY(history.back());
        QVERIFY(history.current() == first);
        QVERIFY(history.forward());
        QVERIFY(!history.forward());
        Zoom third;
        third.sharedX = Range(1.3, 1.4);
        history.go(third, true);  // part of the same movement
        QVERIFY(history.back());
        QVERIFY(history.current() == first);
        history.go({}, false);
        QVERIFY(!history.forward());
    }
};

QTEST_MAIN(CurveTest)
#include "tst_curve.moc"
