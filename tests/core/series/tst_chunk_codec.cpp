// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "runglass/series/chunk_codec.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::series;

namespace {

constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
constexpr auto kMax = std::numeric_limits<std::int64_t>::max();

double fromBits(std::uint64_t bits) {
    return std::bit_cast<double>(bits);
}

/// Equal as bits: NaN payloads and the sign of zero count.
bool identical(const model::Series& a, const model::Series& b) {
    return a.steps == b.steps && a.timesMs == b.timesMs && a.values.size() == b.values.size() &&
           std::equal(a.values.begin(), a.values.end(), b.values.begin(), [](double x, double y) {
               return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
           });
}

const std::vector<double> kOddValues{
    0.0,
    -0.0,
    std::numeric_limits<double>::infinity(),
    -std::numeric_limits<double>::infinity(),
    std::numeric_limits<double>::denorm_min(),
    -std::numeric_limits<double>::min() / 2,
    std::numeric_limits<double>::max(),
    fromBits(0x7FF8000000000000),  // quiet NaN
    fromBits(0xFFF8000000000001),  // negative, with a payload
    fromBits(0x7FF0000000000001),  // signalling NaN
    fromBits(0x7FF4DEADBEEF0000),  // signalling, payload in the float's range
    fromBits(0x7FF8000020000000),  // quiet NaN whose payload fits a float
    static_cast<double>(1e-42F),   // a float denormal
    static_cast<double>(0.1F),
    0.1,
    3.0};
const std::vector<std::int64_t> kOddIntegers{0,        1,        -1,        kMin,         kMax,
                                             kMin + 1, kMax - 1, 1LL << 32, -(1LL << 57), 7};

/// A random series of one of many characters: constant, linear, jittering, wild; float, double, odd.
model::Series randomSeries(std::mt19937_64& random, std::size_t count) {
    const auto column = [&](model::Column<std::int64_t>& out) {
        const auto kind = random() % 6;
        const auto bits = random() % 64;
        std::uint64_t value = random();
        const std::uint64_t pace = random() >> (random() % 64);
        for (std::size_t i = 0; i < count; ++i) {
            switch (kind) {
                case 0:
                    break;
                case 1:
                    value += pace;
                    break;
                case 2:
                    value += pace + (random() >> bits);
                    break;
                case 3:
                    value = random();
                    break;
                case 4:
                    value = static_cast<std::uint64_t>(kOddIntegers[random() % kOddIntegers.size()]);
                    break;
                default:
                    value = i / 3;
            }
            out.push_back(static_cast<std::int64_t>(value));
        }
    };
    model::Series series;
    column(series.steps);
    column(series.timesMs);
    const auto kind = random() % 7;
    std::normal_distribution<double> noise;
    for (std::size_t i = 0; i < count; ++i) {
        const double smooth = std::sin(static_cast<double>(i) / 50.0);
        switch (kind) {
            case 0:
                series.values.push_back(kOddValues[3]);
                break;
            case 1:
                series.values.push_back(kOddValues[random() % kOddValues.size()]);
                break;
            case 2:
                series.values.push_back(fromBits(random()));
                break;
            case 3:
                series.values.push_back(static_cast<double>(static_cast<float>(noise(random))));
                break;
            case 4:
                series.values.push_back(smooth);
                break;
            case 5:
                series.values.push_back(std::round(smooth * 100) / 100);
                break;
            default:
                series.values.push_back(static_cast<double>(static_cast<float>(smooth)));
        }
    }
    return series;
}

}  // namespace

