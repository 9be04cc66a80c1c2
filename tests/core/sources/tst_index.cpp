// SPDX-License-Identifier: GPL-3.0-or-later
#include <bit>
#include <fstream>
#include <random>

#include "fake_format.h"
#include "runglass/base/file.h"
#include "runglass/sources/catalogue.h"
#include "support/test.h"

using namespace runglass;

namespace {

void age(const std::filesystem::path& file) {
    std::filesystem::last_write_time(file,
                                     std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
}

sources::SharedForeignRuns load(const std::filesystem::path& project) {
    sources::Catalogue catalogue({.project = project, .formats = test::fakeFormats()});
    return catalogue.load();
}

std::filesystem::path indexOf(const test::TempFolder& project) {
    return project.path() / ".runglass" / "cache" / "sources.idx";
}

}  // namespace

class TestIndex : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void writesNothingWhereThereIsNoProjectYet() {
        const test::TempFolder project;
        age(project.write("a.log", "name a\n"));
        load(project.path());
        QVERIFY(!std::filesystem::exists(project / ".runglass"));
    }

    void givesTheSameRunsAgain() {
        const test::TempFolder project;
        project.write(".runglass/settings.json", "{}");
        age(project.write(
            "r/a.trk",
            "id 00112233445566778899aabbccddeeff\nname a\nowns\nrank tracker\nparam lr 1\ntag t "
            "v\nmetric loss 3 nan 1\nstart 7\ndamage\n"));
        age(project.write("b.log", "name b\nsilent\n"));
        const auto first = load(project.path());
        QVERIFY(std::filesystem::exists(indexOf(project)));
        // Proof that the index is used: the content changes, but neither size nor time do.
        const auto time = std::filesystem::last_write_time(project / "b.log");
        std::ofstream(project / "b.log", std::ios::in | std::ios::out) << "name c\n";
        std::filesystem::last_write_time(project / "b.log", time);
        const auto second = load(project.path());
        QCOMPARE(second->runs.size(), std::size_t{2});
        for (std::size_t i = 0; i < 2; ++i) {
            const auto& a = *first->runs[i];
            const auto& b = *second->runs[i];
            QVERIFY(a.id == b.id && a.name == b.name && a.params == b.params && a.tags == b.tags &&
                    a.startTimeMs == b.startTimeMs && a.status == b.status && a.location == b.location);
            QCOMPARE(a.metrics.size(), b.metrics.size());
            for (std::size_t m = 0; m < a.metrics.size(); ++m) {
                QCOMPARE(std::bit_cast<std::uint64_t>(a.metrics[m].summary.last),
                         std::bit_cast<std::uint64_t>(b.metrics[m].summary.last));
                QCOMPARE(a.metrics[m].summary.nanCount, b.metrics[m].summary.nanCount);
                QCOMPARE(a.metrics[m].summary.infiniteCount, b.metrics[m].summary.infiniteCount);
            }
        }
        // A change that shows is read.
        project.write("b.log", "name d\n");
        const auto third = load(project.path());
        QVERIFY(third->runs[0]->name == "d" || third->runs[1]->name == "d");
    }

    void aDamagedIndexIsWorthNothing() {
        const test::TempFolder project;
        project.write(".runglass/settings.json", "{}");
        for (int i = 0; i < 20; ++i) {
            age(project.write(std::to_string(i) + "/a.log", "name a\nparam lr 1\nmetric loss 3 1\n"));
        }
        load(project.path());
        const auto whole = readFile(indexOf(project), 1U << 20U);
        VERIFY_OK(whole);
        std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same damage each time
        for (int i = 0; i < 50; ++i) {
            std::string bytes = *whole;
            bytes[random() % bytes.size()] ^= static_cast<char>(1U << random() % 8);
            if (i % 5 == 0) {
                bytes.resize(random() % bytes.size());
            }
            VERIFY_OK(writeFileAtomically(indexOf(project), bytes));
            QCOMPARE(load(project.path())->runs.size(), std::size_t{20});
        }
    }
};

QTEST_GUILESS_MAIN(TestIndex)
#include "tst_index.moc"
