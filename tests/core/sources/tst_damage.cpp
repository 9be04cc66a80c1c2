// SPDX-License-Identifier: GPL-3.0-or-later
// One record is damaged in what each tool writes: it alone is lost, and the run says how many were left out,
// in which file, and where the first one is.
#include <chrono>
#include <functional>

#include "event_writer.h"
#include "foreign_sqlite.h"
#include "level_log_writer.h"
#include "reading.h"
#include "runglass/base/clock.h"
#include "runglass/sources/catalogue.h"
#include "truth.h"
#include "wire_message.h"

using namespace runglass;
using test::Message;

namespace {

/// A damaged run of a tool, and what is to be said of it.
struct Case {
    const char* name;
    const char* format;
    const char* key;
    /// Writes it; returns where the damage is, 0 where a row or the whole file says it.
    std::function<std::uint64_t(const test::TempFolder&)> write;
    const char* file;
    std::uint64_t count;
    const char* reason;
    const char* metric;  ///< one that is sound; empty: none
    std::size_t points;
};

constexpr const char* kWandbLog = "wandb/run-20240102_030405-abc/run-abc.wandb";

Message wandbRow(int step, std::string_view loss) {
    return Message().message(2, Message()
                                    .message(1, Message().text(1, "loss").text(16, loss))
                                    .message(1, Message().text(1, "_step").text(16, std::to_string(step))));
}

Message swanlabPoint(std::uint64_t step, double value) {
    return Message().message(13,
                             Message().text(1, "loss").number(2, step).message(5, Message().real(1, value)));
}

test::LevelLogWriter wandbLog() {
    auto log = test::LevelLogWriter::wandb();
    log.record(wandbRow(0, "0.5")).record(wandbRow(1, "0.25"));
    return log;
}

std::uint64_t flip(std::string& bytes, std::size_t at) {
    bytes.at(at) = static_cast<char>(static_cast<unsigned char>(bytes.at(at)) ^ 0x10U);
    return 0;
}

constexpr const char* kMlflowSchema = R"(
    CREATE TABLE experiments(experiment_id INTEGER PRIMARY KEY, name TEXT, artifact_location TEXT, lifecycle_stage TEXT);
    CREATE TABLE runs(run_uuid TEXT PRIMARY KEY, name TEXT, status TEXT, start_time BIGINT, end_time BIGINT,
        lifecycle_stage TEXT, experiment_id INTEGER, source_version TEXT, artifact_uri TEXT);
    CREATE TABLE params(run_uuid TEXT, key TEXT, value TEXT);
    CREATE TABLE tags(run_uuid TEXT, key TEXT, value TEXT);
    CREATE TABLE metrics(key TEXT, value FLOAT, timestamp BIGINT, run_uuid TEXT, step BIGINT, is_nan BOOLEAN);
    INSERT INTO experiments VALUES(0, 'Default', '', 'active');
    INSERT INTO runs VALUES('00112233445566778899aabbccddeeff', 'a', 'FINISHED', 1, 2, 'active', 0, '', '');
)";

constexpr const char* kOptunaSchema = R"(
    CREATE TABLE studies(study_id INTEGER PRIMARY KEY, study_name TEXT);
    CREATE TABLE trials(trial_id INTEGER PRIMARY KEY, number INTEGER, study_id INTEGER, state TEXT,
        datetime_start DATETIME, datetime_complete DATETIME);
    CREATE TABLE trial_params(param_id INTEGER PRIMARY KEY, trial_id INTEGER, param_name TEXT, param_value FLOAT,
        distribution_json TEXT);
    CREATE TABLE trial_intermediate_values(id INTEGER PRIMARY KEY, trial_id INTEGER, step INTEGER,
        intermediate_value FLOAT, intermediate_value_type TEXT);
    CREATE TABLE trial_user_attributes(id INTEGER PRIMARY KEY, trial_id INTEGER, key TEXT, value_json TEXT);
    INSERT INTO studies VALUES(1, 'tune');
    INSERT INTO trials VALUES(7, 0, 1, 'COMPLETE', NULL, NULL);
    INSERT INTO trial_intermediate_values VALUES(1, 7, 0, 0.5, 'FINITE'), (2, 7, 1, 0.25, 'FINITE');
)";

