// SPDX-License-Identifier: GPL-3.0-or-later
// What the runs of other tools keep beside their numbers: files and consoles, through the catalogue.
#include <algorithm>

#include "level_log_writer.h"
#include "runglass/sources/project_runs.h"
#include "truth.h"

using namespace runglass;
using test::LevelLogWriter;
using test::Message;

namespace {

constexpr std::uint64_t kLimit = 1U << 20U;
constexpr const char* kWandb = "wandb/run-20240102_030405-abc123/";
constexpr const char* kMlflowRun = "mlruns/0/00112233445566778899aabbccddeeff/";

struct Loaded {
    explicit Loaded(const test::TempFolder& project)
        : catalogue(std::make_shared<sources::Catalogue>(
              sources::CatalogueOptions{.project = project.path(), .cache = false}))
        , runs(catalogue->load()) {}

    [[nodiscard]] RunId only() const { return runs->runs.size() == 1 ? runs->runs[0]->id : RunId(); }
    [[nodiscard]] Result<std::string> artifact(std::string_view path, std::uint64_t limit = kLimit) const {
        return catalogue->artifact(only(), path, limit);
    }
    [[nodiscard]] std::vector<std::string> paths() const {
        std::vector<std::string> paths;
        const auto detail = catalogue->detail(only());
        for (const auto& artifact : detail->artifacts) {
            paths.push_back(artifact.path);
        }
        return paths;
    }

    std::shared_ptr<sources::Catalogue> catalogue;
    sources::SharedForeignRuns runs;
};

using Paths = std::vector<std::string>;

void writeMlflowRun(const test::TempFolder& project) {
    project.write("mlruns/0/meta.yaml", "experiment_id: '0'\nname: Default\nlifecycle_stage: active\n");
    project.write(std::string(kMlflowRun) + "meta.yaml",
                  "run_id: 00112233445566778899aabbccddeeff\nstatus: 3\nstart_time: 1\nend_time: 2\n");
    project.write(std::string(kMlflowRun) + "params/lr", "1");
}

}  // namespace

