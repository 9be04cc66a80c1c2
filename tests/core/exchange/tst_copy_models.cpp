// SPDX-License-Identifier: GPL-3.0-or-later
// Models go with their runs: logged ones with params, tags, metrics and files, and what is registered of
// them.
#include <algorithm>
#include <bit>

#include "runglass/exchange/copy_run.h"
#include "runglass/exchange/export_run.h"
#include "runglass/store/artifact_files.h"
#include "runglass/store/experiments.h"
#include "runglass/store/integrity.h"
#include "runglass/store/logged_models.h"
#include "runglass/store/model_registry.h"
#include "runglass/store/run_models.h"
#include "runglass/store/run_reader.h"
#include "support/scratch_project.h"

using namespace runglass;

namespace {

const std::string kModel = "m-" + std::string(32, 'a');

template <typename T>
void check(const T& result) {
    if (!result.ok()) {
        QTest::qFail(test::describe(result.error()).c_str(), __FILE__, __LINE__);
    }
}

store::Database open(const std::filesystem::path& project) {
    return *store::Database::open(project, store::OpenMode::ReadWrite);
}

store::ModelVersion versionOf(const RunId& run) {
    store::ModelVersion version;
    version.model = "classifier";
    version.createdMs = version.updatedMs = 1'700'000'001'000;
    version.description = "the first";
    version.stage = "Staging";
    version.source = "models:/" + kModel;
    version.run = run.hex();
    version.loggedModel = kModel;
    version.tags = {{"checked", "yes"}};
    return version;
}

/// A run that has made a model, which is registered.
RunId makeModel(const test::ScratchProject& project) {
    const auto id = project.addRuns({{.name = "a", .commit = {}, .metrics = {{"loss", 0.1}}}}).front();
    auto database = open(project.path());
    store::LoggedModel model;
    model.id = kModel;
    model.experiment = *store::Experiments(database).idOf("default", 1);
    model.name = "net";
    model.createdMs = model.updatedMs = 1'700'000'000'000;
    model.status = store::LoggedModelStatus::Pending;
    model.type = "Classifier";
    model.sourceRun = id.hex();
    model.params = {{"depth", "3"}};
    model.tags = {{"kind", "small"}};
    store::LoggedModels models(database);
    check(models.create(model));
    check(models.addMetric(kModel, {"acc", {4, 1'700'000'000'500, 0.1 + 0.2}, id.hex(), "iris", "d1"}));
    auto upload = *store::ArtifactUpload::begin(project.path());
    check(upload.write("weights"));
    const auto stored = *upload.finish();
    check(store::ArtifactFiles(database).putLoose(
        {store::modelFolder(model.experiment, kModel) + "/data.bin", stored.sha256, stored.size, 7}));
    store::ModelRegistry registry(database);
    store::RegisteredModel registered;
    registered.name = "classifier";
    registered.createdMs = registered.updatedMs = 1'700'000'000'900;
    registered.description = "what it is for";
    registered.tags = {{"team", "owls"}};
    check(registry.create(registered));
    check(registry.createVersion(versionOf(id)));
    check(registry.setAlias("classifier", "champion", 1, 1));
    return id;
}

/// By way of a file, as somebody else would take it in.
exchange::CopyResult handOver(const test::ScratchProject& from, const RunId& id,
                              const std::filesystem::path& to) {
    const test::TempFolder out;
    sources::ProjectRuns runs(from.path(), nullptr);
    check(exchange::packRuns(runs, std::vector{id}, out / "one.runs"));
    const test::TempFolder folder;
    check(exchange::unpackRuns(out / "one.runs", folder.path()));
    sources::ProjectRuns unpacked(folder.path(), nullptr);
    auto database = open(to);
    auto result = exchange::copyRun(unpacked, id, database, {.artifacts = true, .fromHere = false});
    check(result);
    return *result;
}

}  // namespace

