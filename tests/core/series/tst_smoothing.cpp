// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <limits>

#include "runglass/series/smoothing.h"
#include "support/test.h"

using runglass::series::smoothed;

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
            QVERIFY2(std::abs(actual[i] - expected[i]) <= 4e-15 * std::abs(expected[i]),
                     qPrintable(QStringLiteral("%1: %2, expected %3")
                                    .arg(i)
                                    .arg(actual[i], 0, 'g', 17)
                                    .arg(expected[i], 0, 'g', 17)));
        }
    }
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

    void onlyNan() { compare(smoothed(std::vector<double>{kNan, kNan}, 0.6), {kNan, kNan}); }
};

QTEST_APPLESS_MAIN(SmoothingTest)
#include "tst_smoothing.moc"
