// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <bit>
#include <cmath>
#include <fstream>
#include <limits>

#include "../sources/fake_format.h"
#include "../sources/wire_message.h"
#include "runglass/base/text.h"
#include "runglass/exchange/copy_run.h"
#include "runglass/exchange/export_run.h"
#include "runglass/launch/console_log.h"
#include "runglass/store/integrity.h"
#include "runglass/store/layout.h"
#include "runglass/store/marks.h"
#include "runglass/store/run_reader.h"
#include "support/scratch_project.h"

using namespace runglass;

namespace {

struct Project {
    test::TempFolder folder;
    std::shared_ptr<sources::Catalogue> catalogue;
    RunId id;

    void load() {
        catalogue = std::make_shared<sources::Catalogue>(
            sources::CatalogueOptions{.project = folder.path(), .formats = test::fakeFormats()});
        const auto runs = catalogue->load();
        id = runs->runs.front()->id;
    }
    Result<exchange::CopyResult> import(const exchange::CopyOptions& options = {}) {
        sources::ProjectRuns from(folder.path(), catalogue, sources::ProjectRuns::Look::ForeignOnly);
        RUNGLASS_ASSIGN(auto database, store::Database::open(folder.path(), store::OpenMode::ReadWrite));
        return exchange::copyRun(from, id, database, options);
    }
    Result<model::RunDetail> copy() {
        RUNGLASS_ASSIGN(auto database, store::Database::open(folder.path(), store::OpenMode::ReadOnly));
        return store::RunReader(database).detail(id);
    }
    Result<model::Series> points(const char* key) {
        RUNGLASS_ASSIGN(auto database, store::Database::open(folder.path(), store::OpenMode::ReadOnly));
        return store::RunReader(database).series(id, key);
    }
};

std::vector<double> valuesOf(const Result<model::Series>& series) {
    return series ? std::vector<double>(series->values.begin(), series->values.end())
                  : std::vector<double>{-1};
}

bool same(const model::MetricSummary& a, const model::MetricSummary& b) {
    return a.count == b.count && a.first == b.first && a.last == b.last && a.min == b.min && a.max == b.max &&
           a.firstStep == b.firstStep && a.lastStep == b.lastStep && a.lastTimeMs == b.lastTimeMs;
}

/// Each piece with its time and stream.
std::string consoleOf(const std::filesystem::path& project, const RunId& id) {
    launch::ConsoleReader reader(store::Layout(project).runFolder(id));
    std::string text;
    const auto chunks = reader.poll();
    for (const auto& chunk : *chunks) {
        text += std::to_string(chunk.timeMs) + ' ' + std::to_string(static_cast<int>(chunk.stream)) + ' ' +
                chunk.bytes;
    }
    return text;
}

}  // namespace

constexpr const char* kEventFileReader = R"(
import struct, sys
def crc(data):
    c = 0xFFFFFFFF
    for byte in data:
        c ^= byte
        for _ in range(8):
            c = c >> 1 ^ (0x82F63B78 if c & 1 else 0)
    c ^= 0xFFFFFFFF
    return ((c >> 15 | c << 17) + 0xA282EAD8) & 0xFFFFFFFF
def fields(data):
    at = 0
    def varint():
        nonlocal at
        n = shift = 0
        while True:
            byte = data[at]; at += 1
            n |= (byte & 127) << shift; shift += 7
            if byte < 128: return n
    while at < len(data):
        key = varint()
        if key & 7 == 0: yield key >> 3, varint()
        else:
            size = {1: 8, 5: 4}.get(key & 7) or (varint() if key & 7 == 2 else 1 / 0)
            assert at + size <= len(data)
            yield key >> 3, data[at:at + size]
            at += size
