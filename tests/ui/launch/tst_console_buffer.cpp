// SPDX-License-Identifier: GPL-3.0-or-later

#include "runglass/ui/launch/console_buffer.h"
#include "support/test.h"

using namespace runglass;
using ui::AnsiColor;
using ui::ConsoleBuffer;

class ConsoleBufferTest final : public test::TestCase {
    Q_OBJECT

    static void feed(ConsoleBuffer& buffer, std::string bytes, std::int64_t timeMs = 0) {
        buffer.append({timeMs, launch::Stream::Out, 0, std::move(bytes)});
    }
    static QString all(const ConsoleBuffer& buffer) {
        QStringList lines;
        for (std::size_t i = 0; i < buffer.lineCount(); ++i) {
            lines << buffer.line(i).text;
        }
        return lines.join(QLatin1Char('|'));
    }
    static QString shown(std::string bytes) {
        ConsoleBuffer whole;
        feed(whole, bytes);
        // The same bytes one at a time must give the same lines.
        ConsoleBuffer pieces;
        for (const char byte : bytes) {
            feed(pieces, std::string(1, byte));
        }
        return all(whole) == all(pieces) ? all(whole) : QStringLiteral("pieces differ: ") + all(pieces);
    }

private Q_SLOTS:
    void lines() {
        QCOMPARE(shown("a\nb\n"), QStringLiteral("a|b"));
        QCOMPARE(shown("a\n\nb"), QStringLiteral("a||b"));
        QCOMPARE(shown(""), QString());
        QCOMPARE(shown("a\r\nb\r\n"), QStringLiteral("a|b"));
        QCOMPARE(shown("10%\r50%\r100%\ndone"), QStringLiteral("100%|done"));
        QCOMPARE(shown("longer\rabc"), QStringLiteral("abcger"));
        QCOMPARE(shown("longer\r\x1b[Kabc"), QStringLiteral("abc"));
        QCOMPARE(shown("abc\b\bX"), QStringLiteral("aXc"));
        QCOMPARE(shown("a\tb"), QStringLiteral("a       b"));
        QCOMPARE(shown("abc\x1b[2GX\x1b[2CY"), QStringLiteral("aXc Y"));
        QCOMPARE(shown("abc\x1b[1K"), QStringLiteral("   "));
    }

    void sequencesAreSwallowed() {
        QCOMPARE(shown("\x1b]0;title\x07x\x1b]8;;http://a\x1b\\link\x1b]8;;\x1b\\"), QStringLiteral("xlink"));
        QCOMPARE(shown("\x1b[?25l\x1b[2J\x1b[1A\x1b(Bx\x1b[99999999999999C"), QStringLiteral("x"));
        QCOMPARE(shown("\x1b]never ended\nnext"), QStringLiteral("|next"));
        QCOMPARE(shown("\x1b[31\nnext"), QStringLiteral("|next"));
    }

    void utf8() {
        QCOMPARE(shown("naïve 損失 😀"), QStringLiteral("naïve 損失 😀"));
        QCOMPARE(shown("a\xff\xc3(\xed\xa0\x80z"), QStringLiteral("a\uFFFD\uFFFD(\uFFFDz"));
        QCOMPARE(shown("\xe2\x82"), QString());
    }

    void styles() {
        ConsoleBuffer buffer;
        feed(buffer, "a\x1b[1;31mb\x1b[0mc\x1b[38;5;200md\x1b[48;2;1;2;3me\x1b[39;49mf\x1b[94m");
        feed(buffer, "g\n\x1b[mh");
        const auto& line = buffer.line(0);
        QCOMPARE(line.text, QStringLiteral("abcdefg"));
        const auto styleAt = [&](int column) {
            std::uint16_t style = 0;
            for (const auto& run : line.runs) {
                style = run.begin <= column ? run.style : style;
            }
            return buffer.style(style);
        };
        QCOMPARE(styleAt(0), ui::AnsiStyle{});
        QVERIFY(styleAt(1).bold && styleAt(1).foreground == (AnsiColor{AnsiColor::Kind::Palette, 1}));
        QCOMPARE(styleAt(2), ui::AnsiStyle{});
        QVERIFY(styleAt(3).foreground == (AnsiColor{AnsiColor::Kind::Palette, 200}));
        QVERIFY(styleAt(4).background == (AnsiColor{AnsiColor::Kind::Rgb, 0x010203}));
        QCOMPARE(styleAt(5), ui::AnsiStyle{});
        QVERIFY(styleAt(6).foreground == (AnsiColor{AnsiColor::Kind::Palette, 12}));
        QVERIFY(buffer.line(1).runs.empty());
    }

    void timesAndStreams() {
        ConsoleBuffer buffer;
        feed(buffer, "fir", 1000);
        feed(buffer, "st\nsecond", 2000);
        buffer.append({3000, launch::Stream::Err, 0, "\nthird\n"});
        QCOMPARE(buffer.line(0).timeMs, 1000);
        QCOMPARE(buffer.line(1).timeMs, 2000);
        QVERIFY(!buffer.line(1).isError);
        QCOMPARE(buffer.line(2).timeMs, 3000);
        QVERIFY(buffer.line(2).isError);
    }

    void rubbishIsBounded() {
        ConsoleBuffer buffer;
        feed(buffer, std::string(100'000, 'x'));
        QCOMPARE(buffer.lineCount(), std::size_t(100'000 / ConsoleBuffer::kMaxLineCharacters + 1));
        feed(buffer, "\x1b[99999G" + std::string(10, 'y') + std::string(1'000, '\x01'));
        QVERIFY(buffer.widestLine() <= static_cast<int>(ConsoleBuffer::kMaxLineCharacters));
    }

    void search() {
        ConsoleBuffer buffer;
        for (int i = 0; i < 10'000; ++i) {
            feed(buffer, i % 1'000 == 7 ? "an ERROR and an error\n" : "all is well\n");
        }
        const auto blocks = buffer.fullBlocks();
        QCOMPARE(blocks.size(), std::size_t(2));
        auto hits = ConsoleBuffer::search(blocks, QStringLiteral("Error"), 1'000, {});
        const auto tail = buffer.searchTail(QStringLiteral("Error"), 1'000);
        hits.insert(hits.end(), tail.begin(), tail.end());
        QCOMPARE(hits.size(), std::size_t(20));
        QCOMPARE(hits[3].line, std::size_t(1'007));
        QCOMPARE(hits[3].column, 16);
        QCOMPARE(hits.back().line, std::size_t(9'007));
        QCOMPARE(ConsoleBuffer::search(blocks, QStringLiteral("Error"), 3, {}).size(), std::size_t(3));
        QVERIFY(ConsoleBuffer::search(blocks, QString(), 3, {}).empty());
    }

    void aMillionLines() {
        ConsoleBuffer buffer;
        std::string chunk;
        for (int i = 0; i < 10'000; ++i) {
            chunk += "epoch " + std::to_string(i) + "  train_loss \x1b[32m0.0398\x1b[0m  val_acc 0.9822\n";
        }
        for (int i = 0; i < 100; ++i) {
            feed(buffer, chunk);
        }
        QCOMPARE(buffer.lineCount(), std::size_t(1'000'000));
        QCOMPARE(buffer.line(999'999).text, QStringLiteral("epoch 9999  train_loss 0.0398  val_acc 0.9822"));
    }
};

QTEST_MAIN(ConsoleBufferTest)
#include "tst_console_buffer.moc"
