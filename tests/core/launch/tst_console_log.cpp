// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>
#include <fstream>

#include "console_writer.h"
#include "runglass/launch/console_log.h"
#include "support/test.h"

using namespace runglass;
using launch::ConsoleChunk;
using launch::ConsoleReader;
using launch::ConsoleWriter;
using launch::Stream;

class TestConsoleLog : public test::TestCase {
    Q_OBJECT

    static std::vector<ConsoleChunk> readAll(ConsoleReader& reader, std::size_t maxBytes = 1U << 20U) {
        std::vector<ConsoleChunk> all;
        for (;;) {
            auto chunks = reader.poll(maxBytes);
            if (!chunks.ok() || chunks->empty()) {
                return all;
            }
            all.insert(all.end(), chunks->begin(), chunks->end());
        }
    }
    static std::string bytesOf(const std::vector<ConsoleChunk>& chunks) {
        std::string bytes;
        for (const auto& chunk : chunks) {
            bytes += chunk.bytes;
        }
        return bytes;
    }

private Q_SLOTS:
    void nothingThereYet() {
        const test::TempFolder folder;
        ConsoleReader reader(folder.path());
        const auto chunks = reader.poll();
        VERIFY_OK(chunks);
        QVERIFY(chunks->empty());
        ConsoleWriter writer(folder.path());
        writer.append(Stream::Out, "late", 1);
        QCOMPARE(bytesOf(readAll(reader)), std::string("late"));
    }

    void streamsTimesAndBytesComeBack() {
        const test::TempFolder folder;
        ConsoleWriter writer(folder.path());
        ConsoleReader reader(folder.path());
        const std::string binary("\0\xff\xfe\n\x1b[31m", 9);
        writer.append(Stream::Out, "one\n", 1000);
        writer.append(Stream::Err, binary, 1001);
        auto chunks = readAll(reader);
        QCOMPARE(chunks.size(), std::size_t{2});
        QCOMPARE(chunks[0].timeMs, std::int64_t{1000});
        QCOMPARE(chunks[1].bytes, binary);
        QVERIFY(chunks[1].stream == Stream::Err);
        QCOMPARE(chunks[1].offset, std::uint64_t{4});
        writer.append(Stream::Out, "two", 1002);
        QCOMPARE(bytesOf(readAll(reader)), std::string("two"));
        QCOMPARE(reader.droppedBytes(), std::uint64_t{0});
    }

    void headAndTailStayAndTheGapIsTold() {
        const test::TempFolder folder;
        ConsoleWriter::Limits limits;
        limits.headBytes = 1000;
        limits.segmentBytes = 500;
        limits.tailSegments = 2;
        ConsoleWriter writer(folder.path(), limits);
        std::string printed;
        for (int i = 0; i < 10'000; ++i) {
            const std::string line = "line " + std::to_string(i) + "\n";
            writer.append(Stream::Out, line, i);
            printed += line;
        }
        ConsoleReader reader(folder.path());
        const std::string kept = bytesOf(readAll(reader));
        QVERIFY(kept.size() < 3000);
        QCOMPARE(kept.size() + reader.droppedBytes(), printed.size());
        QCOMPARE(kept.substr(0, 1000), printed.substr(0, 1000));
        const std::string tail = kept.substr(kept.size() - 500);
        QCOMPARE(tail, printed.substr(printed.size() - 500));
    }

    void aReaderThatFollowsSeesEverySegment() {
        const test::TempFolder folder;
        ConsoleWriter::Limits limits;
        limits.headBytes = 100;
        limits.segmentBytes = 64;
        limits.tailSegments = 3;
        ConsoleWriter writer(folder.path(), limits);
        ConsoleReader reader(folder.path());
        std::string printed;
        std::string seen;
        for (int i = 0; i < 500; ++i) {
            const std::string line = std::to_string(i) + ";";
            writer.append(i % 2 == 0 ? Stream::Out : Stream::Err, line, i);
            printed += line;
            seen += bytesOf(readAll(reader, 7));
        }
        QCOMPARE(seen, printed);
        QCOMPARE(reader.droppedBytes(), std::uint64_t{0});
    }

