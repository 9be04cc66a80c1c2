// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/run_models.h"

#include "runglass/store/artifact_files.h"
#include "runglass/store/logged_models.h"
#include "runglass/store/model_registry.h"
#include "runglass/store/run_reader.h"
#include "runglass/store/tracked_runs.h"
#include "support/scratch_project.h"

using namespace runglass;  // NOLINT(google-build-using-namespace): test

namespace {

constexpr std::int64_t kNow = 1'763'400'000'000;

std::string idOf(char digit) {
    return "m-" + std::string(32, digit);
}

/// A project with a run that logs models and another that reads them.
struct Models {
    Models()
        : runs(project.addRuns({{.name = "train", .commit = {}, .metrics = {}},
                                {.name = "evaluate", .commit = {}, .metrics = {}}}))
        , database(std::move(store::Database::open(project.path(), store::OpenMode::ReadWrite)).value()) {}

    [[nodiscard]] bool log(char digit, const std::string& name, bool withOutput = true) {
        store::LoggedModel model;
        model.id = idOf(digit);
        model.name = name;
        model.type = "classifier";
        model.createdMs = model.updatedMs = kNow;
        model.sourceRun = runs[0].hex();
        model.params = {{"depth", "3"}};
        model.tags = {{"team", "nlp"}};
        return store::LoggedModels(database).create(model).ok() &&
               (!withOutput || store::TrackedRuns(database).addModel(runs[0], true, {model.id, 7}).ok());
    }

    [[nodiscard]] bool putFile(char digit, const std::string& path, std::string_view content) {
        auto upload = store::ArtifactUpload::begin(project.path());
        if (!upload.ok() || !upload->write(content).ok()) {
            return false;
        }
        const auto stored = upload->finish();
        return stored.ok() && store::ArtifactFiles(database)
                                  .putLoose({store::modelFolder(0, idOf(digit)) + '/' + path, stored->sha256,
                                             stored->size, kNow})
                                  .ok();
    }

    [[nodiscard]] model::RunModels of(std::size_t run) {
        auto models = store::readRunModels(database, runs[run]);
        return models.ok() ? std::move(models).value() : model::RunModels();
    }

    /// Whether the run is among those that have changed since `revision`, which moves on.
    [[nodiscard]] bool changed(std::int64_t& revision, std::size_t run) {
        const auto changes = store::RunReader(database).changesSince(revision);
        if (!changes.ok()) {
            return false;
        }
        revision = changes->revision;
        return std::ranges::any_of(changes->changed,
                                   [&](const auto& record) { return record->id == runs[run]; });
    }

    test::ScratchProject project{false};
    std::vector<RunId> runs;
    store::Database database;
};

}  // namespace

class TestRunModels : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void aRunShowsWhatItMadeAndRead() {
        Models models;
        QVERIFY(models.of(0).empty());
        QVERIFY(models.log('a', "net"));
        QVERIFY(models.log('b', "calibrated", false));
        VERIFY_OK(store::TrackedRuns(models.database).addModel(models.runs[0], false, {idOf('a'), 0}));
        VERIFY_OK(store::TrackedRuns(models.database).addModel(models.runs[1], false, {idOf('a'), 0}));

        const auto made = models.of(0);
        QCOMPARE(made.models.size(), std::size_t{2});  // one that was made and read again is made
        const auto& net = made.models[0];
        QCOMPARE(net.id, idOf('a'));
        QCOMPARE(net.name, std::string("net"));
        QCOMPARE(net.type, std::string("classifier"));
        QVERIFY(net.status == model::ModelStatus::Pending && net.output);
        QCOMPARE(net.step, std::optional<std::int64_t>(7));
        QVERIFY((net.params == std::vector<std::pair<std::string, std::string>>{{"depth", "3"}}));
        QVERIFY((net.tags == std::vector<std::pair<std::string, std::string>>{{"team", "nlp"}}));
        QCOMPARE(made.models[1].name, std::string("calibrated"));
        QVERIFY(made.models[1].output && !made.models[1].step);

