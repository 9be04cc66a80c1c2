// SPDX-License-Identifier: GPL-3.0-or-later
// What the catalogue makes of real formats together: names, ends, links, and files that are no data.
#include <map>

#include "event_writer.h"
#include "level_log_writer.h"
#include "runglass/base/clock.h"
#include "runglass/sources/catalogue.h"
#include "runglass/store/written_files.h"
#include "support/test.h"

using namespace runglass;
using test::Message;

namespace {

constexpr const char* kFile = "/events.out.tfevents.1600000000.host";

std::string events() {
    return test::versionRecord(1.6e9) + test::scalarRecord("loss", 0, 0.5F);
}

struct Found {
    sources::Catalogue catalogue;
    sources::SharedForeignRuns runs;

    explicit Found(const std::filesystem::path& project)
        : catalogue({.project = project, .cache = false})
        , runs(catalogue.load()) {}

    [[nodiscard]] std::map<std::string, std::string> namesByPlace() const {
        std::map<std::string, std::string> names;
        for (const auto& run : runs->runs) {
            names[run->location] = run->name;
        }
        return names;
    }
};

}  // namespace

class TestCatalogueFormats : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void sidesOfATrainingAreNamedWithIt() {
        const test::TempFolder project;
        for (const char* folder :
             {"keras/train", "keras/validation", "exp/one", "exp/one/loss_val", "exp/two", "deep/er/train"}) {
            project.write(folder + std::string(kFile), events());
        }
        const std::map<std::string, std::string> expected{{"keras/train", "keras/train"},
                                                          {"keras/validation", "keras/validation"},
                                                          {"exp/one", "one"},
                                                          {"exp/one/loss_val", "one/loss_val"},
                                                          {"exp/two", "two"},
                                                          {"deep/er/train", "er/train"}};
        const auto names = Found(project.path()).namesByPlace();
        for (const auto& [place, name] : expected) {
            QVERIFY2(names.at(place) == name, (place + " is " + names.at(place)).c_str());
        }
        QCOMPARE(names.size(), expected.size());
    }

    void theSidesOfALaunchedTrainingAreToldApart() {
        const test::TempFolder project;
        const std::map<std::string, float> folders{{"a/fit/train", 1.0F},
                                                   {"a/fit/validation", 2.0F},
                                                   {"b/train", 3.0F},
                                                   {"b/val", 4.0F},
                                                   {"c/test", 5.0F}};
        for (const auto& [folder, value] : folders) {
            project.write(folder + kFile, test::versionRecord(1.6e9) + test::scalarRecord("loss", 0, value) +
                                              test::scalarRecord("val/f1", 0, 10 * value));
        }
        const auto run = RunId::derive("launched");
        store::WrittenFilesLog written(store::Layout(project.path()), run);
        written.start(1'600'000'000'000, project.path());
        written.end(nowMs() + 60'000);
        const Found found(project.path());
        QVERIFY(found.runs->runs.empty());
        const std::map<std::string, double> expected{{"fit/train/loss", 1},
                                                     {"fit/train/val/f1", 10},
                                                     {"validation/loss", 2},
                                                     {"validation/val/f1", 20},
                                                     {"b/train/loss", 3},
                                                     {"b/train/val/f1", 30},
                                                     {"val/loss", 4},
                                                     {"val/f1", 40},  // says so itself
                                                     {"loss", 5},
                                                     {"val/f1 (tensorboard)", 50}};  // beside no other side
        std::map<std::string, double> shown;
        const auto attached = found.catalogue.attached(run);
        QVERIFY(attached != nullptr);
        for (const auto& metric : attached->metrics) {
            const auto series = found.catalogue.series(run, metric.key.text());
            VERIFY_OK(series);
            shown[metric.key.str()] = series->values.back();
            QCOMPARE(metric.summary.last, series->values.back());
        }
        QVERIFY(shown == expected);
    }

    void theSideThatIsNamedIsNotFoundWithoutItsName() {
        const test::TempFolder project;
        project.write("train" + std::string(kFile), events());
        project.write("validation" + std::string(kFile), events());
        const auto run = RunId::derive("launched");
        store::WrittenFilesLog written(store::Layout(project.path()), run);
        written.start(1'600'000'000'000, project.path());
        const Found found(project.path());
        VERIFY_OK(found.catalogue.series(run, "train/loss"));
        VERIFY_OK(found.catalogue.series(run, "validation/loss"));
        QVERIFY(found.catalogue.series(run, "loss").error().code == ErrorCode::NotFound);
    }

    void whatIsNoDataIsNotRunning() {
        const test::TempFolder project;
        project.write("lfs" + std::string(kFile), "version https://git-lfs.github.com/spec/v1\noid sha256:" +
                                                      std::string(64, 'a') + "\nsize 12345\n");
        project.write("empty" + std::string(kFile), "");
        project.write("new" + std::string(kFile), test::versionRecord(static_cast<double>(nowMs()) / 1e3));
        const Found found(project.path());
        QCOMPARE(found.runs->runs.size(), std::size_t{3});
        for (const auto& run : found.runs->runs) {
            QVERIFY2(run->status == (run->name == "new" ? model::RunStatus::Running : model::RunStatus::Lost),
                     run->name.c_str());
        }
    }

    void whatGoesOnHasNoEnd_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<bool>("hasEnd");
        QTest::newRow("running") << 1 << false;
        QTest::newRow("finished") << 3 << true;
    }

    void whatGoesOnHasNoEnd() {
        QFETCH(int, status);
        QFETCH(bool, hasEnd);
        const test::TempFolder project;
        const std::string run = "mlruns/0/00112233445566778899aabbccddeeff/";
        project.write("mlruns/0/meta.yaml", "name: Default\nexperiment_id: '0'\n");
        project.write(run + "meta.yaml", "run_id: 00112233445566778899aabbccddeeff\nstart_time: " +
                                             std::to_string(nowMs() - 1000) +
                                             "\nstatus: " + std::to_string(status) + "\n");
        project.write(run + "artifacts/tb" + kFile, events());
        const Found found(project.path());
        QCOMPARE(found.runs->runs.size(), std::size_t{1});
        QCOMPARE(found.runs->runs.front()->endTimeMs.has_value(), hasEnd);
    }

    void aPartOfAStoreNamesTheStore() {
        const test::TempFolder project;
        const std::string run = "mlruns/0/00112233445566778899aabbccddeeff";
        project.write("mlruns/0/meta.yaml", "name: Default\nexperiment_id: '0'\n");
        project.write(run + "/meta.yaml", "run_id: 00112233445566778899aabbccddeeff\nstatus: 3\n");
        for (const std::string& part : {std::string("mlruns/0"), run}) {
            const Found found(project / part);
            QVERIFY(found.runs->runs.empty());
            QCOMPARE(found.runs->problems.size(), std::size_t{1});
            QCOMPARE(found.runs->problems.front().reason,
                     "This is a part of the MLflow store " + (project / "mlruns").native() + ": open that.");
        }
        QVERIFY(Found(project / "mlruns").runs->problems.empty());
    }

    void linksAreExplained() {
        const test::TempFolder outside;
        const auto log = outside.write("log" + std::string(kFile), events());
        const auto notes = outside.write("notes.txt", "x");
        const test::TempFolder project;
        project.write("in" + std::string(kFile), events());
        std::filesystem::create_symlink(log, project / "linked.tfevents.1");
        std::filesystem::create_symlink(notes, project / "notes.txt");
        std::filesystem::create_symlink(project.path() / ("in" + std::string(kFile)),
                                        project / "within.tfevents.1");
        std::filesystem::create_directory_symlink(".", project / "loop");
        project.write("mac/._a.csv", std::string("\0\5\26\7 Mac OS X", 14));
        project.write("mac/._b.csv", std::string("\0\5\26\7 Mac OS X", 14));
        const Found found(project.path());
        QCOMPARE(found.runs->runs.size(), std::size_t{1});
        std::map<std::string, std::pair<std::uint64_t, std::string>> said;
        for (const auto& problem : found.runs->problems) {
            const auto text = sources::describe(problem, project.path());
            said[text.substr(0, text.find(':'))] = {problem.count, text};
        }
        QCOMPARE(said.size(), std::size_t{3});
        QCOMPARE(said.at("linked.tfevents.1").first, std::uint64_t{1});
        QVERIFY(said.at("linked.tfevents.1")
                    .second.ends_with("runglass sources add " + log.parent_path().native()));
        // Remarks on what is as it should be.
        QCOMPARE(said.at("loop").first, std::uint64_t{0});
        QCOMPARE(said.at("loop").second,
                 std::string("loop: This link leads back to a folder around it; not followed."));
        QCOMPARE(said.at("mac/._a.csv").first, std::uint64_t{0});
        QVERIFY(said.at("mac/._a.csv").second.ends_with("passed over with 1 more."));
    }

    void theHardwareOfWandb_data() {
        QTest::addColumn<bool>("inLog");
        QTest::newRow("in the log") << true;
        QTest::newRow("in wandb-metadata.json") << false;
    }

    void theHardwareOfWandb() {
        QFETCH(bool, inLog);
        const test::TempFolder project;
        const std::string folder = "wandb/run-20240102_030405-abc/";
        auto log = test::LevelLogWriter::wandb();
        log.record(Message().message(17, Message().text(1, "abc")));
        if (inLog) {
            log.record(Message().message(26, Message()
                                                 .text(6, "a.py")
                                                 .number(16, 8)
                                                 .number(17, 16)
                                                 .text(18, "NVIDIA A100")
                                                 .number(19, 2)));
        } else {
            project.write(folder + "files/wandb-metadata.json",
                          R"({"program": "a.py", "cpu_count": 8, "cpu_count_logical": 16, )"
                          R"("gpu": "NVIDIA A100", "gpu_count": 2})");
        }
        project.write(folder + "run-abc.wandb", log.bytes());
        const Found found(project.path());
        QCOMPARE(found.runs->runs.size(), std::size_t{1});
        const auto detail = found.catalogue.detail(found.runs->runs.front()->id);
        VERIFY_OK(detail);
        QCOMPARE(detail->environment->hardware.cpuCount, 16);
        QCOMPARE(detail->environment->hardware.gpus,
                 (std::vector<std::string>{"NVIDIA A100", "NVIDIA A100"}));
    }
};

QTEST_GUILESS_MAIN(TestCatalogueFormats)
#include "tst_catalogue_formats.moc"