class TestCopyModels : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void comeWithTheirRuns() {
        const test::ScratchProject there(false);
        const auto id = makeModel(there);
        const test::TempFolder here;
        QVERIFY(handOver(there, id, here.path()).outcome == exchange::Copied::New);
        {
            auto database = open(here.path());
            const auto model = store::LoggedModels(database).byId(kModel);
            VERIFY_OK(model);
            QCOMPARE(model->name, std::string("net"));
            QCOMPARE(model->type, std::string("Classifier"));
            QCOMPARE(model->createdMs, std::int64_t{1'700'000'000'000});
            QCOMPARE(model->sourceRun, id.hex());
            QVERIFY(model->params == (std::vector<model::Variable>{{"depth", "3"}}));
            QVERIFY(model->tags == (std::vector<model::Variable>{{"kind", "small"}}));
            QCOMPARE(model->metrics.size(), std::size_t{1});
            QCOMPARE(std::bit_cast<std::uint64_t>(model->metrics[0].point.value),
                     std::bit_cast<std::uint64_t>(0.1 + 0.2));
            QCOMPARE(model->metrics[0].dataset, std::string("iris"));
            const auto files =
                store::ArtifactFiles(database).loose(store::modelFolder(model->experiment, kModel));
            QCOMPARE(files->size(), std::size_t{1});
            QVERIFY(store::ArtifactFiles(database).isThere(files->front()));
            const auto registered = store::ModelRegistry(database).model("classifier");
            VERIFY_OK(registered);
            QCOMPARE(registered->description, std::string("what it is for"));
            QVERIFY(registered->tags == (std::vector<model::Variable>{{"team", "owls"}}));
            const auto version = store::ModelRegistry(database).version("classifier", 1);
            VERIFY_OK(version);
            QCOMPARE(version->stage, std::string("Staging"));
            QCOMPARE(version->description, std::string("the first"));
            QCOMPARE(version->run, id.hex());
            QCOMPARE(version->aliases, std::vector<std::string>{"champion"});
            QVERIFY(version->tags == (std::vector<model::Variable>{{"checked", "yes"}}));
            const auto seen = store::readRunModels(database, id);
            QCOMPARE(seen->models.size(), std::size_t{1});
            QVERIFY(seen->models[0].output);
            QCOMPARE(seen->models[0].createdMs, std::int64_t{1'700'000'000'000});
            QCOMPARE(seen->models[0].metrics.size(), model->metrics.size());
            QCOMPARE(store::RunReader(database).detail(id)->artifacts.size(), std::size_t{1});
        }
        QVERIFY(store::checkIntegrity(here.path())->findings.empty());
        QVERIFY(handOver(there, id, here.path()).outcome == exchange::Copied::Unchanged);
    }

    void areBroughtUpToDateAndKeepWhatIsEditedHere() {
        const test::ScratchProject there(false);
        const auto id = makeModel(there);
        const test::TempFolder here;
        handOver(there, id, here.path());
        {
            auto database = open(here.path());
            VERIFY_OK(store::LoggedModels(database).setTag(kModel, "kind", "mine", 1));
            VERIFY_OK(store::ModelRegistry(database).setStage("classifier", 1, "Production", 1));
        }
        {
            auto database = open(there.path());
            VERIFY_OK(store::LoggedModels(database).setStatus(kModel, store::LoggedModelStatus::Ready, 1));
            VERIFY_OK(store::LoggedModels(database).addMetric(kModel, {"f1", {1, 2, 0.5}, id.hex(), {}, {}}));
            auto second = versionOf(id);
            second.createdMs += 1000;
            VERIFY_OK(store::ModelRegistry(database).createVersion(second));
            VERIFY_OK(store::ModelRegistry(database).setAlias("classifier", "next", 2, 1));
        }
        QVERIFY(handOver(there, id, here.path()).outcome == exchange::Copied::Updated);
        QVERIFY(handOver(there, id, here.path()).outcome == exchange::Copied::Unchanged);
        auto database = open(here.path());
        const auto model = store::LoggedModels(database).byId(kModel);
        QVERIFY(model->status == store::LoggedModelStatus::Ready);
        QCOMPARE(model->metrics.size(), std::size_t{2});
        QVERIFY(model->tags == (std::vector<model::Variable>{{"kind", "mine"}}));
        store::ModelRegistry registry(database);
        QCOMPARE(registry.versionsOf("classifier")->size(), std::size_t{2});
        QCOMPARE(registry.version("classifier", 1)->stage, std::string("Production"));
        QCOMPARE(registry.version("classifier", 2)->aliases, std::vector<std::string>{"next"});
    }

    void aNumberThatIsTakenBecomesTheNext() {
        const test::ScratchProject there(false);
        const auto id = makeModel(there);
        const test::TempFolder here;
        {
            auto database = open(here.path());
            store::ModelRegistry registry(database);
            store::RegisteredModel registered;
            registered.name = "classifier";
            VERIFY_OK(registry.create(registered));
            store::ModelVersion other;
            other.model = "classifier";
            other.source = "somewhere else";
            VERIFY_OK(registry.createVersion(other));
            VERIFY_OK(registry.setAlias("classifier", "champion", 1, 1));
        }
        const auto copied = handOver(there, id, here.path());
        QCOMPARE(copied.problems.size(), std::size_t{1});
        QVERIFY(copied.problems.front().find("it has become version 2") != std::string::npos);
        QVERIFY(handOver(there, id, here.path()).problems.empty());
        auto database = open(here.path());
        store::ModelRegistry registry(database);
        QCOMPARE(registry.versionsOf("classifier")->size(), std::size_t{2});
        QCOMPARE(registry.version("classifier", 1)->aliases, std::vector<std::string>{"champion"});
        QVERIFY(registry.version("classifier", 2)->aliases.empty());
    }

    /// What is registered in an MLflow store of files goes into the run database with the run.
    void comeFromAStoreOfMlflow() {
        const test::TempFolder project;
        const std::string id = "0123456789abcdef0123456789abcdef";
        project.write("mlruns/0/meta.yaml", "name: Default\nexperiment_id: '0'\n");
        project.write("mlruns/0/" + id + "/meta.yaml",
                      "run_id: " + id + "\nstatus: 3\nstart_time: 5\nend_time: 9\n");
        project.write("mlruns/models/best/meta.yaml", "name: best\ncreation_timestamp: 6\n");
        project.write("mlruns/models/best/version-3/meta.yaml",
                      "name: best\nversion: 3\nrun_id: " + id + "\ncurrent_stage: Production\nsource: s\n");
        // Another run has read a model that the first one made, of which version 4 came.
        const std::string reader = "ffffffffffffffffffffffffffffffff";
        const std::string made = "mlruns/0/models/" + kModel + "/meta.yaml";
        project.write(made, "model_id: " + kModel + "\nname: net\nsource_run_id: " + id +
                                "\nstatus: 2\ncreation_timestamp: 7\n");
        project.write("mlruns/0/models/" + kModel + "/metrics/acc", "7 0.75 2 " + id + " digits d1\n");
        project.write("mlruns/0/" + reader + "/meta.yaml",
                      "run_id: " + reader + "\nstatus: 3\nstart_time: 3\nend_time: 9\n");
        project.write("mlruns/0/" + reader + "/inputs/x/meta.yaml",
                      "destination_id: " + kModel + "\ndestination_type: MODEL_INPUT\n");
        project.write("mlruns/models/best/version-4/meta.yaml",
                      "name: best\nversion: 4\nrun_id: " + id + "\nsource: models:/" + kModel + "\n");
        const auto catalogue =
            std::make_shared<sources::Catalogue>(sources::CatalogueOptions{.project = project.path()});
        (void)catalogue->load();
        sources::ProjectRuns from(project.path(), catalogue, sources::ProjectRuns::Look::ForeignOnly);
        {
            auto database = open(project.path());
            check(exchange::copyRun(from, *RunId::fromHex(reader), database));
            QCOMPARE(store::ModelRegistry(database).versions()->size(), std::size_t{1});
        }
        for (const auto outcome : {exchange::Copied::New, exchange::Copied::Unchanged}) {
            auto database = open(project.path());
            const auto copied = exchange::copyRun(from, *RunId::fromHex(id), database);
            VERIFY_OK(copied);
            QVERIFY(copied->outcome == outcome);
            const auto net = store::LoggedModels(database).byId(kModel);
            VERIFY_OK(net);
            QCOMPARE(net->metrics.size(), std::size_t{1});
            QCOMPARE(net->metrics[0].point.value, 0.75);
            QCOMPARE(net->metrics[0].dataset, std::string("digits"));
            QCOMPARE(net->createdMs, std::int64_t{7});
            const auto version = store::ModelRegistry(database).version("best", 3);
            VERIFY_OK(version);
            QCOMPARE(version->stage, std::string("Production"));
            QCOMPARE(version->run, id);
            QCOMPARE(store::ModelRegistry(database).versions()->size(), std::size_t{2});
            QCOMPARE(store::readRunModels(database, *RunId::fromHex(id))->versions.size(), std::size_t{2});
            QCOMPARE(store::readRunModels(database, *RunId::fromHex(reader))->models.size(), std::size_t{1});
        }
    }
};

QTEST_GUILESS_MAIN(TestCopyModels)
#include "tst_copy_models.moc"
