// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "pixel_kernels.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::series;

namespace {

using Pixels = std::vector<std::uint32_t>;

constexpr int kRounds = 2'000;
constexpr int kLongest = 70;

class Dice {
public:
    int below(int limit) { return static_cast<int>(m_random() % static_cast<unsigned>(limit)); }
    float between(float lower, float upper) { return std::uniform_real_distribution(lower, upper)(m_random); }
    /// Premultiplied; often nothing, often opaque.
    std::uint32_t color() {
        const auto alpha = below(3) == 0 ? 0 : below(2) == 0 ? 255 : below(256);
        std::uint32_t out = static_cast<std::uint32_t>(alpha) << 24U;
        for (const unsigned shift : {0U, 8U, 16U}) {
            out |= static_cast<std::uint32_t>(below(alpha + 1)) << shift;
        }
        return out;
    }
    Pixels pixels(int count) {
        Pixels out(static_cast<std::size_t>(count));
        std::generate(out.begin(), out.end(), [this] { return color(); });
        return out;
    }

private:
    std::mt19937 m_random{7};
};

std::vector<const PixelKernels*> kernels() {
    std::vector<const PixelKernels*> all{&portablePixelKernels()};
    if (avx2PixelKernels() != nullptr) {
        all.push_back(avx2PixelKernels());
    }
    return all;
}

double channel(std::uint32_t color, unsigned shift) {
    return static_cast<double>(color >> shift & 0xffU);
}

/// The furthest that a channel of any pixel is from below + above · (1 − alpha), as numbers without rounding.
double error(const Pixels& got, const Pixels& above, const Pixels& below) {
    double most = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
        const double rest = 1 - channel(above[i], 24) / 255;
        for (const unsigned shift : {0U, 8U, 16U, 24U}) {
            const double wanted = channel(above[i], shift) + rest * channel(below[i], shift);
            most = std::max(most, std::abs(channel(got[i], shift) - wanted));
        }
    }
    return most;
}

}  // namespace

class PixelKernelsTest final : public runglass::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void pixelsOverOthers() {
        Dice dice;
        for (int round = 0; round < kRounds; ++round) {
            const int count = dice.below(kLongest);
            const auto above = dice.pixels(count);
            const auto below = dice.pixels(count);
            for (const auto* kernel : kernels()) {
                auto got = below;
                kernel->blendOver(got.data(), above.data(), count);
                QVERIFY2(error(got, above, below) <= 0.5 + 1e-9, kernel->name);
            }
        }
    }

    void colorUnderPixels() {
        Dice dice;
        for (int round = 0; round < kRounds; ++round) {
            const int count = dice.below(kLongest);
            const auto there = dice.pixels(count);
            const auto color = dice.color();
            for (const auto* kernel : kernels()) {
                auto got = there;
                kernel->fillUnder(got.data(), count, color);
                QVERIFY2(error(got, there, Pixels(there.size(), color)) < 2, kernel->name);
            }
        }
    }

    void rampsHaveTheCoverageOfEachRow() {
        Dice dice;
        for (int round = 0; round < kRounds; ++round) {
            const int count = dice.below(kLongest);
            const CoverageRamp ramp{dice.between(-0.5F, 1.5F), dice.between(-0.1F, 0.1F)};
            const auto color = 0xff000000U | dice.color();
            for (const auto* kernel : kernels()) {
                Pixels got(static_cast<std::size_t>(count), 0);
                kernel->rampUnder(got.data(), count, ramp, color);
                for (std::size_t i = 0; i < got.size(); ++i) {
                    const double coverage = ramp.from + ramp.slope * static_cast<float>(i + 1);
                    const double wanted = 255 * std::clamp(coverage, 0.0, 1.0);
                    QVERIFY2(std::abs(channel(got[i], 24) - wanted) < 2, kernel->name);
                }
            }
        }
    }

    void allGiveTheSamePixels() {
        Dice dice;
        for (int round = 0; round < kRounds; ++round) {
            const int count = dice.below(kLongest);
            const auto there = dice.pixels(count);
            const auto color = dice.color();
            const CoverageRamp ramp{dice.between(-0.5F, 1.5F), dice.between(-0.1F, 0.1F)};
            for (const auto* kernel : kernels()) {
                auto ramped = there;
                auto filled = there;
                kernel->rampUnder(ramped.data(), count, ramp, color);
                kernel->fillUnder(filled.data(), count, color);
                auto expected = there;
                portablePixelKernels().rampUnder(expected.data(), count, ramp, color);
                QCOMPARE(ramped, expected);
                expected = there;
                portablePixelKernels().fillUnder(expected.data(), count, color);
                QCOMPARE(filled, expected);
            }
        }
    }
};

QTEST_APPLESS_MAIN(PixelKernelsTest)
#include "tst_pixel_kernels.moc"
