// SPDX-License-Identifier: GPL-3.0-or-later
// Each state of a work tree is recorded, and compared with what the git program would commit after `git add
// -A` on a copy of the index. Nothing but objects and our own reference may have changed.
#include <unistd.h>

#include <thread>

#include "fingerprint.h"
#include "runglass/git/snapshot.h"
#include "work_tree_cases.h"

using namespace runglass;
namespace fs = std::filesystem;
using test::addSubmodule;
using test::cases;
using test::ScratchRepository;
using test::start;

namespace {

bool notOurs(const std::string& name) {
    return name.find(".git/objects") == std::string::npos &&
           name.find(".git/refs/runglass") == std::string::npos;
}

/// The tree of `git add -A && git write-tree` on a copy of the index, which keeps its time stamp (git decides
/// by it what to read again).
std::string treeByGit(const fs::path& workTree) {
    const fs::path folder = test::runProcess({"git", "rev-parse", "--absolute-git-dir"}, workTree).out;
    const auto index = fs::path(folder.string().substr(0, folder.string().size() - 1)) / "index";
    const test::TempFolder scratch;
    const auto copy = scratch / "index";
    if (fs::exists(index)) {
        fs::copy_file(index, copy);
        fs::last_write_time(copy, fs::last_write_time(index));
    }
    std::string tree;
    for (const std::vector<std::string>& step :
         {std::vector<std::string>{"add", "-A"}, std::vector<std::string>{"write-tree"}}) {
        std::vector<std::string> command{"env",
                                         "GIT_INDEX_FILE=" + copy.string(),
                                         "GIT_CONFIG_GLOBAL=/dev/null",
                                         "GIT_CONFIG_SYSTEM=/dev/null",
                                         "git",
                                         "-c",
                                         "advice.addEmbeddedRepo=false"};
        command.insert(command.end(), step.begin(), step.end());
        const auto result = test::runProcess(command, workTree);
        if (result.exitCode != 0) {
            QTest::qFail(result.err.c_str(), __FILE__, __LINE__);
        }
        tree = result.out;
    }
    return tree.substr(0, 40);
}

std::vector<std::string> paths(const git::Snapshot& snapshot) {
    std::vector<std::string> result;
    for (const auto& change : snapshot.changes) {
        result.push_back(change.path);
    }
    return result;
}

}  // namespace

