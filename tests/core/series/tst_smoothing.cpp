// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <limits>

#include "runglass/series/smoothing.h"
#include "support/test.h"

using namespace runglass::series;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

void compare(const std::vector<double>& actual, const std::vector<double>& expected) {
    QCOMPARE(actual.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        if (std::isnan(expected[i])) {
            QVERIFY(std::isnan(actual[i]));
        } else if (std::isinf(expected[i])) {
            QCOMPARE(actual[i], expected[i]);
        } else {
            QVERIFY2(std::abs(actual[i] - expected[i]) <= 1e-14 * std::abs(expected[i]),
                     qPrintable(QStringLiteral("%1: %2, expected %3")
                                    .arg(i)
                                    .arg(actual[i], 0, 'g', 17)
                                    .arg(expected[i], 0, 'g', 17)));
        }
    }
}

std::vector<double> of(const std::vector<double>& ys, const Smoothing& smoothing) {
    std::vector<double> xs(ys.size());
    for (std::size_t i = 0; i < xs.size(); ++i) {
        xs[i] = static_cast<double>(i);
    }
    const std::vector<IndexRange> whole{{0, ys.size()}};
    return smoothed(Abscissa(std::move(xs)), ys, ys.empty() ? std::vector<IndexRange>() : whole, smoothing);
}

void compareTo(std::vector<double> xs, const std::vector<double>& ys, const Smoothing& smoothing,
               const std::vector<double>& expected) {
    const Abscissa abscissa(std::move(xs));
    compare(smoothed(abscissa, ys, abscissa.segments(), smoothing), expected);
}

}  // namespace

