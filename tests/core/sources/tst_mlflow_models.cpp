// SPDX-License-Identifier: GPL-3.0-or-later
// Logged models and registries of MLflow stores.
#include "mlflow_models.h"

#include "foreign_sqlite.h"
#include "truth.h"

using namespace runglass;

namespace {

constexpr std::string_view kRun = "0123456789abcdef0123456789abcdef";
const std::string kMade = "m-" + std::string(32, 'a');
const std::string kRead = "m-" + std::string(32, 'b');

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// A run that made one model and read another; both registered, one version deleted, one of the run's files.
void writeFolder(const test::TempFolder& project) {
    const auto run = "mlruns/1/" + std::string(kRun);
    project.write("mlruns/1/meta.yaml", "name: e\n");
    project.write(run + "/meta.yaml", "run_name: r\nstatus: 3\n");
    project.write(run + "/outputs/" + kMade + "/meta.yaml",
                  "destination_id: " + kMade +
                      "\ndestination_type: MODEL_OUTPUT\nsource_type: RUN_OUTPUT\n"
                      "step: 4\n");
    project.write(run + "/inputs/x/meta.yaml",
                  "destination_id: " + kRead + "\ndestination_type: MODEL_INPUT\nsource_type: RUN_INPUT\n");
    project.write(run + "/inputs/y/meta.yaml",
                  "destination_id: d\ndestination_type: RUN\nsource_id: d\nsource_type: DATASET\n");
    const auto model = [&](const std::string& id, const std::string& name, const std::string& more) {
        project.write("mlruns/1/models/" + id + "/meta.yaml",
                      "model_id: " + id + "\nname: " + name + "\nmodel_type: null\n" + more);
    };
    model(kMade, "net", "status: 2\nsource_run_id: " + std::string(kRun) + "\n");
    project.write("mlruns/1/models/" + kMade + "/params/opt/lr", "0.1");
    project.write("mlruns/1/models/" + kMade + "/tags/team", "nlp\n");
    project.write(
        "mlruns/1/models/" + kMade + "/metrics/val/acc",
        "5 0.5 1 " + std::string(kRun) + "\n7 0.75 2 " + std::string(kRun) + " digits d1\nbroken\n");
    model(kRead, "base", "status: 3\nsource_run_id: other\n");
    model("m-" + std::string(32, 'c'), "gone",
          "status: 2\nlifecycle_stage: deleted\nsource_run_id: " + std::string(kRun) + "\n");
    const auto version = [&](const std::string& name, int number, const std::string& more) {
        project.write("mlruns/models/" + name + "/version-" + std::to_string(number) + "/meta.yaml",
                      "name: " + name + "\nversion: " + std::to_string(number) + "\n" + more);
    };
    project.write("mlruns/models/reg/meta.yaml", "name: reg\naliases: {}\n");
    project.write("mlruns/models/reg/aliases/champion", "2");
    version("reg", 2, "current_stage: None\nmodel_id: " + kMade + "\nsource: models:/" + kMade + "\n");
    version("reg", 10, "current_stage: Production\nrun_id: " + std::string(kRun) + "\nsource: file:///x\n");
    version("reg", 3, "current_stage: Deleted_Internal\nrun_id: " + std::string(kRun) + "\n");
    version("reg", 4, "current_stage: None\nrun_id: other\nsource: file:///y\n");
    version("base", 1, "current_stage: Staging\nsource: models:/" + kRead + "\n");
}

/// The same as MLflow 3 keeps it in a database.
void writeDatabase(const std::filesystem::path& file) {
    const test::ForeignSqlite database(file);
    const std::string run(kRun);
    database.run(
        "CREATE TABLE inputs(input_uuid, source_type, source_id, destination_type, destination_id, step);"
        "CREATE TABLE logged_models(model_id, experiment_id, name, artifact_location, creation_timestamp_ms, "
        "last_updated_timestamp_ms, status, lifecycle_stage, model_type, source_run_id, status_message);"
        "CREATE TABLE logged_model_params(model_id, experiment_id, param_key, param_value);"
        "CREATE TABLE logged_model_tags(model_id, experiment_id, tag_key, tag_value);"
        "CREATE TABLE logged_model_metrics(model_id, metric_name, metric_timestamp_ms, metric_step, "
        "metric_value, experiment_id, run_id, dataset_uuid, dataset_name, dataset_digest);"
        "CREATE TABLE model_versions(name, version, current_stage, source, run_id);"
        "CREATE TABLE registered_model_aliases(alias, version, name)");
    database.run("INSERT INTO inputs VALUES('1', 'RUN_OUTPUT', '" + run + "', 'MODEL_OUTPUT', '" + kMade +
                 "', 4), ('2', 'RUN_INPUT', '" + run + "', 'MODEL_INPUT', '" + kRead +
                 "', 0), ('3', 'DATASET', "
                 "'d', 'RUN', '" +
                 run + "', 0)");
    database.run("INSERT INTO logged_models VALUES('" + kRead +
                 "', 1, 'base', '', 1, 1, 3, 'active', NULL, "
                 "'other', NULL), ('" +
                 kMade + "', 1, 'net', '', 2, 2, 2, 'active', NULL, '" + run + "', NULL), ('m-" +
                 std::string(32, 'c') + "', 1, 'gone', '', 3, 3, 2, 'deleted', NULL, '" + run + "', NULL)");
    database.run("INSERT INTO logged_model_params VALUES('" + kMade +
                 "', 1, 'opt/lr', '0.1');"
                 "INSERT INTO logged_model_tags VALUES('" +
                 kMade + "', 1, 'team', 'nlp')");
    database.run("INSERT INTO logged_model_metrics VALUES('" + kMade + "', 'val/acc', 5, 1, 0.5, 1, '" + run +
                 "', NULL, NULL, NULL), ('" + kMade + "', 'val/acc', 7, 2, 0.75, 1, '" + run +
                 "', 'x', 'digits', 'd1')");
    database.run("INSERT INTO model_versions VALUES('reg', 2, 'None', 'models:/" + kMade + "', '" + run +
                 "'), ('reg', 10, 'Production', 'file:///x', '" + run +
                 "'), ('reg', 3, 'Deleted_Internal', 'x', '" + run +
                 "'), ('reg', 4, 'None', 'file:///y', 'other'), ('base', 1, 'Staging', 'models:/" + kRead +
                 "', NULL)");
    database.run("INSERT INTO registered_model_aliases VALUES('champion', 2, 'reg')");
}

void check(const Result<model::RunModels>& read) {
    VERIFY_OK(read);
    QCOMPARE(read->models.size(), std::size_t{2});
    const auto& made = read->models[0];
    QCOMPARE(made.id, kMade);
    QCOMPARE(made.name, std::string("net"));
    QVERIFY(made.type.empty() && made.output);
    QVERIFY(made.status == model::ModelStatus::Ready);
    QCOMPARE(made.step, std::optional<std::int64_t>(4));
    QVERIFY((made.params == Pairs{{"opt/lr", "0.1"}}));
    QVERIFY((made.tags == Pairs{{"team", "nlp"}}));
    QCOMPARE(made.metrics.size(), std::size_t{2});
    QCOMPARE(made.metrics[0].key, std::string("val/acc"));
    QVERIFY((made.metrics[0].point == model::Point{1, 5, 0.5}));
    QVERIFY(made.metrics[0].dataset.empty());
    QVERIFY((made.metrics[1].point == model::Point{2, 7, 0.75}));
    QCOMPARE(made.metrics[1].run, std::string(kRun));
    QCOMPARE(made.metrics[1].dataset, std::string("digits"));
    QCOMPARE(made.metrics[1].digest, std::string("d1"));
    QCOMPARE(read->models[1].name, std::string("base"));
    QVERIFY(!read->models[1].output);
    QVERIFY(read->models[1].status == model::ModelStatus::UploadFailed);

    const auto& versions = read->versions;
    QCOMPARE(versions.size(), std::size_t{3});
    QCOMPARE(versions[0].model, std::string("base"));
    QCOMPARE(versions[0].stage, std::string("Staging"));
    QCOMPARE(versions[0].loggedModel, kRead);
    QCOMPARE(versions[1].version, std::int64_t{2});
    QVERIFY(versions[1].stage.empty());
    QVERIFY(versions[1].aliases == std::vector<std::string>{"champion"});
    QCOMPARE(versions[1].loggedModel, kMade);
    QCOMPARE(versions[2].version, std::int64_t{10});  // after 2
    QCOMPARE(versions[2].stage, std::string("Production"));
    QVERIFY(versions[2].loggedModel.empty() && versions[2].aliases.empty());
}

}  // namespace