    void aRecordWithoutItsBytesIsWaitedFor() {
        const test::TempFolder folder;
        ConsoleWriter writer(folder.path());
        writer.append(Stream::Out, "whole", 1);
        launch::console::IndexRecord record{5, 2, 4'000'000'000U, 1, {}};
        std::ofstream(folder / "console.idx", std::ios::binary | std::ios::app)
            .write(reinterpret_cast<const char*>(&record), sizeof record);
        ConsoleReader reader(folder.path());
        QCOMPARE(bytesOf(readAll(reader)), std::string("whole"));
    }

    void bytesWithoutARecordAreFoundAfterACrash() {
        const test::TempFolder folder;
        {
            ConsoleWriter writer(folder.path());
            writer.append(Stream::Out, "indexed ", 1);
        }
        std::ofstream(folder / "console.log", std::ios::app) << "orphaned";
        std::ofstream(folder / "console.idx", std::ios::app) << "half";
        launch::repairConsole(folder.path());
        launch::repairConsole(folder.path());  // a second time changes nothing
        ConsoleReader reader(folder.path());
        QCOMPARE(bytesOf(readAll(reader)), std::string("indexed orphaned"));
    }

    void aFullDiskHoldsBackAndCatchesUp() {
        // A folder that does not exist yet refuses the writes as a full disk does.
        const test::TempFolder folder;
        ConsoleWriter::Limits limits;
        limits.backlogBytes = 1000;
        ConsoleWriter writer(folder / "later", limits);
        for (int i = 0; i < 100; ++i) {
            writer.append(Stream::Out, std::string(50, static_cast<char>('a' + i % 26)), i);
        }
        QVERIFY(writer.trouble() != 0);
        QVERIFY(writer.heldBytes() <= 1000);
        QVERIFY(!writer.flush());
        std::filesystem::create_directory(folder / "later");
        QVERIFY(writer.flush());
        QCOMPARE(writer.trouble(), 0);
        ConsoleReader reader(folder / "later");
        const auto chunks = readAll(reader);
        QCOMPARE(bytesOf(chunks).size() + reader.droppedBytes(), std::size_t{5000});
        QCOMPARE(chunks.front().timeMs, std::int64_t{0});
        QCOMPARE(chunks.back().timeMs, std::int64_t{99});
    }

    /// What a follower has not seen stays beyond the limit, and the writer says that it waits.
    void nothingIsDroppedAheadOfAFollower() {
        const test::TempFolder folder;
        ConsoleWriter writer(folder.path(), {.headBytes = 10, .segmentBytes = 10, .tailSegments = 2});
        std::optional<std::uint64_t> followed = 0;
        writer.setFollower([&followed] { return followed; });
        std::string printed;
        for (char c = 'a'; c < 'd'; ++c) {
            printed += std::string(10, c);
            writer.append(Stream::Out, std::string(10, c), 1);
        }
        QVERIFY(writer.waitsForFollower());
        writer.append(Stream::Out, std::string(10, 'd'), 1);
        printed += std::string(10, 'd');
        QVERIFY(writer.waitsForFollower());
        {
            ConsoleReader reader(folder.path());
            QCOMPARE(bytesOf(readAll(reader)), printed);
            QCOMPARE(reader.droppedBytes(), std::uint64_t{0});
        }
        followed = 19;
        QVERIFY(writer.waitsForFollower());
        followed = 30;
        QVERIFY(!writer.waitsForFollower());
        ConsoleReader late(folder.path());
        QCOMPARE(bytesOf(readAll(late)), std::string(10, 'a') + std::string(10, 'd'));
        writer.append(Stream::Out, std::string(10, 'e'), 1);
        QVERIFY(writer.waitsForFollower());
        followed.reset();  // the follower is gone: nobody is waited for
        QVERIFY(!writer.waitsForFollower());
    }
};

QTEST_GUILESS_MAIN(TestConsoleLog)
#include "tst_console_log.moc"
