// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/demo/demo.h"

#include "runglass/git/authoring.h"
#include "runglass/git/repository.h"
#include "support/test.h"

using namespace runglass;

/// The training itself is tested end to end (tests/e2e); here is what can be said without it.
class TestDemo : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void refusesAFolderThatHoldsSomethingElse() {
        const test::TempFolder folder;
        folder.write("thesis.txt", "mine");
        const auto result = demo::makeDemo(folder.path());
        QVERIFY(!result.ok());
        QCOMPARE(result.error().code, ErrorCode::Exists);
        QVERIFY(result.error().message.find(folder.path().string()) != std::string::npos);
        QCOMPARE(std::distance(std::filesystem::directory_iterator(folder.path()), {}), std::ptrdiff_t{1});
    }
    void refusesAFile() {
        const test::TempFolder folder;
        const auto file = folder.write("a", "b");
        QCOMPARE(demo::makeDemo(file).error().code, ErrorCode::Exists);
    }
    void commitsLikeGit() {
        const test::TempFolder folder;
        VERIFY_OK(git::initRepository(folder.path(), "main"));
        folder.write("train.py", "print(1)\n");
        folder.write("out.log", "x");
        folder.write(".gitignore", "*.log\n");
        const auto first = git::commitWorkTree(folder.path(), {"First", "main", {}});
        VERIFY_OK(first);
        std::filesystem::remove(folder / "train.py");
        folder.write("sub/a.py", "print(2)\n");
        const auto second = git::commitWorkTree(folder.path(), {"Second", "side", {*first}});
        VERIFY_OK(second);
        folder.write("b.py", "");
        const auto merge = git::commitWorkTree(folder.path(), {"Merge", "main", {*first, *second}});
        VERIFY_OK(merge);
        VERIFY_OK(git::createTag(folder.path(), "v1", *second));
        QCOMPARE(git::createTag(folder.path(), "v1", *first).ok(), false);

        QCOMPARE(test::git(folder.path(), {"ls-tree", "-r", "--name-only", "HEAD"}),
                 ".gitignore\nb.py\nsub/a.py\n");
        QCOMPARE(test::git(folder.path(), {"status", "--porcelain"}), "");
        QCOMPARE(test::git(folder.path(), {"log", "-1", "--format=%s %P"}),
                 "Merge " + first->hex() + " " + second->hex() + "\n");
        QCOMPARE(test::git(folder.path(), {"rev-parse", "v1", "side"}),
                 second->hex() + "\n" + second->hex() + "\n");
        QCOMPARE(test::git(folder.path(), {"symbolic-ref", "HEAD"}), "refs/heads/main\n");
        test::git(folder.path(), {"fsck", "--strict"});
    }
};

QTEST_GUILESS_MAIN(TestDemo)
#include "tst_demo.moc"
