// SPDX-License-Identifier: GPL-3.0-or-later
#include <chrono>
#include <cmath>
#include <fstream>

#include "truth.h"

using namespace runglass;

namespace {

constexpr const char* kRun = "0123456789abcdef0123456789abcdef";
constexpr const char* kChild = "fedcba9876543210fedcba9876543210";

std::string metaOf(const std::string& id, const std::string& more = {}) {
    return "artifact_uri: file:///elsewhere/mlruns/0/" + id +
           "/artifacts\nend_time: 1700000005000\nentry_point_name: ''\nexperiment_id: '0'\n"
           "lifecycle_stage: active\nrun_id: " +
           id + "\nsource_type: 4\nstart_time: 1700000000000\nstatus: 3\ntags: []\nuser_id: me\n" + more;
}

/// Makes files look as if nobody had written to them for an hour.
void rest(const std::filesystem::path& path) {
    std::filesystem::last_write_time(path,
                                     std::filesystem::file_time_type::clock::now() - std::chrono::hours(2));
}

}  // namespace

class TestMlflowStore : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void readsEveryFieldOfARun() {
        const test::TempFolder project;
        const auto run = "mlruns/0/" + std::string(kRun) + "/";
        project.write("mlruns/0/meta.yaml",
                      "artifact_location: ./mlruns/0\nexperiment_id: '0'\n"
                      "lifecycle_stage: active\nname: 'It''s: \xc3\xbc'\n");
        project.write(run + "meta.yaml", metaOf(kRun, "run_name: brave-owl\n"));
        project.write(run + "params/lr", "0.1");
        project.write(run + "params/model/layers", "3\n");
        project.write(run + "params/empty", "");
        project.write(run + "tags/mlflow.note.content", "# Why\nbecause");
        project.write(run + "tags/mlflow.source.git.commit", "abc123");
        project.write(run + "tags/mlflow.source.name", "train.py");
        project.write(run + "metrics/val/loss",
                      "1000 0.5 2\n1001 nan 3\n1002 -inf 1\n1003 inf 3 data set v2 d1g3st\n");
        project.write(run + "metrics/old", "7 1e-05\n8 2\n");
        project.write(run + "artifacts/model/MLmodel", "flavors: {}\n");
        project.write(run + "inputs/x/meta.yaml",
                      "destination_id: d\ndestination_type: RUN\nsource_id: d\nsource_type: DATASET\n"
                      "tags:\n  mlflow.data.context: training\n");
        project.write("mlruns/0/datasets/d/meta.yaml",
                      "digest: 12ab\nname: iris\nprofile: '{}'\nsource: '{\"uri\": \"data/iris.csv\"}'\n"
                      "source_type: local\n");
        const auto reader = open(project);
        const auto parts = reader->read({});
        VERIFY_OK(parts);
        QCOMPARE(parts->size(), std::size_t{1});
        const auto& part = *parts->front();
        const auto& record = part.record;
        QVERIFY(part.damage.empty());
        QCOMPARE(part.id->hex(), std::string(kRun));
        QCOMPARE(part.folder, project / run.substr(0, run.size() - 1));
        QCOMPARE(record.name, std::string("brave-owl"));
        QCOMPARE(record.experiment.str(), std::string("It's: \xc3\xbc"));
        QVERIFY(record.status == model::RunStatus::Finished);
        QCOMPARE(*record.endTimeMs, std::int64_t{1700000005000});
        QCOMPARE(record.git.commit, std::string("abc123"));
        QVERIFY(record.hasNote);
        QCOMPARE(record.params.size(), std::size_t{3});
        QCOMPARE(*record.param(Symbol("model/layers")), std::string_view("3\n"));
        QCOMPARE(*record.param(Symbol("empty")), std::string_view());

        const auto* loss = record.metric(Symbol("val/loss"));
        QVERIFY(loss != nullptr);
        QCOMPARE(loss->count, std::uint64_t{4});
        QCOMPARE(loss->nanCount, std::uint64_t{1});
        QVERIFY(loss->last == std::numeric_limits<double>::infinity());  // step 3, the later time
        QCOMPARE(loss->lastStep, std::int64_t{3});
        QCOMPARE(loss->infiniteCount, std::uint64_t{2});
        QCOMPARE(record.metric(Symbol("old"))->last, 2.0);
        QCOMPARE(record.metric(Symbol("old"))->first, 1e-05);
        const auto series = reader->series(part.key, "val/loss", 1, {});
        VERIFY_OK(series);
        QCOMPARE(series->size(), std::size_t{3});
        QVERIFY(std::isnan(series->values[0]));
        QVERIFY(reader->series(part.key, "none", 0, {}).error().code == ErrorCode::NotFound);
        QVERIFY(reader->series(part.key, "../params/lr", 0, {}).error().code == ErrorCode::NotFound);
        QVERIFY(reader->series("..", "old", 0, {}).error().code == ErrorCode::NotFound);

