// SPDX-License-Identifier: GPL-3.0-or-later
// Files of runs as a person looks at them, and copies of them.
#include <algorithm>

#include "event_writer.h"
#include "runglass/base/file.h"
#include "runglass/sources/artifact_content.h"
#include "support/test.h"

using namespace runglass;
using namespace std::literals;
using sources::ContentKind;
using sources::WrittenAs;
using test::Message;

namespace {

using Values = std::vector<std::string>;

/// A Sacred run, whose folder's files are its artifacts.
struct Run {
    Run() {
        project.write("runs/1/cout.txt", "");
        project.write("runs/1/run.json", R"({"status": "COMPLETED", "experiment": {"name": "e"}})");
    }

    void load() {
        auto catalogue = std::make_shared<sources::Catalogue>(
            sources::CatalogueOptions{.project = project.path(), .cache = false});
        const auto all = catalogue->load();
        id = all->runs.size() == 1 ? all->runs.front()->id : RunId();
        runs.emplace(project.path(), catalogue);
    }
    Result<sources::ArtifactContent> read(std::string_view name, std::string_view content) {
        project.write("runs/1/" + std::string(name), content);
        load();
        return sources::readArtifactContent(*runs, id, artifact(name), {});
    }
    [[nodiscard]] static model::Artifact artifact(std::string_view name) {
        model::Artifact artifact;
        artifact.path = name;
        return artifact;
    }

    test::TempFolder project;
    RunId id;
    std::optional<sources::ProjectRuns> runs;
};

}  // namespace

