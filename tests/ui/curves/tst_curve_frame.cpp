// SPDX-License-Identifier: GPL-3.0-or-later
#include <QBuffer>
#include <QPicture>
#include <QSvgGenerator>
#include <cmath>

#include "chart_plot.h"
#include "runglass/ui/theme/theme.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

constexpr QSize kSize(400, 300);

enum class Shape { Wave, Noise, Noises, Restarts };

DrawnCurve drawn(Shape shape, std::size_t points, int color) {
    model::Series series;
    for (std::size_t i = 0; i < points; ++i) {
        const auto x = static_cast<double>(i) / static_cast<double>(points);
        const double wave = std::sin(9 * x + color);
        const auto turn = shape == Shape::Noises ? static_cast<std::size_t>(color) * 131 : 0;
        const double noise = std::sin(static_cast<double>((i * i + turn) % 1009) * 12.9898);
        const auto step = static_cast<std::int64_t>(shape == Shape::Restarts ? i % (points / 2) : i);
        series.push({step, 0, shape == Shape::Noise || shape == Shape::Noises ? noise : wave});
    }
    ChartSettings settings;
    settings.smoothing = 0;
    DrawnCurve curve;
    curve.run = RunId::derive(std::to_string(color));
    curve.color = Theme::current().seriesColor(color);
    curve.curve = makeCurve(model::share(std::move(series)), settings, {});
    return curve;
}

void show(ChartPlot& plot, std::vector<DrawnCurve> curves) {
    plot.resize(kSize);
    plot.setViewport(QRect(QPoint(), kSize));
    plot.setCurves(std::move(curves));
    for (auto* axis : {plot.xAxis, plot.yAxis}) {  // only curves are compared
        axis->setVisible(false);
        axis->grid()->setVisible(false);
    }
    plot.layOut();
}

/// By QPainter, from lines. QCPPainter puts whole numbers at the middle of pixels, but not in a picture:
/// `shift` does it there. The columns of dense curves lie at the middle of pixels already.
QImage byQPainter(ChartPlot& plot, double scale, double shift = 0.5) {
    QPicture picture;
    QCPPainter recorder;
    recorder.begin(&picture);
    recorder.setMode(QCPPainter::pmVectorized);
    recorder.setMode(QCPPainter::pmNoCaching);
    plot.toPainter(&recorder, kSize.width(), kSize.height());
    recorder.end();
    QImage image(kSize * scale, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(scale, scale);
    painter.translate(shift, shift);
    painter.drawPicture(0, 0, picture);
    return image;
}

struct Difference {
    double rms = 0;  ///< over the pixels that either painted, of 1
    double ink = 0;  ///< ours to theirs
};

Difference compare(const QImage& ours, const QImage& theirs) {
    double squares = 0;
    double ourInk = 0;
    double theirInk = 0;
    int touched = 0;
    for (int y = 0; y < ours.height(); ++y) {
        for (int x = 0; x < ours.width(); ++x) {
            const int a = 255 - qGray(ours.pixel(x, y));
            const int b = 255 - qGray(theirs.pixel(x, y));
            squares += (a - b) * (a - b) / 65025.0;
            touched += a > 0 || b > 0 ? 1 : 0;
            ourInk += a;
            theirInk += b;
        }
    }
    return {std::sqrt(squares / std::max(1, touched)), ourInk / theirInk};
}

}  // namespace

