// SPDX-License-Identifier: GPL-3.0-or-later
// Event files by a reader that shares nothing with ours; and what every export does with a run that cannot be
// read.
#include "../sources/fake_format.h"
#include "exchange_fixture.h"

using namespace runglass;
using test::valuesOf;

namespace {

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

}  // namespace

class TestExportedFiles : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
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
};

QTEST_GUILESS_MAIN(TestExportedFiles)
#include "tst_exported_files.moc"
