// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <fstream>
#include <limits>

#include "event_writer.h"
#include "runglass/sources/format.h"
#include "support/test.h"

using namespace runglass;
using test::Message;
using test::metadata;
using test::scalarRecord;
using test::valueRecord;

namespace {

const sources::Format& tensorBoard() {
    for (const auto& format : sources::formats()) {
        if (format->name() == "tensorboard") {
            return *format;
        }
    }
    std::abort();
}

void append(const std::filesystem::path& path, std::string_view bytes) {
    std::ofstream(path, std::ios::app | std::ios::binary) << bytes;
}

const model::MetricSummary* metric(const sources::SharedPart& part, std::string_view key) {
    return part->record.metric(Symbol::find(key));
}

sources::SharedPart readOne(sources::Reader& reader) {
    const auto parts = reader.read({});
    if (!parts.ok() || parts->size() != 1) {
        QTest::qFail("there should be one run", __FILE__, __LINE__);
        return std::make_shared<sources::Part>();
    }
    return parts->front();
}

}  // namespace

class TestTensorBoard : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void recognisesFoldersWithEventFiles() {
        m_folder->write("run/events.out.tfevents.1600000000.host", test::versionRecord(1.6e9));
        m_folder->write("other/notes.txt", "tfevents");
        m_folder->write("mac/._events.out.tfevents.1600000000.host", "junk");
        for (const auto& [name, count] : {std::pair{"run", 1}, {"other", 0}, {"mac", 0}}) {
            sources::Findings findings;
            tensorBoard().recognise(*sources::listFolder(m_folder->path() / name), findings);
            QCOMPARE(findings.origins.size(), static_cast<std::size_t>(count));
        }
    }

    void readsEveryNumericTensor_data() {
        QTest::addColumn<QByteArray>("tensor");
        QTest::addColumn<double>("expected");
        const auto row = [](const char* name, const Message& tensor, double expected) {
            QTest::newRow(name) << QByteArray::fromStdString(tensor.bytes()) << expected;
        };
        const auto content = [](int type, auto value) {
            return Message().number(1, static_cast<unsigned>(type)).text(4, Message().fixed(value).bytes());
        };
        const auto packed = [](int type, unsigned field, std::uint64_t value) {
            return Message().number(1, static_cast<unsigned>(type)).text(field, Message().raw(value).bytes());
        };
        const auto minus = [](std::int64_t value) { return static_cast<std::uint64_t>(value); };
        row("float content", content(1, 0.1F), static_cast<double>(0.1F));
        row("float packed", Message().number(1, 1).text(5, Message().fixed(-2.5F).bytes()), -2.5);
        row("float unpacked", Message().number(1, 1).real32(5, 3.25F), 3.25);
        row("double content", content(2, 0.1), 0.1);
        row("double packed", Message().number(1, 2).text(6, Message().fixed(1e300).bytes()), 1e300);
        row("double unpacked", Message().number(1, 2).real(6, -0.5), -0.5);
        row("int32 content", content(3, std::int32_t{-7}), -7);
        row("int32 packed", packed(3, 7, minus(-7)), -7);
        row("uint8 content", content(4, std::uint8_t{200}), 200);
        row("uint8 packed", packed(4, 7, 200), 200);
        row("int16 content", content(5, std::int16_t{-300}), -300);
        row("int8 content", content(6, std::int8_t{-3}), -3);
        row("int64 content", content(9, std::int64_t{-1} << 40U), -1099511627776.0);
        row("int64 packed", packed(9, 10, minus(-5)), -5);
        row("int64 unpacked", Message().number(1, 9).number(10, 12), 12);
        row("bool content", content(10, std::uint8_t{1}), 1);
        row("bool packed", packed(10, 11, 1), 1);
        row("bfloat16", content(14, std::uint16_t{0x3FC0}), 1.5);
        row("bfloat16 packed", packed(14, 13, 0xC000), -2);
        row("uint16 content", content(17, std::uint16_t{65535}), 65535);
        row("half one", content(19, std::uint16_t{0x3C00}), 1);
        row("half smallest", packed(19, 13, 0x0001), std::ldexp(1.0, -24));
        row("half largest", packed(19, 13, 0x7BFF), 65504);
        row("half infinity", packed(19, 13, 0xFC00), -std::numeric_limits<double>::infinity());
        row("uint32 content", content(22, std::uint32_t{4'000'000'000}), 4e9);
        row("uint64 packed", packed(23, 17, UINT64_MAX), 18446744073709551616.0);
        row("shape of one element",
            Message()
                .number(1, 1)
                .text(2, Message().text(2, Message().number(1, 1).bytes()).bytes())
                .text(4, Message().fixed(9.0F).bytes()),
            9);
        row("zero left out", Message().number(1, 1), 0);
    }
    void readsEveryNumericTensor() {
        QFETCH(QByteArray, tensor);
        QFETCH(double, expected);
        const auto value =
            Message()
                .text(1, "loss")
                .text(9, metadata("scalars"))
                .text(8, std::string_view(tensor.constData(), static_cast<std::size_t>(tensor.size())));
        const auto part = readBytes(valueRecord(3, 1.6e9, value));
        const auto* summary = metric(part, "loss");
        QVERIFY(summary != nullptr);
        QCOMPARE(summary->last, expected);
        QCOMPARE(summary->lastStep, 3);
        QVERIFY(part->damage.empty());
    }
    void tensorsThatAreNoNumberAreDamage() {
        const auto scalars = metadata("scalars");
        const std::string vector = Message()
                                       .number(1, 1)
                                       .text(2, Message().text(2, Message().number(1, 2).bytes()).bytes())
                                       .text(4, Message().fixed(1.0F).fixed(2.0F).bytes())
                                       .bytes();
        const auto part = readBytes(
            scalarRecord("loss", 1, 5) +
            valueRecord(2, 1.6e9, Message().text(1, "loss").text(9, scalars).text(8, vector)) +
            valueRecord(3, 1.6e9, Message().text(1, "loss").text(8, Message().number(1, 7).bytes())) +
            valueRecord(4, 1.6e9, Message().text(1, "pr").text(9, metadata("pr_curves")).text(8, vector)));
        QCOMPARE(metric(part, "loss")->count, std::uint64_t{1});
        QVERIFY(metric(part, "pr") == nullptr);
        QCOMPARE(part->damage.size(), std::size_t{1});
        QCOMPARE(part->damage.front().count, std::uint64_t{2});
    }

    void keepsNanInfinityAndRepeatedSteps() {
        const float nan = std::numeric_limits<float>::quiet_NaN();
        const float infinity = std::numeric_limits<float>::infinity();
        const auto part = readBytes(scalarRecord("x", 5, nan) + scalarRecord("x", 6, 2) +
                                    scalarRecord("x", 6, -infinity) + scalarRecord("x", 2, 1, 1.6e9 + 0.5));
        const auto* summary = metric(part, "x");
        QCOMPARE(summary->count, std::uint64_t{4});
        QCOMPARE(summary->nanCount, std::uint64_t{1});
        QCOMPARE(summary->max, 2.0);
        QCOMPARE(summary->min, 1.0);
        QCOMPARE(summary->infiniteCount, std::uint64_t{1});
        QCOMPARE(summary->last, 1.0);
        QCOMPARE(summary->lastStep, 2);
        QCOMPARE(summary->lastTimeMs, 1'600'000'000'500);
        QCOMPARE(*part->record.startTimeMs, 1'600'000'000'000);
        QCOMPARE(*part->record.endTimeMs, 1'600'000'000'500);
        QVERIFY(!part->tellsStatus);
    }

    void aBadRecordCostsThatRecord() {
        const auto first = test::versionRecord(1.6e9) + scalarRecord("x", 1, 1);
        auto broken = scalarRecord("x", 2, 2);
        broken[20] = static_cast<char>(broken[20] ^ 1);
        const auto part =
            readBytes(first + broken + scalarRecord("x", 3, 3) + test::tfRecord("\x08\xFF no event"));
        QCOMPARE(metric(part, "x")->count, std::uint64_t{2});
        QCOMPARE(metric(part, "x")->last, 3.0);
        QCOMPARE(part->damage.size(), std::size_t{2});
        QCOMPARE(part->damage.front().offset, std::uint64_t{first.size()});
        QVERIFY(!part->damage.front().reason.empty());
    }
    void aBadLengthEndsTheFileButNotTheRun() {
        auto broken = scalarRecord("x", 2, 2);
        broken[0] = static_cast<char>(broken[0] ^ 1);
        m_folder->write("events.out.tfevents.1", scalarRecord("x", 1, 1) + broken + scalarRecord("x", 3, 3));
        m_folder->write("events.out.tfevents.2", scalarRecord("x", 4, 4));
        const auto reader = tensorBoard().open(m_folder->path());
        const auto part = readOne(*reader);
        QCOMPARE(metric(part, "x")->count, std::uint64_t{2});
        QCOMPARE(metric(part, "x")->lastStep, 4);
        QCOMPARE(part->damage.size(), std::size_t{1});
        QCOMPARE(part->damage.front().offset, std::uint64_t{scalarRecord("x", 1, 1).size()});
    }
    void hostileLengthsAndMessages() {
        const auto length = Message().fixed(UINT64_MAX - 3).bytes();
        auto header = test::tfRecord("");
        for (const auto& bytes :
             {test::tfRecord(std::string(300, '\xFF')), test::tfRecord("\x2A\xFF\xFF\xFF\xFF\x0F"),
              test::tfRecord(Message().text(5, "\x0A\x05\x0A\x99").bytes()), length + "abcdefghijkl",
              std::string(500, '\0')}) {
            const auto part = readBytes(bytes);
            QVERIFY(part->record.metrics.empty());
            QVERIFY(!part->damage.empty());
        }
    }

    void followsGrowthWithoutReadingAgain() {
        const auto path = m_folder->write("events.out.tfevents.1", test::versionRecord(1.6e9));
        const auto reader = tensorBoard().open(m_folder->path());
        QVERIFY(readOne(*reader)->record.metrics.empty());
        std::string all = test::versionRecord(1.6e9);
        for (int i = 0; i < 20; ++i) {
            all += scalarRecord("x", i, 1);
        }
        append(path, std::string_view(all).substr(test::versionRecord(1.6e9).size()));
        auto part = readOne(*reader);
        QCOMPARE(metric(part, "x")->count, std::uint64_t{20});
        QCOMPARE(reader->series("", "x", 0, {})->size(), std::size_t{20});
        QVERIFY(readOne(*reader) == part);

        // What has been read is not looked at again: broken now, it would be missed.
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(60);
        file << "broken by the test";
        file.close();
        const auto next = scalarRecord("x", 20, 7);
        append(path, std::string_view(next).substr(0, 11));
        part = readOne(*reader);
        QCOMPARE(metric(part, "x")->count, std::uint64_t{20});
        QCOMPARE(part->damage.size(), std::size_t{1});  // half a record
        append(path, std::string_view(next).substr(11));
        part = readOne(*reader);
        QCOMPARE(metric(part, "x")->count, std::uint64_t{21});
        QCOMPARE(metric(part, "x")->last, 7.0);
        QVERIFY(part->damage.empty());
        const auto tail = reader->series("", "x", 20, {});
        VERIFY_OK(tail);
        QCOMPARE(tail->size(), std::size_t{1});
        QCOMPARE(tail->at(0), (model::Point{20, 1'600'000'000'000, 7}));
    }
    void readsARewrittenFileAnew() {
        const auto path =
            m_folder->write("events.out.tfevents.1", scalarRecord("x", 1, 1) + scalarRecord("x", 2, 2));
        const auto reader = tensorBoard().open(m_folder->path());
        QCOMPARE(metric(readOne(*reader), "x")->count, std::uint64_t{2});
        QCOMPARE(reader->series("", "x", 0, {})->size(), std::size_t{2});
        std::filesystem::remove(path);
        m_folder->write("events.out.tfevents.1", scalarRecord("y", 1, 1));
        const auto part = readOne(*reader);
        QVERIFY(metric(part, "x") == nullptr);
        QCOMPARE(metric(part, "y")->count, std::uint64_t{1});
        QVERIFY(reader->series("", "x", 2, {}).error().code == ErrorCode::NotFound);
    }
    void severalFilesAreOneRunInTheOrderOfTheirNames() {
        m_folder->write("events.out.tfevents.200.b", scalarRecord("x", 10, 3) + scalarRecord("y", 1, 1));
        const auto reader = tensorBoard().open(m_folder->path());
        QCOMPARE(metric(readOne(*reader), "x")->count, std::uint64_t{1});
        m_folder->write("events.out.tfevents.100.a", scalarRecord("x", 1, 5) + scalarRecord("x", 12, 4));
        const auto part = readOne(*reader);
        const auto* summary = metric(part, "x");
        QCOMPARE(summary->count, std::uint64_t{3});
        QCOMPARE(summary->first, 5.0);
        QCOMPARE(summary->last, 3.0);
        QCOMPARE(summary->lastStep, 10);
        QCOMPARE(summary->max, 5.0);
        const auto series = reader->series("", "x", 1, {});
        VERIFY_OK(series);
        QCOMPARE(series->steps, (model::Column<std::int64_t>{12, 10}));
        QVERIFY(reader->series("", "z", 0, {}).error().code == ErrorCode::NotFound);
    }

    void takesHparamsOfPyTorchIntoTheRun() {
        m_folder->write("run/events.out.tfevents.1", scalarRecord("loss", 1, 1));
        m_folder->write("run/1600000000.123/events.out.tfevents.2",
                        hparamsRecords() + scalarRecord("hparam/acc", 0, 0.5F));
        sources::Findings findings;
        tensorBoard().recognise(*sources::listFolder(m_folder->path() / "run"), findings);
        QCOMPARE(findings.closed, std::vector<std::string>{"1600000000.123"});
        const auto reader = tensorBoard().open(findings.origins.front());
        const auto part = readOne(*reader);
        QCOMPARE(*part->record.param(Symbol::find("lr")), std::string_view("0.001"));
        QCOMPARE(*part->record.param(Symbol::find("optimizer")), std::string_view("adam"));
        QCOMPARE(*part->record.param(Symbol::find("nesterov")), std::string_view("true"));
        QCOMPARE(*part->record.param(Symbol::find("layers")), std::string_view("[64, 32]"));
        QCOMPARE(*part->record.tag(Symbol::find("hparams.group")), std::string_view("g1"));
        QCOMPARE(*part->record.startTimeMs, 1'500'000'000'000);
        QCOMPARE(*part->record.endTimeMs, 1'700'000'000'000);
        QVERIFY(part->record.status == model::RunStatus::Failed);
        QVERIFY(part->tellsStatus);
        QCOMPARE(metric(part, "hparam/acc")->last, 0.5);
        QCOMPARE(metric(part, "loss")->last, 1.0);

        // A second one makes it a search: each is a run of its own.
        m_folder->write("run/1600000001.5/events.out.tfevents.3", hparamsRecords());
        sources::Findings several;
        tensorBoard().recognise(*sources::listFolder(m_folder->path() / "run"), several);
        QVERIFY(several.closed.empty());
        QVERIFY(readOne(*reader)->record.params.empty());
    }

    void saysWhatIsNotAnEventFile() {
        const std::vector<std::pair<std::string, std::string>> cases = {
            {"", "empty"},
            {"version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 12\n", "git lfs pull"},
            {test::versionRecord(1.6e9), "no data yet"}};
        for (const auto& [content, word] : cases) {
            const auto part = readBytes(content);
            QCOMPARE(part->damage.size(), std::size_t{1});
            QVERIFY2(part->damage.front().reason.find(word) != std::string::npos,
                     part->damage.front().reason.c_str());
        }
    }

    void listsMediaAsArtifacts() {
        const std::string png = "\x89PNG and so on";
        const auto image = Message().number(1, 2).number(2, 2).text(4, png);
        const auto tensorImage = Message().number(1, 7).text(8, "2").text(8, "2").text(8, png).text(8, png);
        const auto text = Message().number(1, 7).text(8, "**bold**");
        const auto histogram = Message()
                                   .real(1, -1)
                                   .text(6, Message().fixed(0.0).fixed(2.0).bytes())
                                   .text(7, Message().fixed(3.0).fixed(4.0).bytes());
        m_folder->write(
            "events.out.tfevents.1",
            valueRecord(7, 1.6e9, Message().text(1, "a/../b").text(4, image.bytes())) +
                valueRecord(
                    8, 1.6e9,
                    Message().text(1, "v2").text(9, metadata("images")).text(8, tensorImage.bytes())) +
                valueRecord(9, 1.6e9,
                            Message().text(1, "t").text(9, metadata("text")).text(8, text.bytes())) +
                valueRecord(9, 1.6e9, Message().text(1, "w").text(5, histogram.bytes())) +
                valueRecord(9, 1.6e9, Message().text(1, "w").text(5, histogram.bytes())));
        const auto reader = tensorBoard().open(m_folder->path());
        const auto detail = reader->detail("");
        VERIFY_OK(detail);
        std::vector<std::string> names;
        for (const auto& artifact : detail->artifacts) {
            names.push_back(artifact.path);
        }
        QCOMPARE(names,
                 (std::vector<std::string>{"images/a/b/7.png", "images/v2/8-0.png", "images/v2/8-1.png",
                                           "text/t/9.md", "histograms/w/9.csv", "histograms/w/9 (2).csv"}));
        QCOMPARE(detail->artifacts.front().size, static_cast<std::int64_t>(png.size()));
        QCOMPARE(*reader->artifact("", "images/v2/8-1.png", 1000), png);
        QCOMPARE(*reader->artifact("", "text/t/9.md", 1000), std::string("**bold**"));
        QCOMPARE(*reader->artifact("", "histograms/w/9 (2).csv", 1000),
                 std::string("left,right,count\n-1,0,3\n0,2,4\n"));
        QVERIFY(reader->artifact("", "images/a/b/7.png", 3).error().code == ErrorCode::TooLarge);
        QVERIFY(reader->artifact("", "images/none.png", 3).error().code == ErrorCode::NotFound);
        QVERIFY(readOne(*reader)->record.metrics.empty());
    }

    void readsRecordsLargerThanAPiece() {
        const std::string large(3'000'000, 'p');
        const auto part = readBytes(
            scalarRecord("x", 1, 1) +
            valueRecord(1, 1.6e9, Message().text(1, "image").text(4, Message().text(4, large).bytes())) +
            scalarRecord("x", 2, 2));
        QCOMPARE(metric(part, "x")->count, std::uint64_t{2});
        QVERIFY(part->damage.empty());
    }

protected:
    void setUp() override { m_folder = std::make_unique<test::TempFolder>(); }
    void tearDown() override { m_folder.reset(); }

private:
    [[nodiscard]] sources::SharedPart readBytes(std::string_view bytes) const {
        std::filesystem::remove(m_folder->path() / "events.out.tfevents.1");
        m_folder->write("events.out.tfevents.1", bytes);
        return readOne(*tensorBoard().open(m_folder->path()));
    }
    /// As torch.utils.tensorboard.summary.hparams() writes them.
    static std::string hparamsRecords() {
        const auto entry = [](std::string_view key, const Message& value) {
            return Message().text(1, key).text(2, value.bytes()).bytes();
        };
        const auto list =
            Message().text(1, Message().real(2, 64).bytes()).text(1, Message().real(2, 32).bytes());
        const auto start = Message()
                               .text(1, entry("lr", Message().real(2, 0.001)))
                               .text(1, entry("optimizer", Message().text(3, "adam")))
                               .text(1, entry("nesterov", Message().number(4, 1)))
                               .text(1, entry("layers", Message().text(6, list.bytes())))
                               .text(4, "g1")
                               .real(5, 1.5e9);
        const auto end = Message().number(1, 2).real(2, 1.7e9);
        const auto record = [](std::string_view tag, const Message& data) {
            return valueRecord(0, 1.6e9, Message().text(1, tag).text(9, metadata("hparams", data.bytes())));
        };
        return record("_hparams_/session_start_info", Message().text(3, start.bytes())) +
               record("_hparams_/session_end_info", Message().text(4, end.bytes()));
    }

    std::unique_ptr<test::TempFolder> m_folder;
};

QTEST_GUILESS_MAIN(TestTensorBoard)
#include "tst_tensorboard.moc"
