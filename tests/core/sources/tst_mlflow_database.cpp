// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>

#include "foreign_sqlite.h"
#include "truth.h"

using namespace runglass;

namespace {

constexpr const char* kRun = "0123456789abcdef0123456789abcdef";
constexpr const char* kChild = "fedcba9876543210fedcba9876543210";

/// The tables of runs as MLflow 2.4 to 3.x have them, without what no reader needs.
constexpr const char* kSchema = R"(
    CREATE TABLE alembic_version(version_num VARCHAR(32) NOT NULL);
    INSERT INTO alembic_version VALUES('a_revision_of_tomorrow');
    CREATE TABLE experiments(experiment_id INTEGER NOT NULL, name VARCHAR(256) NOT NULL,
        artifact_location VARCHAR(256), lifecycle_stage VARCHAR(32), creation_time BIGINT,
        last_update_time BIGINT, PRIMARY KEY(experiment_id));
    CREATE TABLE runs(run_uuid VARCHAR(32) NOT NULL, name VARCHAR(250), source_type VARCHAR(20),
        source_name VARCHAR(500), entry_point_name VARCHAR(50), user_id VARCHAR(256), status VARCHAR(9),
        start_time BIGINT, end_time BIGINT, source_version VARCHAR(50), lifecycle_stage VARCHAR(20),
        artifact_uri VARCHAR(200), experiment_id INTEGER, deleted_time BIGINT, PRIMARY KEY(run_uuid));
    CREATE TABLE tags(key VARCHAR(250) NOT NULL, value VARCHAR(8000), run_uuid VARCHAR(32) NOT NULL,
        PRIMARY KEY(key, run_uuid));
    CREATE TABLE params(key VARCHAR(250) NOT NULL, value VARCHAR(8000) NOT NULL,
        run_uuid VARCHAR(32) NOT NULL, PRIMARY KEY(key, run_uuid));
    CREATE TABLE metrics(key VARCHAR(250) NOT NULL, value FLOAT NOT NULL, timestamp BIGINT NOT NULL,
        run_uuid VARCHAR(32) NOT NULL, step BIGINT DEFAULT '0' NOT NULL, is_nan BOOLEAN DEFAULT '0' NOT NULL,
        PRIMARY KEY(key, timestamp, step, run_uuid, value, is_nan));
    CREATE INDEX index_metrics_run_uuid ON metrics(run_uuid);
    CREATE TABLE latest_metrics(key VARCHAR(250) NOT NULL, value FLOAT NOT NULL, timestamp BIGINT,
        step BIGINT NOT NULL, is_nan BOOLEAN NOT NULL, run_uuid VARCHAR(32) NOT NULL,
        PRIMARY KEY(key, run_uuid));
    CREATE TABLE datasets(dataset_uuid VARCHAR(36) NOT NULL, experiment_id INTEGER NOT NULL,
        name VARCHAR(500) NOT NULL, digest VARCHAR(36) NOT NULL, dataset_source_type VARCHAR(36) NOT NULL,
        dataset_source TEXT NOT NULL, dataset_schema TEXT, dataset_profile TEXT,
        PRIMARY KEY(experiment_id, name, digest));
    CREATE TABLE inputs(input_uuid VARCHAR(36) NOT NULL, source_type VARCHAR(36) NOT NULL,
        source_id VARCHAR(36) NOT NULL, destination_type VARCHAR(36) NOT NULL,
        destination_id VARCHAR(36) NOT NULL);
    INSERT INTO experiments VALUES(1, 'vision', './mlruns/1', 'active', 0, 0);
)";

std::string insertRun(const std::string& id, const std::string& name, const std::string& stage = "active") {
    return "INSERT INTO runs VALUES('" + id + "', '" + name +
           "', 'LOCAL', '', '', 'me', 'RUNNING', 1000, NULL, '', '" + stage + "', 'mlflow-artifacts:/1/" +
           id + "/artifacts', 1, NULL);";
}

std::string insertPoint(const std::string& key, const std::string& value, int step, int time = 0,
                        int nan = 0) {
    return "INSERT INTO metrics VALUES('" + key + "', " + value + ", " + std::to_string(time) + ", '" + kRun +
           "', " + std::to_string(step) + ", " + std::to_string(nan) + ");";
}

}  // namespace