data = open(sys.argv[1], 'rb').read()
at = 0
while at < len(data):
    head = data[at:at + 8]
    size, = struct.unpack('<Q', head)
    body = data[at + 12:at + 12 + size]
    assert struct.unpack('<I', data[at + 8:at + 12])[0] == crc(head)
    assert struct.unpack('<I', data[at + 12 + size:at + 16 + size])[0] == crc(body)
    at += 16 + size
    event = dict(fields(body))
    assert struct.unpack('<d', event[1])[0] > 1.6e9  # nobody trained in 1970
    if 3 in event: print(event[3].decode())
    for number, summary in fields(body):
        for _, value in fields(summary) if number == 5 else ():
            value = dict(fields(value))
            if 2 in value:
                print(value[1].decode(), event.get(2, 0), struct.unpack('<f', value[2])[0])
                continue
            plugin = dict(fields(dict(fields(value[9]))[1]))
            print(value[1].decode(), plugin[1].decode(), end='')
            for kind, session in fields(plugin[2]):
                for field, entry in fields(session):
                    if kind == 3 and field == 1:
                        entry = dict(fields(entry))
                        (which, what), = fields(entry[2])
                        what = {2: lambda: struct.unpack('<d', what)[0], 3: lambda: what.decode(), 4: lambda: bool(what)}[which]()
                        print(f' {entry[1].decode()}={what!r}', end='')
                    elif kind == 4 and field == 1: print(' status', entry, end='')
            print()
)";

class TestExchange : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void importsOnceAndKeepsUp() {
        Project project;
        const auto file = project.folder.write("r/a.trk", "name a\nstart 5\nparam lr 1\nmetric loss 3 2\n");
        project.load();
        {
            auto database = store::Database::open(project.folder.path(), store::OpenMode::ReadWrite);
            VERIFY_OK(store::MarkWriter(*database).setTag(project.id, "mine", "yes"));
        }
        const auto first = project.import();
        VERIFY_OK(first);
        QVERIFY(first->outcome == exchange::Copied::New);
        QCOMPARE(first->points, std::uint64_t{2});
        const auto copy = project.copy();
        VERIFY_OK(copy);
        QCOMPARE(copy->record.name, std::string("a"));
        QCOMPARE(copy->record.source.str(), std::string("trk"));
        QCOMPARE(copy->record.location, std::string("r/a.trk"));
        QVERIFY(copy->record.tag(Symbol("mine")) == std::string_view("yes"));
        QCOMPARE(valuesOf(project.points("loss")), (std::vector<double>{3, 2}));

        QVERIFY(project.import()->outcome == exchange::Copied::Unchanged);
        project.folder.write("r/a.trk",
                             "name a\nstart 5\nparam lr 1\nparam wd 2\nmetric loss 3 2 1\nmetric acc 7\n");
        project.load();
        const auto grown = project.import();
        VERIFY_OK(grown);
        QVERIFY(grown->outcome == exchange::Copied::Updated);
        QCOMPARE(grown->points, std::uint64_t{2});
        QCOMPARE(valuesOf(project.points("loss")), (std::vector<double>{3, 2, 1}));
        QCOMPARE(valuesOf(project.points("acc")), (std::vector<double>{7}));
        QVERIFY(project.copy()->record.param(Symbol("wd")) == std::string_view("2"));

