// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/sources/growing_file.h"

#include <sys/stat.h>

#include <fstream>

#include "support/test.h"

using runglass::ErrorCode;
using runglass::sources::GrowingFile;
using Change = GrowingFile::Change;

namespace {

void append(const std::filesystem::path& path, std::string_view text) {
    std::ofstream(path, std::ios::app | std::ios::binary) << text;
}

}  // namespace

class TestGrowingFile : public runglass::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void readsOnlyWhatIsNew() {
        const auto path = m_folder.path() / "grows.log";
        append(path, "one\ntw");
        GrowingFile file(path);
        QVERIFY(*file.refresh() == Change::Grown);
        QCOMPARE(*file.read(100), std::string("one\ntw"));
        QVERIFY(file.consume(4).ok());
        QCOMPARE(*file.read(100), std::string("tw"));
        QVERIFY(*file.refresh() == Change::None);

        append(path, "o\nthree\n");
        QVERIFY(*file.refresh() == Change::Grown);
        QCOMPARE(file.consumed(), std::uint64_t{4});
        QCOMPARE(*file.read(3), std::string("two"));
        QCOMPARE(*file.readAt(0, 3), std::string("one"));
        QCOMPARE(*file.readAt(1000, 3), std::string());
    }

    void noticesEveryWayOfRewriting() {
        const auto path = m_folder.path() / "rewritten.log";
        append(path, "aaaa\nbbbb\n");
        GrowingFile file(path);
        const auto readAll = [&] { return file.refresh().ok() && file.consume(file.size()).ok(); };

        QVERIFY(readAll());
        std::ofstream(path, std::ios::trunc) << "short";
        QVERIFY(*file.refresh() == Change::Rewritten);
        QCOMPARE(file.consumed(), std::uint64_t{0});

        QVERIFY(readAll());
        std::ofstream(path, std::ios::trunc) << "longer than before, by far";
        QVERIFY(*file.refresh() == Change::Rewritten);

        QVERIFY(readAll());
        m_folder.write("other.log", "longer than before, by far; and another file");
        std::filesystem::rename(m_folder.path() / "other.log", path);
        QVERIFY(*file.refresh() == Change::Rewritten);

        // In place: as long as before, and with the same end.
        const std::string end(100, 'e');
        std::ofstream(path, std::ios::trunc) << "one" << end;
        QVERIFY(readAll());
        const auto before = std::filesystem::last_write_time(path);
        std::ofstream(path, std::ios::in | std::ios::out) << "two" << end;
        std::filesystem::last_write_time(path, before + std::chrono::seconds(1));
        QVERIFY(*file.refresh() == Change::Rewritten);
        QCOMPARE(*file.read(3), std::string("two"));

        QVERIFY(readAll());
        std::filesystem::remove(path);
        QVERIFY(*file.refresh() == Change::Gone);
        append(path, "back");
        QVERIFY(*file.refresh() == Change::Grown);
        QCOMPARE(*file.read(100), std::string("back"));
    }

    void refusesWhatIsNotAFile() {
        const auto fifo = m_folder.path() / "fifo";
        QCOMPARE(::mkfifo(fifo.c_str(), 0600), 0);
        GrowingFile file(fifo);
        const auto change = file.refresh();
        QVERIFY(!change.ok());
        QVERIFY(change.error().code == ErrorCode::Invalid);
        GrowingFile folder(m_folder.path());
        QVERIFY(!folder.refresh().ok());
    }

private:
    runglass::test::TempFolder m_folder;
};

QTEST_GUILESS_MAIN(TestGrowingFile)
#include "tst_growing_file.moc"