class TestMlflowDatabase : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void readsEveryFieldOfARun() {
        const test::TempFolder project;
        write(project / "mlflow.db");
        project.write("mlruns/1/" + std::string(kRun) + "/artifacts/model.txt", "abc");
        const auto before = test::inventory(project.path());
        const auto reader = open(project);
        QVERIFY(reader != nullptr);
        const auto parts = reader->read({});
        VERIFY_OK(parts);
        QCOMPARE(parts->size(), std::size_t{2});
        const auto& part = *parts->front();
        const auto& record = part.record;
        QCOMPARE(part.id->hex(), std::string(kRun));
        QCOMPARE(record.name, std::string("brave-owl"));
        QCOMPARE(record.experiment.str(), std::string("vision"));
        QVERIFY(record.status == model::RunStatus::Running);
        QVERIFY(!record.endTimeMs);
        QCOMPARE(*record.param(Symbol("lr")), std::string_view("0.1"));
        QVERIFY(record.hasNote);
        QCOMPARE(part.folder, project / ("mlruns/1/" + std::string(kRun)));
        QVERIFY(part.ownsFolder);
        QVERIFY((*parts)[1]->record.archived);
        QCOMPARE((*parts)[1]->parentKey, std::string(kRun));

        const auto* loss = record.metric(Symbol("loss"));
        QCOMPARE(loss->count, std::uint64_t{5});
        QCOMPARE(loss->nanCount, std::uint64_t{1});
        QCOMPARE(loss->first, 2.0);  // by step, not by arrival
        QCOMPARE(loss->last, 0.75);  // the greater of two with the same step and time
        QCOMPARE(loss->max, 2.0);    // of the finite ones
        QCOMPARE(loss->infiniteCount, std::uint64_t{1});
        const auto series = reader->series(kRun, "loss", 0, {});
        VERIFY_OK(series);
        QCOMPARE(test::plain(series->steps), (std::vector<std::int64_t>{0, 1, 2, 3, 3}));
        QVERIFY(std::isnan(series->values[1]));
        QVERIFY(std::isinf(series->values[2]));
        QCOMPARE(test::plain(reader->series(kRun, "loss", 3, {})->values), (std::vector<double>{0.75, 0.5}));
        QVERIFY(reader->series(kRun, "none", 0, {}).error().code == ErrorCode::NotFound);

