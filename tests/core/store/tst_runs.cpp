// SPDX-License-Identifier: GPL-3.0-or-later
#include <bit>

#include "runglass/base/file.h"
#include "runglass/store/artifact_files.h"
#include "runglass/store/layout.h"
#include "runglass/store/run_reader.h"
#include "runglass/store/run_writer.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::store;

namespace {

model::RunDetail sampleRun(const std::string& name) {
    model::RunDetail detail;
    auto& record = detail.record;
    record.id = RunId::derive(name);
    record.name = name;
    record.experiment = Symbol("digits");
    record.status = model::RunStatus::Running;
    record.startTimeMs = 1'700'000'000'000;
    record.git = {"c0ffee", "main", "beef", "https://example.org/x.git", true};
    record.params = {{Symbol("lr"), Symbol("0.001")}, {Symbol("opt"), Symbol("adam")}};
    record.tags = {{Symbol("stage"), Symbol("prod")}};
    record.sortKeys();
    detail.command = {"python3", "train.py", "--lr", "0.001", ""};
    detail.workingDirectory = "/home/ada/digits";
    detail.environment.emplace();
    detail.environment->pythonVersion = "3.11.2";
    detail.environment->packages = {{"numpy", "1.24.2"}, {"torch", "1.13.1"}};
    detail.environment->variables = {{"SEED", "1"}};
    detail.environment->withheld = {"API_KEY"};
    detail.environment->hardware.cpuCount = 8;
    detail.environment->hardware.gpus = {"NVIDIA H200, 143771 MiB"};
    detail.configFiles = {{"conf/a.yaml", "ab12", "lr: 0.001\n"}};
    detail.datasets = {{"digits", "sha256:1", "data/digits.csv", "{}"}};
    detail.leftOut = {{"big.bin", 1'000'000'000}};
    detail.note = "# Note";
    detail.problems = {"something"};
    return detail;
}

}  // namespace

class TestRuns : public test::TestCase {
    Q_OBJECT

    struct Fixture {
        test::TempFolder folder;
        Result<Database> database = Database::open(folder.path(), OpenMode::ReadWrite);
        RunWriter writer{database.value()};
        RunReader reader{database.value()};
    };

private Q_SLOTS:
    void whatWasStoredComesBack() {
        Fixture f;
        const auto written = sampleRun("one");
        const auto number = f.writer.createRun(written);
        VERIFY_OK(number);
        QCOMPARE(*number, std::int64_t{1});
        const auto taken = f.writer.createRun(written);
        QVERIFY(!taken.ok() && taken.error().code == ErrorCode::Exists);

        const auto read = f.reader.detail(written.record.id);
        VERIFY_OK(read);
        QCOMPARE(read->record.name, std::string("one"));
        QCOMPARE(read->record.experiment.str(), std::string("digits"));
        QCOMPARE(read->record.source.str(), std::string("runglass"));
        QVERIFY(read->record.git == written.record.git);
        QVERIFY(read->record.params == written.record.params);
        QVERIFY(read->record.tags == written.record.tags);
        QVERIFY(read->record.hasNote);
        QVERIFY(read->command == written.command);
        QCOMPARE(read->workingDirectory, written.workingDirectory);
        QVERIFY(read->environment.has_value());
        QVERIFY(read->environment->packages == written.environment->packages);
        QVERIFY(read->environment->variables == written.environment->variables);
        QVERIFY(read->environment->withheld == written.environment->withheld);
        QVERIFY(read->environment->hardware == written.environment->hardware);
        QCOMPARE(read->configFiles.at(0).content, std::string("lr: 0.001\n"));
        QCOMPARE(read->datasets.at(0).location, std::string("data/digits.csv"));
        QCOMPARE(read->leftOut.at(0).size, std::int64_t{1'000'000'000});
        QCOMPARE(read->note, std::string("# Note"));
        QVERIFY(read->problems == std::vector<std::string>{"something"});
    }

    void pointsComeBackInOrder() {
        Fixture f;
        const auto run = sampleRun("one");
        VERIFY_OK(f.writer.createRun(run));
        std::size_t next = 0;
        const auto pointAt = [](std::size_t i) {
            return model::Point{static_cast<std::int64_t>(i),
                                1'700'000'000'000 + static_cast<std::int64_t>(i * 7),
                                1.0 / static_cast<double>(i + 1)};
        };
        for (const std::size_t size : {1, 999, 1, 20'000, 3, 70'000, 5'000}) {
            std::vector<MetricPoint> points;
            for (std::size_t i = 0; i < size; ++i, ++next) {
                points.push_back({"loss", pointAt(next)});
                points.push_back({"acc", pointAt(next)});
            }
            VERIFY_OK(f.writer.appendPoints(run.record.id, points));
            const auto series = f.reader.series(run.record.id, "loss");
            VERIFY_OK(series);
            QCOMPARE(series->size(), next);
        }
        VERIFY_OK(f.writer.endRun(run.record.id,
                                  {model::RunStatus::Finished, 0, {}, 1'700'000'100'000, 1.5, 0.5, 1024}));
        for (const char* key : {"loss", "acc"}) {
            const auto series = f.reader.series(run.record.id, key);
            VERIFY_OK(series);
            QCOMPARE(series->size(), next);
            for (std::size_t i = 0; i < next; ++i) {
                if (!(series->at(i) == pointAt(i))) {
                    QFAIL(qPrintable(QStringLiteral("point %1 differs").arg(i)));
                }
            }
        }
        for (const std::size_t from :
             {std::size_t{1}, std::size_t{4095}, std::size_t{50'000}, next - 1, next, next + 5}) {
            const auto part = f.reader.series(run.record.id, "acc", from);
            VERIFY_OK(part);
            QCOMPARE(part->size(), from < next ? next - from : 0);
            QVERIFY(part->empty() || part->at(0) == pointAt(from));
        }
        const auto none = f.reader.series(run.record.id, "nothing");
        QVERIFY(!none.ok() && none.error().code == ErrorCode::NotFound);

        const auto table = f.reader.runTable();
        VERIFY_OK(table);
        const auto* record = (*table)->find(run.record.id);
        QVERIFY(record != nullptr);
        const auto* summary = record->metric(Symbol("loss"));
        QVERIFY(summary != nullptr);
        QCOMPARE(summary->count, std::uint64_t{next});
        QCOMPARE(summary->first, 1.0);
        QCOMPARE(summary->min, pointAt(next - 1).value);
        QCOMPARE(summary->lastStep, static_cast<std::int64_t>(next - 1));
        QVERIFY(record->status == model::RunStatus::Finished);
        QCOMPARE(record->exitCode.value_or(-1), 0);
    }

    void changesAreSeenOnceAndApplied() {
        Fixture f;
        VERIFY_OK(f.writer.createRun(sampleRun("one")));
        VERIFY_OK(f.writer.createRun(sampleRun("two")));
        VERIFY_OK(f.writer.createRun(sampleRun("three")));
        const auto before = f.reader.runTable().value();
        QCOMPARE(before->revision, f.reader.revision().value());
        QVERIFY(f.reader.changesSince(before->revision).value().changed.empty());

        VERIFY_OK(f.writer.setName(RunId::derive("two"), "zwei"));
        VERIFY_OK(f.writer.setTag(RunId::derive("two"), "neu", "ja"));
        VERIFY_OK(f.writer.removeTag(RunId::derive("two"), "stage"));
        VERIFY_OK(f.writer.deleteRun(RunId::derive("one")));
        VERIFY_OK(f.writer.createRun(sampleRun("four")));
        const auto changes = f.reader.changesSince(before->revision);
        VERIFY_OK(changes);
        QCOMPARE(changes->changed.size(), std::size_t{2});
        QVERIFY(changes->deleted == std::vector<RunId>{RunId::derive("one")});
        const auto after = RunReader::apply(before, *changes);
        const auto fresh = f.reader.runTable().value();
        QCOMPARE(after->revision, fresh->revision);
        QCOMPARE(after->runs.size(), fresh->runs.size());
        for (std::size_t i = 0; i < after->runs.size(); ++i) {
            QCOMPARE(after->runs[i]->name, fresh->runs[i]->name);
            QVERIFY(after->runs[i]->tags == fresh->runs[i]->tags);
        }
        QVERIFY(after->tagKeys == fresh->tagKeys);
        QVERIFY(after->runs[1] == before->runs[2]);
    }

    void paramsAreSetOnce() {
        Fixture f;
        VERIFY_OK(f.writer.createRun(sampleRun("one")));
        const std::vector<model::Variable> params{{"lr", "0.001"}, {"opt", "sgd"}, {"new", ""}, {"new", "x"}};
        const auto refused = f.writer.setParams(RunId::derive("one"), params);
        VERIFY_OK(refused);
        QVERIFY(*refused == (std::vector<std::string>{"opt", "new"}));
        const auto table = f.reader.runTable().value();
        QCOMPARE(table->runs[0]->param(Symbol("opt")).value_or(""), std::string_view("adam"));
        QCOMPARE(table->runs[0]->param(Symbol("new")).value_or("missing"), std::string_view(""));
    }

    void transactionsAreWholeOrNothing() {
        Fixture f;
        VERIFY_OK(f.writer.createRun(sampleRun("one")));
        const auto id = RunId::derive("one");
        const std::vector<MetricPoint> points{{"never", {1, 2, 3.0}}};
        const auto failed = f.writer.transaction([&]() -> Result<void> {
            RUNGLASS_TRY(f.writer.appendPoints(id, points));
            RUNGLASS_TRY(f.writer.setSpoolOffset(id, "main", 77));
            return f.writer.setName(RunId::derive("nobody"), "x");
        });
        QVERIFY(!failed.ok() && failed.error().code == ErrorCode::NotFound);
        QVERIFY(!f.reader.series(id, "never").ok());
        QCOMPARE(f.writer.spoolOffset(id, "main").value(), std::int64_t{0});
        // The same key again: nothing of the word that was rolled back may be remembered.
        VERIFY_OK(f.writer.transaction([&]() -> Result<void> {
            RUNGLASS_TRY(f.writer.appendPoints(id, points));
            // A step that fails within a transaction that goes on leaves nothing of itself.
            if (f.writer.setName(RunId::derive("nobody"), "x").ok()) {
                return Error{};
            }
            return f.writer.setSpoolOffset(id, "main", 77);
        }));
        QCOMPARE(f.reader.series(id, "never").value().size(), std::size_t{1});
        QCOMPARE(f.writer.spoolOffset(id, "main").value(), std::int64_t{77});
    }

    void resolveByIdPrefixOrName() {
        Fixture f;
        auto a = sampleRun("alpha");
        a.record.id = *RunId::fromHex("abcd0000000000000000000000000001");
        auto b = sampleRun("beta");
        b.record.id = *RunId::fromHex("abcd1000000000000000000000000002");
        auto c = sampleRun("beta");
        c.record.id = *RunId::fromHex("ffff1000000000000000000000000003");
        for (const auto& run : {a, b, c}) {
            VERIFY_OK(f.writer.createRun(run));
        }
        QCOMPARE(f.reader.resolve(a.record.id.hex()).value(), a.record.id);
        QCOMPARE(f.reader.resolve("ABCD0").value(), a.record.id);
        QCOMPARE(f.reader.resolve("alpha").value(), a.record.id);
        QVERIFY(f.reader.resolve("abcd").error().code == ErrorCode::Ambiguous);
        QVERIFY(f.reader.resolve("beta").error().code == ErrorCode::Ambiguous);
        QVERIFY(f.reader.resolve("beta").error().message.find("ffff1000 (beta)") != std::string::npos);
        QVERIFY(f.reader.resolve("abc").error().code == ErrorCode::NotFound);
        QVERIFY(f.reader.resolve("").error().code == ErrorCode::NotFound);
    }

    /// Of one name there is a file or a folder, whoever stores it.
    void aFileIsNoFolder() {
        Fixture f;
        const auto id = RunId::derive("one");
        auto run = sampleRun("one");
        run.artifacts = {
            {"a.txt", "", 1, 1}, {"a.txt/sub", "", 1, 1}, {"b/c", "", 1, 1}, {"a.txt0", "", 1, 1}};
        const auto problems = run.problems.size();
        VERIFY_OK(f.writer.createRun(run));  // an import: the rest of it comes
        const auto detail = f.reader.detail(id).value();
        QCOMPARE(detail.artifacts.size(), std::size_t{3});
        QCOMPARE(detail.problems.size(), problems + 1);
        QVERIFY(detail.problems.front().find("a.txt is a file already") == 0);
        const auto file = f.folder.write("x", "abc");
        for (const auto* const name : {"a.txt/sub", "a.txt/deep/er", "b", "b/c/d"}) {
            const auto refused = f.writer.addArtifact(id, file, name);
            QVERIFY2(!refused.ok() && refused.error().code == ErrorCode::Invalid, name);
        }
        for (const auto* const name : {"a.txt", "a.tx", "b/d", "b/c0", "a/txt"}) {
            QVERIFY2(f.writer.addArtifact(id, file, name).ok(), name);
        }
        ArtifactFiles files(f.database.value());
        const model::Artifact loose{"m/a", f.reader.detail(id).value().artifacts.front().sha256, 3, 1};
        VERIFY_OK(files.putLoose(loose));
        for (const auto* const name : {"m", "m/a/b"}) {
            auto other = loose;
            other.path = name;
            const auto refused = files.putLoose(other);
            QVERIFY2(!refused.ok() && refused.error().code == ErrorCode::Invalid, name);
        }
        VERIFY_OK(files.remove(id, "b"));
        VERIFY_OK(f.writer.addArtifact(id, file, "b"));
    }

    void artifactsAreStoredByContent() {
        Fixture f;
        VERIFY_OK(f.writer.createRun(sampleRun("one")));
        const auto file = f.folder.write("model.bin", "abc");
        const auto artifact = f.writer.addArtifact(RunId::derive("one"), file, "models/m.bin");
        VERIFY_OK(artifact);
        // sha256("abc"), FIPS 180-2 appendix B.1
        QCOMPARE(artifact->sha256,
                 std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        const auto stored = readFile(f.folder /
                                         ".runglass/artifacts/ba/"
                                         "7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                                     100);
        VERIFY_OK(stored);
        QCOMPARE(*stored, std::string("abc"));
        QCOMPARE(f.reader.detail(RunId::derive("one")).value().artifacts.at(0).path,
                 std::string("models/m.bin"));
        QVERIFY(!f.writer.addArtifact(RunId::derive("one"), f.folder / "missing", "x").ok());
        for (const auto& entry : std::filesystem::directory_iterator(f.folder / ".runglass/artifacts")) {
            QCOMPARE(entry.path().filename(), std::filesystem::path("ba"));
        }
    }
};

QTEST_GUILESS_MAIN(TestRuns)
#include "tst_runs.moc"
