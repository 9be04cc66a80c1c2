// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that were started again: `SessionLog.START` takes points back, as in TensorBoard.
#include <fstream>

#include "event_writer.h"
#include "reading.h"
#include "truth.h"

using namespace runglass;
using test::scalarRecord;
using test::startRecord;
using Steps = std::vector<std::int64_t>;
using Values = std::vector<double>;

namespace {

/// `count` points of `loss` from `step` on, all of one value.
std::string points(std::int64_t step, int count, float value, const char* tag = "loss") {
    std::string bytes;
    for (int i = 0; i < count; ++i) {
        bytes += scalarRecord(tag, step + i, value);
    }
    return bytes;
}

}  // namespace

class TestTensorboardRestarts : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void aLaterFileTakesBack() {
        first(points(0, 10, 1) + scalarRecord("old", 7, 3));
        second(startRecord(5) + points(5, 3, 2));
        const auto part = test::readOne(*m_reader);
        check(*part, {0, 1, 2, 3, 4, 5, 6, 7}, {1, 1, 1, 1, 1, 2, 2, 2});
        QVERIFY(part->record.metric(Symbol("old")) == nullptr);  // of all tags
        QCOMPARE(part->damage.size(), std::size_t{1});
        const auto& damage = part->damage.front();
        QCOMPARE(damage.file, m_folder->path() / kFirst);
        QCOMPARE(damage.count, std::uint64_t{6});
        QVERIFY(damage.droppedByTool);
        QCOMPARE(damage.offset, std::uint64_t{version().size() + points(0, 5, 1).size()});
    }

    void theFirstStartIsTheBeginning() {
        // The threads of TensorFlow's supervisor may write before it.
        first(scalarRecord("loss", 3, 1) + startRecord(0) + scalarRecord("loss", 4, 2));
        check(*test::readOne(*m_reader), {3, 4}, {1, 2});
    }

    void aFirstStartAtALaterStepTakesBack() {
        first(image(3, "three") + image(7, "seven") + points(0, 10, 1) + startRecord(5) + points(5, 2, 2));
        const auto part = test::readOne(*m_reader);
        check(*part, {0, 1, 2, 3, 4, 5, 6}, {1, 1, 1, 1, 1, 2, 2});
        QCOMPARE(part->damage.size(), std::size_t{1});
        QCOMPARE(part->damage.front().count, std::uint64_t{5});
        QVERIFY(part->damage.front().droppedByTool);
        const auto detail = *m_reader->detail("");
        QCOMPARE(detail.artifacts.size(), std::size_t{1});
        QCOMPARE(detail.artifacts[0].path, std::string("images/im/3.bin"));
    }

    void theSecondStartOfAFileTakesBack() {
        first(startRecord(0) + points(0, 10, 1) + startRecord(5) + points(5, 3, 2) + startRecord(7) +
              points(7, 1, 3) + startRecord(100) + points(8, 1, 4));
        check(*test::readOne(*m_reader), {0, 1, 2, 3, 4, 5, 6, 7, 8}, {1, 1, 1, 1, 1, 2, 2, 3, 4});
    }

    void eachRestartCounts() {
        first(points(0, 10, 1));
        second(startRecord(8) + points(8, 4, 2));
        m_folder->write("events.out.tfevents.3.h", version() + startRecord(4) + points(4, 2, 3));
        check(*test::readOne(*m_reader), {0, 1, 2, 3, 4, 5}, {1, 1, 1, 1, 3, 3});
    }

    void stepsThatGoBackWithoutItStayAsTheyAre() {
        first(points(0, 3, 1));
        second(points(1, 3, 2));
        const auto part = test::readOne(*m_reader);
        check(*part, {0, 1, 2, 1, 2, 3}, {1, 1, 1, 2, 2, 2});
        QVERIFY(part->damage.empty());
    }

    void otherSessionEventsTakeNothingBack() {
        first(points(0, 3, 1));
        second(test::tfRecord(
            test::Message().real(1, 1).number(2, 0).text(7, test::Message().number(1, 3).bytes()).bytes()));
        check(*test::readOne(*m_reader), {0, 1, 2}, {1, 1, 1});
    }

    void mediaAreTakenBackToo() {
        first(image(3, "three") + image(7, "old") + image(7, "old too") + points(7, 1, 1));
        second(startRecord(5) + image(7, "new"));
        const auto detail = *m_reader->detail("");
        QCOMPARE(detail.artifacts.size(), std::size_t{2});
        QCOMPARE(detail.artifacts[0].path, std::string("images/im/3.bin"));
        QCOMPARE(detail.artifacts[1].path, std::string("images/im/7.bin"));
        QCOMPARE(*m_reader->artifact("", "images/im/3.bin", 100), std::string("three"));
        QCOMPARE(*m_reader->artifact("", "images/im/7.bin", 100), std::string("new"));
        QVERIFY(detail.problems.empty());
        QCOMPARE(detail.remarks.size(), std::size_t{1});
        QVERIFY(detail.remarks.front().find(": 2 of") != std::string::npos);
    }

    void oneThatComesWhileItIsOpen() {
        first(points(0, 10, 1));
        check(*test::readOne(*m_reader), {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, Values(10, 1));
        second(startRecord(5));
        check(*test::readOne(*m_reader), {0, 1, 2, 3, 4}, Values(5, 1));
        append(kSecond, points(5, 2, 2));
        check(*test::readOne(*m_reader), {0, 1, 2, 3, 4, 5, 6}, {1, 1, 1, 1, 1, 2, 2});
        QCOMPARE(test::plain(m_reader->series("", "loss", 5, {})->values), (Values{2, 2}));
        append(kSecond, startRecord(6) + points(6, 2, 3));
        check(*test::readOne(*m_reader), {0, 1, 2, 3, 4, 5, 6, 7}, {1, 1, 1, 1, 1, 2, 3, 3});
        std::filesystem::remove(m_folder->path() / kSecond);  // what it took back stands again
        const auto part = test::readOne(*m_reader);
        check(*part, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, Values(10, 1));
        QVERIFY(part->damage.empty());
    }

    void theFirstStartTakesBackOfAnOlderFileThatComesLater() {
        second(scalarRecord("loss", 7, 1) + startRecord(5) + points(5, 2, 2));
        check(*test::readOne(*m_reader), {5, 6}, {2, 2});
        first(points(4, 2, 9));
        check(*test::readOne(*m_reader), {4, 5, 6}, {9, 2, 2});
    }

    void setUp() override {
        m_folder = std::make_unique<test::TempFolder>();
        m_reader = test::formatNamed("tensorboard").open(m_folder->path());
    }
    void tearDown() override {
        m_reader.reset();
        m_folder.reset();
    }

private:
    static constexpr const char* kFirst = "events.out.tfevents.1.h";
    static constexpr const char* kSecond = "events.out.tfevents.2.h";

    static std::string image(std::int64_t step, const char* content) {
        const auto encoded = test::Message().number(1, 1).number(2, 1).text(4, content);
        return test::valueRecord(step, 1.6e9, test::Message().text(1, "im").text(4, encoded.bytes()));
    }
    static std::string version() { return test::versionRecord(1.6e9); }
    void first(const std::string& bytes) const { m_folder->write(kFirst, version() + bytes); }
    void second(const std::string& bytes) const { m_folder->write(kSecond, version() + bytes); }
    void append(const char* name, const std::string& bytes) const {
        std::ofstream(m_folder->path() / name, std::ios::app | std::ios::binary) << bytes;
    }
    /// Table and curve agree.
    void check(const sources::Part& part, const Steps& steps, const Values& values) const {
        const auto series = *m_reader->series("", "loss", 0, {});
        QCOMPARE(test::plain(series.steps), steps);
        QCOMPARE(test::plain(series.values), values);
        const auto& summary = *part.record.metric(Symbol("loss"));
        QCOMPARE(summary.count, std::uint64_t{values.size()});
        QCOMPARE(summary.first, values.front());
        QCOMPARE(summary.last, values.back());
        QCOMPARE(summary.lastStep, steps.back());
        QCOMPARE(summary.max, *std::max_element(values.begin(), values.end()));
    }

    std::unique_ptr<test::TempFolder> m_folder;
    std::unique_ptr<sources::Reader> m_reader;
};

QTEST_GUILESS_MAIN(TestTensorboardRestarts)
#include "tst_tensorboard_restarts.moc"