        const auto detail = reader->detail(part.key);
        VERIFY_OK(detail);
        QCOMPARE(detail->note, std::string("# Why\nbecause"));
        QCOMPARE(detail->command, std::vector<std::string>{"train.py"});
        QCOMPARE(detail->artifacts.size(), std::size_t{1});  // although artifact_uri names another machine
        QCOMPARE(detail->artifacts[0].path, std::string("model/MLmodel"));
        QCOMPARE(detail->datasets.size(), std::size_t{1});
        QCOMPARE(detail->datasets[0].name, std::string("iris"));
        QCOMPARE(detail->datasets[0].location, std::string("data/iris.csv"));
    }

    void knowsNestedAndDeletedRunsAndOddFolders() {
        const test::TempFolder project;
        project.write("mlruns/0/meta.yaml", "experiment_id: '0'\nname: Default\nlifecycle_stage: active\n");
        project.write("mlruns/0/" + std::string(kRun) + "/meta.yaml", metaOf(kRun, "name: by tag\n"));
        project.write("mlruns/0/" + std::string(kRun) + "/tags/mlflow.runName", "by tag");
        project.write("mlruns/0/" + std::string(kChild) + "/meta.yaml",
                      "run_id: " + std::string(kChild) + "\nlifecycle_stage: deleted\nstatus: 4\n");
        project.write("mlruns/0/" + std::string(kChild) + "/tags/mlflow.parentRunId", kRun);
        project.write("mlruns/0/models/m-1/meta.yaml", "model_id: m-1\n");
        project.write("mlruns/0/notes/readme.txt", "not a run");
        project.write("mlruns/models/m/meta.yaml", "name: m\n");
        project.write("mlruns/.trash/7/meta.yaml",
                      "experiment_id: '7'\nname: gone\nlifecycle_stage: deleted\n");
        const std::string third(32, 'a');
        project.write("mlruns/.trash/7/" + third + "/meta.yaml", metaOf(third));
        const std::string bare(32, 'b');
        project.write("mlruns/0/" + bare + "/metrics/m", "1 2 3\n");
        const auto parts = *open(project)->read({});
        QCOMPARE(parts.size(), std::size_t{4});
        std::map<std::string, sources::SharedPart> byKey;
        for (const auto& part : parts) {
            byKey[part->key] = part;
        }
        QCOMPARE(byKey[kRun]->record.name, std::string("by tag"));
        QCOMPARE(byKey[kChild]->parentKey, std::string(kRun));
        QVERIFY(byKey[kChild]->record.archived);
        QVERIFY(byKey[kChild]->record.status == model::RunStatus::Failed);
        QVERIFY(byKey[third]->record.archived);
        QCOMPARE(byKey[third]->record.experiment.str(), std::string("gone"));
        QCOMPARE(byKey[bare]->damage.size(), std::size_t{1});
        QVERIFY(!byKey[bare]->tellsStatus);
        QCOMPARE(byKey[bare]->record.metrics.size(), std::size_t{1});
    }

    void leavesOutWhatIsBrokenAndSaysSo() {
        const test::TempFolder project;
        const auto run = "mlruns/0/" + std::string(kRun) + "/";
        project.write("mlruns/0/meta.yaml", "name: Default\n");
        project.write(run + "meta.yaml", "");
        project.write(run + "metrics/m", "1 0.5 0\nrubbish\n2 0.25 1\n3 x 2\n");
        project.write(run + "metrics/lfs",
                      "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n");
        project.write(run + "metrics/._m", "\x05\x16\x07");
        project.write(run + "metrics/empty", "");
        project.write(run + "params/.gitkeep", "");
        std::filesystem::create_symlink("/etc/hostname", project / (run + "params/link"));
        const auto parts = *open(project)->read({});
        QCOMPARE(parts.size(), std::size_t{1});
        const auto& part = *parts.front();
        QCOMPARE(part.record.metrics.size(), std::size_t{1});
        QCOMPARE(part.record.metric(Symbol("m"))->count, std::uint64_t{2});
        QVERIFY(part.record.params.empty());
        QCOMPARE(part.damage.size(), std::size_t{3});
        const auto bad = std::find_if(part.damage.begin(), part.damage.end(),
                                      [](const auto& damage) { return damage.file.filename() == "m"; });
        QCOMPARE(bad->count, std::uint64_t{2});
        QCOMPARE(bad->offset, std::uint64_t{8});
    }

    void followsGrowthAndWaitsForHalfALine() {
        const test::TempFolder project;
        const auto run = "mlruns/0/" + std::string(kRun) + "/";
        project.write("mlruns/0/meta.yaml", "name: Default\n");
        project.write(run + "meta.yaml", metaOf(kRun));
        const auto metric = project.write(run + "metrics/m", "1 0.5 0\n2 0.2");
        const auto reader = open(project);
        const auto count = [&] { return (*reader->read({}))[0]->record.metric(Symbol("m"))->count; };
        QCOMPARE(count(), std::uint64_t{1});
        std::ofstream(metric, std::ios::app) << "5 1\n3 0.125 2\n";
        auto part = (*reader->read({}))[0];
        QCOMPARE(part->record.metric(Symbol("m"))->count, std::uint64_t{3});
        QCOMPARE(part->record.metric(Symbol("m"))->last, 0.125);
        QVERIFY(part == (*reader->read({}))[0]);
        const auto stamps = reader->stamps();
        QVERIFY(std::all_of(stamps.begin(), stamps.end(), [](const sources::FileStamp& stamp) {
            return sources::FileStamp::of(stamp.path) == stamp;
        }));

        // Rewritten in place with the same beginning, then another metric, then another run.
        std::ofstream(metric, std::ios::trunc) << "1 0.5 0\n9 9 9\n8 8 8\n7 7 7\n6 6 6\n";
        QCOMPARE(count(), std::uint64_t{5});
        project.write(run + "metrics/deep/n", "1 2 3\n");
        QCOMPARE((*reader->read({}))[0]->record.metrics.size(), std::size_t{2});
        project.write("mlruns/0/" + std::string(kChild) + "/meta.yaml", metaOf(kChild));
        QCOMPARE(reader->read({})->size(), std::size_t{2});
        std::filesystem::remove_all(project / ("mlruns/0/" + std::string(kChild)));
        QCOMPARE(reader->read({})->size(), std::size_t{1});

        // A last line whose end was lost is a line once nobody writes to the file any more.
        std::ofstream(metric, std::ios::app) << "5 5 5";
        QCOMPARE(count(), std::uint64_t{5});
        rest(metric);
        QCOMPARE(count(), std::uint64_t{6});
        QCOMPARE((*reader->read({}))[0]->damage.size(), std::size_t{1});
        QCOMPARE((*reader->read({}))[0]->damage[0].count, std::uint64_t{0});  // a remark
        // It was none: what comes then belongs to it.
        std::ofstream(metric, std::ios::app) << "00\n";
        QCOMPARE(count(), std::uint64_t{6});
        QCOMPARE((*reader->read({}))[0]->record.metrics[0].summary.lastStep, std::int64_t{500});
        QVERIFY((*reader->read({}))[0]->damage.empty());

        // A line with fewer fields than the others is half a line, however long it lies there.
        for (const auto* half : {"6 0.12", "6 0.12 "}) {
            std::ofstream(metric, std::ios::trunc) << "1 0.5 0\n" << half;
            rest(metric);
            QCOMPARE(count(), std::uint64_t{1});
            const auto cut = (*reader->read({}))[0];
            QCOMPARE(cut->damage.size(), std::size_t{1});
            QCOMPARE(cut->damage[0].offset, std::uint64_t{8});
            QVERIFY((*reader->read({}))[0] == cut);
        }
    }

    void recognisesStoresOnly() {
        const test::TempFolder project;
        // The artifacts of a server whose runs are in a database.
        project.write("a/mlruns/1/" + std::string(kRun) + "/artifacts/x.txt", "x");
        // Sacred.
        project.write("b/1/run.json", "{}");
        // A store of another name, and an experiment whose meta.yaml git has lost.
        project.write("c/store/0/meta.yaml", "name: Default\n");
        project.write("d/mlruns/5/" + std::string(kRun) + "/params/p", "1");
        std::vector<std::filesystem::path> found;
        for (const auto& [origin, opened] : test::openAll("mlflow", project.path())) {
            found.push_back(origin);
        }
        QCOMPARE(found, (std::vector<std::filesystem::path>{project / "c/store", project / "d/mlruns"}));
    }

private:
    static std::unique_ptr<sources::Reader> open(const test::TempFolder& project) {
        auto opened = test::openAll("mlflow", project.path());
        return opened.size() == 1 ? std::move(opened.begin()->second.reader) : nullptr;
    }
};

QTEST_GUILESS_MAIN(TestMlflowStore)
#include "tst_mlflow_store.moc"
