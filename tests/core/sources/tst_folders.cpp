// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that are a folder of small files: Hugging Face's Trainer, Hydra, Guild; and tables that somebody
// points at.
#include <cmath>
#include <fstream>

#include "reading.h"
#include "runglass/sources/table_mapping.h"
#include "runglass/sources/table_preview.h"
#include "support/test.h"

using namespace runglass;
using sources::SharedPart;
using test::formatNamed;
using test::readOne;

namespace {

sources::Findings findingsOf(std::string_view format, const std::filesystem::path& folder) {
    sources::Findings findings;
    formatNamed(format).recognise(*sources::listFolder(folder), findings);
    return findings;
}

std::string param(const SharedPart& part, std::string_view key) {
    return std::string(part->record.param(Symbol::find(key)).value_or("(absent)"));
}

}  // namespace

class TestFolders : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void trainerStatesOfOneFolderAreOneRun() {
        const std::string early = R"({"global_step": 10, "max_steps": 20, "log_history": [
            {"loss": 1.5, "epoch": 0.5, "step": 5}, {"eval_loss": NaN, "epoch": 1.0, "step": 10}]})";
        m_folder->write("out/checkpoint-9/trainer_state.json", R"({"log_history": []})");
        m_folder->write("out/checkpoint-10/trainer_state.json", early);
        m_folder->write("out/checkpoint-10/config.json", R"({"hidden_size": 64, "arch": {"type": "bert"}})");
        m_folder->write("out/checkpoint-x/other.txt", "");
        const auto findings = findingsOf("huggingface", m_folder->path() / "out");
        QCOMPARE(findings.closed, (std::vector<std::string>{"checkpoint-9", "checkpoint-10"}));
        const auto reader = formatNamed("huggingface").open(findings.origins.front());
        auto part = readOne(*reader);
        QCOMPARE(part->record.metrics.size(), std::size_t{2});
        const auto* evaluation = part->record.metric(Symbol::find("eval_loss"));
        QVERIFY(evaluation != nullptr && evaluation->nanCount == 1 && evaluation->lastStep == 10);
        QCOMPARE(param(part, "max_steps"), std::string("20"));
        QCOMPARE(param(part, "config.arch.type"), std::string("bert"));
        QVERIFY(!part->tellsStatus);
        QVERIFY(readOne(*reader) == part);

        // A checkpoint that is being written does not hide the one before.
        m_folder->write("out/checkpoint-20/trainer_state.json", early.substr(0, 70));
        part = readOne(*reader);
        QCOMPARE(part->record.metrics.size(), std::size_t{2});
        QCOMPARE(part->damage.size(), std::size_t{1});
        m_folder->write("out/checkpoint-20/trainer_state.json",
                        R"({"global_step": 20, "max_steps": 20, "log_history": [{"loss": 1, "step": 20}]})");
        part = readOne(*reader);
        QVERIFY(part->damage.empty() && part->tellsStatus);
        QCOMPARE(part->record.metrics.size(), std::size_t{1});
        QCOMPARE(reader->series("", "loss", 0, {})->size(), std::size_t{1});
        QVERIFY(reader->series("", "eval_loss", 0, {}).error().code == ErrorCode::NotFound);

        // One that is written again keeps what it said until it is whole.
        m_folder->write("out/checkpoint-20/trainer_state.json", "{\"global_step\": 20, \"log_his");
        QVERIFY(readOne(*reader) == part);
        QVERIFY(readOne(*reader) == part);
        m_folder->write("out/checkpoint-20/trainer_state.json",
                        R"({"global_step": 20, "max_steps": 20, "log_history": [{"loss": 2, "step": 20}]})");
        QCOMPARE(readOne(*reader)->record.metric(Symbol::find("loss"))->last, 2.0);
    }

    void hydraWithFilesInAnotherFolder() {
        m_folder->write("job/conf/config.yaml", "lr: 1\n");
        m_folder->write("job/conf/overrides.yaml", "- lr=1\n");
        m_folder->write("job/conf/hydra.yaml", "hydra:\n  output_subdir: conf\n  job: {name: train}\n");
        m_folder->write("job/train.log", "says\n");
        const auto findings = findingsOf("hydra", m_folder->path() / "job/conf");
        QCOMPARE(findings.origins, (std::vector{m_folder->path() / "job/conf"}));
        const auto reader = formatNamed("hydra").open(findings.origins.front());
        const auto part = readOne(*reader);
        QCOMPARE(param(part, "lr"), std::string("1"));
        QVERIFY(part->folder == m_folder->path() / "job");
        QCOMPARE(reader->detail("")->configFiles.front().path, std::string("conf/config.yaml"));
        QCOMPARE(*reader->console(""), std::string("says\n"));
        // What people write for Hydra is no job.
        m_folder->write("app/conf/config.yaml", "lr: 1\n");
        m_folder->write("app/conf/overrides.yaml", "- lr=1\n");
        m_folder->write("app/conf/hydra.yaml", "hydra:\n  output_subdir: .hydra\n");
        QVERIFY(findingsOf("hydra", m_folder->path() / "app/conf").origins.empty());
    }
    void aLogThatGitHasNotFetchedIsSaid() {
        const std::string pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n";
        const auto file = m_folder->write("logs/training.csv", pointer);
        m_folder->write("logs/prices.csv", pointer);  // data, as far as anybody can tell
        const auto findings = findingsOf("keras", m_folder->path() / "logs");
        QVERIFY(findings.origins.empty());
        QCOMPARE(findings.problems.size(), std::size_t{1});
        QVERIFY(findings.problems[0].file == file);
        QVERIFY(findings.problems[0].reason.find("git lfs pull") != std::string::npos);
    }
    void hydraTellsConfigOverridesAndConsole() {
        m_folder->write("multirun/2024-02-29/10-20-30/0/.hydra/config.yaml",
                        "model:\n  lr: 0.1\n  sizes: [1, 2]\n");
        m_folder->write("multirun/2024-02-29/10-20-30/0/.hydra/overrides.yaml", "- model.lr=0.1\n- '+x=1'\n");
        m_folder->write("multirun/2024-02-29/10-20-30/0/.hydra/hydra.yaml",
                        "hydra:\n  mode: MULTIRUN\n  job: {name: ../train, num: 0}\n  runtime:\n    cwd: /w\n"
                        "    version: 1.3.2\n    choices: {model: big, hydra/launcher: basic}\n");
        m_folder->write("multirun/2024-02-29/10-20-30/0/train.log", "hello\n");
        m_folder->write("multirun/2024-02-29/10-20-30/train.log", "not this one\n");
        const auto folder = m_folder->path() / "multirun/2024-02-29/10-20-30/0";
        const auto findings = findingsOf("hydra", folder);
        QCOMPARE(findings.origins.size(), std::size_t{1});
        QCOMPARE(findings.closed, std::vector<std::string>{".hydra"});
        const auto reader = formatNamed("hydra").open(folder);
        const auto part = readOne(*reader);
        QCOMPARE(part->record.name, std::string("model.lr=0.1,+x=1"));
        QCOMPARE(param(part, "model.lr"), std::string("0.1"));
        QCOMPARE(param(part, "model.sizes.1"), std::string("2"));
        QCOMPARE(*part->record.tag(Symbol::find("hydra.choice.model")), std::string_view("big"));
        QVERIFY(!part->record.tag(Symbol::find("hydra.choice.hydra/launcher")));
        QCOMPARE(*part->record.startTimeMs, 1'709'202'030'000);  // TZ is UTC in tests
        QCOMPARE(*reader->console(""), std::string("hello\n"));  // and not what `../` leads to
        const auto detail = reader->detail("");
        VERIFY_OK(detail);
        QCOMPARE(detail->workingDirectory, std::string("/w"));
        QCOMPARE(detail->configFiles.size(), std::size_t{3});
        QVERIFY(readOne(*reader) == part);
        m_folder->write("multirun/2024-02-29/10-20-30/0/.hydra/config.yaml", "model: {lr: [\n");
        QCOMPARE(readOne(*reader)->damage.size(), std::size_t{1});
    }

    void guildReferences() {
        const std::vector<std::pair<std::string, std::string>> cases = {
            {"test: '' mnist train", "mnist:train"},
            {"test: '' '' train\n", "train"},
            {"guildfile:/a\\ b 72 model op", "model:op"},
            {"not a valid opref", ""},
            {"test: '' train", ""},
            {"a: b c d e", ""},
            {"test:", ""},
            {"\\", ""}};
        for (const auto& [text, operation] : cases) {
            m_folder->write("run/.guild/opref", text);
            const auto part = readOne(*formatNamed("guild").open(m_folder->path() / "run"));
            QCOMPARE(part->record.experiment.str(), operation);
            QCOMPARE(part->damage.empty(), !operation.empty());
        }
    }
    void guildTellsTheRun() {
        const std::string id = "0123456789abcdef0123456789abcdef";
        const auto attribute = [&](const std::string& name, std::string_view text) {
            m_folder->write(id + "/.guild/" + name, text);
        };
        attribute("opref", "test: '' '' train");
        attribute("attrs/flags", "lr: 0.1\nname: a b\n");
        attribute("attrs/cmd", "- python\n- -m\n- 'x: y'\n");
        attribute("attrs/started", "1662041973101395\n");
        attribute("attrs/exit_status", "-15\n");
        attribute("attrs/pip_freeze", "- numpy==1.26\n- -e git+https://x\n");
        attribute("attrs/vcs_commit", "git:abc123*\n");
        attribute("attrs/comments", "- body: first\n  time: 1\n- body: second\n");
        attribute("output", "printed\n");
        QCOMPARE(findingsOf("guild", m_folder->path() / id).origins.size(), std::size_t{1});
        m_folder->write("trash/runs/" + id + "/.guild/opref", "test: '' '' train");
        QVERIFY(readOne(*formatNamed("guild").open(m_folder->path() / "trash/runs" / id))->record.archived);
        const auto reader = formatNamed("guild").open(m_folder->path() / id);
        const auto part = readOne(*reader);
        QVERIFY(part->id == RunId::fromHex(id));
        QVERIFY(part->record.status == model::RunStatus::Killed);
        QVERIFY(!part->record.archived);
        QCOMPARE(*part->record.signal, 15);
        QCOMPARE(part->record.name, std::string("train"));
        QCOMPARE(part->record.git.commit, std::string("abc123"));
        QVERIFY(part->record.git.dirty);
        QCOMPARE(param(part, "name"), std::string("a b"));
        const auto detail = reader->detail("");
        VERIFY_OK(detail);
        QCOMPARE(detail->command, (std::vector<std::string>{"python", "-m", "x: y"}));
        QCOMPARE(detail->environment->packages, (std::vector<model::Package>{{"numpy", "1.26"}}));
        QCOMPARE(detail->note, std::string("first\n\nsecond"));
        QCOMPARE(*reader->console(""), std::string("printed\n"));
        // Only a living process makes a run without an end a running one.
        std::filesystem::remove(m_folder->path() / id / ".guild/attrs/exit_status");
        attribute("LOCK", std::to_string(::getpid()));
        QVERIFY(readOne(*reader)->record.status == model::RunStatus::Running);
        attribute("LOCK", "999999999999");
        QVERIFY(readOne(*reader)->record.status == model::RunStatus::Failed);
        attribute("PENDING", "");
        QVERIFY(readOne(*reader)->record.status == model::RunStatus::Scheduled);
    }

    void aTableThatSomebodyPointsAt() {
        const auto project = m_folder->path();
        std::filesystem::create_directory(project / ".runglass");
        m_folder->write("logs/mine.tsv",
                        "when\titer\tscore\toptimizer\n2026-11-17T14:02:09Z\t5\t0,5\tadam\n"
                        "2026-11-17T14:03:09Z\t6\t0,75\tadam\n");
        auto mapping = sources::suggestTableMapping(project, "logs/mine.tsv");
        VERIFY_OK(mapping);
        QCOMPARE(mapping->step, std::string("iter"));
        QCOMPARE(mapping->params, (std::vector<std::string>{"when", "optimizer"}));
        mapping->time = "when";
        mapping->params = {"optimizer"};
        mapping->name = "my \"run\"";
        VERIFY_OK(sources::saveTableMapping(project, *mapping));
        VERIFY_OK(sources::saveTableMapping(project, *mapping));
        QCOMPARE(*sources::readTableMappings(project), std::vector<sources::TableMapping>{*mapping});
        const auto findings = findingsOf("table", project);
        QCOMPARE(findings.origins, std::vector<std::filesystem::path>{project / "logs/mine.tsv"});
        const auto reader = formatNamed("table").open(findings.origins.front());
        const auto part = readOne(*reader);
        QCOMPARE(part->record.name, std::string("my \"run\""));
        QCOMPARE(param(part, "optimizer"), std::string("adam"));
        QCOMPARE(*part->record.startTimeMs, 1'794'924'129'000);
        const auto series = reader->series("", "score", 0, {});
        VERIFY_OK(series);
        QCOMPARE(series->values, (model::Column<double>{0.5, 0.75}));
        QCOMPARE(series->steps, (model::Column<std::int64_t>{5, 6}));
        // Another mind about the columns is another reading of the same file.
        const auto before = reader->stamps();
        mapping->name = "changed";
        mapping->step.clear();
        mapping->metrics = {"iter"};
        VERIFY_OK(sources::saveTableMapping(project, *mapping));
        const auto changed = readOne(*reader);
        QCOMPARE(changed->record.name, std::string("changed"));
        QCOMPARE(changed->record.metrics.size(), std::size_t{1});
        QVERIFY(reader->stamps() != before);
        const auto iterations = reader->series("", "iter", 0, {});
        VERIFY_OK(iterations);
        QCOMPARE(iterations->values, (model::Column<double>{5, 6}));
        QCOMPARE(iterations->steps, (model::Column<std::int64_t>{0, 1}));
        VERIFY_OK(sources::removeTableMapping(project, mapping->path));
        QVERIFY(findingsOf("table", project).origins.empty());
        mapping->path = "../outside.csv";
        QVERIFY(!sources::saveTableMapping(project, *mapping).ok());
        m_folder->write(".runglass/tables.json",
                        R"({"tables": [{"path": "/elsewhere/x.csv"}, {"path": "a/../../b"}, {"path": ""}]})");
        const auto kept = *sources::readTableMappings(project);
        QCOMPARE(kept.size(), std::size_t{1});
        QCOMPARE(kept[0].path, std::string("/elsewhere/x.csv"));
        m_folder->write(".runglass/tables.json", "{");
        QVERIFY(!sources::readTableMappings(project).ok());
    }
    void theFirstRowsOfATable() {
        std::string text = "step;loss;who\n";
        for (int i = 0; i < 100'000; ++i) {
            text += std::to_string(i) + ";0,5;me\n";
        }
        const auto columns = sources::previewTable(m_folder->write("big.csv", text), 3);
        VERIFY_OK(columns);
        QCOMPARE(columns->size(), std::size_t{3});
        QCOMPARE((*columns)[0].values, (std::vector<std::string>{"0", "1", "2"}));
        QCOMPARE((*columns)[1].values, (std::vector<std::string>{"0,5", "0,5", "0,5"}));
        QVERIFY((*columns)[0].numbers && (*columns)[1].numbers && !(*columns)[2].numbers);
        const auto lines =
            sources::previewTable(m_folder->write("a.jsonl", "{\"a\": 1}\n{\"b\": \"x\", \"a\": 2}\n"), 5);
        VERIFY_OK(lines);
        QCOMPARE((*lines)[1].name, std::string("b"));
        QCOMPARE((*lines)[1].values, (std::vector<std::string>{"", "x"}));
        QCOMPARE(sources::previewTable(m_folder->write("empty.csv", ""), 5).error().code, ErrorCode::Invalid);
        QCOMPARE(sources::previewTable(m_folder->path() / "none.csv", 5).error().code, ErrorCode::NotFound);
    }
    void jsonLines() {
        const auto project = m_folder->path();
        m_folder->write("train.jsonl",
                        "{\"step\": 1, \"loss\": 0.1, \"eval\": {\"acc\": 0.5}, \"list\": [1, 2]}\n"
                        "\n{\"step\": 2, \"loss\": NaN, \"text\": \"a\\nb\"}\n"
                        "not json\n[1]\n{\"loss\": -Infinity, \"step\": 3, \"new\": 7}\n{\"step\": 4");
        sources::TableMapping mapping;
        mapping.path = "train.jsonl";
        mapping.step = "step";
        VERIFY_OK(sources::saveTableMapping(project, mapping));
        const auto reader = formatNamed("table").open(project / "train.jsonl");
        const auto part = readOne(*reader);
        const auto* loss = part->record.metric(Symbol::find("loss"));
        QVERIFY(loss != nullptr);
        QCOMPARE(loss->count, std::uint64_t{3});
        QCOMPARE(loss->nanCount, std::uint64_t{1});
        QCOMPARE(part->record.metric(Symbol::find("eval.acc"))->last, 0.5);
        QCOMPARE(part->record.metric(Symbol::find("new"))->lastStep, 3);
        QCOMPARE(part->record.metrics.size(), std::size_t{3});
        QCOMPARE(part->damage.size(), std::size_t{1});
        QCOMPARE(part->damage.front().count, std::uint64_t{2});
        QCOMPARE(reader->series("", "loss", 0, {})->steps, (model::Column<std::int64_t>{1, 2, 3}));
    }

protected:
    void setUp() override { m_folder = std::make_unique<test::TempFolder>(); }
    void tearDown() override { m_folder.reset(); }

private:
    std::unique_ptr<test::TempFolder> m_folder;
};

QTEST_GUILESS_MAIN(TestFolders)
#include "tst_folders.moc"
