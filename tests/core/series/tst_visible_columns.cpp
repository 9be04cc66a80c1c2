// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/series/visible_columns.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include "support/test.h"

using namespace runglass::series;

namespace {

constexpr int kWidth = 200;
constexpr int kHeight = 150;
constexpr int kStrip = 64;

struct Line {
    Abscissa xs;
    std::vector<double> ys;
    Pyramid pyramid;
    RasterPen pen;
};

/// Steps at equal or random distances, some far apart; values that wander or jump, with gaps.
Line randomLine(std::mt19937& random, std::size_t points) {
    std::vector<double> xs;
    std::vector<double> ys;
    const bool regular = random() % 2 == 0;
    const double jump = random() % 3 == 0 ? 30 : 1;
    double x = 0;
    double level = 20 + static_cast<double>(random() % 100);
    for (std::size_t i = 0; i < points; ++i) {
        x += regular ? 1
                     : 0.01 + (random() % 50 == 0 ? 300 : 1.0) * static_cast<double>(random() % 1000) / 1000;
        level += jump * (static_cast<double>(random() % 1001) / 500 - 1);
        level = std::clamp(level, 2.0, 148.0);
        xs.push_back(x);
        ys.push_back(random() % 400 == 0 ? std::numeric_limits<double>::quiet_NaN() : level);
    }
    for (auto& one : xs) {
        one *= kWidth / x;
    }
    Line line{Abscissa(xs), ys, Pyramid(ys), {}};
    const auto alpha = random() % 4 == 0 ? 0x80U : 0xffU;
    const auto channel = [&] { return static_cast<std::uint32_t>(random() % 256) * alpha / 255; };
    line.pen.color = alpha << 24U | channel() << 16U | channel() << 8U | channel();
    line.pen.width = std::vector<float>{0.5F, 1, 1.25F, 2.5F, 5}[random() % 5];
    line.pen.dashOn = random() % 4 == 0 ? 5.0F : 0.0F;
    line.pen.dashOff = 3;
    return line;
}

struct Picture {
    std::vector<std::uint32_t> pixels = std::vector<std::uint32_t>(kWidth * kHeight);
    std::size_t columns = 0;  ///< that were reduced
};

/// All columns, or those that visibleColumns() names.
Picture draw(const std::vector<Line>& lines, const std::vector<ColumnIndex>& indices, const PixelScale& y,
             bool fine, bool blocksOnly, bool all) {
    Picture picture;
    CurveRaster raster;
    std::vector<Column> columns;
    std::vector<IndexRange> ranges;
    for (int left = 0; left < kWidth; left += kStrip) {
        raster.begin(left, std::min(kStrip, kWidth - left), kHeight);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const auto& line = lines[i];
            const std::span<const double> ys(line.ys);
            ranges = {{0, kWidth}};
            if (!all) {
                visibleColumns({indices[i], blocksOnly ? ys.first(0) : ys, line.pyramid, y, line.pen, fine},
                               raster, ranges);
            }
            for (const auto& range : ranges) {
                columns.clear();
                if (blocksOnly) {
                    reduceToColumns(indices[i], line.pyramid, columns, range.begin, range.end);
                } else {
                    reduceToColumns(indices[i], ys, line.pyramid, columns, range.begin, range.end);
                }
                raster.drawColumns(columns, y, line.pen, fine);
                picture.columns += columns.size();
            }
        }
        raster.paintOnto(picture.pixels.data(), kWidth);
    }
    return picture;
}

}  // namespace

class VisibleColumnsTest final : public runglass::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    // The same picture to the last bit.
    void nothingThatShowsIsLeftOut() {
        std::mt19937 random(7);
        for (int round = 0; round < 150; ++round) {
            std::vector<Line> lines;
            std::vector<ColumnIndex> indices;
            const double from = random() % 2 == 0 ? 0 : 30;  // zoomed in or not
            std::vector<double> edges;
            for (int k = 0; k <= kWidth; ++k) {
                edges.push_back(from + k * (kWidth - 2 * from) / kWidth);
            }
            const auto points = std::vector<std::size_t>{2, 30, 150, 900, 60'000}[random() % 5];
            for (int i = 0; i < 30; ++i) {
                lines.push_back(randomLine(random, points));
                indices.emplace_back();
                indices.back().update(lines.back().xs, {0, points}, edges);
            }
            const PixelScale y =
                random() % 3 == 0 ? PixelScale{1, 150, -30, true} : PixelScale{0, 150, -1, false};
            const bool fine = random() % 2 == 0;
            const bool blocksOnly = random() % 4 == 0;
            const auto all = draw(lines, indices, y, fine, blocksOnly, true);
            const auto visible = draw(lines, indices, y, fine, blocksOnly, false);
            QVERIFY2(all.pixels == visible.pixels, qPrintable(QString::number(round)));
        }
    }

    // Three hundred curves at the same height: most of each lies below the others.
    void whatIsHiddenIsNotLookedAt() {
        std::mt19937 random(8);
        std::normal_distribution<double> normal(75, 10);
        std::vector<Line> lines;
        std::vector<ColumnIndex> indices(300);
        std::vector<double> edges(kWidth + 1);
        for (int k = 0; k <= kWidth; ++k) {
            edges[static_cast<std::size_t>(k)] = k * 100;
        }
        for (auto& index : indices) {
            std::vector<double> ys(kWidth * 100);
            std::generate(ys.begin(), ys.end(), [&] { return normal(random); });
            std::vector<std::int64_t> steps(ys.size());
            std::iota(steps.begin(), steps.end(), 0);
            lines.push_back({Abscissa::ofSteps(steps), ys, Pyramid(ys), {0xff336699, 1.25F}});
            index.update(lines.back().xs, {0, ys.size()}, edges);
        }
        const PixelScale y{0, 150, -1, false};
        const auto all = draw(lines, indices, y, false, false, true);
        const auto visible = draw(lines, indices, y, false, false, false);
        QVERIFY(all.pixels == visible.pixels);
        QVERIFY2(visible.columns < lines.size() * kWidth / 2, qPrintable(QString::number(visible.columns)));
    }

    void boundsFromBlocksHoldTheExactOnes() {
        std::mt19937 random(9);
        std::vector<double> values(100'000);
        std::generate(values.begin(), values.end(), [&] { return static_cast<double>(random()); });
        const Pyramid pyramid(values);
        for (int round = 0; round < 2000; ++round) {
            const auto size = std::size_t{1} << (random() % 17);
            const auto begin = random() % (values.size() - size);
            const auto outer = pyramid.outerBounds(begin, begin + size);
            const auto exact = pyramid.extent(values, begin, begin + size);
            QVERIFY(-outer.negatedMin <= exact.min && outer.max >= exact.max);
            // No more than a block of a quarter of the range on either side, or of 32 values.
            const auto more = std::max<std::size_t>(32, size);
            const auto first = begin - std::min(more, begin);
            const auto around = pyramid.extent(values, first, std::min(begin + size + more, values.size()));
            QVERIFY(-outer.negatedMin >= around.min && outer.max <= around.max);
        }
    }
};

QTEST_APPLESS_MAIN(VisibleColumnsTest)
#include "tst_visible_columns.moc"
