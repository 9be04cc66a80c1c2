// SPDX-License-Identifier: GPL-3.0-or-later
// Optuna and Trackio.
#include <cmath>
#include <fstream>

#include "foreign_sqlite.h"
#include "reading.h"
#include "truth.h"

using namespace runglass;

class TestTrackerDatabases : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void readsOptunaTrials() {
        const test::TempFolder project;
        {
            const test::ForeignSqlite database(project / "study.db");
            database.run(R"(
                CREATE TABLE version_info(version_info_id INTEGER PRIMARY KEY, schema_version INTEGER, library_version TEXT);
                CREATE TABLE studies(study_id INTEGER PRIMARY KEY, study_name VARCHAR(512));
                CREATE TABLE study_directions(study_direction_id INTEGER PRIMARY KEY, direction VARCHAR(8),
                    study_id INTEGER, objective INTEGER);
                CREATE TABLE study_system_attributes(id INTEGER PRIMARY KEY, study_id INTEGER, key TEXT, value_json TEXT);
                CREATE TABLE trials(trial_id INTEGER PRIMARY KEY, number INTEGER, study_id INTEGER, state VARCHAR(8),
                    datetime_start DATETIME, datetime_complete DATETIME);
                CREATE TABLE trial_params(param_id INTEGER PRIMARY KEY, trial_id INTEGER, param_name TEXT,
                    param_value FLOAT, distribution_json TEXT);
                CREATE TABLE trial_values(trial_value_id INTEGER PRIMARY KEY, trial_id INTEGER, objective INTEGER,
                    value FLOAT, value_type VARCHAR(7));
                CREATE TABLE trial_intermediate_values(id INTEGER PRIMARY KEY, trial_id INTEGER, step INTEGER,
                    intermediate_value FLOAT, intermediate_value_type VARCHAR(7));
                CREATE TABLE trial_user_attributes(id INTEGER PRIMARY KEY, trial_id INTEGER, key TEXT, value_json TEXT);
                INSERT INTO studies VALUES(1, 'tune'), (2, 'pareto');
                INSERT INTO study_directions VALUES(1, 'MINIMIZE', 1, 0), (2, 'MINIMIZE', 2, 0), (3, 'MAXIMIZE', 2, 1);
                INSERT INTO study_system_attributes VALUES(1, 2, 'study:metric_names', '["loss", "acc"]');
                INSERT INTO trials VALUES(1, 0, 1, 'COMPLETE', '2024-01-02 03:04:05.250000', '2024-01-02 03:04:06'),
                    (2, 1, 1, 'PRUNED', NULL, NULL), (3, 0, 2, 'RUNNING', NULL, NULL);
                INSERT INTO trial_params VALUES
                    (1, 1, 'lr', 0.0001, '{"name": "FloatDistribution", "attributes": {"low": 0, "high": 1}}'),
                    (2, 1, 'layers', 3.0, '{"name": "IntDistribution", "attributes": {"low": 1, "high": 4}}'),
                    (3, 1, 'opt', 1.0, '{"name": "CategoricalDistribution", "attributes": {"choices": ["sgd", "adam"]}}'),
                    (4, 1, 'flag', 0.0, '{"name": "CategoricalDistribution", "attributes": {"choices": [true, null]}}');
                INSERT INTO trial_values VALUES(1, 1, 0, 0.5, 'FINITE'), (2, 3, 0, NULL, 'INF_POS'), (3, 3, 1, 0.9, 'FINITE');
                INSERT INTO trial_intermediate_values VALUES(1, 2, 10, 2.0, 'FINITE'), (2, 2, 0, 1.0, 'FINITE'),
                    (3, 2, 20, NULL, 'NAN'), (4, 2, 30, NULL, 'INF_NEG');
                INSERT INTO trial_user_attributes VALUES(1, 1, 'note', '"a b"');
            )");
        }
        const auto before = test::inventory(project.path());
        auto opened = test::openAll("optuna", project.path());
        QCOMPARE(opened.size(), std::size_t{1});
        auto& reader = *opened.begin()->second.reader;
        const auto parts = *reader.read({});
        QCOMPARE(parts.size(), std::size_t{3});
        const auto& first = parts[0]->record;
        QCOMPARE(first.name, std::string("trial 0"));
        QCOMPARE(first.experiment.str(), std::string("tune"));
        QVERIFY(first.status == model::RunStatus::Finished);
        QCOMPARE(*first.startTimeMs, std::int64_t{1704164645250});  // the tests' time zone is UTC
        QCOMPARE(*first.param(Symbol("lr")), std::string_view("0.0001"));
        QCOMPARE(*first.param(Symbol("layers")), std::string_view("3"));
        QCOMPARE(*first.param(Symbol("opt")), std::string_view("adam"));
        QCOMPARE(*first.param(Symbol("flag")), std::string_view("true"));
        QCOMPARE(*first.tag(Symbol("note")), std::string_view("a b"));
        QCOMPARE(*first.tag(Symbol("optuna.direction")), std::string_view("MINIMIZE"));
        QCOMPARE(*parts[2]->record.tag(Symbol("optuna.direction")), std::string_view("MINIMIZE, MAXIMIZE"));
        QCOMPARE(first.metric(Symbol("value"))->last, 0.5);
        QVERIFY(parts[1]->record.status == model::RunStatus::Killed);
        const auto* pruned = parts[1]->record.metric(Symbol("intermediate_value"));
        QCOMPARE(pruned->count, std::uint64_t{4});
        QCOMPARE(pruned->nanCount, std::uint64_t{1});
        const auto series = *reader.series("2", "intermediate_value", 1, {});
        QCOMPARE(test::plain(series.steps), (std::vector<std::int64_t>{10, 20, 30}));
        QVERIFY(std::isnan(series.values[1]) && std::isinf(series.values[2]));
        QVERIFY(std::isinf(parts[2]->record.metric(Symbol("loss"))->last));
        QCOMPARE(parts[2]->record.metric(Symbol("acc"))->last, 0.9);
        QCOMPARE(test::plain(reader.series("3", "acc", 0, {})->values), std::vector<double>{0.9});
        VERIFY_OK(reader.detail("1"));
        QVERIFY(!reader.detail("9").ok());
        QVERIFY(test::inventory(project.path()) == before);