        const auto detail = reader->detail(kRun);
        VERIFY_OK(detail);
        QCOMPARE(detail->artifacts.size(), std::size_t{1});
        QCOMPARE(detail->artifacts[0].size, std::int64_t{3});
        QCOMPARE(detail->datasets.size(), std::size_t{1});
        QCOMPARE(detail->datasets[0].location, std::string("s3://data"));
        QCOMPARE(detail->record.metric(Symbol("loss"))->last, 0.75);
        QVERIFY(reader->detail("none").error().code == ErrorCode::NotFound);
        QVERIFY(test::inventory(project.path()) == before);
    }

    void seesEachOldSchema() {
        const test::TempFolder project;
        {
            const test::ForeignSqlite database(project / "old.sql");
            database.run(R"(
                CREATE TABLE experiments(experiment_id INTEGER PRIMARY KEY, name TEXT, artifact_location TEXT,
                    lifecycle_stage TEXT);
                CREATE TABLE runs(run_uuid TEXT PRIMARY KEY, name TEXT, status TEXT, start_time BIGINT,
                    end_time BIGINT, source_version TEXT, lifecycle_stage TEXT, experiment_id INTEGER);
                CREATE TABLE tags(key TEXT, value TEXT, run_uuid TEXT);
                CREATE TABLE params(key TEXT, value TEXT, run_uuid TEXT);
                CREATE TABLE metrics(key TEXT, value FLOAT, timestamp BIGINT, run_uuid TEXT);
                INSERT INTO experiments VALUES(0, 'Default', NULL, 'active');
                INSERT INTO runs VALUES('r', 'n', 'FAILED', 1, 2, 'c0ffee', 'active', 0);
                INSERT INTO metrics VALUES('m', 0.5, 20, 'r');
                INSERT INTO metrics VALUES('m', 0.25, 10, 'r');
            )");
        }
        const auto parts = *open(project)->read({});
        QCOMPARE(parts.size(), std::size_t{1});
        QCOMPARE(parts[0]->record.git.commit, std::string("c0ffee"));
        QVERIFY(!parts[0]->id);
        QCOMPARE(parts[0]->record.metric(Symbol("m"))->first, 0.25);
        QCOMPARE(parts[0]->record.metric(Symbol("m"))->last, 0.5);
    }

    void readsOnlyWhatIsNew() {
        const test::TempFolder project;
        write(project / "mlflow.db");
        const test::ForeignSqlite server(project / "mlflow.db");
        const auto reader = open(project);
        const auto first = *reader->read({});
        QVERIFY(*reader->read({}) == first);
        QVERIFY(reader->stamps()[0] == sources::FileStamp::of(project / "mlflow.db"));

        server.run(insertPoint("loss", "0.125", 9, 9));
        const auto second = *reader->read({});
        QVERIFY(second[0] != first[0]);
        QVERIFY(second[1] == first[1]);
        QCOMPARE(second[0]->record.metric(Symbol("loss"))->count, std::uint64_t{6});
        QCOMPARE(second[0]->record.metric(Symbol("loss"))->last, 0.125);

        // What `mlflow gc` does.
        server.run("DELETE FROM runs WHERE run_uuid = '" + std::string(kChild) +
                   "'; DELETE FROM metrics WHERE step = 9;");
        const auto third = *reader->read({});
        QCOMPARE(third.size(), std::size_t{1});
        QCOMPARE(third[0]->record.metric(Symbol("loss"))->count, std::uint64_t{5});
    }

    void honoursALiveLogAndLeavesNoTrace() {
        const test::TempFolder project;
        write(project / "mlflow.db", true);
        const test::ForeignSqlite server(project / "mlflow.db");
        server.run(insertPoint("loss", "0.125", 9, 9));
        QVERIFY(std::filesystem::file_size(project / "mlflow.db-wal") > 0);
        const auto before = test::inventory(project.path());
        {
            const auto reader = open(project);
            const auto parts = *reader->read({});
            QCOMPARE(parts[0]->record.metric(Symbol("loss"))->count, std::uint64_t{6});
            QVERIFY(test::inventory(project.path()) == before);
            // The server can write, and end as if nobody had looked.
            server.run(insertPoint("loss", "0.0625", 10, 10) + "PRAGMA wal_checkpoint(TRUNCATE);");
            QCOMPARE((*reader->read({}))[0]->record.metric(Symbol("loss"))->count, std::uint64_t{7});
        }
    }

    void readsWalWithoutItsFiles() {
        const test::TempFolder project;
        write(project / "mlflow.db", true);  // closed: no -wal, no -shm, but the header says WAL
        QVERIFY(!std::filesystem::exists(project / "mlflow.db-wal"));
        const auto before = test::inventory(project.path());
        const auto reader = open(project);
        QCOMPARE(reader->read({})->size(), std::size_t{2});
        VERIFY_OK(reader->detail(kRun));
        QVERIFY(test::inventory(project.path()) == before);
    }

    void readsWhatACrashedServerLeft_data() {
        QTest::addColumn<bool>("wal");
        QTest::addColumn<bool>("keepIndex");
        QTest::newRow("hot journal") << false << false;
        QTest::newRow("log and index") << true << true;
        QTest::newRow("log without index") << true << false;
    }

    void readsWhatACrashedServerLeft() {
        QFETCH(bool, wal);
        QFETCH(bool, keepIndex);
        const test::TempFolder project;
        write(project / "mlflow.db", wal);
        const auto child = ::fork();
        if (child == 0) {
            sqlite3* connection = nullptr;
            sqlite3_open((project / "mlflow.db").c_str(), &connection);
            // Committed in the log, or half-way into the database file with the journal to undo it.
            const auto sql =
                wal ? insertPoint("loss", "0.125", 9, 9)
                    : "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN; UPDATE runs SET name = "
                      "'half'; CREATE TABLE big AS WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL "
                      "SELECT i + 1 FROM n WHERE i < 2000) SELECT i, hex(randomblob(200)) FROM n;";
            sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr);
            ::_exit(0);
        }
        int status = 0;
        QCOMPARE(::waitpid(child, &status, 0), child);
        QVERIFY(std::filesystem::file_size(project / (wal ? "mlflow.db-wal" : "mlflow.db-journal")) > 512);
        if (!keepIndex) {
            std::filesystem::remove(project / "mlflow.db-shm");
        }
        const auto before = test::inventory(project.path());
        const auto reader = open(project);
        const auto parts = reader->read({});
        VERIFY_OK(parts);
        QCOMPARE(parts->front()->record.name, std::string("brave-owl"));
        QCOMPARE(parts->front()->record.metric(Symbol("loss"))->count, std::uint64_t{wal ? 6U : 5U});
        QVERIFY(test::inventory(project.path()) == before);
    }

    void saysWhatIsWrong() {
        const test::TempFolder project;
        project.write("a/mlflow.db", "");
        project.write("b/mlflow.db", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n");
        project.write("c/other.db", "not a database");
        write(project / "d/mlflow.db");
        std::filesystem::resize_file(project / "d/mlflow.db", 6000);
        for (const auto& format : sources::formats()) {
            if (format->name() != "mlflow") {
                continue;
            }
            QVERIFY(originsIn(*format, project / "c").empty());
            for (const char* name : {"a", "b", "d"}) {
                for (const auto& origin : originsIn(*format, project / name)) {
                    const auto parts = format->open(origin)->read({});
                    QVERIFY(!parts.ok());
                    QVERIFY(parts.error().message.find("mlflow.db") != std::string::npos);
                    ++m_messages;
                }
            }
        }
        QCOMPARE(m_messages, 3);
    }

    void aDamagedPageCostsTheRowsOfItsTable() {
        const test::TempFolder project;
        const auto file = project / "mlflow.db";
        write(file);
        std::size_t index = 0;
        {
            const test::ForeignSqlite database(file);
            database.run(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) "
                "INSERT INTO params SELECT 'key' || i, 'value' || i, '" +
                std::string(kRun) + "' FROM n;");
            index = test::rootOf(database, "index_metrics_run_uuid");
        }
        test::spoilPageWith(file, "value300");
        test::spoilPage(file, index);
        const auto reader = open(project);
        const auto parts = reader->read({});
        VERIFY_OK(parts);
        QCOMPARE(parts->size(), std::size_t{2});
        const auto& part = *parts->front();
        const auto params = part.record.params.size();
        QVERIFY(params > 50 && params < 301);
        QCOMPARE(part.record.metric(Symbol("loss"))->count, std::uint64_t{5});
        QCOMPARE(part.damage.size(), std::size_t{1});
        QVERIFY(part.damage[0].reason.ends_with("rows of the table params are left out."));
        // One run at a time is looked up by the index.
        const auto detail = reader->detail(kRun);
        VERIFY_OK(detail);
        QCOMPARE(detail->record.params.size(), params);
        QCOMPARE(detail->record.metric(Symbol("loss"))->count, std::uint64_t{5});
        QCOMPARE(detail->datasets.size(), std::size_t{1});
        QCOMPARE(reader->series(kRun, "loss", 0, {})->size(), std::size_t{5});
    }

    void runsBeforeADamagedPageStand() {
        const test::TempFolder project;
        const auto file = project / "mlflow.db";
        write(file);
        {
            const test::ForeignSqlite database(file);
            database.run(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) "
                "INSERT INTO runs(run_uuid, name, start_time, experiment_id) "
                "SELECT printf('%032x', i), 'name' || i, 500 - i, 1 FROM n;");
        }
        test::spoilPageWith(file, "name300");
        const auto reader = open(project);
        const auto parts = reader->read({});
        VERIFY_OK(parts);
        QVERIFY(parts->size() > 50 && parts->size() < 302);
        QVERIFY(parts->front()->record.startTimeMs < parts->back()->record.startTimeMs);
        QCOMPARE(parts->front()->damage.size(), std::size_t{1});
        QVERIFY(parts->front()->damage[0].reason.ends_with("rows of the table runs are left out."));
    }

    void leavesTheRunDatabaseAlone() {
        const test::TempFolder project;
        write(project / ".runglass/runs.db");
        QVERIFY(test::openAll("mlflow", project.path()).empty());
    }

