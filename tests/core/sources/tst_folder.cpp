// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/sources/folder.h"

#include "support/test.h"

using runglass::ErrorCode;
using runglass::sources::EntryKind;
using runglass::sources::listFolder;

class TestFolder : public runglass::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void listsNamesAndKinds() {
        const runglass::test::TempFolder folder;
        folder.write("b.csv", "x");
        folder.write("a/inner.txt", "x");
        folder.write("\xff\xfe", "not UTF-8");
        std::filesystem::create_symlink("a", folder.path() / "link");
        const auto listed = listFolder(folder.path());
        QVERIFY(listed.ok());
        QCOMPARE(listed->entries.size(), std::size_t{4});
        QVERIFY(listed->hasFile("b.csv"));
        QVERIFY(listed->hasFile("\xff\xfe"));
        QVERIFY(listed->hasFolder("a"));
        QVERIFY(!listed->hasFolder("link"));
        QVERIFY(listed->find("link")->kind == EntryKind::Link);
        QVERIFY(listed->find("inner.txt") == nullptr);
    }

    void saysWhatCannotBeListed() {
        const runglass::test::TempFolder folder;
        folder.write("file", "x");
        std::filesystem::create_directory_symlink("..", folder.path() / "link");
        QVERIFY(listFolder(folder.path() / "none").error().code == ErrorCode::NotFound);
        QVERIFY(!listFolder(folder.path() / "file").ok());
        QVERIFY(!listFolder(folder.path() / "link").ok());
    }
};

QTEST_GUILESS_MAIN(TestFolder)
#include "tst_folder.moc"
