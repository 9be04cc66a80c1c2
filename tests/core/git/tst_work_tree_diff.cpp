// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/git/repository.h"
#include "support/test.h"

using namespace runglass;
using git::ChangeKind;

namespace {

std::string describe(const std::vector<git::FileDiff>& files) {
    std::string out;
    for (const auto& file : files) {
        out += file.path() + " " + std::to_string(static_cast<int>(file.kind)) + " +" +
               std::to_string(file.added) + " -" + std::to_string(file.removed) +
               (file.binary ? " binary" : "") + (file.tooLarge ? " too large" : "") + "\n";
    }
    return out;
}

std::string line(const char* path, ChangeKind kind, const std::string& rest) {
    return std::string(path) + " " + std::to_string(static_cast<int>(kind)) + " " + rest + "\n";
}

}  // namespace

class TestWorkTreeDiff : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void comparesHeadWithTheWorkTree() {
        const test::TempFolder folder;
        test::git(folder.path(), {"init", "-q", "-b", "main"});
        folder.write("changed.py", "a\nb\nc\n");
        folder.write("gone.py", "x\n");
        folder.write("staged.py", "1\n");
        folder.write("same.py", "s\n");
        folder.write(".gitignore", "*.log\n");
        test::git(folder.path(), {"add", "-A"});
        test::git(folder.path(), {"commit", "-q", "-m", "one"});
        folder.write("changed.py", "a\nB\nc\nd\n");
        folder.write("staged.py", "2\n");
        test::git(folder.path(), {"add", "staged.py"});
        folder.write("new/deep.py", "n\nm\n");
        folder.write("bin.dat", std::string("\0\1\2", 3));
        folder.write("ignored.log", "no\n");
        std::filesystem::remove(folder / "gone.py");

        const auto repository = git::Repository::open(folder.path());
        VERIFY_OK(repository);
        const auto files = repository->diffToWorkTree();
        VERIFY_OK(files);
        QCOMPARE(describe(*files), line("bin.dat", ChangeKind::Untracked, "+0 -0 binary") +
                                       line("changed.py", ChangeKind::Modified, "+2 -1") +
                                       line("gone.py", ChangeKind::Deleted, "+0 -1") +
                                       line("new/deep.py", ChangeKind::Untracked, "+2 -0") +
                                       line("staged.py", ChangeKind::Modified, "+1 -1"));
        // git itself, for what is tracked
        QCOMPARE(test::git(folder.path(), {"diff", "HEAD", "--numstat"}),
                 std::string("2\t1\tchanged.py\n0\t1\tgone.py\n1\t1\tstaged.py\n"));
        QCOMPARE(files->at(3).hunks.at(0).lines.at(1).text, std::string("m"));
        QCOMPARE(files->at(3).newSize, std::int64_t{4});
    }

    void beforeTheFirstCommitAllIsNew() {
        const test::TempFolder folder;
        test::git(folder.path(), {"init", "-q", "-b", "main"});
        folder.write("a.py", "a\n");
        const auto repository = git::Repository::open(folder.path());
        VERIFY_OK(repository);
        const auto files = repository->diffToWorkTree();
        VERIFY_OK(files);
        QCOMPARE(describe(*files), line("a.py", ChangeKind::Untracked, "+1 -0"));
    }

    void aFileThatBecameALink() {
        const test::TempFolder folder;
        test::git(folder.path(), {"init", "-q", "-b", "main"});
        folder.write("a.py", "a\n");
        test::git(folder.path(), {"add", "-A"});
        test::git(folder.path(), {"commit", "-q", "-m", "one"});
        std::filesystem::remove(folder / "a.py");
        std::filesystem::create_symlink("elsewhere", folder / "a.py");
        const auto repository = git::Repository::open(folder.path());
        VERIFY_OK(repository);
        const auto files = repository->diffToWorkTree();
        VERIFY_OK(files);
        QCOMPARE(files->size(), std::size_t{1});
        QCOMPARE(static_cast<int>(files->at(0).kind), static_cast<int>(ChangeKind::TypeChanged));
    }

    void theLargestFilesGiveWayToTheLimitOfAll() {
        const test::TempFolder folder;
        test::git(folder.path(), {"init", "-q", "-b", "main"});
        folder.write("small", std::string(10, 'a') + "\n");
        folder.write("medium", std::string(100, 'a') + "\n");
        folder.write("large", std::string(1000, 'a') + "\n");
        test::git(folder.path(), {"add", "-A"});
        test::git(folder.path(), {"commit", "-q", "-m", "one"});
        const auto repository = git::Repository::open(folder.path());
        VERIFY_OK(repository);
        const auto head = repository->resolveCommit("HEAD");
        VERIFY_OK(head);
        // Both sides count: 2·11 + 2·101 = 224 fit into 300; 2·1001 more do not.
        git::DiffOptions options;
        options.maxTotalBytes = 300;
        const auto files = repository->diff({}, *head, options);
        VERIFY_OK(files);
        QCOMPARE(describe(*files), line("large", ChangeKind::Added, "+0 -0 too large") +
                                       line("medium", ChangeKind::Added, "+1 -0") +
                                       line("small", ChangeKind::Added, "+1 -0"));
    }
};

QTEST_GUILESS_MAIN(TestWorkTreeDiff)
#include "tst_work_tree_diff.moc"