class CurveFrameTest final : public runglass::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { Theme::install(*qApp, ThemeChoice::Light); }

    // Where points are sparser than pixels, at one and two device pixels each, thin and thick.
    void looksAsQPainterDrawsIt() {
        for (const double scale : {1.0, 2.0}) {
            for (const bool thick : {false, true}) {
                for (const auto shape : {Shape::Wave, Shape::Noise, Shape::Restarts}) {
                    ChartPlot plot;
                    show(plot, {drawn(shape, 90, 0), drawn(Shape::Wave, 60, 1)});
                    if (thick) {
                        plot.setSelected({plot.curves()[0].run});
                    }
                    const auto ours = plot.toPixmap(kSize.width(), kSize.height(), scale).toImage();
                    const auto difference = compare(ours, byQPainter(plot, scale));
                    QVERIFY2(difference.rms < 0.06, qPrintable(QString::number(difference.rms)));
                    QVERIFY2(std::abs(difference.ink - 1) < 0.03,
                             qPrintable(QString::number(difference.ink)));
                }
            }
        }
    }

    // In the denser drawing too, nothing is lost and nothing added.
    void denseCurvesHaveTheInkOfLines() {
        ChartPlot plot;
        show(plot, {drawn(Shape::Noise, 200'000, 0)});
        const auto ours = plot.toPixmap(kSize.width(), kSize.height()).toImage();
        const auto difference = compare(ours, byQPainter(plot, 1, 0));
        QVERIFY2(std::abs(difference.ink - 1) < 0.03, qPrintable(QString::number(difference.ink)));
        QVERIFY2(difference.rms < 0.1, qPrintable(QString::number(difference.rms)));
    }

    // More sparse curves than are drawn as smooth as can be: lines that enter and leave the window stay.
    void manySparseCurvesAreAllThere() {
        std::vector<DrawnCurve> curves;
        for (int i = 0; i < 200; ++i) {
            curves.push_back(drawn(Shape::Wave, 12, i));
        }
        ChartPlot plot;
        show(plot, std::move(curves));
        plot.setXRange(QCPRange(2.3, 2.7));  // between two points
        plot.setYRange(QCPRange(-1, 1));
        plot.layOut();
        const auto ours = plot.toPixmap(kSize.width(), kSize.height()).toImage();
        const auto difference = compare(ours, byQPainter(plot, 1));
        QVERIFY2(std::abs(difference.ink - 1) < 0.05, qPrintable(QString::number(difference.ink)));
    }

    // Up to some number of them, so is that they are drawn in another way than a few.
    void manySparseCurvesLookLikeFew() {
        for (const auto shape : {Shape::Wave, Shape::Noises}) {
            std::vector<DrawnCurve> curves;
            for (int i = 0; i < 120; ++i) {
                curves.push_back(drawn(shape, 200, i));
            }
            ChartPlot plot;
            show(plot, std::move(curves));
            const auto ours = plot.toPixmap(kSize.width(), kSize.height()).toImage();
            const auto difference = compare(ours, byQPainter(plot, 1));
            QVERIFY2(difference.rms < 0.12, qPrintable(QString::number(difference.rms)));
            QVERIFY2(std::abs(difference.ink - 1) < 0.02, qPrintable(QString::number(difference.ink)));
        }
    }

    void theHighlightedCurveIsAboveAllSelectedOnes() {
        auto one = drawn(Shape::Wave, 90, 0);
        auto other = one;
        other.run = RunId::derive("other");
        other.color = Qt::red;
        const auto picture = [&](std::vector<DrawnCurve> curves) {
            ChartPlot plot;
            show(plot, std::move(curves));
            plot.setSelected({one.run, other.run});
            plot.setHighlighted(one.run);
            return plot.toPixmap(kSize.width(), kSize.height()).toImage();
        };
        QCOMPARE(picture({one, other}), picture({other, one}));
    }

    void fiveThousandRunsAndHardValues() {
        std::vector<DrawnCurve> curves;
        for (int i = 0; i < 5'000; ++i) {
            curves.push_back(
                drawn(i % 2 == 0 ? Shape::Wave : Shape::Noise, 1 + static_cast<std::size_t>(i % 50), i));
        }
        model::Series hard;
        const double nan = std::numeric_limits<double>::quiet_NaN();
        for (const double value :
             {nan, 1e308, -1e308, 1e-308, nan, 0.0, std::numeric_limits<double>::infinity()}) {
            hard.push({static_cast<std::int64_t>(hard.size()) << 58, 0, value});
        }
        auto one = curves.front();
        one.curve = makeCurve(model::share(std::move(hard)), {}, {});
        curves.push_back(one);
        ChartPlot plot;
        show(plot, std::move(curves));
        QVERIFY(!plot.toPixmap(kSize.width(), kSize.height()).isNull());
        plot.setYRange(QCPRange(-1, 1));
        plot.setXRange(QCPRange(0, 50));
        QVERIFY(!plot.toPixmap(kSize.width(), kSize.height()).isNull());
    }

    void exportsStayLines() {
        ChartPlot plot;
        show(plot, {drawn(Shape::Noise, 5'000, 0), drawn(Shape::Wave, 50, 1)});
        QByteArray bytes;
        QBuffer buffer(&bytes);
        QSvgGenerator generator;
        generator.setOutputDevice(&buffer);
        generator.setSize(kSize);
        QCPPainter painter(&generator);
        plot.toPainter(&painter, kSize.width(), kSize.height());
        painter.end();
        QVERIFY(!bytes.contains("<image"));
        QVERIFY(bytes.contains("<poly") || bytes.contains("<path"));
    }
};

QTEST_MAIN(CurveFrameTest)
#include "tst_curve_frame.moc"