/// The expected values come from the closed form in exact arithmetic (Python):
///
///     from fractions import Fraction as F
///     import math
///     def ema(ys, w):
///         w = F(w)
///         out, seen = [], []
///         for y in ys:
///             if not math.isfinite(y):
///                 out.append(y); continue
///             seen.append(F(y)); n = len(seen)
///             num = sum((1 - w) * w ** (n - 1 - i) * v for i, v in enumerate(seen))
///             out.append(float(num / (1 - w ** n)))
///         return out
///     ema([1.0, 2.0, 4.0, 3.0, -1.0], 0.6); ema([0.5, nan, 0.25, inf, 0.125, -inf, 1.0], 0.9)
class SmoothingTest final : public runglass::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void matchesTheClosedForm() {
        compare(smoothed(std::vector<double>{1, 2, 4, 3, -1}, 0.6),
                {1.0, 1.625, 2.836734693877551, 2.911764705882353, 1.2151283830673143});
    }

    void passesOverWhatIsNotFinite() {
        compare(smoothed(std::vector<double>{0.5, kNan, 0.25, kInf, 0.125, -kInf, 1.0}, 0.9),
                {0.5, kNan, 0.3684210526315789, kInf, 0.2785977859778598, -kInf, 0.4883687118348357});
    }

    void leavesAConstantSeriesAlone() {
        const std::vector<double> constant(100, 0.1);
        QCOMPARE(smoothed(constant, 0.97), constant);
        QCOMPARE(smoothed(std::vector<double>{7}, 0.5), std::vector<double>{7});
        QVERIFY(smoothed(std::vector<double>{}, 0.5).empty());
    }

    void clampsTheWeight() {
        const std::vector<double> values{1, 5, 2};
        QCOMPARE(smoothed(values, 0), values);
        QCOMPARE(smoothed(values, -3), values);
        QCOMPARE(smoothed(values, kNan), values);
        // As TensorBoard: at 1 nothing of the series gets in.
        QCOMPARE(smoothed(values, 1), (std::vector<double>{0, 0, 0}));
        QCOMPARE(smoothed(values, 9), (std::vector<double>{0, 0, 0}));
    }

    // The recipe of the values below (Python, numpy 1.24):
    //
    //     def twema(xs, ys, p):                                 # a sum over all earlier points, no
    //     recurrence
    //         w, out = min(np.sqrt(p), .999), []
    //         for i in range(len(xs)):
    //             if not np.isfinite(ys[i]): out.append(ys[i]); continue
    //             k = [j for j in range(i + 1) if np.isfinite(ys[j])]
    //             g = np.array([w ** (1000 * (xs[i] - xs[j]) / (xs[-1] - xs[0])) for j in k])
    //             out.append(float((g * ys[k]).sum() / g.sum()))
    //         return out
    //     def gauss(y, s):                                      # ratio of two zero-padded convolutions
    //         f = np.isfinite(y); r = int(np.ceil(4 * s)); k = np.exp(-np.arange(-r, r + 1) ** 2 / (2 * s *
    //         s)) a, b = (np.convolve(v, k)[r:-r] for v in (np.where(f, y, 0.), f * 1.)) return np.where(f, a
    //         / b, y)                      # inside equal to scipy's gaussian_filter1d
    //     def mean(y, k):
    //         out = []
    //         for i in range(len(y)):
    //             w = y[max(0, i - (k - 1) // 2):i + k // 2 + 1]
    //             out.append(w[np.isfinite(w)].mean() if np.isfinite(y[i]) else y[i])
    //         return out
    void timeWeighted() {
        compareTo({0, 1, 2, 5, 10}, {1, 2, 4, 3, -1}, {SmoothingKind::TimeWeightedEma, 0.99},
                  {1.0, 1.623050604278063, 2.8289882387650804, 2.948036588439042, -0.5882371801736233});
        // 0.998001 is 0.999 squared: from there on the weight is limited.
        for (const double p : {0.998001, 1.0}) {
            compareTo({0, 1, 2, 5, 10}, {1, kNan, 4, 3, -1}, {SmoothingKind::TimeWeightedEma, p},
                      {1.0, kNan, 2.6495762960791227, 2.7988779012832925, 1.2311818663591385});
        }
        // Not by point: a point in the middle of a gap changes nothing far away.
        compareTo({0, 200, 400, 600, 800, 1000}, {0, 1, 0, 1, 1, 3}, {SmoothingKind::TimeWeightedEma, 0.9},
                  {0.0, 0.9999734393066015, 2.656069337967693e-05, 0.9999734393066015, 0.9999999992945109,
                   2.9999468772022064});
    }

    void gaussian() {
        compareTo({0, 1, 2, 3, 4}, {1, 2, 4, 3, -1}, {SmoothingKind::Gaussian, 1.5},
                  {1.9460647743442907, 2.2559922852425403, 2.337730656298241, 2.0203077795886313,
                   1.408353894822772});
        compareTo({0, 1, 2, 3, 4}, {1, kNan, 4, 3, -1}, {SmoothingKind::Gaussian, 0.8},
                  {1.1278406104498124, kNan, 3.4764022477446637, 2.2824255337088646, 0.365735149495094});
        std::vector<double> powers(40);
        for (std::size_t i = 0; i < powers.size(); ++i) {
            powers[i] = std::pow(static_cast<double>(i), 1.5);
        }
        const auto result = of(powers, {SmoothingKind::Gaussian, 2.0});
        QVERIFY(std::abs(result[20] - 89.77864966997369) < 1e-12);  // scipy.ndimage.gaussian_filter1d
    }

    void runningMean() {
        const std::vector<double> ys{1, 2, 4, 3, -1};
        compare(of(ys, {SmoothingKind::RunningMean, 3}), {1.5, 7 / 3.0, 3.0, 2.0, 1.0});
        compare(of(ys, {SmoothingKind::RunningMean, 4}), {7 / 3.0, 2.5, 2.0, 2.0, 1.0});
        compare(of(ys, {SmoothingKind::RunningMean, 99}), {1.8, 1.8, 1.8, 1.8, 1.8});
        compare(of(ys, {SmoothingKind::RunningMean, 1}), ys);
        compare(of({1, kNan, 4, 3, -1}, {SmoothingKind::RunningMean, 3}), {1.0, kNan, 3.5, 2.0, 1.0});
    }

    void oneHugeValueSpoilsNothingAfterIt() {
        std::vector<double> ys(100, 0.25);
        ys[0] = 1e308;
        ys[1] = 1e308;
        ys[99] = 0.5;
        const auto mean = of(ys, {SmoothingKind::RunningMean, 5});
        QCOMPARE(mean[50], 0.25);
        QVERIFY(std::abs(mean[0] - 1e308 / 3 * 2) < 1e294);
        QCOMPARE(of(ys, {SmoothingKind::Gaussian, 3})[50], 0.25);
        QVERIFY(std::isfinite(of(ys, {SmoothingKind::Gaussian, 3})[0]));
    }

    void theRunningMeanEqualsBruteForce() {
        std::vector<double> ys(1000);
        for (std::size_t i = 0; i < ys.size(); ++i) {
            ys[i] = i % 7 == 3 ? kNan : std::sin(static_cast<double>(i * i));
        }
        for (std::size_t window : {2U, 3U, 10U, 333U, 999U, 1000U, 1999U, 2500U}) {
            const auto result = of(ys, {SmoothingKind::RunningMean, static_cast<double>(window)});
            for (std::size_t i = 0; i < ys.size(); ++i) {
                double sum = 0;
                double n = 0;
                const std::size_t before = (window - 1) / 2;
                for (std::size_t k = i > before ? i - before : 0; k < ys.size() && k <= i + window / 2; ++k) {
                    sum += std::isfinite(ys[k]) ? ys[k] : 0;
                    n += std::isfinite(ys[k]) ? 1 : 0;
                }
                QVERIFY(std::isnan(ys[i]) ? std::isnan(result[i]) : std::abs(result[i] - sum / n) < 1e-12);
            }
        }
    }

    void eachSegmentByItself() {
        const std::vector<double> ys{1, 2, 4, 1, 2, 4};
        const Abscissa xs(std::vector<double>{0, 1, 2, 1, 2, 3});
        for (const auto kind : {SmoothingKind::Ema, SmoothingKind::TimeWeightedEma, SmoothingKind::Gaussian,
                                SmoothingKind::RunningMean}) {
            const Smoothing smoothing{kind, kind == SmoothingKind::RunningMean ? 3 : 0.9};
            const auto result = smoothed(xs, ys, xs.segments(), smoothing);
            for (std::size_t i = 0; i < 3; ++i) {
                QCOMPARE(result[i], result[i + 3]);
            }
            QVERIFY(result[1] != ys[1]);
        }
    }

    void leavesConstantAndLonelyValuesAlone() {
        const std::vector<double> constant{0.1, 0.1, kNan, 0.1};
        for (const auto kind : {SmoothingKind::Ema, SmoothingKind::TimeWeightedEma, SmoothingKind::Gaussian,
                                SmoothingKind::RunningMean}) {
            compare(of(constant, {kind, 0.9}), constant);
            compare(of({kNan, 7, kInf}, {kind, 0.9}), {kNan, 7, kInf});
            compare(of({kNan}, {kind, 0.9}), {kNan});
            QVERIFY(of({}, {kind, 0.9}).empty());
            compare(of({1, 2}, {kind, kNan}), {1, 2});
        }
    }

    void stops() {
        std::stop_source source;
        source.request_stop();
        const std::vector<double> ys(100, 1);
        const auto xs = Abscissa(std::vector<double>(100, 0));
        QVERIFY(smoothed(xs, ys, xs.segments(), {SmoothingKind::Ema, 0.5}, source.get_token()).empty());
    }

    void onlyNan() { compare(smoothed(std::vector<double>{kNan, kNan}, 0.6), {kNan, kNan}); }
};

QTEST_APPLESS_MAIN(SmoothingTest)
#include "tst_smoothing.moc"