class TestArtifacts : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void filesOfAWandbRun() {
        const test::TempFolder project;
        project.write(std::string(kWandb) + "run-abc123.wandb", LevelLogWriter::wandb().bytes());
        project.write(std::string(kWandb) + "files/output.log", "epoch 1\nepoch 2\n");
        project.write(std::string(kWandb) + "files/media/images/g_3_0123456789abcdef0123.png", "png bytes");
        project.write("secret.txt", "not a run's");
        std::filesystem::create_symlink(project / "secret.txt",
                                        project.path() / kWandb / "files" / "link.txt");
        std::filesystem::create_directory_symlink(project.path(), project.path() / kWandb / "files" / "up");
        const Loaded loaded(project);
        QCOMPARE(loaded.paths(), (Paths{"media/images/g_3_0123456789abcdef0123.png", "output.log"}));
        QCOMPARE(*loaded.artifact("media/images/g_3_0123456789abcdef0123.png"), std::string("png bytes"));
        QCOMPARE(*loaded.catalogue->console(loaded.only()), std::string("epoch 1\nepoch 2\n"));
        for (const char* outside : {"../../../secret.txt", "link.txt", "up/secret.txt", "/etc/hostname", "",
                                    "media", "media/", "media/../output.log", "./output.log", "nothing"}) {
            const auto refused = loaded.artifact(outside);
            QVERIFY2(!refused && refused.error().code == ErrorCode::NotFound, outside);
        }
        QVERIFY(loaded.artifact("output.log", 15).error().code == ErrorCode::TooLarge);
        VERIFY_OK(loaded.artifact("output.log", 16));
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(
            loaded.catalogue->artifact(loaded.only(), "output.log", kLimit, stop.get_token()).error().code ==
            ErrorCode::Cancelled);
    }

    void filesOfAnMlflowRunAndOfItsModel() {
        const test::TempFolder project;
        writeMlflowRun(project);
        project.write(std::string(kMlflowRun) + "artifacts/plots/roc.png", "roc");
        project.write(std::string(kMlflowRun) + "outputs/m-1/meta.yaml",
                      "source_id: x\ndestination_id: m-1\ndestination_type: MODEL_OUTPUT\n");
        project.write("mlruns/0/models/m-1/meta.yaml", "model_id: m-1\nname: net\n");
        project.write("mlruns/0/models/m-1/artifacts/MLmodel", "flavors: {}\n");
        const Loaded loaded(project);
        QCOMPARE(loaded.paths(), (Paths{"net/MLmodel", "plots/roc.png"}));
        QCOMPARE(*loaded.artifact("plots/roc.png"), std::string("roc"));
        QCOMPARE(*loaded.artifact("net/MLmodel"), std::string("flavors: {}\n"));
        QVERIFY(loaded.artifact("net/../meta.yaml").error().code == ErrorCode::NotFound);
        const auto file = loaded.catalogue->openArtifact(loaded.only(), "plots/roc.png");
        VERIFY_OK(file);
        QCOMPARE(file->size, std::uint64_t{3});
        QCOMPARE(file->path, project.path() / kMlflowRun / "artifacts/plots/roc.png");
    }

    void consolesOfSacredAndGuild() {
        const test::TempFolder project;
        project.write("runs/1/run.json", R"({"status": "COMPLETED", "experiment": {"name": "e"}})");
        project.write("runs/1/cout.txt", "sacred says\n");
        project.write("runs/1/model.bin", "weights");
        const Loaded sacred(project);
        QCOMPARE(*sacred.catalogue->console(sacred.only()), std::string("sacred says\n"));
        QCOMPARE(*sacred.artifact("model.bin"), std::string("weights"));

        const test::TempFolder other;
        const std::string run = ".guild/runs/00112233445566778899aabbccddeeff/";
        other.write(run + ".guild/opref", "guildfile:/x abc m train");
        other.write(run + ".guild/attrs/id", "00112233445566778899aabbccddeeff");
        other.write(run + ".guild/output", "guild says\n");
        other.write(run + "out.csv", "a\n1\n");
        const Loaded guild(other);
        QCOMPARE(*guild.catalogue->console(guild.only()), std::string("guild says\n"));
        QCOMPARE(*guild.artifact("out.csv"), std::string("a\n1\n"));
    }

    void filesOfFrameworks() {
        const test::TempFolder lightning;
        lightning.write("version_0/metrics.csv", "epoch,step,loss\n0,1,2\n");
        lightning.write("version_0/hparams.yaml", "lr: 0.1\n");
        lightning.write("version_0/checkpoints/epoch=0-step=1.ckpt", "weights");
        lightning.write("version_0/other/data.bin", "not the run's");
        const Loaded first(lightning);
        QCOMPARE(first.paths(), (Paths{"checkpoints/epoch=0-step=1.ckpt"}));
        QCOMPARE(*first.artifact("checkpoints/epoch=0-step=1.ckpt"), std::string("weights"));
        QVERIFY(first.artifact("other/data.bin").error().code == ErrorCode::NotFound);
        QVERIFY(first.artifact("checkpoints/../other/data.bin").error().code == ErrorCode::NotFound);

        const test::TempFolder yolo;
        yolo.write("train/results.csv", "epoch,train/box_loss\n1,2\n");
        yolo.write("train/args.yaml", "lr0: 0.01\n");
        yolo.write("train/results.png", "a picture");
        yolo.write("train/._results.png", "of macOS");
        yolo.write("train/weights/best.pt", "weights");
        yolo.write("secret.png", "outside");
        std::filesystem::create_symlink("../secret.png", yolo / "train/link.png");
        const Loaded second(yolo);
        QCOMPARE(second.paths(), (Paths{"results.csv", "results.png", "weights/best.pt"}));
        QCOMPARE(*second.artifact("results.png"), std::string("a picture"));
        QCOMPARE(*second.artifact("weights/best.pt"), std::string("weights"));
        QVERIFY(second.artifact("link.png").error().code == ErrorCode::NotFound);
        QVERIFY(second.artifact("args.yaml").error().code == ErrorCode::NotFound);  // shown as configuration

        const test::TempFolder trainer;
        trainer.write("out/checkpoint-10/trainer_state.json", R"({"global_step": 10, "log_history": []})");
        trainer.write("out/checkpoint-10/model.safetensors", "weights of 10");
        trainer.write("out/model.safetensors", "weights");
        trainer.write("out/train.py", "code");
        std::filesystem::create_directory_symlink("/etc", trainer / "out/checkpoint-20");
        const Loaded third(trainer);
        QCOMPARE(third.paths(), (Paths{"checkpoint-10/model.safetensors", "checkpoint-10/trainer_state.json",
                                       "model.safetensors"}));
        QCOMPARE(*third.artifact("checkpoint-10/model.safetensors"), std::string("weights of 10"));
        QVERIFY(third.artifact("checkpoint-20/passwd").error().code == ErrorCode::NotFound);
    }

    void aFileIsNamedOnceAlsoFromFurtherIn() {
        const test::TempFolder project;
        project.write("job/.hydra/config.yaml", "lr: 1\n");
        project.write("job/.hydra/overrides.yaml", "[]\n");
        project.write("job/.hydra/hydra.yaml", "hydra: {job: {name: train}}\n");
        const std::string version = "job/lightning_logs/version_0/";
        project.write(version + "metrics.csv", "epoch,step,loss\n0,1,2\n");
        project.write(version + "hparams.yaml", "lr: 1\n");
        project.write(version + "checkpoints/e.ckpt", "weights");
        const Loaded loaded(project);
        const auto paths = loaded.paths();
        const auto isCheckpoint = [](const auto& path) { return path.ends_with("e.ckpt"); };
        QCOMPARE(std::ranges::count_if(paths, isCheckpoint), std::ptrdiff_t{1});
        QCOMPARE(*loaded.artifact(*std::ranges::find_if(paths, isCheckpoint)), std::string("weights"));
    }

    void aJoinedRunHasTheFilesOfAllItsOrigins() {
        const test::TempFolder project;
        project.write("job/.hydra/config.yaml", "lr: 1\n");
        project.write("job/.hydra/overrides.yaml", "[]\n");
        project.write("job/.hydra/hydra.yaml", "hydra: {job: {name: train}}\n");
        project.write("job/train.log", "hydra says\n");
        project.write(std::string("job/") + kWandb + "run-abc123.wandb", LevelLogWriter::wandb().bytes());
        project.write(std::string("job/") + kWandb + "files/table.json", "{}");
        const Loaded loaded(project);
        QCOMPARE(*loaded.artifact("table.json"), std::string("{}"));
        QCOMPARE(*loaded.artifact("train.log"), std::string("hydra says\n"));
        const auto paths = loaded.paths();
        QCOMPARE(std::ranges::count_if(paths, [](const auto& path) { return path.ends_with("table.json"); }),
                 std::ptrdiff_t{1});  // it is not Hydra's `wandb/run-…/files/table.json` as well
        QCOMPARE(*loaded.catalogue->console(loaded.only()), std::string("hydra says\n"));

        sources::ProjectRuns runs(project.path(), loaded.catalogue);
        model::Artifact named;
        named.path = "train.log";
        QCOMPARE(*runs.artifact(loaded.only(), named, kLimit), std::string("hydra says\n"));
        named.sha256 = "../../job/train.log";
        named.path = "none";
        QVERIFY(runs.artifact(loaded.only(), named, kLimit).error().code == ErrorCode::NotFound);
    }
};

QTEST_GUILESS_MAIN(TestArtifacts)
#include "tst_artifacts.moc"
