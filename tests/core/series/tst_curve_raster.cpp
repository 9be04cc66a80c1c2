// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/series/curve_raster.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>

#include "support/test.h"

using namespace runglass::series;

namespace {

constexpr int kWidth = 160;
constexpr int kHeight = 120;
constexpr std::uint32_t kBlack = 0xff000000;

struct Image {
    std::vector<std::uint32_t> pixels = std::vector<std::uint32_t>(kWidth * kHeight);
    [[nodiscard]] double alpha(int x, int y) const {
        return (pixels[static_cast<std::size_t>(y * kWidth + x)] >> 24U) / 255.0;
    }
    [[nodiscard]] double ink() const {
        double sum = 0;
        for (const auto pixel : pixels) {
            sum += (pixel >> 24U) / 255.0;
        }
        return sum;
    }
};

template <typename Draw>
Image inStrips(int strip, Draw draw) {
    Image image;
    CurveRaster raster;
    for (int left = 0; left < kWidth; left += strip) {
        raster.begin(left, std::min(strip, kWidth - left), kHeight);
        draw(raster);
        raster.paintOnto(image.pixels.data(), kWidth);
    }
    return image;
}

Image ofPoints(const std::vector<PixelPoint>& points, const RasterPen& pen, int strip = kWidth) {
    return inStrips(strip, [&](CurveRaster& raster) { raster.drawPoints(points, pen); });
}

Image ofColumns(const std::vector<Column>& columns, const RasterPen& pen, bool fine, int strip = kWidth) {
    return inStrips(strip, [&](CurveRaster& raster) { raster.drawColumns(columns, {}, pen, fine); });
}

double distance(const std::vector<PixelPoint>& points, double x, double y) {
    double best = std::hypot(x - points[0].x, y - points[0].y);
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
        const double dx = points[i + 1].x - points[i].x;
        const double dy = points[i + 1].y - points[i].y;
        const double length2 = dx * dx + dy * dy;
        const double along = (x - points[i].x) * dx + (y - points[i].y) * dy;
        const double t = length2 > 0 ? std::clamp(along / length2, 0.0, 1.0) : 0;
        best = std::min(best, std::hypot(x - points[i].x - t * dx, y - points[i].y - t * dy));
    }
    return best;
}

/// The part of each pixel within width / 2 of the line, from 8 × 8 samples.
double truth(const std::vector<PixelPoint>& points, double width, int x, int y) {
    if (distance(points, x + 0.5, y + 0.5) > width / 2 + 1) {
        return 0;
    }
    int inside = 0;
    for (int i = 0; i < 64; ++i) {
        inside += distance(points, x + (i % 8 + 0.5) / 8, y + (i / 8 + 0.5) / 8) <= width / 2 ? 1 : 0;
    }
    return inside / 64.0;
}

std::vector<PixelPoint> noisePoints(unsigned seed, float spacing) {
    std::mt19937 random(seed);
    std::vector<PixelPoint> points;
    for (float x = 3; x < kWidth - 3; x += spacing) {
        points.push_back({x, 60 + static_cast<float>(static_cast<int>(random() % 1000) - 500) / 12});
    }
    return points;
}

std::vector<PixelPoint> wavePoints(float spacing) {
    std::vector<PixelPoint> points;
    for (float x = 3; x < kWidth - 3; x += spacing) {
        points.push_back({x, 60 + 40 * std::sin(x * 0.07F)});
    }
    return points;
}

/// As columns of one pixel each.
std::vector<Column> columnsOf(const std::vector<PixelPoint>& points) {
    std::vector<double> xs;
    std::vector<double> ys;
    std::vector<double> edges;
    for (const auto& point : points) {
        xs.push_back(point.x);
        ys.push_back(point.y);
    }
    for (int k = 0; k <= kWidth; ++k) {
        edges.push_back(k);
    }
    std::vector<Column> columns;
    reduceToColumns(Abscissa(xs), ys, Pyramid(ys), {0, xs.size()}, edges, columns);
    return columns;
}

struct Difference {
    double rms = 0;  ///< over the pixels that either touches
    double inkRatio = 0;
};

template <typename Expected>
Difference compare(const Image& image, Expected expected) {
    double squares = 0;
    double ink = 0;
    int touched = 0;
    for (int y = 0; y < kHeight; ++y) {
        for (int x = 0; x < kWidth; ++x) {
            const double wanted = expected(x, y);
            const double got = image.alpha(x, y);
            squares += (wanted - got) * (wanted - got);
            touched += wanted > 0 || got > 0 ? 1 : 0;
            ink += wanted;
        }
    }
    return {std::sqrt(squares / touched), image.ink() / ink};
}

}  // namespace