constexpr const char* kTrackioSchema = R"(
    CREATE TABLE metrics(id INTEGER PRIMARY KEY, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT);
    CREATE TABLE configs(id INTEGER PRIMARY KEY, run_name TEXT, config TEXT, created_at TEXT);
    INSERT INTO metrics VALUES(1, '', 'a', 0, '{"loss": 0.5}'), (2, '', 'a', 1, '{"loss": 0.25}');
)";

/// A case of a database, which has rows and no bytes.
auto database(const char* file, const char* schema, const char* damage) {
    return [=](const test::TempFolder& project) {
        const test::ForeignSqlite made(project / file);
        made.run(std::string(schema) + damage);
        return std::uint64_t{0};
    };
}

/// A case of one text file: the damage is where `at` stands in it; null: at no place.
auto text(const char* file, std::string content, const char* at,
          std::vector<std::pair<const char*, const char*>> others = {}) {
    return [=](const test::TempFolder& project) {
        project.write(file, content);
        for (const auto& [name, other] : others) {
            project.write(name, other);
        }
        return at == nullptr ? std::uint64_t{0} : std::uint64_t{content.find(at)};
    };
}

const std::vector<Case>& cases() {
    static const std::vector<Case> all{
        {"event file, a flipped bit", "tensorboard", "",
         [](const test::TempFolder& project) {
             auto bytes = test::versionRecord(1) + test::scalarRecord("loss", 0, 0.5F);
             const auto at = bytes.size();
             bytes += test::scalarRecord("loss", 1, 9.F);
             flip(bytes, at + 20);
             bytes += test::scalarRecord("loss", 2, 0.25F);
             project.write("tb/events.out.tfevents.1.h", bytes);
             return std::uint64_t{at};
         },
         "tb/events.out.tfevents.1.h", 1, "checksum", "loss", 2},
        {"event file, cut", "tensorboard", "",
         [](const test::TempFolder& project) {
             auto bytes = test::versionRecord(1) + test::scalarRecord("loss", 0, 0.5F) +
                          test::scalarRecord("loss", 1, 0.25F);
             const auto at = bytes.size();
             bytes += test::scalarRecord("loss", 2, 9.F);
             bytes.pop_back();
             project.write("tb/events.out.tfevents.1.h", bytes);
             return std::uint64_t{at};
         },
         "tb/events.out.tfevents.1.h", 1, "only half there", "loss", 2},
        {"W&B, a flipped bit", "wandb", "",
         [](const test::TempFolder& project) {
             auto log = wandbLog();
             const auto at = log.bytes().size();
             log.record(wandbRow(2, "9"));
             const auto end = log.bytes().size();
             log.record(wandbRow(3, "0.125"));
             auto bytes = log.bytes();
             flip(bytes, end - 1);
             project.write(kWandbLog, bytes);
             return std::uint64_t{at};
         },
         kWandbLog, 1, "checksum or length", "loss", 3},
        {"W&B, no JSON", "wandb", "",
         [](const test::TempFolder& project) {
             auto log = wandbLog();
             const auto at = log.bytes().size();
             log.record(wandbRow(2, "garbage{")).record(wandbRow(3, "0.125")).record(wandbRow(4, "{"));
             project.write(kWandbLog, log.bytes());
             return std::uint64_t{at};
         },
         kWandbLog, 2, "cannot be decoded", "loss", 3},
        {"W&B, cut in a record", "wandb", "",
         [](const test::TempFolder& project) {
             auto log = wandbLog();
             const auto at = log.bytes().size();
             log.record(wandbRow(2, "9"));
             project.write(kWandbLog, log.bytes().substr(0, log.bytes().size() - 3));
             return std::uint64_t{at};
         },
         kWandbLog, 1, "only half there", "loss", 2},
        {"W&B, cut at the end of a block", "wandb", "",
         [](const test::TempFolder& project) {
             auto log = wandbLog();
             log.record(wandbRow(2, std::string(40'000, '9')));
             project.write(kWandbLog, log.bytes().substr(0, 32768));
             return std::uint64_t{32768};
         },
         kWandbLog, 1, "only half there", "loss", 2},
        {"SwanLab, a flipped bit", "swanlab", "",
         [](const test::TempFolder& project) {
             auto log = test::LevelLogWriter::swanlab();
             log.record(swanlabPoint(0, 0.5));
             const auto at = log.bytes().size();
             log.record(swanlabPoint(1, 9));
             auto bytes = log.bytes();
             flip(bytes, at + 10);
             bytes += log.record(swanlabPoint(2, 0.25)).bytes().substr(bytes.size());
             project.write("swanlog/run-1-abc/run-abc.swanlab", bytes);
             return std::uint64_t{at};
         },
         "swanlog/run-1-abc/run-abc.swanlab", 1, "checksum or length", "loss", 2},
        {"SwanLab, cut", "swanlab", "",
         [](const test::TempFolder& project) {
             auto log = test::LevelLogWriter::swanlab();
             log.record(swanlabPoint(0, 0.5));
             const auto at = log.bytes().size();
             log.record(swanlabPoint(1, 9));
             project.write("swanlog/run-1-abc/run-abc.swanlab", log.bytes().substr(0, at + 9));
             return std::uint64_t{at};
         },
         "swanlog/run-1-abc/run-abc.swanlab", 1, "only half there", "loss", 1},
        {"SwanLab, config", "swanlab", "",
         [](const test::TempFolder& project) {
             auto log = test::LevelLogWriter::swanlab();
             project.write("swanlog/run-1-abc/run-abc.swanlab", log.record(swanlabPoint(0, 0.5)).bytes());
             project.write("swanlog/run-1-abc/files/config.yaml", "lr: {value: 1\n");
             return std::uint64_t{0};
         },
         "swanlog/run-1-abc/files/config.yaml", 1, "Line 2 is not valid YAML", "loss", 1},
        {"Sacred, values", "sacred", "",
         text("1/metrics.json", R"({"loss": {"steps": [0, 1, 2], "values": [0.5, oops, 0.25]}})", nullptr,
              {{"1/run.json", R"({"status": "COMPLETED"})"}, {"1/config.json", "{}"}}),
         "1/metrics.json", 1, "of loss is not a number: point 1", "loss", 2},
        {"Sacred, a broken file", "sacred", "",
         text("1/config.json", R"({"lr": 0.5, "seed" 3})", "3}",
              {{"1/run.json", R"({"status": "COMPLETED"})"},
               {"1/metrics.json", R"({"loss": {"steps": [0], "values": [0.5]}})"}}),
         "1/config.json", 1, "not JSON", "loss", 1},
        {"Hugging Face, a row", "huggingface", "",
         text(
             "out/trainer_state.json",
             R"({"log_history": [{"loss": 0.5, "step": 0}, {"loss": oops, "step": 1}, {"loss": 0.25, "step": 2}]})",
             "{\"loss\": oops"),
         "out/trainer_state.json", 1, "its row is left out", "loss", 2},
        {"Hugging Face, a broken file", "huggingface", "",
         text("out/trainer_state.json", R"({"log_history": [{"loss" 0.5}]})", "0.5",
              {{"out/checkpoint-1/trainer_state.json", R"({"log_history": [{"loss": 0.5, "step": 1}]})"}}),
         "out/trainer_state.json", 1, "not valid JSON", "loss", 1},
        {"Guild, an attribute", "guild", "",
         text("runs/00112233445566778899aabbccddeeff/.guild/attrs/started", "yesterday\n", nullptr,
              {{"runs/00112233445566778899aabbccddeeff/.guild/opref", "script:/x '' '' train"}}),
         "runs/00112233445566778899aabbccddeeff/.guild/attrs/started", 1, "not a whole number", "", 0},
        {"Guild, flags", "guild", "",
         text("runs/00112233445566778899aabbccddeeff/.guild/attrs/flags", "lr: [1\n", nullptr,
              {{"runs/00112233445566778899aabbccddeeff/.guild/opref", "script:/x '' '' train"}}),
         "runs/00112233445566778899aabbccddeeff/.guild/attrs/flags", 1, "Line 2 is not valid YAML", "", 0},
        {"Optuna, a value", "optuna", "7",
         database("o.db", kOptunaSchema,
                  "INSERT INTO trial_intermediate_values VALUES(3, 7, 2, 'oops', 'FINITE'), (4, 7, 3, x'00', "
                  "'FINITE')"),
         "o.db", 2, "trial_intermediate_values is not a number: row 3", "intermediate_value", 2},
        {"Optuna, a param", "optuna", "7",
         database("o.db", kOptunaSchema, "INSERT INTO trial_params VALUES(5, 7, 'lr', 1.0, '{\"name\": ')"),
         "o.db", 1, "trial_params is not JSON: row 5", "intermediate_value", 2},
        {"Optuna, an attribute", "optuna", "7",
         database("o.db", kOptunaSchema, "INSERT INTO trial_user_attributes VALUES(6, 7, 'note', 'oops')"),
         "o.db", 1, "trial_user_attributes is not JSON: row 6", "intermediate_value", 2},
        {"Trackio, a row", "trackio", "a",
         database("t.db", kTrackioSchema,
                  "INSERT INTO metrics VALUES(8, '', 'a', 2, '{\"loss\": oops}'), (9, '', 'a', 3, '')"),
         "t.db", 2, "metrics is not JSON: row 8", "loss", 2},
        {"Trackio, a config", "trackio", "a",
         database("t.db", kTrackioSchema, "INSERT INTO configs VALUES(4, 'a', '{\"lr\": ', '')"), "t.db", 1,
         "configs is not JSON: row 4", "loss", 2},
        {"MLflow, a line", "mlflow", "00112233445566778899aabbccddeeff",
         text("mlruns/0/00112233445566778899aabbccddeeff/metrics/loss", "1 0.5 0\n2 oops 1\n3 0.25 2\n",
              "2 oops",
              {{"mlruns/0/meta.yaml", "name: Default\nexperiment_id: '0'\n"},
               {"mlruns/0/00112233445566778899aabbccddeeff/meta.yaml",
                "run_id: 00112233445566778899aabbccddeeff\nstatus: 3\nstart_time: 1\nend_time: 2\n"}}),
         "mlruns/0/00112233445566778899aabbccddeeff/metrics/loss", 1, "time, value, step", "loss", 2},
        {"MLflow, a row", "mlflow", "00112233445566778899aabbccddeeff",
         database("mlflow.db", kMlflowSchema,
                  "INSERT INTO metrics VALUES('loss', 0.5, 1, '00112233445566778899aabbccddeeff', 0, 0),"
                  "('loss', 'oops', 2, '00112233445566778899aabbccddeeff', 1, 0),"
                  "('loss', 9.0, 'then', '00112233445566778899aabbccddeeff', 2, 0),"
                  "('loss', 0.25, 3, '00112233445566778899aabbccddeeff', 3, 0)"),
         "mlflow.db", 2, "metrics is not a number: row 2", "loss", 2},
        {"Lightning, a row", "lightning", "",
         text("version_0/metrics.csv", "epoch,step,loss\n0,0,0.5\n0,1\n0,2,0.25\n", "0,1\n",
              {{"version_0/hparams.yaml", "lr: 1\n"}}),
         "version_0/metrics.csv", 1, "another number of cells", "loss", 2},
        {"Lightning, params", "lightning", "",
         text("version_0/hparams.yaml", "lr: [1\n", nullptr,
              {{"version_0/metrics.csv", "epoch,step,loss\n0,0,0.5\n"}}),
         "version_0/hparams.yaml", 1, "Line 2 is not valid YAML", "loss", 1},
        {"Ultralytics, a cell", "ultralytics", "",
         text("train/results.csv", "epoch,train/box_loss\n1,0.5\n2,oops\n3,0.25\n", "2,oops"),
         "train/results.csv", 1, "column train/box_loss is not a number", "train/box_loss", 2},
        {"Keras, a row", "keras", "",
         text("log/training.csv", "epoch,loss,val_loss\n0,0.5,1\n1,0.25,1,7\n2,0.25,1\n", "1,0.25,1,7"),
         "log/training.csv", 1, "another number of cells", "loss", 2},
    };
    return all;
}

}  // namespace

class TestDamage : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void costsOneRecordAndIsSaid_data() {
        QTest::addColumn<std::size_t>("index");
        for (std::size_t i = 0; i < cases().size(); ++i) {
            QTest::newRow(cases()[i].name) << i;
        }
    }

    void costsOneRecordAndIsSaid() {
        QFETCH(std::size_t, index);
        const auto& one = cases()[index];
        const test::TempFolder project;
        const auto offset = one.write(project);
        auto opened = test::openAll(one.format, project.path());
        QCOMPARE(opened.size(), std::size_t{1});
        auto& run = opened.begin()->second;
        const auto part = std::find_if(run.parts.begin(), run.parts.end(),
                                       [&](const auto& made) { return made->key == one.key; });
        if (part == run.parts.end()) {
            QFAIL(run.parts.empty() ? "no run" : run.parts.front()->key.c_str());
        }
        QCOMPARE((*part)->damage.size(), std::size_t{1});
        const auto& damage = (*part)->damage.front();
        QCOMPARE(damage.file, project / one.file);
        QCOMPARE(damage.count, one.count);
        QCOMPARE(damage.offset, offset);
        QVERIFY2(damage.reason.find(one.reason) != std::string::npos, damage.reason.c_str());
        if (one.points == 0) {
            return;
        }
        const auto* summary = (*part)->record.metric(Symbol(one.metric));
        QVERIFY(summary != nullptr);
        QCOMPARE(summary->count, std::uint64_t{one.points});
        QVERIFY(summary->max <= 0.5);
        QCOMPARE(run.reader->series(one.key, one.metric, 0, {})->size(), one.points);
    }

    /// Whoever writes through a buffer leaves half a record at the end each time.
    void halfARecordIsNoFaultWhileTheRunGoesOn_data() {
        QTest::addColumn<bool>("isLive");
        QTest::newRow("live") << true;
        QTest::newRow("of long ago") << false;
    }
    void halfARecordIsNoFaultWhileTheRunGoesOn() {
        QFETCH(bool, isLive);
        const auto wall = static_cast<double>(nowMs()) / 1000 - (isLive ? 0 : 48 * 3600);
        const test::TempFolder project;
        auto bytes = test::versionRecord(wall);
        for (int step = 0; step < 2; ++step) {
            bytes += test::scalarRecord("loss", step, 0.5F, wall);
        }
        bytes.pop_back();
        project.write("tb/events.out.tfevents.1.h", bytes);
        if (!isLive) {
            const auto longAgo = std::filesystem::file_time_type::clock::now() - std::chrono::hours(48);
            std::filesystem::last_write_time(project / "tb/events.out.tfevents.1.h", longAgo);
        }
        sources::Catalogue catalogue({.project = project.path()});
        const auto found = catalogue.load();
        QCOMPARE(found->runs.size(), std::size_t{1});
        const auto& run = *found->runs.front();
        QCOMPARE(run.status == model::RunStatus::Running, isLive);
        QCOMPARE(run.leftOut, std::uint64_t{isLive ? 0U : 1U});
        const auto detail = catalogue.detail(run.id);
        QCOMPARE(detail->problems.size(), std::size_t{isLive ? 0U : 1U});
        QCOMPARE(detail->remarks.size(), std::size_t{isLive ? 1U : 0U});
    }
};

QTEST_GUILESS_MAIN(TestDamage)
#include "tst_damage.moc"
