// SPDX-License-Identifier: GPL-3.0-or-later
#include <limits>

#include "runglass/ui/widgets/format.h"
#include "support/test.h"

using namespace runglass::ui;

class FormatTest final : public runglass::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void metrics() {
        QCOMPARE(formatMetric(0.99166), QStringLiteral("0.9917"));
        QCOMPARE(formatMetric(-1.5), QStringLiteral("−1.5000"));
        QCOMPARE(formatMetric(3.1e-4), QStringLiteral("3.1e−4"));
        QCOMPARE(formatMetric(-2e7), QStringLiteral("−2e7"));
        QCOMPARE(formatMetric(0), QStringLiteral("0.0000"));
        QCOMPARE(formatMetric(std::numeric_limits<double>::quiet_NaN()), QStringLiteral("NaN"));
        QCOMPARE(formatMetric(-std::numeric_limits<double>::infinity()), QStringLiteral("−∞"));
        QCOMPARE(formatMetric(123.456, metricDecimals(123.456)), QStringLiteral("123.46"));
        QCOMPARE(metricDecimals(0), 4);
        QCOMPARE(metricDecimals(9.99), 4);
        QCOMPARE(metricDecimals(10), 3);
        QCOMPARE(metricDecimals(1e9), 0);
        QCOMPARE(formatExact(0.1), QStringLiteral("0.10000000000000001"));
    }

    void counts() {
        QCOMPARE(formatCount(999), QStringLiteral("999"));
        QCOMPARE(formatCount(12400), QStringLiteral("12\u2009400"));
        QCOMPARE(formatCount(-1234567), QStringLiteral("−1\u2009234\u2009567"));
    }

    void uncertainty() {
        QCOMPARE(formatUncertain(0.98617, 0.00312, 31), QStringLiteral("0.9862 ± 0.0031 (n 31)"));
        QCOMPARE(formatUncertain(12.3456, 1.26, 5), QStringLiteral("12.3 ± 1.3 (n 5)"));
        QCOMPARE(formatUncertain(1, 0, 2), QStringLiteral("1.0000 ± 0.0000 (n 2)"));
    }

    void times() {
        QCOMPARE(formatDuration(0), QStringLiteral("0.0s"));
        QCOMPARE(formatDuration(784), QStringLiteral("0.8s"));
        QCOMPARE(formatDuration(9'999), QStringLiteral("9.9s"));
        QCOMPARE(formatDuration(10'000), QStringLiteral("0m 10s"));
        QCOMPARE(formatDuration(48'900), QStringLiteral("0m 48s"));
        QCOMPARE(formatDuration(6 * 60'000 + 41'000), QStringLiteral("6m 41s"));
        QCOMPARE(formatDuration(112 * 60'000), QStringLiteral("1h 52m"));
        QCOMPARE(formatDuration(52LL * 3600'000), QStringLiteral("2d 4h"));
        // TZ is UTC in tests; `date -u -d @1794924129` says 2026-11-17 14:02:09.
        constexpr std::int64_t kTime = 1794924129125;
        QCOMPARE(formatTime(kTime, kTime + 60'000), QStringLiteral("14:02"));
        QCOMPARE(formatTime(kTime, kTime + 86'400'000), QStringLiteral("17 Nov"));
        QCOMPARE(formatTime(kTime, kTime + 100LL * 86'400'000), QStringLiteral("2026-11-17"));
        QVERIFY(formatFullTime(kTime).startsWith(QStringLiteral("2026-11-17 14:02:09")));
    }

    void bytes() {
        QCOMPARE(formatBytes(0), QStringLiteral("0 B"));
        QCOMPARE(formatBytes(999), QStringLiteral("999 B"));
        QCOMPARE(formatBytes(412'300), QStringLiteral("412 kB"));
        QCOMPARE(formatBytes(1'800'000'000), QStringLiteral("1.8 GB"));
        QCOMPARE(formatBytes(999'700), QStringLiteral("1.0 MB"));
    }

    void textOfAProjectIsShownAsItIs() {
        QCOMPARE(projectText("a\nb"), QStringLiteral("a␊b"));
        QCOMPARE(projectText("\xff-x"), QStringLiteral("�-x"));
        QCOMPARE(projectText("abc\u202Egpj"), QStringLiteral("abc�gpj"));
    }
};

QTEST_MAIN(FormatTest)
#include "tst_format.moc"