class TestSnapshot : public test::GitTestCase {
    Q_OBJECT
private Q_SLOTS:
    void sameTreeAsGitAdd_data() {
        QTest::addColumn<int>("number");
        for (std::size_t i = 0; i < cases().size(); ++i) {
            QTest::newRow(cases()[i].name) << static_cast<int>(i);
        }
    }
    void sameTreeAsGitAdd() {
        QFETCH(int, number);
        const ScratchRepository r;
        cases().at(static_cast<std::size_t>(number)).prepare(r);
        const auto untouched = test::fingerprint(r.path());
        const auto preview = git::previewSnapshot(r.path());
        VERIFY_OK(preview);
        QVERIFY(test::fingerprint(r.path()) == untouched);

        const auto before = test::fingerprint(r.path(), notOurs);
        const auto run = RunId::generate();
        const auto snapshot = git::takeSnapshot(r.path(), run);
        VERIFY_OK(snapshot);
        QVERIFY(test::fingerprint(r.path(), notOurs) == before);

        const auto reference = "refs/runglass/runs/" + run.hex();
        const auto tree = r.ask({"rev-parse", reference + "^{tree}"});
        QCOMPARE(tree, snapshot->tree.hex());
        const auto expected = treeByGit(r.path());
        if (tree != expected) {
            qInfo("%s", r.git({"diff", "--raw", expected, tree}).c_str());
        }
        QCOMPARE(tree, expected);
        QCOMPARE(r.ask({"rev-parse", reference}), snapshot->commit.hex());
        QCOMPARE(paths(*preview), paths(*snapshot));
        verifyParent(r, *snapshot);
        r.git({"fsck", "--strict"});
    }
    void cleanWorkTreePointsToHead() {
        const ScratchRepository r;
        start(r);
        const auto head = r.ask({"rev-parse", "HEAD"});
        const auto snapshot = git::takeSnapshot(r.path(), RunId::generate());
        VERIFY_OK(snapshot);
        QCOMPARE(snapshot->commit.hex(), head);
        QVERIFY(!snapshot->dirty);
        QVERIFY(snapshot->changes.empty());
        QCOMPARE(snapshot->head.branch, std::string("main"));
    }
    void folderInsideTheRepository() {
        const ScratchRepository r;
        start(r);
        r.write("a.txt", "changed outside the folder\n");
        const auto snapshot = git::takeSnapshot(r / "src", RunId::generate());
        VERIFY_OK(snapshot);
        QCOMPARE(snapshot->tree.hex(), treeByGit(r.path()));
    }
    void linkedWorkTree() {
        const ScratchRepository r;
        start(r);
        const test::TempFolder other;
        r.git({"worktree", "add", "-q", "-b", "side", (other / "side").string()});
        other.write("side/a.txt", "changed here\n");
        const auto run = RunId::generate();
        const auto snapshot = git::takeSnapshot(other / "side", run);
        VERIFY_OK(snapshot);
        QCOMPARE(snapshot->tree.hex(), treeByGit(other / "side"));
        QCOMPARE(snapshot->head.branch, std::string("side"));
        QCOMPARE(r.ask({"rev-parse", "refs/runglass/runs/" + run.hex()}), snapshot->commit.hex());
    }
    void workTreeOfABareRepository() {
        const ScratchRepository origin;
        start(origin);
        const test::TempFolder home;
        origin.git({"clone", "-q", "--bare", origin.path().string(), (home / "project.git").string()});
        test::git(home / "project.git", {"worktree", "add", "-q", (home / "work").string()});
        home.write("work/b.txt", "changed here\n");
        const auto run = RunId::generate();
        const auto snapshot = git::takeSnapshot(home / "work", run);
        VERIFY_OK(snapshot);
        QCOMPARE(snapshot->tree.hex(), treeByGit(home / "work"));
        QVERIFY(fs::exists(home / "project.git/refs/runglass/runs" / run.hex()));
        const auto bare = git::takeSnapshot(home / "project.git", run);
        QVERIFY(!bare.ok());
        QCOMPARE(bare.error().code, ErrorCode::Unsupported);
    }
    void partialCloneWithMissingObjects() {
        const ScratchRepository origin;
        start(origin);
        origin.git({"config", "uploadpack.allowFilter", "true"});
        const ScratchRepository r(false);
        r.git({"clone", "-q", "--filter=blob:none", "--sparse", "file://" + origin.path().string(), "."});
        r.write("a.txt", "changed\n");
        const auto snapshot = git::takeSnapshot(r.path(), RunId::generate());
        VERIFY_OK(snapshot);
        QCOMPARE(snapshot->tree.hex(), treeByGit(r.path()));
        QCOMPARE(paths(*snapshot), (std::vector<std::string>{"a.txt"}));
    }
    void largeUntrackedFilesAreLeftOut() {
        const ScratchRepository r;
        start(r);
        r.write("data.bin", std::string(2000, 'x'));
        r.write("small.bin", std::string(1000, 'x'));
        r.write("a.txt", std::string(5000, 'x'));  // tracked: always recorded
        const auto snapshot = git::takeSnapshot(r.path(), RunId::generate(), {.maxUntrackedBytes = 1000});
        VERIFY_OK(snapshot);
        QCOMPARE(snapshot->leftOut.size(), std::size_t{1});
        QCOMPARE(snapshot->leftOut.front().path, std::string("data.bin"));
        QCOMPARE(snapshot->leftOut.front().size, std::int64_t{2000});
        QCOMPARE(paths(*snapshot), (std::vector<std::string>{"a.txt", "small.bin"}));
        QCOMPARE(r.ask({"ls-tree", "-r", "--name-only", snapshot->commit.hex(), "data.bin"}), std::string());
    }
    void newFilesHaveALimitInAll() {
        const ScratchRepository r;
        start(r);
        for (const auto* name : {"data/1", "data/2", "data/3"}) {
            r.write(name, std::string(400, 'x'));
        }
        const auto snapshot =
            git::takeSnapshot(r.path(), RunId::generate(), {.maxUntrackedTotalBytes = 1000});
        VERIFY_OK(snapshot);
        QCOMPARE(paths(*snapshot), (std::vector<std::string>{"data/1", "data/2"}));
        QCOMPARE(snapshot->leftOut.size(), std::size_t{1});
        QCOMPARE(snapshot->leftOut.front().path, std::string("data/3"));
    }
    void readOnlyRepository() {
        if (::geteuid() != 0) {
            QSKIP("needs root to become somebody else");
        }
        const ScratchRepository r;
        start(r);
        r.write("a.txt", "changed\n");
        QCOMPARE(::seteuid(65534), 0);
        const auto preview = git::previewSnapshot(r.path());
        const auto snapshot = git::takeSnapshot(r.path(), RunId::generate());
        QCOMPARE(::seteuid(0), 0);
        VERIFY_OK(preview);
        QCOMPARE(paths(*preview), (std::vector<std::string>{"a.txt"}));
        QVERIFY(!snapshot.ok());
        QCOMPARE(snapshot.error().code, ErrorCode::Permission);
        QVERIFY(snapshot.error().message.find((r / ".git").string() + " cannot be written") !=
                std::string::npos);
    }
    void indexFormatsThatAreNotSupported() {
        const ScratchRepository r;
        start(r);
        r.git({"update-index", "--split-index"});
        const auto snapshot = git::takeSnapshot(r.path(), RunId::generate());
        QVERIFY(!snapshot.ok());
        QCOMPARE(snapshot.error().code, ErrorCode::Unsupported);
        QVERIFY(snapshot.error().message.find("--no-split-index") != std::string::npos);
        r.git({"update-index", "--no-split-index"});
        VERIFY_OK(git::takeSnapshot(r.path(), RunId::generate()));
    }
    void nestedRepositoriesAreLeftOut() {
        const ScratchRepository r;
        start(r);
        test::runProcess({"git", "init", "-q", "third_party/tool"}, r.path());
        r.write("third_party/tool/tool.py", "x");
        r.write("third_party/README", "x");
        const auto snapshot = git::takeSnapshot(r.path(), RunId::generate());
        VERIFY_OK(snapshot);
        QCOMPARE(snapshot->leftOut.size(), std::size_t{1});
        QCOMPARE(snapshot->leftOut.front().path, std::string("third_party/tool/"));
        QCOMPARE(paths(*snapshot), (std::vector<std::string>{"third_party/README"}));
    }
    void changesInsideASubmoduleAreReported() {
        const ScratchRepository r;
        addSubmodule(r);
        r.write("lib/lib.c", "int changed;\n");
        const auto snapshot = git::takeSnapshot(r.path(), RunId::generate());
        VERIFY_OK(snapshot);
        QCOMPARE(snapshot->tree.hex(), r.ask({"rev-parse", "HEAD^{tree}"}));
        QCOMPARE(snapshot->leftOut.size(), std::size_t{1});
        QCOMPARE(snapshot->leftOut.front().path, std::string("lib"));
        QVERIFY(!snapshot->dirty);
    }
    void ownStateIsNeverRecorded() {
        const ScratchRepository r;
        start(r);
        r.write(".runglass/runs.db", "x");
        r.write("src/.runglass/runs.db", "x");
        r.write("src/.runglass.txt", "not ours");
        const auto snapshot = git::takeSnapshot(r.path(), RunId::generate());
        VERIFY_OK(snapshot);
        QCOMPARE(paths(*snapshot), (std::vector<std::string>{"src/.runglass.txt"}));
    }
    void nothingOfTheProjectIsExecuted() {
        const ScratchRepository r;
        start(r);
        const auto trap = "touch " + (r / "executed").string();
        r.write(".gitattributes", "*.py filter=evil diff=evil\n*.txt filter=evil\n");
        r.git({"config", "filter.evil.clean", trap});
        r.git({"config", "filter.evil.smudge", trap});
        r.git({"config", "filter.evil.process", trap});
        r.git({"config", "filter.evil.required", "true"});
        r.git({"config", "diff.evil.textconv", trap});
        r.git({"config", "diff.evil.command", trap});
        r.git({"config", "core.fsmonitor", trap});
        for (const auto* hook : {"post-index-change", "pre-commit", "post-commit", "reference-transaction",
                                 "post-checkout", "fsmonitor-watchman"}) {
            r.write(std::string(".git/hooks/") + hook, "#!/bin/sh\n" + trap + "\n");
            fs::permissions(r / (std::string(".git/hooks/") + hook), fs::perms(0755));
        }
        r.write("a.txt", "changed\n");
        r.write("new.py", "new\n");
        const auto snapshot = git::takeSnapshot(r.path(), RunId::generate());
        VERIFY_OK(snapshot);
        const auto opened = git::Repository::open(r.path());
        VERIFY_OK(opened->status(true));
        VERIFY_OK(opened->diff(*snapshot->head.commit, snapshot->commit));
        QVERIFY(!fs::exists(r / "executed"));
        QCOMPARE(*opened->fileAt(snapshot->commit, "a.txt"), std::string("changed\n"));
    }
    void authorAndMessage() {
        const ScratchRepository r;
        start(r);
        r.write("a.txt", "changed\n");
        auto snapshot = git::takeSnapshot(r.path(), RunId::generate());
        VERIFY_OK(snapshot);
        QCOMPARE(r.ask({"log", "-1", "--format=%an %ae", snapshot->commit.hex()}),
                 std::string("Runglass runglass@localhost"));
        r.git({"config", "user.name", "Grace Hopper"});
        r.git({"config", "user.email", "grace@example.org"});
        const auto run = RunId::generate();
        snapshot = git::takeSnapshot(r.path(), run);
        VERIFY_OK(snapshot);
        QCOMPARE(r.ask({"log", "-1", "--format=%an|%ce|%s", snapshot->commit.hex()}),
                 "Grace Hopper|grace@example.org|Source of Runglass run " + run.shortHex());
    }
    void droppedTogetherWithTheRun() {
        const ScratchRepository r;
        start(r);
        r.write("a.txt", "changed\n");
        const auto run = RunId::generate();
        VERIFY_OK(git::takeSnapshot(r.path(), run));
        VERIFY_OK(git::dropSnapshot(r.path(), run));
        QCOMPARE(r.ask({"for-each-ref", "refs/runglass"}), std::string());
        VERIFY_OK(git::dropSnapshot(r.path(), run));
    }
    void survivesGc() {
        const ScratchRepository r;
        start(r);
        r.write("a.txt", "changed\n");
        const auto run = RunId::generate();
        const auto snapshot = git::takeSnapshot(r.path(), run);
        VERIFY_OK(snapshot);
        r.git({"gc", "-q", "--prune=now"});
        const auto opened = git::Repository::open(r.path());
        QCOMPARE(*opened->fileAt(snapshot->commit, "a.txt"), std::string("changed\n"));
        VERIFY_OK(git::dropSnapshot(r.path(), run));  // packed by now
        QCOMPARE(r.ask({"for-each-ref", "refs/runglass"}), std::string());
    }
    void severalAtOnce() {
        const ScratchRepository r;
        start(r);
        r.write("a.txt", "changed\n");
        r.write("new.txt", "new\n");
        constexpr std::size_t kRuns = 8;
        std::vector<RunId> runs(kRuns);
        std::vector<std::string> problems(kRuns);
        {
            std::vector<std::jthread> threads;
            for (std::size_t i = 0; i < kRuns; ++i) {
                runs[i] = RunId::generate();
                threads.emplace_back([&, i] {
                    const auto snapshot = git::takeSnapshot(r.path(), runs[i]);
                    problems[i] = snapshot.ok() ? std::string() : test::describe(snapshot.error());
                });
            }
        }
        const auto expected = treeByGit(r.path());
        for (std::size_t i = 0; i < kRuns; ++i) {
            QCOMPARE(problems[i], std::string());
            QCOMPARE(r.ask({"rev-parse", "refs/runglass/runs/" + runs[i].hex() + "^{tree}"}), expected);
        }
        r.git({"fsck", "--strict"});
    }
    void largeFilesOutsideGit() {
        // What git-lfs leaves: a pointer in the repository, the content in the work tree.
        const std::string content(3000, 'w');
        const ScratchRepository r;
        r.write(".gitattributes", "*.pt filter=lfs -text\n");
        r.write("model.pt", "version https://git-lfs.github.com/spec/v1\noid sha256:" + sha256Of(content) +
                                "\nsize 3000\n");
        r.commit("pointer");
        r.write("model.pt", content);
        auto snapshot = git::takeSnapshot(r.path(), RunId::generate(), {.maxUntrackedBytes = 1000});
        VERIFY_OK(snapshot);
        QCOMPARE(snapshot->tree.hex(), r.ask({"rev-parse", "HEAD^{tree}"}));
        QVERIFY(!snapshot->dirty && snapshot->leftOut.empty());
        r.write("model.pt", content + "more");
        snapshot = git::takeSnapshot(r.path(), RunId::generate(), {.maxUntrackedBytes = 1000});
        VERIFY_OK(snapshot);
        QVERIFY(!snapshot->dirty);
        QCOMPARE(snapshot->leftOut.size(), std::size_t{1});
        QCOMPARE(snapshot->leftOut.front().path, std::string("model.pt"));
        snapshot = git::takeSnapshot(r.path(), RunId::generate());
        VERIFY_OK(snapshot);
        QCOMPARE(r.git({"show", snapshot->commit.hex() + ":model.pt"}), content + "more");
    }
    void folderWithoutGit() {
        const test::TempFolder folder;
        for (const auto& result :
             {git::takeSnapshot(folder.path(), RunId::generate()), git::previewSnapshot(folder.path())}) {
            QVERIFY(!result.ok());
            QCOMPARE(result.error().code, ErrorCode::NotFound);
        }
        QCOMPARE(git::dropSnapshot(folder.path(), RunId::generate()).error().code, ErrorCode::NotFound);
    }
    void cancelled() {
        const ScratchRepository r;
        start(r);
        std::stop_source stop;
        stop.request_stop();
        const auto result = git::takeSnapshot(r.path(), RunId::generate(), {}, stop.get_token());
        QVERIFY(!result.ok());
        QCOMPARE(result.error().code, ErrorCode::Cancelled);
    }

private:
    static void verifyParent(const ScratchRepository& r, const git::Snapshot& snapshot) {
        const auto head = test::runProcess({"git", "rev-parse", "-q", "--verify", "HEAD"}, r.path());
        const auto parent = r.ask({"log", "-1", "--format=%P", snapshot.commit.hex()});
        if (head.exitCode != 0) {
            QCOMPARE(parent, std::string());
            QVERIFY(snapshot.head.unborn());
        } else if (snapshot.commit.hex() + "\n" != head.out) {
            QCOMPARE(parent + "\n", head.out);
            QVERIFY(snapshot.dirty);
        } else {
            QVERIFY(!snapshot.dirty);
        }
    }
};

QTEST_GUILESS_MAIN(TestSnapshot)
#include "tst_snapshot.moc"
