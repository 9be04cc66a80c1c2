// SPDX-License-Identifier: GPL-3.0-or-later
// Files in blocks and their digests, against the digest of the whole in one call; and disks that are full.
#include <fcntl.h>
#include <openssl/sha.h>

#include <algorithm>
#include <cerrno>
#include <random>

#include "digest_writer.h"
#include "runglass/base/file.h"
#include "runglass/base/file_descriptor.h"
#include "runglass/base/text.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::store;

class TestDigestWriter : public runglass::test::TestCase {
    Q_OBJECT

    static std::string bytesOf(std::size_t size) {
        std::mt19937_64 random(size);
        std::string bytes(size, '\0');
        std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<char>(random()); });
        return bytes;
    }
    static ByteView view(std::string_view text) {
        return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
    }

private Q_SLOTS:
    void sizes_data() {
        QTest::addColumn<std::size_t>("size");
        QTest::addColumn<std::size_t>("piece");
        constexpr std::size_t kBlock = 512U << 10U;
        constexpr std::size_t kThread = 4U << 20U;  // from there on a second thread digests
        for (const std::size_t size :
             {std::size_t{0}, std::size_t{1}, kBlock - 1, kBlock, kBlock + 1, kThread - 1, kThread,
              kThread + 1, kThread + kBlock, kThread + 9 * kBlock + 7, std::size_t{20} << 20U}) {
            for (const std::size_t piece : {std::size_t{32'624}, kBlock, std::size_t{5} << 20U}) {
                QTest::addRow("%zu in %zu", size, piece) << size << piece;
            }
        }
    }
    void sizes() {
        QFETCH(std::size_t, size);
        QFETCH(std::size_t, piece);
        const test::TempFolder folder;
        const auto path = folder.path() / "file";
        const auto bytes = bytesOf(size);
        const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
        DigestWriter writer(file.get());
        for (std::string_view rest = bytes; !rest.empty(); rest.remove_prefix(std::min(piece, rest.size()))) {
            QCOMPARE(writer.append(view(rest.substr(0, piece))), 0);
        }
        QCOMPARE(writer.finish(), 0);
        QCOMPARE(writer.size(), static_cast<std::int64_t>(size));
        std::array<std::uint8_t, 32> digest{};
        SHA256(view(bytes).data(), size, digest.data());
        QCOMPARE(writer.sha256(), toHex(digest));
        const auto kept = readFile(path, 64U << 20U);
        QVERIFY(kept.ok() && *kept == bytes);
    }

    void fullDisk() {
        const FileDescriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
        if (!full.valid()) {
            QSKIP("there is no /dev/full");
        }
        const auto bytes = bytesOf(1U << 20U);
        DigestWriter writer(full.get());
        QCOMPARE(writer.append(view(bytes)), ENOSPC);
        QCOMPARE(writer.append(view(bytes)), ENOSPC);  // and no better later
        QCOMPARE(writer.finish(), ENOSPC);
        DigestWriter small(full.get());
        QCOMPARE(small.append(view("x")), 0);
        QCOMPARE(small.finish(), ENOSPC);
    }

    void abandoned() {
        const test::TempFolder folder;
        const FileDescriptor file(
            ::open((folder.path() / "file").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
        DigestWriter writer(file.get());
        QCOMPARE(writer.append(view(bytesOf(9U << 20U))), 0);
    }
};

QTEST_GUILESS_MAIN(TestDigestWriter)
#include "tst_digest_writer.moc"
