// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/base/clock.h"

#include "support/test.h"

using runglass::isoUtc;
using runglass::parseIsoTime;

class TestClock : public runglass::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    /// The numbers on the right: date -u -d TEXT +%s.
    void readsTheWaysToolsWriteTimes() {
        QCOMPARE(*parseIsoTime("2026-11-17T14:02:09.125Z"), 1'794'924'129'125);
        QCOMPARE(*parseIsoTime("2026-11-17 14:02:09.125999"), 1'794'924'129'125);
        QCOMPARE(*parseIsoTime("2026-11-17T14:02:09"), 1'794'924'129'000);
        QCOMPARE(*parseIsoTime("2026-11-17T14:02"), 1'794'924'120'000);
        QCOMPARE(*parseIsoTime("2026-11-17T15:02:09+01:00"), 1'794'924'129'000);
        QCOMPARE(*parseIsoTime("2026-11-17T08:32:09-0530"), 1'794'924'129'000);
        QCOMPARE(*parseIsoTime("1969-12-31T23:59:59.5Z"), -500);
        QCOMPARE(*parseIsoTime("2024-02-29T00:00:00Z"), 1'709'164'800'000);
        QCOMPARE(*parseIsoTime(isoUtc(1'794'924'129'125)), 1'794'924'129'125);
    }
    void refusesOtherText() {
        for (const char* text : {"", "2026", "2026-11-17", "2026-13-17T14:02:09Z", "2026-02-29T14:02:09Z",
                                 "2026-11-17T24:02:09Z", "2026-11-17T14:02:09.Z", "2026-11-17T14:02:09Zx",
                                 "2026-11-17T14:02:09+1", "-026-11-17T14:02:09Z", "0.25"}) {
            QVERIFY2(!parseIsoTime(text), text);
        }
    }
};

QTEST_GUILESS_MAIN(TestClock)
#include "tst_clock.moc"
