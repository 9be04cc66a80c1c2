// SPDX-License-Identifier: GPL-3.0-or-later
// Axes over anything that a double can be: nothing lies off them unsaid, and labels can be read.
#include <QFontMetricsF>
#include <QImage>
#include <cmath>
#include <limits>
#include <random>

#include "chart_plot.h"
#include "hidden_remark.h"
#include "runglass/ui/theme/paint.h"
#include "runglass/ui/theme/theme.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr QSize kSize(600, 220);

ChartSettings raw() {
    ChartSettings settings;
    settings.smoothing = 0;
    return settings;
}

model::SharedSeries seriesOf(const std::vector<double>& values) {
    model::Series series;
    for (const double value : values) {
        series.push({static_cast<std::int64_t>(series.size()), 0, value});
    }
    return model::share(std::move(series));
}

DrawnCurve drawn(const CurveInput& input, const ChartSettings& settings) {
    DrawnCurve curve;
    curve.run = RunId::derive("a");
    curve.color = Qt::red;
    curve.curve = makeCurve(input, settings);
    return curve;
}

void show(ChartPlot& plot, const ChartSettings& settings, std::vector<DrawnCurve> curves,
          QSize size = kSize) {
    plot.resize(size);
    plot.setViewport(QRect(QPoint(), size));
    plot.setSettings(settings);
    plot.setCurves(std::move(curves));
    plot.replot();
}

double pixelOf(ChartPlot& plot, double value) {
    return static_cast<CurvePlottable*>(plot.plottable(0))->pixelOf(value);
}

/// Every second value is painted by the rasteriser, too, where the axis says that it is.
void verifyPainted(ChartPlot* plot, const std::vector<double>& values) {
    for (auto* axis : {plot->xAxis, plot->yAxis}) {
        axis->grid()->setVisible(false);
    }
    const auto image = plot->toPixmap(kSize.width(), kSize.height(), 1).toImage();
    for (std::size_t i = 0; i < values.size(); i += 2) {
        const QPoint at(static_cast<int>(plot->xAxis->coordToPixel(static_cast<double>(i))),
                        static_cast<int>(pixelOf(*plot, values[i])));
        const auto inside = i == 0 ? at + QPoint(1, 0) : at - QPoint(1, 0);
        QVERIFY2(image.pixelColor(inside).green() < 128, qPrintable(QString::number(values[i])));
    }
}

/// As ChartAxis draws them: centred at their ticks, moved into the picture where they would leave it.
std::vector<std::pair<double, double>> labelsBelow(ChartPlot& plot) {
    plot.replot();
    std::vector<std::pair<double, double>> ends;
    const auto ticks = plot.xAxis->tickVector();
    const auto labels = plot.xAxis->tickVectorLabels();
    const auto font = plot.xAxis->tickLabelFont();
    for (qsizetype i = 0; i < ticks.size(); ++i) {
        if (labels[i].isEmpty()) {
            continue;
        }
        const double width = tabularWidth(font, labels[i]);
        double left = plot.xAxis->coordToPixel(ticks[i]) - width / 2;
        left = std::max(0.0, std::min(left, plot.width() - width));
        ends.emplace_back(left, left + width);
    }
    return ends;
}

double valueOfLabel(QString label) {
    return label.replace(QChar(0x2212), QLatin1Char('-')).remove(QChar(0x2009)).toDouble();
}

}  // namespace

