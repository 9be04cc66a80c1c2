// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/stat.h>

#include <cmath>
#include <fstream>

#include "reading.h"
#include "runglass/sources/catalogue.h"
#include "runglass/sources/table_mapping.h"
#include "runglass/sources/table_preview.h"
#include "table_file.h"
#include "truth.h"

using namespace runglass;
using sources::SharedPart;
using test::formatNamed;
using test::readOne;

namespace {

std::vector<std::filesystem::path> originsIn(std::string_view format, const std::filesystem::path& folder) {
    sources::Findings findings;
    formatNamed(format).recognise(*sources::listFolder(folder), findings);
    return findings.origins;
}

const model::MetricSummary* metric(const SharedPart& part, std::string_view key) {
    return part->record.metric(Symbol::find(key));
}

void append(const std::filesystem::path& path, std::string_view bytes) {
    std::ofstream(path, std::ios::app | std::ios::binary) << bytes;
}

/// By iconv, which is not ours.
std::string inUtf16(const std::string& text, const char* form) {
    const std::string mark = form == std::string("UTF-16LE") ? "\xFF\xFE" : "\xFE\xFF";
    return mark + test::runProcess({"iconv", "-f", "UTF-8", "-t", form}, {}, text).out;
}

/// As if the file had been left alone for a minute.
void age(const std::filesystem::path& path) {
    std::filesystem::last_write_time(path,
                                     std::filesystem::file_time_type::clock::now() - std::chrono::hours(2));
}

}  // namespace

