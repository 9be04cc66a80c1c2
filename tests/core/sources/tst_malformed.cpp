// SPDX-License-Identifier: GPL-3.0-or-later
// A word that is no value of JSON, in each format that has JSON: it is never a number, and it is said.
#include <cmath>

#include "foreign_sqlite.h"
#include "level_log_writer.h"
#include "reading.h"
#include "truth.h"
#include "wire_message.h"

using namespace runglass;

namespace {

using Keys = std::vector<std::string>;

Keys metricsOf(const sources::Part& part) {
    Keys keys;
    for (const auto& metric : part.record.metrics) {
        keys.push_back(metric.key.str());
    }
    return keys;
}

/// The only thing that is said to be left out.
sources::Damage damageOf(const sources::Part& part) {
    if (part.damage.size() != 1) {
        QTest::qFail("there should be one thing that is left out", __FILE__, __LINE__);
        return {};
    }
    return part.damage.front();
}

}  // namespace

class TestMalformed : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void aTrackioRowIsLeftOut() {
        const test::TempFolder project;
        {
            const test::ForeignSqlite database(project / "t.db");
            database.run(R"(
                CREATE TABLE metrics(id INTEGER PRIMARY KEY, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT);
                INSERT INTO metrics VALUES(3, '2024-01-02T03:04:05', 'a', 0, '{"loss": 0.5, "acc": -1e-3}'),
                    (4, '2024-01-02T03:04:06', 'a', 1, '{"acc": 7, "loss": broken'),
                    (5, '2024-01-02T03:04:07', 'a', 2, '{"acc": 8, "loss": oops}'),
                    (6, '2024-01-02T03:04:08', 'a', 3, '{"loss": 0.25, "big": 1e999, "odd": NaN}');
            )");
        }
        const auto reader = test::formatNamed("trackio").open(project / "t.db");
        const auto part = test::readOne(*reader);
        QCOMPARE(metricsOf(*part), (Keys{"acc", "big", "loss", "odd"}));
        QCOMPARE(part->record.metric(Symbol("loss"))->last, 0.25);
        QCOMPARE(part->record.metric(Symbol("acc"))->count, std::uint64_t{1});
        QVERIFY(std::isinf(part->record.metric(Symbol("big"))->last));  // as Python reads it
        QVERIFY(std::isnan(part->record.metric(Symbol("odd"))->last));
        QCOMPARE(test::plain(reader->series("a", "acc", 0, {})->values), std::vector<double>{-1e-3});
        QCOMPARE(damageOf(*part).count, std::uint64_t{2});
        QVERIFY(damageOf(*part).reason.find("row 4") != std::string::npos);
    }

    void aHuggingFaceRowIsLeftOut() {
        const test::TempFolder project;
        const std::string text =
            R"({"global_step": 3, "max_steps": oops, "log_history": [{"loss": 0.5, "step": 1}, )"
            R"({"loss": oops, "step": 2}, {"loss": 0.25, "step": bad}, {"loss": 0.125, "step": 3}]})";
        project.write("out/trainer_state.json", text);
        const auto reader = test::formatNamed("huggingface").open(project / "out");
        const auto part = test::readOne(*reader);
        const auto series = *reader->series({}, "loss", 0, {});
        QCOMPARE(test::plain(series.values), (std::vector<double>{0.5, 0.125}));
        QCOMPARE(test::plain(series.steps), (std::vector<std::int64_t>{1, 3}));
        QCOMPARE(part->record.metric(Symbol("loss"))->count, std::uint64_t{2});
        QVERIFY(!part->record.param(Symbol("max_steps")));
        QCOMPARE(damageOf(*part).count, std::uint64_t{3});
        QCOMPARE(damageOf(*part).offset, std::uint64_t{text.find("oops")});
    }

    void aDvcValueIsLeftOut() {
        const test::TempFolder project;
        project.write("dvc.yaml", "metrics:\n- m.json\n- half.json\n");
        project.write("m.json", R"({"f1": 0.5, "acc": oops, "sub": {"x": nope, "y": 2}})");
        project.write("half.json", R"({"cut": 0.)");
        const auto reader = test::formatNamed("dvc").open(project.path());
        const auto part = test::readOne(*reader);
        QCOMPARE(metricsOf(*part), (Keys{"f1", "sub.y"}));
        QCOMPARE(part->damage.size(), std::size_t{2});
        QCOMPARE(part->damage[0].file, project / "m.json");
        QCOMPARE(part->damage[0].count, std::uint64_t{2});
        QCOMPARE(part->damage[0].offset, std::uint64_t{19});
        QCOMPARE(part->damage[1].file, project / "half.json");
    }

    void aSacredPointIsLeftOut() {
        const test::TempFolder project;
        project.write("1/run.json", R"({"status": "COMPLETED"})");
        project.write("1/config.json", R"({"lr": 0.5, "seed": oops})");
        project.write("1/metrics.json",
                      R"({"m": {"steps": [1, bad, 3], "timestamps": [], "values": [1.5, 2.5, oops]}})");
        const auto reader = test::formatNamed("sacred").open(project / "1");
        const auto part = test::readOne(*reader);
        const auto series = *reader->series({}, "m", 0, {});
        QCOMPARE(test::plain(series.values), std::vector<double>{1.5});
        QVERIFY(!part->record.param(Symbol("seed")));
        QCOMPARE(*part->record.param(Symbol("lr")), std::string_view("0.5"));
        QCOMPARE(part->damage.size(), std::size_t{2});
        QCOMPARE(part->damage[0].offset, std::uint64_t{20});
        QCOMPARE(part->damage[1].count, std::uint64_t{2});
        QVERIFY(part->damage[1].reason.find("point 1") != std::string::npos);
    }

    void aWandbValueIsLeftOut() {
        const test::TempFolder project;
        test::Message history;
        for (const auto& [key, json] : {std::pair("d", R"({"x": oops, "y": 2})"),
                                        {"e", "oops"},
                                        {"f", "4"},
                                        {"_step", "7"},
                                        {"t", "\"text\""},
                                        {"l", "[1, 2]"}}) {
            history.message(1, test::Message().text(1, key).text(16, json));
        }
        const std::string name = "run-20240102_030405-abc";
        const auto log = test::LevelLogWriter::wandb().record(test::Message().message(2, history)).bytes();
        project.write("wandb/" + name + "/run-abc.wandb", log);
        const auto reader = test::formatNamed("wandb").open(project / "wandb" / name);
        const auto part = test::readOne(*reader);
        QCOMPARE(metricsOf(*part), (Keys{"_step", "f"}));
        QCOMPARE(damageOf(*part).count, std::uint64_t{1});
        QCOMPARE(damageOf(*part).offset, std::uint64_t{7});
    }

    void aWandbSummaryFileIsLeftOut() {
        const test::TempFolder project;
        const std::string name = "run-20240102_030405-abc";
        project.write("wandb/" + name + "/files/wandb-summary.json", R"({"acc": oops, "loss": 1})");
        const auto reader = test::formatNamed("wandb").open(project / "wandb" / name);
        const auto part = test::readOne(*reader);
        QVERIFY(part->record.metrics.empty());
        QCOMPARE(part->damage.size(), std::size_t{2});  // and the log is missing
    }
};

QTEST_GUILESS_MAIN(TestMalformed)
#include "tst_malformed.moc"