class AxesTest final : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { Theme::install(*qApp, ThemeChoice::Light); }

    // 1e-308 to 1e308 are 616 decades; QCustomPlot has room for 308.
    void aLogAxisShowsAllDoublesAtOnce() {
        auto settings = raw();
        settings.logY = true;
        const double least = std::numeric_limits<double>::denorm_min();
        const double most = std::numeric_limits<double>::max();
        // Dots, since there is nothing beside them to be joined to.
        const std::vector<double> values{1e-308, kNan, 1, kNan, 1e308, kNan, least, kNan, most};
        ChartPlot plot;
        show(plot, settings, {drawn({seriesOf(values), {}, nullptr}, settings)});
        QCOMPARE(remarkOnHidden(plot.curves()), QString());
        const auto area = plot.axisRect()->rect();
        for (const double value : {least, 1e-308, 1.0, 1e308, most}) {
            const double pixel = pixelOf(plot, value);
            QVERIFY2(pixel > area.top() && pixel < area.bottom(),
                     qPrintable(QStringLiteral("%1 at %2").arg(value).arg(pixel)));
            QVERIFY(std::abs(std::log10(plot.valueAt(pixel)) - std::log10(value)) < 1e-6);
        }
        QVERIFY(std::abs(pixelOf(plot, 1) - (pixelOf(plot, 1e-308) + pixelOf(plot, 1e308)) / 2) < 1e-6);
        verifyPainted(&plot, values);
    }

    // Also where their whole extent is smaller than any double could be multiplied to a pixel.
    void aLinearAxisShowsTheSmallestAndTheLargest() {
        for (const auto& values : {std::vector<double>{1e-308, kNan, 2e-308, kNan, 3e-308},
                                   std::vector<double>{-1e308, kNan, 0, kNan, 1.7e308}}) {
            ChartPlot plot;
            show(plot, raw(), {drawn({seriesOf(values), {}, nullptr}, raw())});
            verifyPainted(&plot, values);
        }
    }

    void labelsOfAWideLogAxisSayTheirDecades() {
        auto settings = raw();
        settings.logY = true;
        ChartPlot plot;
        show(plot, settings, {drawn({seriesOf({1e-308, 1e308}), {}, nullptr}, settings)});
        plot.replot();
        const auto labels = plot.yAxis->tickVectorLabels();
        const auto ticks = plot.yAxis->tickVector();
        QVERIFY(labels.size() >= 5);
        for (qsizetype i = 0; i < labels.size(); ++i) {
            const double value = valueOfLabel(labels[i]);
            QVERIFY2(std::abs(plot.yAxis->coordToPixel(ticks[i]) - pixelOf(plot, value)) < 0.01,
                     qPrintable(labels[i]));
            QCOMPARE(std::fmod(std::round(std::log10(value)), 50), 0.0);
        }
        QVERIFY(labels.contains(QStringLiteral("1")));
    }

    // A box drawn in it becomes the axis, and all of it when zoomed out again.
    void aWideLogAxisZooms() {
        auto settings = raw();
        settings.logY = true;
        ChartPlot plot;
        show(plot, settings, {drawn({seriesOf({1e-308, 1, 1e308}), {}, nullptr}, settings)});
        const auto all = plot.yRange();
        QVERIFY(all.lower > 0 && all.lower < 1e-308 && all.upper > 1e308);
        for (const auto& [lower, upper] :
             {std::pair(1e-300, 1e-290), std::pair(2e-305, 3e-305), std::pair(1e-3, 1e3),
              std::pair(1e280, 1e307), std::pair(1e-300, 1e300)}) {
            plot.setYRange(QCPRange(lower, upper));
            plot.replot();
            QVERIFY(std::abs(plot.yRange().lower / lower - 1) < 1e-9);
            QVERIFY(std::abs(plot.yRange().upper / upper - 1) < 1e-9);
            QVERIFY2(plot.yAxis->tickVectorLabels().size() >= 2, qPrintable(QString::number(lower)));
            for (const auto& label : plot.yAxis->tickVectorLabels()) {
                const double value = valueOfLabel(label);
                QVERIFY2(value >= lower * 0.999 && value <= upper * 1.001, qPrintable(label));
            }
        }
        plot.setYRange(std::nullopt);
        plot.replot();
        QCOMPARE(plot.yRange(), all);
    }

    // The x axis has no such trick: what it cannot take is said.
    void whatTheXAxisCannotTakeIsCounted() {
        auto settings = raw();
        settings.x = XAxis::Metric;
        const auto remark = [&](const std::vector<double>& xs) {
            const CurveInput input{seriesOf(std::vector<double>(xs.size(), 1)), {}, seriesOf(xs)};
            ChartPlot plot;
            show(plot, settings, {drawn(input, settings)});
            return remarkOnHidden(plot.curves());
        };
        QCOMPARE(remark({1, 2, 1e200}), QString());
        QCOMPARE(remark({-1e308, 1, 2}), QStringLiteral("1 point beyond the x axis not shown"));
        QCOMPARE(remark({-1e308, 1, 2, 1e308}), QStringLiteral("2 points beyond the x axis not shown"));
        settings.logX = true;
        QCOMPARE(remark({1e-200, 1, 2}), QString());
        QCOMPARE(remark({1e-308, 1e-300, 1}), QStringLiteral("2 points beyond the x axis not shown"));
        QCOMPARE(remark({-1, 1e-308, 1}),
                 QStringLiteral("1 point with x ≤ 0 not shown, 1 point beyond the x axis not shown"));
    }

    void labelsSideBySideNeverTouch() {
        std::mt19937_64 random(7);
        const auto between = [&random](double low, double high) {
            return std::uniform_real_distribution<>(low, high)(random);
        };
        const double bigStep = 9'007'199'254'740'993.0;
        int checked = 0;
        for (int round = 0; round < 600; ++round) {
            auto settings = raw();
            const int kind = round % 6;
            settings.x = kind == 1 ? XAxis::Relative : kind == 2 ? XAxis::Wall : XAxis::Step;
            settings.logX = kind == 3;
            const double span = std::pow(10, between(0, 12));
            const double start = kind == 0   ? bigStep * between(1, 1000)
                                 : kind == 2 ? between(0, 4e9)
                                 : kind == 3 ? std::pow(10, between(-3, 3))
                                 : kind == 4 ? between(-1e9, 1e9)
                                 : kind == 5 ? between(0, 1)
                                             : 0;
            const double size = kind == 5 ? std::pow(10, between(-9, 0)) : span;
            ChartPlot plot;
            plot.setBufferDevicePixelRatio(round % 2 + 1);
            show(plot, settings, {}, QSize(static_cast<int>(between(120, 1600)), 150));
            plot.setXRange(QCPRange(start, start + size));
            const auto labels = labelsBelow(plot);
            const auto what =
                QStringLiteral("%1 to %2, %3 px").arg(start).arg(start + size).arg(plot.width());
            QVERIFY2(!labels.empty(), qPrintable(what));
            for (std::size_t i = 1; i < labels.size(); ++i) {
                QVERIFY2(labels[i].first - labels[i - 1].second > 8, qPrintable(what));
                ++checked;
            }
        }
        QVERIFY(checked > 1500);
    }

    void ordinaryAxesKeepTheirTicks() {
        ChartPlot plot;
        show(plot, raw(), {}, QSize(420, 150));
        plot.setXRange(QCPRange(0, 4000));
        plot.replot();
        QCOMPARE(
            plot.xAxis->tickVectorLabels(),
            (QVector<QString>{QStringLiteral("0"), QStringLiteral("1\u2009000"), QStringLiteral("2\u2009000"),
                              QStringLiteral("3\u2009000"), QStringLiteral("4\u2009000")}));
        plot.setXRange(QCPRange(9'007'199'254'740'990.0, 9'007'199'254'741'030.0));
        plot.replot();
        const auto labels = plot.xAxis->tickVectorLabels();
        QVERIFY2(labels.contains(QStringLiteral("9007199254741000")),
                 qPrintable(labels.join(QLatin1Char(' '))));
        // Where two such labels have no room, the others say how far they are from the first.
        show(plot, raw(), {}, QSize(260, 150));
        plot.setXRange(QCPRange(9'007'199'254'740'990.0, 9'007'199'254'741'030.0));
        plot.replot();
        QCOMPARE(plot.xAxis->tickVectorLabels().front(), QStringLiteral("9007199254741000"));
        QCOMPARE(plot.xAxis->tickVectorLabels().back(), QStringLiteral("+20"));
        // There is no step 4.5.
        plot.setXRange(QCPRange(4.5, 5.5));
        plot.replot();
        QCOMPARE(plot.xAxis->tickVectorLabels(), QVector<QString>{QStringLiteral("5")});
    }

    // 2023-11-14, in the time zone of the test.
    void aDayIsNamedOnceOnAWallAxis() {
        const auto day = QDateTime(QDate(2023, 11, 14), QTime(22, 10));
        const auto at = [&day](int minutes) {
            return static_cast<double>(day.addSecs(60 * minutes).toSecsSinceEpoch());
        };
        QStringList labels;
        for (const auto& tick : makeTicks(AxisScale::Wall, at(0), at(40), 400, 62)) {
            labels << tick.label;
        }
        QCOMPARE(labels,
                 (QStringList{QStringLiteral("14 Nov 22:10"), QStringLiteral("22:20"),
                              QStringLiteral("22:30"), QStringLiteral("22:40"), QStringLiteral("22:50")}));
        labels.clear();
        for (const auto& tick : makeTicks(AxisScale::Wall, at(-10), at(4 * 60), 500, 62)) {
            labels << tick.label;
        }
        QCOMPARE(labels, (QStringList{QStringLiteral("14 Nov 22:00"), QStringLiteral("23:00"),
                                      QStringLiteral("15 Nov 00:00"), QStringLiteral("01:00"),
                                      QStringLiteral("02:00")}));
    }
};

QTEST_MAIN(AxesTest)
#include "tst_axes.moc"
