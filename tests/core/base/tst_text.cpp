// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/base/text.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "support/test.h"

using namespace runglass;

class TestText : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void doublesRoundTripBitForBit() {
        std::mt19937_64 random(7);
        for (int i = 0; i < 100'000; ++i) {
            const std::uint64_t bits = random();
            double value = 0;
            std::memcpy(&value, &bits, sizeof value);
            if (std::isnan(value)) {
                continue;  // text has one NaN only
            }
            const auto read = parseDouble(formatDouble(value));
            QVERIFY(read.has_value());
            QCOMPARE(std::memcmp(&*read, &value, sizeof value), 0);
        }
    }
    void specialDoubles() {
        QCOMPARE(formatDouble(-0.0), "-0");
        QVERIFY(std::signbit(*parseDouble("-0")));
        QCOMPARE(formatDouble(0.1), "0.1");
        QCOMPARE(formatDouble(std::numeric_limits<double>::infinity()), "Infinity");
        QVERIFY(std::isnan(*parseDouble("nan")));
        QVERIFY(std::isinf(*parseDouble("-inf")));
        QCOMPARE(*parseDouble("5e-324"), std::numeric_limits<double>::denorm_min());
        QVERIFY(std::isinf(*parseDouble("1e999")));
        QCOMPARE(*parseDouble("1e-999"), 0.0);
    }
    void malformedNumbers() {
        for (const char* text : {"", "-", "+-1", "1.5x", " 1", "0x10", "--2", "infin", "1,5"}) {
            QVERIFY2(!parseDouble(text), text);
        }
        QCOMPARE(*parseInt("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
        QVERIFY(!parseInt("9223372036854775808"));
    }
    void utf8() {
        QVERIFY(isValidUtf8("größe 测试 🙂"));
        QVERIFY(!isValidUtf8("\xC0\x80"));          // overlong
        QVERIFY(!isValidUtf8("\xED\xA0\x80"));      // surrogate
        QVERIFY(!isValidUtf8("\xF4\x90\x80\x80"));  // beyond U+10FFFF
        QCOMPARE(toValidUtf8("a\xFF\x62"), "a\xEF\xBF\xBD\x62");
    }
};

QTEST_GUILESS_MAIN(TestText)
#include "tst_text.moc"