class TestChunkCodec : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void everySeriesComesBackBitForBit() {
        std::mt19937_64 random(42);
        for (int round = 0; round < 400; ++round) {
            constexpr std::array<std::size_t, 11> sizes{1, 2, 3, 31, 32, 33, 128, 129, 130, 1000, 4097};
            const auto series = randomSeries(random, sizes[random() % sizes.size()]);
            for (const auto effort : {Effort::Fast, Effort::Small}) {
                const auto bytes = encodeChunk(series, effort);
                model::Series back;
                VERIFY_OK(decodeChunk(bytes, back));
                QVERIFY2(identical(series, back), qPrintable(QStringLiteral("round %1").arg(round)));
            }
        }
    }

    void largestChunk() {
        std::mt19937_64 random(1);
        const auto series = randomSeries(random, kMaxChunkPoints);
        model::Series back;
        VERIFY_OK(decodeChunk(encodeChunk(series), back));
        QVERIFY(identical(series, back));
    }

    void oddValuesAmongFloats() {
        // One double among floats, and each odd value alone: the narrow path must notice.
        for (const double odd : kOddValues) {
            model::Series series;
            for (std::int64_t i = 0; i < 100; ++i) {
                series.push({i, i, i == 77 ? odd : static_cast<double>(static_cast<float>(i) * 0.1F)});
            }
            model::Series back;
            VERIFY_OK(decodeChunk(encodeChunk(series), back));
            QVERIFY(identical(series, back));
        }
    }

    void headerTellsWhatIsInside() {
        model::Series series;
        for (const double value : {std::nan(""), 3.0, -2.5, 7.0, std::nan("")}) {
            series.push({10 - static_cast<std::int64_t>(series.size()), 5, value});
        }
        const auto header = readChunkHeader(encodeChunk(series));
        VERIFY_OK(header);
        QCOMPARE(header->count, std::uint64_t{5});
        QCOMPARE(header->nanCount, std::uint64_t{2});
        QCOMPARE(header->firstStep, std::int64_t{10});
        QCOMPARE(header->lastStep, std::int64_t{6});
        QCOMPARE(header->min, -2.5);
        QCOMPARE(header->max, 7.0);
        model::Series nans;
        nans.push({kMin, 0, std::nan("")});
        nans.push({kMax, 0, std::nan("")});
        const auto empty = readChunkHeader(encodeChunk(nans));
        VERIFY_OK(empty);
        QVERIFY(std::isnan(empty->min) && std::isnan(empty->max));
        QCOMPARE(empty->lastStep, kMax);
    }

    void appendsAndLeavesAloneOnFailure() {
        std::mt19937_64 random(3);
        const auto first = randomSeries(random, 50);
        const auto second = randomSeries(random, 500);
        model::Series out;
        VERIFY_OK(decodeChunk(encodeChunk(first), out));
        auto broken = encodeChunk(second);
        broken.pop_back();
        const auto result = decodeChunk(broken, out);
        QVERIFY(!result.ok() && result.error().code == ErrorCode::Damaged);
        QVERIFY(identical(first, out));
    }

    void anyDamageIsSafe() {
        std::mt19937_64 random(5);
        for (int round = 0; round < 20; ++round) {
            const auto bytes = encodeChunk(randomSeries(random, 300));
            for (int i = 0; i < 300; ++i) {
                auto damaged = bytes;
                switch (random() % 3) {
                    case 0:
                        damaged.resize(random() % damaged.size());
                        break;
                    case 1:
                        damaged[random() % damaged.size()] ^= static_cast<std::uint8_t>(1U << (random() % 8));
                        break;
                    default:
                        damaged.push_back(0);
                }
                model::Series out;
                const auto result =
                    decodeChunk(damaged, out);  // a turned bit may well be another valid chunk
                QVERIFY(result.ok() ? out.size() > 0 : out.empty());
            }
        }
        model::Series out;
        QVERIFY(!decodeChunk({}, out).ok());
    }

    /// The claims of DESIGN §5 before the database adds its pages: steps 0, 1, 2 … and times with jitter.
    void sizes_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<double>("mostBytesAPoint");
        // 64 random bits are 8 bytes; jitter over 5 values needs log2 5 = 2.3 bits, the packing takes 3.
        QTest::newRow("full entropy") << 0 << 8.0 + 3.0 / 8 + 0.15;
        // 23 bits of mantissa and a little for sign and exponent.
        QTest::newRow("noise that was float32") << 1 << 3.8 + 3.0 / 8 + 0.15;
        QTest::newRow("constant") << 2 << 3.0 / 8 + 0.15;
    }
    void sizes() {
        QFETCH(const int, kind);
        QFETCH(const double, mostBytesAPoint);
        std::mt19937_64 random(11);
        std::normal_distribution<float> noise(0, 1);
        model::Series series;
        std::int64_t time = 1'700'000'000'000;
        for (std::int64_t i = 0; i < 8192; ++i) {
            time += 8 + static_cast<std::int64_t>(random() % 5);
            series.push({i, time,
                         kind == 0   ? fromBits(random())
                         : kind == 1 ? static_cast<double>(noise(random))
                                     : 0.5});
        }
        const double size = static_cast<double>(encodeChunk(series).size()) / 8192;
        QVERIFY2(size <= mostBytesAPoint, qPrintable(QString::number(size)));
    }
};

QTEST_GUILESS_MAIN(TestChunkCodec)
#include "tst_chunk_codec.moc"
