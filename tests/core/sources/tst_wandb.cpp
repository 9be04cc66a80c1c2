// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <fstream>

#include "level_log_writer.h"
#include "runglass/sources/catalogue.h"
#include "truth.h"

using namespace runglass;
using test::LevelLogWriter;
using test::Message;

namespace {

constexpr const char* kFolder = "wandb/offline-run-20240102_030405-abc123/";
constexpr const char* kLog = "wandb/offline-run-20240102_030405-abc123/run-abc123.wandb";

Message item(std::string_view key, std::string_view json, bool nested = false) {
    return Message().text(nested ? 2 : 1, key).text(16, json);
}

Message history(int step, std::string_view loss) {
    Message row;
    row.message(1, item("loss", loss));
    row.message(1, item("_step", std::to_string(step)));
    row.message(1, item("_timestamp", std::to_string(1700000000 + step) + ".5"));
    return Message().message(2, row);
}

Message run() {
    Message config;
    config.message(1, item("lr", "0.001"));
    config.message(1, item("model", R"({"name": "vit", "layers": [1, 2]})"));
    config.message(1, item("_wandb", R"({"cli_version": "0.15"})"));
    return Message().message(
        17, Message()
                .text(1, "abc123")
                .text(3, "vision")
                .message(4, config)
                .text(6, "group-1")
                .text(8, "brave-owl-7")
                .text(9, "# Why")
                .text(10, "baseline")
                .message(17, Message().number(1, 1700000000).number(2, 250'000'000))
                .message(21, Message().text(1, "https://me:secret@host/repo.git").text(2, "c0ffee")));
}

}  // namespace

