// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <limits>

#include "axis_ticker.h"
#include "chart_tooltip.h"
#include "curve.h"
#include "grid_layout.h"
#include "support/test.h"
#include "zoom_history.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

model::SharedSeries makeSeries(const std::vector<double>& values, std::int64_t stepSize = 10) {
    auto series = std::make_shared<model::Series>();
    std::int64_t step = 0;
    for (const double value : values) {
        series->push({step, 1'000'000 + step * 100, value});
        step += stepSize;
    }
    return series;
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
        QCOMPARE(curve->notShown, std::size_t(2));
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
        auto series = std::make_shared<model::Series>();
        for (const std::int64_t step : {0, 10, 20, 30, 10, 20}) {  // restarted at 10
            series->push({step, 0, static_cast<double>(series->size())});
        }
        const auto curve = makeCurve(series, raw(), {});
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
        const auto names = [&](model::Goal goal) {
            QString out;
            for (const auto& row : tooltipRows(curves, 5, goal, {curves[3].run})) {
                out += row.name;
            }
            return out;
        };
        QCOMPARE(names(model::Goal::Maximize), QStringLiteral("1302"));
        QCOMPARE(names(model::Goal::Minimize), QStringLiteral("0312"));
        QVERIFY(tooltipRows(curves, 99, model::Goal::Unknown, {}).empty());
    }

    void gridPlacesOnlyByArithmetic() {
        std::vector<Symbol> keys;
        for (int i = 0; i < 2000; ++i) {
            keys.emplace_back("val/m" + std::to_string(i));
        }
        keys.emplace_back("loss");
        keys.emplace_back("train/loss");
        const auto sections = chartSections(keys, {Symbol("val/m3")}, {});
        QCOMPARE(sections.size(), std::size_t(3));
        QCOMPARE(sections[0].title, QStringLiteral("val"));
        QCOMPARE(sections[0].keys.size(), std::size_t(1999));
        QCOMPARE(sections[1].title, QStringLiteral("train"));
        const auto layout = layOutGrid(sections, {Symbol("val/m3")}, {}, 1000, {});
        QCOMPARE(layout.cards.size(), keys.size());
        for (std::size_t i = 1; i < layout.cards.size(); ++i) {
            const auto& card = layout.cards[i].rect;
            QVERIFY(card.left() >= 8 && card.right() < 1000 - 7);
            QVERIFY(!card.intersects(layout.cards[i - 1].rect));
        }
        QCOMPARE(layout.cards[3].rect.right(), 991);  // the third column ends at the margin
        const auto folded = layOutGrid(sections, {}, {QStringLiteral("val")}, 1000, {});
        QCOMPARE(folded.cards.size(), std::size_t(2));
        QCOMPARE(chartSections(keys, {}, QStringLiteral("LOSS")).size(), std::size_t(2));
    }

    void sectionsEndWithTheMachine() {
        std::vector<Symbol> keys;
        for (const auto* key : {"system/cpu_percent", "loss", "zeta/x", "optim/lr", "train/loss", "val/loss",
                                "systematic/error"}) {
            keys.emplace_back(key);
        }
        QStringList titles;
        for (const auto& section : chartSections(keys, {}, {})) {
            titles << section.title;
        }
        QCOMPARE(titles.join(QLatin1Char(' ')),
                 QStringLiteral("val train optim systematic zeta metrics system"));
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