class TestTables : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void eachTableHasOneReader() {
        m_folder->write("version_0/metrics.csv", "epoch,step,loss\n0,1,2\n");
        m_folder->write("version_0/hparams.yaml", "lr: 0.1\n");
        m_folder->write("yolo/results.csv", "  epoch,  train/box_loss\n 1, 2\n");
        m_folder->write("yolo/args.yaml", "lr0: 0.01\n");
        m_folder->write("keras/history.csv", "epoch,loss\n0,1\n");
        m_folder->write("keras/._history.csv", "epoch,loss\n0,1\n");
        m_folder->write("data/prices.csv", "date,price\n0,1\n");
        const auto root = m_folder->path();
        const std::vector<std::pair<std::string, std::vector<std::filesystem::path>>> expected = {
            {"lightning", {root / "version_0"}},
            {"ultralytics", {root / "yolo"}},
            {"keras", {root / "keras/history.csv"}}};
        for (const auto& [format, origins] : expected) {
            std::vector<std::filesystem::path> found;
            for (const char* name : {"version_0", "yolo", "keras", "data"}) {
                const auto some = originsIn(format, root / name);
                found.insert(found.end(), some.begin(), some.end());
            }
            QCOMPARE(found, origins);
        }
    }

    void readsCsvAsItIsInPractice_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("plain") << QByteArray("epoch,a b\n0,1.5\n1,-2\n");
        QTest::newRow("CRLF") << QByteArray("epoch,a b\r\n0,1.5\r\n1,-2\r\n");
        QTest::newRow("byte order mark") << QByteArray(
            "\xEF\xBB\xBF"
            "epoch,a b\n0,1.5\n1,-2\n");
        QTest::newRow("padded") << QByteArray("  epoch ,   a b\n  0,  1.5 \n 1 ,-2\n");
        QTest::newRow("quoted") << QByteArray("\"epoch\",\"a b\"\n0,\"1.5\"\n\"1\", \"-2\" \n");
        QTest::newRow("tabs") << QByteArray("epoch\ta b\n0\t1.5\n1\t-2\n");
        QTest::newRow("semicolons and decimal commas") << QByteArray("epoch;a b\n0;1,5\n1;-2,0\n");
        QTest::newRow("no line end at the end") << QByteArray("epoch,a b\n0,1.5\n1,-2");
        QTest::newRow("blank lines") << QByteArray("epoch,a b\n\n0,1.5\n,\n1,-2\n\n");
        QTest::newRow("separator at the end") << QByteArray("epoch,a b\n0,1.5,\n1,-2,\n");
        QTest::newRow("header again") << QByteArray("epoch,a b\n0,1.5\nepoch,a b\n1,-2\n");
        QTest::newRow("missing") << QByteArray("epoch,a b\n0,1.5\n1,NA\n1,\n1,null\n1,-2\n");
    }
    void readsCsvAsItIsInPractice() {
        QFETCH(QByteArray, content);
        const auto path = m_folder->write(
            "log.csv", std::string_view(content.constData(), static_cast<std::size_t>(content.size())));
        age(path);
        const auto origins = originsIn("keras", m_folder->path());
        QCOMPARE(origins.size(), std::size_t{1});
        const auto reader = formatNamed("keras").open(origins.front());
        const auto part = readOne(*reader);
        QVERIFY(std::ranges::all_of(part->damage, [](const auto& one) { return one.count == 0; }));
        const auto* summary = metric(part, "a b");
        QVERIFY(summary != nullptr);
        QCOMPARE(summary->count, std::uint64_t{2});
        QCOMPARE(summary->first, 1.5);
        QCOMPARE(summary->last, -2.0);
        QCOMPARE(summary->lastStep, 1);
        const auto series = reader->series("", "a b", 0, {});
        VERIFY_OK(series);
        QCOMPARE(series->values, (model::Column<double>{1.5, -2}));
    }
    void keepsNanAndInfinity() {
        m_folder->write("log.csv", "epoch,x,text\n0,nan,a\n1,inf,b\n2,-inf,c\n3,1e400,\n4,NaN,\n");
        const auto part = readOne(*formatNamed("keras").open(m_folder->path() / "log.csv"));
        const auto* summary = metric(part, "x");
        QCOMPARE(summary->count, std::uint64_t{5});
        QCOMPARE(summary->nanCount, std::uint64_t{2});
        QCOMPARE(summary->infiniteCount, std::uint64_t{3});
        QVERIFY(std::isnan(summary->max) && std::isnan(summary->min));
        QCOMPARE(part->record.metrics.size(), std::size_t{1});
        QVERIFY(part->damage.empty());
    }
    void badRowsAreLeftOutAndSaid() {
        const std::string good = "epoch,x,y\n0,1,2\n";
        m_folder->write("log.csv", good + "1,2\n2,3,4,5\n3,oops,4\n4,5,6\n");
        const auto part = readOne(*formatNamed("keras").open(m_folder->path() / "log.csv"));
        QCOMPARE(metric(part, "x")->count, std::uint64_t{2});
        QCOMPARE(metric(part, "y")->count, std::uint64_t{3});
        QCOMPARE(part->damage.size(), std::size_t{2});
        QCOMPARE(part->damage.front().count, std::uint64_t{2});
        QCOMPARE(part->damage.front().offset, std::uint64_t{good.size()});
        QVERIFY(part->damage.back().reason.find("column x") != std::string::npos);
    }
    void aQuoteThatIsNeverClosedCostsItsLine() {
        const auto path = m_folder->write("log.csv", "epoch,x\n0,1\n1,\"2\n2,3\n");
        age(path);
        const auto part = readOne(*formatNamed("keras").open(path));
        QCOMPARE(metric(part, "x")->count, std::uint64_t{2});
        QCOMPARE(metric(part, "x")->last, 3.0);
        QCOMPARE(part->damage.size(), std::size_t{1});
    }
    void hugeLinesAndManyColumns() {
        std::string wide = "epoch";
        for (int i = 0; i < 20'000; ++i) {
            wide += ",c" + std::to_string(i);
        }
        QVERIFY(readOne(*formatNamed("keras").open(m_folder->write("wide.csv", wide + "\n0,1\n")))
                    ->record.metrics.empty());
        const auto path =
            m_folder->write("long.csv", "epoch,x\n0,1\n" + std::string(9'000'000, '7') + "\n1,2\n");
        const auto part = readOne(*formatNamed("keras").open(path));
        QCOMPARE(metric(part, "x")->count, std::uint64_t{2});
        QVERIFY(!part->damage.empty());
    }

    void waitsForTheRestOfALine() {
        const auto path = m_folder->write("log.csv", "epoch,x\n0,1\n1,12");
        const auto reader = formatNamed("keras").open(path);
        QCOMPARE(metric(readOne(*reader), "x")->count, std::uint64_t{1});
        QVERIFY(reader->stamps().front() != sources::FileStamp::of(path));
        append(path, "34\n");
        auto part = readOne(*reader);
        QCOMPARE(metric(part, "x")->last, 1234.0);
        QVERIFY(reader->stamps().front() == sources::FileStamp::of(path));
        QVERIFY(readOne(*reader) == part);
        QCOMPARE(reader->series("", "x", 0, {})->size(), std::size_t{2});
        append(path, "2,5\n");
        const auto tail = reader->series("", "x", 2, {});
        VERIFY_OK(tail);
        QCOMPARE(tail->values, model::Column<double>{5});
        QCOMPARE(tail->steps, model::Column<std::int64_t>{2});
    }
    void halfALineIsNoRowByItsAgeAlone() {
        using namespace std::chrono_literals;
        const auto path = m_folder->write("log.csv", "epoch,x,y\n0,1,2\n1,0.");
        const auto reader = formatNamed("keras").open(path);
        const auto age = [&](auto time) {
            std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now() - time);
            return readOne(*reader);
        };
        QVERIFY(readOne(*reader)->damage.empty());  // it may go on in a moment
        auto part = age(1min);
        QCOMPARE(metric(part, "x")->count, std::uint64_t{1});
        QCOMPARE(part->damage.size(), std::size_t{1});
        QCOMPARE(part->damage[0].offset, std::uint64_t{16});
        part = age(5h);  // fewer cells than the header
        QCOMPARE(metric(part, "x")->count, std::uint64_t{1});
        QCOMPARE(part->damage.size(), std::size_t{1});
        QVERIFY(readOne(*reader) == part);
        QVERIFY(reader->stamps().front() == sources::FileStamp::of(path));

        append(path, "125,7");
        QCOMPARE(metric(readOne(*reader), "y")->count, std::uint64_t{1});
        part = age(59min);
        QCOMPARE(metric(part, "y")->count, std::uint64_t{1});
        part = age(5h);  // all cells, and nobody goes on with it
        QCOMPARE(metric(part, "x")->last, 0.125);
        QCOMPARE(metric(part, "y")->last, 7.0);
        QCOMPARE(part->damage.size(), std::size_t{1});
        QCOMPARE(part->damage[0].count, std::uint64_t{0});
        QCOMPARE(reader->series("", "y", 0, {})->values, (model::Column<double>{2, 7}));
        append(path, "5\n");  // somebody does, after all
        part = readOne(*reader);
        QCOMPARE(metric(part, "y")->last, 75.0);
        QCOMPARE(metric(part, "y")->count, std::uint64_t{2});
        QVERIFY(part->damage.empty());
        QCOMPARE(reader->series("", "y", 0, {})->values, (model::Column<double>{2, 75}));
    }
    void anObjectOfJsonShowsItsEnd() {
        const auto path = m_folder->write("log.jsonl", "{\"x\": 1}\n{\"x\": 2}");
        sources::TableFile table(path, sources::TableKind::JsonLines, {});
        const auto count = [&] {
            model::RunRecord record;
            if (table.refresh({}).ok()) {
                table.fill("", record);
            }
            return record.metrics.empty() ? std::uint64_t{0} : record.metrics.front().summary.count;
        };
        QCOMPARE(count(), std::uint64_t{2});
        append(path, "\n{\"x\": 3, \"y\": {\"z\": 1}");
        QCOMPARE(count(), std::uint64_t{2});
        append(path, "}\n");
        QCOMPARE(count(), std::uint64_t{3});
        QVERIFY(table.damage().empty());
    }
    void readsATableAnewWhenItsHeaderChanges() {
        const auto path = m_folder->write("metrics.csv", "epoch,step,loss\n0,1,5\n0,2,4\n");
        const auto reader = formatNamed("lightning").open(m_folder->path());
        QCOMPARE(metric(readOne(*reader), "loss")->count, std::uint64_t{2});
        QCOMPARE(reader->series("", "loss", 0, {})->size(), std::size_t{2});
        // As Lightning does: all rows again, under a longer header.
        std::ofstream(path, std::ios::trunc) << "acc,epoch,step,loss\n,0,1,5\n,0,2,4\n0.5,0,2,\n";
        const auto part = readOne(*reader);
        QCOMPARE(metric(part, "loss")->count, std::uint64_t{2});
        QCOMPARE(metric(part, "acc")->lastStep, 2);
        QCOMPARE(reader->series("", "acc", 0, {})->values, model::Column<double>{0.5});
        QCOMPARE(reader->series("", "loss", 2, {})->size(), std::size_t{0});
    }
    void takesParamsAsLightningShowsThem() {
        m_folder->write(
            "hparams.yaml",
            "model:\n  sizes: [64, 32]\n  drop: null\nlr: 1e-3\npath: !!python/object/apply:pathlib."
            "PosixPath [/, data]\nbase: &b {a: 1}\nmore: *b\n");
        m_folder->write("metrics.csv", "step,loss\n1,2\n");
        const auto reader = formatNamed("lightning").open(m_folder->path());
        const auto part = readOne(*reader);
        const auto param = [&](std::string_view key) {
            return std::string(part->record.param(Symbol::find(key)).value_or("absent"));
        };
        QCOMPARE(param("model/sizes"), std::string("[64, 32]"));
        QCOMPARE(param("model/drop"), std::string("None"));
        QCOMPARE(param("lr"), std::string("1e-3"));
        QCOMPARE(param("path"), std::string("[/, data]"));
        QCOMPARE(param("more/a"), std::string("1"));
        QCOMPARE(reader->detail("")->configFiles.size(), std::size_t{1});
        m_folder->write("hparams.yaml", "lr: [1\n");
        const auto broken = readOne(*reader);
        QCOMPARE(broken->damage.size(), std::size_t{1});
        QCOMPARE(metric(broken, "loss")->count, std::uint64_t{1});
    }
    void aColumnTellsTheRunsOfATableApart() {
        const auto file = m_folder->write("all.csv",
                                          "who,loss,lr,when\nb,3,0.1,1700000000\na,9,0.2,1700000001\n"
                                          "b,2,0.1,1700000002\n,7,0.3,1700000003\na,x,0.2,1700000004\n");
        sources::TableMapping mapping{"all.csv", {}, {}, "when", {}, {"lr"}, "who"};
        VERIFY_OK(sources::saveTableMapping(m_folder->path(), mapping));
        QVERIFY(*sources::readTableMappings(m_folder->path()) == std::vector{mapping});
        QCOMPARE(originsIn("table", m_folder->path()), std::vector{file});
        const auto opened = formatNamed("table").open(file);
        auto& reader = *opened;
        auto parts = *reader.read({});
        QCOMPARE(parts.size(), std::size_t{2});
        const auto& second = parts[1]->record;
        QCOMPARE(parts[1]->key, std::string("b"));
        QCOMPARE(second.name, std::string("b"));
        QCOMPARE(second.metrics.size(), std::size_t{1});
        QCOMPARE(second.metric(Symbol("loss"))->count, std::uint64_t{2});
        QCOMPARE(second.metric(Symbol("loss"))->lastStep, std::int64_t{1});  // its own second row
        QCOMPARE(*second.startTimeMs, std::int64_t{1'700'000'000'000});
        QCOMPARE(*second.endTimeMs, std::int64_t{1'700'000'002'000});
        QVERIFY(parts[0]->record.param(Symbol("lr")) == std::string_view("0.2"));
        QCOMPARE(parts[0]->damage.size(), std::size_t{2});  // a text, and the row of no run
        QCOMPARE(test::plain(reader.series("b", "loss", 0, {})->values), (std::vector<double>{3, 2}));
        QCOMPARE(test::plain(reader.series("a", "loss", 0, {})->values), std::vector<double>{9});
        append(file, "b,1,0.1,1700000005\nc,5,0.4,1700000006\n");
        parts = *reader.read({});
        QCOMPARE(parts.size(), std::size_t{3});
        QCOMPARE(test::plain(reader.series("b", "loss", 2, {})->steps), std::vector<std::int64_t>{2});
        QVERIFY(reader.series("d", "loss", 0, {}).error().code == ErrorCode::NotFound);
        QCOMPARE(reader.detail("c")->record.name, std::string("c"));
        QVERIFY(reader.detail("d").error().code == ErrorCode::NotFound);
    }

    void readsUtf16_data() {
        QTest::addColumn<QByteArray>("form");
        QTest::newRow("little") << QByteArray("UTF-16LE");
        QTest::newRow("big") << QByteArray("UTF-16BE");
    }
    void readsUtf16() {
        QFETCH(QByteArray, form);
        // A pair of surrogates, a letter of three bytes in UTF-8 and one of two.
        const std::string begin = "step;\u00e9\u20ac\U0001F600\r\n1;0,5\r\n";
        const auto path = m_folder->write("x.csv", inUtf16(begin + "2\r\n3;2,5\r\n4;", form));
        const std::string key = "\u00e9\u20ac\U0001F600";
        QCOMPARE(*sources::tableColumns(m_folder->path(), path), (std::vector<std::string>{"step", key}));
        QCOMPARE((*sources::previewTable(path, 1))[1].values, std::vector<std::string>{"0,5"});
        sources::TableFile table(path, sources::TableKind::Csv, {"step", {}, {}, {}});
        VERIFY_OK(table.refresh({}));
        const auto damage = table.damage();
        QCOMPARE(damage.size(), std::size_t{1});
        // The mark, 5 + 4 + 2 units of the header, 5 + 2 of a row.
        QCOMPARE(damage[0].offset, std::uint64_t{2 + 2 * (5 + 4 + 2) + 2 * (5 + 2)});
        append(path, inUtf16("7,25\r\n", form).substr(2));
        QVERIFY(*table.refresh({}));
        const auto series = table.series({}, key, 0, {});
        VERIFY_OK(series);
        QCOMPARE(test::plain(series->values), (std::vector<double>{0.5, 2.5, 7.25}));
        QCOMPARE(test::plain(series->steps), (std::vector<std::int64_t>{1, 3, 4}));
        const auto text = inUtf16(begin, form);
        QCOMPARE(sources::tableIn(text, sources::WrittenAs::Cells, true, 5).columns[1].name, key);
    }
    void refusesTextWithoutAMarkThatIsNone() {
        const auto path = m_folder->write("x.csv", inUtf16("step,loss\n1,2\n", "UTF-16LE").substr(2));
        const auto columns = sources::tableColumns(m_folder->path(), "x.csv");
        QVERIFY(!columns.ok());
        QCOMPARE(
            columns.error().message,
            std::string("x.csv is no CSV, TSV or JSON-lines file with named columns. A line is not text. "
                        "Save the table as UTF-8."));
        QVERIFY(sources::previewTable(path, 3).error().message.ends_with("Save the table as UTF-8."));
    }
    void passesOverComments_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("before the header")
            << QByteArray("# made on Monday, by me\n#\n\nstep,loss\n1,0.5\n2,0.25\n");
        QTest::newRow("with another separator") << QByteArray("# a;b;c\nstep\tloss\n1\t0.5\n2\t0.25\n");
        QTest::newRow("again in between") << QByteArray("# v1\nstep,loss\n1,0.5\n# restart\n2,0.25\n");
        QTest::newRow("NumPy's savetxt") << QByteArray("# step loss\n1.0e+00 5.0e-01\n2.0e+00 2.5e-01\n");
        QTest::newRow("MATLAB's") << QByteArray("% made by x\nstep,loss\n1,0.5\n2,0.25\n");
        QTest::newRow("a comment and the names") << QByteArray("# 17 runs\n#step,loss\n1,0.5\n2,0.25\n");
    }
    void passesOverComments() {
        QFETCH(QByteArray, content);
        const auto path = m_folder->write("x.txt", content.toStdString());
        sources::TableFile table(path, sources::TableKind::Csv, {"step", {}, {}, {}});
        VERIFY_OK(table.refresh({}));
        QVERIFY(table.damage().empty());
        const auto series = table.series({}, "loss", 0, {});
        VERIFY_OK(series);
        QCOMPARE(test::plain(series->steps), (std::vector<std::int64_t>{1, 2}));
        QCOMPARE(test::plain(series->values), (std::vector<double>{0.5, 0.25}));
    }
    void keepsBlanksInTheLastColumn() {
        const auto path =
            m_folder->write("x.txt", "  step   loss  name\n  1   0.5   a b c\n  2   0.25   d\n 3 0.1 4 5\n");
        sources::TableFile table(path, sources::TableKind::Csv, {"step", {}, {}, {"name"}});
        VERIFY_OK(table.refresh({}));
        QCOMPARE(test::plain(table.series({}, "loss", 0, {})->values), (std::vector<double>{0.5, 0.25}));
        QCOMPARE(table.damage().size(), std::size_t{1});  // the last row has too many numbers
        const auto columns = sources::previewTable(path, 9);
        VERIFY_OK(columns);
        QCOMPARE(columns->size(), std::size_t{3});
        QCOMPARE(columns->at(2).values, (std::vector<std::string>{"a b c", "d"}));
    }
    void namesAndTextsHaveSingleBlanks() {
        const auto path = m_folder->write("x.txt",
                                          "step   loss   first name   note\n0      1.5    a b          hello "
                                          "there\n1      0.25   c            x\n2      0.1    d\n");
        sources::TableFile table(path, sources::TableKind::Csv, {"step", {}, {}, {"first name", "note"}});
        VERIFY_OK(table.refresh({}));
        QCOMPARE(test::plain(table.series({}, "loss", 0, {})->values), (std::vector<double>{1.5, 0.25}));
        QCOMPARE(table.damage().size(), std::size_t{1});  // the last row has no note
        const auto columns = sources::previewTable(path, 9);
        VERIFY_OK(columns);
        QCOMPARE(columns->size(), std::size_t{4});
        QCOMPARE(columns->at(2).values, (std::vector<std::string>{"a b", "c"}));
        QCOMPARE(columns->at(3).values, (std::vector<std::string>{"hello there", "x"}));
    }
    void saysThatAHeaderIsNotUtf8() {
        const auto path = m_folder->write("x.csv", "step,verlust_\xE4\n1,0.5\n");
        sources::TableFile table(path, sources::TableKind::Csv, {"step", {}, {}, {}});
        VERIFY_OK(table.refresh({}));
        QCOMPARE(table.damage().size(), std::size_t{1});
        QVERIFY(table.damage()[0].reason.find("not UTF-8") != std::string::npos);
    }
    void aColumnMayBeginWithAPercentSign() {
        const auto path = m_folder->write("x.csv", "%cpu,loss\n1,0.5\n");
        sources::TableFile table(path, sources::TableKind::Csv, {"%cpu", {}, {}, {}});
        VERIFY_OK(table.refresh({}));
        QCOMPARE(test::plain(table.series({}, "loss", 0, {})->steps), (std::vector<std::int64_t>{1}));
    }
    void tellsBlanksThatSeparateFromThoseInNames() {
        using sources::separatorIn;
        QCOMPARE(separatorIn("step  val loss\n 1  2   3\n", false), std::optional(' '));
        QCOMPARE(separatorIn("step\t\tloss\n1\t\t2\n", false), std::optional(' '));
        QCOMPARE(separatorIn("step loss  acc\n 1   2   3\n", false), std::optional(' '));
        QCOMPARE(separatorIn("step loss  acc\n1000 0.25  3\n", false), std::optional(' '));
        QCOMPARE(separatorIn("step  val loss\n1     2\n", false), std::optional(sources::kWideBlanks));
        QCOMPARE(separatorIn("step\tval loss\n1\t2\n", false), std::optional('\t'));
        QCOMPARE(separatorIn("val loss\n1\n", false), std::optional(','));  // one column
        QCOMPARE(separatorIn("val loss\n", false), std::optional<char>());  // not told yet
        QCOMPARE(separatorIn("val loss\n", true), std::optional(','));
        QCOMPARE(separatorIn("step, val loss\n1, 2\n", false), std::optional(','));
        const auto path = m_folder->write("x.log", "  step   loss\n");
        sources::TableFile table(path, sources::TableKind::Csv, {"step", {}, {}, {}});
        VERIFY_OK(table.refresh({}));
        QVERIFY(table.damage().empty());  // nothing is missing
        append(path, "    10    0.5\n   100   0.25\n  1000   x\n");
        QVERIFY(*table.refresh({}));
        const auto series = table.series({}, "loss", 0, {});
        VERIFY_OK(series);
        QCOMPARE(test::plain(series->steps), (std::vector<std::int64_t>{10, 100}));
        QCOMPARE(test::plain(series->values), (std::vector<double>{0.5, 0.25}));
    }
    void readsATableFromElsewhere() {
        const test::TempFolder elsewhere;
        const auto file = elsewhere.write("all.csv", "who,it,lr,loss\na,1,0.1,5\nb,1,0.2,7\na,2,0.1,4\n");
        const auto other = elsewhere.write("one.csv", "it,loss\n1,9\n");
        const auto& project = m_folder->path();
        auto mapping = *sources::suggestTableMapping(project, file);
        QCOMPARE(mapping.path, file.native());
        mapping.run = "who";
        mapping.step = "it";
        mapping.params = {"lr"};
        VERIFY_OK(sources::saveTableMapping(project, mapping));
        VERIFY_OK(sources::saveTableMapping(project, *sources::suggestTableMapping(project, other)));
        QVERIFY(!sources::saveTableMapping(project, {"../x.csv", {}, {}, {}, {}, {}}).ok());
        const auto before = test::inventory(elsewhere.path());
        sources::Catalogue catalogue({.project = project, .cache = false});
        const auto names = [](const sources::SharedForeignRuns& runs) {
            std::vector<std::string> found;
            for (const auto& run : runs->runs) {
                found.push_back(run->name);
            }
            std::ranges::sort(found);
            return found;
        };
        const auto runs = catalogue.load();
        const auto parent = elsewhere.path().filename().native();
        QCOMPARE(names(runs), (std::vector<std::string>{"a", "b", parent + "/one"}));
        const auto& a = **std::ranges::find_if(runs->runs, [](const auto& run) { return run->name == "a"; });
        QCOMPARE(a.metric(Symbol("loss"))->last, 4.0);
        QCOMPARE(*a.param(Symbol("lr")), std::string_view("0.1"));
        QCOMPARE(a.location, file.native());
        const auto series = catalogue.series(a.id, "loss");
        VERIFY_OK(series);
        QCOMPARE(test::plain(series->values), (std::vector<double>{5, 4}));
        VERIFY_OK(catalogue.detail(a.id));
        append(file, "c,1,0.3,1\n");
        QCOMPARE(names(catalogue.refresh()), (std::vector<std::string>{"a", "b", "c", parent + "/one"}));
        VERIFY_OK(sources::removeTableMapping(project, file.native()));
        QCOMPARE(names(catalogue.refresh()), (std::vector<std::string>{parent + "/one"}));
        auto after = test::inventory(elsewhere.path());
        QCOMPARE(after.size(), before.size());  // nothing is written there
    }
    void aRunThatIsBeingWrittenGoesOn_data() {
        QTest::addColumn<QByteArray>("end");
        QTest::newRow("at the end of a line") << QByteArray("2,0.125\n");
        QTest::newRow("within a line") << QByteArray("2,0.1");
    }
    void aRunThatIsBeingWrittenGoesOn() {
        QFETCH(const QByteArray, end);
        m_folder->write("training.csv", "epoch,loss\n0,0.5\n1,0.25\n" + end.toStdString());
        sources::Catalogue catalogue({.project = m_folder->path(), .cache = false});
        const auto runs = catalogue.load();
        QCOMPARE(runs->runs.size(), std::size_t{1});
        QVERIFY(runs->runs.front()->status == model::RunStatus::Running);
    }
    void oneBrokenCellMakesNoParamOfAColumn() {
        std::string rows = "step,loss,host\n";
        for (int step = 0; step < 20; ++step) {
            rows += std::to_string(step) + (step == 3 ? ",err,a\n" : ",0.5,b\n");
        }
        m_folder->write("log.csv", rows);
        const auto mapping = sources::suggestTableMapping(m_folder->path(), "log.csv");
        VERIFY_OK(mapping);
        QCOMPARE(mapping->params, std::vector<std::string>{"host"});
        VERIFY_OK(sources::saveTableMapping(m_folder->path(), *mapping));
        sources::Catalogue catalogue({.project = m_folder->path(), .cache = false});
        const auto runs = catalogue.load();
        QCOMPARE(runs->runs.size(), std::size_t{1});
        const auto& run = *runs->runs.front();
        QCOMPARE(run.metric(Symbol("loss"))->count, std::uint64_t{19});
        const auto detail = catalogue.detail(run.id);
        VERIFY_OK(detail);
        QCOMPARE(detail->problems.size(), std::size_t{1});
    }
    void saysWhatIsNoTable() {
        for (const auto& [content, word] :
             {std::pair{"", "empty"}, {"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"}}) {
            m_folder->write("metrics.csv", content);
            m_folder->write("hparams.yaml", "lr: 1\n");
            const auto part = readOne(*formatNamed("lightning").open(m_folder->path()));
            QCOMPARE(part->damage.size(), std::size_t{1});
            QVERIFY(part->damage.front().reason.find(word) != std::string::npos);
            QCOMPARE(part->record.params.size(), std::size_t{1});
        }
    }

protected:
    void setUp() override { m_folder = std::make_unique<test::TempFolder>(); }
    void tearDown() override { m_folder.reset(); }

private:
    std::unique_ptr<test::TempFolder> m_folder;
};

QTEST_GUILESS_MAIN(TestTables)
#include "tst_tables.moc"