class TestWandb : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void aResumedRunIsOneRun() {
        const test::TempFolder project;
        auto first = LevelLogWriter::wandb();
        first.record(run()).record(history(0, "1.5")).record(history(1, "NaN"));
        first.record(Message().message(13, Message().text(3, "before\n")));
        first.record(Message().message(18, Message().number(1, 1)));
        auto second = LevelLogWriter::wandb();
        Message config;
        config.message(1, item("lr", "0.002"));
        second.record(Message().message(17, Message()
                                                .text(1, "abc123")
                                                .text(3, "vision")
                                                .message(4, config)
                                                .message(17, Message().number(1, 1700009000))));
        second.record(history(2, "0.25"));
        second.record(Message().message(13, Message().text(3, "after\n")));
        second.record(Message().message(18, Message().number(1, 0)));
        project.write("wandb/run-20240102_030405-abc123/run-abc123.wandb", first.bytes());
        project.write("wandb/offline-run-20240103_030405-abc123/run-abc123.wandb", second.bytes());
        project.write("copy/wandb/run-20240102_030405-abc123/run-abc123.wandb", first.bytes());
        sources::Catalogue catalogue({.project = project.path(), .cache = false});
        const auto runs = catalogue.load();
        QCOMPARE(runs->runs.size(), std::size_t{2});  // the copy is a run of its own
        const auto resumed = std::ranges::find_if(
            runs->runs, [&](const auto& one) { return catalogue.origins(one->id).size() == 2; });
        QVERIFY(resumed != runs->runs.end());
        const auto& record = **resumed;
        QVERIFY(record.status == model::RunStatus::Finished);
        QCOMPARE(*record.exitCode, 0);
        QCOMPARE(*record.startTimeMs, std::int64_t{1700000000250});
        QCOMPARE(*record.param(Symbol("lr")), std::string_view("0.002"));
        QCOMPARE(*record.param(Symbol("model.name")), std::string_view("vit"));
        const auto* loss = record.metric(Symbol("loss"));
        QCOMPARE(loss->count, std::uint64_t{3});
        QCOMPARE(loss->nanCount, std::uint64_t{1});
        QCOMPARE(loss->first, 1.5);
        QCOMPARE(loss->last, 0.25);
        QCOMPARE(loss->min, 0.25);
        QCOMPARE(loss->max, 1.5);
        QCOMPARE(test::plain(catalogue.series(record.id, "loss")->steps),
                 (std::vector<std::int64_t>{0, 1, 2}));
        QCOMPARE(test::plain(catalogue.series(record.id, "loss", 1)->steps),
                 (std::vector<std::int64_t>{1, 2}));
        QCOMPARE(test::plain(catalogue.series(record.id, "loss", 2)->values), std::vector<double>{0.25});
        QCOMPARE(catalogue.series(record.id, "loss", 3)->size(), std::size_t{0});
        QCOMPARE(*catalogue.console(record.id), std::string("before\nafter\n"));
    }

    void readsEveryKindOfRecord() {
        const test::TempFolder project;
        auto log = LevelLogWriter::wandb();
        log.record(run()).record(history(0, "1.5")).record(history(2, "NaN")).record(history(3, "-Infinity"));
        Message nested;
        nested.message(1, Message().text(2, "val").text(2, "acc").text(16, "0.5"));
        nested.message(1, item("grad", R"({"norm": 2, "name": "x", "deep": {"max": 3}})"));
        nested.message(1, item("image", R"({"_type": "image-file", "width": 4})"));
        nested.message(1, item("flag", "true"));
        nested.message(2, Message().number(1, 9));
        log.record(Message().message(2, nested));
        log.record(Message().message(
            7, Message().message(2, Message().number(1, 1700000100)).message(3, item("gpu.0.gpu", "97.5"))));
        log.record(Message().message(13, Message().text(3, "epoch 1\n")));
        log.record(Message().message(13, Message().text(3, "epoch 2\n")));
        Message summary;
        summary.message(1, item("best", "0.75"));
        summary.message(1, item("loss", "1.5"));
        log.record(Message().message(3, summary));
        log.record(Message().message(25, Message().text(1, "d1g3st").text(3, "iris:v2")));
        log.record(Message().message(
            26, Message().text(2, "3.11").text(5, "--lr").text(5, "1").text(6, "train.py")));
        log.record(Message().message(18, Message().number(1, 3)));
        project.write(kLog, log.bytes());
        project.write(std::string(kFolder) + "files/requirements.txt", "Zope==1\nabc==2.0\n");
        project.write(std::string(kFolder) + "files/media/images/a.png", "png");

        const auto reader = open(project);
        const auto& part = *(*reader->read({}))[0];
        const auto& record = part.record;
        QVERIFY(part.damage.empty());
        QCOMPARE(record.name, std::string("brave-owl-7"));
        QCOMPARE(record.experiment.str(), std::string("vision"));
        QVERIFY(record.status == model::RunStatus::Failed);
        QCOMPARE(*record.exitCode, 3);
        QCOMPARE(*record.startTimeMs, std::int64_t{1700000000250});
        QCOMPARE(record.git.commit, std::string("c0ffee"));
        QCOMPARE(record.git.remote, std::string("https://host/repo.git"));
        QCOMPARE(record.params.size(), std::size_t{3});
        QCOMPARE(*record.param(Symbol("lr")), std::string_view("0.001"));
        QCOMPARE(*record.param(Symbol("model.name")), std::string_view("vit"));
        QCOMPARE(*record.param(Symbol("model.layers")), std::string_view("[1, 2]"));
        QVERIFY(record.tag(Symbol("baseline")).has_value());
        QCOMPARE(*record.tag(Symbol("wandb.group")), std::string_view("group-1"));

        const auto* loss = record.metric(Symbol("loss"));
        QCOMPARE(loss->count, std::uint64_t{3});
        QCOMPARE(loss->nanCount, std::uint64_t{1});
        QVERIFY(std::isinf(loss->last));
        QCOMPARE(loss->lastStep, std::int64_t{3});
        QCOMPARE(loss->lastTimeMs, std::int64_t{1700000003500});
        QCOMPARE(record.metric(Symbol("val.acc"))->lastStep, std::int64_t{9});
        QCOMPARE(record.metric(Symbol("grad.deep.max"))->last, 3.0);
        QCOMPARE(record.metric(Symbol("system/gpu.0.gpu"))->last, 97.5);
        QCOMPARE(record.metric(Symbol("best"))->last, 0.75);
        QVERIFY(record.metric(Symbol("flag")) == nullptr);
        QVERIFY(record.metric(Symbol("image.width")) == nullptr);
        QCOMPARE(test::plain(reader->series("", "loss", 1, {})->steps), (std::vector<std::int64_t>{2, 3}));
        QCOMPARE(test::plain(reader->series("", "best", 0, {})->values), std::vector<double>{0.75});
        QVERIFY(reader->series("", "none", 0, {}).error().code == ErrorCode::NotFound);
        QCOMPARE(*reader->console(""), std::string("epoch 1\nepoch 2\n"));

        const auto detail = *reader->detail("");
        QCOMPARE(detail.note, std::string("# Why"));
        QCOMPARE(detail.command, (std::vector<std::string>{"train.py", "--lr", "1"}));
        QCOMPARE(detail.datasets[0].name, std::string("iris:v2"));
        QCOMPARE(detail.environment->packages[0].name, std::string("abc"));
        QCOMPARE(detail.artifacts.size(), std::size_t{2});
    }

    /// Records over the edges of blocks, with every remainder from 0 to more than a chunk's header.
    void metricsKnowWhatTheyAreDrawnOver() {
        const auto define = [](unsigned field, std::string_view what, std::string_view step) {
            return Message().message(12, Message().text(field, what).text(4, step));
        };
        auto log = LevelLogWriter::wandb();
        log.record(run());
        log.record(Message().message(12, Message().text(1, "round")));
        log.record(define(2, "client/*", "round")).record(define(2, "*", "absent"));
        log.record(define(1, "client/own", "_step")).record(define(1, "loss", "round"));
        Message row;
        for (const char* key : {"round", "client/acc", "client/own", "loss", "other"}) {
            row.message(1, item(key, "7"));
        }
        log.record(Message().message(2, row.message(1, item("_step", "0"))));
        const test::TempFolder project;
        project.write(kLog, log.bytes());
        const auto stepMetricsOf = [&](const sources::SharedForeignRuns& runs) {
            std::vector<std::string> over;
            for (const char* key : {"round", "client/acc", "client/own", "loss", "other"}) {
                over.push_back(runs->runs[0]->stepMetric(Symbol(key)).str());
            }
            return over;
        };
        // A later rule wins over an earlier one, a name over a rule; what was never logged is no axis.
        const std::vector<std::string> expected{"", "", "", "round", ""};
        auto runs = sources::Catalogue({.project = project.path(), .cache = false}).load();
        QCOMPARE(stepMetricsOf(runs), expected);

        log = LevelLogWriter::wandb();
        log.record(run()).record(define(2, "client/*", "round"));
        log.record(Message().message(2, row));
        project.write(kLog, log.bytes());
        std::filesystem::create_directories(project / ".runglass");
        std::filesystem::last_write_time(
            project.path() / kLog, std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
        for (int i = 0; i < 2; ++i) {  // the second time out of the cached index
            runs = sources::Catalogue({.project = project.path()}).load();
            QCOMPARE(stepMetricsOf(runs), (std::vector<std::string>{"", "round", "round", "", ""}));
        }
        QCOMPARE(runs->runs[0]->metric(Symbol("client/acc"))->lastStep, std::int64_t{0});
    }

    void readsRecordsOverBlockEdges() {
        for (std::size_t remainder = 0; remainder < 16; ++remainder) {
            const test::TempFolder project;
            auto log = LevelLogWriter::wandb();
            log.record(run());
            const auto filler = 32768 - log.bytes().size() - 7 - remainder;
            log.record(padding(filler));
            QCOMPARE(log.bytes().size(), 32768 - remainder);
            log.record(history(1, "0.5"));
            log.record(padding(100'000));
            log.record(history(2, "0.25"));
            project.write(kLog, log.bytes());
            const auto reader = open(project);
            const auto parts = reader->read({});
            VERIFY_OK(parts);
            const auto& part = *(*parts)[0];
            QVERIFY2(part.damage.empty(), std::to_string(remainder).c_str());
            QCOMPARE(part.record.metric(Symbol("loss"))->count, std::uint64_t{2});
        }
    }

    void followsGrowthOneByteAtATime() {
        const test::TempFolder project;
        const auto whole =
            LevelLogWriter::wandb().record(run()).record(history(0, "1")).record(history(1, "2")).bytes();
        const auto path = project.write(kLog, "");
        const auto reader = open(project);
        QCOMPARE((*reader->read({}))[0]->damage.size(), std::size_t{1});  // it is empty
        std::uint64_t most = 0;
        for (const char byte : whole) {
            std::ofstream(path, std::ios::app | std::ios::binary) << byte;
            const auto part = (*reader->read({}))[0];
            const auto* loss = part->record.metric(Symbol("loss"));
            QVERIFY(loss == nullptr || loss->count >= most);
            most = loss == nullptr ? 0 : loss->count;
        }
        QCOMPARE(most, std::uint64_t{2});
        const auto part = (*reader->read({}))[0];
        QVERIFY(part->damage.empty());
        QVERIFY(!part->tellsStatus);
        QVERIFY(part == (*reader->read({}))[0]);
        std::ofstream(path, std::ios::trunc | std::ios::binary)
            << LevelLogWriter::wandb().record(run()).record(history(0, "7")).bytes();
        QCOMPARE((*reader->read({}))[0]->record.metric(Symbol("loss"))->count, std::uint64_t{1});
    }

    void aBadRecordCostsThatRecord() {
        const test::TempFolder project;
        auto log = LevelLogWriter::wandb();
        log.record(run()).record(history(0, "1"));
        const auto damagedAt = log.bytes().size();
        log.record(history(1, "2")).record(history(2, "3"));
        auto bytes = log.bytes();
        bytes[damagedAt + 12] = static_cast<char>(bytes[damagedAt + 12] ^ 0x55);
        project.write(kLog, bytes);
        const auto reader = open(project);
        const auto& part = *(*reader->read({}))[0];
        QCOMPARE(part.record.metric(Symbol("loss"))->count, std::uint64_t{2});
        QCOMPARE(part.record.metric(Symbol("loss"))->last, 3.0);
        QCOMPARE(part.damage.size(), std::size_t{1});
        QCOMPARE(part.damage[0].offset, std::uint64_t{damagedAt});
        QCOMPARE(part.damage[0].count, std::uint64_t{1});
    }

    void aBadLengthCostsItsBlock() {
        const test::TempFolder project;
        auto log = LevelLogWriter::wandb();
        log.record(run()).record(history(0, "1"));
        const auto damagedAt = log.bytes().size();
        log.record(history(1, "2")).record(padding(40'000)).record(history(2, "3"));
        auto bytes = log.bytes();
        bytes[damagedAt + 5] = '\x7f';
        project.write(kLog, bytes);
        const auto& part = *(*open(project)->read({}))[0];
        QCOMPARE(part.record.metric(Symbol("loss"))->count, std::uint64_t{2});
        QCOMPARE(part.record.metric(Symbol("loss"))->last, 3.0);
        QCOMPARE(part.damage.size(), std::size_t{1});
    }

    void fallsBackToFiles() {
        const test::TempFolder project;
        const std::string folder = "wandb/run-20240102_030405-xyz/";
        project.write(
            folder + "files/config.yaml",
            "wandb_version: 1\n_wandb:\n  value:\n    a: 1\nlr:\n  desc: null\n  value: 0.5\nnet:\n  "
            "value:\n    depth: 3\n");
        project.write(folder + "files/wandb-summary.json",
                      R"({"acc": 0.75, "_runtime": 3, "bad": "NaN", "t": "x"})");
        project.write(folder + "files/wandb-metadata.json",
                      R"({"startedAt": "2023-11-14T22:13:20.5Z", "program": "t.py", "args": ["-x"],
                          "git": {"commit": "beef"}})");
        project.write(folder + "files/output.log", "hello\n");
        project.write(folder + "run-xyz.wandb",
                      "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n");
        const auto reader = open(project);
        const auto& part = *(*reader->read({}))[0];
        QCOMPARE(part.damage.size(), std::size_t{1});
        QVERIFY(part.damage[0].reason.find("LFS") != std::string::npos);
        QCOMPARE(part.record.name, std::string("xyz"));
        QCOMPARE(*part.record.startTimeMs, std::int64_t{1700000000500});
        QCOMPARE(part.record.git.commit, std::string("beef"));
        QCOMPARE(part.record.params.size(), std::size_t{2});
        QCOMPARE(*part.record.param(Symbol("net.depth")), std::string_view("3"));
        QCOMPARE(part.record.metrics.size(), std::size_t{2});
        QCOMPARE(*reader->console(""), std::string("hello\n"));
        QCOMPARE(reader->detail("")->command, (std::vector<std::string>{"t.py", "-x"}));
    }

private:
    /// A record of `size` bytes that says nothing.
    static std::string padding(std::size_t size) {
        for (std::size_t length = size > 12 ? size - 12 : 0;; ++length) {
            const auto bytes = Message().text(500, std::string(length, 'x')).bytes();
            if (bytes.size() >= size) {
                return bytes;
            }
        }
    }

    static std::unique_ptr<sources::Reader> open(const test::TempFolder& project) {
        auto opened = test::openAll("wandb", project.path());
        return opened.size() == 1 ? std::move(opened.begin()->second.reader) : nullptr;
    }
};

QTEST_GUILESS_MAIN(TestWandb)
#include "tst_wandb.moc"
