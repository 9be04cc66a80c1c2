// SPDX-License-Identifier: GPL-3.0-or-later
// The file of `runglass export`: all that a run is, to the bit, and nothing that is not whole.
#include <array>
#include <bit>
#include <fstream>
#include <limits>

#include "../sources/wire_message.h"
#include "exchange_fixture.h"

using namespace runglass;
using test::valuesOf;

class TestPackedRuns : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
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
        QCOMPARE(test::consoleOf(target.path(), id),
                 std::string("1700000000000 1 out\n1700000000500 2 err\n"));
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

    /// Whichever bit it is: in the database, a header, the padding, the digests or the end.
    void anyFlippedBitIsRefused() {
        const test::PackedRun packed;
        const auto& out = packed.out;
        const auto whole = packed.bytes();
        const auto sums = test::runProcess(
            {"sh", "-c", "cd \"$1\" && mkdir x && tar -xf one.runs -C x && cd x && sha256sum -c SHA256SUMS",
             "sh", out.path().native()});
        QCOMPARE(sums.exitCode, 0);
        QCOMPARE(std::ranges::count(sums.out, '\n'), 2);  // the database and the artifact
        VERIFY_OK(exchange::unpackRuns(packed.file, test::TempFolder().path()));

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
        const test::PackedRun packed;
        const auto& out = packed.out;
        const auto whole = exchange::unpackRuns(packed.file, test::TempFolder().path());
        VERIFY_OK(whole);
        QVERIFY(*whole);
        auto bytes = packed.bytes();
        bytes = bytes.substr(0, bytes.rfind("SHA256SUMS")) + std::string(1024, '\0');
        out.write("old.runs", bytes);
        QCOMPARE(std::ranges::count(test::runProcess({"tar", "-tf", (out / "old.runs").native()}).out, '\n'),
                 2);
        const test::TempFolder target;
        const auto unpacked = exchange::unpackRuns(out / "old.runs", target.path());
        VERIFY_OK(unpacked);
        QVERIFY(!*unpacked);
        sources::ProjectRuns from(target.path(), nullptr);
        QCOMPARE(valuesOf(from.series(packed.id, "loss")), (std::vector<double>{0.1}));

        // The name of an artifact is its digest.
        bytes.replace(bytes.rfind("weights"), 7, "weighty");
        out.write("broken.runs", bytes);
        const auto broken = exchange::unpackRuns(out / "broken.runs", test::TempFolder().path());
        QVERIFY(!broken.ok());
        QVERIFY(broken.error().message.find("artifacts/") != std::string::npos);
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

QTEST_GUILESS_MAIN(TestPackedRuns)
#include "tst_packed_runs.moc"