        project.folder.write("r/a.trk", "name a\nstart 5\nparam lr 1\nmetric loss 9\n");
        project.load();
        QVERIFY(project.import()->outcome == exchange::Copied::Updated);
        QCOMPARE(valuesOf(project.points("loss")), (std::vector<double>{9}));
        QVERIFY(project.copy()->record.tag(Symbol("mine")) == std::string_view("yes"));
        QVERIFY(project.import()->outcome == exchange::Copied::Unchanged);
    }

    /// Everything that the table and the console show of a run of another tool, in another project.
    void anImportShowsWhatTheSourceShowed() {
        const test::TempFolder there;
        const std::string run = "mlruns/0/0123456789abcdef0123456789abcdef/";
        there.write("mlruns/0/meta.yaml", "name: Default\n");
        there.write(run + "meta.yaml", "run_name: a\nstatus: 3\nstart_time: 5\nend_time: 9\n");
        // MLflow shows the value of the greatest step, then time, then value (mlflow/store/tracking).
        there.write(run + "metrics/back", "1 5.0 3\n2 0.5 -5\n");
        there.write(run + "metrics/tie", "1 5.0 3\n1 1.0 3\n");
        there.write(run + "metrics/plain", "1 2.0 0\n2 1.0 1\n");
        there.write(run + "artifacts/note.txt", "by reference");
        there.write("sacred/1/run.json", R"({"status": "COMPLETED", "command": "main"})");
        there.write("sacred/1/config.json", R"({"lr": 1})");
        there.write("sacred/1/cout.txt", "printed\nlines\n");
        const test::TempFolder here;
        const auto catalogue = std::make_shared<sources::Catalogue>(
            sources::CatalogueOptions{.project = here.path(), .folders = {there.path()}});
        const auto foreign = catalogue->load();
        QCOMPARE(foreign->runs.size(), std::size_t{2});
        sources::ProjectRuns from(here.path(), catalogue, sources::ProjectRuns::Look::ForeignOnly);
        sources::ProjectRuns copies(here.path(), nullptr);
        for (const auto& one : foreign->runs) {
            auto database = store::Database::open(here.path(), store::OpenMode::ReadWrite);
            VERIFY_OK(exchange::copyRun(from, one->id, *database));
            QVERIFY(exchange::copyRun(from, one->id, *database)->outcome == exchange::Copied::Unchanged);
            const auto before = from.detail(one->id);
            const auto after = copies.detail(one->id);
            VERIFY_OK(after);
            QVERIFY(after->origins == before->origins);
            QVERIFY(!after->origins.empty());
            QCOMPARE(after->record.metrics.size(), before->record.metrics.size());
            for (const auto& metric : before->record.metrics) {
                QVERIFY2(same(*after->record.metric(metric.key), metric.summary), metric.key.str().c_str());
            }
            const auto report = store::checkIntegrity(here.path());
            VERIFY_OK(report);
            QVERIFY(report->findings.empty());
            if (one->source.text() == "mlflow") {
                QCOMPARE(after->record.metric(Symbol("back"))->last, 5.0);
                QCOMPARE(after->record.metric(Symbol("tie"))->last, 5.0);
                const auto bytes = copies.artifact(one->id, after->artifacts.at(0), 100);
                VERIFY_OK(bytes);
                QCOMPARE(*bytes, std::string("by reference"));
            } else {
                QCOMPARE(consoleOf(here.path(), one->id), std::string("0 1 printed\nlines\n"));
            }
        }

        // What has been copied out of an export does not open files of this computer by another's paths.
        const auto id = *RunId::fromHex("0123456789abcdef0123456789abcdef");
        const test::TempFolder elsewhere;
        {
            auto database = store::Database::open(elsewhere.path(), store::OpenMode::ReadWrite);
            VERIFY_OK(exchange::copyRun(copies, id, *database, {.fromHere = false}));
        }
        sources::ProjectRuns handed(elsewhere.path(), nullptr);
        const auto detail = handed.detail(id);
        QCOMPARE(detail->origins.size(), std::size_t{1});
        QCOMPARE(detail->record.metric(Symbol("back"))->last, 5.0);
        QVERIFY(!handed.artifact(id, detail->artifacts.at(0), 100).ok());
    }

    /// Growth takes the last value along, also back to the plain rule.
    void theLastValueFollowsTheSource() {
        const test::TempFolder there;
        const std::string run = "mlruns/0/0123456789abcdef0123456789abcdef/";
        there.write("mlruns/0/meta.yaml", "name: Default\n");
        there.write(run + "meta.yaml", "run_name: a\nstatus: 1\n");
        const auto metric = there.write(run + "metrics/m", "1 5.0 3\n2 0.5 -5\n");
        const auto id = *RunId::fromHex("0123456789abcdef0123456789abcdef");
        for (const auto& [more, last] : {std::pair("", 5.0), {"3 7.0 2\n", 5.0}, {"4 8.0 9\n", 8.0}}) {
            std::ofstream(metric, std::ios::app) << more;
            const auto catalogue =
                std::make_shared<sources::Catalogue>(sources::CatalogueOptions{.project = there.path()});
            (void)catalogue->load();
            sources::ProjectRuns from(there.path(), catalogue, sources::ProjectRuns::Look::ForeignOnly);
            auto database = store::Database::open(there.path(), store::OpenMode::ReadWrite);
            VERIFY_OK(exchange::copyRun(from, id, *database));
            QCOMPARE(store::RunReader(*database).detail(id)->record.metric(Symbol("m"))->last, last);
            QVERIFY(store::checkIntegrity(there.path())->findings.empty());
        }
    }

    void whatCouldNotBeReadIsCounted() {
        const test::TempFolder there;
        const std::string run = "mlruns/0/0123456789abcdef0123456789abcdef/";
        there.write("mlruns/0/meta.yaml", "name: Default\n");
        there.write(run + "meta.yaml", "run_name: a\nstatus: 3\nstart_time: 5\nend_time: 9\n");
        there.write(run + "metrics/m", "1 5.0 0\nnot a point\n2 6.0 1\nnor this\n");
        const auto id = *RunId::fromHex("0123456789abcdef0123456789abcdef");
        const auto catalogue =
            std::make_shared<sources::Catalogue>(sources::CatalogueOptions{.project = there.path()});
        QCOMPARE(catalogue->load()->runs.front()->leftOut, std::uint64_t{2});
        sources::ProjectRuns from(there.path(), catalogue, sources::ProjectRuns::Look::ForeignOnly);
        const test::TempFolder here;
        {
            auto database = store::Database::open(here.path(), store::OpenMode::ReadWrite);
            VERIFY_OK(exchange::copyRun(from, id, *database));
            QCOMPARE(store::RunReader(*database).runTable().value()->runs[0]->leftOut, std::uint64_t{2});
        }
        sources::ProjectRuns copies(here.path(), nullptr);
        QCOMPARE(copies.detail(id)->record.leftOut, std::uint64_t{2});
        VERIFY_OK(exchange::packRuns(copies, std::vector{id}, here / "x.runs"));
        const test::TempFolder unpacked;
        VERIFY_OK(exchange::unpackRuns(here / "x.runs", unpacked.path()));
        QCOMPARE(sources::ProjectRuns(unpacked.path(), nullptr).detail(id)->record.leftOut, std::uint64_t{2});
    }

    /// Nothing says when a table of Keras was written but the file itself.
    void aLiveRunWithoutTimesIsNotLost() {
        const test::TempFolder there;
        there.write("a/training.csv", "epoch,loss\n0,0.5\n1,0.25\n");
        const auto catalogue =
            std::make_shared<sources::Catalogue>(sources::CatalogueOptions{.project = there.path()});
        const auto run = catalogue->load()->runs.front();
        QVERIFY(run->status == model::RunStatus::Running && !run->startTimeMs);
        sources::ProjectRuns from(there.path(), catalogue, sources::ProjectRuns::Look::ForeignOnly);
        const test::TempFolder here;
        auto database = store::Database::open(here.path(), store::OpenMode::ReadWrite);
        VERIFY_OK(exchange::copyRun(from, run->id, *database));
        QVERIFY(store::RunReader(*database).detail(run->id)->record.status == model::RunStatus::Running);
    }

    /// One that was killed: nobody believes it any more, and what its tool says is kept all the same.
    void aRunThatItsToolCallsRunningStaysSo() {
        const test::TempFolder there;
        const std::string run = "mlruns/0/0123456789abcdef0123456789abcdef/";
        there.write("mlruns/0/meta.yaml", "name: Default\n");
        there.write(run + "meta.yaml", "run_name: a\nstatus: 1\nstart_time: 1600000000000\n");
        there.write(run + "metrics/m", "1600000005000 5.0 3\n");
        const auto id = *RunId::fromHex("0123456789abcdef0123456789abcdef");
        const auto import = [&](const std::filesystem::path& to) {
            const auto catalogue =
                std::make_shared<sources::Catalogue>(sources::CatalogueOptions{.project = there.path()});
            (void)catalogue->load();
            sources::ProjectRuns from(there.path(), catalogue, sources::ProjectRuns::Look::ForeignOnly);
            auto database = store::Database::open(to, store::OpenMode::ReadWrite);
            return exchange::copyRun(from, id, *database)->outcome;
        };
        const auto check = [&](const std::filesystem::path& project) {
            sources::ProjectRuns copies(project, nullptr);
            const auto copy = copies.detail(id);
            VERIFY_OK(copy);
            QVERIFY(copy->record.toldStatus == model::RunStatus::Running);
            QVERIFY(copy->record.status == model::RunStatus::Lost);
            QCOMPARE(copy->record.endTimeMs, std::optional<std::int64_t>(1600000005000));
        };
        const test::TempFolder here;
        QVERIFY(import(here.path()) == exchange::Copied::New);
        check(here.path());
        QVERIFY(import(here.path()) == exchange::Copied::Unchanged);

        // Also of those who get it handed.
        sources::ProjectRuns copies(here.path(), nullptr);
        VERIFY_OK(exchange::packRuns(copies, std::vector{id}, here / "x.runs"));
        const test::TempFolder unpacked;
        VERIFY_OK(exchange::unpackRuns(here / "x.runs", unpacked.path()));
        check(unpacked.path());

        there.write(run + "meta.yaml",
                    "run_name: a\nstatus: 3\nstart_time: 1600000000000\nend_time: 1600000009000\n");
        QVERIFY(import(here.path()) == exchange::Copied::Updated);
        const auto ended = copies.detail(id);
        VERIFY_OK(ended);
        QVERIFY(ended->record.status == model::RunStatus::Finished && !ended->record.toldStatus);
        QCOMPARE(ended->record.endTimeMs, std::optional<std::int64_t>(1600000009000));
    }

    void anExportHoldsTheConsole() {
        const test::ScratchProject project(false);
        const auto id = project.addRuns({{.name = "a", .commit = {}, .metrics = {{"loss", 0.5}}}}).front();
        // As console_segments.h says: offset, time, length, stream.
        std::string index;
        for (const auto& [offset, time, length, stream] :
             {std::array<std::uint64_t, 4>{0, 1700000000000, 4, 1}, {4, 1700000000500, 4, 2}}) {
            test::Message record;
            record.fixed(offset).fixed(time).fixed(static_cast<std::uint32_t>(length));
            index += record.fixed(static_cast<std::uint32_t>(stream)).bytes();
        }
        const auto folder = store::Layout(project.path()).runFolder(id);
        std::filesystem::create_directories(folder);
        std::ofstream(folder / "console.idx", std::ios::binary) << index;
        std::ofstream(folder / "console.log", std::ios::binary) << "out\nerr\n";
        const test::TempFolder out;
        sources::ProjectRuns runs(project.path(), nullptr);
        VERIFY_OK(exchange::packRuns(runs, std::vector{id}, out / "one.runs"));
        const test::TempFolder unpacked;
        VERIFY_OK(exchange::unpackRuns(out / "one.runs", unpacked.path()));
        const test::TempFolder target;
        {
            sources::ProjectRuns from(unpacked.path(), nullptr);
            auto database = store::Database::open(target.path(), store::OpenMode::ReadWrite);
            VERIFY_OK(exchange::copyRun(from, id, *database));
        }
        QCOMPARE(consoleOf(target.path(), id), std::string("1700000000000 1 out\n1700000000500 2 err\n"));
    }

    void anExportHoldsAllBits() {
        const test::ScratchProject project(false);
        const double payload = std::bit_cast<double>(0x7FF8'0000'DEAD'BEEFULL);
        const auto id = project
                            .addRuns({{.name = "a, \"b\"",
                                       .commit = {},
                                       .metrics = {{"loss", 0.1},
                                                   {"loss", -0.0},
                                                   {"loss", payload},
                                                   {"loss", -std::numeric_limits<double>::infinity()}}}})
                            .front();
        const test::TempFolder out;
        const auto artifact = out.write("model.bin", "weights");
        {
            auto database = store::Database::open(project.path(), store::OpenMode::ReadWrite);
            VERIFY_OK(store::RunWriter(*database).addArtifact(id, artifact, "m/model.bin"));
        }
        sources::ProjectRuns runs(project.path(), nullptr);
        const auto file = out / "one.runs";
        const auto problems = exchange::packRuns(runs, std::vector{id}, file);
        VERIFY_OK(problems);
        QVERIFY(problems->problems.empty() && problems->failures.empty());
        QCOMPARE(problems->imported, std::uint64_t{1});
        QVERIFY(exchange::isPacked(file));
        QVERIFY(!exchange::isPacked(artifact));
        // Another program reads it as what it says it is.
        const auto listed = test::runProcess({"tar", "-tf", file.native()});
        QCOMPARE(listed.exitCode, 0);
        QVERIFY(listed.out.starts_with("runs.db\nartifacts/"));

        const test::TempFolder target;
        VERIFY_OK(exchange::unpackRuns(file, target.path()));
        sources::ProjectRuns unpacked(target.path(), nullptr);
        const auto before = runs.series(id, "loss");
        const auto after = unpacked.series(id, "loss");
        VERIFY_OK(after);
        QCOMPARE(after->size(), std::size_t{4});
        for (std::size_t i = 0; i < before->size(); ++i) {
            QCOMPARE(std::bit_cast<std::uint64_t>(after->values[i]),
                     std::bit_cast<std::uint64_t>(before->values[i]));
            QCOMPARE(after->steps[i], before->steps[i]);
            QCOMPARE(after->timesMs[i], before->timesMs[i]);
        }
        QCOMPARE(unpacked.detail(id)->artifacts.size(), std::size_t{1});

        VERIFY_OK(exchange::writeCsv(runs, std::vector{id}, out / "p.csv"));
        const auto csv =
            test::runProcess({"python3", "-c",
                              "import csv,sys; print([(r['run'], r['key'], float(r['value'])) for r in "
                              "csv.DictReader(open(sys.argv[1]))])",
                              (out / "p.csv").native()});
        QCOMPARE(csv.out, std::string("[('a, \"b\"', 'loss', 0.1), ('a, \"b\"', 'loss', -0.0), ('a, \"b\"', "
                                      "'loss', nan), ('a, \"b\"', 'loss', -inf)]\n"));
    }

    void eventFilesAreReadBack() {
        const test::ScratchProject project(false);
        const auto id =
            project.addRuns({{.name = "x/y", .commit = {}, .metrics = {{"loss", 0.5}, {"loss", 0.25}}}})
                .front();
        {
            auto database = store::Database::open(project.path(), store::OpenMode::ReadWrite);
            store::RunWriter writer(*database);
            const std::vector<model::Variable> params{
                {"lr", "0.001"}, {"opt", "adam"}, {"flag", "True"}, {"shape", "[1, 2]"}, {"x", "nan"}};
            VERIFY_OK(writer.setParams(id, params));
            VERIFY_OK(writer.appendPoints(id, std::vector<store::MetricPoint>{{"untimed", {3, 0, 1.5}}}));
        }
        sources::ProjectRuns runs(project.path(), nullptr);
        const test::TempFolder out;
        VERIFY_OK(exchange::writeEventFiles(runs, std::vector{id}, out.path()));
        sources::Catalogue catalogue({.project = out.path()});
        const auto read = catalogue.load();
        QCOMPARE(read->runs.size(), std::size_t{1});
        QVERIFY(read->problems.empty());
        QVERIFY(read->runs[0]->param(Symbol("lr")) == std::string_view("0.001"));
        QVERIFY(read->runs[0]->param(Symbol("opt")) == std::string_view("adam"));
        QVERIFY(read->runs[0]->param(Symbol("shape")) == std::string_view("[1, 2]"));
        QCOMPARE(read->runs[0]->name, std::string("x_y"));
        QCOMPARE(valuesOf(catalogue.series(read->runs[0]->id, "loss")), (std::vector<double>{0.5, 0.25}));

        // By a reader that shares nothing with ours: frames, both checksums, and the fields of event.proto.
        const std::filesystem::recursive_directory_iterator files(out.path());
        const auto file = std::ranges::find_if(begin(files), end(files),
                                               [](const auto& entry) { return entry.is_regular_file(); });
        const auto other = test::runProcess({"python3", "-c", kEventFileReader, file->path().native()});
        const auto expected = std::string(
            "brain.Event:2\n_hparams_/session_start_info hparams lr=0.001 opt='adam' "
            "flag=True shape='[1, 2]' x='nan'\n"
            "_hparams_/session_end_info hparams status 1\n"
            "loss 0 0.5\nloss 0 0.25\nuntimed 3 1.5\n");
        QVERIFY2(other.out == expected, (other.out + other.err).c_str());
    }

    /// Whichever bit it is: in the database, a header, the padding, the digests or the end.
    void anyFlippedBitIsRefused() {
        const test::ScratchProject project(false);
        const auto id = project.addRuns({{.name = "a", .commit = {}, .metrics = {{"loss", 0.1}}}}).front();
        const test::TempFolder out;
        const auto artifact = out.write("model.bin", "weights");
        {
            auto database = store::Database::open(project.path(), store::OpenMode::ReadWrite);
            VERIFY_OK(store::RunWriter(*database).addArtifact(id, artifact, "m/model.bin"));
        }
        sources::ProjectRuns runs(project.path(), nullptr);
        VERIFY_OK(exchange::packRuns(runs, std::vector{id}, out / "one.runs"));
        const auto whole = *readFile(out / "one.runs", 64U << 20U);
        const auto sums = test::runProcess(
            {"sh", "-c", "cd \"$1\" && mkdir x && tar -xf one.runs -C x && cd x && sha256sum -c SHA256SUMS",
             "sh", out.path().native()});
        QCOMPARE(sums.exitCode, 0);
        QCOMPARE(std::ranges::count(sums.out, '\n'), 2);  // the database and the artifact
        VERIFY_OK(exchange::unpackRuns(out / "one.runs", test::TempFolder().path()));

        const auto isRefused = [&](const std::string& bytes) {
            out.write("broken.runs", bytes);
            const test::TempFolder target;
            const auto unpacked = exchange::unpackRuns(out / "broken.runs", target.path());
            return !unpacked.ok() &&
                   (unpacked.error().code == ErrorCode::Damaged ||
                    unpacked.error().message.find("no export of Runglass") != std::string::npos);
        };
        constexpr std::size_t kTries = 97;
        for (std::size_t i = 0; i <= kTries; ++i) {
            auto broken = whole;
            const auto at = i * (whole.size() - 1) / kTries;
            broken[at] = static_cast<char>(static_cast<unsigned char>(broken[at]) ^ (1U << (i % 8)));
            QVERIFY2(isRefused(broken), std::to_string(at).c_str());
        }
        for (const std::size_t left : {whole.size() - 1, whole.size() - 2048, whole.size() / 2}) {
            QVERIFY2(isRefused(whole.substr(0, left)), std::to_string(left).c_str());
        }
    }

    /// As exports were before they had digests: without the last entry.
    void anOlderExportIsTakenAsIs() {
        const test::ScratchProject project(false);
        const auto id = project.addRuns({{.name = "a", .commit = {}, .metrics = {{"loss", 0.1}}}}).front();
        const test::TempFolder out;
        const auto artifact = out.write("model.bin", "weights");
        {
            auto database = store::Database::open(project.path(), store::OpenMode::ReadWrite);
            VERIFY_OK(store::RunWriter(*database).addArtifact(id, artifact, "m/model.bin"));
        }
        sources::ProjectRuns runs(project.path(), nullptr);
        VERIFY_OK(exchange::packRuns(runs, std::vector{id}, out / "one.runs"));
        const auto whole = exchange::unpackRuns(out / "one.runs", test::TempFolder().path());
        VERIFY_OK(whole);
        QVERIFY(*whole);
        auto bytes = *readFile(out / "one.runs", 64U << 20U);
        bytes = bytes.substr(0, bytes.rfind("SHA256SUMS")) + std::string(1024, '\0');
        out.write("old.runs", bytes);
        QCOMPARE(std::ranges::count(test::runProcess({"tar", "-tf", (out / "old.runs").native()}).out, '\n'),
                 2);
        const test::TempFolder target;
        const auto unpacked = exchange::unpackRuns(out / "old.runs", target.path());
        VERIFY_OK(unpacked);
        QVERIFY(!*unpacked);
        sources::ProjectRuns from(target.path(), nullptr);
        QCOMPARE(valuesOf(from.series(id, "loss")), (std::vector<double>{0.1}));

        // The name of an artifact is its digest.
        bytes.replace(bytes.rfind("weights"), 7, "weighty");
        out.write("broken.runs", bytes);
        const auto broken = exchange::unpackRuns(out / "broken.runs", test::TempFolder().path());
        QVERIFY(!broken.ok());
        QVERIFY(broken.error().message.find("artifacts/") != std::string::npos);
    }

    /// The second of three files cannot be read any more when its turn comes.
    void aRunThatCannotBeReadStopsNoOther() {
        const test::TempFolder folder;
        for (const char* name : {"a", "b", "c"}) {
            folder.write(std::string("r/") + name + ".trk",
                         std::string("name ") + name + "\nmetric loss 3 2\n");
        }
        const auto catalogue = std::make_shared<sources::Catalogue>(
            sources::CatalogueOptions{.project = folder.path(), .formats = test::fakeFormats()});
        std::vector<RunId> ids;
        RunId broken;
        for (const auto& run : catalogue->load()->runs) {
            ids.push_back(run->id);
            broken = run->name == "b" ? run->id : broken;
        }
        folder.write("r/b.trk", "broken\n");
        sources::ProjectRuns from(folder.path(), catalogue, sources::ProjectRuns::Look::ForeignOnly);
        const auto isTheBroken = [&](const std::vector<exchange::RunFailure>& failures) {
            return failures.size() == 1 && failures[0].id == broken &&
                   failures[0].error.message.find("is broken") != std::string::npos;
        };
        const test::TempFolder to;
        {
            auto database = store::Database::open(to.path(), store::OpenMode::ReadWrite);
            exchange::CopyTally tally;
            VERIFY_OK(exchange::copyRuns(from, ids, *database, tally));
            QCOMPARE(tally.imported, std::uint64_t{2});
            QCOMPARE(tally.points, std::uint64_t{4});
            QVERIFY(isTheBroken(tally.failures));
        }
        const auto packed = exchange::packRuns(from, ids, to / "x.runs");
        VERIFY_OK(packed);
        QCOMPARE(packed->imported, std::uint64_t{2});
        QVERIFY(isTheBroken(packed->failures));
        const test::TempFolder unpacked;
        VERIFY_OK(exchange::unpackRuns(to / "x.runs", unpacked.path()));
        const auto csv = exchange::writeCsv(from, ids, to / "x.csv");
        VERIFY_OK(csv);
        QVERIFY(isTheBroken(*csv));
        const auto rows = *readFile(to / "x.csv", 1U << 20U);
        QCOMPARE(std::ranges::count(rows, '\n'), 5);
        const auto events = exchange::writeEventFiles(from, ids, to / "logs");
        VERIFY_OK(events);
        QVERIFY(isTheBroken(*events));
        QVERIFY(std::filesystem::exists(to / "logs/c") && !std::filesystem::exists(to / "logs/b"));

        // Not even a file where nothing is left.
        const auto nothing = exchange::packRuns(from, std::vector{broken}, to / "none.runs");
        VERIFY_OK(nothing);
        QVERIFY(isTheBroken(nothing->failures));
        QVERIFY(!std::filesystem::exists(to / "none.runs"));
    }

    void aForeignTarIsRefused() {
        const test::TempFolder out;
        out.write("in/runs.db", "x");
        out.write("in/evil", "x");
        const auto tar = (out / "evil.tar").native();
        QCOMPARE(test::runProcess({"tar", "--format=ustar", "-P", "--transform=s,evil,../../evil,", "-cf",
                                   tar, "-C", (out / "in").native(), "runs.db", "evil"})
                     .exitCode,
                 0);
        const test::TempFolder target;
        QVERIFY(!exchange::unpackRuns(tar, target / "a/b").ok());
        QVERIFY(!std::filesystem::exists(target / "evil"));
        auto whole = readFile(tar, 1U << 20U);
        out.write("cut.tar", whole->substr(0, 700));
        QVERIFY(!exchange::unpackRuns(out / "cut.tar", target / "c").ok());
        out.write("none", "no tar at all");
        QVERIFY(!exchange::isPacked(out / "none"));
    }
};

QTEST_GUILESS_MAIN(TestExchange)
#include "tst_exchange.moc"