        const auto read = models.of(1);
        QCOMPARE(read.models.size(), std::size_t{1});
        QVERIFY(!read.models[0].output);
        VERIFY_OK(store::LoggedModels(models.database).remove(idOf('a'), kNow));
        QVERIFY(models.of(1).empty());
        QCOMPARE(models.of(0).models.size(), std::size_t{1});
        const auto nobody = store::readRunModels(models.database, RunId::generate());
        QVERIFY(!nobody.ok() && nobody.error().code == ErrorCode::NotFound);
    }

    void versionsComeWithStageAndAliases() {
        Models models;
        QVERIFY(models.log('a', "net"));
        VERIFY_OK(store::TrackedRuns(models.database).addModel(models.runs[1], false, {idOf('a'), 0}));
        store::ModelRegistry registry(models.database);
        for (const char* name : {"reg", "other"}) {
            store::RegisteredModel registered;
            registered.name = name;
            VERIFY_OK(registry.create(registered));
        }
        store::ModelVersion version;
        version.model = "reg";
        version.source = "runs:/x/model";
        version.run = models.runs[0].hex();
        QCOMPARE(*registry.createVersion(version), std::int64_t{1});  // of files of the run
        version.source = "models:/" + idOf('a');
        version.loggedModel = idOf('a');
        QCOMPARE(*registry.createVersion(version), std::int64_t{2});
        version.model = "other";
        version.run.clear();
        VERIFY_OK(registry.createVersion(version));
        VERIFY_OK(registry.setAlias("reg", "champion", 2, kNow));
        VERIFY_OK(registry.setStage("reg", 1, "Archived", kNow));

        const auto all = models.of(0).versions;
        QCOMPARE(all.size(), std::size_t{3});
        QCOMPARE(all[0].model, std::string("other"));
        QCOMPARE(all[1].version, std::int64_t{1});
        QCOMPARE(all[1].stage, std::string("Archived"));
        QVERIFY(all[1].loggedModel.empty());
        QVERIFY(all[2].stage.empty());
        QVERIFY(all[2].aliases == std::vector<std::string>{"champion"});
        QCOMPARE(all[2].loggedModel, idOf('a'));
        QCOMPARE(models.of(1).versions.size(), std::size_t{2});  // of the model that it read
    }

    void filesOfModelsAreAmongTheArtifacts() {
        Models models;
        QVERIFY(models.log('a', "net"));
        QVERIFY(models.log('b', "epoch"));
        QVERIFY(models.log('c', "epoch"));
        QVERIFY(models.putFile('a', "MLmodel", "flavors: {}\n"));
        QVERIFY(models.putFile('a', "data/model.pkl", "123"));
        QVERIFY(models.putFile('b', "w", "1"));
        QVERIFY(models.putFile('c', "w", "2"));
        const auto detail = store::RunReader(models.database).detail(models.runs[0]);
        VERIFY_OK(detail);
        std::vector<std::string> paths;
        for (const auto& artifact : detail->artifacts) {
            paths.push_back(artifact.path);
        }
        // Two of one name are told apart by their ids.
        QVERIFY((paths == std::vector<std::string>{"net/MLmodel", "net/data/model.pkl", idOf('b') + "/w",
                                                   idOf('c') + "/w"}));
        QCOMPARE(detail->artifacts[1].size, std::int64_t{3});
        const auto reading = store::RunReader(models.database).detail(models.runs[1]);
        VERIFY_OK(reading);
        QVERIFY(reading->artifacts.empty());
    }

    // Who follows a run looks again when one of its models changes.
    void everyChangeOfAModelIsOneOfItsRun() {
        Models models;
        std::int64_t revision = *store::RunReader(models.database).revision();
        QVERIFY(models.log('a', "net", false));
        QVERIFY(models.changed(revision, 0));
        QVERIFY(!models.changed(revision, 0));
        VERIFY_OK(
            store::LoggedModels(models.database).setStatus(idOf('a'), store::LoggedModelStatus::Ready, kNow));
        QVERIFY(models.changed(revision, 0));
        QVERIFY(models.putFile('a', "MLmodel", "flavors: {}\n"));
        QVERIFY(models.changed(revision, 0));
        VERIFY_OK(store::ArtifactFiles(models.database).removeLoose(store::modelFolder(0, idOf('a'))));
        QVERIFY(models.changed(revision, 0));

        store::ModelRegistry registry(models.database);
        store::RegisteredModel registered;
        registered.name = "reg";
        VERIFY_OK(registry.create(registered));
        store::ModelVersion version;
        version.model = "reg";
        version.loggedModel = idOf('a');
        VERIFY_OK(registry.createVersion(version));
        QVERIFY(models.changed(revision, 0));
        VERIFY_OK(registry.setAlias("reg", "champion", 1, kNow));
        QVERIFY(models.changed(revision, 0));
        VERIFY_OK(registry.setStage("reg", 1, "Staging", kNow));
        QVERIFY(models.changed(revision, 0));
        VERIFY_OK(registry.removeVersion("reg", 1, kNow));
        QVERIFY(models.changed(revision, 0));
        QVERIFY(!models.changed(revision, 1));
    }
};

QTEST_GUILESS_MAIN(TestRunModels)
#include "tst_run_models.moc"