class TestArtifactContent : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void kindsByContent_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<int>("kind");
        const auto row = [](const char* name, std::string_view content, ContentKind kind) {
            QTest::newRow(name) << QByteArray(name)
                                << QByteArray(content.data(), static_cast<qsizetype>(content.size()))
                                << static_cast<int>(kind);
        };
        row("a.bin", "\x89PNG\r\n\x1a\n\0\0"sv, ContentKind::Image);
        row("photo", "\xff\xd8\xff\xe0\0"sv, ContentKind::Image);
        row("b.webp", "RIFF\4\0\0\0WEBPVP8 "sv, ContentKind::Image);
        row("pointer.png", "version https://git-lfs.github.com/spec/v1\n", ContentKind::Text);
        row("MLmodel", "flavors: {}\n", ContentKind::Text);
        row("BMW.txt", "BMW is a text", ContentKind::Text);
        row("model.pkl", "\x80\4\x95\0\0"sv, ContentKind::Other);
        row("empty.txt", "", ContentKind::Text);
        row("t.csv", "a,b\n1,2\n", ContentKind::Table);
        row("t.json", R"({"columns": ["a"], "data": [[1]]})", ContentKind::Table);
        row("config.json", R"({"columns": 3})", ContentKind::Text);
        row("broken.json", R"({"columns": ["a"], "data": [[1])", ContentKind::Text);
    }
    void kindsByContent() {
        QFETCH(const QByteArray, name);
        QFETCH(const QByteArray, content);
        QFETCH(const int, kind);
        Run run;
        const auto read = run.read(name.toStdString(), content.toStdString());
        VERIFY_OK(read);
        QCOMPARE(static_cast<int>(read->kind), kind);
        QCOMPARE(read->size, static_cast<std::uint64_t>(content.size()));
        QVERIFY(read->whole);
    }

    void aLongTextIsCutBetweenCharacters() {
        Run run;
        std::string text(1'048'575, 'x');
        text += "\xC3\xA9 and on";  // the first MiB ends within the é
        const auto read = run.read("long.txt", text);
        VERIFY_OK(read);
        QCOMPARE(read->bytes, std::string(1'048'575, 'x'));
        QVERIFY(!read->whole);
        QCOMPARE(read->size, text.size());
        const auto latin = run.read("latin.txt", "caf\xE9");
        QCOMPARE(latin->bytes, std::string("caf\xEF\xBF\xBD"));
    }

    void rowsOfEveryForm() {
        const auto cells = sources::tableIn("\xEF\xBB\xBFname;x\n\"a;b\";1,5\n\nshort\nlong;2;3\n",
                                            WrittenAs::Cells, true, 9);
        QCOMPARE(cells.columns.size(), 3U);
        QCOMPARE(cells.columns[0].name, "name"s);
        QCOMPARE(cells.columns[0].values, (Values{"a;b", "short", "long"}));
        QVERIFY(!cells.columns[0].numbers);
        QCOMPARE(cells.columns[1].values, (Values{"1,5", "", "2"}));
        QVERIFY(cells.columns[1].numbers);
        QCOMPARE(cells.columns[2].values, (Values{"", "", "3"}));
        QVERIFY(cells.whole);

        const auto nameless = sources::tableIn("1,2\n3,4\n", WrittenAs::Cells, true, 9);
        QCOMPARE(nameless.columns[1].values, (Values{"2", "4"}));

        const auto lines = sources::tableIn("{\"a\": 1}\nnot json\n{\"b\": \"x\", \"a\": 2}\n{\"a\": 3",
                                            WrittenAs::Lines, false, 9);
        QCOMPARE(lines.columns.size(), 2U);
        QCOMPARE(lines.columns[0].values, (Values{"1", "2"}));
        QCOMPARE(lines.columns[1].values, (Values{"", "x"}));
        QVERIFY(!lines.whole);

        const auto split = sources::tableIn(
            R"({"data": [["x", 1, null], ["y", NaN, {"k": [1]}]], "columns": ["s", "n", "o"], "index": [0, 1]})",
            WrittenAs::Columns, true, 9);
        QCOMPARE(split.columns.size(), 3U);
        QCOMPARE(split.columns[0].values, (Values{"x", "y"}));
        QCOMPARE(split.columns[1].values, (Values{"1", "NaN"}));
        QCOMPARE(split.columns[2].values, (Values{"null", "{\"k\": [1]}"}));
        QVERIFY(sources::tableIn("[1, 2]", WrittenAs::Columns, true, 9).columns.empty());
    }

    void tablesAreBounded() {
        std::string rows = "a\n";
        std::string wide;
        for (int i = 0; i < 20'000; ++i) {
            rows += std::to_string(i) + "\n";
            wide += "{\"k" + std::to_string(i) + "\": 1}\n";
        }
        const auto first = sources::tableIn(rows, WrittenAs::Cells, true, 10'000);
        QCOMPARE(first.columns[0].values.size(), 10'000U);
        QCOMPARE(first.columns[0].values.back(), "9999"s);
        QVERIFY(!first.whole);
        // A row that adds a column each: cells grow with the square.
        const auto square = sources::tableIn(wide, WrittenAs::Lines, true, 10'000);
        QVERIFY(!square.whole);
        std::size_t cellCount = 0;
        for (const auto& column : square.columns) {
            cellCount += column.values.size();
        }
        QVERIFY(cellCount > 900'000 && cellCount <= 1'000'000);
    }

    void savesFilesOfTheirOwn() {
        Run run;
        const std::string content = std::string(3'000'000, 'w') + "end";
        run.project.write("runs/1/model.bin", content);
        run.load();
        const auto target = run.project.write("elsewhere/copy.bin", "old");
        jobs::Progress progress;
        VERIFY_OK(
            sources::saveArtifact(*run.runs, run.id, Run::artifact("model.bin"), target, {}, &progress));
        QCOMPARE(*readFile(target, 1U << 30U), content);
        QCOMPARE(progress.done(), content.size());
        QCOMPARE(progress.total(), content.size());

        const auto untouched = run.project.write("elsewhere/other.bin", "old");
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(
            sources::saveArtifact(*run.runs, run.id, Run::artifact("model.bin"), untouched, stop.get_token())
                .error()
                .code == ErrorCode::Cancelled);
        QVERIFY(
            sources::saveArtifact(*run.runs, run.id, Run::artifact("../../elsewhere/copy.bin"), untouched, {})
                .error()
                .code == ErrorCode::NotFound);
        QVERIFY(!sources::saveArtifact(*run.runs, run.id, Run::artifact("model.bin"),
                                       run.project / "nowhere/copy.bin", {}));
        QCOMPARE(*readFile(untouched, 100), "old"s);
        const std::filesystem::directory_iterator left(run.project / "elsewhere");
        QCOMPARE(std::distance(begin(left), end(left)), 2);  // no temporary file
    }

    void showsAndSavesWhatLiesInAnEventFile() {
        const test::TempFolder project;
        const auto png = "\x89PNG\r\n\x1a\nnot really"s;
        project.write("logs/events.out.tfevents.1600000000.host",
                      test::versionRecord(1.6e9) +
                          test::valueRecord(
                              7, 1.6e9, Message().text(1, "sample").text(4, Message().text(4, png).bytes())));
        auto catalogue = std::make_shared<sources::Catalogue>(
            sources::CatalogueOptions{.project = project.path(), .cache = false});
        const auto all = catalogue->load();
        QCOMPARE(all->runs.size(), 1U);
        const auto id = all->runs[0]->id;
        sources::ProjectRuns runs(project.path(), catalogue);
        const auto detail = runs.detail(id);
        QCOMPARE(detail->artifacts.size(), 1U);
        const auto read = sources::readArtifactContent(runs, id, detail->artifacts[0], {});
        VERIFY_OK(read);
        QVERIFY(read->kind == ContentKind::Image);
        QCOMPARE(read->bytes, png);
        VERIFY_OK(sources::saveArtifact(runs, id, detail->artifacts[0], project / "out.png", {}));
        QCOMPARE(*readFile(project / "out.png", 100), png);
    }
};

QTEST_GUILESS_MAIN(TestArtifactContent)
#include "tst_artifact_content.moc"