class TestMlflowModels : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void readsAFolder() {
        const test::TempFolder project;
        writeFolder(project);
        check(sources::mlflowModels(project / "mlruns", kRun));
        check(sources::mlflowModels(project / "mlruns", "1/" + std::string(kRun)));  // the key of a copy
        const auto nobody = sources::mlflowModels(project / "mlruns", std::string(32, 'f'));
        VERIFY_OK(nobody);
        QVERIFY(nobody->empty());
    }

    void readsADatabase() {
        const test::TempFolder project;
        writeDatabase(project / "mlflow.db");
        check(sources::mlflowModels(project / "mlflow.db", kRun));
    }

    void aDamagedTableCostsWhatIsInIt_data() {
        QTest::addColumn<QByteArray>("table");
        QTest::addColumn<int>("models");
        QTest::addColumn<int>("params");
        QTest::addColumn<int>("versions");
        QTest::newRow("inputs") << QByteArray("inputs") << 1 << 1 << 2;  // as one is known to be made by it
        QTest::newRow("logged_models") << QByteArray("logged_models") << 0 << 0 << 2;
        QTest::newRow("logged_model_params") << QByteArray("logged_model_params") << 2 << 0 << 3;
        QTest::newRow("model_versions") << QByteArray("model_versions") << 2 << 1 << 0;
        QTest::newRow("an index") << QByteArray("by_run") << 2 << 1 << 3;
    }
    void aDamagedTableCostsWhatIsInIt() {
        QFETCH(QByteArray, table);
        QFETCH(int, models);
        QFETCH(int, params);
        QFETCH(int, versions);
        const test::TempFolder project;
        const auto file = project / "mlflow.db";
        writeDatabase(file);
        std::size_t page = 0;
        {
            const test::ForeignSqlite database(file);
            database.run("CREATE INDEX by_run ON logged_models(source_run_id)");
            page = test::rootOf(database, table.toStdString());
        }
        test::spoilPage(file, page);
        const auto read = sources::mlflowModels(file, kRun);
        VERIFY_OK(read);
        QCOMPARE(static_cast<int>(read->models.size()), models);
        QCOMPARE(static_cast<int>(read->models.empty() ? 0 : read->models[0].params.size()), params);
        QCOMPARE(static_cast<int>(read->versions.size()), versions);
        QCOMPARE(read->problems.size(), std::size_t{table == "by_run" ? 0U : 1U});
        QVERIFY(read->problems.empty() ||
                read->problems[0].find("table " + table.toStdString()) != std::string::npos);
    }

    void anOldDatabaseHasNone() {
        const test::TempFolder project;
        test::ForeignSqlite(project / "mlflow.db").run("CREATE TABLE runs(run_uuid)");
        const auto models = sources::mlflowModels(project / "mlflow.db", kRun);
        VERIFY_OK(models);
        QVERIFY(models->empty());
    }

    // What the meta.yaml files and the tables of people's stores say, looked up by hand.
    void agreesWithPeoplesStores() {
        const auto registry = test::realCase("o02-mlruns2-registry");
        const auto logged = test::realCase("o04-mlflowdb3");
        const auto taxi = test::realCase("o05-mlflowdb2-datasets");
        if (!registry || !logged || !taxi) {
            QSKIP("../shared/realdata is not beside the repository.");
        }
        const auto twelve = sources::mlflowModels(*registry / "mlruns", "559f2f41851b426289c29019f3028856");
        VERIFY_OK(twelve);
        QVERIFY(twelve->models.empty());
        QCOMPARE(twelve->versions.size(), std::size_t{12});
        QCOMPARE(twelve->versions[0].model, std::string("linearRegressionModel"));
        QCOMPARE(twelve->versions[0].version, std::int64_t{2});
        QCOMPARE(twelve->versions[0].stage, std::string("Archived"));
        QCOMPARE(twelve->versions[1].model, std::string("model"));
        QCOMPARE(twelve->versions[1].version, std::int64_t{1});

        const auto forest = sources::mlflowModels(*logged / "mlflow.db", "7450685a31f0417a8d3a6540154b99a8");
        VERIFY_OK(forest);
        QCOMPARE(forest->models.size(), std::size_t{1});
        QCOMPARE(forest->models[0].id, std::string("m-2187688f812445e88cb8625e1561a188"));
        QVERIFY(forest->models[0].status == model::ModelStatus::Ready);
        QCOMPARE(forest->models[0].createdMs, std::int64_t{1766802543301});
        QVERIFY((forest->models[0].params == Pairs{{"model_name", "Random_Forest"}}));

        const auto nyc =
            sources::mlflowModels(*taxi / "week-02" / "mlflow.db", "92025337761b47258bb509b166789a29");
        VERIFY_OK(nyc);
        QCOMPARE(nyc->versions.size(), std::size_t{1});
        QCOMPARE(nyc->versions[0].model, std::string("nyc-taxi-model"));
        QVERIFY((nyc->versions[0].aliases == std::vector<std::string>{"in-preview", "staging"}));
    }
};

QTEST_GUILESS_MAIN(TestMlflowModels)
#include "tst_mlflow_models.moc"
