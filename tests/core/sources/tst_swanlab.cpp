// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "level_log_writer.h"
#include "truth.h"

using namespace runglass;
using test::LevelLogWriter;
using test::Message;

class TestSwanlab : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void readsARun() {
        const test::TempFolder project;
        const auto time = [](int seconds) {
            return Message().number(1, static_cast<unsigned>(1700000000 + seconds));
        };
        auto log = LevelLogWriter::swanlab();
        log.record(Message().message(10, Message()
                                             .text(1, "vision")
                                             .text(4, "owl")
                                             .text(5, "why")
                                             .text(6, "base")
                                             .text(10, "abc")
                                             .message(12, time(0))));
        const double values[] = {0.5, std::nan(""), 0.0};
        for (unsigned step = 0; step < 3; ++step) {
            log.record(Message().message(13, Message()
                                                 .text(1, "loss")
                                                 .number(2, step)
                                                 .message(4, time(static_cast<int>(step)))
                                                 .message(5, Message().real(1, values[step]))));
        }
        log.record(Message().message(16, Message().text(1, "epoch 1")));
        const std::string folder = "swanlog/run-20240102_030405-abc/";
        const auto path = project.write(folder + "run-abc.swanlab", log.bytes());
        project.write(folder + "files/config.yaml", "lr:\n  desc: ''\n  sort: 0\n  value: 0.1\n");
        auto opened = test::openAll("swanlab", project.path());
        QCOMPARE(opened.size(), std::size_t{1});
        auto& reader = *opened.begin()->second.reader;
        auto part = (*reader.read({}))[0];
        QVERIFY(part->damage.empty());
        QVERIFY(!part->tellsStatus);
        QCOMPARE(part->record.name, std::string("owl"));
        QCOMPARE(part->record.experiment.str(), std::string("vision"));
        QCOMPARE(*part->record.startTimeMs, std::int64_t{1700000000000});
        QCOMPARE(*part->record.param(Symbol("lr")), std::string_view("0.1"));
        QCOMPARE(part->record.metric(Symbol("loss"))->nanCount, std::uint64_t{1});
        QCOMPARE(part->record.metric(Symbol("loss"))->last, 0.0);
        QCOMPARE(part->record.metric(Symbol("loss"))->lastTimeMs, std::int64_t{1700000002000});
        QCOMPARE(test::plain(reader.series("", "loss", 2, {})->values), std::vector<double>{0.0});
        QCOMPARE(*reader.console(""), std::string("epoch 1\n"));
        QCOMPARE(reader.detail("")->note, std::string("why"));

        log.record(
            Message().message(11, Message().number(1, 2).text(2, "out of memory").message(3, time(9))));
        project.write(folder + "run-abc.swanlab", log.bytes());
        part = (*reader.read({}))[0];
        QVERIFY(part->tellsStatus);
        QVERIFY(part->record.status == model::RunStatus::Failed);
        QCOMPARE(reader.detail("")->problems[0], std::string("out of memory"));
    }
};

QTEST_GUILESS_MAIN(TestSwanlab)
#include "tst_swanlab.moc"
