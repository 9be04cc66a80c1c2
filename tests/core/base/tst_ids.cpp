// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/stat.h>

#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include "runglass/base/clock.h"
#include "runglass/base/file.h"
#include "runglass/base/new_file.h"
#include "runglass/base/run_id.h"
#include "runglass/base/symbol.h"
#include "support/test.h"

using namespace runglass;

class TestIds : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void aPipeIsNotReplacedByAFile() {
        const test::TempFolder folder;
        const auto pipe = folder / "pipe";
        QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
        std::filesystem::create_symlink("pipe", folder / "link");
        for (const auto& path : {pipe, folder / "link"}) {
            const auto refused = NewFile::begin(path);
            QVERIFY(!refused.ok() && refused.error().code == ErrorCode::Invalid);
            QVERIFY(refused.error().message.find(path.string()) != std::string::npos);
        }
        QVERIFY(std::filesystem::is_fifo(pipe) && std::filesystem::is_symlink(folder / "link"));
    }

    void runIdHex() {
        const auto id = RunId::generate();
        QCOMPARE(id.hex().size(), std::size_t{32});
        QVERIFY(RunId::fromHex(id.hex()) == id);
        QVERIFY(!RunId::fromHex("abc"));
        QVERIFY(!RunId::fromHex(std::string(31, '0') + "g"));
        // sha256("") starts with e3b0c442 98fc1c14 9afbf4c8 996fb924 (FIPS 180-4 examples)
        QCOMPARE(RunId::derive("").hex(), "e3b0c44298fc1c149afbf4c8996fb924");
    }
    void sha256KnownAnswer() {
        // FIPS 180-4, "abc"
        QCOMPARE(sha256Of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
    void symbolsFromManyThreads() {
        std::vector<std::thread> threads;
        std::atomic<int> wrong{0};
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([&wrong] {
                for (int i = 0; i < 20'000; ++i) {
                    const auto text = "key/" + std::to_string(i);
                    const Symbol symbol(text);
                    wrong += symbol.text() == text && Symbol::find(text) == symbol ? 0 : 1;
                }
            });
        }
        for (auto& thread : threads) {
            thread.join();
        }
        QCOMPARE(wrong.load(), 0);
        QVERIFY(Symbol::find("never interned").empty());
        QCOMPARE(Symbol().text(), std::string_view());
        const std::string large(100'000, 'x');
        QCOMPARE(Symbol(large).text(), std::string_view(large));
    }
    void isoTimes() {
        QCOMPARE(isoUtc(0), "1970-01-01T00:00:00.000Z");
        QCOMPARE(isoUtc(1'763'388'129'125), "2025-11-17T14:02:09.125Z");
        QCOMPARE(isoUtc(-1), "1969-12-31T23:59:59.999Z");
    }
    void filesAreReplacedWhole() {
        const test::TempFolder folder;
        const auto path = folder / "a.json";
        VERIFY_OK(writeFileAtomically(path, "one"));
        VERIFY_OK(writeFileAtomically(path, "two"));
        QCOMPARE(*readFile(path, 100), "two");
        QCOMPARE(readFile(path, 2).error().code, ErrorCode::TooLarge);
        QCOMPARE(readFile(folder / "none", 2).error().code, ErrorCode::NotFound);
        QCOMPARE(readFile(folder.path(), 2).error().code, ErrorCode::Invalid);
        QCOMPARE(std::distance(std::filesystem::directory_iterator(folder.path()), {}), std::ptrdiff_t{1});
    }
};

QTEST_GUILESS_MAIN(TestIds)
#include "tst_ids.moc"