class CurveRasterTest final : public runglass::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void sparseCurvesCoverWhatAPenCovers() {
        const std::vector<std::vector<PixelPoint>> curves{{{10.3F, 20.2F}, {150.1F, 100.7F}},
                                                          {{10, 50.3F}, {150, 57.1F}},
                                                          {{80.2F, 10}, {84.7F, 110}},
                                                          noisePoints(1, 4.9F),
                                                          noisePoints(2, 1.43F),
                                                          wavePoints(1)};
        for (const double width : {1.0, 1.25, 2.25, 4.5}) {
            for (const auto& curve : curves) {
                const auto image = ofPoints(curve, {kBlack, static_cast<float>(width)});
                const auto difference =
                    compare(image, [&](int x, int y) { return truth(curve, width, x, y); });
                QVERIFY2(difference.rms < 0.07, qPrintable(QString::number(difference.rms)));
                QVERIFY2(std::abs(difference.inkRatio - 1) < 0.04,
                         qPrintable(QStringLiteral("%1 at %2").arg(difference.inkRatio).arg(width)));
            }
        }
    }

    void aSinglePointIsADot() {
        for (const float width : {1.0F, 2.25F}) {
            const RasterPen dashes{kBlack, width, 3, 2};
            const auto image = ofPoints({{40.3F, 30.6F}}, dashes);
            const double radius = 2 * width;  // four times as wide as the line, and whole
            QVERIFY(std::abs(image.ink() / (std::numbers::pi * radius * radius) - 1) < 0.05);
            QCOMPARE(image.alpha(40, 30), 1.0);
            QCOMPARE(ofPoints({{40.3F, 30.6F}}, dashes, 7).pixels, image.pixels);
        }
        QVERIFY(ofColumns({{70, false, 50, 50, 50, 50}}, {kBlack, 1}, true).ink() > 0.9);
    }

    // Whatever the strips, the picture is the same.
    void stripsFitTogether() {
        const auto points = noisePoints(3, 1.7F);
        const auto sparse = noisePoints(4, 9);
        for (const float width : {1.0F, 1.25F, 3.5F}) {
            const RasterPen pen{0xff204060, width, 5, 3, 1};
            QVERIFY(ofPoints(points, pen).pixels == ofPoints(points, pen, 7).pixels);
            QVERIFY(ofColumns(columnsOf(points), pen, true).pixels ==
                    ofColumns(columnsOf(points), pen, true, 7).pixels);
            QVERIFY(ofColumns(columnsOf(sparse), pen, true).pixels ==
                    ofColumns(columnsOf(sparse), pen, true, 7).pixels);
        }
    }

    // Between half a point and four points a pixel both drawings look alike, so that the change from one to
    // the other does not show.
    void bothDrawingsLookAlike() {
        for (const float spacing : {0.25F, 0.5F, 1.0F, 2.0F}) {
            for (const float width : {1.0F, 1.25F, 2.5F}) {
                for (const auto& points : {noisePoints(5, spacing), wavePoints(spacing)}) {
                    const auto smooth = ofPoints(points, {kBlack, width});
                    const auto columns = ofColumns(columnsOf(points), {kBlack, width}, true);
                    const auto difference =
                        compare(columns, [&](int x, int y) { return smooth.alpha(x, y); });
                    // At one point a pixel and less, columns do not know where in the column it is.
                    QVERIFY2(spacing > 0.5F || difference.rms < 0.33,
                             qPrintable(QStringLiteral("rms %1, spacing %2, width %3")
                                            .arg(difference.rms)
                                            .arg(static_cast<double>(spacing))
                                            .arg(static_cast<double>(width))));
                    QVERIFY2(std::abs(difference.inkRatio - 1) < 0.15,
                             qPrintable(QStringLiteral("ink %1, spacing %2, width %3")
                                            .arg(difference.inkRatio)
                                            .arg(static_cast<double>(spacing))
                                            .arg(static_cast<double>(width))));
                }
            }
        }
    }

    // What is painted in a column reaches from the smallest to the largest value of its points, by brute
    // force, and no further than the lines to its neighbours and the pen do.
    void barsReachFromMinimumToMaximum() {
        std::mt19937 random(9);
        double filled = 0;
        double all = 0;
        for (int round = 0; round < 300; ++round) {
            const auto points =
                noisePoints(static_cast<unsigned>(round), 0.05F + static_cast<float>(random() % 40) / 100);
            const auto image = ofColumns(columnsOf(points), {kBlack, 1}, false);
            std::vector<double> top(kWidth, 1e9);
            std::vector<double> bottom(kWidth, -1e9);
            for (const auto& point : points) {
                const auto k = static_cast<std::size_t>(point.x);
                top[k] = std::min(top[k], static_cast<double>(point.y));
                bottom[k] = std::max(bottom[k], static_cast<double>(point.y));
            }
            for (int k = 4; k < kWidth - 4; ++k) {
                const auto i = static_cast<std::size_t>(k);
                const double highest = std::min({top[i - 1], top[i], top[i + 1]});
                const double lowest = std::max({bottom[i - 1], bottom[i], bottom[i + 1]});
                for (int y = 0; y < kHeight; ++y) {
                    if (y + 1 > top[i] && y < bottom[i]) {
                        QVERIFY(image.alpha(k, y) > 0);
                        filled += image.alpha(k, y);
                        all += 1;
                    }
                    if (y + 1 < highest - 1.5 || y > lowest + 1.5) {
                        QCOMPARE(image.alpha(k, y), 0.0);
                    }
                }
            }
        }
        QVERIFY(filled / all > 0.99);  // the rest are slanted lines
    }

    void aTranslucentCurveDoesNotDarkenItself() {
        const RasterPen pen{0x80000000, 2};
        for (const auto& image :
             {ofPoints(noisePoints(6, 0.9F), pen), ofColumns(columnsOf(noisePoints(6, 0.2F)), pen, true)}) {
            for (const auto pixel : image.pixels) {
                QVERIFY((pixel >> 24U) <= 0x80);
            }
        }
    }

    void theFirstCurveIsOnTop() {
        const auto image = inStrips(kWidth, [](CurveRaster& raster) {
            raster.drawPoints(std::vector<PixelPoint>{{0, 60}, {160, 60}}, {0xffff0000, 4});
            raster.drawPoints(std::vector<PixelPoint>{{80, 0}, {80.5F, 120}}, {0xff0000ff, 4});
        });
        QCOMPARE(image.pixels[60 * kWidth + 80], 0xffff0000U);
        QCOMPARE(image.pixels[30 * kWidth + 80], 0xff0000ffU);
    }

    void whatIsOutsideTheImageIsCut() {
        const auto image = ofPoints({{-1e5F, -1e6F}, {50, 60}, {1e5F, 1e6F}}, {kBlack, 2});
        QVERIFY(image.ink() > 0);
        const PixelScale y{0, 60, 1, false};
        for (const double value : {1e308, -1e308, 5e-324}) {
            const auto bars = inStrips(kWidth, [&](CurveRaster& raster) {
                raster.drawColumns(std::vector<Column>{{10, false, value, value, value, value},
                                                       {11, true, -value, -value, value, value}},
                                   y, {kBlack, 1.25F}, true);
            });
            QVERIFY(std::isfinite(bars.ink()));
        }
        QCOMPARE(inStrips(kWidth, [](CurveRaster&) {}).ink(), 0.0);
    }

    void dashesFollowXAndSpareSpikes() {
        const auto flat = ofPoints({{0, 60.5F}, {160, 60.5F}}, {kBlack, 1, 5, 3, 0});
        for (int x = 8; x < 152; ++x) {
            QVERIFY(std::abs(flat.alpha(x, 60) - (x % 8 < 5 ? 1 : 0)) < 0.02);
        }
        const auto spike =
            ofColumns({{6, false, 60, 60, 60, 60}, {7, true, 60, 10, 60, 60}}, {kBlack, 1, 5, 3, 0}, false);
        QCOMPARE(spike.alpha(7, 30), 1.0);
    }

    void scalesKeepTheirDigits() {
        const PixelScale wall{1.7e9, 0, 1e3, false};
        QCOMPARE(wall(1.7e9 + 0.125), 125.0F);
        const PixelScale log{1e-3, 900, -100, true};
        QVERIFY(std::abs(log(1) - static_cast<float>(900 - 100 * std::log(1e3))) < 1e-3F);
        QCOMPARE(PixelScale({0, 0, 1, false})(std::numeric_limits<double>::infinity()), 1e6F);
    }
};

QTEST_APPLESS_MAIN(CurveRasterTest)
#include "tst_curve_raster.moc"
