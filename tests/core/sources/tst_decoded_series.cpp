// SPDX-License-Identifier: GPL-3.0-or-later
// The decoded logs that are kept: how many, and for which state of a file.
#include <algorithm>

#include "level_log_writer.h"
#include "runglass/sources/format.h"
#include "truth.h"

using namespace runglass;
using test::LevelLogWriter;
using test::Message;

namespace {

constexpr const char* kFile = "wandb/run-20240102_030405-x/run-x.wandb";

Message row(int step, int metrics) {
    Message items;
    for (int i = 0; i < metrics; ++i) {
        items.message(1, Message().text(1, "m" + std::to_string(i)).text(16, std::to_string(step + i)));
    }
    return Message().message(2, items.message(1, Message().text(1, "_step").text(16, std::to_string(step))));
}

std::unique_ptr<sources::Reader> open(const test::TempFolder& project) {
    auto opened = test::openAll("wandb", project.path());
    return opened.size() == 1 ? std::move(opened.begin()->second.reader) : nullptr;
}

}  // namespace

class TestDecodedSeries : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void aGrowingLogIsDecodedAnew() {
        const test::TempFolder project;
        auto log = LevelLogWriter::wandb();
        log.record(row(0, 3)).record(row(1, 3));
        project.write(kFile, log.bytes());
        const auto reader = open(project);
        QCOMPARE(test::plain(reader->series("", "m1", 0, {})->values), (std::vector<double>{1, 2}));
        QCOMPARE(test::plain(reader->series("", "m2", 1, {})->values), std::vector<double>{3});
        log.record(row(2, 3));
        project.write(kFile, log.bytes());
        QCOMPARE(test::plain(reader->series("", "m1", 1, {})->values), (std::vector<double>{2, 3}));
        QVERIFY(reader->series("", "m3", 0, {}).error().code == ErrorCode::NotFound);
    }

    /// 2.4 million points: more than are kept at a time, so each answer is a pass of its own.
    void aLogThatIsTooLargeToKeepIsStillRead() {
        const test::TempFolder project;
        auto log = LevelLogWriter::wandb();
        constexpr int kRows = 4'000;
        constexpr int kMetrics = 600;
        for (int step = 0; step < kRows; ++step) {
            log.record(row(step, kMetrics));
        }
        project.write(kFile, log.bytes());
        const auto reader = open(project);
        for (const int metric : {0, kMetrics - 1, 0}) {
            const auto series = reader->series("", "m" + std::to_string(metric), 0, {});
            VERIFY_OK(series);
            QCOMPARE(series->size(), std::size_t{kRows});
            QCOMPARE(series->values.back(), static_cast<double>(kRows - 1 + metric));
        }
    }
};

QTEST_GUILESS_MAIN(TestDecodedSeries)
#include "tst_decoded_series.moc"