private:
    static void write(const std::filesystem::path& file, bool wal = false) {
        std::filesystem::create_directories(file.parent_path());
        const test::ForeignSqlite database(file);
        database.run(wal ? "PRAGMA journal_mode = WAL" : "PRAGMA journal_mode = DELETE");
        const std::string run(kRun);
        database.run(
            std::string("BEGIN;") + kSchema + insertRun(run, "brave-owl") + insertRun(kChild, "", "deleted") +
            "INSERT INTO tags VALUES('mlflow.parentRunId', '" + run + "', '" + kChild +
            "'); INSERT INTO tags VALUES('mlflow.note.content', '# Why', '" + run +
            "'); INSERT INTO params VALUES('lr', '0.1', '" + run + "');" + insertPoint("loss", "0", 1, 1, 1) +
            insertPoint("loss", "1.7976931348623157e308", 2, 2) + insertPoint("loss", "2.0", 0, 0) +
            insertPoint("loss", "0.75", 3, 3) + insertPoint("loss", "0.5", 3, 3) +
            "INSERT INTO datasets VALUES('d', 1, 'iris', '12ab', 's3', '{\"uri\":\"s3://data\"}', '', '{}');"
            "INSERT INTO inputs VALUES('i', 'DATASET', 'd', 'RUN', '" +
            run + "'); COMMIT;");
    }

    static std::unique_ptr<sources::Reader> open(const test::TempFolder& project) {
        auto opened = test::openAll("mlflow", project.path());
        return opened.size() == 1 ? std::move(opened.begin()->second.reader) : nullptr;
    }

    static std::vector<std::filesystem::path> originsIn(const sources::Format& format,
                                                        const std::filesystem::path& folder) {
        sources::Findings findings;
        format.recognise(*sources::listFolder(folder), findings);
        return findings.origins;
    }

    int m_messages = 0;
};

QTEST_GUILESS_MAIN(TestMlflowDatabase)
#include "tst_mlflow_database.moc"