        const test::ForeignSqlite database(project / "study.db");
        database.run("INSERT INTO trial_intermediate_values VALUES(5, 3, 0, 1.0, 'FINITE')");
        const auto after = *reader.read({});
        QVERIFY(after[0] == parts[0]);
        QVERIFY(after[2] != parts[2]);
    }

    void aDamagedPageCostsTheRowsOfItsTable() {
        const test::TempFolder project;
        {
            const test::ForeignSqlite optuna(project / "study.db");
            optuna.run(R"(PRAGMA page_size = 4096;
                CREATE TABLE studies(study_id INTEGER PRIMARY KEY, study_name VARCHAR(512));
                CREATE TABLE trials(trial_id INTEGER PRIMARY KEY, number INTEGER, study_id INTEGER, state VARCHAR(8),
                    datetime_start DATETIME, datetime_complete DATETIME);
                CREATE TABLE trial_params(param_id INTEGER PRIMARY KEY, trial_id INTEGER, param_name TEXT,
                    param_value FLOAT, distribution_json TEXT);
                CREATE TABLE trial_values(trial_value_id INTEGER PRIMARY KEY, trial_id INTEGER, objective INTEGER,
                    value FLOAT, value_type VARCHAR(7));
                INSERT INTO studies VALUES(1, 'tune');
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
                    INSERT INTO trials SELECT i, i - 1, 1, 'COMPLETE', NULL, NULL FROM n;
                INSERT INTO trial_params SELECT trial_id, trial_id, 'param' || trial_id, 0.5,
                    '{"name": "FloatDistribution", "attributes": {}}' FROM trials;
                INSERT INTO trial_values SELECT trial_id, trial_id, 0, trial_id / 4.0, 'FINITE' FROM trials;)");
            const test::ForeignSqlite trackio(project / "owl.db");
            trackio.run(R"(PRAGMA page_size = 4096;
                CREATE TABLE metrics(id INTEGER PRIMARY KEY, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT);
                CREATE TABLE configs(id INTEGER PRIMARY KEY, run_name TEXT, config TEXT, created_at TEXT);
                INSERT INTO configs VALUES(1, 'owl', '{"lr": 0.5}', '');
                WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
                    INSERT INTO metrics SELECT NULL, '2024-01-02T03:04:05', 'owl', i,
                        '{"loss": 0.5, "mark": ' || (i + 100000) || '}' FROM n;)");
        }
        test::spoilPageWith(project / "study.db", "param300");
        test::spoilPageWith(project / "owl.db", "100300");
        const auto optuna = test::openAll("optuna", project.path());
        QCOMPARE(optuna.size(), std::size_t{1});
        const auto trials = *optuna.begin()->second.reader->read({});
        QCOMPARE(trials.size(), std::size_t{500});
        QCOMPARE(trials[0]->record.params.size(), std::size_t{1});
        QCOMPARE(trials[299]->record.params.size(), std::size_t{0});
        QCOMPARE(trials[499]->record.metrics.size(), std::size_t{1});  // of another table
        QCOMPARE(trials[0]->damage.size(), std::size_t{1});
        QVERIFY(trials[0]->damage[0].reason.ends_with("rows of the table trial_params are left out."));

        const auto trackio = test::openAll("trackio", project.path());
        QCOMPARE(trackio.size(), std::size_t{1});
        auto& reader = *trackio.begin()->second.reader;
        const auto owl = *reader.read({});
        QCOMPARE(owl.size(), std::size_t{1});
        const auto count = owl[0]->record.metric(Symbol("loss"))->count;
        QVERIFY(count > 100 && count <= 300);
        QCOMPARE(reader.series(owl[0]->key, "loss", 0, {})->size(), static_cast<std::size_t>(count));
        QCOMPARE(*owl[0]->record.param(Symbol("lr")), std::string_view("0.5"));
        QCOMPARE(owl[0]->damage.size(), std::size_t{1});
        QVERIFY(owl[0]->damage[0].reason.ends_with("rows of the table metrics are left out."));

        // Cut short it has nothing to tell whose it is.
        std::filesystem::resize_file(project / "owl.db", 6'000);
        sources::Findings findings;
        test::formatNamed("trackio").recognise(*sources::listFolder(project.path()), findings);
        QVERIFY(findings.origins.empty());
        QCOMPARE(findings.problems.size(), std::size_t{1});
        QVERIFY(findings.problems[0].file == project / "owl.db");
    }

    void aStudyIsReadUpToItsDamage() {
        const test::TempFolder project;
        const auto file = project / "study.db";
        std::size_t trials = 0;
        std::size_t index = 0;
        std::size_t studies = 0;
        {
            const test::ForeignSqlite optuna(file);
            optuna.run(R"(PRAGMA page_size = 4096;
                CREATE TABLE studies(study_id INTEGER PRIMARY KEY, study_name VARCHAR(512));
                CREATE TABLE trials(trial_id INTEGER PRIMARY KEY, number INTEGER, study_id INTEGER, state VARCHAR(8),
                    datetime_start DATETIME, datetime_complete DATETIME);
                CREATE TABLE trial_params(param_id INTEGER PRIMARY KEY, trial_id INTEGER, param_name TEXT,
                    param_value FLOAT, distribution_json TEXT);
                CREATE TABLE trial_intermediate_values(id INTEGER PRIMARY KEY, trial_id INTEGER, step INTEGER,
                    intermediate_value FLOAT, UNIQUE(trial_id, step));
                INSERT INTO studies VALUES(1, 'tune');
                INSERT INTO trials VALUES(7, 0, 1, 'COMPLETE', NULL, NULL);
                INSERT INTO trial_intermediate_values VALUES(1, 7, 1, 0.25), (2, 7, 0, 0.5);)");
            trials = test::rootOf(optuna, "trials");
            studies = test::rootOf(optuna, "studies");
            index = test::rootOf(optuna, "sqlite_autoindex_trial_intermediate_values_1");
        }
        test::spoilPage(file, index);
        test::spoilPage(file, studies);
        auto opened = test::openAll("optuna", project.path());
        auto& reader = *opened.begin()->second.reader;
        const auto parts = reader.read({});
        VERIFY_OK(parts);
        QCOMPARE(parts->size(), std::size_t{1});
        QVERIFY(parts->front()->record.experiment.empty());
        QCOMPARE(parts->front()->record.metrics.at(0).summary.last, 0.25);
        QCOMPARE(parts->front()->damage.size(), std::size_t{1});
        QVERIFY(parts->front()->damage[0].reason.ends_with("rows of the table studies are left out."));
        const auto series = reader.series("7", "intermediate_value", 1, {});
        VERIFY_OK(series);
        QCOMPARE(series->size(), std::size_t{1});
        QCOMPARE(series->values[0], 0.25);

        // Without a single trial there is no run that could say so.
        test::spoilPage(file, trials);
        const auto nothing = reader.read({});
        QVERIFY(!nothing.ok());
        QVERIFY(nothing.error().code == ErrorCode::Damaged);
    }

    void readsTrackioRuns_data() {
        QTest::addColumn<bool>("withIds");
        QTest::newRow("runs by id") << true;
        QTest::newRow("runs by name") << false;
    }

    void readsTrackioRuns() {
        QFETCH(bool, withIds);
        const test::TempFolder project;
        const test::ForeignSqlite database(project / "my project.db");
        const std::string idColumn = withIds ? "run_id TEXT, " : "";
        const std::string id = withIds ? "'00112233445566778899aabbccddeeff', " : "";
        database.run("PRAGMA journal_mode = WAL; CREATE TABLE metrics(id INTEGER PRIMARY KEY, " + idColumn +
                     "timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT);"
                     "CREATE TABLE configs(id INTEGER PRIMARY KEY, " +
                     idColumn + "run_name TEXT, config TEXT, created_at TEXT);" +
                     "CREATE TABLE system_metrics(id INTEGER PRIMARY KEY, " + idColumn +
                     "timestamp TEXT, run_name TEXT, metrics TEXT);");
        const auto row = [&](int step, const std::string& json) {
            return "INSERT INTO metrics VALUES(NULL, " + id + "'2024-01-02T03:04:0" + std::to_string(step) +
                   "+00:00', 'owl', " + std::to_string(step) + ", '" + json + "');";
        };
        database.run(
            row(0, R"({"loss": 1.5, "val": {"acc": 0.5}, "image": {"_type": "trackio.image", "w": 3}})") +
            row(1, R"({"loss": "NaN", "text": "x"})") + row(2, R"({"loss": "-Infinity"})") +
            "INSERT INTO system_metrics VALUES(NULL, " + id +
            "'2024-01-02T03:04:09+00:00', 'owl', '{\"gpu/0/utilization\": 97}');"
            "INSERT INTO configs VALUES(NULL, " +
            id +
            "'owl', '{\"lr\": 0.1, \"_Username\": \"me\", \"_Created\": \"2024-01-02T03:04:00+00:00\"}', "
            "'');");
        const auto before = test::inventory(project.path());
        auto opened = test::openAll("trackio", project.path());
        QCOMPARE(opened.size(), std::size_t{1});
        auto& reader = *opened.begin()->second.reader;
        const auto parts = *reader.read({});
        QCOMPARE(parts.size(), std::size_t{1});
        const auto& record = parts[0]->record;
        QCOMPARE(record.name, std::string("owl"));
        QCOMPARE(record.experiment.str(), std::string("my project"));
        QCOMPARE(*record.startTimeMs, std::int64_t{1704164640000});
        QCOMPARE(*record.endTimeMs, std::int64_t{1704164649000});
        QCOMPARE(parts[0]->id.has_value(), withIds);
        QVERIFY(!parts[0]->tellsStatus);
        QCOMPARE(record.params.size(), std::size_t{1});
        QCOMPARE(*record.tag(Symbol("trackio_Username")), std::string_view("me"));
        const auto* loss = record.metric(Symbol("loss"));
        QCOMPARE(loss->count, std::uint64_t{3});
        QCOMPARE(loss->nanCount, std::uint64_t{1});
        QCOMPARE(record.metric(Symbol("val.acc"))->last, 0.5);
        QCOMPARE(record.metric(Symbol("system/gpu/0/utilization"))->last, 97.0);
        QCOMPARE(record.metrics.size(), std::size_t{3});
        QCOMPARE(test::plain(reader.series(parts[0]->key, "loss", 1, {})->steps),
                 (std::vector<std::int64_t>{1, 2}));
        QCOMPARE(test::plain(reader.series(parts[0]->key, "system/gpu/0/utilization", 0, {})->values),
                 std::vector<double>{97});
        QVERIFY(test::inventory(project.path()) == before);

        database.run(row(3, R"({"loss": 0.25})") + row(4, "rubbish"));
        const auto after = *reader.read({});
        QCOMPARE(after[0]->record.metric(Symbol("loss"))->count, std::uint64_t{4});
        QCOMPARE(after[0]->damage.size(), std::size_t{1});
    }
};

QTEST_GUILESS_MAIN(TestTrackerDatabases)
#include "tst_tracker_databases.moc"
