// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/written_files.h"

#include "runglass/base/file.h"
#include "support/test.h"

using namespace runglass;

class TestWrittenFiles : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void everyByteOfAPathComesBack() {
        const test::TempFolder project;
        const store::Layout layout(project.path());
        const auto run = RunId::derive("a");
        QVERIFY(!store::readWrittenFiles(layout, run));
        const std::filesystem::path odd("/x y/%41\n\xff\t\xc3\xa4/e");
        store::WrittenFilesLog log(layout, run);
        log.start(1'700'000'000'000, odd);
        log.addProcess(42);
        log.addOpened({odd / "a", true});
        log.addOpened({odd / "b", false});
        auto read = store::readWrittenFiles(layout, run);
        QVERIFY(read.has_value());
        QCOMPARE(read->startMs, std::int64_t{1'700'000'000'000});
        QVERIFY(read->workingDirectory == odd);
        QCOMPARE(read->processes, std::vector<int>{42});
        QVERIFY((read->opened == std::vector<store::OpenedFile>{{odd / "a", true}, {odd / "b", false}}));
        QVERIFY(!read->endMs && !read->settled);

        log.end(1'700'000'000'500);
        log.settle(std::vector<store::KeptFile>{{odd / "a", 7, 1'700'000'000'400'000'001}});
        read = store::readWrittenFiles(layout, run);
        QCOMPARE(*read->endMs, std::int64_t{1'700'000'000'500});
        QVERIFY(read->settled);
        QVERIFY((read->kept == std::vector<store::KeptFile>{{odd / "a", 7, 1'700'000'000'400'000'001}}));
        log.remove();
        QVERIFY(!store::readWrittenFiles(layout, run));
    }

    void whatMakesNoSenseIsLeftOut() {
        const test::TempFolder project;
        const store::Layout layout(project.path());
        const auto run = RunId::derive("a");
        const auto name = ".runglass/written/" + run.hex();
        project.write(name,
                      "start 5 /cwd\npid x\npid -1\npid 99999999999\nnews 1\nkept 1 /short\n"
                      "open w /a%4\nopen\n\nend soon\nopen a /half");
        const auto read = store::readWrittenFiles(layout, run);
        QVERIFY(read.has_value());
        QVERIFY(read->workingDirectory == "/cwd");
        QVERIFY(read->processes.empty() && read->kept.empty() && !read->endMs && !read->settled);
        QCOMPARE(read->opened.size(), std::size_t{2});
        QVERIFY(read->opened[0].path == "/a%4");
        project.write(name, "begin 5 /cwd\n");
        QVERIFY(!store::readWrittenFiles(layout, run));
    }
};

QTEST_GUILESS_MAIN(TestWrittenFiles)
#include "tst_written_files.moc"
