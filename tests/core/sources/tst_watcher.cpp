// SPDX-License-Identifier: GPL-3.0-or-later
#include "watcher.h"

#include <fstream>

#include "support/test.h"

using namespace runglass;
using sources::Watcher;
using Folders = std::vector<std::string>;

class TestWatcher : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void tellsWhichFolderHasChanged() {
        const test::TempFolder folder;
        const auto file = folder.write("a/file", "x");
        folder.write("b/file", "x");
        const auto a = (folder / "a").native();
        const auto b = (folder / "b").native();
        Watcher watcher;
        QVERIFY(watcher.watch(a));
        QVERIFY(watcher.watch(b));
        QVERIFY(!watcher.watch(a));
        QVERIFY(!watcher.watch(file.native()));
        QVERIFY(!watcher.watch((folder / "none").native()));
        QVERIFY(watcher.gap().empty());
        QVERIFY(watcher.take().folders.empty());

        std::ofstream(file, std::ios::app) << "y";
        QCOMPARE(watcher.take().folders, Folders{a});
        folder.write("b/new", "");
        std::filesystem::remove(file);
        QCOMPARE(watcher.take().folders, (Folders{a, b}));
        QVERIFY(watcher.take().folders.empty());

        std::filesystem::remove_all(folder / "b");
        QCOMPARE(watcher.take().folders, Folders{b});
        folder.write("b/again", "");
        QVERIFY(watcher.watch(b));  // the old watch went with the folder
    }

    void saysWhenItCannotWatchAll() {
        const test::TempFolder folder;
        folder.write("a/file", "x");
        folder.write("b/file", "x");
        Watcher watcher(1);
        QVERIFY(watcher.watch((folder / "a").native()));
        QVERIFY(watcher.gap().empty());
        QVERIFY(!watcher.watch((folder / "b").native()));
        QVERIFY(!watcher.gap().empty());
        QVERIFY(!sources::isOnNetwork(folder.path()));
    }
};

QTEST_GUILESS_MAIN(TestWatcher)
#include "tst_watcher.moc"
