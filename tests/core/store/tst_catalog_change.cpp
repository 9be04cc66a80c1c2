// SPDX-License-Identifier: GPL-3.0-or-later
// Changes of experiments, models and the registry that lie aside: as bytes and back, written once and again,
// and in a copy of the catalog as in the database.
#include "runglass/store/catalog_change.h"

#include <algorithm>
#include <cmath>

#include "runglass/store/catalog_copy.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::store;

class TestCatalogChange : public runglass::test::TestCase {
    Q_OBJECT

    using What = CatalogEdit::What;

    static CatalogEdit edit(What what, std::string of, std::int64_t number = 0, std::string key = {},
                            std::string value = {}) {
        return {what, std::move(of), number, std::move(key), std::move(value), {}, false, 20};
    }
    static Experiment experiment(std::int64_t id, std::string name) {
        return {id, std::move(name), "s3://x", false, 10, 10, {{"team", "Ä"}}};
    }
    static LoggedModel loggedModel(std::string id) {
        LoggedModel model;
        model.id = std::move(id);
        model.name = "net";
        model.createdMs = model.updatedMs = 11;
        model.status = LoggedModelStatus::Pending;
        model.type = "t";
        model.params = {{"p", "1"}};
        model.tags = {{"a", "b"}};
        return model;
    }
    static RegisteredModel registeredModel(std::string name) {
        return {std::move(name), 12, 12, "text", {{"k", "v"}}, {}};
    }
    static ModelVersion version(std::string model, std::int64_t number, std::string source) {
        ModelVersion version;
        version.model = std::move(model);
        version.version = number;
        version.createdMs = version.updatedMs = 13;
        version.source = std::move(source);
        version.loggedModel = "m-1";
        version.tags = {{"k", "v"}};
        return version;
    }
    /// One of everything.
    static CatalogChanges everything() {
        auto tags = edit(What::LoggedModelTags, "m-1");
        tags.pairs = {{"x", "1"}, {"y", "2"}};
        auto gone = edit(What::ExperimentDeleted, {}, 500);
        gone.flag = true;
        return {experiment(500, "new"),
                loggedModel("m-1"),
                registeredModel("reg"),
                version("reg", 1, "models:/m-1"),
                MeasuredModel{"m-1", {"acc", {1, 2, std::nan("")}, "r", "iris", "d"}},
                edit(What::ExperimentTag, {}, 500, "k", "v"),
                edit(What::ExperimentName, {}, 500, {}, "named"),
                gone,
                tags,
                edit(What::LoggedModelStatus, "m-1", 2),
                edit(What::Alias, "reg", 1, "best"),
                edit(What::VersionStage, "reg", 1, {}, "Production"),
                edit(What::RegisteredModelName, "reg", 0, {}, "renamed")};
    }
    static std::string stateOf(Database& database) {
        std::string text;
        const auto add = [&](const auto& pairs) {
            for (const auto& [key, value] : pairs) {
                text += key + "=" + value + " ";
            }
        };
        for (const auto& one : Experiments(database).all().valueOr({})) {
            if (one.id != kDefaultExperiment) {
                text += std::to_string(one.id) + one.name + one.artifactLocation + (one.deleted ? "-" : "+");
                add(one.tags);
            }
        }
        for (const auto& one : LoggedModels(database).ofExperiments({0}).valueOr({})) {
            text += one.id + one.name + std::to_string(int(one.status)) + std::to_string(one.metrics.size());
            add(one.tags);
            add(one.params);
        }
        for (const auto& one : ModelRegistry(database).models().valueOr({})) {
            text += one.name + one.description + std::to_string(one.aliases.size());
            add(one.tags);
        }
        for (const auto& one : ModelRegistry(database).versions().valueOr({})) {
            text += one.model + std::to_string(one.version) + one.stage + one.source;
            add(one.tags);
        }
        return text;
    }
    static Database open(const std::filesystem::path& project) {
        return *Database::open(project, OpenMode::ReadWrite);
    }

private Q_SLOTS:
    void thereAndBack() {
        const auto changes = everything();
        const auto bytes = encodeCatalogChanges(changes);
        const auto back = decodeCatalogChanges(bytes);
        QVERIFY(back.has_value());
        QCOMPARE(back->size(), changes.size());
        QVERIFY(encodeCatalogChanges(*back) == bytes);
        QCOMPARE(std::get<Experiment>(back->at(0)).tags.at(0).second, std::string("Ä"));
        QCOMPARE(std::get<ModelVersion>(back->at(3)).source, std::string("models:/m-1"));
        QVERIFY(std::isnan(std::get<MeasuredModel>(back->at(4)).metric.point.value));
        QVERIFY(std::get<CatalogEdit>(back->at(7)).flag);
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            QVERIFY(!decodeCatalogChanges(ByteView(bytes).first(size)));
        }
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            auto other = bytes;
            other[i] ^= 0xFFU;
            (void)decodeCatalogChanges(other);
        }
    }

    /// A log whose endpoint died between writing it and emptying it is written again.
    void writtenOnceAndAgain() {
        const test::TempFolder folder;
        auto database = open(folder.path());
        CatalogWriter writer(database);
        for (auto change : everything()) {
            QVERIFY(writer.write(change).ok());
        }
        const auto state = stateOf(database);
        QVERIFY2(state.find("500nameds3://x-k=v team=Ä m-1net21a=b x=1 y=2 p=1 renamedtext1k=v "
                            "renamed1Productionmodels:/m-1k=v ") != std::string::npos,
                 state.c_str());
        QVERIFY(writer.restore(everything()).ok());
        // A model of the old name is made anew, since nothing tells that it has been renamed.
        QVERIFY(stateOf(database).find("500nameds3://x-k=v team=Ä ") != std::string::npos);
        QCOMPARE(ModelRegistry(database).versionsOf("renamed")->size(), std::size_t{1});
    }

    void whatIsTakenMeanwhile() {
        const test::TempFolder folder;
        auto database = open(folder.path());
        CatalogWriter writer(database);
        CatalogChanges others{experiment(7, "new"), experiment(8, "named"), registeredModel("reg"),
                              version("reg", 1, "theirs")};
        for (auto& change : others) {
            QVERIFY(writer.write(change).ok());
        }
        const CatalogChanges ours{experiment(500, "new"),
                                  registeredModel("reg"),
                                  version("reg", 1, "ours"),
                                  edit(What::RegisteredModelTag, "nobody", 0, "k", "v"),
                                  edit(What::ExperimentName, {}, 500, {}, "named"),
                                  experiment(501, "mine"),
                                  edit(What::ExperimentName, {}, 501, {}, "named")};
        QVERIFY(writer.restore(ours).ok());
        QCOMPARE(Experiments(database).byId(7)->name, std::string("new"));
        QCOMPARE(Experiments(database).byId(501)->name, std::string("named (2)"));
        QCOMPARE(ModelRegistry(database).version("reg", 1)->source, std::string("theirs"));
        QCOMPARE(ModelRegistry(database).version("reg", 2)->source, std::string("ours"));
    }

    /// Two scripts that begin the same experiment while the database is held have one afterwards.
    void oneNameIsOneExperiment() {
        const test::TempFolder folder;
        auto database = open(folder.path());
        CatalogWriter writer(database);
        auto second = experiment(600, "sweep");
        second.tags = {{"team", "other"}, {"more", "1"}};
        auto model = loggedModel("m-2");
        model.experiment = 600;
        auto gone = edit(What::ExperimentDeleted, {}, 600);
        gone.flag = true;
        for (int time = 0; time < 2; ++time) {
            QVERIFY(writer.restore({experiment(500, "sweep")}).ok());
            writer.beginLog();
            QVERIFY(writer.restore({second, model, edit(What::ExperimentTag, {}, 600, "k", "v"), gone}).ok());
        }
        Experiments experiments(database);
        QCOMPARE(experiments.all()->size(), std::size_t{2});  // and the default one
        QCOMPARE(*experiments.ownNumber(600), std::int64_t{500});
        const auto found = experiments.byId(600);
        QCOMPARE(found->id, std::int64_t{500});
        QVERIFY(!found->deleted);
        const auto tags = found->tags;
        QVERIFY(std::find(tags.begin(), tags.end(), model::Variable("team", "Ä")) != tags.end());
        QVERIFY(std::find(tags.begin(), tags.end(), model::Variable("more", "1")) != tags.end());
        QVERIFY(std::find(tags.begin(), tags.end(), model::Variable("k", "v")) != tags.end());
        QCOMPARE(LoggedModels(database).byId("m-2")->experiment, std::int64_t{500});
        QCOMPARE(experiments.byId(601).error().code, ErrorCode::NotFound);
        // A deleted one is not filled again behind its back.
        QVERIFY(experiments.setDeleted(600, true, 30).ok());
        QVERIFY(writer.restore({experiment(700, "sweep")}).ok());
        QCOMPARE(experiments.byId(700)->name, std::string("sweep (2)"));
    }

    void whatIsSaidOfAVersionFollowsIt() {
        const test::TempFolder folder;
        auto database = open(folder.path());
        CatalogWriter writer(database);
        const auto log = [](const std::string& who) {
            return CatalogChanges{registeredModel("reg"),
                                  version("reg", 1, who + "/1"),
                                  version("reg", 2, who + "/2"),
                                  edit(What::Alias, "reg", 2, who),
                                  edit(What::VersionStage, "reg", 1, {}, who),
                                  edit(What::VersionTag, "reg", 2, "by", who)};
        };
        for (int time = 0; time < 2; ++time) {  // written again, it is not there twice
            for (const auto* const who : {"a", "b"}) {
                writer.beginLog();
                QVERIFY(writer.restore(log(who)).ok());
            }
            QCOMPARE(ModelRegistry(database).versionsOf("reg")->size(), std::size_t{4});
        }
        const auto versions = *ModelRegistry(database).versionsOf("reg");
        const std::vector<std::string> sources{"a/1", "a/2", "b/1", "b/2"};
        for (std::size_t i = 0; i < sources.size(); ++i) {
            const std::string who = sources[i].substr(0, 1);
            QCOMPARE(versions[i].source, sources[i]);
            QCOMPARE(versions[i].stage, i % 2 == 0 ? who : std::string("None"));
            QCOMPARE(versions[i].aliases,
                     i % 2 == 0 ? std::vector<std::string>() : std::vector<std::string>{who});
            QCOMPARE(versions[i].tags.size(), std::size_t{i % 2 == 0 ? 1U : 2U});
        }
    }

    void aCopyIsAsTheDatabase() {
        const test::TempFolder folder;
        auto database = open(folder.path());
        CatalogWriter writer(database);
        for (auto change : everything()) {
            QVERIFY(writer.write(change).ok());
        }
        auto copy = CatalogCopy::of(folder.path());
        QVERIFY(copy.ok());
        QCOMPARE(stateOf(copy->database()), stateOf(database));
        QVERIFY(!*copy->isOutdated());
        // What is changed in it is not changed in the database, and the other way round.
        const auto before = stateOf(database);
        CatalogChange added = registeredModel("another");
        QVERIFY(RunWriter(copy->database())
                    .transaction([&] { return CatalogWriter(copy->database()).write(added); })
                    .ok());
        QCOMPARE(stateOf(database), before);
        QVERIFY(!*copy->isOutdated());
        QVERIFY(writer.write(added).ok());
        QVERIFY(*copy->isOutdated());
        QCOMPARE(stateOf(copy->database()), stateOf(database));
    }

    void theNameOfRuns() {
        const test::TempFolder folder;
        auto database = open(folder.path());
        for (const auto* const name : {"of runs", "of runs", "of others"}) {
            model::RunDetail run;
            run.record.id = RunId::generate();
            run.record.experiment = Symbol(name);
            QVERIFY(RunWriter(database).createRun(run).ok());
        }
        QCOMPARE((**Experiments(database).byName("of runs")).id, std::int64_t{1});
        QCOMPARE((**Experiments(database).byName("of others")).id, std::int64_t{2});
    }
};

QTEST_GUILESS_MAIN(TestCatalogChange)
#include "tst_catalog_change.moc"
