// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/base/crc32c.h"

#include <random>
#include <string_view>

#include "support/test.h"

using runglass::ByteView;
using runglass::crc32c;
using runglass::crc32cPortable;

namespace {

ByteView bytesOf(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

class TestCrc32c : public runglass::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    /// RFC 3720, appendix B.4, and the check value of the catalogue of CRCs (reveng.sourceforge.io).
    void publishedValues() {
        QCOMPARE(crc32c(bytesOf("123456789")), 0xE3069283U);
        QCOMPARE(crc32c(bytesOf(std::string(32, '\0'))), 0x8A9136AAU);
        QCOMPARE(crc32c(bytesOf(std::string(32, '\xFF'))), 0x62A8AB43U);
        QCOMPARE(crc32c({}), 0U);
    }
    void hardwareAndPortableAgree() {
        std::mt19937 random(3);
        runglass::Bytes bytes(300);
        for (auto& byte : bytes) {
            byte = static_cast<std::uint8_t>(random());
        }
        for (std::size_t from = 0; from < 9; ++from) {
            for (std::size_t size = 0; size + from <= bytes.size(); ++size) {
                const ByteView part(bytes.data() + from, size);
                QCOMPARE(crc32c(part), crc32cPortable(part));
            }
        }
    }
    void goesOnFromAPart() {
        const std::string_view text = "a record that is checked in two pieces";
        for (std::size_t cut = 0; cut <= text.size(); ++cut) {
            const auto first = crc32c(bytesOf(text.substr(0, cut)));
            QCOMPARE(crc32c(bytesOf(text.substr(cut)), first), crc32c(bytesOf(text)));
            QCOMPARE(crc32cPortable(bytesOf(text.substr(cut)), first), crc32c(bytesOf(text)));
        }
    }
};

QTEST_GUILESS_MAIN(TestCrc32c)
#include "tst_crc32c.moc"
